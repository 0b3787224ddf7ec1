"""The control plane of a running sandbox, in words: seed, edit, faults, settings, the log of requests.

Speaks HTTP to one loopback address. Knows the sandbox by its control paths alone, and imports none of it.
"""

from __future__ import annotations

import http.client
import json
from typing import Any, Final
from urllib.parse import urlsplit

_OK: Final = 200
_SECONDS: Final = 30.0


class SandboxError(Exception):
    """The sandbox did not start, or refused a request."""


class Control:
    """The control plane of the sandbox at `url`, whose token is `token`. Safe to use from one thread."""

    def __init__(self, url: str = "", token: str = "") -> None:
        self.url = url
        self.token = token

    def close(self) -> None:
        """Keep nothing open: each request has a connection of its own."""

    def account(self) -> list[dict[str, Any]]:
        """The account's numbers with their forwarding, the oldest first."""
        numbers: list[dict[str, Any]] = self.control("GET", "account")["numbers"]
        return numbers

    def secret_matches(self, number: str, secret: str) -> bool:
        """Whether the number is connected with this SIP password."""
        answer = self.control("POST", "secret-matches", {"number": number, "secret": secret})
        return bool(answer["matches"])

    def seed(self, *numbers: dict[str, Any]) -> list[int]:
        """Add numbers (fields as in `account`, and `secret`); their ids."""
        ids: list[int] = self.control("POST", "seed", {"numbers": list(numbers)})["ids"]
        return ids

    def seed_targets(self, **kinds: list[dict[str, Any]]) -> None:
        """Add targets of forwardings by kind (`group=[{"id": 9, "name": "Support"}]`)."""
        self.control("POST", "seed", {"targets": kinds})

    def seed_entries(self, *entries: dict[str, Any]) -> None:
        """Add what the list of numbers shows as it is, besides the numbers."""
        self.control("POST", "seed", {"entries": list(entries)})

    def targets(self) -> dict[str, list[dict[str, Any]]]:
        """The targets of forwardings by kind."""
        targets: dict[str, list[dict[str, Any]]] = self.control("GET", "account")["targets"]
        return targets

    def rename_target(self, kind: str, target_id: int, name: str) -> None:
        """Give a target another name."""
        self.control("PATCH", f"targets/{kind}/{target_id}", {"name": name})

    def remove_target(self, kind: str, target_id: int) -> None:
        """Remove a target."""
        self.control("DELETE", f"targets/{kind}/{target_id}")

    def edit(self, number_id: int, **changes: Any) -> None:
        """Change a number behind the provider's back."""
        self.control("PATCH", f"numbers/{number_id}", changes)

    def remove(self, number_id: int) -> None:
        """Remove a number behind the provider's back."""
        self.control("DELETE", f"numbers/{number_id}")

    def reset(self) -> None:
        """A new account, no faults, the settings of the start, an empty log."""
        self.control("POST", "reset")

    def fault(self, kind: str, operation: str | None = None, **order: Any) -> None:
        """Order a fault; the other fields are those of `pulumi_plusofon.sandbox.state.faults.Fault`."""
        self.control("POST", "faults", {"kind": kind, "operation": operation, **order})

    def faults(self) -> list[dict[str, Any]]:
        """The orders in force, each with how often it was carried out (`done`)."""
        orders: list[dict[str, Any]] = self.control("GET", "faults")["faults"]
        return orders

    def clear_faults(self) -> None:
        """Withdraw all orders."""
        self.control("DELETE", "faults")

    def requests(self) -> list[dict[str, Any]]:
        """The log of requests to the API, the oldest first."""
        logged: list[dict[str, Any]] = self.control("GET", "requests")["requests"]
        return logged

    def clear_requests(self) -> None:
        """Empty the log."""
        self.control("DELETE", "requests")

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Change settings while it runs; all of them, as they are now."""
        now: dict[str, Any] = self.control("POST", "settings", changes)
        return now

    def control(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """One request to the control plane; raises `SandboxError` for anything but success."""
        # Tests replace the transport of `requests` (requests_mock, responses), and it asks proxies.
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=_SECONDS)
        try:
            connection.request(
                method,
                f"/_sandbox/{path}",
                None if body is None else json.dumps(body).encode(),
                {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
            )
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        if answer.status != _OK:
            raise SandboxError(f"{method} {path}: {answer.status} {text}")
        content: dict[str, Any] = json.loads(text)
        return content
