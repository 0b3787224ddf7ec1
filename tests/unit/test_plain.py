"""No text of others acts on its reader, wherever it leaves the package."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_plusofon import InputError, LookupFailedError
from pulumi_plusofon.hosts.reporting import _Notice
from pulumi_plusofon.runtime.text import in_one_line, plain, unmarked

texts = st.lists(st.sampled_from(["<", "{", "%", "}", ">", "<{%", "%}>", "a", "\n"]), max_size=12).map(
    "".join
)


@given(texts)
def test_no_text_keeps_the_engines_markup(text: str) -> None:
    for clean in (unmarked(text), plain(text)):
        assert "<{%" not in clean
        assert "%}>" not in clean
        assert unmarked(clean) == clean


@given(st.text(max_size=20))
def test_a_text_without_markup_stays_as_it_is(text: str) -> None:
    if "<{%" not in text and "%}>" not in text:
        assert unmarked(text) == text


@pytest.mark.parametrize("error", [InputError, LookupFailedError])
def test_a_programs_error_quotes_without_markup(error: type[Exception]) -> None:
    assert str(error("numbers[0].<{%name%}>: is no field\nand more")) == (
        "numbers[0].<{ %name% }>: is no field\nand more"
    )


def test_a_notice_is_shown_without_markup() -> None:
    record = logging.LogRecord("pulumi_plusofon", logging.INFO, "", 0, "%s waits", ("<{%reset%}>",), None)
    assert _Notice("plusofon: %(message)s").format(record) == "plusofon: <{ %reset% }> waits"


@pytest.mark.parametrize(
    "text", ["one\ntwo", "one\r\ntwo\n", " one \n\n two", "one\u2028two", "\none\x0btwo"]
)
def test_several_errors_on_one_line_are_told_apart(text: str) -> None:
    assert in_one_line(text) == "one; two"


@given(st.text(max_size=40))
def test_any_lines_become_one_that_a_terminal_shows_as_it_is(text: str) -> None:
    line = in_one_line(text)
    assert line.isprintable()
    assert plain(line) == line
