"""A client that may only read sends nothing else, by whichever setting it is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import Client, Connection, ReadOnlyError
from pulumi_plusofon.runtime import ConfigurationError, Settings
from unit.wire import TOKEN, Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.wire import Wire

SIPURI = Connection("sipuri", "79104445567", "sip.example.com")
FOLLOW = {"number_type": "ate", "number_id": 17, "type": "sip", "sip_id": 4, "cli_type": "Y"}
WRITES: dict[str, Callable[[Client], None]] = {
    "connecting 79104445567": lambda client: client.connect(SIPURI),
    "updating 79104445567": lambda client: client.update(101, SIPURI),
    "disconnecting 79104445567": lambda client: client.disconnect("sipuri", 101, "79104445567"),
    "forwarding ate/17": lambda client: client.forward(FOLLOW),
    "clearing the forwarding of ate/17": lambda client: client.forward({**FOLLOW, "type": "empty"}),
}


@pytest.mark.parametrize(
    ("settings", "named"),
    [({"read_only": True}, "plusofon:readOnly"), ({"adopt": "record"}, "plusofon:adopt record")],
)
@pytest.mark.parametrize("doing", WRITES)
def test_every_write_is_refused_before_it_is_sent(
    wire: Wire, doing: str, settings: dict[str, Any], named: str
) -> None:
    client = Client(Settings(TOKEN, base_url=wire.url, **settings))
    with pytest.raises(ReadOnlyError, match=f"^{doing}: not sent, because of {named}"):
        WRITES[doing](client)
    assert wire.asked == []
    wire.script(Answer(body={"external_numbers": [], "success": True}))
    assert client.list_numbers() == ()
    client.close()


@pytest.mark.parametrize(
    ("given", "read_only"), [("true", True), ("True", True), ("false", False), (None, False)]
)
def test_the_setting_is_true_or_false(given: str | None, *, read_only: bool) -> None:
    values = {"plusofon:token": TOKEN, "plusofon:readOnly": given}
    assert Settings.load(values.get, {}).read_only is read_only


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("readOnly", "yes", "plusofon:readOnly: must be true or false, not 'yes'"),
        ("adopt", "all", "plusofon:adopt: must be refuse, update or record, not 'all'"),
    ],
)
def test_another_word_is_refused(key: str, value: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.load({"plusofon:token": TOKEN, f"plusofon:{key}": value}.get, {})
    assert str(caught.value) == said
