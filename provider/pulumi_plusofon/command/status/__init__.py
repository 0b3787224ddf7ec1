"""`plusofon status`: report registrations once, or watch them."""
