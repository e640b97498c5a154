"""YAML, strictly: read as plain data, and written again so that only what must change does.

It may import `findings` and what lies below it, and `files.parallel`.
"""
