"""`group: Support` in place of `group_id: 9`: a forwarding's target by the name that the account has for it.

Asks for a list only where a name is written. A preview shows the id, so a group that was made anew under its
name is an update there. Sends nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_plusofon.advice import with_advice
from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.schema.targets import NAMED, TARGETS
from pulumi_plusofon.schema.values import UNKNOWN
from pulumi_plusofon.session import NoSuchTargetError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_plusofon.advice import Reader
    from pulumi_plusofon.schema.targets import NamedType
    from pulumi_plusofon.session import ReferenceCheck


@dataclass
class Resolved:
    """A forwarding's inputs with ids in place of names.

    `problems` are by the key that a person wrote; `written` has that key by the field that it stands for.
    """

    inputs: dict[str, Any]
    problems: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)


class TargetNames:
    """Resolves the names in the forwardings of one declaration.

    `look_up` gives the targets of the account, and is called at the first name; `reader` reads the problems.
    """

    def __init__(self, look_up: Callable[[], ReferenceCheck], reader: Reader = "lookup") -> None:
        self._look_up = look_up
        self._reader: Reader = reader
        self._failed: set[str] = set()
        self._looked_up: ReferenceCheck | None = None

    def missing(self, forward: Mapping[str, Any]) -> dict[str, str]:
        """The ids of a forwarding that the account does not have, in words by their fields.

        Empty where no name was looked up: no list is asked for the sake of ids alone.
        """
        check = self._looked_up
        if check is None or not check.directory.is_asked:
            return {}
        return {
            reference.field: f"{reference.missing()}; it has {check.directory.shown(reference.kind)}"
            for reference in check.missing(forward)
        }

    def not_checked(self) -> list[str]:
        """Why ids were not looked up, a line for each list."""
        check = self._looked_up
        return list(check.not_checked(self._words).values()) if check else []

    def _words(self, error: PlusofonError) -> str:
        return with_advice(error, self._reader)

    def resolve(self, forward: Mapping[str, Any]) -> Resolved:
        """The forwarding with ids in place of the names that it has."""
        resolved = Resolved({key: value for key, value in forward.items() if key not in NAMED})
        for kind in NAMED:
            name, target = forward.get(kind), TARGETS[kind].field
            if name is None:
                continue
            if forward.get(target) is not None:
                resolved.problems[kind] = f"cannot be given together with {target}: they are the same"
                continue
            resolved.written[target] = kind
            # What the type does not allow, the validation of its field reports: no list is needed for that.
            is_asked = kind in (forward.get("type"), forward.get("type_default"))
            resolved.inputs[target] = self._id(kind, name, resolved) if is_asked else UNKNOWN
        return resolved

    def _id(self, kind: NamedType, name: Any, resolved: Resolved) -> Any:
        if not isinstance(name, str) or not name.strip():
            # A whole number would be an id to some, and 0100 is another number to YAML.
            resolved.problems[kind] = "must be a name: text, in quotes if it looks like a number, no secret"
            return UNKNOWN
        try:
            if kind not in self._failed:
                self._looked_up = self._look_up()
                return self._looked_up.directory.find(kind, "name", name).id
        except NoSuchTargetError as error:
            resolved.problems[kind] = with_advice(error, self._reader)
        except PlusofonError as error:
            # The same list is not asked for again: it would fail, and be reported, once for each number.
            self._failed.add(kind)
            resolved.problems[kind] = with_advice(error, self._reader)
        return UNKNOWN
