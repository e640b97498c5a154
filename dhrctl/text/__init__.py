"""Text for people and programs: escaping, English, suggestions, characters that hide.

It may import `errors` and `table` alone.
"""
