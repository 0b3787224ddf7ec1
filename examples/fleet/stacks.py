"""One customer's stack: where it stands, and how it gets to what is declared.

Where a stack stands is read from the stack itself: the last entry of its history tells what was done last,
how it ended, and by its configuration of which declaration; the state tells what was begun since. The token
goes to the engine as encrypted configuration through a pipe, never on a command line.
"""

from __future__ import annotations

import re
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Literal

from pulumi import automation

from program import Program
from pulumi_plusofon.pulumi_cli.runner import VARIABLES, StackError, run
from pulumi_plusofon.runtime.setting_values import ANY_CUSTOMER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from threading import Event

    from declaration import Customer

Outcome = Literal["as declared", "rolled out", "failed", "cancelled", "left"]
PROJECT: Final = "fleet"
_DECLARED: Final = f"{PROJECT}:declared"
# What the engine and the language host say of a failure beside what failed.
_ECHOES: Final = (
    "update failed",
    "preview failed",
    "an unhandled error occurred",
    "Resource monitor has terminated",
)
# How an error ends that another one tells in full; which of the two comes first is a race.
_TOLD_ELSEWHERE: Final = "above or below"
_MARKUP: Final = re.compile("<{%.*?%}>")


@dataclass(frozen=True)
class Result:
    """How it ended for one customer."""

    customer: str
    outcome: Outcome
    changes: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    problem: str | None = None

    @property
    def good(self) -> bool:
        """Whether the customer's account is as declared now."""
        return self.outcome in {"as declared", "rolled out"}


@dataclass(frozen=True)
class Policies:
    """The policy pack that every rollout asks, and the file with its rules' settings."""

    pack: Path
    config: Path | None = None


class Stacks:
    """The customers' stacks; `stopping` set begins no other one and lets those that run come to their end."""

    def __init__(self, stopping: Event, policies: Policies, *, everything: bool) -> None:
        self._stopping = stopping
        self._policies = policies
        self._everything = everything
        self._command = automation.PulumiCommand()

    def roll_out(self, customer: Customer, on_resource: Callable[[str], None]) -> Result:
        """Bring the customer's stack to what is declared; `on_resource` gets the URN of each that is done."""
        started = time.monotonic()
        errors: list[str] = []

        def on_event(event: automation.EngineEvent) -> None:
            if event.diagnostic_event and event.diagnostic_event.severity == "error":
                errors.append(event.diagnostic_event.message.strip())
            elif event.policy_event and event.policy_event.enforcement_level == "mandatory":
                errors.append(f"{event.policy_event.policy_name}: {_plain(event.policy_event.message)}")

        def on_progress(event: automation.EngineEvent) -> None:
            on_event(event)
            if event.res_outputs_event:
                on_resource(event.res_outputs_event.metadata.urn)

        outcome: Outcome
        changes: dict[str, int] = {}
        problem = None
        try:
            outcome, changes = self._roll_out(customer, on_event, on_progress)
        except (automation.CommandError, StackError, OSError) as error:
            outcome = "cancelled" if self._stopping.is_set() else "failed"
            problem = problem_in(errors, str(error))
        return Result(customer.name, outcome, changes, round(time.monotonic() - started, 1), problem)

    def _roll_out(
        self,
        customer: Customer,
        on_event: Callable[[automation.EngineEvent], None],
        on_progress: Callable[[automation.EngineEvent], None],
    ) -> tuple[Outcome, dict[str, int]]:
        if self._stopping.is_set():
            return "left", {}
        with self._opened(customer) as stack:
            if not self._everything and _stands_at(stack) == customer.digest:
                return "as declared", {}
            _set_token(stack, customer)
            if self._stopping.is_set():
                return "left", {}
            packs = [str(self._policies.pack)]
            settings = [str(self._policies.config)] if self._policies.config else None
            # A rule on a stack as a whole ends an `up` only when the resources exist: the rules come first.
            with with_variables(stack, VARIABLES["preview"]):
                stack.preview(on_event=on_event, policy_packs=packs, policy_pack_configs=settings)
            if self._stopping.is_set():
                return "left", {}
            done = stack.up(
                # After a run that did not end well the account may be ahead of the state, and a new token
                # is to show whose it is. That takes today's token, not the one in the state.
                refresh=True,
                run_program=True,
                on_event=on_progress,
                show_secrets=False,
                suppress_outputs=True,
                policy_packs=packs,
                policy_pack_configs=settings,
            )
        changes = done.summary.resource_changes or {}
        return "rolled out", {automation.OpType(kind).value: count for kind, count in changes.items()}

    @contextmanager
    def _opened(self, customer: Customer) -> Iterator[automation.Stack]:
        """The customer's stack, made if it is new, in a folder of its own: they are many at once."""
        program = Program(customer)
        with ExitStack() as at_the_end:
            folder = at_the_end.enter_context(TemporaryDirectory(prefix="fleet-"))
            at_the_end.callback(program.end)
            yield automation.create_or_select_stack(
                customer.name,
                PROJECT,
                program=program,
                opts=automation.LocalWorkspaceOptions(
                    work_dir=folder,
                    pulumi_command=self._command,
                    # The provider's process is to be of the Python that runs this.
                    env_vars={"PULUMI_PYTHON_CMD": sys.executable},
                    stack_settings={customer.name: automation.StackSettings(config=configuration(customer))},
                ),
            )


