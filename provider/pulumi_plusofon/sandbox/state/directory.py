"""Keep what the account has besides its numbers: targets of forwardings, odd entries of the list, its own id.

Tables of the account's one database (`database`); the caller's transaction keeps them. Decides nothing.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import sqlite3


class StoredTarget(NamedTuple):
    """A SIP account, group, scenario or call queue; `kind` is the type of a forwarding to it."""

    kind: str
    id: int
    name: str
    number: str | None = None
    login: str | None = None


class Directory:
    """The rows of one account; its `Store` has one."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def targets(self, kind: str | None = None) -> list[StoredTarget]:
        """The targets of a kind, or of all, by id."""
        rows = self._db.execute(
            "SELECT kind, id, name, number, login FROM targets WHERE ? IN (kind, '') ORDER BY kind, id",
            (kind or "",),
        )
        return [StoredTarget(*row) for row in rows]

    def add_target(self, target: StoredTarget) -> bool:
        """Add a target; False if its kind has the id already."""
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO targets (kind, id, name, number, login) VALUES (?, ?, ?, ?, ?)", target
        )
        return cursor.rowcount > 0

    def rename_target(self, target: StoredTarget, name: str) -> None:
        """Give a target another name."""
        self._db.execute(
            "UPDATE targets SET name = ? WHERE kind = ? AND id = ?", (name, target.kind, target.id)
        )

    def remove_target(self, target: StoredTarget) -> None:
        """Remove a target."""
        self._db.execute("DELETE FROM targets WHERE kind = ? AND id = ?", (target.kind, target.id))

    def entries(self) -> list[dict[str, Any]]:
        """What the list of numbers shows besides them, as it is, in the order of its adding."""
        return [json.loads(body) for (body,) in self._db.execute("SELECT body FROM entries ORDER BY place")]

    def add_entry(self, entry: dict[str, Any]) -> None:
        """Add what the list of numbers is to show."""
        self._db.execute("INSERT INTO entries (body) VALUES (?)", (json.dumps(entry),))

    def has_entry(self, number: str) -> bool:
        """Whether such an entry has these digits for its number, however it is written."""
        return any(re.sub("[^0-9]", "", str(entry.get("number"))) == number for entry in self.entries())

    @property
    def is_empty(self) -> bool:
        """Whether there is neither a target nor an entry."""
        return not self.targets() and not self.entries()

    @property
    def customer_id(self) -> int | None:
        """The account's own id where a seed has given it one."""
        row = self._db.execute("SELECT value FROM facts WHERE name = 'customer_id'").fetchone()
        return int(row[0]) if row else None

    def set_customer_id(self, customer_id: int) -> None:
        """Keep the account's own id."""
        self._db.execute("INSERT OR REPLACE INTO facts VALUES ('customer_id', ?)", (str(customer_id),))

    def reset(self) -> None:
        """Forget all of it."""
        for table in ("targets", "entries", "facts"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of the line above
