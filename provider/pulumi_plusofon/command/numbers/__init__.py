"""`plusofon numbers`: list the numbers of an account, beside those of a stack."""