@contextmanager
def with_variables(stack: automation.Stack, variables: Mapping[str, str]) -> Iterator[None]:
    """A block in which the stack's commands have these in their environment, too."""
    workspace = stack.workspace
    before, workspace.env_vars = workspace.env_vars, {**workspace.env_vars, **variables}
    try:
        yield
    finally:
        workspace.env_vars = before


def configuration(customer: Customer) -> dict[str, str]:
    """The configuration of the customer's stack, but for the token.

    Names the account and its address in full: what a shell has for one account counts for no other.
    """
    return {
        _DECLARED: customer.digest,
        "plusofon:baseUrl": customer.base_url,
        "plusofon:customerId": str(customer.customer_id or ANY_CUSTOMER),
    }


def _stands_at(stack: automation.Stack) -> str | None:
    """The declaration that the stack was last brought to, if nothing else was done or begun since."""
    last = stack.info(show_secrets=False)
    if last is None or (last.kind, last.result) != ("update", "succeeded") or _DECLARED not in last.config:
        return None
    # A run that was killed has no entry in the history, but what it was about is in the state: the engine
    # keeps the stack's configuration with the provider, before it touches anything else.
    state = stack.export_stack().deployment or {}
    begun = {
        resource["inputs"].get(_DECLARED)
        for resource in state.get("resources") or ()
        if resource["type"] == "pulumi:providers:pulumi-python"
    }
    declared = last.config[_DECLARED].value
    return declared if begun == {declared} and not state.get("pending_operations") else None


def _set_token(stack: automation.Stack, customer: Customer) -> None:
    # The Automation API's own way puts the value on the command line, for every user of the machine to see.
    words = ("config", "set", "--secret", "plusofon:token", "--stack", stack.name)
    done = run(Path(stack.workspace.work_dir), *words, given=customer.token.get_secret_value())
    if done.status:
        raise automation.CommandError(automation.CommandResult("", done.errors, done.status))


def problem_in(errors: list[str], printed: str) -> str:
    """What failed, in the engine's words, each once."""
    told = [error for error in errors if not error.startswith(_ECHOES) and _TOLD_ELSEWHERE not in error]
    return "\n".join(
        dict.fromkeys(told or re.findall(r"^.*?error: (.+)$", printed, re.MULTILINE) or [printed])
    )


def _plain(message: str) -> str:
    """A rule's message in one line, without the engine's markup."""
    return " ".join(_MARKUP.sub("", message).split())
