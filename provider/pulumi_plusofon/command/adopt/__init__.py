"""`plusofon adopt`: plan, back up, record, verify, undo."""
