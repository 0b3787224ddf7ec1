"""Request bodies: strict models of the vendor's table, and refusals that name the field.

Strict means JSON's own types: `true`, `"5060"` and `5060.0` are not integers. A field that the table does not
give to a type is refused, not ignored. Never reads the account, and never repeats a value in a message,
because the value may be a password.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from pulumi_plusofon.sandbox.errors import Refusal

from .fields import (
    CRM_TYPES,
    DEFAULT_TYPES,
    FORWARDING_FIELDS,
    TARGET_FIELDS,
    PhoneNumber,
    Port,
    Text,
    forwarding_fields,
)

Model = TypeVar("Model", bound=BaseModel)


class Strict(BaseModel):
    """A body of exactly these fields and exactly these types."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SipUriConnection(Strict):
    """PUT and PATCH of a `sipuri` number."""

    host: Text
    number: PhoneNumber


class AteConnection(Strict):
    """PUT and PATCH of an `ate` number."""

    host: Text
    number: PhoneNumber
    port: Port
    login: Text
    secret: Text


CONNECTIONS: dict[str, type[SipUriConnection | AteConnection]] = {
    "ate": AteConnection,
    "sipuri": SipUriConnection,
}


class Logins(Strict):
    """The GET of registrations."""

    logins: list[str]


def _forwarding_form(code: str, default: str | None) -> type[Strict]:
    required, optional = forwarding_fields(code, default)
    fields = {name: (FORWARDING_FIELDS[name], ...) for name in required}
    left_out = {name: (FORWARDING_FIELDS[name], None) for name in optional}
    return create_model("Forwarding", __base__=Strict, **cast("dict[str, Any]", fields | left_out))


_FORWARDINGS = {
    (code, default): _forwarding_form(code, default)
    for code in TARGET_FIELDS
    for default in [None, *(DEFAULT_TYPES if code in CRM_TYPES else [])]
}


def parse_json(raw: bytes) -> Any:
    """The body's JSON value; refused if it is not JSON or has the words that JSON has not (NaN)."""

    def no_number(word: str) -> None:
        raise ValueError(word)

    try:
        return json.loads(raw, parse_constant=no_number)
    except json.JSONDecodeError as error:
        raise Refusal(400, f"body: not JSON, line {error.lineno}, column {error.colno}") from None
    except (ValueError, RecursionError):
        raise Refusal(400, "body: not JSON") from None


def check(model: type[Model], body: Any, about: str = "") -> Model:
    """Return `body` as `model`, or refuse it with every wrong field by name, and what it is `about`."""
    try:
        return model.model_validate(body)
    except ValidationError as invalid:
        problems = [_problem(error["loc"], error["type"], error["msg"], about) for error in invalid.errors()]
        raise Refusal(400, "; ".join(problems)) from None


def check_forwarding(body: Any) -> dict[str, Any]:
    """Return the body of a POST follow if it has exactly the fields of its type, else refuse it."""
    if not isinstance(body, dict):
        raise Refusal(400, "body: must be a JSON object")
    if "type" not in body:
        raise Refusal(400, "type: required")
    code, default = body["type"], body.get("type_default")
    if not isinstance(code, str) or code not in TARGET_FIELDS:
        raise Refusal(400, f"type: must be one of {', '.join(TARGET_FIELDS)}")
    about = f" for type {code}"
    if "type_default" in body and code in CRM_TYPES:
        if not isinstance(default, str) or default not in DEFAULT_TYPES:
            raise Refusal(400, f"type_default: must be one of {', '.join(DEFAULT_TYPES)}")
        about += f" with type_default {default}"
    else:
        default = None  # where it is not allowed, the form refuses it by name
    check(_FORWARDINGS[code, default], body, about)
    return body


def _problem(loc: tuple[int | str, ...], kind: str, text: str, about: str) -> str:
    field = ".".join(str(part) for part in loc) or "body"
    if kind == "missing":
        return f"{field}: required{about}"
    if kind == "extra_forbidden":
        return f"{field}: not allowed{about}"
    return f"{field}: {text[0].lower()}{text[1:]}"
