"""The program `pulumi` and its formats: runs it, reads states, previews, project and stack files.

No other package knows them. It never decides what happens to a resource, and never shows a secret.
"""
