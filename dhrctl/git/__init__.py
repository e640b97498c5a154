"""All that is asked of git, in few and large questions, and what it knows of the past.

It may import `files` and what lies below it, and `storage.atomic`.
"""
