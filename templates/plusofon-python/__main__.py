"""An external number and where its calls go. Declare more of them below, then run `pulumi up`."""

import pulumi

from pulumi_plusofon import ExternalNumber, NumberForwarding, get_group
from pulumi_plusofon.stack import leave_out_stack_traces

# The state is half as large without them.
leave_out_stack_traces()
config = pulumi.Config()

office = ExternalNumber(
    "office",
    type="ate",
    number=config.require("number"),
    host=config.require("host"),
    login=config.require("login"),
    secret=config.require_secret("sipPassword"),
    wait_for_registration=30,
)
NumberForwarding(
    "office",
    number=office,
    type="group",
    group_id=get_group(name=config.require("group")).id,
    cli_type="Y",
)
pulumi.export("office", {"number": office.number, "id": office.id})
