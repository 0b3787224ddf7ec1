"""`python -m pulumi_plusofon.sandbox`: the command `plusofon sandbox` where no script is on PATH."""

from .command import sandbox

sandbox(prog_name="plusofon sandbox")
