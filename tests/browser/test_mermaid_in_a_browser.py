"""Mermaid itself reads our flowcharts, and shows each label as the text that it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import pytest

from pulumi_plusofon.routes.drawing import mermaid
from pulumi_plusofon.routes.drawing.text import lines, visible
from support.browser import MERMAID
from support.hostile_labels import HOSTILE, picture_of, picture_of_all

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from pulumi_plusofon.routes.picture import Picture

pytestmark = pytest.mark.rest
_DRAW = """async text => {
    const active = "svg :is(a, b, em, strong, img, script, iframe, code, ul, ol)";
    mermaid.initialize({startOnLoad: false, securityLevel: "strict", maxEdges: 5000, maxTextSize: 5000000});
    await mermaid.parse(text);
    const {svg} = await mermaid.render("drawn", text);
    document.body.innerHTML = svg;
    const texts = selector => [...document.querySelectorAll(selector)].map(one => one.textContent);
    return {
        title: texts("svg > title"),
        nodes: texts(".node"),
        edges: texts(".edgeLabel .edgeLabel"),
        problems: document.querySelectorAll(".node.problem").length,
        active: document.querySelectorAll(active).length,
    };
}"""


class Drawn(TypedDict):
    title: list[str]
    nodes: list[str]
    edges: list[str]
    problems: int
    active: int


@pytest.fixture
def chart(canvas: Page) -> Page:
    """A page that has Mermaid; it is loaded once, because it is large."""
    if not canvas.evaluate("'mermaid' in window"):
        canvas.set_content("<!DOCTYPE html><title>a chart</title>")
        canvas.add_script_tag(path=MERMAID)
    return canvas


def draw(chart: Page, picture: Picture) -> Drawn:
    drawn: Drawn = chart.evaluate(_DRAW, mermaid.drawn(picture))
    return drawn


def shown(text: str) -> str:
    """What Mermaid shows of a text: blanks as it likes. Its own code for `;` it decodes in any label."""
    return "".join(text.replace("ﬂ", "fl").replace("¶ß", ";").split())


def as_shown(texts: list[str]) -> list[str]:
    return sorted(filter(None, map(shown, texts)))


@pytest.mark.parametrize("label", HOSTILE.values(), ids=HOSTILE)
def test_a_label_is_shown_by_mermaid_as_it_is(chart: Page, label: str) -> None:
    picture = picture_of(label)
    drawn = draw(chart, picture)
    assert as_shown(drawn["nodes"]) == as_shown(["".join(lines(node)) for node in picture.nodes])
    assert as_shown(drawn["edges"]) == as_shown([visible(edge.label) for edge in picture.edges])
    # What decodes labels does not run over the title.
    assert "".join(drawn["title"]).split() == visible(label).replace("ﬂ", "fl").split()
    assert drawn["problems"] == 1
    assert drawn["active"] == 0


def test_all_hostile_labels_are_in_one_chart(chart: Page) -> None:
    picture = picture_of_all()
    drawn = draw(chart, picture)
    assert as_shown(drawn["nodes"]) == as_shown(["".join(lines(node)) for node in picture.nodes])
    assert as_shown(drawn["edges"]) == as_shown([visible(edge.label) for edge in picture.edges])
    assert drawn["active"] == 0
