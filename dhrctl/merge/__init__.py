"""Three versions of a record to one, or to conflicts in its fields.

It may import `files` and what lies below it.
"""
