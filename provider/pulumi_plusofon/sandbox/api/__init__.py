"""What the vendor's API answers: addresses, operations, fields and the wire, from the vendor's text alone."""
