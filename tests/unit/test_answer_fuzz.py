"""Whatever the API answers: a value or a clear error, and never "gone" from a list that is not one."""

from __future__ import annotations

import copy
import json
import sys
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from pulumi_plusofon.api import ApiError, Client, Connection, facts
from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER, FORWARDING
from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.session import AccountSession
from unit.wire import Answer, Wire

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBER, ID = "79104445566", 101
GIVEN: dict[str, Any] = {
    "number": NUMBER,
    "host": "sip.example.com",
    "port": 5060,
    "login": "111",
    "secret": "pa55-word",
}
INPUTS = {"type": "ate", "adopt": False, **GIVEN}
OUTPUTS = {**INPUTS, "number_id": ID, "source": "111@sip.example.com", "inbound_uri": None, "customer_id": 1}
ATE = Connection(type="ate", **GIVEN)
FORWARD = {"number_type": "ate", "number_id": ID, "type": "empty"}

OPERATIONS: dict[str, Callable[[Client], object]] = {
    "list": Client.list_numbers,
    "status": lambda client: client.registration_statuses(["111"]),
    "customer": facts.customer,
    "user": facts.user,
    "balance": facts.balance,
    "directions": facts.directions,
    "connect": lambda client: client.connect(ATE),
    "update": lambda client: client.update(ID, ATE),
    "forward": lambda client: client.forward(FORWARD),
    "disconnect": lambda client: client.disconnect("ate", ID, NUMBER),
}
# What the API says of the account itself needs no `success`.
FACTS = ("customer", "user", "balance", "directions")
VALID: dict[str, Any] = {
    "success": True,
    "message": "good",
    "external_numbers": [
        {"id": ID, "number": NUMBER, "source": "111@sip.example.com", "customer_id": 1, "type": "АТС"},
        {"id": 102, "number": "79104445567", "source": "sip.example.com", "host": "x@y", "type": "SIP-URI"},
        {"id": 103, "number": "79104445568", "source": "7@z", "type": "ATC", "status": False},
    ],
    "status": [{"login": "111", "status": "OK", "date": "2021-02-10 00:00:00"}],
    "id": 1,
    "tariff": {"name": "Basic"},
    "user": {"id": 7, "role": {"name": "admin"}},
    "balance": "12.50",
    "directions": {"7": {"code": "7"}, "44": {"code": 44}},
}
LOOK_ALIKES = str.maketrans("АТСатс", "atcatc")

# What would act on a terminal stands beside what merely looks odd; lone surrogates travel as JSON escapes.
ODD = ["\x1b[31m", "\x9b2J", "\x1b]0;title\x07", "\r", "\n", "\x00", "\u202e", "\u2028", "\ud800", "٣", "АТС"]
TEXTS = st.one_of(
    st.sampled_from(["", "1", "-1", "+7", NUMBER, "ATE", "OK", *ODD]), st.text(max_size=20)
).map(lambda text: text + ODD[len(text) % len(ODD)] if len(text) % 3 == 2 else text)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS)
JSON = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4))
)
STATUSES = st.sampled_from([200, 200, 200, 200, 201, 302, 400, 401, 404, 418, 429, 500, 503, 599])


@st.composite
def mutations(draw: st.DrawFn) -> Any:
    """A valid answer with up to three of its places replaced, removed or doubled."""
    answer = copy.deepcopy(VALID)
    for _ in range(draw(st.integers(0, 3))):
        place: Any = answer
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], dict | list) and draw(st.integers(0, 2)):
                place = place[key]
                continue
            change = draw(st.sampled_from(["replace", "remove", "double"]))
            if change == "replace":
                place[key] = draw(JSON)
            elif change == "remove":
                del place[key]
            elif isinstance(place, list):
                place.append(copy.deepcopy(place[key]))
            break
    return answer


def encoded(answer: Any) -> bytes:
    return json.dumps(answer).encode()


BODIES = st.one_of(
    mutations().map(encoded),
    JSON.map(encoded),
    st.fixed_dictionaries({"success": LEAVES, "message": JSON}).map(encoded),
    st.binary(max_size=60),
    st.tuples(mutations().map(encoded), st.integers(1, 40)).map(lambda cut: cut[0][: -cut[1]]),
)
fuzzed = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    # The server and the client are the same for all examples of a test, and meant to be.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def client(wire: Wire, connect: Callable[..., Client]) -> Client:
    return connect(wire.url, max_retries=0)


def assert_clear(error: PlusofonError) -> None:
    assert str(error).isprintable()
    assert not isinstance(error, ApiError) or error.doing in str(error)
    assert "pa55-word" not in str(error)


