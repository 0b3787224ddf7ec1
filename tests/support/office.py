"""The office: one number and its forwarding, a program that a test rewrites; do state and account agree?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from support.repository import ROOT

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack

NUMBER: Final = "447700900101"
ANOTHER: Final = "447700900102"
OFFICE: Final = "ExternalNumber office"
FORWARD: Final = "NumberForwarding forward"
GROUP: Final = {"type": "group", "group_id": 9, "cli_type": "Y"}
_PROGRAM: Final = (ROOT / "tests" / "fixtures" / "office.py.txt").read_text()
_IN_THE_WAY: Final = "447700900177"
# Fails when all else is done, as long as the number that it declares is in the account.
_FAILS: Final = f"""
ExternalNumber(
    "fails", type="sipuri", number="{_IN_THE_WAY}", host="sip.operator.example",
    opts=ResourceOptions(depends_on=[number, forwarding]),
)
"""


def declare(stack: EngineStack, **given: str) -> None:
    """Make the program the office; options are written as a program writes them."""
    said = defaultdict(str, {"name": "office", "forward": "forward", "number": NUMBER} | given)
    (stack.program / "__main__.py").write_text(_PROGRAM.format_map(said))


def agree(stack: EngineStack) -> dict[str, dict[str, Any]]:
    """The state's resources, each of which the account has as the state says; nor has it more numbers."""
    held = {entry["id"]: entry for entry in stack.sandbox.account()}
    # What a failed replacement has deleted, and not yet made again, is marked so in the state.
    resources = {
        key: resource for key, resource in stack.resources().items() if not resource.get("pendingReplacement")
    }
    numbers = {
        int(resource["id"]): resource
        for key, resource in resources.items()
        if key.startswith("ExternalNumber")
    }
    assert {key: entry["number"] for key, entry in held.items()} == {
        key: resource["outputs"]["number"] for key, resource in numbers.items()
    }
    for key, resource in resources.items():
        if key.startswith("NumberForwarding"):
            kept = {field: resource["outputs"][field] for field in GROUP}
            assert held[resource["outputs"]["number_id"]]["forwarding"] == kept == GROUP
            assert (
                resource["id"] == f"{resource['outputs']['number_type']}/{resource['outputs']['number_id']}"
            )
    return resources


def fail_before_the_deletions(stack: EngineStack, *options: str, **given: str) -> None:
    """An `up` of the office that creates and changes all there is, fails, and so deletes nothing."""
    in_the_way = {"type": "sipuri", "number": _IN_THE_WAY, "host": "sip.operator.example"}
    (blocking,) = stack.sandbox.seed(in_the_way)
    declare(stack, also=_FAILS, **given)
    stack.up(None, *options, status=None)
    stack.sandbox.remove(blocking)
