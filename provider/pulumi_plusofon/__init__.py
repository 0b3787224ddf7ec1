"""Pulumi resources for the external phone numbers of a Plusofon account and their forwarding."""
