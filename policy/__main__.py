"""The policy pack: every rule of `pulumi_plusofon.policies`, under the settings that the engine is given."""

from pulumi_plusofon.policies import serve

serve()
