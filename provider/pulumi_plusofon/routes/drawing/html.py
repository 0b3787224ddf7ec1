"""A picture of routes as a page in one file: the SVG, and a table of what is wrong.

Light or dark, as its reader's system is. Its own Content-Security-Policy forbids all but its style sheet;
there is no script in it, and it loads nothing.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Final

from . import svg
from .text import name, summary, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_plusofon.routes.picture import Node, Picture

# A rule of a style sheet is stronger than the attributes of the SVG.
_STYLE: Final = """
:root { color-scheme: light dark; }
body { margin: 2rem; font: 15px/1.5 Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif;
  color: #1f2937; background: #ffffff; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 1.1rem; }
.picture { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; }
th, td { border: 1px solid #9ca3af; padding: 0.3rem 0.7rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
ul { margin: 0; padding-left: 1.1rem; }
@media (prefers-color-scheme: dark) {
  body { color: #e5e7eb; background: #11161d; }
  th, td { border-color: #4b5563; }
  .ground { fill: #11161d; }
  .label { fill: #f3f4f6; }
  .detail, .when { fill: #c3c9d2; }
  .edge { stroke: #aab2bd; }
  .arrow { fill: #aab2bd; }
  .number rect { fill: #17263f; stroke: #7aa7ff; }
  .target rect { fill: #1b2a1d; stroke: #86b87e; }
  .nowhere rect { fill: #1f242c; stroke: #9ca3af; }
  .problem rect { stroke: #ff8b85; }
  .reason, .mark { fill: #ff8b85; }
  .mark-sign { stroke: #11161d; }
}
@media print { .picture { overflow-x: visible; } .picture svg { max-width: 100%; height: auto; } }
"""
_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def drawn(picture: Picture) -> str:
    """The picture as the text of one page."""
    title = escape(visible(picture.title))
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8"/>',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"/>',
            '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
            f"<title>{title}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            f"<h1>{title}</h1>",
            f"<p>{escape(summary(picture))}</p>",
            f'<div class="picture">\n{svg.drawn(picture)}</div>',
            *_problems([node for node in picture.nodes if node.problems]),
            "</body>",
            "</html>",
            "",
        ]
    )


def _problems(nodes: list[Node]) -> Iterator[str]:
    yield "<h2>Problems</h2>"
    if not nodes:
        yield "<p>None.</p>"
        return
    yield "<table>"
    yield '<thead><tr><th scope="col">Where</th><th scope="col">What is wrong</th></tr></thead>'
    yield "<tbody>"
    for node in nodes:
        about = "".join(f"<br/>{_isolated(detail)}" for detail in node.details)
        reasons = "".join(f"<li>{_isolated(problem)}</li>" for problem in node.problems)
        where = f"<strong>{_isolated(name(node))}</strong>{about}"
        yield f"<tr><td>{where}</td><td><ul>{reasons}</ul></td></tr>"
    yield "</tbody>"
    yield "</table>"


def _isolated(text: str) -> str:
    """Text of others: what is written from right to left there reorders nothing around it."""
    return f"<bdi>{escape(visible(text))}</bdi>"
