"""What the tests share: the sandbox and the engine as they drive them, tables of inputs, the repository."""
