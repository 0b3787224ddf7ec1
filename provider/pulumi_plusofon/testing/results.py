"""Read what an operation of the engine did from its log of events: changes, diagnostics, violations, outputs.

Reads what the engine says to machines, and never parses what it prints.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_STACK: Final = "pulumi:pulumi:Stack"
_PROVIDERS: Final = "pulumi:providers:"
# The engine's mark of a value that is secret.
_SECRET_MARK: Final = "4dabf18193072939515e22adb298388d"  # noqa: S105  no password
_SHOWN: Final = ("error", "warning")
_MARKUP: Final = re.compile("<{%.*?%}>")
_TRACEBACK: Final = "Traceback (most recent call last)"
_FRAME: Final = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
# What the engine and the language host say of a failure beside what failed.
_ECHOES: Final = (
    "update failed",
    "preview failed",
    "an unhandled error occurred: program exited",
    "resource monitor has terminated",
)
# The steps of a replacement are one change.
_REPLACEMENT: Final = ("create-replacement", "delete-replaced", "replace")
_LOSSES: Final = ("delete", "discard", "discard-replaced", "replace")
_OURS: Final = ("ExternalNumber ", "NumberForwarding ")
_LAST_LINES: Final = 20
_NO_CHANGE: Final = ("same", "read", "refresh")


@dataclass(frozen=True)
class Changes:
    """The resources that an operation changes, as "ExternalNumber office"; what stays is left out."""

    by_resource: Mapping[str, str]
    """Each resource's operation: "create", "update", "replace", "delete" and so on."""

    @property
    def by_op(self) -> dict[str, list[str]]:
        """The resources of each operation, sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for resource, operation in sorted(self.by_resource.items()):
            found[operation].append(resource)
        return dict(found)

    def __bool__(self) -> bool:
        return bool(self.by_resource)

    def __str__(self) -> str:
        return "\n".join(f"{op}: {', '.join(names)}" for op, names in self.by_op.items()) or "no changes"


@dataclass(frozen=True)
class Diagnostic:
    """An error or a warning, as a person reads it; `resource` is empty where it is about none."""

    severity: Literal["error", "warning"]
    resource: str
    text: str

    def __str__(self) -> str:
        return f"{self.resource}: {self.text}" if self.resource else self.text


@dataclass(frozen=True)
class PolicyViolation:
    """A rule that a resource breaks; `level` is mandatory or advisory."""

    rule: str
    level: str
    resource: str
    text: str

    def __str__(self) -> str:
        return f"{self.rule} ({self.level}): {self.text}"


@dataclass(frozen=True)
class Result:
    """What one operation did. `output` is all that the engine printed."""

    operation: str
    status: int
    output: str = field(repr=False)
    changes: Changes
    diagnostics: tuple[Diagnostic, ...]
    policy_violations: tuple[PolicyViolation, ...]
    outputs: Mapping[str, Any]
    lost: tuple[str, ...] = ()
    """Numbers and forwardings that are or would be deleted or replaced."""

    @property
    def succeeded(self) -> bool:
        """Whether the engine ended with success."""
        return self.status == 0

    @property
    def unchanged(self) -> bool:
        """Whether it succeeded, and nothing was or would be changed."""
        return self.succeeded and not self.changes

    def assert_nothing_lost(self) -> None:
        """Fail where a number or a forwarding is or would be deleted or replaced, or the operation failed."""
        __tracebackhide__ = True
        if not self.succeeded:
            raise AssertionError(str(self))
        if self.lost:
            raise AssertionError(f"pulumi {self.operation} loses\n{_indented(self.lost)}")

    @property
    def errors(self) -> list[str]:
        """The texts of all errors."""
        return [str(diagnostic) for diagnostic in self.diagnostics if diagnostic.severity == "error"]

    def __str__(self) -> str:
        """What changed, or of a failure the errors and the rules that refused, else the end of the output."""
        if self.succeeded:
            return f"pulumi {self.operation} succeeded\n{_indented([str(self.changes)])}"
        refused = [str(violation) for violation in self.policy_violations if violation.level == "mandatory"]
        lines = [*self.errors, *refused] or self.output.strip().splitlines()[-_LAST_LINES:]
        return f"pulumi {self.operation} failed (exit status {self.status})\n{_indented(lines)}"


def _indented(texts: Iterable[str]) -> str:
    return "\n".join(f"  {line}" for text in texts for line in text.splitlines())


class OperationFailedError(AssertionError):
    """An operation failed; the text is the engine's for a person, `result` has everything."""

    def __init__(self, result: Result) -> None:
        super().__init__(str(result))
        self.result = result


