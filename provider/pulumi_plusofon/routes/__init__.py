"""Where a call goes: which number forwards to which, where a call arrives, loops and chains, all in words.

Reads what is declared; reaches no account and knows no rule. `graph`, `picture` and `drawing` know no
vendor's word at all.
"""
