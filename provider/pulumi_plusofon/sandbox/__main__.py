"""`python -m pulumi_plusofon.sandbox`: the command `plusofon sandbox` where no script is on PATH."""

import sys

from pulumi_plusofon.runtime.extras import advice

try:
    from .process.command import sandbox
except ModuleNotFoundError as missing:
    if advised := advice(missing, "sandbox"):
        sys.exit(f"plusofon sandbox: {advised}")
    raise

sandbox(prog_name="plusofon sandbox")
