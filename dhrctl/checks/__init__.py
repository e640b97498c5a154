"""The checks: what makes a record impossible to trust or to follow up.

It may import `files` and what lies below it. `registry` lists every check.
"""
