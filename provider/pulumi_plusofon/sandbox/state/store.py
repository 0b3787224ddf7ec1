"""The account in one SQLite file: external numbers, their forwardings, and the log of requests.

A committed transaction survives kill -9 of the process (write-ahead log; what the operating system has
accepted is kept), so a commit before the answer loses no answered write. A machine that loses power
may lose the last ones. The file never holds a SIP password, only a keyed digest to compare with, and never
the token. One process per file.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from .database import open_database
from .directory import Directory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LARGEST_ID = 2**63 - 1  # SQLite's; a greater one from a request is simply unknown

_NUMBERS = """
SELECT id, type, number, host, port, login, changed_at, registers_at, body
FROM numbers LEFT JOIN forwardings ON number_id = id
"""


@dataclass(frozen=True)
class Connection:
    """How a number is connected.

    `port`, `login` and `secret` are an `ate` number's; in an update `secret` None keeps the one set.
    """

    number: str
    host: str
    port: int | None = None
    login: str | None = None
    secret: str | None = None


class StoredNumber(NamedTuple):
    """One external number.

    Times are seconds since 1970; `registers_at` None: never, or not an `ate` number. The forwarding stays the
    text it is in the database until it is read: a list of all numbers never reads it.
    """

    id: int
    type: str
    number: str
    host: str
    port: int | None
    login: str | None
    changed_at: float
    registers_at: float | None
    forwarding_text: str | None

    @property
    def forwarding(self) -> dict[str, Any] | None:
        """Where the calls go, as last posted; None: nowhere."""
        forwarding: dict[str, Any] | None = json.loads(self.forwarding_text or "null")
        return forwarding

    def registered(self, now: float) -> bool:
        """Whether the operator's SIP server has accepted the login by `now`."""
        return self.registers_at is not None and self.registers_at <= now


@dataclass(frozen=True)
class LoggedRequest:
    """A request as answered.

    `time` is its arrival in seconds since 1970, `body` redacted JSON; `status` None: the connection was
    closed without an answer.
    """

    time: float
    method: str
    path: str
    operation: str | None
    body: str | None
    status: int | None
    fault: str | None
    wrote: bool


