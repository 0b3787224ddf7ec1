"""A create of a number that the account has: refused, taken over, recorded."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import ListedNumber, ReadOnlyError
from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER, FORWARDING, Diff, adoption
from pulumi_plusofon.session import (
    AccountSession,
    AlreadyConnectedError,
    ContradictedError,
    NoSecretError,
    NotInAccountError,
)
from unit.fake_account import FakeClient

if TYPE_CHECKING:
    from unit.clock import Clock

ATE = {
    "type": "ate",
    "number": "447700900101",
    "host": "sip.operator.example",
    "port": 5060,
    "login": "900101",
    "secret": "pa55-word",
    "adopt": False,
}
SIPURI = {"type": "sipuri", "number": "447700900102", "host": "a.example,b.example", "adopt": False}
FORWARD = {"number_type": "ate", "number_id": 101, "type": "group", "group_id": 9, "cli_type": "Y"}
KEEP = {**{name: value for name, value in ATE.items() if name != "secret"}, "keep_secret": True}
THERE = [
    ListedNumber(101, "ate", "447700900101", "900101@sip.operator.example", None, 42291, registered=True),
    ListedNumber(102, "sipuri", "447700900102", "b.example, a.example", "x@ext.plusofon.ru", 42291),
]


@pytest.fixture(autouse=True)
def no_waiting(clock: Clock) -> Clock:
    return clock


def _account(adopt: str, *listed: ListedNumber) -> tuple[AccountSession, FakeClient]:
    client = FakeClient(*(listed or THERE))
    client.settings = replace(client.settings, adopt=adopt)  # type: ignore[arg-type]  # one of its words
    return AccountSession(client), client


def _writes(client: FakeClient) -> list[str]:
    return [method for method in client.methods() if method not in ("list", "customer")]


@pytest.mark.parametrize("inputs", [ATE, SIPURI, KEEP])
def test_recording_takes_what_the_list_has_and_leaves_nothing_to_do(inputs: dict[str, Any]) -> None:
    account, client = _account("record")
    created = EXTERNAL_NUMBER.create(account, inputs)
    assert created.id in ("101", "102")
    assert EXTERNAL_NUMBER.diff(created.outputs, inputs).changed == []
    assert client.methods() == ["list"]


def test_a_recorded_resource_is_marked_until_it_is_another_runs_own() -> None:
    account, _ = _account("record")
    number = EXTERNAL_NUMBER.create(account, ATE).outputs
    forwarding = FORWARDING.create(account, FORWARD).outputs
    assert number["recorded"] is forwarding["recorded"] is True
    account, client = _account("refuse")
    read = EXTERNAL_NUMBER.read(account, "101", number)
    assert read is not None
    assert read.outputs["recorded"] is True
    # A number stays one that others connected; a forwarding that was set is the stack's.
    assert EXTERNAL_NUMBER.update(account, "101", number, {**ATE, "host": "b.example"})["recorded"] is True
    assert "recorded" not in FORWARDING.update(account, "ate/101", forwarding, {**FORWARD, "group_id": 12})
    assert _writes(client) == ["update", "forward"]
    account, _ = _account("update")
    assert "recorded" not in EXTERNAL_NUMBER.create(account, ATE).outputs


def test_two_hundred_numbers_and_forwardings_are_recorded_by_one_list_and_one_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    listed = [
        ListedNumber(1000 + place, "sipuri", f"447700901{place:03}", "a.example", None, 42291)
        for place in range(200)
    ]
    account, client = _account("record", *listed)
    for entry in listed:
        EXTERNAL_NUMBER.create(account, {**SIPURI, "number": entry.number, "host": "a.example"})
        forward = {**FORWARD, "number_type": "sipuri", "number_id": entry.id, "customer_id": 42291}
        created = FORWARDING.create(account, forward)
        assert FORWARDING.diff(created.outputs, forward).changed == []
    assert client.methods() == ["list"]
    (record,) = caplog.records
    assert record.getMessage() == adoption.ON_TRUST


@pytest.mark.parametrize(
    ("inputs", "source", "said"),
    [
        (ATE, "900101@other.example", "host: the account has other.example"),
        (ATE, "900102@sip.operator.example", "login: the account has 900102"),
        (ATE, "900101@sip.operator.example:5070", "port: the account has 5070"),
        (SIPURI, "a.example", "host: the account has a.example"),
        (SIPURI, "a.example,b.example,c.example", "host: the account has a.example,b.example,c.example"),
    ],
)
def test_recording_refuses_by_name_what_the_list_contradicts(
    inputs: dict[str, Any], source: str, said: str
) -> None:
    entry = replace(THERE[0 if inputs is ATE else 1], source=source)
    account, client = _account("record", entry)
    with pytest.raises(ContradictedError, match=rf"^{inputs['number']}: {said}.*nothing was recorded"):
        EXTERNAL_NUMBER.create(account, inputs)
    assert client.methods() == ["list"]


@pytest.mark.parametrize(
    "source", ["21201588169353@sip.plusofon.ru", None, "900101@SIP.operator.example:5060"]
)
def test_recording_trusts_a_source_that_shows_nothing_else(source: str | None) -> None:
    account, _ = _account("record", replace(THERE[0], source=source))
    assert EXTERNAL_NUMBER.create(account, ATE).id == "101"


@pytest.mark.parametrize(
    ("listed", "inputs", "source"),
    [
        (0, {**ATE, "host": "xn--e1afmkfd.xn--p1ai"}, "900101@ПРИМЕР.рф"),
        (1, {**SIPURI, "host": "xn--e1afmkfd.xn--p1ai,a.example"}, "A.example, пример.рф"),
        (1, SIPURI, ""),
        (1, SIPURI, None),
    ],
)
def test_servers_are_compared_in_their_dns_form_where_the_list_shows_any(
    listed: int, inputs: dict[str, Any], source: str | None
) -> None:
    account, client = _account("record", replace(THERE[listed], source=source))
    assert EXTERNAL_NUMBER.create(account, inputs).id == str(THERE[listed].id)
    assert client.methods() == ["list"]


def test_recording_refuses_what_the_account_does_not_have() -> None:
    account, client = _account("record")
    with pytest.raises(NotInAccountError, match=r"^447700900177 is not in the account"):
        EXTERNAL_NUMBER.create(account, {**ATE, "number": "447700900177"})
    with pytest.raises(
        NotInAccountError, match=r"^the forwarding of ate/177: the account has no such number"
    ):
        FORWARDING.create(account, {**FORWARD, "number_id": 177})
    with pytest.raises(AlreadyConnectedError, match=r"as type ate, not sipuri.*: declare type ate"):
        EXTERNAL_NUMBER.create(account, {**SIPURI, "number": ATE["number"]})
    assert client.methods() == ["list"]


def test_a_recording_run_changes_and_deletes_nothing() -> None:
    account, client = _account("record")
    outputs = EXTERNAL_NUMBER.create(account, ATE).outputs
    account, client = _account("record")
    client.connect = client.update = client.disconnect = client.forward = _refused  # type: ignore[method-assign,assignment]  # as the client does
    with pytest.raises(ReadOnlyError):
        EXTERNAL_NUMBER.update(account, "101", outputs, {**ATE, "host": "new.example"})
    with pytest.raises(ReadOnlyError):
        EXTERNAL_NUMBER.delete(account, "101", outputs)
    with pytest.raises(ReadOnlyError):
        FORWARDING.delete(account, "ate/101", FORWARD)


def _refused(*_: object) -> None:
    raise ReadOnlyError("this", "not sent")


def test_the_run_can_adopt_as_a_resource_does() -> None:
    account, client = _account("update")
    created = EXTERNAL_NUMBER.create(account, ATE)
    assert (created.id, _writes(client)) == ("101", ["update"])


def test_a_number_that_is_refused_is_never_said_to_be_removed_from_the_account() -> None:
    account, client = _account("refuse")
    with pytest.raises(AlreadyConnectedError) as caught:
        EXTERNAL_NUMBER.create(account, ATE)
    assert "aliases=[pulumi.Alias(name=...)]" in str(caught.value)
    assert "adopt=True" in str(caught.value)
    assert "remove" not in str(caught.value)
    assert client.methods() == ["list"]


def test_adopting_with_fewer_servers_is_refused_by_name() -> None:
    account, client = _account("refuse")
    with pytest.raises(ContradictedError, match=r"taking it over would remove b.example"):
        EXTERNAL_NUMBER.create(account, {**SIPURI, "host": "a.example", "adopt": True})
    assert client.methods() == ["list"]
    created = EXTERNAL_NUMBER.create(
        account, {**SIPURI, "host": "c.example,a.example,b.example", "adopt": True}
    )
    assert created.id == "102"


@pytest.mark.parametrize("adopt", ["refuse", "update"])
def test_a_number_whose_password_is_kept_is_neither_connected_nor_changed(adopt: str) -> None:
    account, client = _account(adopt)
    for number in ("447700900101", "447700900177"):
        inputs = {**KEEP, "number": number, "adopt": True}
        with pytest.raises(NoSecretError, match=rf"^{number}: the SIP password is not known here"):
            EXTERNAL_NUMBER.create(account, inputs)
    assert _writes(client) == []
    account, _ = _account("record")
    outputs = EXTERNAL_NUMBER.create(account, KEEP).outputs
    account, client = _account("refuse")
    with pytest.raises(NoSecretError, match="give secret in place of keep_secret"):
        EXTERNAL_NUMBER.update(account, "101", outputs, {**KEEP, "host": "new.example"})
    assert EXTERNAL_NUMBER.read(account, "101", outputs)
    EXTERNAL_NUMBER.delete(account, "101", outputs)
    assert _writes(client) == ["disconnect"]


def test_keeping_a_password_from_now_on_sends_nothing_and_forgets_it() -> None:
    account, _ = _account("update")
    outputs = EXTERNAL_NUMBER.create(account, ATE).outputs
    account, client = _account("refuse")
    assert EXTERNAL_NUMBER.diff(outputs, KEEP).changed
    updated = EXTERNAL_NUMBER.update(account, "101", outputs, KEEP)
    assert client.calls == []
    assert updated.get("secret") is None
    assert EXTERNAL_NUMBER.diff(updated, KEEP).changed == []


@pytest.mark.parametrize(
    ("inputs", "problems"),
    [
        (KEEP, []),
        ({**ATE, "keep_secret": False}, []),
        ({**ATE, "keep_secret": True}, ["keep_secret: cannot be given together with secret"]),
        ({**KEEP, "keep_secret": False}, ["secret: is required for type ate"]),
        (
            {**SIPURI, "host": "a.example", "keep_secret": True},
            ["keep_secret: is not allowed for type sipuri"],
        ),
        (
            {**KEEP, "keep_secret": "yes"},
            ["secret: is required for type ate", "keep_secret: must be true or"],
        ),
    ],
)
def test_a_password_is_given_or_kept(inputs: dict[str, Any], problems: list[str]) -> None:
    checked = EXTERNAL_NUMBER.check(inputs)
    assert len(checked.problems) == len(problems)
    assert all(
        str(problem).startswith(start) for problem, start in zip(checked.problems, problems, strict=True)
    )
    # A number that keeps nothing looks as it did before there was such a field.
    keeps = inputs.get("keep_secret") is True and inputs["type"] == "ate"
    assert ("keep_secret" in checked.inputs) is keeps


REPLACED = "its forwarding is set as declared; what was set there before"


def test_a_forwarding_set_on_a_number_of_others_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    account, _ = _account("update")
    EXTERNAL_NUMBER.create(account, ATE)
    assert FORWARDING.create(account, FORWARD).outputs["customer_id"] == 42291
    (record,) = (record for record in caplog.records if REPLACED in record.getMessage())
    assert record.getMessage().startswith("447700900101: ")
    assert record.levelno == logging.WARNING


def test_a_forwarding_set_later_on_a_number_that_was_taken_over_is_reported(
    caplog: pytest.LogCaptureFixture,
) -> None:
    account, _ = _account("update")
    outputs = EXTERNAL_NUMBER.create(account, ATE).outputs
    for kept in (
        outputs,
        EXTERNAL_NUMBER.update(_account("refuse")[0], "101", outputs, {**ATE, "login": "x"}),
    ):
        account, _ = _account("refuse")
        EXTERNAL_NUMBER.keep(account, kept)
        caplog.clear()
        FORWARDING.create(account, FORWARD)
        assert [REPLACED in record.getMessage() for record in caplog.records] == [True]


def test_a_forwarding_of_a_number_that_the_stack_connected_is_not_reported(
    caplog: pytest.LogCaptureFixture,
) -> None:
    account, client = _account("refuse", THERE[1])
    created = EXTERNAL_NUMBER.create(account, ATE)
    FORWARDING.create(account, {**FORWARD, "number_id": int(created.id)})
    later = AccountSession(client)
    EXTERNAL_NUMBER.keep(later, created.outputs)
    FORWARDING.create(later, {**FORWARD, "number_id": int(created.id)})
    assert caplog.records == []


def test_a_forwarding_that_replaces_the_stacks_own_is_not_reported(caplog: pytest.LogCaptureFixture) -> None:
    account, _ = _account("refuse")
    FORWARDING.delete(account, "ate/101", FORWARD)
    FORWARDING.create(account, FORWARD)
    assert caplog.records == []


@pytest.mark.parametrize("registered", [True, False])
def test_a_number_that_was_registered_until_it_was_taken_over_is_reported(
    caplog: pytest.LogCaptureFixture, *, registered: bool
) -> None:
    account, _ = _account("update", replace(THERE[0], registered=registered))
    EXTERNAL_NUMBER.create(account, ATE)
    said = [record.getMessage() for record in caplog.records]
    assert any("was registered before it was taken over, and is not" in line for line in said) is registered


def test_set_again_sets_the_forwarding_anew_and_is_sent_nowhere() -> None:
    account, client = _account("refuse")
    again = {**FORWARD, "set_again": "2026-11-25"}
    assert FORWARDING.diff(FORWARD, again) == Diff(["set_again"], [])
    assert FORWARDING.update(account, "ate/101", FORWARD, again) == again
    assert client.named("forward") == [("forward", FORWARD)]
    assert FORWARDING.check({**again, "type": "empty", "group_id": None, "cli_type": None}).problems == []
