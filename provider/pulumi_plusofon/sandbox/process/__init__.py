"""Run the sandbox: the command, the start, the server, and the way of one request through it."""
