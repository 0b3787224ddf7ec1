"""SIP servers and SIP addresses: what a person wrote, made into what is sent, or refused in words.

A name in another script is kept in the form that DNS has of it (IDNA). Nothing is looked up.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any, Final, NamedTuple

from .values import GREATEST_PORT
from .values import text as line

_LONGEST_HOST: Final = 253
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII | re.IGNORECASE)
# What the C library's inet_aton takes for a part of an IPv4 address.
_PART: Final = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII | re.IGNORECASE)
_USER: Final = re.compile(r"[a-z0-9_.!~*'()&=+$,;?/%-]+", re.ASCII | re.IGNORECASE)
_SERVER: Final = re.compile(r"(?:\[(?P<v6>[^\]]*)\]|(?P<name>[^:]*))(?::(?P<port>[0-9]{1,5}))?", re.ASCII)


class SipAddress(NamedTuple):
    """The parts of a SIP address: an IPv6 host without its brackets."""

    user: str
    host: str
    port: int | None


def host(value: Any) -> str:
    """A host's name or IP address, without scheme, port or path."""
    name = _ascii(line(value))
    if _is_address(name):
        return name
    if reads_as_address(name):
        raise ValueError(
            "must be a host name, or an IP address as four numbers such as 192.0.2.1: as it is, programs read"
            " different addresses in it"
        )
    if not _is_name(name):
        raise ValueError("must be a host name or an IP address alone, such as sip.example.com")
    return name


def host_as_before(value: Any) -> str:
    """A host that earlier versions took."""
    name = line(value)
    if not _is_address(name) and (not _is_name(name) or name.rpartition(".")[2].isdigit()):
        raise ValueError("must be a host name or an IP address alone")
    return name


def hosts(value: Any) -> str:
    """SIP servers, given as a list or as comma-separated text: comma-separated text without blanks."""
    given = value.split(",") if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not given:
        given = [value]
    names = [host(part.strip(" ") if isinstance(part, str) and len(given) > 1 else part) for part in given]
    once: dict[str, str] = {}
    for name in names:
        once.setdefault(name.lower(), name)
    return ",".join(once.values())


def servers(text: str | None) -> tuple[str, ...]:
    """The servers of comma-separated text as they are compared, in the order given."""
    return tuple(map(as_compared, servers_as_written(text)))


def servers_as_written(text: str | None) -> tuple[str, ...]:
    """The servers of comma-separated text, letter for letter, in the order given."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def as_compared(name: str) -> str:
    """A server's name in small letters, in the form that DNS has of it where there is one."""
    try:
        return _ascii(name).lower()
    except ValueError:
        return name.lower()


class SipAccount(NamedTuple):
    """What the `source` of an `ate` number shows. `host` is None where it names a SIP account alone."""

    login: str
    host: str | None = None
    port: str = ""


def sip_account(source: str) -> SipAccount:
    """A `source` in its parts: `login@host`, `login@host:port`, or a SIP account alone."""
    login, at, server = source.rpartition("@")
    if not at:
        return SipAccount(server)
    name, _, port = server.partition(":") if server.count(":") == 1 else (server, "", "")
    return SipAccount(login, name, port)


def sip_uri(value: Any) -> str:
    """A SIP address, `user@host` or `user@host:port`; an IPv6 host stands in brackets."""
    text = line(value)
    user, at, server = text.rpartition("@")
    match = _SERVER.fullmatch(server)
    if _is_address(server) and ":" in server:
        raise ValueError("must have its IPv6 address in brackets, such as 123456789@[2001:db8::1]")
    if not at or not server or not _USER.fullmatch(user) or not match:
        raise ValueError("must be an address such as 123456789@ext.plusofon.ru, without sip:")
    if (v6 := match["v6"]) is not None:
        if ":" not in v6 or not _is_address(v6):
            raise ValueError("must have an IPv6 address in its brackets, such as 123456789@[2001:db8::1]")
        name = f"[{v6}]"
    else:
        name = host(match["name"])
    if match["port"] is None:
        return f"{user}@{name}"
    if not 1 <= int(match["port"]) <= GREATEST_PORT:
        raise ValueError(f"must have a port from 1 to {GREATEST_PORT}")
    return f"{user}@{name}:{int(match['port'])}"


def sip_uri_as_before(value: Any) -> str:
    """A SIP address that earlier versions took: an IPv6 host without brackets, and no port."""
    user, at, server = line(value).partition("@")
    if not at or not _USER.fullmatch(user):
        raise ValueError("must be an address such as 123456789@ext.plusofon.ru")
    return f"{user}@{host_as_before(server)}"


def split(uri: str) -> SipAddress:
    """The parts of a SIP address, also of one that an earlier version took."""
    user, _, server = uri.rpartition("@")
    match = _SERVER.fullmatch(server)
    if match is None:
        return SipAddress(user, server, None)
    return SipAddress(user, match["v6"] or match["name"] or "", int(match["port"]) if match["port"] else None)


def reads_as_address(host: str) -> bool:
    """Whether some program takes `host` for an IP address: `10.0.0x1` is one to the C library."""
    return _is_address(host) or _PART.fullmatch(host.rpartition(".")[2]) is not None


def _ascii(name: str) -> str:
    """`name` in the form that DNS has of it."""
    if name.isascii():
        return name
    # Its tables take longer to load than the rest of this module, and few names need them.
    import idna  # noqa: PLC0415

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise ValueError(
            "must be a host name: its letters, or their order, are none that DNS allows"
        ) from None


def _is_address(text: str) -> bool:
    if "%" in text:
        # The scope of an IPv6 address means something on one machine only, and may be anything at all.
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_HOST and all(_LABEL.fullmatch(label) for label in text.split("."))
