"""The checks of the settings: what each is, where it comes from, what is misspelt. Never shows a secret."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.runtime.settings import KEYS, misspelt_variables, origins, unknown_settings
from pulumi_plusofon.runtime.text import plain

from .findings import Check, CheckResult

if TYPE_CHECKING:
    from pulumi_plusofon.runtime.settings import Origin

    from .subject import Subject

_TOKEN: Final = KEYS[0]
_WORDS: Final = {None: "not set", True: "true", False: "false"}


def _stack(subject: Subject) -> CheckResult:
    if subject.stack is None:
        return CheckResult(
            "good",
            "none is named, so the settings are those of the environment; `--stack STACK` takes a stack's",
        )
    if subject.config_problem is not None:
        return CheckResult(
            "problem", subject.config_problem, "make `pulumi config` work for the stack in this folder first"
        )
    return CheckResult("good", f"the configuration of {plain(subject.stack)} is read")


def _setting(key: str, subject: Subject) -> CheckResult:
    subject.require_config()
    (origin,) = (candidate for candidate in origins(subject.config.get) if candidate.key == key)
    if origin.problem is not None:
        return CheckResult("problem", f"{origin.source}: {origin.problem}", f"correct {origin.source}")
    if key == _TOKEN and origin.source is None:
        return CheckResult(
            "notice" if subject.stack is None else "problem", "missing", subject.how_to_set_a_token
        )
    text = f"{_shown(origin, subject)} ({_place(origin)})"
    if key == _TOKEN and origin.source == key and key not in subject.secret_keys:
        return CheckResult(
            "notice",
            f"{text}, in clear in a file of the project",
            "run `pulumi config set --secret plusofon:token`, and take a new token if others have the file",
        )
    return CheckResult("good", text)


def _shown(origin: Origin, subject: Subject) -> str:
    if origin.key == _TOKEN or origin.source in subject.secret_keys:
        return "set"
    value = origin.value
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    return plain(f"{value:g}" if isinstance(value, float) else str(value))


def _place(origin: Origin) -> str:
    if origin.source is None:
        return "the default"
    if origin.source == origin.variable:
        return f"the variable {origin.variable}"
    is_shadowed = os.environ.get(origin.variable)
    return "the stack's configuration" + (f"; {origin.variable} is not used" if is_shadowed else "")


def _spelling(subject: Subject) -> CheckResult:
    subject.require_config()
    refused, suspected = unknown_settings(subject.config), misspelt_variables()
    if not refused and not suspected:
        return CheckResult("good", "no name of a setting is misspelt")
    return CheckResult(
        "problem" if refused else "notice",
        "; ".join(map(plain, refused + suspected)),
        "correct the names: what they are to set does not count",
    )


CHECKS: Final = (
    Check("stack", _stack),
    *(Check(key, partial(_setting, key)) for key in KEYS),
    Check("spelling", _spelling),
)
