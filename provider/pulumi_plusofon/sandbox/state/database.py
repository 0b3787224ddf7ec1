"""The SQLite file of one account: its tables, and how a file of an earlier version is brought up to date.

Refuses a file of another program, and one of a later version, and leaves it untouched. Reads no rows.
"""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path
from typing import Final

from pulumi_plusofon.sandbox.errors import DatabaseRefused

_APPLICATION_ID = 0x504C5346  # "PLSF": distinguishes a sandbox's file from any other SQLite file
_VERSION = 2

_SCHEMA = """
CREATE TABLE numbers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    type TEXT NOT NULL,
    number TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    port INTEGER,
    login TEXT,
    secret_digest BLOB,
    changed_at REAL NOT NULL,
    registers_at REAL
);
CREATE TABLE forwardings (
    number_id INTEGER PRIMARY KEY REFERENCES numbers (id) ON DELETE CASCADE,
    body TEXT NOT NULL
);
CREATE TABLE requests (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    time REAL NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    operation TEXT,
    body TEXT,
    status INTEGER,
    fault TEXT,
    wrote INTEGER NOT NULL
);
CREATE TABLE digest_key (key BLOB NOT NULL);
INSERT INTO sqlite_sequence (name, seq) VALUES ('numbers', 100);
PRAGMA application_id = 0x504C5346;
PRAGMA user_version = 1;
"""

# What each version adds to the one before; a file of an earlier one is brought up to date when it is opened.
_MIGRATIONS = {
    2: """
CREATE TABLE targets (
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    number TEXT,
    login TEXT,
    PRIMARY KEY (kind, id)
);
CREATE TABLE entries (
    place INTEGER PRIMARY KEY,
    body TEXT NOT NULL
);
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
PRAGMA user_version = 2;
"""
}


IN_MEMORY: Final = Path(":memory:")
"""For an account that ends with its process, or before."""


def open_database(path: Path) -> sqlite3.Connection:
    """The database in `path`, made if it is new; raises `DatabaseRefused`."""
    try:
        db = sqlite3.connect(path, isolation_level=None, timeout=0)
    except sqlite3.Error as error:
        raise DatabaseRefused(f"{path}: {error}") from None
    try:
        _prepare(db, path)
    except sqlite3.Error as error:
        db.close()
        in_use = "locked" in str(error)
        raise DatabaseRefused(f"{path}: {'in use by another process' if in_use else error}") from None
    except DatabaseRefused:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    db.execute("PRAGMA locking_mode = EXCLUSIVE")
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    is_new = not tables and not application
    if not is_new and (application != _APPLICATION_ID or not 0 < version <= _VERSION):
        raise DatabaseRefused(f"{path}: not a database of this sandbox; it was not touched")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA foreign_keys = ON")
    if is_new:
        version = 1
        db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}")
        db.execute("INSERT INTO digest_key (key) VALUES (?)", (secrets.token_bytes(32),))
        db.execute("COMMIT")
    for target in range(version + 1, _VERSION + 1):
        db.executescript(f"BEGIN IMMEDIATE; {_MIGRATIONS[target]} COMMIT;")
