"""Two external numbers: one registers at its operator, one is sent here by its operator."""

import pulumi

from pulumi_plusofon import ExternalNumber, NumberForwarding

config = pulumi.Config()

office = ExternalNumber(
    "office",
    type="ate",
    number="+44 7700 900131",
    host="sip.operator.example",
    login="900131",
    secret=config.require_secret("sipPassword"),
    wait_for_registration=30,
)
NumberForwarding("office", number=office, type="group", group_id=9, cli_type="Y")

sales = ExternalNumber("sales", type="sipuri", number="+44 7700 900132", host="sip.operator.example")
NumberForwarding(
    "sales",
    number=sales,
    type="bitrix",
    host="sales.bitrix24.example",
    cli_type="Y",
    type_default="number",
    destination_number="+1 202-555-0123",
    cli_type_default="N",
)

pulumi.export("tell the operator of sales to send calls to", sales.inbound_uri)
