"""A client of the vendor's API for tests: it sends each request as given, once."""

from __future__ import annotations

from typing import Any, Final

import requests

HEADERS: Final = {"Content-Type": "application/json", "Accept": "application/json", "Client": "10553"}


class Api:
    """The API at one address, with one token."""

    def __init__(self, url: str, token: str) -> None:
        self._base = f"{url}/api/v1/number/external"
        self.headers = {**HEADERS, "Authorization": f"Bearer {token}"}

    def call(
        self,
        method: str,
        path: str = "",
        body: Any = None,
        *,
        raw: str | None = None,
        headers: dict[str, str | bytes | None] | None = None,
        timeout: float = 30,
    ) -> requests.Response:
        """Send one request below `/api/v1/number/external`; a header of None is left out."""
        with requests.Session() as session:
            session.trust_env = False
            sent: dict[str, str | bytes | None] = {**self.headers, **(headers or {})}
            return session.request(
                method,
                self._base + path,
                data=raw,
                json=body,
                headers=sent,
                timeout=timeout,
                allow_redirects=False,
            )

    def ids(self) -> dict[str, int]:
        """The listed numbers' ids."""
        return {item["number"]: item["id"] for item in self.call("GET").json()["external_numbers"]}
