"""A function of a test module, called in this process from what `pulumi_plusofon.testing.functions` wrote.

The module is imported anew from its file. Nothing else of the test is run.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import pickle
import sys
from types import CellType, CodeType, FunctionType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType


def call(description: Path) -> None:
    """Call the function that the file describes."""
    found = json.loads(description.read_text("utf-8"))
    sys.path += [entry for entry in found["path"] if entry not in sys.path]
    module = _imported(found["module"], found["file"])
    with open(found["file"], "rb") as file:  # noqa: PTH123  the encoding is as Python finds it
        code = compile(file.read(), found["file"], "exec", dont_inherit=True)
    matching = [
        one for one in _codes(code) if (one.co_name, one.co_firstlineno) == (found["name"], found["line"])
    ]
    if len(matching) != 1:
        sys.exit(f"program: {found['name']} is not alone in line {found['line']} of {found['file']}")
    values = found["values"]
    cells = tuple(CellType(_value(values[name])) for name in matching[0].co_freevars)
    FunctionType(matching[0], vars(module), found["name"], None, cells)()


def _value(text: str) -> object:
    value: object = pickle.loads(base64.b64decode(text))  # noqa: S301  the test wrote it, for this process
    return value


def _imported(name: str, file: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        sys.exit(f"program: {file} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)
