"""What a front end does, without a terminal: plain values in, answers, findings and changes out.

It may import everything but `cli`.
"""
