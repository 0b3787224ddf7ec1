"""Policy packs that are asked and stop nothing: their settings with every rule as advice.

A recording changes nothing in the account, and what is there already must come under management before it can
be mended. Writes a copy of the settings for the run, and removes it; changes no file of a person's.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.pulumi_cli.runner import StackError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PACK: Final = "PULUMI_OPTION_POLICY_PACK"
CONFIG: Final = "PULUMI_OPTION_POLICY_PACK_CONFIG"
# The engine's names of levels; a rule that is off stays off.
_OFF: Final = "disabled"
_ADVICE: Final = "advisory"


@contextmanager
def as_advice(
    packs: Sequence[str], configs: Sequence[str], folder: Path, environment: Mapping[str, str] = os.environ
) -> Iterator[list[str]]:
    """The options of `pulumi up` by which these packs, or those of the environment, advise and stop nothing.

    Raises `StackError` where settings cannot be read.
    """
    if not packs:
        packs, configs = _listed(environment.get(PACK)), configs or _listed(environment.get(CONFIG))
    if len(configs) > len(packs):
        raise StackError(f"{configs[len(packs)]}: there is no policy pack that these settings are for")
    with tempfile.TemporaryDirectory(prefix="plusofon-") as place:
        options = []
        for at, pack in enumerate(packs):
            settings = _read(folder / configs[at]) if at < len(configs) else {}
            file = Path(place) / f"{at}.json"
            file.write_text(json.dumps(advised(settings)), "utf-8")
            options += ["--policy-pack", pack, "--policy-pack-config", str(file)]
        yield options


def advised(settings: Mapping[str, Any]) -> dict[str, Any]:
    """A pack's settings with every rule as advice, but for those that are off."""
    rules = {name: _advised(value) for name, value in settings.items() if name != "all"}
    return {"all": _OFF if _level(settings.get("all")) == _OFF else _ADVICE, **rules}


def _advised(rule: Any) -> Any:
    level = _OFF if _level(rule) == _OFF else _ADVICE
    return {**rule, "enforcementLevel": level} if isinstance(rule, dict) else level


def _level(rule: Any) -> Any:
    return rule.get("enforcementLevel") if isinstance(rule, dict) else rule


def _read(file: Path) -> dict[str, Any]:
    try:
        settings = json.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise StackError(f"{file}: {error.strerror}") from None
    except ValueError:
        settings = None
    if not isinstance(settings, dict):
        raise StackError(f"{file}: is no JSON object of a policy pack's settings")
    return settings


def _listed(text: str | None) -> list[str]:
    return [one for one in (text or "").split(",") if one]
