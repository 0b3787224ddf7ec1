"""The meaning of each answer, and of each missing one; and how often a request is repeated because of it."""

from __future__ import annotations

import gzip
import json
import socket
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import (
    ApiError,
    AuthenticationError,
    Connection,
    InvalidRequestError,
    MaybeDoneError,
    NoAccessError,
    NotFoundError,
    NotSentError,
    RateLimitedError,
    ServerError,
    UnreadableAnswerError,
)
from unit.wire import CLOSED, Answer, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_plusofon.api import Client
    from unit.clock import Clock
    from unit.wire import Wire

ATE = Connection("ate", "79104445566", "sip.example.com", 5060, "21201588169353", "pa55-word")
MAX_RETRIES = 2  # of the fixture `client`
HALF = Answer(body={"external_numbers": [], "success": True}, cut=10)
HTML = Answer(200, b"<html>Welcome</html>", {"Content-Type": "text/html"})
NO_LIST = Answer(body={"success": True})
LIST = Answer(body={"external_numbers": [], "success": True})

WRITES: dict[str, Callable[[Client], None]] = {
    "PUT": lambda c: c.connect(ATE),
    "PATCH": lambda c: c.update(101, ATE),
    "DELETE": lambda c: c.disconnect("ate", 101, "79104445566"),
    "POST": lambda c: c.forward({"number_type": "ate", "number_id": 101, "type": "empty"}),
}

FINAL: list[Any] = [
    pytest.param(refusal(400, "bad host"), InvalidRequestError, "bad host", id="400"),
    pytest.param(refusal(401, "who are you"), AuthenticationError, "who are you", id="401"),
    pytest.param(refusal(403, "not yours"), AuthenticationError, "not yours", id="403"),
    pytest.param(refusal(404, "no such id"), NotFoundError, "no such id", id="404"),
    pytest.param(refusal(409, "taken"), InvalidRequestError, "taken", id="409"),
    pytest.param(refusal(422, "port is required"), InvalidRequestError, "port is required", id="422"),
    pytest.param(
        refusal(200, "already connected"), InvalidRequestError, "already connected", id="200-refused"
    ),
    pytest.param(
        refusal(201, "already connected"), InvalidRequestError, "already connected", id="201-refused"
    ),
    pytest.param(refusal(500, "no access"), NoAccessError, "no access", id="500-with-a-message"),
    pytest.param(
        refusal(429, "slow down", Retry_After="121"),
        RateLimitedError,
        "slow down (the server asks to wait for 121 s)",
        id="429-for-too-long",
    ),
    pytest.param(
        refusal(503, "upgrade", Retry_After="3600"),
        ServerError,
        "upgrade (the server asks to wait for 3600 s)",
        id="503-for-too-long",
    ),
    pytest.param(Answer(400, b""), InvalidRequestError, "Bad Request", id="400-without-a-body"),
    pytest.param(Answer(404, b"<h1>nginx</h1>"), NotFoundError, "Not Found", id="404-of-a-gateway"),
    pytest.param(Answer(400, ["a list"]), InvalidRequestError, "Bad Request", id="400-of-another-shape"),
    pytest.param(refusal(400, " \n "), InvalidRequestError, "Bad Request", id="400-with-a-blank-message"),
    pytest.param(
        Answer(404, {"error": "Нет такого номера"}),
        NotFoundError,
        "Нет такого номера",
        id="404-with-an-error",
    ),
    pytest.param(
        Answer(422, {"message": "The given data was invalid.", "errors": {"host": ["is taken", "is bad"]}}),
        InvalidRequestError,
        "The given data was invalid.; host: is taken; host: is bad",
        id="422-by-field",
    ),
    pytest.param(
        Answer(400, {"success": False, "message": ["bad host", "bad port"]}),
        InvalidRequestError,
        "bad host; bad port",
        id="400-with-a-list",
    ),
]

