"""The fields of numbers and forwardings, and the types that allow each: the vendor's tables as data.

`check_fields` holds a set of inputs against a table and finds every problem at once. It sends nothing and
knows of no single field; `values` says what a value must look like.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from . import addresses, phone, values
from .targets import CRMS, FORWARDING_TYPES, NOWHERE, TARGETS, Parse
from .values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOG: Final = logging.getLogger(__name__)
NumberType = Literal["ate", "sipuri"]
Choice = Literal["Y", "N"]

NUMBER_TYPES: Final = get_args(NumberType)
# Every type of the table that a field stands in.
ALWAYS: Final = None
# Parsers that refuse every text.
_OF_NO_TEXT: Final = (values.port, values.identifier, values.flag)
_LONGEST_REGISTRATION: Final = 3600.0


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field. The text never shows a secret."""

    field: str
    text: str

    def __str__(self) -> str:
        return f"{self.field}: {self.text}"


@dataclass(frozen=True)
class Checked:
    """Inputs in their one form, and every problem found with them."""

    inputs: dict[str, Any]
    problems: list[Problem]


@dataclass(frozen=True)
class Field:
    """One field: its parser, what it means, the types that allow it and those that require it.

    `before` is the parser of earlier versions where it took more, or read it in another way. `is_sent` says
    that the field is the API's own, and `is_written` that a person writes it.
    """

    parse: Parse
    meaning: str
    allowed: tuple[str, ...] | None = ALWAYS
    required: tuple[str, ...] | None = ()
    default: Any = None
    before: Parse | None = None
    is_sent: bool = True
    is_written: bool = True

    @property
    def takes_text(self) -> bool:
        """Whether a text can be a value of it."""
        return self.parse not in _OF_NO_TEXT and not isinstance(self.parse, values.Seconds)

    def read(self, value: Any, kept: Any) -> tuple[Any, str | None]:
        """The value in its one form, and a warning if it stays only because the state has it.

        `kept` is the state's value. What an earlier version put there stays as long as the program says
        the same; with `UNKNOWN` that is not known yet.
        """
        before = self._before(value)
        try:
            parsed = self.parse(value)
        except ValueError as problem:
            if before is None or (kept is not UNKNOWN and before != kept):
                raise
            return before, str(problem)
        if before is not None and before == kept != parsed:
            return before, f"is read as {parsed}"
        return parsed, None

    def _before(self, value: Any) -> Any:
        try:
            return self.before(value) if self.before else None
        except ValueError:
            return None


NUMBER_FIELDS: Final[Mapping[str, Field]] = {
    "type": Field(
        values.OneOf(NUMBER_TYPES),
        "How the number is connected: `ate` registers at the operator's SIP server, `sipuri` gets its calls"
        " at an address of the account.",
        required=ALWAYS,
    ),
    "number": Field(
        phone.phone_number,
        "The phone number, with its plus as people write it, or its E.164 digits alone.",
        required=ALWAYS,
        before=phone.phone_number_as_before,
    ),
    "host": Field(
        addresses.hosts,
        "The operator's SIP server, as a name or an IP address; for `sipuri` also several.",
        required=ALWAYS,
        before=addresses.host_as_before,
    ),
    "port": Field(values.port, "The port of the SIP server.", allowed=("ate",), default=5060),
    "login": Field(values.login, "The SIP login at the operator.", allowed=("ate",), required=("ate",)),
    "secret": Field(values.secret, "The SIP password.", allowed=("ate",), required=("ate",)),
    "adopt": Field(
        values.flag,
        "Whether a number that the account has already is taken over, with one PATCH, instead of failing.",
        default=False,
        is_sent=False,
    ),
    "wait_for_registration": Field(
        values.Seconds(_LONGEST_REGISTRATION),
        "For how many seconds a create or an update waits until the login is registered.",
        allowed=("ate",),
        is_sent=False,
    ),
    "keep_secret": Field(
        values.flag,
        "In place of `secret`: the password is not known here and stays as it is. Such a number can be"
        " recorded, read, forwarded and deleted, but not connected or changed.",
        allowed=("ate",),
        is_sent=False,
    ),
}

