"""Chains of random programs on the engine: the report of each preview against what its `up` then does."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from harness.engine_stack import EngineStack, Ran
from pulumi_plusofon.api import Client
from pulumi_plusofon.command.changes.changes import changes_of
from pulumi_plusofon.command.changes.planned import read_preview
from pulumi_plusofon.command.changes.report import as_markdown, lines
from pulumi_plusofon.policies.settings_file import PolicySettings
from pulumi_plusofon.routes.words import destination
from pulumi_plusofon.runtime import Settings
from support.changes_truth import MAY_FAIL, Facts, failures, require_possible, require_true, said_of
from unit.program_pairs import DIGITS, programs, successors

if TYPE_CHECKING:
    from pulumi_plusofon.api import ListedNumber
    from pulumi_plusofon.command.changes.model import CallerChanges
    from pulumi_plusofon.testing import SandboxServer
    from unit.model_stack import Declared

PROGRAM: Final = Path(__file__).parents[1] / "support" / "pairs_program"
CHAINS, PAIRS = 4, 10
# Which of the account's numbers a forwarding by id is of: its type and id are known in the run alone.
PLACES: Final = (("sipuri", 0), ("sipuri", 1), ("sipuri", 2))
PASSWORDS: Final = ("pw-17", "pw-18")
OFF: Final = PolicySettings({"all": {"enforcementLevel": "disabled"}})
BASE: Final = "/api/v1/number/external/"
# Nothing is lost with the state of a run that is killed here, and the engine takes less time.
QUICK: Final = {"PULUMI_SKIP_CHECKPOINTS": "true", "PLUSOFON_LEAN": "true", "GOGC": "400"}


@st.composite
def chains(draw: st.DrawFn) -> list[list[Declared]]:
    """Programs of which each is an edit of the one before."""
    chain = [draw(programs())]
    for _ in range(PAIRS):
        chain.append(draw(successors(chain[-1], PLACES)))
    return chain


def chain_of(number: int) -> list[list[Declared]]:
    """The chain of a number, the same in each run: the one with the most steps of some."""
    found: list[list[list[Declared]]] = []

    @seed(number)
    @settings(
        max_examples=30, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck)
    )
    @given(chains())
    def collect(chain: list[list[Declared]]) -> None:
        found.append(chain)

    collect()
    return max(
        found, key=lambda chain: len({json.dumps(list(map(asdict, each)), default=sorted) for each in chain})
    )


class Run:
    """A stack, its two accounts, and what they have."""

    def __init__(self, stack: EngineStack, accounts: dict[str, SandboxServer]) -> None:
        self.stack = stack
        self.accounts = accounts

    def declare(self, program: list[Declared]) -> None:
        """Make it the stack's program, with a forwarding by id for a number that is there by now."""
        ids = [(entry["type"], entry["id"]) for entry in self.accounts["own"].account()]
        declared = [placed for each in program if (placed := _placed(each, ids))]
        text = json.dumps(list(map(asdict, declared)), default=sorted)
        (self.stack.program / "declared.json").write_text(text)

    def preview(self, *, asks: bool) -> CallerChanges:
        """The report of a preview, whether the preview fails or not."""
        self.stack.shell(
            "pulumi preview --json --show-sames --stack test >preview.json 2>errors || test -s preview.json",
            **QUICK,
        )
        shown = json.loads((self.stack.program / "preview.json").read_text())
        planned = read_preview(shown, lambda _stack: self.stack.deployment().get("resources", []))
        planned.adopts.setdefault(None, "refuse")
        changes = changes_of(planned, OFF, None, self.listed() if asks else None)
        assert list(lines(changes))
        assert as_markdown(changes)
        return changes

    def up(self) -> Ran:
        """The update, which may fail."""
        return self.stack.shell("pulumi up --yes --skip-preview --stack test --color never", **QUICK)

    def declared(self) -> dict[str, set[tuple[str, int]]]:
        """The numbers that the state has in each account, with their ids."""
        found: dict[str, set[tuple[str, int]]] = {name: set() for name in self.accounts}
        for called, resource in self.stack.resources().items():
            if called.startswith("ExternalNumber "):
                place = "second" if "::second::" in resource["provider"] else "own"
                outputs = resource["outputs"]
                found[place].add((outputs["number"], int(outputs["number_id"])))
        return found

    def listed(self) -> tuple[ListedNumber, ...]:
        """The own account's list."""
        own = self.accounts["own"]
        return Client(Settings(token=own.token, base_url=own.url, read_only=True)).list_numbers()

    def held(self, name: str) -> dict[str, Facts]:
        """What an account has, by the digits, with where calls go in words."""
        account = self.accounts[name]
        return {
            entry["number"]: {
                "id": entry["id"],
                "source": (entry["host"], entry["login"]),
                "secret": [account.secret_matches(entry["number"], text) for text in PASSWORDS],
                "port": entry["port"],
                "goes": destination(entry["forwarding"]),
            }
            for entry in account.account()
        }

    def sent(self, name: str, numbers: dict[tuple[str, int], str]) -> dict[str, Counter[str]]:
        """The writes since the log was emptied, by the digits that they were for."""
        account = self.accounts[name]
        numbers |= {(entry["type"], entry["id"]): entry["number"] for entry in account.account()}
        found: dict[str, Counter[str]] = {}
        for request in account.requests():
            if request["method"] != "GET":
                number = _number_of(request, numbers)
                found.setdefault(number, Counter())[request["method"]] += 1
        return found


