"""Settings of each rule, and the one way in which they are read: strictly.

The shape is Pulumi's own, `{"<rule>": {"<setting>": ...}}`. Each class is the settings of a rule, with their
defaults; the engine gets them as JSON schemas. Knows no rule.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import phonenumbers
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

_SHORTEST_SECRET: Final = 8
_LONGEST_SECRET: Final = 255
_GLOB: Final = "[A-Za-z0-9*?._-]+"


def _country(code: str) -> str:
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"{code} is no country with phone numbers")
    return code


def _whole(value: Any) -> Any:
    # The engine carries numbers as floats.
    return int(value) if isinstance(value, float) and value.is_integer() else value


Country = Annotated[str, Field(pattern="^[A-Z]{2}$"), AfterValidator(_country)]
Prefix = Annotated[str, Field(pattern="^[1-9][0-9]{0,14}$")]
HostGlob = Annotated[str, Field(pattern=f"^{_GLOB}$")]
StackGlob = Annotated[str, Field(pattern=f"^{_GLOB}(/{_GLOB}){{0,2}}$")]
Whole = Annotated[int, BeforeValidator(_whole)]


class RuleSettings(BaseModel):
    """The settings of a rule."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )

    @classmethod
    def schema_of_settings(cls) -> dict[str, dict[str, Any]]:
        """The JSON schema of each setting, with its default, by name."""
        settings: dict[str, dict[str, Any]] = cls.model_json_schema()["properties"]
        return settings


class NoSettings(RuleSettings):
    """A rule that has none."""


class Countries(RuleSettings):
    """Which countries phone calls may be forwarded to."""

    allowed_countries: list[Country] = ["RU"]
    """ISO codes of the countries; an empty list allows none."""


class Prefixes(RuleSettings):
    """Which phone numbers are denied besides those that are expensive by their kind."""

    denied_prefixes: list[Prefix] = []
    """First digits of numbers in international form, such as `"4470"`."""

    allowed_prefixes: list[Prefix] = []
    """First digits of numbers that are allowed although a costly range has them, such as `"1605"`."""


class Hops(RuleSettings):
    """How far a call may be handed on."""

    max_hops: Whole = Field(default=3, ge=0, le=10)
    """How often a call may be forwarded from one of the stack's numbers to another."""


class Hosts(RuleSettings):
    """Which SIP servers may be spoken to."""

    allowed_hosts: list[HostGlob] = Field(default=["*"], min_length=1)
    """Globs of host names; `*` stands for dots, too."""


class Secrets(RuleSettings):
    """What a SIP password must have."""

    min_length: Whole = Field(default=12, ge=_SHORTEST_SECRET, le=_LONGEST_SECRET)
    """The fewest characters."""


class Production(RuleSettings):
    """Which stacks are production."""

    production_stacks: list[StackGlob] = Field(default=["prod*", "*/prod*"], min_length=1)
    """Globs of `stack`, `project/stack` or `organization/project/stack`; no `*` stands for a slash."""


class CallerId(RuleSettings):
    """Which caller id leaves the network."""

    require_own_caller_id: bool = False
    """Whether calls that leave the network must show the forwarding number."""
