"""Settings of a client, from the stack's configuration or else the environment.

Reads and checks; never sends anything, and never shows the token.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from . import setting_values
from .errors import ConfigurationError
from .text import near, plain, unknown_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .setting_values import AdoptMode

NAMESPACE: Final = "plusofon"
_PREFIX: Final = "PLUSOFON_"
# A name with a few letters more or less than a setting's; PLUSOFON_CACHE, for one, is none.
_NEARLY_THE_SAME: Final = 0.7
_MISSING: Final = (
    "plusofon:token: missing; run `pulumi config set --secret plusofon:token` or set PLUSOFON_TOKEN"
)


@dataclass(frozen=True)
class Settings:
    """The settings of one account.

    `timeout` is seconds for one request; `max_retries` how often a request is repeated at most;
    `requests_per_second` the pace of the whole process, None for no limit; `customer_id` the account that the
    token must belong to, None for any; `read_only` that nothing may be sent but GETs; `adopt` what a create
    does with a number that the account has already.
    """

    token: str = field(repr=False)
    client_id: str = "10553"
    base_url: str = "https://restapi.plusofon.ru"
    timeout: float = 30.0
    max_retries: int = 5
    requests_per_second: float | None = None
    customer_id: int | None = None
    read_only: bool = False
    adopt: AdoptMode = "refuse"

    @property
    def forbids_writes(self) -> str | None:
        """The setting by which nothing may be sent but GETs, None where writes may be."""
        if self.read_only:
            return "plusofon:readOnly (PLUSOFON_READ_ONLY)"
        return "plusofon:adopt record (PLUSOFON_ADOPT)" if self.adopt == "record" else None

    def with_retries(self, max_retries: int | None) -> Settings:
        """These settings with another `max_retries`; None leaves them."""
        return self if max_retries is None else replace(self, max_retries=max_retries)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Settings from the environment alone, for what reads no stack's configuration; raises as `load`."""
        missing = "PLUSOFON_TOKEN: missing; set it to the account's token"
        return cls.load(lambda _key: None, environment, missing=missing)

    @classmethod
    def load(
        cls,
        get_config: Callable[[str], str | None],
        environment: Mapping[str, str] = os.environ,
        keys: Iterable[str] = (),
        *,
        missing: str = _MISSING,
    ) -> Settings:
        """Settings from `get_config("plusofon:<key>")` and, where that has none, the environment.

        `keys` are all that the configuration has: one of ours that is no setting is refused, because what it
        was to set, a guard perhaps, would be off. `missing` is the line where neither has a token.

        Raises `ConfigurationError` with every problem found, one line each.
        """
        values: dict[str, object] = {}
        problems = unknown_settings(keys)
        for setting in SETTINGS:
            source, text = setting.given(get_config, environment)
            if text is None:
                continue
            try:
                values[setting.attribute] = setting.parse(text)
            except ValueError as problem:
                problems.append(f"{source}: {problem}")
        if "token" not in values and not any(problem.startswith(_TOKEN_NAMES) for problem in problems):
            problems.insert(0, missing)
        if problems:
            raise ConfigurationError("\n".join(problems))
        return cls(**values)  # type: ignore[arg-type]  # each value comes from its own parser


@dataclass(frozen=True)
class Origin:
    """Where a setting comes from.

    `key` is its name in the configuration and `variable` in the environment; `source` the one of them that
    gives it, None for the default; `value` what is given there, else the default, None for nothing; `problem`
    its error.
    """

    key: str
    variable: str
    source: str | None
    value: object = field(repr=False)
    problem: str | None = None


@dataclass(frozen=True)
class Setting:
    """One setting: its attribute in `Settings`, its names in configuration and environment, its parser."""

    attribute: str
    key: str
    variable: str
    parse: Callable[[str], object]
    meaning: str

    @property
    def default(self) -> object:
        """The value that counts where none is given."""
        return getattr(Settings, self.attribute, None)

    def given(
        self, get_config: Callable[[str], str | None], environment: Mapping[str, str]
    ) -> tuple[str, str | None]:
        """Where the setting is looked up last, and what it is there: the configuration wins."""
        key = f"{NAMESPACE}:{self.key}"
        text = get_config(key)
        return (key, text) if text is not None else (self.variable, environment.get(self.variable) or None)

    def origin(self, get_config: Callable[[str], str | None], environment: Mapping[str, str]) -> Origin:
        """Where the setting comes from, and its error there."""
        key = f"{NAMESPACE}:{self.key}"
        source, text = self.given(get_config, environment)
        if text is None:
            return Origin(key, self.variable, None, self.default)
        try:
            self.parse(text)
        except ValueError as problem:
            return Origin(key, self.variable, source, text, str(problem))
        return Origin(key, self.variable, source, text)


