"""A stack's numbers as data: what may stand there, what it refers to, and its forwardings by profile.

Reads data and makes no resource of it: `stack` does, and `review` asks the rules of it.
"""
