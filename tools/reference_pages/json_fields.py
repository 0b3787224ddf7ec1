"""The page of the JSON that the commands print. The fields come from the code, their meanings stand here.

A field that has no meaning here is an error, so that no field is added without one.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, get_args

from pulumi_plusofon.command.adopt.command import COLUMNS as RECORDED
from pulumi_plusofon.command.adopt.command import LEAVING
from pulumi_plusofon.command.changes import report as changes_report
from pulumi_plusofon.command.changes.model import CallerChanges, Change, ChangeKind
from pulumi_plusofon.command.doctor.findings import Finding
from pulumi_plusofon.command.drift import report as drift_report
from pulumi_plusofon.command.drift.comparison import Comparison, Difference, DifferenceKind
from pulumi_plusofon.command.numbers import inventory
from pulumi_plusofon.command.numbers.command import COLUMNS as LISTED
from pulumi_plusofon.command.output.numbers import with_e164
from pulumi_plusofon.command.routes import report as routes_report
from pulumi_plusofon.command.routes.overview import Route, Way
from pulumi_plusofon.command.routes.problems import ProblemKind, RouteProblem
from pulumi_plusofon.command.routes.profiles import Profile
from pulumi_plusofon.command.routes.sources import Gathered
from pulumi_plusofon.command.status import registrations
from pulumi_plusofon.command.targets import COLUMNS as TARGETS

from .text import page, table

if TYPE_CHECKING:
    from collections.abc import Iterable

_MEANINGS: Final = {
    "account": "the name of an `Account` beside the stack's own; null for the stack's own",
    "advice": "what to do; null for nothing",
    "after": "where the calls go then; null where the number is not connected then",
    "age_seconds": "the seconds since `date`, read as UTC; null where that cannot be said",
    "before": "where the calls go now; null where the number is not connected now",
    "complete": "whether nothing is missing: the preview came to its end, and all of it could be rehearsed",
    "dangers": "what is dangerous about it, a text each",
    "date": "since when, in the API's own words",
    "detail": "what differs, in words",
    "differences": "the differences, an object each",
    "differs": "what the account has otherwise, in words; null for nothing",
    "e164": "the number with its plus, as every argument and file takes it; null where it has no digits",
    "error": "why a look failed; then there is no login",
    "errors": "why the preview failed, a text each",
    "warnings": "what the preview warns of, and policy exceptions that have ended, a text each",
    "forwards_to": "where the calls go, in words; null where that is not known",
    "id": "the API's id; null where its list gives none",
    "inbound_uri": "the address that the operator sends calls to; `sipuri` only",
    "is_current": "whether the profile counts now",
    "is_fallback": "whether this is a CRM's fallback",
    "kind": "one of the kinds above",
    "left_out": "what cannot be declared, an object each",
    "listed": "whether the account has the number; null where that cannot be said",
    "login": "the SIP login; `[secret]` where the stack has it as a secret",
    "no_target": "the targets that the account does not have, a text each",
    "not_checked": "which ids of targets were not looked up, and why, a text each",
    "not_seen": "what the API does not return, and no comparison sees",
    "missing": "the steps that could not be rehearsed, a text each",
    "notes": "what else is to be known, a text each",
    "number": "the digits of the phone number; null where there are none",
    "numbers": "the numbers, an object each",
    "on_trust": "what is recorded and cannot be checked",
    "other_changes": "how many other resources change",
    "problems": "its problems",
    "profiles": "the profiles of the stack's data, an object each",
    "profiles_not_read": "why profiles could not be read, a text each",
    "protected": "whether the resource is protected",
    "reason": "why it is left out",
    "registered": "whether the login is registered; `ate` only",
    "replaced_by": "the number that the resource has from then on",
    "replaced_by_e164": "the same with its plus; null where it has no digits",
    "resource": "the name of the resource; null where no stack has it",
    "resource_type": "the type of the resource; null where no stack has it",
    "shows_unchanged": "whether numbers that do not change are among them",
    "source": "the SIP account (`ate`) or the SIP servers (`sipuri`), as listed",
    "stack": "the stack; null where no stack has it",
    "steps": "the steps of the preview, a text each; those of what stays the same are left out",
    "stacks": "the stacks that were compared",
    "state": "`good`, `notice`, `problem` or `unknown`",
    "status": "the API's word for the registration; null where it has none",
    "text": "what it is, in a sentence",
    "time": "when it was seen, in UTC",
    "to": "what the calls go to",
    "topic": "what was examined",
    "type": "`ate` or `sipuri`",
    "ways": "where the forwarding leads, an object each",
    "writes": "the requests that change it, an object each with `method`, `of` and `is_sure`",
    "written": "the files that were written",
}
# Where a field means something else than elsewhere.
_HERE: Final = {
    ("drift", "numbers"): "how many numbers the stacks have",
    ("export", "numbers"): "how many numbers were written",
    ("targets", "kind"): "`sip`, `group`, `scenario` or `call_queue`",
    ("targets", "id"): "the id that a forwarding takes; null where it cannot be read",
    ("targets", "name"): "the name that the account has for it",
    ("targets", "number"): "the extension, or the number of a scenario; null where there is none",
    ("targets", "login"): "the SIP login; `sip` only",
    ("adopt", "kind"): "`ExternalNumber` or `NumberForwarding`",
    ("adopt --undo", "kind"): "`ExternalNumber` or `NumberForwarding`",
    ("changes", "stack"): "the stack of the preview",
    ("changes: a number", "number"): "the digits; null while they are not known",
    ("routes", "notes"): "what else is not known, a text each",
    ("routes: a number", "problems"): "its problems, an object each",
    ("routes: a way", "number"): "the number of the stack that the calls go to; null for another target",
    ("routes: a profile", "name"): "the profile; null for the stack without one",
    ("routes: a profile", "forwards_to"): "where each number's calls go, by the resource's name",
    ("routes: a profile", "problems"): "what the rules refuse, a text each",
}
_LIST: Final = "A list with an object for each {}."


def json_fields() -> str:
    """The page of the commands' JSON."""
    parts = [
        page(
            f"## {heading}",
            text,
            table(("field", "meaning"), _rows(heading, names)),
        )
        for heading, text, names in _outputs()
    ]
    return page(
        "# JSON of the commands",
        "`--json` prints JSON to standard output. Names of fields and kinds stay as they are; a field"
        " may be added. Exit statuses are"
        " in [commands.md](commands.md#exit-statuses).",
        *parts,
    )


