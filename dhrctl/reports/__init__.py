"""Answers: a register and a day to a report of tables.

It may import `model`, `findings` and what lies below them.
"""
