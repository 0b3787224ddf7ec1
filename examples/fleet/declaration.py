"""Read a fleet's file: its customers, with tokens and SIP passwords from the environment.

Reports all errors of a file at once, by their paths. Never repeats a value: it may be a secret.
The provider checks the numbers when it rolls out the customer's stack. A machine that rolls out a shard
validates the whole file, and needs the variables of its own customers alone.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from pulumi_plusofon.data.references import References
from pulumi_plusofon.runtime import Settings
from pulumi_plusofon.runtime.yaml import FileError, read_yaml
from shards import ALL, Shard

if TYPE_CHECKING:
    from pathlib import Path

_SENTENCES: Final = {"missing": "is missing", "extra_forbidden": "is no field of a fleet's file"}


class DeclarationError(Exception):
    """What is wrong with the file, one line per problem."""


class Customer(BaseModel):
    """One customer: the account, and the numbers that it is to hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")] = Field(
        description="The name of the customer, which is also that of its stack."
    )
    token: SecretStr = Field(description="The token of the account: `{env: NAME}`, never the token itself.")
    base_url: str = Field(default=Settings.base_url, description="The address of the API.")
    customer_id: Annotated[int, Field(strict=True, ge=1)] | None = Field(
        default=None, description="The account's own id. A token of another account is refused."
    )
    numbers: list[Any] = Field(repr=False, description="The external numbers of the account.")

    @property
    def digest(self) -> str:
        """What tells this declaration from every other, and nothing of its secrets to who has not the token.

        Keyed with the token, so that a new token or SIP password is a new declaration as well.
        """
        declared = repr((self.base_url, self.customer_id, self.numbers)).encode()
        return hmac.new(self.token.get_secret_value().encode(), declared, "sha256").hexdigest()


class Fleet(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    customers: list[Customer] = Field(
        description="The customers, each with an account and a stack of its own."
    )


def read(file: Path, shard: Shard = ALL) -> list[Customer]:
    """The customers of `shard` that `file` declares; raises `DeclarationError`."""
    try:
        data = read_yaml(file)
    except FileError as error:
        raise DeclarationError(str(error)) from None
    resolved, problems = _resolved(data, shard)
    if problems:
        raise DeclarationError("\n".join(problems))
    try:
        customers = Fleet.model_validate(resolved).customers
    except ValidationError as error:
        raise DeclarationError("\n".join(map(_sentence, error.errors(include_input=False)))) from None
    seen: dict[str, int] = {}
    for index, customer in enumerate(customers):
        # A backend may keep stacks as files, and a file system may not tell capitals apart.
        first = seen.setdefault(customer.name.casefold(), index)
        if first != index:
            problems.append(f"customers[{index}].name: {customer.name} is also customers[{first}].name")
    if problems:
        raise DeclarationError("\n".join(problems))
    return [customer for customer in customers if shard.has(customer.name)]


def _resolved(data: Any, shard: Shard) -> tuple[Any, list[str]]:
    """`data` with all that it refers to in place, and what could not be found.

    What customers of other shards refer to is assumed to be there.
    """
    own, other = References(), References(environment=_Assumed())
    if not isinstance(data, dict) or not isinstance(data.get("customers"), list):
        return own.resolve(data), own.problems
    customers = []
    for index, entry in enumerate(data["customers"]):
        path = f"customers[{index}]"
        name = entry.get("name") if isinstance(entry, dict) else None
        if isinstance(name, dict):
            name = own.resolve(name, f"{path}.name")
            entry = {**entry, "name": name}  # noqa: PLW2901 - the same entry, with its name in place
        is_own = not isinstance(name, str) or shard.has(name)
        customers.append((own if is_own else other).resolve(entry, path))
    return {**own.resolve({**data, "customers": None}), "customers": customers}, own.problems + other.problems


class _Assumed(dict[str, str]):
    """An environment in which every variable is set, to a text that is good for every field."""

    def get(self, _name: str, _default: object = None) -> str:
        return "1"


def _sentence(problem: Any) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem["loc"])
    told = _SENTENCES.get(problem["type"], problem["msg"])
    return f"{path.lstrip('.') or 'the file'}: {told}"
