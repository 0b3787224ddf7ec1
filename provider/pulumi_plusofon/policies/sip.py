"""Rules on SIP: which servers are spoken to, and how good the passwords are. No text shows a password."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.schema import addresses
from pulumi_plusofon.schema.addresses import reads_as_address, servers, split
from pulumi_plusofon.schema.targets import SIP_FIELDS

from .model import Violation, deferred

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_plusofon.routes.model import Resource

    from .config import Hosts, Secrets
    from .model import Finding

# Names that mean another machine in every network, or none.
_PRIVATE_DOMAINS: Final = (
    "corp",
    "home",
    "home.arpa",
    "internal",
    "intranet",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "private",
)
_FEWEST_GUESSES: Final = 10**8
# As much of a password as the estimate takes; the rest can only make it better.
_ESTIMATED: Final = 72
_ADDRESSES: Final = ("host", *SIP_FIELDS)


def host_allowed(resource: Resource, config: Hosts) -> Iterator[Finding]:
    """Refuse servers that are no public name, or none of the allowed ones."""
    yield from deferred(resource, *_ADDRESSES)
    for name in _ADDRESSES:
        value = resource.get(name)
        if value is None:
            continue
        hosts = servers(value) if name == "host" else (split(value).host.lower(),)
        for host in hosts:
            if fault := _fault(host, config.allowed_hosts):
                shown = value if len(hosts) == 1 else host
                yield Violation(resource, f"{name} {shown} {fault}")


def small_letters(resource: Resource) -> dict[str, Any]:
    """The addresses with their host in small letters, where it is not: DNS knows no others."""
    written = {name: resource.get(name) for name in _ADDRESSES}
    remediated = {
        name: value[: value.rfind("@") + 1] + value[value.rfind("@") + 1 :].lower()
        for name, value in written.items()
        if value is not None
    }
    return {name: value for name, value in remediated.items() if value != written[name]}


def secret_strong(number: Resource, config: Secrets) -> Iterator[Finding]:
    """Refuse passwords that are known, short or easily guessed."""
    yield from deferred(number, "secret", "login", "number")
    secret = number.get("secret")
    if secret is None:
        return
    known = [str(value) for value in (number.get("login"), number.get("number")) if value is not None]
    if _same_as_one(secret, known):
        fault = "is the login or the number"
    elif len(secret) < config.min_length:
        fault = f"has {len(secret)} characters, minLength is {config.min_length}"
    elif _guesses(secret, known) < _FEWEST_GUESSES:
        fault = f"is guessed in fewer than {_FEWEST_GUESSES:,} attempts"
    else:
        return
    yield Violation(
        number,
        f"secret (not shown) {fault}; have the operator set a random one, at least"
        f" {config.min_length} characters long",
    )


def _fault(host: str, allowed: list[str]) -> str | None:
    if reads_as_address(host):
        return "is an IP address; give the server's public name"
    if not _is_readable(host):
        return "is not readable as a host name; give the server's public name alone"
    if "." not in host:
        return "is a single label; give the server's full public name"
    if any(f".{host}".endswith(f".{domain}") for domain in _PRIVATE_DOMAINS):
        return "is a name of a private network; give the server's public name"
    if not any(fnmatchcase(host, glob.lower()) for glob in allowed):
        return f"is none of allowedHosts ({', '.join(allowed)}); give one of them, or add it there"
    return None


def _is_readable(host: str) -> bool:
    try:
        addresses.host(host)
    except ValueError:
        return False
    return True


def _same_as_one(secret: str, known: list[str]) -> bool:
    digits = re.sub(r"[ +().-]", "", secret)
    return any(value.casefold() in {secret.casefold(), digits} for value in known)


def _guesses(secret: str, known: list[str]) -> int:
    # Its word lists take longer to load than all other rules together, and only passwords need them.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    return int(zxcvbn(secret[:_ESTIMATED], user_inputs=known)["guesses"])
