"""Shared parts of the tests: how they drive the sandbox and the engine, tables of inputs, the repository."""
