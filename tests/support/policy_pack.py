"""Runs of the real engine with the repository's policy pack, and what the rules found in them, as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from support.repository import ROOT

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack

PACK = ROOT / "policy"
WRITES = ("PUT", "PATCH", "POST", "DELETE")


@dataclass(frozen=True)
class Found:
    """One finding of a rule, as the engine tells it to machines."""

    rule: str
    resource: str
    level: str
    message: str


@dataclass(frozen=True)
class Judged:
    """What a command printed, and what the rules found in it."""

    text: str
    found: list[Found]

    def broken(self, level: str | None = None) -> set[tuple[str, str]]:
        """Rules, and what broke them; of one level, or of any."""
        return {
            (finding.rule, finding.resource)
            for finding in self.found
            if level in {None, finding.level} and not finding.message.startswith("can't run")
        }

    def put_off(self) -> set[tuple[str, str]]:
        """Rules that could not judge something yet, and what."""
        return {
            (finding.rule, finding.resource)
            for finding in self.found
            if finding.message.startswith("can't run")
        }


def judged(
    stack: EngineStack, command: str, settings: dict[str, Any] | None = None, *options: str, refused: bool
) -> Judged:
    """Run `pulumi <command>` with the pack; it must fail exactly if it is to be `refused`."""
    events, file = stack.folder / "events.json", stack.folder / "settings.json"
    events.unlink(missing_ok=True)
    file.write_text(json.dumps(settings or {}))
    done = stack.run(
        *(command, "--stack", "test", "--policy-pack", str(PACK), "--policy-pack-config", str(file)),
        *("--event-log", str(events), *options),
        status=None if refused else 0,
        # The log of events is one of the engine's tools for its own makers.
        PULUMI_DEBUG_COMMANDS="true",
    )
    logged = [json.loads(line) for line in events.read_text().splitlines()]
    found = [_found(event["policyEvent"]) for event in logged if "policyEvent" in event]
    return Judged(done.text, found)


def _found(event: dict[str, Any]) -> Found:
    return Found(
        event["policyName"],
        event["resourceUrn"].rpartition("::")[2],
        event["enforcementLevel"],
        event["message"],
    )


def written(stack: EngineStack) -> list[str]:
    """The requests that changed the account, as "PUT /path"."""
    sent = stack.sandbox.requests()
    return [f"{request['method']} {request['path']}" for request in sent if request["method"] in WRITES]
