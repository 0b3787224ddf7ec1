"""The pages of docs/reference, one function each, made from the code that they describe.

Makes text alone: `tools/reference.py` writes it.
"""
