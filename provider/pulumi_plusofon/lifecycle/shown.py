"""Compare how the account's list shows a number's connection with what was declared or sent.

A list shows the servers of a `sipuri` number. Of an `ate` number it shows the operator's login and host, or a
SIP account that the vendor made, which shows nothing of them. Never shows a password. Sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.schema.addresses import as_compared, servers, sip_account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pulumi_plusofon.api import ListedNumber

# The network of the vendor: a SIP account there is one that it made for the number, and shows no operator.
_VENDOR: Final = "plusofon.ru"


def contradictions(source: str | None, inputs: Mapping[str, Any]) -> Iterator[str]:
    """What `source` shows to be other than declared."""
    if source is None:
        return
    if inputs["type"] == "sipuri":
        if (there := set(servers(source))) and there != set(servers(inputs["host"])):
            yield f"host: the account has {source}, and the program declares others"
        return
    account = sip_account(source)
    if account.host is None or is_vendors(account.host):
        return
    shown = {"login": account.login, "host": as_compared(account.host), "port": account.port}
    declared = {"login": inputs["login"], "host": as_compared(inputs["host"]), "port": str(inputs["port"])}
    for name, value in shown.items():
        if value and value != declared[name]:
            # The declared value is not shown: a login may be a secret.
            yield f"{name}: the account has {value}, and the program declares another"


def is_vendors(host: str) -> bool:
    """Whether a `source` names a server of the vendor, and so shows nothing of the operator's."""
    return f".{host.lower()}".endswith(f".{_VENDOR}")


def after_connecting(inputs: Mapping[str, Any]) -> Callable[[ListedNumber], str]:
    """What an entry shows other than was sent by a PUT: how the vendor composes `source` is not known yet."""
    return lambda entry: _text(entry, inputs) if entry.type == "sipuri" else ""


def after_adopting(inputs: Mapping[str, Any], found: ListedNumber) -> Callable[[ListedNumber], str]:
    """What an entry shows other than was sent by the PATCH that took over `found`."""
    return lambda entry: (
        _text(entry, inputs) if entry.type == "sipuri" or entry.source == found.source else ""
    )


def after_updating(inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> Callable[[ListedNumber], str]:
    """What an entry shows other than was sent by a PATCH; `outputs` are those of before.

    The `source` of an `ate` number decides only where it showed what was sent before.
    """
    decides = inputs["type"] == "sipuri" or (
        outputs.get("source") is not None and not any(contradictions(outputs["source"], outputs))
    )
    return lambda entry: _text(entry, inputs) if decides else ""


def _text(entry: ListedNumber, inputs: Mapping[str, Any]) -> str:
    return "; ".join(contradictions(entry.source, inputs))
