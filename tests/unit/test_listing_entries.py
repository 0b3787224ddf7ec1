"""One list: which entries a number has, which an id, and what an id's absence means."""

from __future__ import annotations

from pulumi_plusofon.api import ListedNumber
from pulumi_plusofon.session import Listing

ONE = ListedNumber(101, "ate", "79104445566")
TWO = ListedNumber(102, "sipuri", "79104445567")
TWIN = ListedNumber(101, "sipuri", ONE.number)


def test_a_listing_finds_a_number_by_its_type_and_id() -> None:
    listing = Listing([ONE, TWO])
    assert listing.with_id("ate", 101) == ONE
    assert listing.with_id("sipuri", 101) is None
    assert listing.has_ids


def test_one_number_without_an_id_makes_it_a_list_without_ids() -> None:
    assert not Listing([ONE, ListedNumber(None, "ate", "79104445568")]).has_ids


def test_a_number_that_is_not_ours_may_be_without_an_id() -> None:
    assert Listing([ONE, ListedNumber(None, "WebRTC", "79104445568")]).has_ids


def test_a_listing_finds_a_number_by_its_type_too() -> None:
    listing = Listing([ONE, TWIN])
    assert listing.with_number(ONE.number) == [ONE, TWIN]
    assert listing.with_number(ONE.number, "sipuri") == [TWIN]
    assert listing.with_number(ONE.number, "WebRTC") == []


def test_an_empty_list_denies_every_id() -> None:
    assert Listing([]).has_ids
