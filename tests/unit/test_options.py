"""Options and secrets of a program: what is refused, what is named once, what is never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pulumi
import pytest
from pulumi.runtime import set_all_config

from pulumi_plusofon import ExternalNumber, InputError, NumberForwarding
from pulumi_plusofon.resources import options, secrecy
from unit.bad_inputs import HIDDEN, SIP, SIPURI
from unit.mock_engine import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN_KEY = "plusofon:token"
NUMBERS_KEY = "project:numbers"


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The warnings of a program."""
    texts: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", texts.append)
    # The mocks have one root for all programs.
    monkeypatch.setattr(options, "_SAID", WeakKeyDictionary())
    yield texts
    set_all_config({})


@pytest.mark.parametrize("option", [{"import_": "101"}, {"id": "sipuri/101"}])
def test_a_forwarding_is_neither_imported_nor_read(option: dict[str, Any]) -> None:
    opts = pulumi.ResourceOptions(**option)
    with pytest.raises(InputError, match=f"opts.{next(iter(option))}: cannot be used"):
        run(lambda: NumberForwarding("main", **SIP, opts=opts))


def test_an_import_names_adopt() -> None:
    opts = pulumi.ResourceOptions(import_="101")
    with pytest.raises(InputError, match=r"ExternalNumber main: opts.import_: .* set adopt=True"):
        run(lambda: ExternalNumber("main", **SIPURI, opts=opts))


@pytest.mark.parametrize(
    "option", [{"replace_on_changes": ["*"]}, {"custom_timeouts": pulumi.CustomTimeouts(create="1s")}]
)
def test_an_option_that_does_nothing_is_named_once_in_a_run(
    warned: list[str], option: dict[str, Any]
) -> None:
    def program() -> None:
        for place in range(3):
            opts = pulumi.ResourceOptions(**option)
            ExternalNumber(f"n{place}", **{**SIPURI, "number": f"44770090010{place}"}, opts=opts)

    run(program)
    assert [text.partition(",")[0] for text in warned] == [f"opts.{next(iter(option))}: does nothing here"]


def _number() -> None:
    ExternalNumber("main", **SIPURI)


def _passwords() -> None:
    secrecy.warn_of_plain_passwords("numbers", [SIPURI, {"secret": HIDDEN}, {"secret": HIDDEN}])


@pytest.mark.parametrize(
    ("key", "program", "named"),
    [(TOKEN_KEY, _number, TOKEN_KEY), (NUMBERS_KEY, _passwords, "numbers[1].secret")],
)
def test_a_secret_in_plain_configuration_is_named_and_not_shown(
    warned: list[str], key: str, program: Callable[[], None], named: str
) -> None:
    set_all_config({key: HIDDEN}, [])
    run(program)
    assert [text.partition(" ")[0] for text in warned] == [named]
    assert "--secret" in warned[0]
    assert HIDDEN not in warned[0]
    warned.clear()
    set_all_config({key: HIDDEN}, [key])
    run(program)
    assert warned == []
