"""The vendor's vocabulary as data: values, fields, kinds of resources, phone numbers, addresses.

Imports nothing of ours. Parses, validates and describes; sends nothing and knows no account.
"""
