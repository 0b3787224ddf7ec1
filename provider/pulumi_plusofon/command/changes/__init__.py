"""`plusofon changes`: compare the two sides of a preview, and report what changes for callers."""
