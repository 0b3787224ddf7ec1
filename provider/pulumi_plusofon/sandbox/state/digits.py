"""Digits of phone numbers in orders of the control plane, where a plus may stand in front of them.

`plusofon` and programs give numbers out with a plus. Requests of the vendor's API have none.
"""

from typing import Any, Final

from pydantic import BeforeValidator


def _without_plus(value: Any) -> Any:
    return value.removeprefix("+") if isinstance(value, str) else value


WITHOUT_PLUS: Final = BeforeValidator(_without_plus)
