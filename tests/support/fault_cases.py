"""The faults of the matrix as data: what is ordered of the sandbox, and what the provider makes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from support.tracebacks import shows_no_traceback

# A request in time takes milliseconds here; the distance between the two keeps a busy machine out of it.
TIMEOUT = "0.5"
_SLOW = 1.0

_LOOK = "; it may have been done all the same: the next `pulumi up` looks and continues from there"
_LOWER = "; lower plusofon:requestsPerSecond to what the account allows"
_LATER = "; the API has trouble of its own: try again a little later, and if it stays so ask the vendor"
_RIGHT = "; if it says no access, the account lacks the right to this: ask its owner or the vendor"
_CORRECT = "; the API did not do it: correct what it objects to, then try again"
_OF_A_READ = {
    _LOOK: "; try again a little later",
    _CORRECT: "; correct what it objects to, then try again",
}

_DIAGNOSTICS = re.compile(r"^  \S+ \((\S+)\):\n((?:    .*\n|\n)+)", re.MULTILINE)


@dataclass(frozen=True)
class FaultCase:
    """One fault.

    `kind` and `more` are the sandbox's order; `repeated` says whether the provider tries again after it, and
    `done` whether the server has acted all the same; `expected` is what a person reads when it lasts.
    """

    name: str
    kind: str
    expected: str
    more: dict[str, Any] = field(default_factory=dict)
    repeated: bool = True
    done: bool = False

    @property
    def reason(self) -> str:
        """What happened, without what to do next."""
        return self.expected.partition("; ")[0]

    @property
    def expected_of_a_read(self) -> str:
        """What a person reads where nothing can have been changed."""
        reason, _, advice = self.expected.partition("; ")
        return reason + _OF_A_READ.get(f"; {advice}", f"; {advice}")

    def order(self, **narrowed: Any) -> dict[str, Any]:
        """The order for `SandboxServer.fault`, for one operation or number."""
        return {"kind": self.kind, **self.more, **narrowed}


def _answered(name: str, status: int, message: str, advice: str = "", **more: Any) -> FaultCase:
    return FaultCase(
        name,
        "status",
        f"HTTP {status}: {message or 'Internal Server Error'}{advice}",
        {"status": status, "message": message, **more},
        # The vendor says 500 with a message for "no access".
        repeated=status != 500 or not message,
        done=more.get("when") == "after",
    )


_CLOSED = f"the connection was closed before a whole answer came{_LOOK}"
CASES = (
    FaultCase("closed-before", "close-before", _CLOSED),
    FaultCase("closed-after", "close-after", _CLOSED, done=True),
    _answered("429", 429, "too many requests", _LOWER),
    _answered("429-after-1", 429, "too many requests", _LOWER, retry_after="1"),
    _answered("429-after-0", 429, "too many requests", _LOWER, retry_after="0"),
    _answered("500-no-access", 500, "no access", _RIGHT),
    _answered("500-silent", 500, "", _LATER),
    _answered("502", 502, "the gateway is down", _LATER),
    _answered("503", 503, "down for maintenance", _LATER),
    _answered("503-done", 503, "down for maintenance", _LATER, when="after"),
    FaultCase("slow", "slow", f"no answer within {TIMEOUT} s{_LOOK}", {"seconds": _SLOW}, done=True),
    FaultCase("half-body", "half-body", _CLOSED, done=True),
    FaultCase("html", "html", f"HTTP 200: the answer is not the API's JSON{_LOOK}"),
    FaultCase(
        "refused", "refuse", f"HTTP 200: not today{_CORRECT}", {"message": "not today"}, repeated=False
    ),
)
# Only the list can be empty. That is a valid answer and no error: it is doubted where a number is known.
EMPTY_LIST = FaultCase("empty-list", "empty-list", "")
# A server that limits for ever is waited for for ten minutes, which no test of the engine is.
LASTING = tuple(case for case in CASES if not case.name.startswith("429"))
PASSING = tuple(case for case in CASES if case.repeated)
PASSING_LISTS = (EMPTY_LIST, *PASSING)


def expected(said: str) -> dict[str, str]:
    """What a failed command tells a person, by resource: one line of ours each, the stack's own left out."""
    assert shows_no_traceback(said)
    errors = {}
    for resource, text in _DIAGNOSTICS.findall(
        said.partition("Diagnostics:\n")[2].partition("Outputs:\n")[0]
    ):
        if resource != "engine-test-test":
            lines = text.strip().splitlines()
            assert len(lines) == 1, text
            errors[resource] = lines[0].removeprefix("error: plusofon: ")
    return errors
