"""The account of one test on the sandbox that a run shares: filled, read, and asked where calls go.

Speaks to its control plane alone. Another test has another account and another token.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from .calls import assert_none, route_in
from .control import Control, SandboxError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

SeedSource: TypeAlias = "Mapping[str, Any] | str | Path"

# A mapping with one of these is a whole seed, any other one is a number.
_OF_A_SEED: Final = frozenset({"numbers", "targets", "entries"})


class SandboxAccount(Control):
    """One account of a sandbox: its token, its numbers, its requests. Safe to use from one thread."""

    @classmethod
    def opened(cls, server: Control, **settings: Any) -> Self:
        """A new account of `server`; `settings` as for `Control.settings`."""
        made = server.control("POST", "accounts", settings)
        return cls(server.url, made["token"])

    def end(self) -> None:
        """End the account; its token is refused from then on."""
        self.control("DELETE", "accounts")
        self.close()

    @property
    def customer_id(self) -> int:
        """The account's own id, which a seed may change."""
        return int(self.settings()["customer_id"])

    @property
    def environment(self) -> Mapping[str, str]:
        """What a process needs so that it asks this account and no other."""
        return MappingProxyType({"PLUSOFON_TOKEN": self.token, "PLUSOFON_BASE_URL": self.url})

    def seed(self, *given: SeedSource) -> list[int]:
        """Add what is given, each as a whole or not at all; the ids of the numbers.

        A mapping is a number (fields as in `account`, and `secret`), or a whole seed with `numbers`,
        `targets`, `entries`. A path is a JSON file with a seed, as `plusofon export --as seed` writes it.
        """
        ids: list[int] = []
        for number in given:
            ids += self.control("POST", "seed", _seed_of(number))["ids"]
        return ids

    def route(self, number: str) -> dict[str, Any] | None:
        """The forwarding of a number as the account has it, None for none.

        `number` may be written with a plus, blanks and dashes. Raises `LookupError` where the account has no
        such number.
        """
        __tracebackhide__ = True
        return route_in(self.account(), number)

    def assert_no_dead_ends(self) -> None:
        """Fail with a line for each number whose calls go nowhere, in a circle, or to such a number."""
        __tracebackhide__ = True
        assert_none(self.account(), self.customer_id)


def _seed_of(given: SeedSource) -> dict[str, Any]:
    if isinstance(given, str | Path):
        file = Path(given)
        try:
            content = json.loads(file.read_text("utf-8-sig"))
        except OSError as error:
            raise SandboxError(f"seed {file}: {error.strerror}") from None
        except ValueError as error:
            raise SandboxError(f"seed {file}: is no JSON: {error}") from None
        if not isinstance(content, dict):
            raise SandboxError(f"seed {file}: must be an object with numbers, targets or entries")
        return content
    content = dict(given)
    return content if _OF_A_SEED & content.keys() else {"numbers": [content]}
