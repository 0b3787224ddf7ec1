"""Answers of the API to the requests of `plusofon doctor`, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unit.wire import Answer, Wire

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Doctor: TypeAlias = Callable[..., dict[str, dict[str, Any]]]

USER = {"user": {"id": 7, "email": "ann@example.com", "role": {"name": "admin"}}}
CUSTOMER = {"id": 42291, "tariff": {"name": "Basic"}}
BALANCE = {"balance": 12.5}
DIRECTIONS = {"directions": {"44": {"code": "44"}, "7": {"code": "7"}}}
FACTS = (USER, CUSTOMER, BALANCE, DIRECTIONS)


def answers(wire: Wire, first: Answer, *facts: Any) -> None:
    """Script the list, then the facts: an answer each, or what its body is."""
    given = [fact if isinstance(fact, Answer) else Answer(body=fact) for fact in (facts or FACTS)]
    wire.script(first, *given)


def seen(finding: dict[str, Any]) -> tuple[str, str]:
    return finding["state"], finding["text"]
