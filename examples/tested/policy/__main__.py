"""The rules of `pulumi_plusofon.policies`, under the settings of `policy.json`."""

from pulumi_plusofon.policies import serve

serve()
