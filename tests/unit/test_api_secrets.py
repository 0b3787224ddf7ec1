"""Where the token and a SIP password may go: to the API's own address, in one header and one field."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import ApiError, Connection, InvalidRequestError
from pulumi_plusofon.runtime import Settings
from unit.wire import CLOSED, TOKEN, Answer, Wire, refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_plusofon.api import Client

PASSWORD = "pa55-word+ü"
ATE = Connection("ate", "79104445566", "sip.example.com", 5060, "21201588169353", PASSWORD)
LIST = Answer(body={"external_numbers": [], "success": True})
PROXIES = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    for name in ("", "pulumi_plusofon", "urllib3", "requests", "tenacity"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


@pytest.fixture
def nosy_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A machine without proxies whose ~/.netrc has a login for every address."""
    for name in (*PROXIES, "no_proxy", "NO_PROXY", "NETRC"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".netrc").write_text(
        "machine api.test login netrc password netrc\n"
        "machine 127.0.0.1 login netrc password netrc\n"
        "default login netrc password netrc\n"
    )
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    return monkeypatch


@pytest.mark.parametrize(
    "answer", [Answer(), CLOSED, refusal(400, f"{TOKEN} {PASSWORD}"), refusal(503), Answer(200, b"no json")]
)
def test_no_log_at_any_level_shows_a_secret(
    client: Client, wire: Wire, answer: Answer, everything_logged: pytest.LogCaptureFixture
) -> None:
    wire.script(answer)
    with contextlib.suppress(ApiError):
        client.connect(ATE)
    with contextlib.suppress(ApiError):
        client.update(101, ATE)
    assert any(record.name.startswith("pulumi_plusofon") for record in everything_logged.records)
    assert any(record.name.startswith("urllib3") for record in everything_logged.records)
    for said in (TOKEN, PASSWORD, "Authorization", "Bearer"):
        assert said not in everything_logged.text
        assert not any(said in repr(record.args) for record in everything_logged.records)


def test_the_log_names_method_path_and_status(
    client: Client, wire: Wire, everything_logged: pytest.LogCaptureFixture
) -> None:
    wire.script(refusal(404, "no such id"))
    with pytest.raises(ApiError):
        client.update(101, ATE)
    [line] = [record.message for record in everything_logged.records if record.name.startswith("pulumi_")]
    assert line.startswith("PATCH /api/v1/number/external/ate/101: 404 in ")


def test_a_lost_answer_is_logged_as_what_it_means(
    client: Client, wire: Wire, everything_logged: pytest.LogCaptureFixture
) -> None:
    wire.script(CLOSED)
    with pytest.raises(ApiError):
        client.connect(ATE)
    assert "PUT /api/v1/number/external/ate: MaybeDoneError" in everything_logged.text


@pytest.mark.parametrize("status", [200, 400, 401, 422, 500])
def test_a_vendors_message_that_echoes_secrets_is_reported_without_them(
    client: Client, wire: Wire, status: int
) -> None:
    wire.script(refusal(status, f"wrong: {PASSWORD} for 'Bearer {TOKEN}', {PASSWORD}!"))
    with pytest.raises(ApiError) as caught:
        client.connect(ATE)
    assert caught.value.reason == "wrong: [secret] for 'Bearer [secret]', [secret]!"
    assert TOKEN not in repr(caught.value)


def test_a_reason_phrase_that_echoes_secrets_is_reported_without_them(client: Client, wire: Wire) -> None:
    wire.script(Answer(401, b"", reason=f"bad token {TOKEN} {ATE.login}"))
    with pytest.raises(ApiError) as caught:
        client.connect(ATE)
    assert caught.value.reason == f"bad token [secret] {ATE.login}"


@pytest.mark.parametrize("answer", [CLOSED, refusal(503), Answer(200, b"no json")])
def test_an_error_keeps_no_request_and_no_cause(client: Client, wire: Wire, answer: Answer) -> None:
    wire.script(answer)
    with pytest.raises(ApiError) as caught:
        client.connect(ATE)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert PASSWORD not in str(vars(caught.value))


def test_a_connection_shows_no_password() -> None:
    assert PASSWORD not in repr(ATE)
    assert "sip.example.com" in repr(ATE)


def test_settings_show_no_token() -> None:
    settings = Settings(TOKEN)
    assert TOKEN not in f"{settings} {settings!r}"


def test_a_client_shows_no_token(client: Client) -> None:
    assert TOKEN not in repr(client)
    assert TOKEN not in repr(client._session.headers)


@pytest.mark.usefixtures("nosy_machine")
def test_a_netrc_does_not_replace_the_token_on_loopback(client: Client, wire: Wire) -> None:
    wire.script(LIST)
    client.list_numbers()
    assert wire.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_a_netrc_does_not_replace_the_token_for_the_world_outside(
    wire: Wire, connect: Callable[..., Client], nosy_machine: pytest.MonkeyPatch
) -> None:
    # A proxy on loopback stands for the world outside, so that nothing leaves the machine.
    nosy_machine.setenv("http_proxy", wire.url)
    wire.script(LIST)
    connect("http://api.test").list_numbers()
    [asked] = wire.asked
    assert asked.path == "http://api.test/api/v1/number/external"
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("name", PROXIES)
def test_a_proxy_of_the_environment_is_not_used_for_loopback(
    client: Client, wire: Wire, nosy_machine: pytest.MonkeyPatch, name: str
) -> None:
    nosy_machine.setenv(name, "http://127.0.0.1:9")
    wire.script(LIST)
    assert client.list_numbers() == ()


def test_a_message_that_is_no_text_is_not_reported(client: Client, wire: Wire) -> None:
    echo: dict[str, Any] = {"secret": PASSWORD}
    wire.script(Answer(422, {"success": False, "message": echo}))
    with pytest.raises(InvalidRequestError) as caught:
        client.connect(ATE)
    assert PASSWORD not in str(caught.value)
