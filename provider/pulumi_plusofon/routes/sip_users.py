"""A SIP address as servers may read it: decoded, with everything in it that could be dialled.

Knows no numbering plan, and validates nothing. Reads past the first separator: an empty or harmless part
there hides no number behind it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from pulumi_plusofon.schema.values import LONGEST_TEXT

from . import dialling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Fewer digits are an extension's.
FEWEST_DIALLED: Final = 7
# A number in international form with all that may be dialled before it.
_MOST_DIALLED: Final = 28
# Digits behind a code are more often part of an account's name than a number of another length.
_LIKELY: Final = re.compile("0[0-9]{8,11}|[1-9][0-9]{8,12}", re.ASCII)
_SCHEME: Final = re.compile(r"\s*(?:sips?|tel):/{0,2}")
_BEHIND_HOST: Final = re.compile(r"[;?,/&<>\s]")
_CONTEXT: Final = re.compile(r"phone-context\s*=([^;:?&,@]*)")
# How a number is written in groups. Nothing else is between the digits of one number for certain.
_VISUAL: Final = frozenset("-.()[]_'")
_IN_GROUPS: Final = re.compile(r"\+?[0-9-]*[0-9][0-9-]*", re.ASCII)
_RUN: Final = re.compile(r"(?P<marks>[+*#-]*)(?P<digits>[0-9][0-9-]*)")
_WAIT: Final = re.compile(rf"(?<![^\W\d])[{dialling.PAUSE_LETTERS}](?![^\W\d])")
# A number whose last digits are written as the letters on the keys: it begins as numbers do.
_LETTERED: Final = re.compile(r"(?:\+-*[0-9]|(?:[0-9]-*){4})[0-9-]*[a-z][a-z-]*")
_NAME: Final = re.compile(r"(?=.*[^\W\d_])[\w.-]+")
_NUMBER: Final = re.compile(r"\+?[0-9 ().-]*[0-9][0-9 ().-]*", re.ASCII)


@dataclass(frozen=True)
class Run:
    """Digits in a row, in the groups that they are written in."""

    groups: tuple[str, ...]
    plus: bool = False
    starred: bool = False
    """Behind a star or a hash, and so perhaps behind the digits of a service code."""
    certain: bool = False
    """The user begins with it, and with a plus: it is a number, whether a valid one or not."""
    in_name: bool = False
    """Beside a letter."""
    in_parts: bool = False
    """Some servers read one of its groups alone, whether all together are a number or not."""

    @property
    def digits(self) -> str:
        """All of them."""
        return "".join(self.groups)

    def parts(self) -> Iterator[Run]:
        """The same without some groups in front or behind."""
        for start in range(len(self.groups)):
            is_front = start == 0
            count = 0
            for end, group in enumerate(self.groups[start:], start + 1):
                count += len(group)
                if count > _MOST_DIALLED:
                    break
                if count >= FEWEST_DIALLED and end - start < len(self.groups):
                    yield replace(
                        self,
                        groups=self.groups[start:end],
                        plus=self.plus and is_front,
                        starred=self.starred and is_front,
                        certain=False,
                    )

    def behind_prefixes(self) -> Iterator[Run]:
        """What is left without service codes, an outside line and an international prefix."""
        digits = self.digits
        forms = {digits[start:] for start in (dialling.STARRED_CODE_DIGITS if self.starred else (0,))}
        for table in (dialling.SERVICE_CODES, dialling.OUTSIDE_LINES, dialling.SERVICE_CODES):
            forms |= _behind(table, forms)
        yield from (
            Run((form,), plus=True) for form in sorted(_behind(dialling.INTERNATIONAL_PREFIXES, forms))
        )
        likely = (form for form in forms - {digits} if self.starred or _LIKELY.fullmatch(form))
        yield from (Run((form,), in_name=self.in_name) for form in sorted(likely))


@dataclass(frozen=True)
class SipUser:
    """What a SIP address says of whom it reaches."""

    name: str
    """Decoded, without parameters and plus, in small letters."""
    hosts: tuple[str, ...]
    """The servers that it may be read to name, in small letters; the last is the address's own."""
    runs: tuple[Run, ...]
    is_name: bool
    """Every server reads the same name in it."""
    is_number: bool
    """Every server reads the same digits in it."""
    is_bare: bool
    """Digits and nothing else, as accounts are called, too."""
    is_too_long: bool = False
    """It is longer than any address that the resources take, and was not read."""


