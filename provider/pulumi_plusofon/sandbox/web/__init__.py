"""The sandbox's page: its files, what it shows as data, and the routes as a picture.

Reads the account and never changes it: the page changes it through the control plane, as tests do.
"""
