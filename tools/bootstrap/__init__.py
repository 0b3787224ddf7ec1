"""Sets up a clone with nothing but Python: the virtual environment, its packages and the Pulumi engine.

Runs before anything is installed, so it imports the standard library only. It writes to the clone's `.venv`
and `.setup`, and to the user's cache folders: no shell profile, no system folder.
"""
