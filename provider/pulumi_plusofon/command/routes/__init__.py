"""`plusofon routes`: read where the calls of every number go, validate it, draw it."""
