"""Divide the customers of one fleet among the machines that roll it out.

A customer's name alone decides its shard: a customer that comes or leaves moves no other, and the machines
need not communicate. Sends nothing.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing_extensions import Self

_WRITTEN: Final = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})", re.ASCII)


@dataclass(frozen=True)
class Shard:
    """The shard `index`, from 1, of `count`."""

    index: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The shard that `text` names, as in `2/4`. Raises `ValueError`."""
        written = _WRITTEN.fullmatch(text)
        shard = cls(int(written[1]), int(written[2])) if written else None
        if shard is None or shard.index > shard.count:
            raise ValueError(f"must be such as 2/4, the second of four shards, not {text!r}")
        return shard

    def has(self, customer: str) -> bool:
        """Whether the customer of this name belongs to the shard."""
        # A stack's name is the same in capitals, as it is in the check of the file.
        name = customer.casefold()
        # Each shard has a weight for the name, and the heaviest has it: another number of shards moves only
        # those customers that a new shard takes, or that a removed one had.
        return self.index == max(range(1, self.count + 1), key=lambda index: _weight(index, name))

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"


ALL: Final = Shard(1, 1)


def _weight(index: int, name: str) -> bytes:
    return hashlib.sha256(f"{index}/{name}".encode()).digest()
