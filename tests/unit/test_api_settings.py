"""Where settings come from, what each takes, and how a bad one is reported."""

from __future__ import annotations

import pytest

from pulumi_plusofon.api import Client
from pulumi_plusofon.runtime import ConfigurationError, Settings
from pulumi_plusofon.runtime.settings import misspelt_variables, origins
from unit.wire import TOKEN, Answer, Wire

KEYS = [
    ("token", "PLUSOFON_TOKEN", "token", TOKEN, TOKEN),
    ("clientId", "PLUSOFON_CLIENT_ID", "client_id", "10554", "10554"),
    ("baseUrl", "PLUSOFON_BASE_URL", "base_url", "https://api.example.com", "https://api.example.com"),
    ("timeout", "PLUSOFON_TIMEOUT", "timeout", "2.5", 2.5),
    ("maxRetries", "PLUSOFON_MAX_RETRIES", "max_retries", "0", 0),
    ("requestsPerSecond", "PLUSOFON_REQUESTS_PER_SECOND", "requests_per_second", "0.5", 0.5),
    ("customerId", "PLUSOFON_CUSTOMER_ID", "customer_id", "42291", 42291),
    ("readOnly", "PLUSOFON_READ_ONLY", "read_only", "true", True),
    ("adopt", "PLUSOFON_ADOPT", "adopt", "record", "record"),
]

BAD = [
    ("token", "", "is empty"),
    ("token", "two words", "has a blank"),
    ("token", "tok\nX-Injected: 1", "has a blank, a control character"),
    ("token", "tok\r", "has a blank, a control character"),
    ("token", "tök-9f8e", "a non-ASCII one"),
    ("clientId", "", "is empty"),
    ("clientId", "10553\r\nX: 1", "has a blank, a control character"),
    ("clientId", "\uff11\uff10\uff15\uff15\uff13", "a non-ASCII one"),
    ("baseUrl", "", "is no URL"),
    ("baseUrl", "restapi.plusofon.ru", "is no URL"),
    ("baseUrl", "https://", "is no URL"),
    ("baseUrl", "https://a b.example.com", "is no URL"),
    ("baseUrl", "https://[::1", "is no URL"),
    ("baseUrl", "https://example.com:99999", "is no URL"),
    ("baseUrl", "https://example.com:port", "is no URL"),
    ("baseUrl", "https://плюсофон.рф", "is no URL"),
    ("baseUrl", "https://example.com\n", "is no URL"),
    ("baseUrl", "ftp://example.com", "must be https"),
    ("baseUrl", "file://localhost/etc/hosts", "must be https"),
    ("baseUrl", "http://restapi.plusofon.ru", "must be https: http would send the token in clear"),
    ("baseUrl", "http://192.168.1.1", "must be https: http would send the token in clear"),
    ("baseUrl", "http://0.0.0.0", "must be https: http would send the token in clear"),
    ("baseUrl", "http://localhost.example.com", "must be https: http would send the token in clear"),
    ("baseUrl", "http://127.0.0.1.example.com", "must be https: http would send the token in clear"),
    ("baseUrl", "http://127.0.0.1@example.com", "and nothing else"),
    ("baseUrl", "https://user:pa55@example.com", "and nothing else"),
    ("baseUrl", "https://example.com?a=b", "and nothing else"),
    ("baseUrl", "https://example.com#a", "and nothing else"),
    ("baseUrl", "https://user@example.com", "and nothing else"),
    ("baseUrl", "https://@example.com", "and nothing else"),
    ("baseUrl", "https://example.com?", "and nothing else"),
    ("baseUrl", "https://example.com#", "and nothing else"),
    ("baseUrl", "https://user:pa55/word@example.com", "is no URL"),
    ("customerId", "0", "must be a whole number from 1 to 9007199254740991, not '0'"),
    ("customerId", "1.5", "must be a whole number from 1 to"),
    ("customerId", "office", "must be a number, not 'office'"),
    ("timeout", "0.0009", "must be from 0.001 to 86400, not '0.0009'"),
    ("timeout", "1e-320", "must be from 0.001 to 86400, not '1e-320'"),
    ("timeout", "86401", "must be from 0.001 to 86400, not '86401'"),
    ("timeout", "1e300", "must be from 0.001 to 86400, not '1e300'"),
    ("timeout", "0", "must be a positive number, not '0'"),
    ("timeout", "-1", "must be a positive number, not '-1'"),
    ("timeout", "", "must be a number"),
    ("timeout", "soon", "must be a number, not 'soon'"),
    ("timeout", "nan", "must be a number"),
    ("timeout", "inf", "must be a number"),
    ("timeout", "\uff13\uff10", "must be a number"),
    ("timeout", "true", "must be a number"),
    ("maxRetries", "-1", "must be a whole number from 0 to 100"),
    ("maxRetries", "1.5", "must be a whole number from 0 to 100"),
    ("maxRetries", "101", "must be a whole number from 0 to 100"),
    ("maxRetries", "many", "must be a number"),
    ("maxRetries", "inf", "must be a number"),
    ("requestsPerSecond", "0", "must be a positive number"),
    ("requestsPerSecond", "-0.5", "must be a positive number"),
    ("requestsPerSecond", "1e-320", "must be from 0.001 to "),
    ("requestsPerSecond", "1000001", "must be from 0.001 to "),
    ("requestsPerSecond", "fast", "must be a number, not 'fast'"),
    ("requestsPerSecond", "1\n2", "must be a number"),
]