@lru_cache(maxsize=1024)
def read(uri: str) -> SipUser:
    """What is in `uri`, a SIP address, or a user without a server."""
    written, at, server = uri.rpartition("@")
    written, server = (written, server) if at else (uri, "")
    if len(uri) > LONGEST_TEXT:
        return SipUser("", (), (), is_name=False, is_number=False, is_bare=False, is_too_long=True)
    text = _SCHEME.sub("", _decoded(written), count=1)
    host, behind = _server(_decoded(server))
    user, *parameters = text.split(";")
    is_plain = (
        not behind
        and unquote(written).lower() == _decoded(written)
        and all(letter.isascii() or letter.isalpha() for letter in text)
        and all(map(_is_harmless, parameters))
    )
    return SipUser(
        name=user.removeprefix("+"),
        hosts=(*(_server(part)[0] for part in text.split("@")[1:]), host),
        runs=tuple(dict.fromkeys(_runs(f"{text}{behind}"))),
        is_name=is_plain and _NAME.fullmatch(user) is not None,
        is_number=is_plain and _NUMBER.fullmatch(user) is not None,
        is_bare=user.isdecimal(),
    )


def _decoded(text: str) -> str:
    """`text` in small letters without encoding, however often it was encoded."""
    while (once := unicodedata.normalize("NFKC", unquote(text))) != text:
        text = once
    return text.lower()


def _server(text: str) -> tuple[str, str]:
    """The host, and what stands behind it and its port."""
    server = _BEHIND_HOST.split(text, maxsplit=1)[0]
    name, _, port = server.partition(":")
    if server.startswith("["):
        host = server[1:].partition("]")[0]
    else:
        # An IPv6 address without brackets has no dot in front of its first colon.
        host = name if "." in name or port.isdecimal() else server
    return host.rstrip("."), text[len(server) :]


def _is_harmless(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return re.fullmatch(dialling.HARMLESS_PARAMETERS.get(name, "(?!)"), value, re.ASCII) is not None


def _behind(prefixes: Iterable[dialling.Prefix], forms: Iterable[str]) -> set[str]:
    matches = [(re.match(prefix.pattern, form), form) for prefix in prefixes for form in forms]
    return {form[match.end() :] for match, form in matches if match}


def _runs(text: str) -> Iterator[Run]:
    """Every run of digits in `text` that is long enough to be dialled outside."""
    local = _folded(_CONTEXT.sub("|", text))
    contexts = list(filter(_IN_GROUPS.fullmatch, map(_folded, _CONTEXT.findall(text))))
    found = list(_in(local))
    texts = [*contexts, *_joined(local)]
    texts += map(_on_keys, filter(_LETTERED.fullmatch, re.split(r"[|*#]", local)))
    found += (replace(run, certain=False) for other in texts for run in _in(other))
    parts = _joined(re.sub("(?<=[0-9])-+(?=[0-9])", "", local))
    found += (replace(run, certain=False, in_parts=True) for other in parts for run in _in(other))
    found += (run for context in contexts for run in _in_context(re.sub("[^0-9]", "", context), found))
    return (run for run in found if run.certain or len(run.digits) >= FEWEST_DIALLED)


def _joined(local: str) -> Iterator[str]:
    """What separates two parts for one server is a pause, or nothing, to another."""
    joined = _WAIT.sub("-", re.sub(r"[^\w+*#]+", "-", local))
    yield joined
    # A star may also begin a service code, so there is a text in which it stays.
    for signs in ("[+]", "[+*#]"):
        yield re.sub(f"(?<=[0-9])-*{signs}+-*(?=[0-9])", "-", joined)


def _in_context(context: str, runs: Iterable[Run]) -> Iterator[Run]:
    """RFC 3966: a local number is read behind its context, of which the plus is no part for some."""
    for local in runs:
        if not local.plus:
            forms = (local, *(form for form in local.behind_prefixes() if not form.plus))
            yield from (Run((context, *form.groups), plus=True) for form in forms)


def _folded(text: str) -> str:
    """`text` with plain digits, a hyphen for what is between groups, and a bar for what separates parts."""
    return "".join(map(_fold, text))


def _fold(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character.isalpha() or character in "+*#":
        return character
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me"):
        return ""
    return "-" if character in _VISUAL or category in ("Zs", "Pd") else "|"


def _on_keys(text: str) -> str:
    return "".join(dialling.KEYS.get(character, character) for character in text)


def _in(text: str) -> Iterator[Run]:
    for match in _RUN.finditer(text):
        marks = match["marks"].replace("-", "")
        plus = marks.endswith("+")
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        yield Run(
            tuple(filter(None, match["digits"].split("-"))),
            plus=plus,
            starred="*" in marks or "#" in marks,
            certain=plus and not before and not after.isalpha(),
            in_name=before.isalpha() or after.isalpha(),
        )
