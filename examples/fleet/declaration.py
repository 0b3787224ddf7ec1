"""What a fleet's file declares: its customers, with tokens and SIP passwords from the environment.

All that is wrong with a file is told at once, by its path. Never repeats a value: it may be a secret.
What a number may say is the provider's to judge, when the customer's stack is rolled out.
"""

from __future__ import annotations

import hmac
import os
from typing import TYPE_CHECKING, Annotated, Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

if TYPE_CHECKING:
    from pathlib import Path

_SECRETS: Final = ("token", "secret")
_SENTENCES: Final = {"missing": "is missing", "extra_forbidden": "is no field of a fleet's file"}


class DeclarationError(Exception):
    """What is wrong with the file, one line per problem."""


class Customer(BaseModel):
    """One customer: the account, and the numbers that it is to hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")]
    token: SecretStr
    base_url: str | None = None
    customer_id: int | None = None
    numbers: list[Any] = Field(repr=False)

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

    customers: list[Customer]


def read(file: Path) -> list[Customer]:
    """The customers that `file` declares; raises `DeclarationError`."""
    try:
        data = yaml.safe_load(file.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        raise DeclarationError(f"{file.name}{line}: is no YAML") from None
    problems: list[str] = []
    resolved = _resolved(data, "", problems)
    if problems:
        raise DeclarationError("\n".join(problems))
    try:
        customers = Fleet.model_validate(resolved).customers
    except ValidationError as error:
        raise DeclarationError("\n".join(map(_sentence, error.errors(include_input=False)))) from None
    seen: dict[str, int] = {}
    for index, customer in enumerate(customers):
        if seen.setdefault(customer.name, index) != index:
            first = f"customers[{seen[customer.name]}].name"
            problems.append(f"customers[{index}].name: {customer.name} is also {first}")
    if problems:
        raise DeclarationError("\n".join(problems))
    return customers


def _resolved(value: Any, path: str, problems: list[str]) -> Any:
    """`value` with every `{env: NAME}` in it replaced by what that variable holds."""
    if isinstance(value, dict) and set(value) == {"env"}:
        name = str(value["env"])
        if not os.environ.get(name):
            problems.append(f"{path}: the environment variable {name} is not set")
        return os.environ.get(name)
    if path.rpartition(".")[2] in _SECRETS:
        problems.append(f"{path}: is a secret; write {{env: NAME}} and put it into that environment variable")
        return None
    if isinstance(value, dict):
        return {key: _resolved(inner, f"{path}.{key}".lstrip("."), problems) for key, inner in value.items()}
    if isinstance(value, list):
        return [_resolved(inner, f"{path}[{index}]", problems) for index, inner in enumerate(value)]
    return value


def _sentence(problem: Any) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem["loc"])
    told = _SENTENCES.get(problem["type"], problem["msg"])
    return f"{path.lstrip('.') or 'the file'}: {told}"
