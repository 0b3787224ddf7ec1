"""Every format of a picture, whatever its labels are."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pulumi_plusofon.routes.drawing import FORMATS, tree
from pulumi_plusofon.routes.drawing.text import BIDI, cut, visible, width
from pulumi_plusofon.routes.picture import Edge, Node, Picture
from support.hostile_labels import HOSTILE, picture_of, picture_of_all

MANY = 5000
NUMBERS = tuple(Node(f"n{at}", f"+44 7700 {at:06}", "number") for at in range(MANY))
TARGET = Node("t", "group Support (9)", "target")

CHAIN = [Edge(f"n{at}", f"n{at + 1}") for at in range(MANY - 1)]
LARGE = {
    "a ring": Picture("", NUMBERS, (*CHAIN, Edge(f"n{MANY - 1}", "n0"))),
    "a chain with fallbacks": Picture(
        "", (*NUMBERS, TARGET), (*CHAIN, *(Edge(node.key, "t", is_fallback=True) for node in NUMBERS))
    ),
    "a star both ways": Picture(
        "",
        NUMBERS,
        tuple(e for node in NUMBERS[1:] for e in (Edge("n0", node.key), Edge(node.key, "n0"))),
    ),
    "loops of one": Picture("", NUMBERS, tuple(Edge(node.key, node.key) for node in NUMBERS)),
}


def acts(character: str) -> bool:
    """Whether a character does something to what shows it, or is none at all."""
    return (
        character in BIDI
        or character in "\ufffe\uffff"
        or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
    )


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("label", HOSTILE.values(), ids=HOSTILE)
def test_no_format_has_a_character_that_acts_on_its_reader(name: str, label: str) -> None:
    text = FORMATS[name](picture_of(label))
    assert {character for character in text if acts(character)} <= {"\n"}
    text.encode()


@pytest.mark.parametrize("name", FORMATS)
def test_equal_pictures_give_equal_texts(name: str) -> None:
    assert FORMATS[name](picture_of_all()) == FORMATS[name](picture_of_all())


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("picture", LARGE.values(), ids=LARGE)
def test_5000_numbers_are_drawn_without_recursion(name: str, picture: Picture) -> None:
    text = FORMATS[name](picture)
    assert set(re.findall(r"\+44 7700 \d{6}", text)) == {node.label for node in NUMBERS}
    # An edge or a node takes some lines, not some thousands of them.
    assert len(text) < 1000 * MANY


@pytest.mark.parametrize("name", FORMATS)
def test_a_picture_of_nothing_is_drawn(name: str) -> None:
    assert FORMATS[name](Picture("", (), ())).count("group") == 0


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("label", ["", "   "])
def test_a_label_with_nothing_to_see_has_words_in_its_place(name: str, label: str) -> None:
    text = FORMATS[name](Picture("", (Node("n", label, "number"),), ()))
    assert "(no name)" in text.replace("#40;", "(").replace("#41;", ")")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("mark", ["<{%reset%}>", "<{%fg 1%}>"])
def test_no_format_has_the_engines_markup(name: str, mark: str) -> None:
    text = FORMATS[name](picture_of(mark))
    assert "<{%" not in text
    assert "%}>" not in text


@given(st.text(st.characters()))
def test_a_visible_text_is_as_long_and_acts_on_nothing(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    assert not any(map(acts, shown))
    pairs = zip(shown, text, strict=True)
    assert all(
        character in (other, "\ufffd") and (character == other or acts(other)) for character, other in pairs
    )


# The same widths, added in another order, differ in their last digit.
@example("AAa電電電a電", 7)
@given(st.text(st.characters()), st.integers(4, 40))
def test_a_cut_text_is_no_wider_and_begins_as_the_whole(text: str, widest: int) -> None:
    short = cut(text, widest)
    assert width(short) <= widest
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_a_wide_character_counts_double() -> None:
    assert width("電" * 10) == pytest.approx(2 * width("a" * 10))


def test_marks_without_width_are_cut_as_well() -> None:
    assert len(cut(HOSTILE["a tower of marks"], 20)) < 60


@pytest.mark.parametrize("label", HOSTILE.values(), ids=HOSTILE)
def test_a_tree_for_an_ascii_terminal_is_ascii(label: str) -> None:
    text = tree.drawn(picture_of(label), ascii_only=True)
    assert text.isascii()
    assert all(line.isprintable() for line in text.splitlines())


@pytest.mark.parametrize("label", HOSTILE.values(), ids=HOSTILE)
def test_a_tree_has_only_what_a_terminal_can_print(label: str) -> None:
    assert all(line.isprintable() for line in tree.drawn(picture_of(label)).split("\n"))
