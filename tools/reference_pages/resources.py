"""The pages of the resources: example, arguments, outputs, what each step sends, taking over, errors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.resources import Account, ExternalNumber, NumberForwarding
from pulumi_plusofon.runtime.settings import NAMESPACE, SETTINGS
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER, NUMBER_FORWARDING, Kind
from pulumi_plusofon.schema.targets import CRMS, FORWARDING_TYPES

from .fields import meaning, required, types
from .text import attributes, block, derived, doc, page, signature, statements, table, type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ROOT: Final = Path(__file__).resolve().parents[2]
_QUICKSTART: Final = _ROOT / "examples" / "quickstart" / "__main__.py"
_TYPED: Final = _ROOT / "tests" / "typing" / "api.py"
_IMPORTS: Final = "import pulumi\n\nfrom pulumi_plusofon import {}\n\nconfig = pulumi.Config()\n\n"
_ERRORS: Final = """\
What is wrong with an argument raises `InputError` at the program's own line, before anything is sent:
one line for each problem. What fails later is one line below the resource; [errors.md](errors.md) has
the kinds and what to do."""


@dataclass(frozen=True)
class _Resource:
    """What the tables do not have of a resource."""

    kind: Kind
    of: type
    example: str
    taking_over: str
    # Arguments and outputs that stand in no table, with their meaning.
    more: Mapping[str, str]


_PHONE_NUMBERS: Final = """\
Write a number, and the `destination_number` of a forwarding, with its plus, as people write it:
`"+7 (910) 444-55-66"`, `"+44 (0)20 7946 0103"`. Without a plus it must be the E.164 digits alone:
`"79104445566"`. A number that could also be a national form is refused: `84951234567` is a number of Moscow
or of Vietnam. So give on a number's `e164`, and not its digits in `number`:
`pulumi.export("hanoi", hanoi.e164)`. Within a program an output of these two resources may be given on as it
is. [scale.md](../scale.md#a-number-of-another-stack) has two stacks.

`host` of a `sipuri` number may be several servers, as a list or as one comma-separated text."""
_FURTHER: Final = """\
`providers=[second]` of a parent, and a transformation, have the same effect as `provider=second`.

The account's own id decides which account a resource is in, in the list and in the state. The name of the
`Account` does not: it may be renamed with an alias."""
_NUMBER: Final = _Resource(
    EXTERNAL_NUMBER,
    ExternalNumber,
    statements(_QUICKSTART, "office", "sales"),
    """\
A create fails where the account has the number already. `adopt=True` takes it over with one PATCH to
these arguments; `plusofon:adopt` does so for a whole run ([settings.md](settings.md)), or records the
number and sends nothing. [living-accounts.md](../living-accounts.md) has the commands for a whole
account. The forwarding that is declared for the number replaces the one that was set before: a warning
names the number, because the API does not say what it was. `pulumi import` of one resource fails with a
dynamic provider;
`opts=pulumi.ResourceOptions(id="101")` reads a number that the account has, and never changes it.""",
    {},
)
_FORWARDING: Final = _Resource(
    NUMBER_FORWARDING,
    NumberForwarding,
    statements(_QUICKSTART, "office", "NumberForwarding office", "sales", "NumberForwarding sales"),
    """\
The API reads no forwarding back, so there is nothing to import: a create sets what is declared. With
`plusofon:adopt` `record` it sends nothing and takes on trust that the account has it so
([living-accounts.md](../living-accounts.md)).""",
    {
        "number": "The `ExternalNumber`, in place of `number_type` and `number_id`. The forwarding is"
        " in its account."
    },
)


def external_number() -> str:
    """The page of `ExternalNumber`."""
    return _page(_NUMBER, "## Phone numbers and servers", _PHONE_NUMBERS)


def number_forwarding() -> str:
    """The page of `NumberForwarding`."""
    return _page(_FORWARDING, "## Types", _types())


def account() -> str:
    """The page of `Account`."""
    by_attribute = {setting.attribute: setting for setting in SETTINGS}
    rows = [
        (f"`{name}`", "yes" if name == "token" else "no", f"`{NAMESPACE}:{setting.key}`", setting.meaning)
        for name, setting in by_attribute.items()
        if name != "adopt"
    ]
    example = statements(_TYPED, "second", "ExternalNumber there")
    imports = "import pulumi\n\nfrom pulumi_plusofon import Account, ExternalNumber\n\n"
    promised = 'token = pulumi.Config().require_secret("secondToken")\n'
    return page(
        "# Account",
        doc(Account),
        "## Example",
        block("python", f"{imports}{promised}{example}"),
        "## Arguments",
        signature("Account", Account.__init__),
        table(("argument", "required", "in place of", "meaning"), rows),
        "## More",
        doc(Account.__init__).split("\n\n", 1)[1],
        _FURTHER,
    )


def _page(resource: _Resource, *more: str) -> str:
    name = resource.kind.name
    example = _IMPORTS.format("ExternalNumber" if resource is _NUMBER else "ExternalNumber, NumberForwarding")
    return page(
        f"# {name}",
        doc(resource.of).split("\n\n")[0],
        f"Type: `{resource.kind.token}`.",
        "## Example",
        block("python", example + resource.example),
        "## Arguments",
        signature(name, resource.of.__init__),  # type: ignore[misc]  # the class's own
        "Every argument may be an `Output`, but for `number` where it is an `ExternalNumber`."
        if resource.more
        else "Every argument may be an `Output`.",
        table(("argument", "required", "default", "meaning"), _arguments(resource)),
        *more,
        "## Outputs",
        table(("output", "type", "meaning"), _outputs(resource)),
        "## What each step sends",
        doc(resource.of).split("\n\n", 1)[1],
        "## Taking over what is there",
        resource.taking_over,
        "## Errors",
        _ERRORS,
    )


def _arguments(resource: _Resource) -> Iterable[tuple[str, ...]]:
    for name, text in resource.more.items():
        yield f"`{name}`", "this, or the two below", "", text
    for name in resource.kind.inputs:
        field = resource.kind.fields[name]
        default = "" if field.default is None else f"`{field.default!r}`"
        is_in_place = bool(resource.more) and field.required is None and name != "type"
        yield f"`{name}`", "see above" if is_in_place else required(field), default, meaning(field)


def _outputs(resource: _Resource) -> Iterable[tuple[str, ...]]:
    for name, kind, text in attributes(resource.of):
        yield f"`{name}`", f"`{type_of(kind)}`", text or resource.kind.fields[name].meaning
    for name, kind, text in derived(resource.of):
        yield f"`{name}`", f"`{type_of(kind)}`, derived", text


def _types() -> str:
    fields = NUMBER_FORWARDING.fields
    rows = []
    for kind in FORWARDING_TYPES:
        required = [name for name, field in fields.items() if kind in (field.required or ())]
        allowed = [
            name for name, field in fields.items() if kind in (field.allowed or ()) and name not in required
        ]
        more = f"{types(allowed)}, and the field of `type_default`" if kind in CRMS else types(allowed)
        rows.append((f"`{kind}`", types(required), more))
    fallbacks = types(name for name in FORWARDING_TYPES if name not in CRMS)
    text = f"A field of another type is refused. `type_default` of a CRM is one of {fallbacks}."
    return page(table(("type", "requires", "may have"), rows), text)
