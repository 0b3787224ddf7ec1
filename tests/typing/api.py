"""Programs as type checkers see them: never run, checked by `make lint`.

Each `type: ignore` stands at a mistake that has to be one: where it is none, mypy reports it as unused.
"""

from __future__ import annotations

import pulumi

from pulumi_plusofon import (
    Account,
    ExternalNumber,
    ListedNumber,
    NumberForwarding,
    RegistrationStatus,
    get_external_number,
    get_external_numbers,
    get_registration_status,
)

config = pulumi.Config()
password: pulumi.Output[str] = config.require_secret("sipPassword")
promised: pulumi.Output[int] = pulumi.Output.from_input(9)

office = ExternalNumber(
    "office",
    type="ate",
    number="+44 7700 900131",
    host="sip.operator.example",
    port=5061,
    login=900131,
    secret=password,
    wait_for_registration=60,
    opts=pulumi.ResourceOptions(protect=True),
)
several = ExternalNumber("several", type="sipuri", number=447700900132, host=["a.example", password])
ExternalNumber("unknown", type="ate", number="+44 7700 900133", host="a.example", login="x", keep_secret=True)

digits: pulumi.Output[str] = office.number
number_id: pulumi.Output[int | None] = office.number_id
address: pulumi.Output[str | None] = several.inbound_uri

NumberForwarding("office", number=office, type="group", group_id=promised, cli_type="Y")
NumberForwarding(
    "by-id", number_type="ate", number_id="101", type="number", destination_number=digits, cli_type="N"
)
NumberForwarding(
    "crm",
    number=several,
    type="bitrix",
    host="a.bitrix24.example",
    type_default="sip",
    sip_id=4,
    cli_type="Y",
)
NumberForwarding("none", number_type="sipuri", number_id=102, type="empty", set_again="2026-11-25")

beside = Account("beside", token=password, customer_id=42292, read_only=True)
token: pulumi.Output[str] = config.require_secret("secondToken")
second = Account("second", token=token, customer_id=42292)
ExternalNumber(
    "there",
    type="sipuri",
    number="+44 7700 900134",
    host="a.example",
    opts=pulumi.ResourceOptions(provider=second),
)

listed: tuple[ListedNumber, ...] = get_external_numbers()
listed_number: ListedNumber = get_external_number(number="+44 7700 900131")
statuses: tuple[RegistrationStatus, ...] = get_registration_status(logins=["900131"])
listed_id: int | None = listed_number.id

ExternalNumber("kind", type="АТС", number="1", host="a.example")  # type: ignore[arg-type]
ExternalNumber("port", type="ate", number="1", host="a.example", port="5060")  # type: ignore[arg-type]
ExternalNumber("no host", type="ate", number="1")  # type: ignore[call-arg]
ExternalNumber("positional", "ate", "1", "a.example")  # type: ignore[call-arg]
NumberForwarding("kind", number=office, type="voicemail")  # type: ignore[arg-type]
NumberForwarding("crm", number=office, type="amo", type_default="amo")  # type: ignore[arg-type]
NumberForwarding("caller", number=office, type="empty", cli_type="yes")  # type: ignore[arg-type]
NumberForwarding("text", number="101", type="empty")  # type: ignore[arg-type]
get_external_number("+44 7700 900131")  # type: ignore[call-arg]
listed_number.number = "2"  # type: ignore[misc]
