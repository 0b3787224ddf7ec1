"""Values that a preview hides, each as a value of its own that no account has.

The lifecycle can then carry out what it cannot read: a secret is itself, and never another one. It guesses no
value.
"""

from __future__ import annotations

import re
from typing import Any, Final

from pulumi_plusofon.pulumi_cli.preview import COMPUTED, SECRET, is_known
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.schema import values
from pulumi_plusofon.schema.fields import FORWARDING_FIELDS, NUMBER_FIELDS

LATER: Final = "known in the update"
_INTEGERS: Final = frozenset(
    name
    for fields in (FORWARDING_FIELDS, NUMBER_FIELDS)
    for name, field in fields.items()
    if field.parse in (values.identifier, values.number_id, values.port)
)
# No text of the account and no phone number looks like these, and no id is as great.
_DIGITS: Final = "00000000"
_TEXT: Final = "hidden-{}.invalid"
_IN_TEXT: Final = re.compile(rf"{_DIGITS}\d{{9}}|hidden-\d+\.invalid|9007199\d{{9}}")


class Hidden:
    """The values of one preview that stand for hidden ones."""

    def __init__(self) -> None:
        self._shown: dict[Any, str] = {}
        self._known: dict[tuple[str, str, str], Any] = {}

    def value(self, urn: str, side: str, name: str, given: Any) -> Any:
        """The property as it is, or what stands for it: the same one on the same side of a resource."""
        if is_known(given):
            return given
        key = (urn, side, name)
        if key not in self._known:
            self._known[key] = self.new(name, LATER if given == COMPUTED else SECRET)
        return self._known[key]

    def new(self, name: str, shown: str) -> Any:
        """A value for the property `name` that is equal to no other, and how people see it."""
        count = len(self._shown) + 1
        value: Any = _TEXT.format(count)
        if name in _INTEGERS:
            value = values.GREATEST_ID - count
        elif name == "number":
            value = f"{_DIGITS}{count:09d}"
        self._shown[value] = shown
        return value

    def is_hidden(self, value: Any) -> bool:
        """Whether the value stands for a hidden one."""
        return isinstance(value, str | int) and value in self._shown

    def is_in(self, text: str) -> bool:
        """Whether a part of a text stands for a hidden value."""
        return _IN_TEXT.search(text) is not None

    def shown(self, value: Any) -> str:
        """A value as people may read it: no secret, nothing that acts on a terminal."""
        if value is None:
            return "none"
        return self._shown[value] if self.is_hidden(value) else self.cleaned(str(value))

    def cleaned(self, text: str) -> str:
        """A text of the lifecycle with what people know in place of the values that stand for it."""
        return plain(_IN_TEXT.sub(lambda found: self._of(found[0]), text))

    def _of(self, text: str) -> str:
        return self._shown.get(int(text) if text.startswith("9") else text, text)
