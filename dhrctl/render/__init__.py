"""A report to text, in one module for each kind of format.

It may import `reports` and what lies below it.
"""
