"""Addresses in which anything could be dialled: reading them is bounded, and what is beyond it is refused."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_plusofon.policies.asking import broken
from pulumi_plusofon.policies.settings_file import PolicySettings
from pulumi_plusofon.routes import phones, sip_users
from unit.policy_resources import forwarding, number

if TYPE_CHECKING:
    from pulumi_plusofon.routes.model import Resource

OFFICE = number("office", number="442079460101", type="sipuri", host="sip.operator.example")
HOSTS = ("pbx.example.com", "ext.plusofon.ru", "sip.operator.example")
RULES = {"forwarding-destination-allowed", "no-premium-rate-destination"}
# Of one address, for all rules together: numbering plans are what takes the time.
MOST_LOOK_UPS = 3 * 4_000
SHAPES = {
    "digits in pairs": "12-",
    "digits alone": "1-",
    "zeros": "01-02-03-",
    "dots": "0.1.2.",
    "stars": "*0*1",
    "hashes": "#01",
    "pauses": "0p1w2,",
    "outside lines": "9,0",
    "separators": "01;2/3&4=",
}
# In these too few digits are in a row to be dialled often.
FEW = {"encoded twice": "%252D0%252D1", "contexts": "1-2;phone-context=+0", "a name": "a0-1-2-"}
Counted = dict[str, int]


def counted_on(patch: pytest.MonkeyPatch) -> Counted:
    """How often numbering plans are asked from now on."""
    count = {"times": 0}
    parsed = phones._parsed

    def counting(text: str, region: str | None = None) -> Any:
        count["times"] += 1
        return parsed(text, region)

    patch.setattr(phones, "_parsed", counting)
    return count


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """How often numbering plans were asked in this test."""
    return counted_on(monkeypatch)


def rules(uri: str) -> set[str]:
    """The rules that refuse a forwarding to the address, none of which has read it before."""
    for cached in (phones._of_address, phones._dialled, sip_users.read):
        cached.cache_clear()
    address: Resource = forwarding("office", OFFICE, type="sip_uri", destination_uri=uri, cli_type="N")
    return {found.rule for found in broken([OFFICE, address], PolicySettings())}


def user_of(shape: str, host: str) -> str:
    """The shape over and over, each time with other digits, as long as an address may be."""
    text, turn = "", 0
    while len(text) < 254 - len(host):
        text += "".join(chr(48 + (int(c) + turn * (c != "0")) % 10) if c in "123456789" else c for c in shape)
        turn += 1
    return text[: 254 - len(host)].rstrip("%25")


@pytest.mark.parametrize(("shape", "host"), [*zip(SHAPES.values(), cycle(HOSTS), strict=False)], ids=SHAPES)
def test_an_address_of_many_readings_is_refused_after_a_bounded_number_of_look_ups(
    looked_up: Counted, shape: str, host: str
) -> None:
    assert rules(f"{user_of(shape, host)}@{host}") >= RULES
    assert looked_up["times"] < MOST_LOOK_UPS


@pytest.mark.parametrize(("shape", "host"), [*zip(FEW.values(), cycle(HOSTS), strict=False)], ids=FEW)
def test_an_address_of_few_readings_takes_few_look_ups(looked_up: Counted, shape: str, host: str) -> None:
    rules(f"{user_of(shape, host)}@{host}")
    assert looked_up["times"] < MOST_LOOK_UPS


@settings(max_examples=15, deadline=None)
@given(
    st.text(alphabet="0123456789-.,;*#+()/=&~!'$?_%pa", min_size=150, max_size=240), st.sampled_from(HOSTS)
)
def test_any_address_is_read_with_a_bounded_number_of_look_ups(user: str, host: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        count = counted_on(patch)
        rules(f"{user}@{host}")
        assert count["times"] < MOST_LOOK_UPS


@pytest.mark.parametrize("size", [256, 100_000])
@pytest.mark.parametrize("user", ["a", "%25", "1-", "sales"])
def test_an_address_that_no_resource_takes_is_refused_unread(
    looked_up: Counted, user: str, size: int
) -> None:
    assert rules(f"{(user * size)[:size]}@pbx.example.com") >= RULES
    assert looked_up["times"] < 100


@pytest.mark.parametrize(
    "user",
    [
        "sales",
        "550e8400-e29b-41d4-a716-446655440000",
        "the-sales-of-all-our-branches-in-the-north-and-in-the-south-" * 3,
        "conference-room-1-floor-2-building-3-campus-4-city-5",
        "+7 (999) 333-22-10",
    ],
)
def test_an_address_that_a_person_writes_is_read_as_before(user: str) -> None:
    assert rules(f"{user}@pbx.example.com") & RULES == set()


@pytest.mark.parametrize(
    "user", ["8809123456799", "1900555012399", "0111900555012399", "44909879012399", "+449098790123999"]
)
@pytest.mark.parametrize("host", ["ext.plusofon.ru", "pbx.example.com"])
def test_an_expensive_number_with_a_few_digits_more_is_refused(user: str, host: str) -> None:
    # Exchanges take no notice of them.
    assert "no-premium-rate-destination" in rules(f"{user}@{host}")


@pytest.mark.parametrize("user", ["79104445566123", "7910444556612", "office2026", "100123", "4420794601011"])
def test_an_ordinary_number_or_name_with_a_few_digits_more_is_no_expensive_one(user: str) -> None:
    assert "no-premium-rate-destination" not in rules(f"{user}@pbx.example.com")
