"""`plusofon drift`: compare stacks with the accounts that they are in, by GETs alone."""