def _placed(declared: Declared, ids: list[tuple[str, int]]) -> Declared | None:
    """The resource, with a type and an id that are there in place of a number's place."""
    if "number_id" not in declared.inputs:
        return declared
    place = declared.inputs["number_id"]
    if place >= len(ids):
        return None
    number_type, number_id = ids[place]
    return replace(declared, inputs=declared.inputs | {"number_type": number_type, "number_id": number_id})


def _number_of(request: dict[str, Any], numbers: dict[tuple[str, int], str]) -> str:
    body = request["body"]
    if request["method"] == "PUT":
        return str(body["number"])
    if request["method"] == "POST":
        return numbers.get((body["number_type"], body["number_id"]), "?")
    number_type, number_id = request["path"].removeprefix(BASE).split("/")
    return numbers.get((number_type, int(number_id)), "?")


def _differing(held: dict[str, Facts], declared: set[tuple[str, int]]) -> set[str]:
    """The numbers that an account has and the state has not, or the other way round, or with another id."""
    listed = {(digits, facts["id"]) for digits, facts in held.items()}
    return {digits for digits, _ in listed ^ declared}


@pytest.fixture
def run(stack_of_pairs: EngineStack, second: SandboxServer) -> Run:
    """A new stack of the program of pairs, with a second account."""
    return Run(stack_of_pairs, {"own": stack_of_pairs.sandbox, "second": second})


@pytest.fixture
def stack_of_pairs(tmp_path: Path, sandbox: SandboxServer, second: SandboxServer) -> EngineStack:
    """A new stack on empty accounts."""
    environment = {"SECOND_TOKEN": second.token, "SECOND_URL": second.url}
    return EngineStack(tmp_path, sandbox, "", program=PROGRAM, environment=environment)


@pytest.mark.rest
@pytest.mark.parametrize("number", range(CHAINS))
def test_the_report_of_a_preview_is_what_its_update_then_does(run: Run, number: int) -> None:
    if number % 2:
        run.accounts["own"].seed({"type": "sipuri", "number": DIGITS[number], "host": "sip.a.example"})
    first, *others = chain_of(number)
    run.declare(first)
    run.up()
    for place, program in enumerate(others):
        run.declare(program)
        asks = place % 2 == 0
        changes = run.preview(asks=asks)
        before = {name: run.held(name) for name in run.accounts}
        ids = {
            name: {(entry["type"], entry["id"]): entry["number"] for entry in account.account()}
            for name, account in run.accounts.items()
        }
        declared = run.declared()
        # What the account has of a number otherwise than the state is known by the list alone.
        not_known = {
            name: set() if asks and name == "own" else _differing(held, declared[name])
            for name, held in before.items()
        }
        for account in run.accounts.values():
            account.clear_requests()
        ran = run.up()
        fails = failures(changes)
        if fails or changes.errors:
            assert ran.status != 0, (place, changes)
        elif ran.status:
            assert failures(changes, MAY_FAIL) or any(not_known.values()), (place, ran.text)
        for name in run.accounts:
            after, sent = run.held(name), run.sent(name, ids[name])
            for digits in {*before[name], *after, *sent} - not_known[name]:
                row = said_of(changes, name, digits)
                wrote = sent.get(digits, Counter())
                if changes.errors:
                    continue
                if ran.status:
                    require_possible(row, wrote)
                else:
                    require_true(row, before[name].get(digits), after.get(digits), wrote)
