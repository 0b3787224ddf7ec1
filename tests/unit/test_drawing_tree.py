"""A picture as lines of text, each case as a terminal shows it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.routes.drawing import tree
from pulumi_plusofon.routes.picture import Edge, Node, Picture

if TYPE_CHECKING:
    from collections.abc import Iterable


def picture(*edges: tuple[str, str] | tuple[str, str, str], nodes: Iterable[Node] = ()) -> Picture:
    """Edges by keys, in the order of the nodes; a third text is the label of a fallback."""
    given = {node.key: node for node in nodes}
    keys = dict.fromkeys([*given, *(key for edge in edges for key in edge[:2])])
    drawn = (given.get(key, Node(key, key, "target" if key.isupper() else "number")) for key in keys)
    return Picture(
        "Routes",
        tuple(drawn),
        tuple(Edge(edge[0], edge[1], "".join(edge[2:]), is_fallback=len(edge) > 2) for edge in edges),
    )


CASES = {
    "a number and its target": (picture(("a", "T")), "a\n└─ T\n"),
    "a fallback": (
        picture(("a", "T"), ("a", "U", "the CRM has no route")),
        "a\n├─ T\n└╌ the CRM has no route: U\n",
    ),
    "a fallback first": (picture(("a", "T", ""), ("a", "U")), "a\n├╌ else: T\n└─ U\n"),
    "details and problems": (
        picture(
            ("a", "T"),
            ("b", "T"),
            nodes=[
                Node("a", "office", "number", ("ate", "sip.x.example"), ("not registered", "rings twice")),
                Node("b", "sales", "number"),
                Node("T", "group 9", "target", (), ("does not exist",)),
            ],
        ),
        """office (ate; sip.x.example)
│  ! not registered
│  ! rings twice
└─ group 9
      ! does not exist
sales
└─ group 9
      ! does not exist
""",
    ),
    "a chain": (picture(("a", "b"), ("b", "c"), ("c", "T")), "a\n└─ b\n   └─ c\n      └─ T\n"),
    "a branch that goes on": (
        picture(("a", "b"), ("b", "T"), ("a", "U")),
        "a\n├─ b\n│  └─ T\n└─ U\n",
    ),
    "what two lead to": (
        picture(("a", "c"), ("b", "c"), ("c", "T"), ("b", "T")),
        "a\n└─ c\n   └─ T\nb\n├─ c (see above)\n└─ T\n",
    ),
    "what one number leads to twice": (
        picture(("a", "b"), ("a", "c"), ("b", "T"), ("c", "b")),
        "a\n├─ b\n│  └─ T\n└─ c\n   └─ b (see above)\n",
    ),
    "a loop": (picture(("a", "b"), ("b", "a")), "a\n└─ b\n   └─ a (a loop: calls come back to it)\n"),
    "a loop of one": (picture(("a", "a")), "a\n└─ a (a loop: calls come back to it)\n"),
    "a loop that a number leads into": (
        picture(("a", "b"), ("b", "a"), ("c", "a"), ("d", "T")),
        "c\n└─ a\n   └─ b\n      └─ a (a loop: calls come back to it)\nd\n└─ T\n",
    ),
    "loops after all others": (
        picture(("a", "b"), ("b", "a"), ("c", "T")),
        "c\n└─ T\na\n└─ b\n   └─ a (a loop: calls come back to it)\n",
    ),
    "a target that nothing leads to": (
        picture(("a", "T"), nodes=[Node("U", "U", "target")]),
        "a\n└─ T\nU\n",
    ),
    "a target that leads on": (
        picture(("a", "T"), ("b", "T"), ("T", "c")),
        "a\n└─ T\n   └─ c\nb\n└─ T (see above)\n",
    ),
}


@pytest.mark.parametrize(("drawn", "expected"), CASES.values(), ids=CASES)
def test_a_tree_is_as_written_here(drawn: Picture, expected: str) -> None:
    assert tree.drawn(drawn) == expected


def test_a_tree_in_ascii_has_the_same_lines() -> None:
    drawn = picture(("a", "b"), ("b", "T"), ("b", "É", ""), ("a", "U", ""))
    assert tree.drawn(drawn, ascii_only=True) == ("a\n|-- b\n|   |-- T\n|   `.. else: \\xc9\n`.. else: U\n")


def test_a_long_chain_goes_on_at_the_margin() -> None:
    keys = [f"n{at}" for at in range(50)]
    lines = tree.drawn(picture(*pairwise(keys))).splitlines()
    assert max(map(len, lines)) < 90
    below = [line.split()[-3] for line in lines if line.endswith("(see below)")]
    roots = [line for line in lines if line in keys]
    assert roots == ["n0", *below]
    assert len(below) == 2


def test_every_node_of_a_picture_is_in_its_tree() -> None:
    drawn = picture(("a", "b"), ("b", "c"), ("c", "a"), ("d", "c"), ("e", "e"), ("f", "T"))
    lines = tree.drawn(drawn).splitlines()
    roots = [line for line in lines if line[0].isalpha()]
    assert roots == ["d", "f", "e"]
    assert {node.key for node in drawn.nodes} <= {line.split("(")[0].split()[-1] for line in lines}
