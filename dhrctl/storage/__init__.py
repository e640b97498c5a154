"""The disk: reading a register, and changing it whole or not at all, one command at a time.

It may import `files` and what lies below it.
"""
