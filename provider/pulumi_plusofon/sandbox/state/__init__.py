"""What one running sandbox holds: the account in SQLite, its settings, and the faults that a test ordered."""