def load(config: dict[str, str], environment: dict[str, str] | None = None) -> Settings:
    configured = {f"plusofon:{key}": value for key, value in config.items()}
    return Settings.load(configured.get, environment or {})


@pytest.mark.parametrize(("key", "variable", "attribute", "text", "value"), KEYS)
def test_a_setting_is_read_from_the_stacks_configuration(
    key: str, variable: str, attribute: str, text: str, value: object
) -> None:
    assert variable.startswith("PLUSOFON_")
    settings = load({"token": TOKEN, key: text})
    assert getattr(settings, attribute) == value


@pytest.mark.parametrize(("key", "variable", "attribute", "text", "value"), KEYS)
def test_a_setting_is_read_from_the_environment(
    key: str, variable: str, attribute: str, text: str, value: object
) -> None:
    config = {} if key == "token" else {"token": TOKEN}
    assert getattr(load(config, {variable: text}), attribute) == value


@pytest.mark.parametrize(("key", "variable", "attribute", "text", "value"), KEYS)
def test_configuration_wins_over_the_environment(
    key: str, variable: str, attribute: str, text: str, value: object
) -> None:
    # Not even looked at: what stands in the environment would be refused.
    assert getattr(load({"token": TOKEN, key: text}, {variable: "\n"}), attribute) == value


@pytest.mark.parametrize(("key", "variable", "attribute", "text", "value"), KEYS)
def test_the_origin_of_a_setting_is_where_it_is_read(
    key: str, variable: str, attribute: str, text: str, value: object
) -> None:
    def origin(config: dict[str, str], environment: dict[str, str]) -> tuple[str | None, object, str | None]:
        (setting_origin,) = (
            origin for origin in origins(config.get, environment) if origin.key == f"plusofon:{key}"
        )
        assert setting_origin.variable == variable
        assert TOKEN not in repr(setting_origin)
        return setting_origin.source, setting_origin.value, setting_origin.problem

    assert value is not None
    assert origin({f"plusofon:{key}": text}, {variable: "\n"}) == (f"plusofon:{key}", text, None)
    assert origin({}, {variable: text}) == (variable, text, None)
    assert origin({}, {variable: ""}) == (None, getattr(Settings, attribute, None), None)
    source, _, problem = origin({}, {variable: "\n"})
    assert source == variable
    assert problem


def test_the_machines_own_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUSOFON_TOKEN", TOKEN)
    assert Settings.load(lambda _key: None).token == TOKEN


def test_a_setting_that_is_not_given_has_the_documented_default() -> None:
    settings = load({"token": TOKEN})
    assert settings == Settings(TOKEN, "10553", "https://restapi.plusofon.ru", 30.0, 5, None)


def test_an_empty_variable_is_no_setting() -> None:
    assert load({"token": TOKEN}, {"PLUSOFON_TIMEOUT": ""}).timeout == 30.0


@pytest.mark.parametrize(("key", "text", "problem"), BAD)
def test_a_bad_setting_is_reported_in_one_line_by_its_key(key: str, text: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load({"token": TOKEN, key: text})
    [line] = str(caught.value).splitlines()
    assert line.startswith(f"plusofon:{key}: ")
    assert problem in line


@pytest.mark.parametrize("text", ["two words", "tok\nX-Injected: 1", "tök-9f8e"])
def test_a_bad_token_is_not_shown(text: str) -> None:
    for source in ({"plusofon:token": text}, {"PLUSOFON_TOKEN": text}):
        with pytest.raises(ConfigurationError) as caught:
            Settings.load(source.get, source)
        assert text not in str(caught.value)
        assert text not in repr(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://user:pa55-word@example.com",
        "https://user:pa55-word/x@example.com",
        "https://user:pa55-word[@example.com",
        "https://user@example.com:pa55-word",
        "https://example.com?password=pa55-word",
    ],
)
def test_a_password_in_the_base_url_is_not_shown(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load({"token": TOKEN, "baseUrl": url})
    assert "pa55" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "attribute", "text", "value"),
    [
        ("timeout", "timeout", "0.001", 0.001),
        ("timeout", "timeout", "86400", 86_400.0),
        ("requestsPerSecond", "requests_per_second", "0.001", 0.001),
        ("requestsPerSecond", "requests_per_second", "1e6", 1_000_000.0),
    ],
)
def test_the_limits_themselves_are_good(key: str, attribute: str, text: str, value: float) -> None:
    assert getattr(load({"token": TOKEN, key: text}), attribute) == value


