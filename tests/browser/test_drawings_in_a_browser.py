"""The SVG as Chromium shows it: nothing runs, nothing is loaded, every text is in its box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.routes.drawing import svg
from pulumi_plusofon.routes.drawing.text import lines
from pulumi_plusofon.routes.picture import Edge, Node, Picture
from support.hostile_labels import HOSTILE, picture_of, picture_of_all

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

_TITLES = "[...document.querySelectorAll('.node > title')].map(title => title.textContent)"
# The strictest policy that a page can have.
_STRICT = "<!DOCTYPE html><meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
_OUTSIDE = """() => [...document.querySelectorAll(".node")].flatMap(node => {
    const box = node.querySelector("rect").getBBox();
    const mark = node.querySelector(".mark")?.getBBox().x ?? box.x + box.width;
    return [...node.querySelectorAll("text")].filter(text => {
        const {x, y, width, height} = text.getBBox();
        const right = text.matches(".label") ? mark : box.x + box.width;
        return x < box.x || x + width > right || y < box.y || y + height > box.y + box.height;
    }).map(text => text.textContent);
})"""
# Contrast as WCAG has it, of each text with what is under it.
_FAINT = """least => {
    const light = colour => {
        const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255);
        const linear = parts.map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const colour = (element, name) => light(getComputedStyle(element)[name]);
    const contrast = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const ground = colour(document.querySelector(".ground"), "fill");
    const texts = [...document.querySelectorAll("text")].filter(text => {
        const box = text.parentElement.querySelector("rect");
        return contrast(colour(text, "fill"), box ? colour(box, "fill") : ground) < least;
    });
    const lines = [...document.querySelectorAll(".edge > path:first-child, .node > rect")].filter(
        line => contrast(colour(line, "stroke"), ground) < 3);
    return [...texts, ...lines].map(one => one.outerHTML);
}"""
_ORDINARY = (
    "+44 7700 900131",
    "MMMMMMMMMMMMMMMMMMMMMMMMMMMMM",
    "WWW.SALES-AND-SUPPORT.OPERATOR.EXAMPLE",
    "sip sales-and-support@pbx.operator.example",
    "Отдел продаж и поддержки в выходные дни",
    "0000000000000000000000000000000000000000",
)


def several(*labels: str) -> Picture:
    numbers = [
        Node(f"n{at}", label, "number", (label,), (label,) if at % 2 else ())
        for at, label in enumerate(labels)
    ]
    ends = (Node("t", "group Support (9)", "target"), Node("none", "nowhere", "nowhere"))
    edges = [Edge(node.key, "t", "the CRM has no route", is_fallback=True) for node in numbers]
    return Picture("Numbers", (*numbers, *ends), (*edges, Edge("n0", "none"), Edge("n1", "n1")))


@pytest.fixture(autouse=True)
def from_a_blank_page(canvas: Page) -> None:
    """The policy of the page before would hold for the next content."""
    canvas.goto("about:blank")


@pytest.mark.parametrize("label", HOSTILE.values(), ids=HOSTILE)
def test_a_label_in_a_page_is_text_and_does_nothing(canvas: Page, tmp_path: Path, label: str) -> None:
    picture = picture_of(label)
    (tmp_path / "page.html").write_text(f"{_STRICT}{svg.drawn(picture)}", encoding="utf-8")
    canvas.goto((tmp_path / "page.html").as_uri())
    assert canvas.evaluate(_TITLES) == ["\n".join(lines(node)) for node in picture.nodes]
    assert canvas.locator("script, a, img, iframe").count() == 0


def test_an_svg_stands_in_a_file_of_its_own(canvas: Page, tmp_path: Path) -> None:
    picture = picture_of_all()
    (tmp_path / "routes.svg").write_text(svg.drawn(picture), encoding="utf-8")
    canvas.goto((tmp_path / "routes.svg").as_uri())
    assert canvas.evaluate(_TITLES) == ["\n".join(lines(node)) for node in picture.nodes]


def test_an_svg_stands_inline_under_the_strictest_policy(canvas: Page, tmp_path: Path) -> None:
    picture = picture_of_all()
    (tmp_path / "page.html").write_text(f"{_STRICT}{svg.drawn(picture)}", encoding="utf-8")
    canvas.goto((tmp_path / "page.html").as_uri())
    assert canvas.evaluate(_TITLES) == ["\n".join(lines(node)) for node in picture.nodes]
    assert canvas.locator("svg").get_attribute("role") == "img"


def test_texts_stay_inside_their_boxes(canvas: Page) -> None:
    canvas.set_content(svg.drawn(several(*_ORDINARY)))
    assert canvas.evaluate(_OUTSIDE) == []


def test_texts_and_lines_are_legible(canvas: Page) -> None:
    canvas.set_content(svg.drawn(several(*_ORDINARY)))
    assert canvas.evaluate(_FAINT, 4.5) == []
