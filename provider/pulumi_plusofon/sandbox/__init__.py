"""The vendor's REST API for external numbers, on this machine: strict, durable, and able to fail on request.

It is written from the vendor's text alone and never imports the provider's own client, so that a misreading
there cannot hide here. Four doors: `api` is what the vendor's API answers, `state` what the sandbox holds,
`control` how a test changes it, `process` how it runs.
"""
