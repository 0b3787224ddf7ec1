"""Measure the provider's cost in requests and seconds, beside the least that it could be: `make bench`.

`budgets` are the promises as arithmetic, `runs` a stack on the real engine whose commands are measured,
`load` the sandbox's own ceiling, `living` an account that is taken over, `drawing` its routes, `startup` what
an import takes, `measuring` the order of it all, `results` what came of it, `report`, `pictures` and `page`
how it is shown. Changes nothing in the product.
"""
