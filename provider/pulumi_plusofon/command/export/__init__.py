"""`plusofon export`: write what an account has as a project, or as a copy for the sandbox."""
