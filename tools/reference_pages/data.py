"""The pages of what stands in configuration: settings, the data of a stack, the rules' settings."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Final

from json_schemas.files import schemas
from pulumi_plusofon.data.format import FORWARD_KEYS, NUMBER_KEYS, OTHER_KEYS
from pulumi_plusofon.data.references import KINDS, SECRETS
from pulumi_plusofon.policies.rules import RULES
from pulumi_plusofon.resources import Account
from pulumi_plusofon.runtime.settings import NAMESPACE, SETTINGS
from pulumi_plusofon.schema.fields import FORWARDING_FIELDS, NUMBER_FIELDS
from pulumi_plusofon.schema.targets import NAMED, TARGETS

from .fields import default, literal, meaning, required
from .text import block, page, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SCHEMAS: Final = "../../provider/pulumi_plusofon/schemas"
_USES: Final = {
    "numbers.json": "the list in the file that `file` names",
    "stack.json": "`Pulumi.<stack>.yaml`",
    "fleet.json": "the file of a fleet ([fleet.md](../fleet.md))",
}
_EXAMPLE: Final = """\
# yaml-language-server: $schema=.venv/lib/python3.12/site-packages/pulumi_plusofon/schemas/numbers.json
- name: office
  type: ate
  number: "+44 7700 900131"
  host: sip.operator.example
  login: "900131"
  secret: {config: officePassword}
  forward: {type: group, group: Support, cli_type: "Y"}
"""

_ACCESS_KEY: Final = """\
The token is the access key of the cabinet (lk.plusofon.ru, "Разработчикам", "API"). The API refuses the
`access_token` of Flash Call and the session token of `POST /api/v1/login`. Accounts of the old cabinets
(portal., new-portal. and api.plusofon.ru) have an older API, which this package does not support."""
_PRECEDENCE: Final = """\
The configuration wins over the environment. A key that is no setting is an error, because a guard with a
misspelt name would be off. A variable with such a name gets a warning.

