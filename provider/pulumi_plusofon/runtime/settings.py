"""What a client needs to know, from the stack's configuration or else the environment.

Reads and checks; never sends anything, and never shows the token.
"""

from __future__ import annotations

import ipaddress
import math
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from .errors import ConfigurationError
from .plain import plain
from .spelling import near, unknown_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

NAMESPACE: Final = "plusofon"
# `refuse` it; `update`, take it over with one PATCH; `record`, take it over as it is and send nothing.
AdoptMode: TypeAlias = Literal["refuse", "update", "record"]
# The customer id of an account that may be any, said aloud: the environment's is then not asked.
ANY_CUSTOMER: Final = "any"
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
        for setting in _SETTINGS:
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
    what is wrong with it.
    """

    key: str
    variable: str
    source: str | None
    value: object = field(repr=False)
    problem: str | None = None


@dataclass(frozen=True)
class _Setting:
    attribute: str
    key: str
    variable: str
    parse: Callable[[str], object]

    def given(
        self, get_config: Callable[[str], str | None], environment: Mapping[str, str]
    ) -> tuple[str, str | None]:
        """Where the setting is looked up last, and what it is there: the configuration wins."""
        key = f"{NAMESPACE}:{self.key}"
        text = get_config(key)
        return (key, text) if text is not None else (self.variable, environment.get(self.variable) or None)

    def origin(self, get_config: Callable[[str], str | None], environment: Mapping[str, str]) -> Origin:
        """Where the setting comes from, and what is wrong with it there."""
        key = f"{NAMESPACE}:{self.key}"
        source, text = self.given(get_config, environment)
        if text is None:
            return Origin(key, self.variable, None, getattr(Settings, self.attribute, None))
        try:
            self.parse(text)
        except ValueError as problem:
            return Origin(key, self.variable, source, text, str(problem))
        return Origin(key, self.variable, source, text)


def text_of(
    key: str, get_config: Callable[[str], str | None], environment: Mapping[str, str] = os.environ
) -> str | None:
    """What is given for the setting `key` ("baseUrl"), unchecked; None for nothing."""
    (setting,) = (one for one in _SETTINGS if one.key == key)
    return setting.given(get_config, environment)[1]


def origins(
    get_config: Callable[[str], str | None], environment: Mapping[str, str] = os.environ
) -> tuple[Origin, ...]:
    """Where each setting comes from, in the order of `KEYS`: the places that `Settings.load` looks in."""
    return tuple(setting.origin(get_config, environment) for setting in _SETTINGS)


def unknown_settings(keys: Iterable[str]) -> list[str]:
    """One line for each of the configuration's `keys` ("plusofon:timeOut") that is ours and no setting."""
    return unknown_keys(NAMESPACE, (setting.key for setting in _SETTINGS), keys, "setting")


def misspelt_variables(environment: Iterable[str] = os.environ) -> list[str]:
    """One line for each variable whose name is nearly that of a setting; others may be other programs'."""
    known = [setting.variable for setting in _SETTINGS]
    lines = []
    for name in sorted(set(environment) - set(known)):
        if name.upper().startswith(_PREFIX):
            nearest = near(name[len(_PREFIX) :], [one[len(_PREFIX) :] for one in known], _NEARLY_THE_SAME)
            lines += [f"{plain(name)}: is no setting, did you mean {_PREFIX}{nearest}?"] if nearest else []
    return lines


def _header_text(text: str) -> str:
    if not text:
        raise ValueError("is empty")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("has a blank, a control character or a non-ASCII one, and cannot be sent")
    return text


def _base_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        # Its text would show a part of the URL, which may be a password.
        raise ValueError("is no URL such as https://restapi.plusofon.ru") from None
    if not text.isascii() or not text.isprintable() or " " in text or not host:
        raise ValueError("is no URL such as https://restapi.plusofon.ru")
    if any(character in text for character in "@?#"):
        raise ValueError("may have a scheme, a host, a port and a path, and nothing else")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("must be https: http would send the token in clear (only a loopback address may)")
    if parts.scheme not in ("http", "https"):
        raise ValueError("must be https")
    return text.rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _positive(least: float, most: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        number = _number(text)
        if number <= 0:
            raise ValueError(f"must be a positive number, not {text[:40]!r}")
        if not least <= number <= most:
            raise ValueError(f"must be from {least:.10g} to {most:.10g}, not {text[:40]!r}")
        return number

    return parse


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = _number(text)
        if number != int(number) or not least <= number <= most:
            raise ValueError(f"must be a whole number from {least} to {most}, not {text[:40]!r}")
        return int(number)

    return parse


def _customer_id(text: str) -> int | None:
    return None if text == ANY_CUSTOMER else _whole(1, 2**53 - 1)(text)


def _true_or_false(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(f"must be true or false, not {text[:40]!r}")
    return text.lower() == "true"


def _adopt_mode(text: str) -> str:
    modes = get_args(AdoptMode)
    if text not in modes:
        raise ValueError(f"must be {', '.join(modes[:-1])} or {modes[-1]}, not {text[:40]!r}")
    return text


def _number(text: str) -> float:
    try:
        number = float(text) if text.isascii() else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"must be a number, not {text[:40]!r}")
    return number


_SETTINGS: Final = (
    _Setting("token", "token", "PLUSOFON_TOKEN", _header_text),
    _Setting("client_id", "clientId", "PLUSOFON_CLIENT_ID", _header_text),
    _Setting("base_url", "baseUrl", "PLUSOFON_BASE_URL", _base_url),
    _Setting("timeout", "timeout", "PLUSOFON_TIMEOUT", _positive(0.001, 86_400)),
    _Setting("max_retries", "maxRetries", "PLUSOFON_MAX_RETRIES", _whole(0, 100)),
    _Setting(
        "requests_per_second",
        "requestsPerSecond",
        "PLUSOFON_REQUESTS_PER_SECOND",
        _positive(0.001, 1_000_000),
    ),
    _Setting("customer_id", "customerId", "PLUSOFON_CUSTOMER_ID", _customer_id),
    _Setting("read_only", "readOnly", "PLUSOFON_READ_ONLY", _true_or_false),
    _Setting("adopt", "adopt", "PLUSOFON_ADOPT", _adopt_mode),
)
KEYS: Final = tuple(f"{NAMESPACE}:{setting.key}" for setting in _SETTINGS)
_TOKEN_NAMES: Final = ("plusofon:token:", "PLUSOFON_TOKEN:")
