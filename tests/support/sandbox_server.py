"""The sandbox as tests hold it: the real command in its own process, and its control plane in words."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Self

HEADERS = {"Content-Type": "application/json", "Accept": "application/json", "Client": "10553"}
_START_SECONDS = 30
_STOP_SECONDS = 10


class SandboxServer:
    """One sandbox process with its database in `folder`; `options` are the command's own.

    It takes a free port at the first start and keeps it for the next ones, and the database with it, so
    that `kill(); start()` is a crash that a client lives through. It is given a random token, unless
    `makes_token` leaves that to the command.
    """

    def __init__(self, folder: Path, *options: str, makes_token: bool = False) -> None:
        self.folder = folder
        self.database = folder / "account.db"
        self.options = options
        self.token = "" if makes_token else secrets.token_urlsafe(24)
        self.port = 0
        self._output = folder / "sandbox.out"
        self._process: subprocess.Popen[bytes] | None = None
        self._session = requests.Session()
        self._session.trust_env = False

    @property
    def url(self) -> str:
        """The base URL, for `PLUSOFON_BASE_URL`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process id; only while it runs."""
        assert self._process is not None, "the sandbox is not running"
        return self._process.pid

    @property
    def output(self) -> str:
        """All that the process has printed, on both streams, over all its starts."""
        return self._output.read_text("utf-8")

    def start(self) -> Self:
        """Start the process and wait until it answers."""
        assert self._process is None, "the sandbox is running"
        said = len(self.output) if self._output.exists() else 0
        environment = {name: value for name, value in os.environ.items() if name != "PLUSOFON_TOKEN"}
        if self.token:
            environment["PLUSOFON_TOKEN"] = self.token
        arguments = ["--port", str(self.port), "--db", str(self.database), *self.options]
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pulumi_plusofon.sandbox", *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not (
            ready := re.search(r"^plusofon sandbox: (http://\S+)\n", self.output[said:], re.MULTILINE)
        ):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"the sandbox did not start:\n{self.output[said:]}")
            time.sleep(0.02)
        self.port = int(ready[1].rpartition(":")[2])
        if made := re.search(r"^plusofon sandbox: token (\S+)\n", self.output[said:], re.MULTILINE):
            self.token = made[1]
        return self

    def stop(self, sign: int = signal.SIGTERM) -> int:
        """Ask the process to end, wait for it, and give its exit status; without a process, 0."""
        if self._process is None:
            return 0
        self._process.send_signal(sign)
        try:
            return self._process.wait(_STOP_SECONDS)
        finally:
            self.kill()

    def kill(self) -> None:
        """kill -9, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        self._session.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

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
        """One call of the control plane; anything but success fails the test."""
        answer = self._session.request(
            method,
            f"{self.url}/_sandbox/{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=30,
        )
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text}"
        content: dict[str, Any] = answer.json()
        return content


class Api:
    """The vendor's API as a client sees it that sends exactly what it is told, and repeats nothing."""

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
