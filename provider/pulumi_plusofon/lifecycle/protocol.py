"""The steps of a resource's life, as every host calls them.

All are on plain dicts: `inputs` is what a program says, in its one form after `check`; `outputs` is what the
state keeps. A value that is not known yet is `schema.values.UNKNOWN`. `check`, `key` and `diff` send nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_plusofon.schema.fields import Checked
    from pulumi_plusofon.session import AccountSession, Key

    from .results import Created, Diff, Read


class Lifecycle(Protocol):
    """The steps of one kind of resource. What fails raises a `PlusofonError`."""

    def check(self, inputs: Mapping[str, Any], state: Mapping[str, Any] | None = None) -> Checked:
        """Every problem with `inputs`, and their one form; `state` has the inputs of the last run."""
        ...

    def key(self, inputs: Mapping[str, Any]) -> Key | None:
        """What one resource of a run alone may declare; None as long as `inputs` do not say it."""
        ...

    def diff(self, outputs: Mapping[str, Any], inputs: Mapping[str, Any]) -> Diff:
        """What an `up` would change."""
        ...

    def keep(self, session: AccountSession, outputs: Mapping[str, Any]) -> None:
        """The program declares the resource as it is: note that this run holds it. Sends nothing."""
        ...

    def expect_replacement(
        self, session: AccountSession, outputs: Mapping[str, Any], inputs: Mapping[str, Any]
    ) -> None:
        """The program declares another resource in the place of this one: note it. Sends nothing."""
        ...

    def create(self, session: AccountSession, inputs: Mapping[str, Any]) -> Created:
        """Set up what `inputs` say."""
        ...

    def read(self, session: AccountSession, resource_id: str, outputs: Mapping[str, Any]) -> Read | None:
        """What is there now; None only where it is certainly gone."""
        ...

    def update(
        self,
        session: AccountSession,
        resource_id: str,
        outputs: Mapping[str, Any],
        inputs: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Change in place; the new outputs."""
        ...

    def delete(self, session: AccountSession, resource_id: str, outputs: Mapping[str, Any]) -> None:
        """Take down; what is gone already is success."""
        ...
