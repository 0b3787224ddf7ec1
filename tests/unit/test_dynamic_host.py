"""The lifecycle as the engine calls it: floats and unknowns in, lines for a person out."""

from __future__ import annotations

import base64
import logging
import pickle
import traceback
from typing import TYPE_CHECKING, Any

import pulumi.output
import pytest
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.dynamic.dynamic import serialize_provider

from pulumi_plusofon.hosts import dynamic_sdk
from pulumi_plusofon.hosts.dynamic import ExternalNumberProvider, NumberForwardingProvider
from pulumi_plusofon.hosts.reporting import Failure
from support.provider_stack import new_process
from unit.bad_inputs import ATE, HIDDEN, SIP
from unit.wire import TOKEN, Answer, Wire, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from unit.clock import Clock

# These stand in the state of every stack: whatever else changes, these may not.
STATE_FORMAT = {
    ExternalNumberProvider: (
        "gASVPwAAAAAAAACMHXB1bHVtaV9wbHVzb2Zvbi5ob3N0cy5keW5hbWljlIwWRXh0ZXJuYWxOdW1iZXJQcm92aWRlcpSTlCmBlC4="
    ),
    NumberForwardingProvider: (
        "gASVQQAAAAAAAACMHXB1bHVtaV9wbHVzb2Zvbi5ob3N0cy5keW5hbWljlIwYTnVtYmVyRm9yd2FyZGluZ1Byb3ZpZGVylJOUKYGULg=="
    ),
}
SUCCESS = Answer()
FORWARD = {**SIP, "number_type": "ate", "number_id": 101.0, "__provider": "gASV"}
LISTED = {"id": 101, "type": "АТС", "number": ATE["number"], "source": "a@b", "customer_id": 42291}
# What the engine hands over: its numbers are floats, and what is None is left out.
AS_FLOATS = {**ATE, "port": 5060.0, "adopt": False, "__provider": "gASV"}


def listing(*items: dict[str, Any]) -> Answer:
    return Answer(body={"external_numbers": list(items), "success": True})


def unknown() -> pulumi.output.Unknown:
    return pulumi.output.Unknown()  # type: ignore[no-untyped-call]  # the SDK's


@pytest.fixture(autouse=True)
def fresh_process() -> Iterator[None]:
    """What `configure` changes in its process is put back."""
    with new_process():
        yield


@pytest.fixture
def configure(wire: Wire, clock: Clock) -> Callable[..., None]:
    """Configure the process with a token, the server of this test, and what else is said."""
    assert clock.slept == []

    def configured(**more: str | None) -> None:
        config = {"token": TOKEN, "baseUrl": wire.url, "maxRetries": "0", **more}
        pairs = {f"plusofon:{key}": value for key, value in config.items() if value is not None}
        # A key of another namespace: the configuration is a stack's, not that of an `Account`.
        ExternalNumberProvider().configure(ConfigureRequest(Config({"project:x": "1", **pairs}, "project")))

    return configured


@pytest.fixture
def number(configure: Callable[..., None]) -> ExternalNumberProvider:
    configure()
    return ExternalNumberProvider()


@pytest.fixture
def forwarding(configure: Callable[..., None]) -> NumberForwardingProvider:
    configure()
    return NumberForwardingProvider()


@pytest.mark.parametrize("provider", STATE_FORMAT)
def test_data_in_a_stacks_state_never_change(provider: type[ExternalNumberProvider]) -> None:
    assert serialize_provider(provider()) == STATE_FORMAT[provider]


@pytest.mark.parametrize("provider", STATE_FORMAT)
def test_the_state_names_a_provider_and_holds_nothing_of_it(provider: type[ExternalNumberProvider]) -> None:
    state = base64.b64decode(STATE_FORMAT[provider])
    assert len(state) < 100
    restored = pickle.loads(state)  # noqa: S301 - pinned in this file
    assert type(restored) is provider
    assert vars(restored) == {}


def test_a_configured_provider_still_holds_nothing(number: ExternalNumberProvider) -> None:
    assert vars(number) == {}
    assert serialize_provider(number) == STATE_FORMAT[ExternalNumberProvider]


def test_inputs_come_out_of_check_in_their_one_form(number: ExternalNumberProvider) -> None:
    result = number.check({}, {**AS_FLOATS, "number": 79104445566.0})
    assert result.failures == []
    assert result.inputs == {**ATE, "adopt": False}
    assert type(result.inputs["port"]) is int


