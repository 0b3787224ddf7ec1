"""A picture of routes as lines of text: each number, and indented below it what it leads to.

Shows a part that several lead to once, and refers to it from elsewhere. Never recurs: a chain may be of any
length.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Final, NamedTuple

from pulumi_plusofon.runtime.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_plusofon.routes.picture import Edge, Node, Picture

# Each line of a chain is indented further. What is deeper begins again at the margin.
_DEEPEST: Final = 20


class _Marks(NamedTuple):
    """What a line begins with: `more` and `last` are branches, a fallback's are broken."""

    more: str
    last: str
    more_fallback: str
    last_fallback: str
    through: str


_BOX: Final = _Marks("├─ ", "└─ ", "├╌ ", "└╌ ", "│  ")
_ASCII: Final = _Marks("|-- ", "`-- ", "|.. ", "`.. ", "|   ")


def drawn(picture: Picture, *, ascii_only: bool = False) -> str:
    """The picture in lines. With `ascii_only` all of it is ASCII, labels too."""
    text = "".join(f"{line}\n" for line in _Trees(picture, _ASCII if ascii_only else _BOX).lines())
    return text.encode("ascii", "backslashreplace").decode() if ascii_only else text


class _Trees:
    """One picture while it is written."""

    def __init__(self, picture: Picture, marks: _Marks) -> None:
        self.marks = marks
        self.nodes = {node.key: node for node in picture.nodes}
        self.leaving: dict[str, list[Edge]] = defaultdict(list)
        for edge in picture.edges:
            self.leaving[edge.source].append(edge)
        entered = {edge.target for edge in picture.edges}
        self.roots = sorted(self.nodes, key=lambda key: (key in entered, self.nodes[key].shape != "number"))
        self.begun: set[str] = set()
        self.ahead: deque[str] = deque()
        """What was too deep: it follows as a tree of its own, as soon as this one ends."""

    def lines(self) -> Iterator[str]:
        for root in self.roots:
            self.ahead.append(root)
            while self.ahead:
                if (key := self.ahead.popleft()) not in self.begun:
                    yield from self._tree(key)

    def _tree(self, root: str) -> Iterator[str]:
        yield from self._node(self.nodes[root], "", "")
        self.begun.add(root)
        path = {root}
        steps = [(root, "", iter(self.leaving[root]), len(self.leaving[root]))]
        while steps:
            here, indent, rest, left = steps.pop()
            if not left:
                path.discard(here)
                continue
            steps.append((here, indent, rest, left - 1))
            edge = next(rest)
            there = self.nodes[edge.target]
            note = self._note(there.key, path, len(steps))
            below = indent + (self.marks.through if left > 1 else " " * len(self.marks.through))
            branch = self._branch(edge, is_last=left == 1)
            yield from self._node(there, f"{indent}{branch}{_when(edge)}", below, note)
            if not note:
                self.begun.add(there.key)
                path.add(there.key)
                steps.append((there.key, below, iter(self.leaving[there.key]), len(self.leaving[there.key])))

    def _note(self, key: str, path: set[str], depth: int) -> str:
        """Why what the node leads to is not shown here; empty where it is, and where it leads nowhere on."""
        if key in path:
            return "a loop: calls come back to it"
        if not self.leaving[key]:
            return ""
        if key in self.begun:
            return "see above"
        if depth < _DEEPEST:
            return ""
        self.ahead.append(key)
        return "see below"

    def _branch(self, edge: Edge, *, is_last: bool) -> str:
        if edge.is_fallback:
            return self.marks.last_fallback if is_last else self.marks.more_fallback
        return self.marks.last if is_last else self.marks.more

    def _node(self, node: Node, first: str, below: str, note: str = "") -> Iterator[str]:
        label = plain(node.label)
        name = label if label.strip() else "(no name)"
        if note:
            yield f"{first}{name} ({note})"
            return
        details = "; ".join(map(plain, node.details))
        yield f"{first}{name}{f' ({details})' if details else ''}"
        through = self.marks.through if self.leaving[node.key] else " " * len(self.marks.through)
        for problem in node.problems:
            yield f"{below}{through}! {plain(problem)}"


def _when(edge: Edge) -> str:
    words = plain(edge.label).strip() or ("else" if edge.is_fallback else "")
    return f"{words}: " if words else ""
