"""A hotline that rings in a group, and a second number that leads to it."""

import pulumi

from pulumi_plusofon import ExternalNumber, NumberForwarding, get_group

config = pulumi.Config()

hotline = ExternalNumber(
    "hotline",
    type="ate",
    number="+44 20 7946 0131",
    host="sip.operator.example",
    login="79460131",
    secret=config.require_secret("sipPassword"),
)
NumberForwarding("hotline", number=hotline, type="group", group_id=get_group(name="Support").id, cli_type="Y")

sales = ExternalNumber("sales", type="sipuri", number="+44 20 7946 0132", host="sip.operator.example")
NumberForwarding("sales", number=sales, type="number", destination_number=hotline.number, cli_type="N")

pulumi.export("the operator of sales sends calls to", sales.inbound_uri)
