"""Settings of a policy pack that no rule has are refused, before the program runs.

The engine knows the schema of each setting, and accepts without a word what no schema names: a misspelt rule
above all. The SDK (pulumi-policy 1.21) hands a rule its own settings alone, and has no hook for all of them.
So its function that registers the pack's service is replaced for one call, and the call that brings the
settings is read on its way. Unknown settings of a known rule would be refused without this, too, but only
where a resource of the rule's kind exists (`config.RuleSettings` forbids them): both are needed.

The engine keeps the exceptions from the rules to itself, and knows no end of one (E155). So their ends are
read from the file, where the environment names it: the pack does not see the flags of `pulumi`.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import grpc  # type: ignore[import-untyped]  # it brings no types
from google.protobuf import json_format  # type: ignore[import-untyped]  # nor does this
from pulumi.runtime.proto import analyzer_pb2_grpc

from .rules import RULES, problems
from .settings_file import SettingsError, read_exceptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .settings_file import PolicyException

_FILES: Final = "PULUMI_OPTION_POLICY_PACK_CONFIG"


def refuse_unknown_settings() -> None:
    """Refuse, before the program runs, settings that no rule has, and exceptions that have ended.

    To be called before the pack is served.
    """
    add = analyzer_pb2_grpc.add_AnalyzerServicer_to_server

    def add_strict(servicer: Any, server: grpc.Server) -> None:
        configure = servicer.Configure

        def strict(request: Any, context: grpc.ServicerContext) -> Any:
            given = request.policyConfig.items()
            settings = {name: json_format.MessageToDict(config.properties) for name, config in given}
            if found := [*problems(settings), *_ended()]:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, "\n".join(found))
            return configure(request, context)

        servicer.Configure = strict
        # Once is enough: from here on the SDK's function is its own again.
        analyzer_pb2_grpc.add_AnalyzerServicer_to_server = add
        add(servicer, server)

    analyzer_pb2_grpc.add_AnalyzerServicer_to_server = add_strict


def _ended() -> Iterator[str]:
    """A line for each exception from our rules whose end is over, and for a file that cannot be read."""
    for file in map(Path, next(csv.reader([os.environ.get(_FILES, "")]), [])):
        # The pack runs in its own folder, so what a relative path is of is not known here.
        if not file.is_absolute() or not _is_ours(file):
            continue
        try:
            exceptions = read_exceptions(file)
        except SettingsError as error:
            yield str(error)
        else:
            yield from (given.ended for given in exceptions if given.is_over and _is_from_ours(given))


def _is_ours(file: Path) -> bool:
    """Whether a file of settings, of which there may be one for each pack, has a word of our rules."""
    text = file.read_text("utf-8", errors="replace")
    return any(rule.name in text for rule in RULES)


def _is_from_ours(given: PolicyException) -> bool:
    return any(given.names(rule.name) for rule in RULES)
