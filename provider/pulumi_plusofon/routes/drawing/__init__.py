"""A picture of routes in the formats that people look at: one module a format, each with one `drawn`.

Knows `routes.picture` alone: no field of the API, no rule, no account. So the sandbox may draw, too.
"""
