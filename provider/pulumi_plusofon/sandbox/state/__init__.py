"""State of one running sandbox: the account in SQLite, its settings, and the faults that a test ordered."""
