"""The root stack: the numbers and forwardings that `numbers` in the stack's configuration declares."""

from pathlib import Path

import pulumi

from pulumi_plusofon.resources.declared import declare
from pulumi_plusofon.resources.environments import stay_in_environment

stay_in_environment(Path(__file__).parent)
for name, declared in declare(pulumi.Config().get_object("numbers")).items():
    number = declared.number
    facts: dict[str, pulumi.Output[str | None]] = {"number": number.number, "id": number.id}
    if declared.type == "sipuri":
        # What the number's operator has to be told.
        facts["inbound_uri"] = number.inbound_uri
    pulumi.export(name, facts)
