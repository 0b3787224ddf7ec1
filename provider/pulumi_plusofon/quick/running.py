"""One program run against the monitor, and what was found: resources, problems, broken rules, routes."""

from __future__ import annotations

import asyncio
import json
import os
import runpy
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi.runtime.config import set_all_config
from pulumi.runtime.settings import set_root_resource
from pulumi.runtime.stack import run_in_stack

from pulumi_plusofon.policies.asking import SettingsError, broken, read_settings
from pulumi_plusofon.pulumi_cli.files import config_in
from pulumi_plusofon.routes.reading import CallGraph
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.runtime.yaml import read_yaml
from pulumi_plusofon.schema.kinds import NUMBER_FORWARDING

from .monitor import QuickMonitor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_plusofon.routes.model import Resource

# As a backend of files has it.
_ORGANIZATION: Final = "organization"
_OF_THE_NUMBER: Final = ("number_type", "number_id")


def run(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Run the project in `folder` as the stack `stack`; what was found, as JSON has it.

    `secrets` are more of the configuration, `policy_config` a file with the settings of the rules.
    """
    folder, stack = Path(asked["folder"]), asked["stack"]
    project = read_yaml(folder / "Pulumi.yaml")
    config = {**_of_all(folder, project["name"]), **config_in(folder / f"Pulumi.{stack}.yaml")}
    secrets: dict[str, str] = asked["secrets"]
    monitor = QuickMonitor()
    loop = asyncio.new_event_loop()
    # One registration after the other, in the order of the program: ids are then the same in every run.
    loop.set_default_executor(ThreadPoolExecutor(1))
    asyncio.set_event_loop(loop)
    pulumi.runtime.set_mocks(
        monitor.mocks, project["name"], stack, preview=False, monitor=monitor, organization=_ORGANIZATION
    )
    # The stack that the SDK has just made takes no outputs any more: the program gets another one.
    set_root_resource(None)  # type: ignore[arg-type]  # its own variable may be None
    set_all_config({name: _text(value) for name, value in {**config, **secrets}.items()}, list(secrets))
    ended = _ended(_program(folder, project), loop)
    settings = asked["policy_config"]
    try:
        rules = read_settings(Path(settings) if settings else None)
    except SettingsError as error:
        return {"error": str(error)}
    return {
        "resources": monitor.registered,
        "problems": [*ended, *(one for one in monitor.problems if one not in ended)],
        "violations": [
            {
                "rule": one.rule,
                "level": "mandatory" if one.is_mandatory else "advisory",
                "resource": str(one.resource),
                "text": plain(one.text),
            }
            for one in broken(monitor.ours, rules)
        ],
        "numbers": list(_numbers(monitor.ours)),
        "outputs": monitor.outputs,
    }


def _of_all(folder: Path, project: str) -> dict[str, Any]:
    """What the project's file sets for all stacks."""
    found: dict[str, Any] = {}
    for name, given in config_in(folder / "Pulumi.yaml").items():
        value = given.get("value", given.get("default")) if isinstance(given, dict) else given
        if value is not None:
            found[name if ":" in name else f"{project}:{name}"] = value
    return found


def _text(value: Any) -> str:
    """A value of the configuration as a program gets it."""
    return value if isinstance(value, str) else json.dumps(value)


def _program(folder: Path, project: Mapping[str, Any]) -> Path:
    place = folder / str(project.get("main") or "")
    return place / "__main__.py" if place.is_dir() else place


def _ended(program: Path, loop: asyncio.AbstractEventLoop) -> list[str]:
    """Run the program; the lines of what ended it, none where it came to its end."""
    os.chdir(program.parent)
    sys.path.insert(0, str(program.parent))
    try:
        loop.run_until_complete(run_in_stack(lambda: _run(program)))
    except pulumi.RunError as refused:
        return str(refused).splitlines()
    except SystemExit as left:
        return [str(left.code)] if left.code else []
    except Exception as error:  # noqa: BLE001  whatever a program raises is what is wrong with it
        return [_where(error, program.parent)]
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
    return []


def _run(program: Path) -> None:
    runpy.run_path(str(program), run_name="__main__")


def _where(error: Exception, folder: Path) -> str:
    """The error in a line, with the last line of the program that it came from."""
    last = traceback.format_exception_only(error)[-1].strip()
    frames = traceback.extract_tb(error.__traceback__)
    own = [one for one in frames if Path(one.filename).is_relative_to(folder)] or frames[-1:]
    return f"{last} ({Path(own[-1].filename).name}, line {own[-1].lineno})"


def _numbers(resources: list[Resource]) -> Iterator[dict[str, Any]]:
    """The numbers with their forwardings, in the form in which a sandbox has them."""
    graph = CallGraph(resources)
    forwarded = {number.urn: one for one in graph.forwardings if (number := graph.number_of(one))}
    for number in graph.numbers:
        forwarding = forwarded.get(number.urn)
        yield {
            **{name: number.get(name) for name in ("number", "type", "host", "port", "login")},
            "forwarding": _sent(forwarding) if forwarding else None,
        }


def _sent(forwarding: Resource) -> dict[str, Any] | None:
    """What is sent of a forwarding; None for one that leads nowhere."""
    if forwarding.get("type") == "empty":
        return None
    return {
        name: value
        for name in NUMBER_FORWARDING.sent
        if name not in _OF_THE_NUMBER and (value := forwarding.get(name)) is not None
    }
