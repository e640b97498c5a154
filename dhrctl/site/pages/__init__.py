"""The pages of the site as values, in one module for each kind of page; `contents` lists them.

It may import `site.page`, `reports` and what lies below them.
"""
