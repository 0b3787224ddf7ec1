"""The vendor's REST API for external numbers, on this machine: strict, durable, and able to fail on request.

It is written from the vendor's text alone and never imports the provider's own client, so that a misreading
there cannot hide here. `fields` and `wire` are the vendor's table, `store` the account in SQLite,
`operations` and `urls` the API, `faults` and `settings` what a test may change, `control` the plane to
change it by, `app` and `server` the way in.
"""
