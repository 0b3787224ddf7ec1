"""The schema of a list of numbers, with the conditions that each type of number and forwarding brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.data.format import FORWARD_KEYS, NUMBER_KEYS, OTHER_KEYS
from pulumi_plusofon.data.references import KINDS
from pulumi_plusofon.schema.fields import FORWARDING_FIELDS, NUMBER_FIELDS, NUMBER_TYPES
from pulumi_plusofon.schema.targets import CRMS, FORWARDING_TYPES, NAMED, TARGET_FIELDS, TARGETS

from .conditions import NULL, refused, required, when
from .shapes import DEFINITIONS, NAME, REFERENCE, Schema, shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_plusofon.schema.fields import Field

# The name of a target stands for its id.
_NAME_OF: Final = {TARGETS[kind].field: kind for kind in NAMED}


FILE: Final = "numbers.json"
"""The schema that has the definitions, and to which the others refer. An editor finds it beside them."""
_MEANINGS: Final = {**KINDS, "secure": "A value that `pulumi config set --secret` has encrypted."}
_NO_TEXT: Final = ["object", "array", "number", "boolean", "null"]
_IN_FILE: Final[Schema] = {"$ref": "#/definitions/in_file"}


def definitions() -> dict[str, Schema]:
    """What all schemas share. A number is as a stack's file may have it; other files allow less."""
    return {
        **DEFINITIONS,
        "name": NAME,
        **{kind: _reference(kind, meaning) for kind, meaning in _MEANINGS.items()},
        "reference": {
            "description": "A value that stands elsewhere.",
            "anyOf": [{"$ref": f"#/definitions/{kind}"} for kind in _MEANINGS],
        },
        "forwarding": _forwarding(),
        "number": _number(),
        "in_file": refusing(("secure",), _IN_FILE),
        "number_in_file": {
            "allOf": [{"$ref": "#/definitions/number"}, _IN_FILE, {"$ref": "#/definitions/without_password"}]
        },
        "without_password": {
            "properties": {
                "secret": {
                    "type": ["object", "null"],
                    "errorMessage": "must be a reference: no file may have a password in clear",
                }
            }
        },
    }


def refusing(kinds: Iterable[str], itself: Schema) -> Schema:
    """A schema without references of these `kinds`, at any depth. `itself` refers to what this gives."""
    # A profile may be called like a kind: its value is no text. An editor would offer the key anywhere.
    other: Schema = {"type": _NO_TEXT, "errorMessage": "cannot stand in this file", "doNotSuggest": True}
    refused_kinds = {kind: {**other, "allOf": [itself]} for kind in kinds}
    return {"properties": refused_kinds, "additionalProperties": itself, "items": itself}


def numbers(number: Schema) -> Schema:
    """A list of numbers."""
    return {"type": "array", "items": number}


def value(meaning: str, *shapes: Schema, **more: Any) -> Schema:
    """A value of one of `shapes`, or a reference to one."""
    return {"description": meaning, "anyOf": [*shapes, REFERENCE], **more}


def _field(field: Field) -> Schema:
    """A field of the tables. YAML's empty value is as good as none, except where one is required."""
    default = {} if field.default is None else {"default": field.default}
    empty = [] if field.required is None else [NULL]
    return value(field.meaning, shape(field.parse), *empty, **default)


def _reference(kind: str, meaning: str) -> Schema:
    return {
        "type": "object",
        "properties": {kind: {"description": meaning, "type": "string", "minLength": 1}},
        "required": [kind],
        "additionalProperties": False,
    }


