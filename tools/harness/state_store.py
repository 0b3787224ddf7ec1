"""A state store that several machines share: an S3 server in its own process, on loopback, in memory.

For the engine it is a bucket like any other. It knows nothing of Pulumi and keeps nothing when it stops.
"""

from __future__ import annotations

import re
import secrets
import subprocess
import sys
import time
from os import devnull
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import requests

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Self

_START_SECONDS = 60
_STOP_SECONDS = 10
_KEY = "{http://s3.amazonaws.com/doc/2006-03-01/}Key"


class StateStore:
    """One S3 server with one bucket for state; what it prints goes to a file in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._output = folder / "state-store.out"
        self._bucket = f"state-{secrets.token_hex(4)}"
        self._address = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = ("invented", "invented")  # it asks for credentials, and believes any

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which `pulumi` keeps its state there, and nothing of a person's AWS is read."""
        options = "s3ForcePathStyle=true&disableSSL=true&region=us-east-1"
        return {
            "PULUMI_BACKEND_URL": f"s3://{self._bucket}?endpoint={self._address}&{options}",
            "AWS_ACCESS_KEY_ID": "invented",
            "AWS_SECRET_ACCESS_KEY": "invented",
            "AWS_PROFILE": "",
            "AWS_CONFIG_FILE": devnull,
            "AWS_SHARED_CREDENTIALS_FILE": devnull,
            # A store that sends no checksum of its own is warned of with every object otherwise.
            "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
        }

    @property
    def answered(self) -> int:
        """How many requests it has answered so far."""
        return self._output.read_text().count(" HTTP/1.1")

    def objects(self) -> dict[str, str]:
        """All that the bucket holds, as text, by key."""
        listed = self._ask("GET", "?list-type=2")
        if "<IsTruncated>false" not in listed:
            raise AssertionError("the bucket has more objects than one listing holds")
        keys = [key.text or "" for key in ET.fromstring(listed).iter(_KEY)]  # noqa: S314 - our own server
        return {key: self._ask("GET", f"/{key}") for key in keys}

    def locks(self) -> list[str]:
        """The keys of the stacks' locks."""
        return [key for key in self.objects() if key.startswith(".pulumi/locks/")]

    def __enter__(self) -> Self:
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not (ready := re.search(r"Running on http://(127\.0\.0\.1:\d+)", self._output.read_text())):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise AssertionError(f"the S3 server did not start:\n{self._output.read_text()}")
            time.sleep(0.05)
        self._address = ready[1]
        self._ask("PUT", "")
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_SECONDS)
            finally:
                self._process.kill()
                self._process.wait()
                self._process = None

    def _ask(self, method: str, path: str) -> str:
        answer = self._session.request(method, f"http://{self._address}/{self._bucket}{path}", timeout=30)
        answer.raise_for_status()
        return answer.text
