"""What a telephony team never wants to deploy, as rules: pure functions on plain data.

`rules` is the table of them; `pack` makes a Pulumi policy pack of it, which `policy/` at the repository's
root loads. The rules know neither Pulumi nor the account: they validate what a program declares.
"""