def _number() -> Schema:
    forwarding = {"$ref": "#/definitions/forwarding"}
    name = {"$ref": "#/definitions/name"}
    others: dict[str, Schema] = {
        "name": value(OTHER_KEYS["name"], name, NULL),
        "aliases": {
            "description": OTHER_KEYS["aliases"],
            "anyOf": [{"type": "array", "items": {"anyOf": [name, REFERENCE]}}, NULL],
        },
        "forward": {"description": OTHER_KEYS["forward"], "anyOf": [forwarding, NULL]},
        "forwards": {
            "description": OTHER_KEYS["forwards"],
            "type": ["object", "null"],
            "propertyNames": name,
            "additionalProperties": forwarding,
        },
        "protect": value(OTHER_KEYS["protect"], {"type": "boolean"}, NULL),
    }
    return {
        "description": "An external number, with where its calls go.",
        "type": "object",
        "properties": {
            "name": others.pop("name"),
            **{key: _field(NUMBER_FIELDS[key]) for key in NUMBER_KEYS},
            **others,
        },
        "required": _always(NUMBER_FIELDS, NUMBER_KEYS),
        "additionalProperties": False,
        "allOf": [
            *(
                when({"type": [kind]}, _of_type(NUMBER_FIELDS, NUMBER_KEYS, kind, ("secret",)))
                for kind in NUMBER_TYPES
            ),
            *_KEEP_SECRET,
        ],
    }


# The one condition that no table has: the lifecycle's check asks for `secret` or `keep_secret`.
_KEEP_SECRET: Final[list[Schema]] = [
    {
        "if": {
            "properties": {"type": {"enum": ["ate"]}, "keep_secret": {"enum": [False, None]}},
            "required": ["type"],
        },
        "then": required(["secret"]),
    },
    when(
        {"keep_secret": [True]},
        {"properties": {"secret": refused("cannot be given together with keep_secret")}},
    ),
]


def _forwarding() -> Schema:
    names = {
        kind: value(
            f"The name that the account has for the target, in place of `{TARGETS[kind].field}`.",
            {"type": "string", "pattern": r"\S"},
            NULL,
        )
        for kind in NAMED
    }
    targets = TARGET_FIELDS
    others = [key for key in FORWARD_KEYS if key not in targets]
    of_types = [
        when({"type": [kind]}, _of_type(FORWARDING_FIELDS, FORWARD_KEYS, kind))
        for kind in FORWARDING_TYPES
        if kind not in CRMS
    ]
    crm = CRMS[0]
    return {
        "description": "Where the calls of a number go.",
        "type": "object",
        "properties": {
            "type": _field(FORWARDING_FIELDS["type"]),
            **names,
            **{key: _field(FORWARDING_FIELDS[key]) for key in FORWARD_KEYS},
        },
        "required": _always(FORWARDING_FIELDS, FORWARD_KEYS),
        "additionalProperties": False,
        "allOf": [
            *of_types,
            when({"type": CRMS}, _of_type(FORWARDING_FIELDS, others, crm)),
            {
                "if": {
                    "properties": {"type": {"enum": list(CRMS)}, "type_default": NULL},
                    "required": ["type"],
                },
                "then": {
                    "properties": _without(targets, "needs type_default, which says where the calls go")
                },
            },
            *(
                when({"type": CRMS, "type_default": [kind]}, _of_type(FORWARDING_FIELDS, targets, kind))
                for kind in FORWARDING_TYPES
                if kind not in CRMS
            ),
            *(
                {"not": required([target, name]), "errorMessage": f"{name} and {target} are the same"}
                for target, name in _NAME_OF.items()
            ),
        ],
    }


def _always(fields: Mapping[str, Field], keys: Iterable[str]) -> list[str]:
    return [key for key in keys if fields[key].required is None]


def _of_type(
    fields: Mapping[str, Field], keys: Iterable[str], own: str, elsewhere: tuple[str, ...] = ()
) -> Schema:
    """What a type requires and refuses of `keys`; what is required of `elsewhere` another condition says."""
    none_of = [key for key in keys if (allowed := fields[key].allowed) is not None and own not in allowed]
    needed = [key for key in keys if own in (fields[key].required or ()) and key not in elsewhere]
    named = [key for key in needed if key in _NAME_OF]
    then = required([key for key in needed if key not in named])
    then["properties"] |= _without(none_of, f"is not allowed for type {own}")
    if named:
        then["anyOf"] = [required([form]) for key in named for form in (key, _NAME_OF[key])]
    return then


def _without(keys: Iterable[str], why: str) -> dict[str, Schema]:
    names = [form for key in keys for form in (key, _NAME_OF.get(key)) if form]
    return {name: refused(why) for name in names}