def test_with_the_greatest_settings_a_client_works(wire: Wire) -> None:
    wire.script(Answer(body={"external_numbers": [], "success": True}))
    great = {"timeout": "86400", "requestsPerSecond": "1e6", "maxRetries": "100"}
    client = Client(load({"token": TOKEN, "baseUrl": wire.url, **great}))
    assert client.list_numbers() == ()
    client.close()


def test_a_bad_setting_of_the_environment_is_reported_by_its_variable() -> None:
    with pytest.raises(ConfigurationError, match=r"^PLUSOFON_TIMEOUT: must be a number, not 'soon'$"):
        load({"token": TOKEN}, {"PLUSOFON_TIMEOUT": "soon"})


def test_a_missing_token_is_reported_with_both_ways_to_set_it() -> None:
    with pytest.raises(ConfigurationError) as caught:
        load({})
    [line] = str(caught.value).splitlines()
    assert line.startswith("plusofon:token: missing")
    assert "pulumi config set --secret plusofon:token" in line
    assert "PLUSOFON_TOKEN" in line


def test_a_bad_token_is_not_also_a_missing_one() -> None:
    with pytest.raises(ConfigurationError) as caught:
        load({}, {"PLUSOFON_TOKEN": "two words"})
    assert str(caught.value).splitlines() == [
        "PLUSOFON_TOKEN: has a blank, a control character or a non-ASCII one, and cannot be sent"
    ]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("customerID", "did you mean plusofon:customerId?"),
        ("timeOut", "did you mean plusofon:timeout?"),
        ("base_url", "did you mean plusofon:baseUrl?"),
        ("requestPerSecond", "did you mean plusofon:requestsPerSecond?"),
        ("read-only", "did you mean plusofon:readOnly?"),
        ("Token", "did you mean plusofon:token?"),
        ("secret\x1b[2J", "there are adopt, baseUrl, clientId, customerId, maxRetries"),
    ],
)
def test_a_key_that_is_no_setting_is_refused_with_the_nearest(key: str, expected: str) -> None:
    keys = ("plusofon:token", f"plusofon:{key}", "other:timeOut", "plusofon2:x", "plusofon")
    with pytest.raises(ConfigurationError) as caught:
        Settings.load({"plusofon:token": TOKEN}.get, {}, keys)
    [line] = str(caught.value).splitlines()
    assert line.startswith(f"plusofon:{key}: is no setting; ".replace("\x1b", "\ufffd"))
    assert expected in line


def test_every_setting_there_is_is_known() -> None:
    keys = [f"plusofon:{key}" for key, *_ in KEYS]
    assert Settings.load({"plusofon:token": TOKEN}.get, {}, keys) == Settings(TOKEN)


def test_a_variable_that_is_nearly_a_setting_is_reported_and_others_may_be_others() -> None:
    others = ["PLUSOFON_CACHE", "PLUSOFON_PBX_HOST", "CUSTOMER_ID", "PLUSOFON_"]
    assert misspelt_variables([*others, *(variable for _, variable, *_ in KEYS)]) == []
    assert misspelt_variables(["PLUSOFON_CUSTOMERID", "plusofon_token"]) == [
        "PLUSOFON_CUSTOMERID: is no setting, did you mean PLUSOFON_CUSTOMER_ID?",
        "plusofon_token: is no setting, did you mean PLUSOFON_TOKEN?",
    ]


def test_all_problems_are_reported_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        load({"timeout": "soon", "maxRetries": "many", "baseUrl": "http://example.com"})
    expected = [line.split(": ")[0] for line in str(caught.value).splitlines()]
    assert sorted(expected) == sorted(
        f"plusofon:{key}" for key in ("token", "timeout", "maxRetries", "baseUrl")
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8700",
        "http://localhost:8700",
        "http://LOCALHOST",
        "http://127.8.8.8",
        "http://[::1]:80",
    ],
)
def test_http_may_go_to_a_loopback_address(url: str) -> None:
    assert load({"token": TOKEN, "baseUrl": url}).base_url == url


def test_a_slash_at_the_end_of_the_base_url_is_dropped() -> None:
    assert load({"token": TOKEN, "baseUrl": "https://example.com/api/"}).base_url == "https://example.com/api"


def test_settings_of_one_account_are_one_key() -> None:
    assert {load({"token": TOKEN}), load({}, {"PLUSOFON_TOKEN": TOKEN})} == {load({"token": TOKEN})}