def test_a_number_that_two_resources_declare_is_refused_in_the_check_of_the_second(
    number: ExternalNumberProvider, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(name: str, kind: str = "ExternalNumber", **news: Any) -> list[str]:
        urn = f"urn:pulumi:dev::project::{kind}::{name}"
        monkeypatch.setattr(dynamic_sdk, "urn", lambda: urn)
        provider = number if kind.endswith("Number") else NumberForwardingProvider()
        inputs = AS_FLOATS if provider is number else FORWARD
        return [failure.reason for failure in provider.check({}, {**inputs, **news}).failures]

    assert check("office") == []
    assert check("office") == [], "the engine checks what it replaces twice"
    assert check("shop", number=unknown()) == []
    assert check("shop", type="sipuri") != [], "no good input declares nothing"
    assert check("shop", number="79104445568") == []
    twice = f"{ATE['number']}: declared by ExternalNumber office and by"
    assert check("depot") == [f"{twice} ExternalNumber depot; remove one of the two"]
    below = "office:Home$pulumi-python:dynamic/plusofon:ExternalNumber"
    assert check("office", below) == [f"{twice} office:Home$ExternalNumber office; remove one of the two"]
    assert check("office", "NumberForwarding") == []
    assert check("office", "NumberForwarding", number_id=unknown()) == []
    assert check("shop", "NumberForwarding", number_id="102") == []
    [second] = check("depot", "NumberForwarding", number_id="101")
    assert second == (
        "the forwarding of ate/101: declared by NumberForwarding office and by NumberForwarding depot;"
        " remove one of the two"
    )
    assert wire.methods() == []


def test_a_check_whose_resource_is_not_known_declares_nothing(number: ExternalNumberProvider) -> None:
    # As under an SDK that is built otherwise: what is written is claimed all the same.
    assert [number.check({}, AS_FLOATS).failures for _ in range(2)] == [[], []]


def test_an_unknown_input_stays_the_engines_own(number: ExternalNumberProvider) -> None:
    news = {**AS_FLOATS, "host": unknown(), "login": [unknown()]}
    result = number.check({}, news)
    assert result.failures == []
    assert result.inputs["host"] is news["host"]
    assert result.inputs["login"] is news["login"]


def test_a_bad_secret_is_reported_without_its_property(number: ExternalNumberProvider) -> None:
    # The engine would print the value of a property that a failure names.
    result = number.check({}, {**AS_FLOATS, "secret": f"{HIDDEN}\n", "port": 0.0})
    assert [(failure.property, failure.reason.split(": ")[0]) for failure in result.failures] == [
        ("", "port"),
        ("", "secret"),
    ]
    assert not any(HIDDEN in failure.reason for failure in result.failures)


def test_a_bad_configuration_is_reported_before_bad_inputs(configure: Callable[..., None]) -> None:
    configure(token=None)
    with pytest.raises(Failure, match="plusofon:token: missing"):
        ExternalNumberProvider().check({}, {"type": "bad"})


def test_a_misspelt_key_ends_every_step_before_anything_is_sent(
    configure: Callable[..., None], wire: Wire
) -> None:
    configure(customerID="42291")
    expected = "plusofon:customerID: is no setting; did you mean plusofon:customerId?"
    with pytest.raises(Failure, match=expected):
        ExternalNumberProvider().check({}, ATE)
    # The guard that it was to set would be off in these, too.
    for step in (
        lambda: ExternalNumberProvider().create(ATE),
        lambda: ExternalNumberProvider().delete("101", AS_FLOATS),
        lambda: NumberForwardingProvider().read("ate/101", {}),
    ):
        with pytest.raises(Failure, match="configuration"):
            step()
    assert wire.asked == []


def test_a_misspelt_variable_is_reported_once_and_stops_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, configure: Callable[..., None]
) -> None:
    monkeypatch.setenv("PLUSOFON_CUSTOMERID", "42291")
    configure()
    configure()
    expected = "plusofon: PLUSOFON_CUSTOMERID: is no setting, did you mean PLUSOFON_CUSTOMER_ID?\n"
    assert capsys.readouterr().err == expected
    assert ExternalNumberProvider().check({}, ATE).failures == []


def test_the_same_bad_configuration_is_reported_in_full_once(configure: Callable[..., None]) -> None:
    configure(token=None)
    texts = []
    for _ in range(5):
        with pytest.raises(Failure) as caught:
            ExternalNumberProvider().check({}, ATE)
        texts.append(str(caught.value))
    assert [text for text in texts if "missing" in text] == texts[:1]
    assert all("configuration" in text for text in texts[1:])


def test_floats_are_no_difference(number: ExternalNumberProvider) -> None:
    result = number.diff("101", {**AS_FLOATS, "number_id": 101.0}, {**AS_FLOATS, "port": 5060})
    assert (result.changes, result.replaces) == (False, [])


@pytest.mark.parametrize(
    ("changed", "replaces"),
    [
        ({"host": "other.example.com"}, []),
        ({"number": "79104445567"}, ["number"]),
        ({"type": "sipuri"}, ["type"]),
    ],
)
def test_a_replacement_deletes_first(
    number: ExternalNumberProvider, changed: dict[str, Any], replaces: list[str]
) -> None:
    result = number.diff("101", AS_FLOATS, {**AS_FLOATS, **changed})
    assert (result.changes, result.replaces) == (True, replaces)
    assert result.delete_before_replace is bool(replaces)


