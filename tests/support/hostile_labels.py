"""Texts that some format, parser, terminal or page could take for more than text, and pictures of them."""

from __future__ import annotations

from typing import Final

from pulumi_plusofon.routes.picture import Edge, Node, Picture

HOSTILE: Final[dict[str, str]] = {
    "a double quote": 'say "hi" and "',
    "a single quote": "it's 'quoted'",
    "round brackets": "(a) ((b)) ([c])",
    "square brackets": "[a] [[b]] [(c)]",
    "curly brackets": "{a} {{b}} {c?}",
    "angle brackets": "<a> <<b>> >c]",
    "slanted brackets": r"[/a/] [\b\]",
    "semicolons": "a; b;; c;",
    "the word end": "end",
    "end among words": "the end; END end",
    "a subgraph": "subgraph x",
    "a click": 'click n0 href "https://x.example/"',
    "a script link": "javascript:alert(1)",
    "a style": "style n0 fill:#f00,stroke:#333;",
    "a class definition": "classDef default fill:#f00;",
    "a class": "a:::problem",
    "a comment": "%% nothing",
    "a directive": '%%{init: {"securityLevel": "loose"}}%%',
    "front matter": "--- title: x ---",
    "an arrow": "a --> b -.-> c ==> d",
    "an edge's text": "a -- |b| --> c",
    "pipes": "|a||b|",
    "a marked right to left": "a\u200fb",
    "a marked left to right": "a\u200eb",
    "an override": "abc\u202edef\u202cghi",
    "an override left open": "abc\u202edef",
    "an isolate left open": "abc\u2067def",
    "an isolate closed too early": "abc\u2069def",
    "an arabic mark": "a\u061cb",
    "hebrew and digits": "שלום 44 (7700)",
    "a line separator": "a\u2028b",
    "a paragraph separator": "a\u2029b",
    "a newline": "first\nsecond",
    "a carriage return": "first\r\nsecond",
    "a tab": "a\tb",
    "nul": "a\x00b",
    "escape": "a\x1b[31mred\x1b[0m",
    "bell and delete": "a\x07b\x7f",
    "a control of latin 1": "a\x85b\x9bc",
    "a lone surrogate": "a\ud800b",
    "a character that is none": "a\ufffeb\uffff",
    "a byte order mark": "\ufeffa",
    "a script": "<script>alert(1)</script>",
    "an image": "<img src=x onerror=alert(1)>",
    "an image of html labels": '<img src="http://x.example/x.png">',
    "an iframe": '"><iframe src="https://x.example/"></iframe>',
    "the end of an element": "</title></svg></text>",
    "the end of a style": "</style><b>",
    "the end of cdata": "a ]]> b",
    "cdata": "<![CDATA[a]]>",
    "an entity": "&amp;",
    "entities": "&lt;b&gt; &#60; &#x3c; &quot; &nbsp; &unknown;",
    "an entity of mermaid": "#quot; #35; #9;",
    "an encoded entity of mermaid": "ﬂ°°60¶ß ﬂ°lt¶ß",
    "an external entity": '<!ENTITY x SYSTEM "file:///etc/passwd"> &x;',
    "a processing instruction": "<?xml version='1.0'?>",
    "the engine's reset": "<{%reset%}>",
    "the engine's colour": "<{%fg 1%}>red<{%unknown%}>",
    "emoji": "📞 ☎️ 🇬🇧 👩‍👩‍👧",
    "combining marks": "e\u0301 u\u0308 a\u0323\u0302",
    "a combining mark first": "\u0301a",
    "a tower of marks": "Z" + "\u0321\u0342\u0353" * 60,
    "wide characters": "電話番号 大阪支店",
    "cyrillic": "Отдел продаж",
    "200 characters": "word " * 40,
    "200 characters without a blank": "x" * 200,
    "200 wide characters": "電" * 200,
    "empty": "",
    "blanks": "   ",
    "blanks around": "  a  b  ",
    "a backslash at the end": "a\\",
    "two backslashes at the end": "a\\\\",
    "a backslash and a quote": 'a\\" b',
    "markdown": "`markdown` **bold** _it_",
    "markdown in a mermaid string": '"`**bold**`"',
    "a list": "- a",
    "a numbered list": "1. a",
    "a plus list": "+ a",
    "a heading": "# a",
    "a quotation": "> a",
    "a link": "[a](https://x.example/)",
    "an address": "www.x.example https://x.example/ a@x.example",
    "a formula": "$$x^2$$",
    "an icon": "fa:fa-car fab:fa-github",
    "a line break": "a<br>b<br/>c\\nd",
    "a percent sign": "100% %s %(name)s {name}",
    "a unicode escape": "\\u202e \\x1b",
    "an at of mermaid": "@{ shape: diamond }",
}


def picture_of(label: str) -> Picture:
    """A picture that has `label` in every place that a text can have."""
    return Picture(
        label,
        (
            Node("from", label, "number", (label,), (label,)),
            Node(f"{label} key", "group 9", "target"),
            Node("to", label, "target", (label,)),
            Node("none", label, "nowhere"),
        ),
        (
            Edge("from", f"{label} key", label),
            Edge("from", "to", label, is_fallback=True),
            Edge("to", "from", label),
            Edge("to", "none"),
        ),
    )


def picture_of_all() -> Picture:
    """One picture with every hostile label, as a node's and as an edge's."""
    numbers = tuple(
        Node(f"number {at}", label, "number", (label,), (label,) if at % 3 == 0 else ())
        for at, label in enumerate(HOSTILE.values())
    )
    targets = tuple(Node(f"target {at}", f"group {at}", "target") for at in range(9))
    edges = tuple(
        Edge(node.key, targets[at % len(targets)].key, node.label, is_fallback=at % 5 == 0)
        for at, node in enumerate(numbers)
    )
    return Picture("All hostile labels", numbers + targets, edges)
