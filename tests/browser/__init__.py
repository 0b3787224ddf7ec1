"""Tests in a browser: a package, so that the browser is one for all of them and for no other test."""
