"""Remove what the set-up, the tests and the dev stack have made in this clone: `make clean`.

It never touches what all clones share, the cache with the engine, nor a stack of the examples. While the dev
stack is up it removes nothing: the stack's state would go, and its sandbox would run on.
"""

import os
import shutil
import stat
import sys
from pathlib import Path

CLONE = Path(__file__).resolve().parents[1]
MADE = (".venv", ".setup", ".sandbox", ".hypothesis", "dist", "tests/browser/node_modules")
CACHES = (".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache")
# What is there while a server has the account open: its address may have been lost.
UP = ("address", "account.db-wal")
OURS = ("provider", "tests", "tools", "examples", "policy", "bench")


def clean(clone: Path) -> int:
    """Remove it all; answer an exit code."""
    if any((clone / ".sandbox" / name).exists() for name in UP):
        print(
            "make clean: the dev stack is up, so nothing was removed. Run `make down` first.", file=sys.stderr
        )
        return 1
    found = [clone / name for name in (*MADE, *CACHES)]
    found += [*clone.glob(".coverage*"), *clone.glob("__pycache__")]
    found += [cache for folder in OURS for cache in (clone / folder).rglob("__pycache__")]
    for path in found:
        _remove(path)
    print("Removed what was made in this clone. The engine stays in the cache that all clones share.")
    return 0


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        # Go writes its modules into folders that are read-only.
        for folder, _, _ in os.walk(path):
            Path(folder).chmod(stat.S_IRWXU)
        shutil.rmtree(path)


if __name__ == "__main__":
    sys.exit(clean(CLONE))
