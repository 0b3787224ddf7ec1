"""The schemas of whole files: a list of numbers, a stack's file, a fleet's file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, get_args

from declaration import Customer, Fleet
from pulumi_plusofon.data.references import SECRETS
from pulumi_plusofon.data.source import FILE, NUMBERS, PROFILE
from pulumi_plusofon.runtime.setting_values import ANY_CUSTOMER, AdoptMode
from pulumi_plusofon.runtime.settings import NAMESPACE, SETTINGS

from .conditions import refused
from .numbers import FILE as BASE
from .numbers import definitions, numbers, refusing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .shapes import Schema

# The version that editors know best.
_DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_SCALAR: Final[Schema] = {"type": ["string", "number", "boolean"]}
# The engine hands every value on as text, so a number is as good as its text.
_A_NUMBER: Final[Schema] = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": "[0-9]"}]}
_SETTING_SHAPES: Final[Mapping[str, Schema]] = {
    "base_url": {"type": "string", "pattern": r"^[A-Za-z]+://[^\s@?#]+$"},
    "timeout": _A_NUMBER,
    "max_retries": _A_NUMBER,
    "requests_per_second": _A_NUMBER,
    "customer_id": {
        "anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": f"^{ANY_CUSTOMER}$|[0-9]"}]
    },
    "read_only": {
        "anyOf": [{"type": "boolean"}, {"type": "string", "pattern": "^([Tt][Rr][Uu]|[Ff][Aa][Ll][Ss])[Ee]$"}]
    },
    "adopt": {"type": "string", "enum": list(get_args(AdoptMode))},
}


def _of(definition: str) -> Schema:
    """A reference to a definition that stands in the schema of a list of numbers."""
    return {"$ref": f"{BASE}#/definitions/{definition}"}


_REFERENCE: Final = _of("reference")
_IN_FLEET: Final[Schema] = {"$ref": "#/definitions/in_fleet"}


def schemas() -> dict[str, Schema]:
    """Every schema, by the name of its file."""
    return {BASE: _numbers(), "stack.json": _stack(), "fleet.json": _fleet()}


def _numbers() -> Schema:
    return {
        "$schema": _DRAFT,
        "title": "Numbers of a stack",
        "description": "The external numbers of a stack, in the file that its configuration names.",
        **numbers({"$ref": "#/definitions/number_in_file"}),
        "definitions": definitions(),
    }


def _stack() -> Schema:
    settings = {
        f"{NAMESPACE}:{setting.key}": {
            "description": setting.meaning,
            "anyOf": [_SETTING_SHAPES.get(setting.attribute, _SCALAR), _REFERENCE],
            **({} if setting.default is None else {"default": setting.default}),
        }
        for setting in SETTINGS
    }
    known = "|".join(setting.key for setting in SETTINGS)
    return {
        "$schema": _DRAFT,
        "title": "A stack's file",
        "description": "`Pulumi.<stack>.yaml` of a project that declares what its configuration lists.",
        "type": "object",
        "properties": {
            "config": {
                "description": "The configuration of the stack, by key.",
                "type": ["object", "null"],
                "properties": settings,
                "patternProperties": {
                    f"^{NAMESPACE}:(?!(?:{known})$)": refused("is no setting"),
                    f"^(?!{NAMESPACE}:)[^:]+:{NUMBERS}$": {
                        "description": "The external numbers of the stack; also as one text in JSON.",
                        "anyOf": [numbers(_of("number")), {"type": "string"}, _REFERENCE],
                    },
                    f"^(?!{NAMESPACE}:)[^:]+:{FILE}$": {
                        "description": "The file of the project's folder that lists the numbers.",
                        "anyOf": [_SCALAR, _REFERENCE],
                    },
                    f"^(?!{NAMESPACE}:)[^:]+:{PROFILE}$": {
                        "description": "The profile whose forwardings count.",
                        "anyOf": [_SCALAR, _REFERENCE],
                    },
                },
            },
            "encryptionsalt": {"description": "What the passphrase is checked with.", "type": "string"},
            "secretsprovider": {"description": "The key service of the secrets.", "type": "string"},
            "encryptedkey": {"description": "The key of the secrets, encrypted.", "type": "string"},
        },
    }


def _fleet() -> Schema:
    model = Customer.model_json_schema()
    properties = {
        name: {"description": field["description"], "anyOf": [numbers({"$ref": "#/definitions/number"})]}
        if name == NUMBERS
        else {
            "description": field["description"],
            "anyOf": [*([] if name in SECRETS else [_bare(field)]), _of("env")],
            **_default(field),
        }
        for name, field in model["properties"].items()
    }
    fleet = Fleet.model_json_schema()
    return {
        "$schema": _DRAFT,
        "title": "A fleet's file",
        "description": "The customers of a fleet, each with an account and a stack of its own.",
        "type": "object",
        "properties": {
            "customers": {
                "description": fleet["properties"]["customers"]["description"],
                "type": "array",
                "items": {"$ref": "#/definitions/customer"},
            }
        },
        "required": fleet["required"],
        "additionalProperties": False,
        "definitions": {
            "number": {"allOf": [_of("number_in_file"), _IN_FLEET]},
            "in_fleet": refusing(("config",), _IN_FLEET),
            "customer": {
                "description": _sentence(model["description"]),
                "type": "object",
                "properties": properties,
                "required": model["required"],
                "additionalProperties": False,
            },
        },
    }


def _bare(field: Mapping[str, Any]) -> Schema:
    return {key: value for key, value in field.items() if key not in ("title", "description", "default")}


def _default(field: Mapping[str, Any]) -> Schema:
    return {"default": field["default"]} if field.get("default") is not None else {}


def _sentence(text: str) -> str:
    return re.split(r"\n\s*\n", text)[0]