_CRM_FALLBACKS: Final = (*TARGETS, NOWHERE)
_NOT_EMPTY: Final = (*TARGETS, *CRMS)

# A target's field is also allowed, and then required, by a CRM's `type_default`: see forwarding.check.
FORWARDING_FIELDS: Final[Mapping[str, Field]] = {
    "number_type": Field(values.OneOf(NUMBER_TYPES), "The type of the external number.", required=ALWAYS),
    "number_id": Field(values.number_id, "The id of the external number.", required=ALWAYS),
    "type": Field(
        values.OneOf(FORWARDING_TYPES),
        "What the calls go to. Each type brings a field of its own; `empty` sends the calls nowhere.",
        required=ALWAYS,
    ),
    **{
        target.field: Field(
            target.parse,
            target.meaning,
            allowed=(target.type,),
            required=(target.type,),
            before=target.before,
        )
        for target in TARGETS.values()
    },
    "host": Field(
        addresses.host,
        "The host of the CRM, such as sales.bitrix24.example.",
        allowed=CRMS,
        required=CRMS,
        before=addresses.host_as_before,
    ),
    "type_default": Field(
        values.OneOf(_CRM_FALLBACKS),
        "What the calls go to that the CRM gives no route. It brings the field of its own target.",
        allowed=CRMS,
    ),
    "cli_type": Field(
        values.OneOf(get_args(Choice)),
        "The caller id that is shown: `Y` the caller's number, `N` the external number.",
        allowed=_NOT_EMPTY,
        required=_NOT_EMPTY,
    ),
    "cli_type_default": Field(
        values.OneOf(get_args(Choice)), "The same for the calls of `type_default`.", allowed=CRMS
    ),
    "set_again": Field(
        values.text,
        "Any text, such as a date. A change of it sets the forwarding anew.",
        is_sent=False,
    ),
    "customer_id": Field(values.identifier, "The id of the account itself.", is_sent=False, is_written=False),
}


def check_fields(
    fields: Mapping[str, Field],
    inputs: Mapping[str, Any],
    types: tuple[str, ...] | None,
    state: Mapping[str, Any] | None,
) -> Checked:
    """Hold `inputs` against `fields` for the types that they are of (None: not known yet).

    `types` is the resource's own type and, for a CRM's forwarding, that of its fallback too. `state` has the
    inputs of the last run; None where they are not known, and what an earlier version took is left open.
    """
    checked: dict[str, Any] = {}
    problems = [Problem(name, "is no field of this resource") for name in inputs if name not in fields]
    for name, field in fields.items():
        value = inputs.get(name)
        if value is None:
            if _applies(field.required, types):
                problems.append(Problem(name, f"is required{_for(field.required, types)}"))
            elif field.default is not None and _applies(field.allowed, types):
                checked[name] = field.default
            continue
        if types and not _applies(field.allowed, types):
            problems.append(Problem(name, f"is not allowed for type {types[0]}"))
            continue
        if value is UNKNOWN:
            checked[name] = UNKNOWN
            continue
        try:
            checked[name], warning = field.read(value, UNKNOWN if state is None else state.get(name))
        except ValueError as problem:
            problems.append(Problem(name, str(problem)))
            continue
        if warning and state is not None:
            # A host may be a secret; digits that people call are not.
            kept = f" ({checked[name]})" if checked[name].isdigit() else ""
            _LOG.warning("%s: %s; it stays as an earlier version set it%s", name, warning, kept)
    return Checked(checked, problems)


def types_of(inputs: Mapping[str, Any], *names: str, among: tuple[str, ...]) -> tuple[str, ...] | None:
    """The types that `inputs` say they are of, None as long as one is unknown or none of them."""
    found = [inputs[name] for name in names if inputs.get(name) is not None]
    known = found and all(isinstance(name, str) and name in among for name in found)
    return tuple(found) if known else None


def _applies(to: tuple[str, ...] | None, types: tuple[str, ...] | None) -> bool:
    return to is None or any(name in to for name in types or ())


def _for(required: tuple[str, ...] | None, types: tuple[str, ...] | None) -> str:
    own = [name for name in types or () if name in (required or ())]
    return f" for type {own[0]}" if own else ""
