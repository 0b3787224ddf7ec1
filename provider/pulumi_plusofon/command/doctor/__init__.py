"""`plusofon doctor`: check machine, settings, account and project. It changes none of them."""
