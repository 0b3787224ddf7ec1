"""The root stack: the numbers that the stack's configuration, or a file that it names, declares."""

from pathlib import Path

import pulumi

from pulumi_plusofon.resources.configured import declare_configured
from pulumi_plusofon.resources.environments import stay_in_environment

FOLDER = Path(__file__).parent

stay_in_environment(FOLDER)
for name, declared in declare_configured(FOLDER).items():
    number = declared.number
    facts: dict[str, pulumi.Output[str | None]] = {"number": number.number, "id": number.id}
    if declared.type == "sipuri":
        # What the number's operator has to be told.
        facts["inbound_uri"] = number.inbound_uri
    pulumi.export(name, facts)
