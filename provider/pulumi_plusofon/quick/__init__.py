"""A program run without the engine, in a process of its own: what it declares, and what is wrong with it.

`python -m pulumi_plusofon.quick` reads what to run from standard input and writes what it found to standard
output, both JSON. It changes no account: a program may look targets up, and nothing else is sent.
"""