@pytest.mark.parametrize("operation", OPERATIONS)
@fuzzed
@given(status=STATUSES, body=BODIES)
def test_any_answer_to_an_operation_is_a_value_or_an_error_of_the_api(
    client: Client, wire: Wire, operation: str, status: int, body: bytes
) -> None:
    wire.script(Answer(status, body))
    try:
        OPERATIONS[operation](client)
    except ApiError as error:
        assert_clear(error)
    else:
        assert status in (200, 201)
        # This server writes true as 1 or as text, too.
        assert operation in FACTS or str(json.loads(body)["success"]).lower() in ("true", "1")


@fuzzed
@given(status=STATUSES, message=TEXTS, header=st.text(st.characters(max_codepoint=126, min_codepoint=32)))
def test_any_message_reason_and_retry_after_stays_one_printable_line(
    client: Client, wire: Wire, status: int, message: str, header: str
) -> None:
    body = encoded({"success": False, "message": f"{message}\x1b[2J pa55-word"})
    wire.script(Answer(status, body, {"Retry-After": header.strip()}, reason="\x1b[31m\x9bno"))
    with pytest.raises(ApiError) as caught:
        client.connect(ATE)
    assert_clear(caught.value)
    wire.script(Answer(status, b"{}", reason="\x1b[31m\x9bno"))
    with pytest.raises(ApiError) as caught:
        client.connect(ATE)
    assert_clear(caught.value)


def lacks_the_number(status: int, body: bytes) -> bool:
    """Whether this is a whole, valid list without our number: said here once more, and more simply."""
    try:
        answer = json.loads(body)
        items = answer["external_numbers"]
        types = [item["type"].translate(LOOK_ALIKES).lower() for item in items]
        ours = [
            str(item["number"]) for item, kind in zip(items, types, strict=True) if kind in ("atc", "ate")
        ]
    except (ValueError, LookupError, TypeError, AttributeError):
        return False
    whole = status in (200, 201) and answer["success"] is True and isinstance(items, list)
    return whole and NUMBER not in [number.removeprefix("+") for number in ours]


@settings(fuzzed, max_examples=600)
@given(status=STATUSES, body=BODIES)
def test_a_number_is_gone_only_by_a_whole_valid_list_without_it(
    client: Client, wire: Wire, status: int, body: bytes
) -> None:
    wire.script(Answer(status, body))
    try:
        read = EXTERNAL_NUMBER.read(AccountSession(client), str(ID), OUTPUTS)
    except PlusofonError as error:
        assert_clear(error)
    else:
        assert read is not None or lacks_the_number(status, body)


@fuzzed
@given(status=STATUSES, body=BODIES)
def test_a_forwarding_is_gone_only_by_a_whole_valid_list_without_its_id(
    client: Client, wire: Wire, status: int, body: bytes
) -> None:
    wire.script(Answer(status, body))
    try:
        read = FORWARDING.read(AccountSession(client), f"ate/{ID}", FORWARD)
    except PlusofonError as error:
        assert_clear(error)
    else:
        assert read is not None or (status in (200, 201) and json.loads(body)["success"] is True)


@pytest.mark.parametrize("adopt", [True, False])
@fuzzed
@given(before=BODIES, body=BODIES)
def test_a_whole_life_among_any_answers_ends_in_clear_errors_at_worst(
    client: Client,
    wire: Wire,
    adopt: bool,  # noqa: FBT001 - a parameter of pytest's
    before: bytes,
    body: bytes,
) -> None:
    steps: list[Callable[[AccountSession], object]] = [
        lambda account: EXTERNAL_NUMBER.create(account, {**INPUTS, "adopt": adopt}),
        lambda account: EXTERNAL_NUMBER.update(account, str(ID), OUTPUTS, {**INPUTS, "host": "b.example"}),
        lambda account: EXTERNAL_NUMBER.delete(account, str(ID), OUTPUTS),
        lambda account: FORWARDING.delete(account, f"ate/{ID}", FORWARD),
    ]
    for step in steps:
        wire.script(Answer(200, before), Answer(200, body))
        try:
            step(AccountSession(client))
        except PlusofonError as error:
            assert_clear(error)


@pytest.mark.parametrize(
    "shape", ['{"a":%s}', '{"external_numbers":[{"type":"x","number":%s}],"success":true}']
)
def test_no_depth_of_nesting_ends_in_another_error(client: Client, wire: Wire, shape: str) -> None:
    limit = sys.getrecursionlimit()
    for depth in (*range(limit - 200, limit, 5), limit * 5, limit * 50):
        wire.script(Answer(200, (shape % ("[" * depth + "]" * depth)).encode()))
        try:
            client.list_numbers()
        except ApiError as error:
            assert_clear(error)
