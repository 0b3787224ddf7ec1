"""Markdown for the reference: tables, signatures, and what classes say of their attributes."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

# What the table of the arguments says better than a type.
_WORDS: Final = {
    **dict.fromkeys(("NumberType", "ForwardingType", "FallbackType", "Choice"), "str"),
    "pulumi.ResourceOptions": "ResourceOptions",
}
_INPUT: Final = re.compile(r"pulumi\.(?:Input|Output)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of texts that are Markdown already."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def page(*parts: str) -> str:
    """Parts, a blank line apart."""
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def block(language: str, text: str) -> str:
    """A block of code."""
    return f"```{language}\n{text.rstrip()}\n```"


def doc(thing: object) -> str:
    """What a docstring says."""
    return inspect.getdoc(thing) or ""


def first_sentence(thing: object) -> str:
    """A docstring's first paragraph, on one line."""
    return " ".join(doc(thing).split("\n\n")[0].split())


def type_of(annotation: str) -> str:
    """A type as a reader needs it: every argument may be promised."""
    text = annotation
    while _INPUT.search(text):
        text = _INPUT.sub(r"\1", text)
    for name, words in _WORDS.items():
        text = re.sub(rf"(?<![\w.]){re.escape(name)}\b", words, text)
    return text.replace("| None | None", "| None")


def signature(name: str, function: Callable[..., Any]) -> str:
    """How a program calls it, one argument a line."""
    [node] = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(node, ast.FunctionDef)  # noqa: S101 - the source of a function
    given = [argument for argument in node.args.args if argument.arg != "self"]
    # Defaults belong to the last arguments.
    defaults = [None] * (len(given) - len(node.args.defaults)) + list(node.args.defaults)
    positional = [_argument(*pair) for pair in zip(given, defaults, strict=True)]
    keywords = [_argument(*pair) for pair in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)]
    lines = "\n".join([*positional, *(["*,"] if keywords else []), *keywords])
    if not lines:
        return block("python", f"{name}()")
    return block("python", f"{name}(\n{textwrap.indent(lines, '    ')}\n)")


def _argument(argument: ast.arg, default: ast.expr | None) -> str:
    given = "" if default is None else f" = {ast.unparse(default)}"
    written = type_of(ast.unparse(argument.annotation)) if argument.annotation else "Any"
    return f"{argument.arg}: {written}{given},"


def attributes(kind: type) -> Iterator[tuple[str, str, str]]:
    """Each attribute of a class, its type, and the docstring behind it."""
    body = _body(kind)
    for at, node in enumerate(body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            behind = body[at + 1] if at + 1 < len(body) else None
            is_text = isinstance(behind, ast.Expr) and isinstance(behind.value, ast.Constant)
            text = behind.value.value if is_text else ""  # type: ignore[union-attr]  # see above
            yield node.target.id, type_of(ast.unparse(node.annotation)), " ".join(str(text).split())


def derived(kind: type) -> Iterator[tuple[str, str, str]]:
    """Each property of a class, its type, and its docstring."""
    for node in _body(kind):
        if isinstance(node, ast.FunctionDef) and isinstance(vars(kind)[node.name], property) and node.returns:
            text = ast.get_docstring(node) or ""
            yield node.name, type_of(ast.unparse(node.returns)), " ".join(text.split())


def statements(file: Path, *names: str) -> str:
    """The statements of a program that set or call one of `names`."""
    source = file.read_text("utf-8")
    found = [
        ast.get_source_segment(source, node) or ""
        for node in ast.parse(source).body
        if _name_of(node) in names
    ]
    return "\n".join(found)


def _body(kind: type) -> list[ast.stmt]:
    """The statements of a class."""
    [found] = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(found, ast.ClassDef)  # noqa: S101 - the source of a class
    return found.body


def _name_of(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        first = call.args[0] if call.args else None
        is_named = isinstance(first, ast.Constant) and isinstance(first.value, str)
        return f"{ast.unparse(call.func)} {ast.literal_eval(first)}" if first and is_named else None
    return None


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