`PLUSOFON_CUSTOMER_ID` is for the stack's own account, never for an `Account`. The pauses that a 429 asks
for do not count as retries. The commands of `plusofon` read the environment, or with `--stack` a stack."""
_PLACE: Final = """\
One value of the configuration holds at most 131,072 bytes, some hundred numbers, because it reaches the
program as one environment variable. With more, the run ends with `argument list too long`. Put the list
into a YAML file of the project then, and name it. `numbers` and `file` together are an error."""
_ENCRYPTED: Final = """\
`pulumi config set --secret --path 'numbers[0].secret'` encrypts a SIP password in a stack's file. The
program declares either list with [`declare_stack`](stack-functions.md#declare_stack)."""
_MISTAKES: Final = """\
An error names the path of the value: `numbers[2].forward.type: must be sip, number, ...`. A key that stands
twice is an error with its line. So is a number that YAML reads as another one, such as `00447700900131`
without quotes, which is octal."""
_NAMES: Final = """\
The id of a target differs from account to account, and its name need not. The program requests each list
of the account once in a run. A name that the account does not have, or has twice, is an error:
`numbers[2].forward.group: the account has no group "Suport"; it has Sales, Support`. A group that was
deleted and made again under its name shows as an update in the preview. Where data has a name, ids that it
gives are looked up, too: `numbers[1].forward.group_id: the account has no group with id 77; it has Sales
(12), Support (9)`. `plusofon targets` lists all four kinds with their ids."""
_ALIASES: Final = """\
A number that gets another `name` keeps the old one in `aliases`, or the engine takes it for a new number
([living-accounts.md](../living-accounts.md#rename-a-number)). [profiles.md](../profiles.md) shows
`forwards`."""


def settings() -> str:
    """The page of the settings."""
    arguments = inspect.signature(Account.__init__).parameters
    rows = [
        (
            f"`{NAMESPACE}:{setting.key}`",
            f"`{setting.variable}`",
            f"`{setting.attribute}`" if setting.attribute in arguments else "",
            "" if setting.default is None else f"`{literal(setting.default)}`",
            setting.meaning,
        )
        for setting in SETTINGS
    ]
    return page(
        "# Settings",
        f"A setting is a key `{NAMESPACE}:...` of the stack's configuration, or else a variable of the"
        f" environment. The last"
        " argument names it for an [`Account`](account.md). Only the token is required.",
        table(("configuration", "environment", "argument of `Account`", "default", "meaning"), rows),
        "## The token",
        _ACCESS_KEY,
        "## Which value counts",
        _PRECEDENCE,
    )


def stack_data() -> str:
    """The page of the data of a stack."""
    files = [
        (f"[`{name}`]({_SCHEMAS}/{name})", use, schemas()[name]["description"]) for name, use in _USES.items()
    ]
    return page(
        "# Data of a stack",
        "`numbers` of a stack's configuration, or the file that `file` names, is a list with one entry"
        " for each external number. A"
        " fleet's file has such a list for each customer.",
        block("yaml", _EXAMPLE),
        "## Where the list stands",
        _PLACE,
        block("sh", "pulumi config set file numbers/prod.yaml"),
        _ENCRYPTED,
        "## An entry",
        table(("field", "required", "default", "meaning"), _entry()),
        _ALIASES,
        "## A forwarding",
        "`forward`, and each value of `forwards`. [NumberForwarding](number-forwarding.md#types) has"
        " what each type requires.",
        table(("field", "required", "meaning"), _forward()),
        "## Names of targets",
        _NAMES,
        "## References",
        "In place of a value stands where it is. In a stack's file it may also be encrypted,"
        " `{secure: ...}`.",
        table(("reference", "meaning"), [(f"`{{{kind}: ...}}`", text) for kind, text in KINDS.items()]),
        f"In any other file {' and '.join(f'`{name}`' for name in SECRETS)} must be references. A"
        f" fleet's file has `{{env: ...}}` alone.",
        "## Mistakes",
        _MISTAKES,
        "## JSON schemas",
        "They come with the package. An editor that reads YAML with them completes fields, shows what"
        " they mean, and marks what is"
        " wrong. What a schema refuses, a preview refuses, too; a preview knows more, such as numbering"
        " plans and names that stand"
        " twice.",
        table(("schema", "for", "content"), files),
        "`stack.json` and `fleet.json` refer to `numbers.json`: an editor finds it beside them.",
        "The first line of a file names its schema, as above, with a path from the folder of the file."
        " This prints the folder of the package:",
        block("sh", 'python -c "import pulumi_plusofon; print(pulumi_plusofon.__path__[0])"'),
    )


def policies() -> str:
    """The page of the rules."""
    rows = [
        (
            f"[`{rule.name}`](../{rule.url.removeprefix('docs/')})",
            rule.display_name,
            ", ".join(rule.tags),
            rule.level,
            rule.severity,
            rule.description,
            rule.remediation,
        )
        for rule in RULES
    ]
    own = [
        (
            f"`{rule.name}`",
            f"`{name}`",
            f"`{json.dumps(setting.get('default'))}`",
            setting.get("description", ""),
        )
        for rule in RULES
        for name, setting in rule.config.schema_of_settings().items()
    ]
    return page(
        "# Policies",
        "[policies.md](../policies.md) has each rule with an example that it refuses and one that it"
        " accepts, and how a command asks"
        " the rules.",
        table(
            ("rule", "display name", "tags", "default level", "severity", "what holds", "what to do"), rows
        ),
        "## Settings",
        table(("rule", "setting", "default", "meaning"), own),
    )


def _entry() -> Iterable[tuple[str, ...]]:
    yield "`name`", "no", "the number's digits", OTHER_KEYS["name"]
    for key in NUMBER_KEYS:
        field = NUMBER_FIELDS[key]
        yield f"`{key}`", required(field), default(field), meaning(field)
    for key, text in OTHER_KEYS.items():
        if key != "name":
            yield f"`{key}`", "no", "", text


def _forward() -> Iterable[tuple[str, ...]]:
    names: Mapping[str, str] = {TARGETS[kind].field: kind for kind in NAMED}
    for key in FORWARD_KEYS:
        field = FORWARDING_FIELDS[key]
        yield f"`{key}`", required(field), meaning(field)
        if key in names:
            yield f"`{names[key]}`", f"in place of `{key}`", "The name that the account has for it."
