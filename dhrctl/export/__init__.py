"""A view to a file that another program opens, in one module for each format.

It may import `reports`, `render.data` and what lies below them.
"""
