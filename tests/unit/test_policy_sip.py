"""Rules about SIP servers and SIP passwords."""

from __future__ import annotations

import base64
import hashlib
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_plusofon.policies.sip import small_letters
from pulumi_plusofon.schema.values import UNKNOWN
from unit.policy_resources import forwarding, judge, number, put_off, texts

HOST, SECRET = "sip-host-allowed", "sip-secret-strong"
REFUSED = {
    "192.0.2.10": "is an IP address; give the server's public name",
    "127.0.0.1": "is an IP address; give the server's public name",
    "2001:db8::1": "is an IP address; give the server's public name",
    "::1": "is an IP address; give the server's public name",
    "localhost": "is a single label; give the server's full public name",
    "PBX": "is a single label; give the server's full public name",
    **dict.fromkeys(
        ["0x7f000001", "2130706433", "10.0.0x1", "0x7f.1", "127.1", "10.0.0.0X1"],
        "is an IP address; give the server's public name",
    ),
    **dict.fromkeys(
        [
            *("sip.localhost", "localhost.localdomain", "pbx.local", "PBX.Office.LAN", "pbx.internal"),
            *("pbx.home.arpa", "pbx.corp", "pbx.home", "pbx.intranet", "pbx.private"),
        ],
        "is a name of a private network; give the server's public name",
    ),
}
PUBLIC = [
    "sip.operator.example",
    "SIP.Operator.Example",
    "xn--e1afmkfd.example",
    "local.example",
    "my-lan.example.com",
]
LOGIN: dict[str, Any] = {"type": "ate", "number": "442079460101", "login": "Office-9460101"}
GUESSED = "secret (not shown) is guessed in fewer than 100,000,000 attempts"
REMEDY = "; have the operator set a random one, at least 12 characters long"
WEAK = {
    "the login": ("Office-9460101", "secret (not shown) is the login or the number"),
    "the login in other letters": ("OFFICE-9460101", "secret (not shown) is the login or the number"),
    "the number": ("442079460101", "secret (not shown) is the login or the number"),
    "the number as it is written": ("+44 20 7946-0101", "secret (not shown) is the login or the number"),
    "too short": ("x1-Y2_z3-A4", "secret (not shown) has 11 characters, minLength is 12"),
    "one character": ("aaaaaaaaaaaaaaaa", GUESSED),
    "a few, again and again": ("abcabcabcabcabc", GUESSED),
    "a row of digits": ("123456789012345", GUESSED),
    "a row of keys": ("qwertyuiop[]12", GUESSED),
    "a word and a year": ("Password2024!", GUESSED),
    "the login and a little": ("office-9460101!", GUESSED),
    "the number and a little": ("442079460101!", GUESSED),
}


@pytest.mark.parametrize(("host", "fault"), REFUSED.items())
def test_a_server_without_a_public_name_is_refused_everywhere(host: str, fault: str) -> None:
    crm = forwarding(type="bitrix", host=host)
    assert texts(judge(HOST, number(host=host))) == texts(judge(HOST, crm)) == [f"host {host} {fault}"]
    address = forwarding(type="sip_uri", destination_uri=f"Fax@{host}")
    assert texts(judge(HOST, address)) == [f"destination_uri Fax@{host} {fault}"]


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_name_is_allowed(host: str) -> None:
    assert judge(HOST, number(host=host)) == []


@given(st.ip_addresses().map(str))
def test_no_ip_address_is_ever_allowed(address: str) -> None:
    assert len(judge(HOST, number(host=address), allowedHosts=["*", "192.0.2.10"])) == 1


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("sip.operator.example", True),
        ("SIP.OPERATOR.EXAMPLE", True),
        ("a.b.operator.example", True),
        ("operator.example", False),
        ("operator.example.com", False),
        ("sip.other.example", False),
        ("pbx7.example.com", True),
        ("pbx77.example.com", False),
    ],
)
def test_hosts_are_held_to_globs(host: str, allowed: bool) -> None:  # noqa: FBT001 - a column of the table
    found = texts(judge(HOST, number(host=host), allowedHosts=["*.Operator.example", "pbx?.example.com"]))
    expected = (
        "is none of allowedHosts (*.Operator.example, pbx?.example.com); give one of them, or add it there"
    )
    assert found == ([] if allowed else [f"host {host} {expected}"])