def read_result(operation: str, status: int, output: str, events: Path) -> Result:
    """The result of an operation whose events the engine has logged to the file."""
    reader = _Reader()
    if events.exists():
        reader.read(json.loads(line) for line in events.read_text("utf-8").splitlines() if line.strip())
    else:
        reader.lost.append("not known: the engine has logged no events")
    return Result(
        operation,
        status,
        output,
        Changes(reader.changes),
        tuple(dict.fromkeys(reader.diagnostics)),
        tuple(dict.fromkeys(reader.violations)),
        reader.outputs,
        tuple(dict.fromkeys(reader.lost)),
    )


class _Reader:
    def __init__(self) -> None:
        self.changes: dict[str, str] = {}
        self.diagnostics: list[Diagnostic] = []
        self.violations: list[PolicyViolation] = []
        self.outputs: dict[str, Any] = {}
        self.lost: list[str] = []

    def read(self, events: Iterable[Mapping[str, Any]]) -> None:
        for event in events:
            if "preludeEvent" in event:
                # An `up` with a preview before it: what counts is what it did.
                self.changes, self.outputs, self.lost = {}, {}, []
            elif "resOutputsEvent" in event:
                self._step(event["resOutputsEvent"]["metadata"])
            elif "diagnosticEvent" in event:
                self._diagnostic(event["diagnosticEvent"])
            elif "policyEvent" in event:
                self._violation(event["policyEvent"])

    def _step(self, step: Mapping[str, Any]) -> None:
        if step["type"] == _STACK:
            self.outputs = _plain((step.get("new") or {}).get("outputs") or {})
        elif step["op"] not in _NO_CHANGE and not step["type"].startswith(_PROVIDERS):
            operation = "replace" if step["op"] in _REPLACEMENT else step["op"]
            self.changes[_name(step["urn"])] = operation
            if operation in _LOSSES and _name(step["urn"]).startswith(_OURS):
                self.lost.append(f"{operation}: {_name(step['urn'])}")

    def _diagnostic(self, event: Mapping[str, Any]) -> None:
        text = for_a_person(event["message"])
        if event["severity"] in _SHOWN and text and not text.lower().startswith(_ECHOES):
            about = "" if _STACK in event.get("urn", "") else _name(event.get("urn", ""))
            self.diagnostics.append(Diagnostic(event["severity"], about, text))

    def _violation(self, event: Mapping[str, Any]) -> None:
        # The SDK puts the rule's description into the first line.
        description, _, said = _MARKUP.sub("", event["message"]).strip().partition("\n")
        resource = _name(event.get("resourceUrn", ""))
        text = " ".join((said or description).split()).removeprefix(f"{resource}: ")
        self.violations.append(
            PolicyViolation(event["policyName"], event["enforcementLevel"], resource, text)
        )


def for_a_person(message: str) -> str:
    """A message without markup, and in place of a traceback its error and the line of the program."""
    text = _MARKUP.sub("", message).strip()
    _, mark, traceback = text.partition(_TRACEBACK)
    if not mark:
        return text.removeprefix("error: ")
    last = next((line for line in reversed(traceback.splitlines()) if line.strip()), "").strip()
    frames = [frame for frame in _FRAME.finditer(traceback) if "site-packages" not in frame["file"]]
    where = f" ({frames[-1]['file'].rpartition('/')[2]}, line {frames[-1]['line']})" if frames else ""
    return f"{last}{where}"


def _plain(value: Any) -> Any:
    """Outputs as a program says them, secrets as [secret]."""
    if isinstance(value, dict):
        if _SECRET_MARK in value:
            return "[secret]"
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _name(urn: str) -> str:
    """The kind and the name in a URN; the name is all behind the type, and may have colons."""
    if not urn:
        return ""
    _, _, kind, name = urn.split("::", 3)
    return f"{re.split('[:/]', kind)[-1]} {name}"
