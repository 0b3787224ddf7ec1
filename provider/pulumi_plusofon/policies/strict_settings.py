"""Settings of a policy pack that no rule has are refused, before the program runs.

The engine knows the schema of each setting, and accepts without a word what no schema names: a misspelt rule
above all. The SDK (pulumi-policy 1.21) hands a rule its own settings alone, and has no hook for all of them.
So its function that registers the pack's service is replaced for one call, and the call that brings the
settings is read on its way. Unknown settings of a known rule would be refused without this, too, but only
where a resource of the rule's kind exists (`config.RuleSettings` forbids them): both are needed.
"""

from __future__ import annotations

from typing import Any

import grpc  # type: ignore[import-untyped]  # it brings no types
from google.protobuf import json_format  # type: ignore[import-untyped]  # nor does this
from pulumi.runtime.proto import analyzer_pb2_grpc

from .rules import problems


def refuse_unknown_settings() -> None:
    """Refuse, before the program runs, settings that no rule has; to be called before the pack is served."""
    add = analyzer_pb2_grpc.add_AnalyzerServicer_to_server

    def add_strict(servicer: Any, server: grpc.Server) -> None:
        configure = servicer.Configure

        def strict(request: Any, context: grpc.ServicerContext) -> Any:
            given = request.policyConfig.items()
            settings = {name: json_format.MessageToDict(config.properties) for name, config in given}
            if found := list(problems(settings)):
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, "\n".join(found))
            return configure(request, context)

        servicer.Configure = strict
        # Once is enough: from here on the SDK's function is its own again.
        analyzer_pb2_grpc.add_AnalyzerServicer_to_server = add
        add(servicer, server)

    analyzer_pb2_grpc.add_AnalyzerServicer_to_server = add_strict
