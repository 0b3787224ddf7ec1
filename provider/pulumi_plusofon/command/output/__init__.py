"""Output of the commands: tables for a terminal, Markdown for a pull request, JSON for machines."""