def test_an_unknown_number_id_replaces_a_forwarding(forwarding: NumberForwardingProvider) -> None:
    result = forwarding.diff("ate/17", {**SIP, "number_id": 17.0}, {**SIP, "number_id": unknown()})
    assert result.replaces == ["number_id"]


def test_an_id_as_text_is_the_one_in_the_state(forwarding: NumberForwardingProvider) -> None:
    inputs = forwarding.check({}, {**SIP, "number_id": "17"}).inputs
    assert forwarding.diff("ate/17", {**SIP, "number_id": 17.0}, inputs).changes is False


def test_check_and_diff_ask_the_api_nothing(number: ExternalNumberProvider, wire: Wire) -> None:
    number.check({}, AS_FLOATS)
    number.diff("101", AS_FLOATS, AS_FLOATS)
    assert wire.asked == []


@pytest.mark.parametrize(
    ("news", "asked"), [({}, []), ({"host": "other.example.com"}, ["GET", "DELETE", "GET"])]
)
def test_a_resource_declared_unchanged_survives_a_leftover_delete_of_the_same_run(
    number: ExternalNumberProvider, wire: Wire, news: dict[str, Any], asked: list[str]
) -> None:
    wire.script(listing(LISTED), SUCCESS, listing())
    number.diff("101", AS_FLOATS, {**AS_FLOATS, **news})
    number.delete("101", AS_FLOATS)
    assert wire.methods() == asked


def test_a_number_is_created_with_whole_numbers(number: ExternalNumberProvider, wire: Wire) -> None:
    wire.script(listing(), listing(), SUCCESS, listing(LISTED))
    created = number.create(AS_FLOATS)
    assert wire.methods() == ["GET", "GET", "PUT", "GET"]
    assert wire.asked[2].body.count(b"5060.0") == 0
    assert created.id == "101"
    assert created.outs == {
        **ATE,
        "adopt": False,
        "number_id": 101,
        "source": "a@b",
        "inbound_uri": None,
        "customer_id": 42291,
    }


def test_a_number_that_is_there_is_read_with_its_outputs(number: ExternalNumberProvider, wire: Wire) -> None:
    wire.script(listing(LISTED))
    read = number.read("101", AS_FLOATS)
    assert read.id == "101"
    assert read.outs
    assert read.outs["number_id"] == 101


def test_a_number_that_is_gone_is_read_as_nothing(number: ExternalNumberProvider, wire: Wire) -> None:
    wire.script(listing())
    read = number.read("101", {**AS_FLOATS, "number_id": 101.0})
    assert (read.id, read.outs) == ("", {})


def test_an_update_leaves_all_outputs(forwarding: NumberForwardingProvider) -> None:
    result = forwarding.update("ate/17", SIP, {**SIP, "sip_id": 5.0})
    assert result.outs == {**SIP, "sip_id": 5}


def test_a_forwarding_is_cleared_with_a_whole_id(forwarding: NumberForwardingProvider, wire: Wire) -> None:
    wire.script(listing({**LISTED, "id": 17}), SUCCESS)
    forwarding.delete("ate/17", {**SIP, "number_id": 17.0})
    assert wire.asked[-1].json == {"number_type": "ate", "number_id": 17, "type": "empty"}


def test_a_failure_is_reported_in_one_line_without_a_traceback(
    number: ExternalNumberProvider, wire: Wire
) -> None:
    wire.script(listing(), listing(), refusal(400, f"bad password {ATE['secret']}"))
    with pytest.raises(Failure) as caught:
        number.create(AS_FLOATS)
    assert caught.value.in_one_line == (
        "plusofon: connecting 79104445566: HTTP 400: bad password [secret];"
        " the API did not do it: correct what it objects to, then try again"
    )


def test_an_error_of_our_own_shows_no_value(
    number: ExternalNumberProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise KeyError(HIDDEN)

    monkeypatch.setattr(number.lifecycle, "create", broken)
    with pytest.raises(
        Failure, match="an error in pulumi_plusofon itself, please report it: KeyError"
    ) as caught:
        number.create(AS_FLOATS)
    assert HIDDEN not in "".join(traceback.format_exception(caught.value))


def test_an_error_of_our_own_is_reported_with_its_place(
    number: ExternalNumberProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise KeyError(HIDDEN)

    monkeypatch.setattr(number.lifecycle, "diff", broken)
    with pytest.raises(Failure, match=r"KeyError at test_dynamic_host\.py:[0-9]+ < dynamic\.py:[0-9]+"):
        number.diff("101", AS_FLOATS, AS_FLOATS)


def test_notices_reach_the_person_once_and_details_never(
    capsys: pytest.CaptureFixture[str], configure: Callable[..., None]
) -> None:
    configure()
    configure()
    log = logging.getLogger("pulumi_plusofon.lifecycle")
    log.info("left connected")
    log.debug("GET /api")
    assert capsys.readouterr().err == "plusofon: left connected\n"
