"""A living account and a stack side by side: what each has, for the commands that move between them."""
