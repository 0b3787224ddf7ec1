"""The schema of a list of numbers, with the conditions that each type of number and forwarding brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.data.format import FORWARD_KEYS, NUMBER_KEYS, OTHER_KEYS
from pulumi_plusofon.data.references import KINDS, SECRETS
from pulumi_plusofon.schema.fields import FORWARDING_FIELDS, NUMBER_FIELDS, NUMBER_TYPES
from pulumi_plusofon.schema.targets import CRMS, FORWARDING_TYPES, NAMED, TARGET_FIELDS, TARGETS

from .conditions import NULL, refused, required, when
from .shapes import DEFINITIONS, NAME, REFERENCE, Schema, shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_plusofon.schema.fields import Field

_SECURE: Final[Schema] = {
    "description": "A value that `pulumi config set --secret` has encrypted.",
    "type": "object",
    "properties": {"secure": {"type": "string", "minLength": 1}},
    "required": ["secure"],
    "additionalProperties": False,
}
# The name of a target stands for its id.
_NAME_OF: Final = {TARGETS[kind].field: kind for kind in NAMED}


@dataclass(frozen=True)
class Place:
    """Where a list stands: what its values may refer to, and whether a password may stand there."""

    references: tuple[str, ...] = tuple(KINDS)
    is_stack_file: bool = False

    def definitions(self) -> dict[str, Schema]:
        """What the schemas of this place share."""
        kinds = [
            {
                "type": "object",
                "properties": {kind: {"description": KINDS[kind], "type": "string", "minLength": 1}},
                "required": [kind],
                "additionalProperties": False,
            }
            for kind in self.references
        ]
        reference = {
            "description": "A value that stands elsewhere.",
            "anyOf": [*kinds, *([_SECURE] if self.is_stack_file else [])],
        }
        return {
            **DEFINITIONS,
            "name": NAME,
            "reference": reference,
            "forwarding": _forwarding(self),
            "number": _number(self),
        }

    def value(self, name: str, meaning: str, *shapes: Schema, **more: Any) -> Schema:
        """A value of one of `shapes`, or a reference to one; a secret is a reference alone in a file."""
        is_sealed = name in SECRETS and not self.is_stack_file
        allowed = [shape for shape in shapes if not is_sealed or shape == NULL]
        return {"description": meaning, "anyOf": [*allowed, REFERENCE], **more}

    def field(self, name: str, field: Field) -> Schema:
        """A field of the tables. YAML's empty value is as good as none, except where one is required."""
        default = {} if field.default is None else {"default": field.default}
        empty = [] if field.required is None else [NULL]
        return self.value(name, field.meaning, shape(field.parse), *empty, **default)


def numbers(items: str = "#/definitions/number") -> Schema:
    """A list of numbers."""
    return {"type": "array", "items": {"$ref": items}}


def _number(place: Place) -> Schema:
    forwarding = {"$ref": "#/definitions/forwarding"}
    name = {"$ref": "#/definitions/name"}
    others: dict[str, Schema] = {
        "name": place.value("name", OTHER_KEYS["name"], name, NULL),
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
        "protect": place.value("protect", OTHER_KEYS["protect"], {"type": "boolean"}, NULL),
    }
    return {
        "description": "An external number, with where its calls go.",
        "type": "object",
        "properties": {
            "name": others.pop("name"),
            **{key: place.field(key, NUMBER_FIELDS[key]) for key in NUMBER_KEYS},
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


def _forwarding(place: Place) -> Schema:
    names = {
        kind: place.value(
            kind,
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
            "type": place.field("type", FORWARDING_FIELDS["type"]),
            **names,
            **{key: place.field(key, FORWARDING_FIELDS[key]) for key in FORWARD_KEYS},
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
