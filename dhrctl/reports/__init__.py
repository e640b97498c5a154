"""Answers: a register and a day to a report."""
