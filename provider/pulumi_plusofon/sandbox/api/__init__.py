"""The sandbox's API: addresses, operations, fields and the wire, from the vendor's text alone."""
