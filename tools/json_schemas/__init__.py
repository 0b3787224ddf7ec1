"""The data of stacks and fleets as JSON schemas, made from the tables that the checks use.

What a schema refuses, the checks refuse, too; the checks know more. Reads tables alone, and writes nothing.
"""
