"""`{env: NAME}` and `{config: KEY}` in data: a value that stands elsewhere, put where data refers to it.

One reader for the root stack, the fleet, and commands. Reports every problem with its path, and never shows
a value: it may be a secret. The fields validate what a value may be.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER, NUMBER_FORWARDING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What data may refer to, with its meaning.
KINDS: Final[Mapping[str, str]] = {
    "env": "The name of an environment variable, whose content is the value.",
    "config": "A key of the stack's configuration, whose content is the value. A secret stays one.",
}
# Fields that no file may have in clear.
SECRETS: Final = ("token", "secret")
# A variable and a configuration value are text; these fields are none.
_NOT_TEXT: Final = {
    "protect",
    *(name for name, described in EXTERNAL_NUMBER.fields.items() if not described.takes_text),
    *(name for name, described in NUMBER_FORWARDING.fields.items() if not described.takes_text),
}
_JSON: Final = re.compile(r"true|false|-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)


@dataclass
class References:
    """Resolves what data refers to; `problems` has what could not be, one line each.

    `config` gives the value of a key of the configuration, None where there is no configuration. `sealed`
    says that the data is a file's, in which no token and no password may stand in clear.
    """

    config: Callable[[str], Any] | None = None
    sealed: bool = True
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    problems: list[str] = field(default_factory=list)
    asked_keys: set[str] = field(default_factory=set)

    def resolve(self, value: Any, path: str = "") -> Any:
        """`value` with all that it refers to in place; `path` is where it stands."""
        name = path.rpartition(".")[2]
        reference = self._reference(value)
        if reference is not None:
            return self._found(*reference, path, name)
        if self.sealed and name in SECRETS and value is not None:
            ways = "{env: NAME}" if self.config is None else "{env: NAME} or {config: KEY}"
            self.problems.append(f"{path}: is a secret, which no file may have in clear: write {ways}")
            return None
        if isinstance(value, dict):
            return {
                key: self.resolve(inner, f"{path}.{plain(str(key))}".lstrip("."))
                for key, inner in value.items()
            }
        if isinstance(value, list):
            return [self.resolve(inner, f"{path}[{index}]") for index, inner in enumerate(value)]
        return value

    def _reference(self, value: Any) -> tuple[str, str] | None:
        kinds = ("env",) if self.config is None else tuple(KINDS)
        if not isinstance(value, dict) or len(value) != 1:
            return None
        [(kind, name)] = value.items()
        return (kind, name) if kind in kinds and isinstance(name, str) else None

    def _found(self, kind: str, asked: str, path: str, name: str) -> Any:
        if kind == "env" or self.config is None:
            found: Any = self.environment.get(asked) or None
            what = f"the environment variable {plain(asked)} is not set"
        else:
            self.asked_keys.add(asked)
            found = self.config(asked)
            what = f"the configuration has no {plain(asked)}: `pulumi config set {plain(asked)}`"
        if found is None:
            self.problems.append(f"{path}: {what}")
        if name not in _NOT_TEXT:
            return found
        # A secret of the configuration is an output in a program.
        return found.apply(_value) if hasattr(found, "apply") else _value(found)


def _value(text: Any) -> Any:
    return json.loads(text) if isinstance(text, str) and _JSON.fullmatch(text) else text
