"""Check a program's inputs at the line that gives them.

The provider checks the same rules again, with the values that are unknown here. This module reports errors
before the engine gets the resource: all of a resource at once, and without a traceback.
"""

from __future__ import annotations

from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

import pulumi

from pulumi_plusofon.runtime.text import e164, unmarked
from pulumi_plusofon.schema.phone import phone_number
from pulumi_plusofon.schema.values import UNKNOWN, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_plusofon.schema.fields import Problem


_DIGITS: Final[WeakSet[pulumi.Output[Any]]] = WeakSet()


class InputError(pulumi.RunError):
    """Inputs that a resource cannot have. The text has one line per problem."""

    def __init__(self, text: str) -> None:
        # It quotes what a program or a file says, and the engine prints it.
        super().__init__(unmarked(text))


def former_token(resource: pulumi.Resource, kind: type[pulumi.Resource]) -> pulumi.ResourceOptions:
    """The options by which a subclass of `kind` goes on with the state of before it kept its base's token."""
    if type(resource) is kind:
        return pulumi.ResourceOptions()
    return pulumi.ResourceOptions(aliases=[pulumi.Alias(type_="pulumi-python:dynamic:Resource")])


def with_unknowns(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """`inputs` with every value that is known only later as `UNKNOWN`."""
    return {name: UNKNOWN if is_unknown(value) else value for name, value in inputs.items()}


def note_digits(number: pulumi.Output[Any]) -> None:
    """Note that `number` promises E.164 digits, or None, as the outputs of our resources do."""
    _DIGITS.add(number)


def written_out(number: Any) -> Any:
    """`number`, with its plus where it promises digits: without one they may be read in two ways."""
    if isinstance(number, pulumi.Output) and number in _DIGITS:
        return number.apply(with_plus)
    return number


def with_plus(number: Any) -> Any:
    """The phone number of an output with its plus, None for none.

    Under mocks no provider has made digits of what the program gave.
    """
    integer = whole(number)
    written = number if integer is None else str(integer)
    return written and (e164(written) or f"+{phone_number(written)}")


def is_unknown(value: Any) -> bool:
    """Whether `value` is known only later; it may then be a secret."""
    if isinstance(value, list | tuple):
        return any(map(is_unknown, value))
    return isinstance(value, pulumi.Output) or isawaitable(value)


def refuse(kind: str, resource_name: str, problems: Iterable[Problem]) -> None:
    """Raise `InputError` if there are `problems`."""
    lines = [f"{kind} {resource_name}: {problem}" for problem in problems]
    if lines:
        raise InputError("\n".join(lines))