@pytest.mark.parametrize(
    "server", ["192.0.2.10:5060", "[2001:db8::1]", "[2001:db8::1]:5060", "localhost:5060"]
)
def test_a_port_or_brackets_hide_no_server(server: str) -> None:
    assert len(texts(judge(HOST, forwarding(type="sip_uri", destination_uri=f"fax@{server}")))) == 1


def test_a_port_makes_a_public_name_no_other() -> None:
    address = forwarding(type="sip_uri", destination_uri="fax@PBX.example.com:5060")
    assert judge(HOST, address, allowedHosts=["pbx.example.com"]) == []


def test_each_of_several_servers_is_judged() -> None:
    several = number(host="sip1.operator.example,SIP2.Operator.example,192.0.2.10,sip.other.example")
    found = texts(judge(HOST, several, allowedHosts=["*.operator.example"]))
    assert [text.partition(";")[0] for text in found] == [
        "host 192.0.2.10 is an IP address",
        "host sip.other.example is none of allowedHosts (*.operator.example)",
    ]


def test_a_host_that_is_not_known_yet_is_put_off_alone() -> None:
    found = judge(HOST, forwarding(type="bitrix", host=UNKNOWN, destination_uri="fax@localhost"))
    assert put_off(found) == [("office", "host")]
    assert len(texts(found)) == 1


@given(st.text(string.ascii_letters + string.digits + ".-", min_size=1))
def test_small_letters_change_a_host_and_nothing_else(host: str) -> None:
    mended = small_letters(number(host=host, login="Office"))
    assert {"host": host, **mended} == {"host": host.lower()}
    address = small_letters(forwarding(destination_uri=f"Fax@{host}"))
    assert {"destination_uri": f"Fax@{host}", **address} == {"destination_uri": f"Fax@{host.lower()}"}


def test_an_unknown_host_is_remediated_once_it_is_known() -> None:
    assert small_letters(number(host=UNKNOWN)) == {}


@pytest.mark.parametrize(("secret", "fault"), WEAK.values(), ids=WEAK)
def test_a_weak_password_is_refused_and_not_shown(secret: str, fault: str) -> None:
    assert texts(judge(SECRET, number(**LOGIN, secret=secret))) == [fault + REMEDY]


@given(st.text(min_size=1, max_size=100))
def test_no_text_depends_on_more_of_a_password_than_its_length(secret: str) -> None:
    expected = {fault + REMEDY for _, fault in WEAK.values()}
    expected.add(f"secret (not shown) has {len(secret)} characters, minLength is 12{REMEDY}")
    assert set(texts(judge(SECRET, number(**LOGIN, secret=secret)))) <= expected


@pytest.mark.parametrize("length", [12, 24, 72, 255])
def test_a_random_password_is_strong(length: int) -> None:
    # Random to all but us: a test must not fail once in a million runs.
    bytes_ = b"".join(hashlib.sha256(bytes([block])).digest() for block in range(8))
    random = base64.b64encode(bytes_).decode()[:length]
    assert judge(SECRET, number(**LOGIN, secret=random)) == []


def test_the_least_length_can_be_set() -> None:
    eight = number(**LOGIN, secret="Xk29fLq8")
    assert judge(SECRET, eight, minLength=8) == []
    (text,) = texts(judge(SECRET, eight, minLength=9.0))
    assert "has 8 characters, minLength is 9; have the operator set a random one, at least 9" in text


def test_a_number_without_a_password_needs_none() -> None:
    assert judge(SECRET, number(type="sipuri", number="442079460101")) == []


def test_a_password_is_judged_as_far_as_the_rest_is_known() -> None:
    found = judge(SECRET, number(type="ate", number="442079460101", login=UNKNOWN, secret="short"))
    assert put_off(found) == [("office", "login")]
    assert len(texts(found)) == 1
    assert put_off(judge(SECRET, number(**LOGIN, secret=UNKNOWN))) == [("office", "secret")]
