"""The root stack: the numbers that the stack's configuration, or a file that it names, declares."""

from pathlib import Path

import pulumi

from pulumi_plusofon.stack import declare_configured, leave_out_stack_traces, require_own_environment

FOLDER = Path(__file__).parent

leave_out_stack_traces()
require_own_environment(FOLDER)
for name, declared in declare_configured(FOLDER).items():
    number = declared.number
    facts: dict[str, pulumi.Output[str | None] | None] = {
        "number": number.number,
        "id": number.id,
        # As it was last set: the API does not return forwardings.
        "forwards_to": declared.forwards_to,
    }
    if declared.type == "sipuri":
        # The address that the number's operator sends the calls to.
        facts["inbound_uri"] = number.inbound_uri
    pulumi.export(name, facts)