# Refused at HTTP 200, with a code in the body: the status of the error is that code.
CODED: list[Any] = [
    ({"message": "User not found.", "code": 500}, NoAccessError, 500),
    ({"message": "Недостаточно прав", "code": 403}, AuthenticationError, 403),
    ({"error": "no such id", "code": 404}, NotFoundError, 404),
    ({"message": ["bad host"], "code": 400}, InvalidRequestError, 400),
    ({"message": "User not found.", "code": "500"}, NoAccessError, 500),
    ({"message": "Недостаточно прав", "code": 403, "success": False}, AuthenticationError, 403),
    ({"message": "bad host", "success": 0}, InvalidRequestError, 200),
    ({"message": "bad host", "success": "false"}, InvalidRequestError, 200),
]
# Of 200 without `success` these say nothing that is known here.
UNCODED: list[dict[str, Any]] = [
    {"message": "done"},
    {"message": "fine", "code": 200},
    {"message": "", "code": 500},
    {"message": "odd", "code": True},
    {"code": 500},
]

PASSING: list[Any] = [
    pytest.param(refusal(429, "slow down"), RateLimitedError, id="429"),
    pytest.param(refusal(429, "slow down", Retry_After="120"), RateLimitedError, id="429-for-two-minutes"),
    pytest.param(refusal(500), ServerError, id="500-without-a-message"),
    pytest.param(Answer(500, b"oops"), ServerError, id="500-of-a-gateway"),
    pytest.param(Answer(500, {"message": "Server Error"}), ServerError, id="500-of-a-framework"),
    pytest.param(Answer(408, b""), InvalidRequestError, id="408"),
    pytest.param(Answer(425, b""), InvalidRequestError, id="425"),
    pytest.param(refusal(502), ServerError, id="502"),
    pytest.param(refusal(503, "later"), ServerError, id="503-with-a-message"),
    pytest.param(HTML, UnreadableAnswerError, id="html"),
    pytest.param(Answer(200, b""), UnreadableAnswerError, id="no-body"),
    pytest.param(Answer(204, b""), UnreadableAnswerError, id="204"),
    pytest.param(Answer(200, b'{"success": tru'), UnreadableAnswerError, id="half-json"),
    pytest.param(Answer(200, b"\xff\xfe\x00"), UnreadableAnswerError, id="no-text"),
    pytest.param(Answer(200, b"[" * 100_000), UnreadableAnswerError, id="bottomless-json"),
    pytest.param(Answer(200, []), UnreadableAnswerError, id="an-array"),
    pytest.param(Answer(200, {}), UnreadableAnswerError, id="no-success"),
    pytest.param(Answer(200, {"success": "yes"}), UnreadableAnswerError, id="success-as-a-word"),
    pytest.param(Answer(200, {"success": 2}), UnreadableAnswerError, id="success-as-two"),
    pytest.param(CLOSED, MaybeDoneError, id="closed-before-an-answer"),
    pytest.param(HALF, MaybeDoneError, id="closed-within-an-answer"),
]


@pytest.mark.parametrize(("answer", "error", "reason"), FINAL)
@pytest.mark.parametrize("method", WRITES)
def test_a_refusal_that_repeating_cannot_change_is_reported_after_one_request(
    client: Client, wire: Wire, method: str, answer: Answer, error: type[ApiError], reason: str
) -> None:
    wire.script(answer)
    with pytest.raises(ApiError) as caught:
        WRITES[method](client)
    assert type(caught.value) is error
    assert (caught.value.reason, caught.value.http_status) == (reason, answer.status)
    assert wire.methods() == [method]


@pytest.mark.parametrize(("answer", "error", "reason"), FINAL)
def test_a_refused_list_is_reported_after_one_request(
    client: Client, wire: Wire, answer: Answer, error: type[ApiError], reason: str
) -> None:
    wire.script(answer)
    with pytest.raises(error) as caught:
        client.list_numbers()
    assert caught.value.reason == reason
    assert wire.methods() == ["GET"]


@pytest.mark.parametrize(("answer", "error"), PASSING)
@pytest.mark.parametrize("method", ["PATCH", "DELETE", "POST"])
def test_a_transient_fault_is_retried_up_to_max_retries(
    client: Client, wire: Wire, clock: Clock, method: str, answer: Answer, error: type[ApiError]
) -> None:
    wire.script(answer)
    with pytest.raises(ApiError) as caught:
        WRITES[method](client)
    assert type(caught.value) is error
    if error is RateLimitedError:
        # A 429 does not count as a failed attempt; it has a time limit instead.
        assert 600 <= clock.total <= 600 + 2 * 180
    else:
        assert wire.methods() == [method] * (1 + MAX_RETRIES)


