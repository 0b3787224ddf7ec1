"""Refusals of an operation. Knows the API's error form and nothing about HTTP connections."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818  the request is at fault, not the sandbox
    """A request that the API does not accept: nothing was changed, and the answer says why."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers


class DatabaseRefused(Exception):  # noqa: N818  the user's choice of file is at fault
    """The database file cannot be used; the text names the file and the reason."""
