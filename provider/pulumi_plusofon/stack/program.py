"""The whole program of a stack whose numbers are data: a `__main__.py` needs to call one function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from .environments import require_own_environment
from .from_config import declare_configured
from .traces import leave_out_stack_traces

if TYPE_CHECKING:
    from pathlib import Path

    from .from_data import DeclaredNumber


def declare_stack(folder: Path) -> dict[str, DeclaredNumber]:
    """Declare the numbers of the project in `folder` from its data, and export what people ask for.

    Refuses settings that another stack of the project claims (`require_own_environment`), declares what the
    configuration or the file that it names says (`declare_configured`), and leaves stack traces out of the
    state. The output of each number's name has `number`, `e164`, `id`, `forwards_to` (as last set) and,
    of a `sipuri` number, `inbound_uri`. Raises `InputError` with one line per problem.
    """
    leave_out_stack_traces()
    require_own_environment(folder)
    declared = declare_configured(folder)
    for name, number in declared.items():
        pulumi.export(name, _facts(number))
    return declared


def _facts(declared: DeclaredNumber) -> dict[str, pulumi.Output[str | None] | None]:
    number = declared.number
    facts: dict[str, pulumi.Output[str | None] | None] = {
        "number": number.number,
        "e164": number.e164,
        "id": number.id,
        # As it was last set: the API does not return forwardings.
        "forwards_to": declared.forwards_to,
    }
    if declared.type == "sipuri":
        # The address that the number's operator sends the calls to.
        facts["inbound_uri"] = number.inbound_uri
    return facts
