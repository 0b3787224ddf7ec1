"""The policy pack: every rule of `pulumi_plusofon.policies`, under the settings that the engine is given."""

import sys

from pulumi_plusofon.runtime.extras import absent

if missing := absent("policy"):
    sys.exit(f"policy pack: {missing}")

from pulumi_plusofon.policies import serve

serve()
