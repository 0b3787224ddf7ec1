"""The sandbox's page: its files, what it shows as data, and the routes as a picture.

Reads the account and never changes it. Who changes it uses the control plane.
"""
