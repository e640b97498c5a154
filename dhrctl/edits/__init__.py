"""Changes to the register, worked out as edits of its files before anything is written.

It may import `checks` and what lies below it.
"""
