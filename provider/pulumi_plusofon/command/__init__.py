"""The `plusofon` command: what the account holds, in a terminal, a pipe or a script.

Reads the account with the settings of the environment (`PLUSOFON_TOKEN` and the others), or with those of a
stack; changes nothing in it. Exit status 0 good, 1 the operation failed, 2 wrong usage, 7 differences.
"""

from __future__ import annotations

import click

from pulumi_plusofon.sandbox.process.command import sandbox

from .adopt.command import adopt
from .changes.command import changes
from .doctor.command import doctor
from .drift.command import drift
from .export.command import export
from .numbers.command import numbers
from .routes.command import routes
from .status.command import status
from .targets import targets


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pulumi-plusofon")
def main() -> None:
    """Look at the external numbers of a Plusofon account.

    The account is the one of PLUSOFON_TOKEN; PLUSOFON_BASE_URL and the other settings of the
    environment are those of the Pulumi resources. With --stack it is the one of the stack's settings.
    """


for command in (numbers, status, targets, routes, changes, drift, export, adopt, doctor, sandbox):
    main.add_command(command)
