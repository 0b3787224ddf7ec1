"""What a person looks at before a change and after it: what changes for callers, and where calls go.

Reads previews, states and accounts, and asks the rules. Changes nothing.
"""
