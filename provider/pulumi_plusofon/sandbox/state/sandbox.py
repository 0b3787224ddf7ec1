"""Parts of one running sandbox; shared by the API and the control plane, owned by the server."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_plusofon.sandbox.errors import Refusal

from .faults import Faults
from .history import History
from .settings import RequestRate, Settings

if TYPE_CHECKING:
    from starlette.datastructures import Headers

    from .store import Store


def _new_name() -> str:
    return secrets.token_hex(4)


@dataclass
class Sandbox:
    """One account and how it answers. `token` is the only one accepted; it is held here and nowhere else."""

    store: Store
    token: str
    settings: Settings
    faults: Faults = field(default_factory=Faults)
    rate: RequestRate = field(default_factory=RequestRate)
    history: History = field(default_factory=History)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    account_name: str = field(default_factory=_new_name)
    """Another one in every process and after every reset: ids and sequence numbers begin again then."""

    def __post_init__(self) -> None:
        self._first_settings = self.settings

    def reset(self) -> None:
        """A new account, no faults, the settings of the start."""
        with self.store.transaction():
            self.store.reset()
        self.faults.clear()
        self.rate = RequestRate()
        self.history = History()
        self.settings = self._first_settings
        self.account_name = _new_name()

    def is_admitted(self, headers: Headers) -> bool:
        """Whether a request bears the token."""
        expected = f"Bearer {self.token}".encode()
        return hmac.compare_digest(headers.get("authorization", "").encode(), expected)

    def admit(self, headers: Headers) -> None:
        """Refuse who does not bear the token."""
        if not self.is_admitted(headers):
            raise Refusal(401, "Authorization: the token is missing or not this account's")

    async def pause(self, seconds: float) -> None:
        """Wait, but not beyond the moment when the server is to stop."""
        if seconds:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), seconds)