def _rows(heading: str, names: Iterable[str]) -> list[tuple[str, str]]:
    return [(f"`{name}`", _HERE.get((heading, name)) or _MEANINGS[name]) for name in names]


def _outputs() -> Iterable[tuple[str, str, Iterable[str]]]:
    status = _status()
    problems = [field.name for field in fields(RouteProblem)]
    yield "numbers", _LIST.format("number"), _numbered(LISTED)
    yield "numbers --stack", _LIST.format("number"), _numbered(inventory.COLUMNS)
    yield "status", f"{_LIST.format('login')} `resource` is there with `--stack` alone.", status
    yield "status --watch", "An object on a line for each change.", ("time", *status, "error")
    yield "targets", _LIST.format("target"), TARGETS
    yield "doctor", _LIST.format("finding"), _names(Finding)
    yield "drift", "One object.", drift_report.as_json(Comparison([], 0), ())
    yield "drift: a difference", _kinds(get_args(DifferenceKind)), _difference()
    yield "routes", "One object.", routes_report.as_json([], Gathered("", []), str)
    yield "routes: a number", "", _route()
    yield "routes: a way", "", _route()["ways"][0]
    yield "routes: a problem of a number", _kinds(get_args(ProblemKind)), problems
    yield "routes: a profile", "", _names(Profile)
    yield "changes", "One object.", changes_report.as_json(CallerChanges("", (), (), (), is_whole=True))
    yield "changes: a number", _kinds(get_args(ChangeKind)), _change()
    yield "adopt", _LIST.format("resource"), _numbered(RECORDED)
    yield "adopt --undo", _LIST.format("resource"), _numbered(LEAVING)
    yield "export", "One object.", ("written", "numbers", "left_out")
    yield "export: what is left out", "", _numbered(("number", "id", "reason"))


def _names(kind: Any) -> list[str]:
    return [field.name for field in fields(kind)]


def _kinds(kinds: Iterable[str]) -> str:
    return f"`kind` is one of {', '.join(f'`{kind}`' for kind in kinds)}."


def _status() -> list[str]:
    login = registrations.Login("", "office")
    [row] = registrations.look([registrations.Source(lambda: (), {"": login})]).rows
    return list(row)


def _numbered(names: Iterable[str]) -> list[str]:
    """The fields of rows that a table shows, as JSON has them."""
    return list(with_e164(dict.fromkeys(names)))


def _route() -> dict[str, Any]:
    route = Route("", "", "ate", None, None, None, None, None, None, None, (Way("", ""),))
    [number] = routes_report.as_json([route], Gathered("", []), str)["numbers"]
    return dict(number)


def _difference() -> dict[str, Any]:
    difference = Difference("gone", None, None, None, None, None, "")
    [shown] = drift_report.as_json(Comparison([difference], 0), ())["differences"]
    return dict(shown)


def _change() -> dict[str, Any]:
    change = Change("moved", None, "", None, None, None)
    [shown] = changes_report.as_json(CallerChanges("", (change,), (), (), is_whole=True))["numbers"]
    return dict(shown)