@pytest.mark.parametrize(("answer", "error"), PASSING)
def test_a_put_is_never_repeated_once_it_was_sent(
    client: Client, wire: Wire, answer: Answer, error: type[ApiError]
) -> None:
    wire.script(answer)
    with pytest.raises(ApiError) as caught:
        client.connect(ATE)
    assert type(caught.value) is error
    assert wire.methods() == ["PUT"]


@pytest.mark.parametrize(
    ("answer", "error"), [*PASSING, pytest.param(NO_LIST, None, id="success-without-a-list")]
)
def test_a_list_that_comes_at_last_is_the_answer(
    client: Client, wire: Wire, answer: Answer, error: type[ApiError] | None
) -> None:
    assert error is None or issubclass(error, ApiError)
    wire.script(answer, answer, LIST)
    assert client.list_numbers() == ()
    assert wire.methods() == ["GET"] * 3


def test_success_without_the_list_is_no_empty_list(client: Client, wire: Wire) -> None:
    wire.script(NO_LIST)
    with pytest.raises(UnreadableAnswerError, match="external_numbers: no array of objects"):
        client.list_numbers()


def test_max_retries_0_means_one_request(wire: Wire, connect: Callable[..., Client]) -> None:
    wire.script(refusal(503))
    with pytest.raises(ServerError):
        connect(wire.url, max_retries=0).list_numbers()
    assert wire.methods() == ["GET"]


@pytest.mark.parametrize("method", WRITES)
def test_an_answer_that_does_not_come_in_time_may_have_been_done(
    wire: Wire, connect: Callable[..., Client], method: str
) -> None:
    wire.script(Answer(hang=True))
    with pytest.raises(MaybeDoneError, match=r"no answer within 0\.05 s") as caught:
        WRITES[method](connect(wire.url, max_retries=0, timeout=0.05))
    assert not isinstance(caught.value, UnreadableAnswerError)
    assert wire.methods() == [method]


@pytest.mark.parametrize("method", WRITES)
def test_a_refused_connection_was_surely_not_sent_and_is_tried_again(
    connect: Callable[..., Client], clock: Clock, method: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NotSentError, match=f"no connection to http://127.0.0.1:{port}; nothing was sent"):
        WRITES[method](connect(f"http://127.0.0.1:{port}"))
    assert len(clock.slept) == MAX_RETRIES


