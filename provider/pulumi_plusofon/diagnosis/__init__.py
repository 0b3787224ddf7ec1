"""What `plusofon doctor` examines: engine, Python, settings, account, project. It changes none of them."""