def text_of(
    key: str, get_config: Callable[[str], str | None], environment: Mapping[str, str] = os.environ
) -> str | None:
    """What is given for the setting `key` ("baseUrl"), unchecked; None for nothing."""
    (setting,) = (setting for setting in SETTINGS if setting.key == key)
    return setting.given(get_config, environment)[1]


def origins(
    get_config: Callable[[str], str | None], environment: Mapping[str, str] = os.environ
) -> tuple[Origin, ...]:
    """Where each setting comes from, in the order of `KEYS`: the places that `Settings.load` looks in."""
    return tuple(setting.origin(get_config, environment) for setting in SETTINGS)


def unknown_settings(keys: Iterable[str]) -> list[str]:
    """One line for each of the configuration's `keys` ("plusofon:timeOut") that is ours and no setting."""
    return unknown_keys(NAMESPACE, (setting.key for setting in SETTINGS), keys, "setting")


def misspelt_variables(environment: Iterable[str] = os.environ) -> list[str]:
    """One line for each variable whose name is nearly that of a setting; others may be other programs'."""
    known = [setting.variable for setting in SETTINGS]
    lines = []
    for name in sorted(set(environment) - set(known)):
        if name.upper().startswith(_PREFIX):
            nearest = near(
                name[len(_PREFIX) :], [variable[len(_PREFIX) :] for variable in known], _NEARLY_THE_SAME
            )
            lines += [f"{plain(name)}: is no setting, did you mean {_PREFIX}{nearest}?"] if nearest else []
    return lines


SETTINGS: Final = (
    Setting(
        "token",
        "token",
        "PLUSOFON_TOKEN",
        setting_values.header_text,
        "The account's token: the access key of the cabinet. Set it with `--secret`.",
    ),
    Setting(
        "client_id",
        "clientId",
        "PLUSOFON_CLIENT_ID",
        setting_values.header_text,
        "The `Client` header of a request.",
    ),
    Setting(
        "base_url",
        "baseUrl",
        "PLUSOFON_BASE_URL",
        setting_values.base_url,
        "The API's address. `http` only to a loopback address.",
    ),
    Setting(
        "timeout",
        "timeout",
        "PLUSOFON_TIMEOUT",
        setting_values.Positive(0.001, 86_400),
        "Seconds for one request with its whole answer, and for the list to show what a write did.",
    ),
    Setting(
        "max_retries",
        "maxRetries",
        "PLUSOFON_MAX_RETRIES",
        setting_values.Whole(0, 100),
        "How often a failed request is repeated, where that is safe.",
    ),
    Setting(
        "requests_per_second",
        "requestsPerSecond",
        "PLUSOFON_REQUESTS_PER_SECOND",
        setting_values.Positive(0.001, 1_000_000),
        "The most requests a second of the whole process; without it there is no limit.",
    ),
    Setting(
        "customer_id",
        "customerId",
        "PLUSOFON_CUSTOMER_ID",
        setting_values.customer_id,
        "The account's own id, or `any`. A token of another account is refused before anything is changed.",
    ),
    Setting(
        "read_only",
        "readOnly",
        "PLUSOFON_READ_ONLY",
        setting_values.true_or_false,
        "Whether nothing but GETs is sent.",
    ),
    Setting(
        "adopt",
        "adopt",
        "PLUSOFON_ADOPT",
        setting_values.adopt_mode,
        "What a create does with a number that the account has already: `refuse` it; `update`, take it over"
        " with one PATCH; `record`, take it over as it is and send nothing.",
    ),
)
KEYS: Final = tuple(f"{NAMESPACE}:{setting.key}" for setting in SETTINGS)
_TOKEN_NAMES: Final = ("plusofon:token:", "PLUSOFON_TOKEN:")
