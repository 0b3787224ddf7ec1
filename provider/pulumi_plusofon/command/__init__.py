"""The command `plusofon`: a folder for each subcommand. None of them changes an account."""
