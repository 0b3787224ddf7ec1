"""Markdown of the commands: no text of others acts on a reader or a service, and no page is too long."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pulumi_plusofon.command.output.markdown import MOST_BYTES, Table, escaped, section
from support.hostile_labels import HOSTILE
from unit.markdown_reader import cells, inlines, outside_code, shown

# What GitHub and GitLab make a link, a person or a picture of, wherever it stands in a text.
FOUND = re.compile(
    r"://|www\.|(?:mailto|xmpp):|@\w|#[0-9]|\bgh-[0-9]|\b[A-Z]+-[0-9]|:[\w+-]+:|[!$%&~][\w\"]"
    r"|(?<!\w)(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{7,40}(?!\w)",
    re.IGNORECASE,
)
MARKUP = (
    *("https://x.example/a?b=1", "http://x.example", "ftp://x.example", "www.x.example", "WWW.x.example"),
    *("mailto:a@x.example", "a@x.example", "@name", "@org/team", "#12", "owner/repo#12", "GH-12", "gh-12"),
    *(
        "JIRA-12",
        ":fire:",
        ":+1:",
        "!12",
        "$12",
        "%12",
        "~label",
        '~"a label"',
        "&12",
        "a5c3785ed8d6a35868bc",
    ),
    *("x.example/a@a5c3785", "[x](https://x.example)", "<https://x.example>", "![x](y)", "`#12`", "a`b`@c"),
    *(
        "|@x|",
        "\\@x",
        "\\",
        "`",
        "``@x``",
        "$`x`$",
        "**x**",
        "[^1]",
        "<!-- x -->",
        "&amp;",
        "&#64;x",
        "~~x~~",
    ),
)
TEXTS = st.lists(
    st.sampled_from(
        (*MARKUP, "a", "office", " ", "|", "\\", "`", "_", "*", "\n", "1. ", "- ", "# ", ".", "(")
    )
    | st.text(max_size=3),
    max_size=8,
).map("".join)


def one_line(text: str) -> str:
    return " ".join(text.split())


@given(TEXTS)
@example("a`b`@c | \\@d `e")
def test_any_text_is_shown_as_it_stands_and_acts_on_nothing(text: str) -> None:
    if "\x00" in text:
        # CommonMark shows another letter in its place.
        return
    page = section("Title", Table(("text", "other"), [(text, "x"), ("y", text)], "nowhere"), "The end")
    first, _, _, second = found = cells(page)
    assert [shown(first), shown(second)] == [one_line(text)] * 2
    for cell in found:
        assert not FOUND.search(outside_code(cell)), page


@pytest.mark.parametrize("text", MARKUP)
def test_markup_that_services_find_in_a_text_stands_in_a_code_span(text: str) -> None:
    [paragraph] = inlines(f"See {escaped(text)}\n")
    assert shown(paragraph) == f"See {text}"
    assert not FOUND.search(outside_code(paragraph))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_label_stays_a_label(text: str) -> None:
    shows = one_line(text).replace("\x00", "\N{REPLACEMENT CHARACTER}")
    [cell, _] = cells(section("Title", Table(("a", "b"), [(text, "x")], "nowhere"), "The end"))
    assert shown(cell) == shows


@pytest.mark.parametrize(
    "text",
    ["office", "office-12", "447700900101", "host: a", "~ 1 to update", "and 5 more", "sales (dev); 3"],
)
def test_a_harmless_text_is_no_code(text: str) -> None:
    assert "`" not in escaped(text)


CELLS = st.text(min_size=1, max_size=4) | st.sampled_from(
    ("@" * 4_000, "🔥 # " * 900, "<" * 2_000, "я" * 1_500)
)


@settings(max_examples=20, deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6),
    times=st.sampled_from((1, 700)),
    paragraphs=st.lists(CELLS, max_size=4),
    further=st.sampled_from((0, 90)),
)
def test_a_section_is_below_its_limit_and_says_what_it_leaves_out(
    rows: list[tuple[str, str]], times: int, paragraphs: list[str], further: int
) -> None:
    texts = [f"Error: {escaped(text)}" for text in (*paragraphs, *["# " * 1_500] * further)]
    page = section("Title", *texts, Table(("a", "b"), rows * times, "look there"), "The end")
    assert len(page.encode("utf-8", "replace")) < MOST_BYTES
    lines = page.splitlines()
    count, left_out = len(rows) * times, 0
    if found := re.search(rf"\*\*(\d+) of {count} rows? left out: look there\.\*\*", page):
        left_out = int(found[1])
    assert sum(line.startswith("| ") for line in lines) == 2 + count - left_out
    assert (lines[0], lines[-1]) == ("### Title", "The end")


def test_four_thousand_rows_of_a_usual_report_have_room_for_most_and_the_rest_is_counted() -> None:
    row = (
        "!",
        "447700900101",
        "office",
        "calls go elsewhere",
        "group 9",
        "group 12",
        "caller id: the number",
    )
    page = section("Title", Table("abcdefg", [row] * 8_000, "`--json` has all of them"), "The end")
    assert 400_000 < len(page) < MOST_BYTES
    assert re.search(r"\n\n\*\*\d+ of 8000 rows left out: `--json` has all of them\.\*\*\n\nThe end\n$", page)
