"""A dynamic provider of others in the same stack behaves as if ours were not there, in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

# Notes of both providers' process: "+" and "-" as a call of the neighbour's begins and ends.
PROGRAM = """
import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

from pulumi_plusofon import ExternalNumber, NumberForwarding

NOTES = {notes!r}


def note(text):
    with open(NOTES, "a") as file:
        file.write(text + chr(10))


class Theirs(ResourceProvider):
    def configure(self, req):
        import logging
        logging.basicConfig(level=logging.INFO, format="theirs: %(message)s")

    def create(self, props):
        import concurrent.futures, threading, time
        if props["what"] == "fail":
            raise ValueError("their own error")
        if props["what"] == "pool":
            opened, running, most, lock = [], [0], [0], threading.Lock()
            def job(_):
                with lock:
                    running[0] += 1
                    most[0] = max(most[0], running[0])
                time.sleep(0.02)
                with lock:
                    running[0] -= 1
            with concurrent.futures.ThreadPoolExecutor(1, initializer=lambda: opened.append(1)) as pool:
                list(pool.map(job, range(12)))
            note(f"pool {{most[0]}} {{len(opened)}}")
        else:
            note("+")
            time.sleep(0.4)
            note("-")
        return CreateResult(props["what"], props)


class Their(Resource):
    def __init__(self, name, what, opts=None):
        super().__init__(Theirs(), name, {{"what": what}}, opts)


def theirs(after):
    opts = pulumi.ResourceOptions(depends_on=after)
    return [
        Their("pool", "pool", opts),
        *(Their(f"slow{{place}}", "slow", opts) for place in range(12)),
        *([Their("fail", "fail", opts)] if {fails} else []),
    ]


def ours(after):
    made = []
    for place in range(2):
        opts = pulumi.ResourceOptions(depends_on=after)
        number = ExternalNumber(
            f"n{{place}}", type="sipuri", number=f"44770090010{{place}}", host="a.example", adopt=True,
            opts=opts,
        )
        made.append(NumberForwarding(f"n{{place}}", number=number, type="group", group_id=9, cli_type="Y"))
    return made


{order}
"""


@pytest.mark.parametrize(
    "order",
    ["ours(theirs([]))", "theirs(ours([]))", "ours([]); theirs([])"],
    ids=["after", "before", "at once"],
)
def test_a_neighbours_calls_executors_errors_and_logs_are_as_without_us(
    stack: EngineStack, sandbox: SandboxServer, order: str
) -> None:
    notes = stack.folder / "notes"
    sandbox.seed({"type": "sipuri", "number": "447700900100", "host": "a.example"})
    program = stack.program / "__main__.py"
    program.write_text(PROGRAM.format(notes=str(notes), order=order, fails=False))
    said = stack.up(None, "--parallel", "32").text
    lines = notes.read_text().splitlines()
    running = most = 0
    for line in lines:
        running += {"+": 1, "-": -1}.get(line, 0)
        most = max(most, running)
    assert (lines.count("+"), most) == (12, 4), "the SDK serves four calls at once"
    assert "pool 1 1" in lines
    assert len(sandbox.account()) == 2
    assert said.partition("Diagnostics:")[2].count("447700900100: its forwarding is set as declared") == 1
    program.write_text(PROGRAM.format(notes=str(notes), order="ours([]); theirs([])", fails=True))
    said = stack.up(status=None).text
    assert "Traceback (most recent call last)" in said
    assert "ValueError: their own error" in said
