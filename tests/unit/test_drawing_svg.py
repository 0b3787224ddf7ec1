"""The SVG of a picture: XML for any label, and nothing in it that a strict page refuses."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_plusofon.routes.drawing import svg
from pulumi_plusofon.routes.drawing.text import is_carried, lines, visible
from pulumi_plusofon.routes.picture import Edge, Node, Picture
from support.hostile_labels import HOSTILE, picture_of, picture_of_all

_SPACE = "{http://www.w3.org/2000/svg}"
_ELEMENTS = {"svg", "title", "desc", "rect", "g", "path", "text"}
_ATTRIBUTES = {
    "svg": {"version", "role", "width", "height", "viewBox", "font-family", "font-size", "fill"},
    "g": {"class", "data-key", "stroke", "fill"},
    "rect": {"class", "x", "y", "width", "height", "rx", "fill", "stroke", "stroke-width"},
    "path": {"class", "d", "fill", "stroke", "stroke-width", "stroke-dasharray"},
    "text": {"class", "x", "y", "fill", "stroke", "font-size", "font-weight"},
    "title": set[str](),
    "desc": set[str](),
}
labels = st.text(st.characters()) | st.sampled_from([*HOSTILE.values()])


def read(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own text


def nodes_of(root: ET.Element) -> list[ET.Element]:
    return [element for element in root.iter(f"{_SPACE}g") if "node" in element.attrib["class"].split()]


def carried(text: str) -> str:
    return "".join(character if is_carried(character) else "\ufffd" for character in text)


def wholes(picture: Picture) -> list[str]:
    return ["\n".join(lines(node)) for node in picture.nodes]


def texts(element: ET.Element, kind: str) -> list[str]:
    return [element.text or "" for element in element.iter(f"{_SPACE}text") if element.get("class") == kind]


def is_dashed(edge: ET.Element) -> bool:
    return "stroke-dasharray" in next(edge.iter(f"{_SPACE}path")).attrib


@given(labels)
def test_an_svg_is_xml_that_has_each_label_and_key(label: str) -> None:
    picture = picture_of(label)
    root = read(svg.drawn(picture))
    assert root.findtext(f"{_SPACE}title") == visible(label)
    assert [node.findtext(f"{_SPACE}title") for node in nodes_of(root)] == wholes(picture)
    assert [node.attrib["data-key"] for node in nodes_of(root)] == [
        carried(node.key) for node in picture.nodes
    ]


@given(labels)
def test_an_svg_has_only_elements_and_attributes_that_draw(label: str) -> None:
    for element in read(svg.drawn(picture_of(label))).iter():
        tag = element.tag.removeprefix(_SPACE)
        assert tag in _ELEMENTS
        assert set(element.attrib) <= _ATTRIBUTES[tag]
        assert not any("url(" in value for key, value in element.attrib.items() if key != "data-key")


def test_all_hostile_labels_are_in_one_svg() -> None:
    picture = picture_of_all()
    assert [node.findtext(f"{_SPACE}title") for node in nodes_of(read(svg.drawn(picture)))] == wholes(picture)


def test_a_long_label_is_cut_in_the_drawing_and_whole_in_the_title() -> None:
    for label in (HOSTILE["200 characters without a blank"], HOSTILE["200 wide characters"]):
        (node,) = nodes_of(read(svg.drawn(Picture("", (Node("n", label, "number"),), ()))))
        (drawn,) = texts(node, "label")
        assert drawn.endswith("…")
        assert label.startswith(drawn.removesuffix("…"))
        assert 10 < len(drawn) < 50
        assert node.findtext(f"{_SPACE}title") == label


PICTURE = Picture(
    "Routes of office",
    (
        Node("a", "office", "number", ("ate",)),
        Node("b", "sales", "number", ("sipuri",), ("leads nowhere", "not registered")),
        Node("t", "group 9", "target"),
        Node("none", "nowhere", "nowhere"),
    ),
    (Edge("a", "t", "always"), Edge("a", "b", "at night", is_fallback=True), Edge("b", "none")),
)


def test_an_svg_is_described_to_a_screen_reader() -> None:
    root = read(svg.drawn(PICTURE))
    assert root.get("role") == "img"
    assert [(element.tag, element.text) for element in root][:2] == [
        (f"{_SPACE}title", "Routes of office"),
        (f"{_SPACE}desc", "2 numbers, 2 destinations, 2 problems. Calls go from left to right."),
    ]


def test_a_node_says_its_shape_and_that_it_has_a_problem() -> None:
    assert [node.attrib["class"] for node in nodes_of(read(svg.drawn(PICTURE)))] == [
        "node number",
        "node number problem",
        "node target",
        "node nowhere",
    ]


def test_problems_are_words_and_a_mark() -> None:
    office, sales, *_ = nodes_of(read(svg.drawn(PICTURE)))
    assert texts(sales, "reason") == ["leads nowhere", "not registered"]
    assert texts(sales, "detail") == ["sipuri"]
    marks = [
        [element for element in node.iter() if element.get("class") == "mark"] for node in (office, sales)
    ]
    assert [*map(len, marks)] == [0, 1]


def test_a_fallback_is_dashed_and_has_its_label() -> None:
    edges = [
        element
        for element in read(svg.drawn(PICTURE)).iter(f"{_SPACE}g")
        if "edge" in element.attrib["class"]
    ]
    assert [edge.attrib["class"] for edge in edges] == ["edge", "edge fallback", "edge"]
    assert [*map(is_dashed, edges)] == [False, True, False]
    assert [texts(edge, "when") for edge in edges] == [["always"], ["at night"], []]


def test_an_edge_is_drawn_from_its_source_to_the_tip_of_its_arrow() -> None:
    root = read(svg.drawn(PICTURE))
    boxes = {node.attrib["data-key"]: next(node.iter(f"{_SPACE}rect")).attrib for node in nodes_of(root)}
    edges = [element for element in root.iter(f"{_SPACE}g") if "edge" in element.attrib["class"]]
    for edge, drawn in zip(PICTURE.edges, edges, strict=True):
        line, arrow = (element.attrib["d"] for element in drawn.iter(f"{_SPACE}path"))
        source, target = boxes[edge.source], boxes[edge.target]
        assert line.startswith(f"M{int(source['x']) + int(source['width'])} ")
        tip = f"{target['x']} {int(target['y']) + int(target['height']) / 2:g}"
        assert arrow.startswith(f"M{tip}l-9 ")
        assert re.search(rf"[ H]{int(target['x']) - 9}( {tip.split()[1]})?$", line)


def test_a_picture_has_a_white_ground_of_its_whole_size() -> None:
    root = read(svg.drawn(PICTURE))
    ground = next(root.iter(f"{_SPACE}rect"))
    assert ground.attrib == {"class": "ground", "fill": "#ffffff"} | {
        size: root.attrib[size] for size in ("width", "height")
    }
    assert root.get("viewBox") == f"0 0 {root.attrib['width']} {root.attrib['height']}"


@pytest.mark.parametrize("key", ["a\nb", "a\tb", "a\rb", " a ", 'a"b', "a\x85b", "a\u202eb", "a\u2028b"])
def test_a_key_is_read_back_as_it_is(key: str) -> None:
    (node,) = nodes_of(read(svg.drawn(Picture("", (Node(key, "office", "number"),), ()))))
    assert node.attrib["data-key"] == key