class Store:
    """The database of one account. Not for several threads: every call is short."""

    def __init__(self, path: Path) -> None:
        self._db = open_database(path)
        self.directory = Directory(self._db)
        self._rows_of_the_log = 0
        (self._key,) = self._db.execute("SELECT key FROM digest_key").fetchone()

    def close(self) -> None:
        """Write everything back into the one file and let it go."""
        self._db.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is kept, durably and together, or nothing is."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def numbers(self) -> list[StoredNumber]:
        """All numbers, the oldest first."""
        return [StoredNumber(*row) for row in self._db.execute(f"{_NUMBERS} ORDER BY id")]

    def number(self, number_id: int) -> StoredNumber | None:
        """The number with this id, if there is one."""
        if not 0 < number_id <= _LARGEST_ID:
            return None
        row = self._db.execute(f"{_NUMBERS} WHERE id = ?", (number_id,)).fetchone()
        return StoredNumber(*row) if row else None

    def find(self, number: str) -> StoredNumber | None:
        """The number with these digits, if it is connected."""
        row = self._db.execute(f"{_NUMBERS} WHERE number = ?", (number,)).fetchone()
        return StoredNumber(*row) if row else None

    def connect(
        self,
        type_: str,
        to: Connection,
        changed_at: float,
        registers_at: float | None,
        number_id: int | None = None,
    ) -> int:
        """Add a number and return its id: the one that is given, or one that no other number ever had."""
        row = (
            number_id,
            type_,
            to.number,
            to.host,
            to.port,
            to.login,
            self._digest(to.secret),
            changed_at,
            registers_at,
        )
        cursor = self._db.execute(
            "INSERT INTO numbers"
            " (id, type, number, host, port, login, secret_digest, changed_at, registers_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        if cursor.lastrowid is None:
            raise sqlite3.DatabaseError("no id for the new number")
        return cursor.lastrowid

    def update(self, number_id: int, to: Connection, changed_at: float, registers_at: float | None) -> None:
        """Connect an existing number differently."""
        row = (
            to.number,
            to.host,
            to.port,
            to.login,
            self._digest(to.secret),
            changed_at,
            registers_at,
            number_id,
        )
        self._db.execute(
            "UPDATE numbers SET number = ?, host = ?, port = ?, login = ?,"
            " secret_digest = coalesce(?, secret_digest), changed_at = ?, registers_at = ? WHERE id = ?",
            row,
        )

    def disconnect(self, number_id: int) -> None:
        """Remove a number, and its forwarding with it."""
        self._db.execute("DELETE FROM numbers WHERE id = ?", (number_id,))

    def forward(self, number_id: int, forwarding: dict[str, Any] | None) -> None:
        """Set where a number's calls go; None: nowhere."""
        if forwarding is None:
            self._db.execute("DELETE FROM forwardings WHERE number_id = ?", (number_id,))
        else:
            self._db.execute(
                "INSERT OR REPLACE INTO forwardings (number_id, body) VALUES (?, ?)",
                (number_id, json.dumps(forwarding)),
            )

    def secret_matches(self, number: str, secret: str) -> bool:
        """Whether the number is connected with this SIP password."""
        row = self._db.execute("SELECT secret_digest FROM numbers WHERE number = ?", (number,)).fetchone()
        digest = self._digest(secret)
        return bool(row and row[0] and digest and hmac.compare_digest(row[0], digest))

    @property
    def revision(self) -> int:
        """Grows with every change of the account while the file is open; the log does not count."""
        return self._db.total_changes - self._rows_of_the_log

    def log(self, request: LoggedRequest) -> None:
        """Add a line to the log of requests."""
        self._rows_of_the_log += 1
        self._db.execute(
            "INSERT INTO requests (time, method, path, operation, body, status, fault, wrote)"
            " VALUES (:time, :method, :path, :operation, :body, :status, :fault, :wrote)",
            vars(request),
        )

    def requests(self, after: int = 0, most: int = -1) -> list[tuple[int, LoggedRequest]]:
        """The log with its sequence numbers, the oldest first: what came `after` one, its last `most`."""
        rows = self._db.execute(
            "SELECT seq, time, method, path, operation, body, status, fault, wrote FROM requests"
            " WHERE seq > ? ORDER BY seq DESC LIMIT ?",
            (after, most),
        ).fetchall()
        return [(seq, LoggedRequest(*[*columns, bool(wrote)])) for seq, *columns, wrote in reversed(rows)]

    @property
    def first_request(self) -> int | None:
        """The sequence number of the oldest line of the log; None if it is empty."""
        (first,) = self._db.execute("SELECT min(seq) FROM requests").fetchone()
        return None if first is None else int(first)

    def clear_requests(self) -> None:
        """Empty the log; sequence numbers go on."""
        self._rows_of_the_log += self._db.execute("DELETE FROM requests").rowcount

    @property
    def is_new(self) -> bool:
        """Whether the account has nothing yet."""
        (count,) = self._db.execute("SELECT count(*) FROM numbers").fetchone()
        return count == 0 and self.directory.is_empty

    def reset(self) -> None:
        """Make the account a new one: nothing in it, nothing logged, ids from the first again."""
        self.directory.reset()
        self._db.execute("DELETE FROM numbers")
        self._db.execute("DELETE FROM requests")
        self._db.execute("UPDATE sqlite_sequence SET seq = CASE name WHEN 'numbers' THEN 100 ELSE 0 END")

    def _digest(self, secret: str | None) -> bytes | None:
        return None if secret is None else hashlib.blake2b(secret.encode(), key=self._key).digest()
