"""What is wrong with a register, as values: the finding, the rules of files, what is known already.

It may import `model` and what lies below it.
"""
