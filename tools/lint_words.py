"""Check words: the glossary's "Not:" words, variables called `one`, and how module docstrings begin.

Reads Python files as tokens and changes nothing. `docs/dev/glossary.md` is the only list of words.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parent.parent
GLOSSARY: Final = ROOT / "docs" / "dev" / "glossary.md"
PRODUCT: Final = "provider/"
_NOT: Final = re.compile(r"\bNot: ([^.]*)\.")
_QUESTION: Final = re.compile(r"(What|Which|How|Whether|Whose)\b")
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Words of SQL: SQLite has no other name for them.
_OF_SQL: Final = frozenset({"foreign_keys"})
_TEXTS: Final = (tokenize.NAME, tokenize.STRING, tokenize.COMMENT)


def banned(glossary: str) -> frozenset[str]:
    """The words that the glossary says are not used."""
    text = " ".join(glossary.split())
    return frozenset(word for listed in _NOT.findall(text) for word in re.findall(r'"([a-z]+)"', listed))


def problems(path: str, text: str, words: frozenset[str]) -> Iterator[str]:
    """One line for each problem of a file; the glossary's words are checked in the product alone."""
    docstring = ast.get_docstring(ast.parse(text)) or ""
    if _QUESTION.match(docstring):
        yield f"{path}:1: the module's docstring begins with a question word: start with a noun or a verb"
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _TEXTS:
            continue
        line = token.start[0]
        if token.type == tokenize.NAME and token.string == "one":
            yield f"{path}:{line}: a variable called `one`: name the thing"
        if not path.startswith(PRODUCT):
            continue
        text_of_ours = re.sub("|".join(_OF_SQL), "", token.string)
        for word in sorted({found.lower() for found in _WORD.findall(text_of_ours)} & words):
            yield f"{path}:{line}: {word!r} is not a word of the glossary: see its Not: lists"


def main() -> int:
    """Print each problem of the files that git tracks; 1 where there is one."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    words = banned(GLOSSARY.read_text("utf-8"))
    found = [
        problem
        for path in listed.split("\0")
        if path and (ROOT / path).exists()
        for problem in problems(path, (ROOT / path).read_text("utf-8"), words)
    ]
    print("\n".join(found) or "words: good")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