def test_a_connection_that_is_not_accepted_in_time_was_surely_not_sent(
    connect: Callable[..., Client],
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        # The queue of an accept that nobody makes is full after these.
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.settimeout(0)
            filler.connect_ex(("127.0.0.1", port))
        try:
            with pytest.raises(NotSentError):
                connect(f"http://127.0.0.1:{port}", max_retries=0, timeout=0.2).connect(ATE)
        finally:
            for filler in fillers:
                filler.close()


def test_a_compressed_answer_is_read(client: Client, wire: Wire) -> None:
    wire.script(Answer(200, gzip.compress(LIST.payload()), {"Content-Encoding": "gzip"}))
    assert client.list_numbers() == ()


def test_an_error_says_what_for_what_happened_and_what_to_do(client: Client, wire: Wire) -> None:
    wire.script(refusal(404, "no such id"))
    with pytest.raises(NotFoundError) as caught:
        client.update(101, ATE)
    assert str(caught.value) == ("updating 79104445566: HTTP 404: no such id")


@pytest.mark.parametrize(
    ("body", "doing"),
    [
        ({"number_type": "ate", "number_id": 17, "type": "empty"}, "clearing the forwarding of ate/17"),
        ({"number_type": "sipuri", "number_id": 9, "type": "sip"}, "forwarding sipuri/9"),
    ],
)
def test_an_error_names_the_forwarding(client: Client, wire: Wire, body: dict[str, Any], doing: str) -> None:
    wire.script(refusal(400, "no"))
    with pytest.raises(InvalidRequestError) as caught:
        client.forward(body)
    assert caught.value.doing == doing


def test_a_vendors_message_is_one_line_of_bearable_length(client: Client, wire: Wire) -> None:
    wire.script(refusal(400, "first\r\n  second\t" + "x" * 5000))
    with pytest.raises(InvalidRequestError) as caught:
        client.list_numbers()
    assert caught.value.reason.startswith("first second xxx")
    assert len(caught.value.reason) == 301


def test_a_vendors_message_acts_on_no_terminal(client: Client, wire: Wire) -> None:
    wire.script(refusal(400, "no\x1b]0;yours\x07 \x1b[2Jport\x00 \u202egnol"))
    with pytest.raises(InvalidRequestError) as caught:
        client.list_numbers()
    assert str(caught.value).isprintable()
    assert "port" in caught.value.reason


@pytest.mark.parametrize(
    "answer",
    [
        HTML,
        NO_LIST,
        Answer(200, {}),
        Answer(200, {"external_numbers": [None], "success": True}),
        Answer(204, b""),
    ],
)
def test_an_answer_that_is_not_the_apis_is_reported_with_its_status(
    client: Client, wire: Wire, answer: Answer
) -> None:
    wire.script(answer)
    with pytest.raises(UnreadableAnswerError) as caught:
        client.list_numbers()
    assert caught.value.http_status == answer.status
    assert f"HTTP {answer.status}: " in str(caught.value)


@pytest.mark.parametrize(("body", "error", "code"), CODED)
@pytest.mark.parametrize("method", WRITES)
def test_a_refusal_at_200_is_one_in_the_vendors_words(
    client: Client, wire: Wire, method: str, body: dict[str, Any], error: type[ApiError], code: int
) -> None:
    wire.script(Answer(200, body))
    with pytest.raises(ApiError) as caught:
        WRITES[method](client)
    assert type(caught.value) is error
    assert caught.value.http_status == code
    assert "may have been done" not in str(caught.value)
    assert wire.methods() == [method]


@pytest.mark.parametrize("success", [True, 1, "1", "true"])
@pytest.mark.parametrize("method", WRITES)
def test_success_is_a_boolean_in_each_form_of_this_server(
    client: Client, wire: Wire, method: str, success: object
) -> None:
    wire.script(Answer(200, {"success": success}))
    WRITES[method](client)
    assert wire.methods() == [method]


@pytest.mark.parametrize("body", UNCODED)
def test_an_answer_at_200_that_is_neither_done_nor_refused_is_a_doubt(
    client: Client, wire: Wire, body: dict[str, Any]
) -> None:
    wire.script(Answer(200, body))
    with pytest.raises(UnreadableAnswerError):
        WRITES["PUT"](client)


@pytest.mark.parametrize("content_type", ["text/html", "application/json", "text/plain; charset=latin-1"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
def test_an_answer_is_utf_8_whatever_its_content_type_says(
    client: Client, wire: Wire, content_type: str, mark: bytes
) -> None:
    listed = {"external_numbers": [{"id": 101, "type": "АТС", "number": "79104445566"}], "success": True}
    body = mark + json.dumps(listed, ensure_ascii=False).encode()
    wire.script(Answer(200, body, {"Content-Type": content_type}))
    assert [entry.type for entry in client.list_numbers()] == ["ate"]


def test_fields_that_cannot_be_read_are_reported_once(
    client: Client, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    numbers = [
        {"id": 101 + place, "type": "АТС", "number": f"4477009001{place:02}", "customer_id": ""}
        for place in range(5)
    ]
    wire.script(Answer(body={"external_numbers": numbers, "success": True}))
    for _ in range(2):
        assert len(client.list_numbers()) == 5
    (record,) = caplog.records
    assert record.getMessage().endswith("447700900102: customer_id and 2 more")


def test_a_refusal_never_holds_the_engines_markup(client: Client, wire: Wire) -> None:
    wire.script(refusal(400, "<{%name%}> is taken"))
    with pytest.raises(
        InvalidRequestError, match=r"^updating 79104445566: HTTP 400: <\{ %name% \}> is taken"
    ):
        WRITES["PATCH"](client)
