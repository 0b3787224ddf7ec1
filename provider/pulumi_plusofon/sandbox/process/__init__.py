"""How the sandbox runs: the command, the start, the server, and the way of one request through it."""
