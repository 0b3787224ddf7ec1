"""Labels in Mermaid: read back they are what they were, and nothing else is in the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_plusofon.routes.drawing import mermaid
from pulumi_plusofon.routes.drawing.text import lines, visible
from pulumi_plusofon.routes.picture import Edge, Node, Picture
from support.hostile_labels import HOSTILE, picture_of

_MERMAID_NODE = re.compile(r'^  n\d+(?:\(\[?|\[)"([^"]*)"(?:\]?\)|\])$', re.MULTILINE)
_MERMAID_EDGE = re.compile(r'^  n\d+ (?:-->|-\.->)(?:\|"([^"]*)"\|)? n\d+$', re.MULTILINE)
# What no version of Mermaid takes for anything but a part of a text.
_PLAIN = re.compile(r"(?:[^\W_]|[ .,+\n-]|#\d+;)*")

labels = st.text(st.characters()) | st.sampled_from([*HOSTILE.values()])


def from_mermaid(text: str) -> str:
    assert _PLAIN.fullmatch(text), text
    return re.sub(r"#(\d+);", lambda code: chr(int(code[1])), text)


def ligatures(text: str) -> str:
    return text.replace("ﬂ", "fl")


def wholes(picture: Picture) -> list[str]:
    return ["\n".join(lines(node)) for node in picture.nodes]


def whens(picture: Picture) -> list[str]:
    return [visible(edge.label) if edge.label.strip() else "" for edge in picture.edges]


@given(labels)
def test_mermaid_has_each_label_once_and_nothing_of_its_text_outside(label: str) -> None:
    picture = picture_of(label)
    text = mermaid.drawn(picture)
    assert [from_mermaid(node) for node in _MERMAID_NODE.findall(text)] == [*map(ligatures, wholes(picture))]
    assert [from_mermaid(edge) for edge in _MERMAID_EDGE.findall(text)] == [*map(ligatures, whens(picture))]
    rest = _MERMAID_EDGE.sub("", _MERMAID_NODE.sub("", text)).splitlines()
    assert [line.split()[0] for line in rest if line.split()[:1] not in ([], ["accTitle:"])] == [
        "flowchart",
        "accDescr:",
        "classDef",
        "class",
    ]


@pytest.mark.parametrize(
    ("label", "escaped"),
    [
        ("+44 7700 900131", "+44 7700 900131"),
        ("sip.operator.example", "sip.operator.example"),
        ("group Support (9)", "group Support #40;9#41;"),
        ("end", "#101;nd"),
        ("the END; ends", "the #69;ND#59; ends"),
        ('"#;', "#34;#35;#59;"),
        ("a_b*c`d", "a#95;b#42;c#96;d"),
        ("www.x.example", "www#46;x.example"),
        (" a  b ", "#32;a#32;#32;b#32;"),
        ("1. a", "1#46; a"),
        ("- a", "#45; a"),
        ("a--b", "a#45;#45;b"),
        ("Отдел", "Отдел"),
    ],
)
def test_mermaid_escapes_what_is_not_plainly_text(label: str, escaped: str) -> None:
    text = mermaid.drawn(Picture("", (Node("n", label, "number"),), ()))
    assert f'  n0("{escaped}")\n' in text


PICTURE = Picture(
    "Routes",
    (
        Node("a", "office", "number", ("ate",)),
        Node("b", "sales", "number", (), ("leads nowhere", "not registered")),
        Node("t", "group 9", "target"),
        Node("none", "nowhere", "nowhere"),
    ),
    (Edge("a", "t"), Edge("a", "b", "at night", is_fallback=True), Edge("b", "none", is_fallback=True)),
)


def test_a_chart_of_mermaid_is_as_written_here() -> None:
    assert (
        mermaid.drawn(PICTURE)
        == """flowchart LR
  accTitle: Routes
  accDescr: 2 numbers, 2 destinations, 2 problems#46; Calls go from left to right#46;
  n0("office
ate")
  n1("sales
Problem#58; leads nowhere
Problem#58; not registered")
  n2["group 9"]
  n3(["nowhere"])
  n0 --> n2
  n0 -.->|"at night"| n1
  n1 -.-> n3
  classDef problem stroke:#a4161a,stroke-width:3px
  class n1 problem
"""
    )
