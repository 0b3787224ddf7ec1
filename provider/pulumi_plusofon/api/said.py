"""Find the words in an answer of the API, in each form that its server has. Masks nothing."""

from __future__ import annotations

from typing import Any


def words(answer: dict[str, Any]) -> str:
    """What an answer says: `message`, and `faults`."""
    return "; ".join(dict.fromkeys([*_texts(answer.get("message")), *_faults(answer)]))


def faults(answer: dict[str, Any]) -> str:
    """What an answer says is wrong: `error`, and `errors` by field."""
    return "; ".join(dict.fromkeys(_faults(answer)))


def _faults(answer: dict[str, Any]) -> list[str]:
    errors = answer.get("errors")
    by_field = (
        [f"{field}: {text}" for field, value in errors.items() for text in _texts(value)]
        if isinstance(errors, dict)
        else _texts(errors)
    )
    return [*_texts(answer.get("error")), *by_field]


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text.strip() for text in values if isinstance(text, str) and text.strip()]
