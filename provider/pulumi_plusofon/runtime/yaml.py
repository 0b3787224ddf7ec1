"""YAML files of a project, read strictly: what a person would read otherwise than YAML does is refused.

A key that stands twice, a whole number that YAML reads as another one (octal, say), an alias to itself and a
depth that no file of ours has end in one line with the file's name and the place. Never shows a value: it
may be a secret. Decides nothing about what the values mean.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from .text import plain

if TYPE_CHECKING:
    from pathlib import Path

_DEEPEST: Final = 50
# Aliases may name what is made of aliases: a few lines would unfold to more than any memory holds.
_MOST_VALUES: Final = 1_000_000
_GIT_CRYPT: Final = b"\0GITCRYPT\0"
_CONFLICT: Final = re.compile(r"^(<<<<<<<|>>>>>>>)( |$)", re.MULTILINE)
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)", re.ASCII)
_INT_TAG: Final = "tag:yaml.org,2002:int"
_MERGE_TAG: Final = "tag:yaml.org,2002:merge"
_Loader: Final[type[Any]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class FileError(Exception):
    """What is wrong with a file, in one line with its name and nothing of its content."""


def read_yaml(file: Path, name: str | None = None, *, as_written: bool = False) -> Any:
    """What `file` says; `name` is what it is called in errors (default: its own name).

    `as_written` leaves every scalar the text that stands there. Raises `FileError`.
    """
    called = plain(name or file.name)
    try:
        return _read(file, as_written=as_written)
    except _MistakeError as mistake:
        raise FileError(f"{called}{mistake.place}: {mistake}") from None


class _MistakeError(Exception):
    def __init__(self, text: str, mark: Any = None) -> None:
        super().__init__(text)
        self.place = f", line {mark.line + 1}" if mark else ""


def _read(file: Path, *, as_written: bool) -> Any:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise _MistakeError(f"cannot be read: {error.strerror}") from None
    if content.startswith(_GIT_CRYPT):
        raise _MistakeError("is locked by git-crypt: run `git-crypt unlock`")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _MistakeError("is not in UTF-8: save it as such") from None
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        raise _MistakeError(f"has a merge conflict that is not resolved, in line {line}")
    try:
        _measure(text)
        node = yaml.compose(text, Loader=_Loader)
        return None if node is None else _Builder(as_written=as_written).build(node, 0)
    except yaml.MarkedYAMLError as error:
        raise _MistakeError("is no YAML", _where(text) or error.problem_mark) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        # A value that has the form of a date, say, and is none; or characters that no YAML has.
        raise _MistakeError("is no YAML") from None


def _measure(text: str) -> None:
    """Refuse a depth at which the library's own recursion would end."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise _MistakeError(f"is nested more than {_DEEPEST} levels deep", event.start_mark)


def _where(text: str) -> Any:
    """Where the slower loader stumbles: the quick one may name the line after."""
    try:
        list(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        return error.problem_mark
    return None


class _Builder:
    """Values made of nodes; counts them."""

    def __init__(self, *, as_written: bool) -> None:
        self._scalars: Any = yaml.SafeLoader("")
        self._as_written = as_written
        self._made = 0

    def build(self, node: yaml.Node, depth: int) -> Any:
        self._made += 1
        if depth > _DEEPEST or self._made > _MOST_VALUES:
            raise _MistakeError("has an alias to itself, or aliases of too many aliases", node.start_mark)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(value, depth + 1) for value in node.value]
        if self._as_written:
            return node.value
        if node.tag == _INT_TAG and not _INTEGER.fullmatch(node.value):
            raise _MistakeError("YAML reads a number there as another one: put it in quotes", node.start_mark)
        return self._scalars.construct_object(node)

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[Any, Any]:
        own: dict[Any, Any] = {}
        merged: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            value = self.build(value_node, depth + 1)
            if key_node.tag == _MERGE_TAG:
                for entry in value if isinstance(value, list) else [value]:
                    if not isinstance(entry, dict):
                        raise _MistakeError("<< merges mappings alone", key_node.start_mark)
                    merged = {**entry, **merged}
                continue
            key = self.build(key_node, depth + 1)
            if isinstance(key, dict | list):
                raise _MistakeError("a key is no text", key_node.start_mark)
            if key in own:
                raise _MistakeError(f"the key {plain(str(key))} stands twice", key_node.start_mark)
            own[key] = value
        return {**merged, **own}
