"""Answers that are understood, and those that make the whole answer unreadable."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_plusofon.api import Connection, ListedNumber, RegistrationStatus
from pulumi_plusofon.api.models import parse_numbers, parse_statuses, with_repeats_marked

ITEM = {"id": 101, "type": "АТС", "number": "79104445566"}
PLAIN = ListedNumber(101, "ate", "79104445566")

GOOD: list[tuple[dict[str, Any], ListedNumber]] = [
    (ITEM, ListedNumber(101, "ate", "79104445566")),
    ({**ITEM, "id": "101"}, ListedNumber(101, "ate", "79104445566")),
    ({**ITEM, "id": 101.0}, ListedNumber(101, "ate", "79104445566")),
    ({**ITEM, "id": "101.0"}, ListedNumber(101, "ate", "79104445566")),
    ({**ITEM, "id": 2**53 - 1}, ListedNumber(2**53 - 1, "ate", "79104445566")),
    ({**ITEM, "id": None}, ListedNumber(None, "ate", "79104445566")),
    ({**ITEM, "number": 79104445566}, ListedNumber(101, "ate", "79104445566")),
    ({**ITEM, "number": "+79104445566"}, ListedNumber(101, "ate", "79104445566")),
    ({**ITEM, "type": "ATC"}, ListedNumber(101, "ate", "79104445566")),
    ({**ITEM, "type": "атс"}, ListedNumber(101, "ate", "79104445566")),
    ({**ITEM, "type": "ate"}, ListedNumber(101, "ate", "79104445566")),
    ({**ITEM, "type": "АTС"}, ListedNumber(101, "ate", "79104445566")),
    ({**ITEM, "type": "SIP-URI"}, ListedNumber(101, "sipuri", "79104445566")),
    ({**ITEM, "type": "sip-uri"}, ListedNumber(101, "sipuri", "79104445566")),
    ({**ITEM, "type": "sipuri"}, ListedNumber(101, "sipuri", "79104445566")),
    ({**ITEM, "type": " АТС\n"}, ListedNumber(101, "ate", "79104445566")),
    ({**ITEM, "type": "\u00a0sip-URI "}, ListedNumber(101, "sipuri", "79104445566")),
    ({**ITEM, "status": True}, ListedNumber(101, "ate", "79104445566", registered=True)),
    ({**ITEM, "status": None, "source": None}, ListedNumber(101, "ate", "79104445566")),
    ({**ITEM, "customer_id": "42291"}, ListedNumber(101, "ate", "79104445566", customer_id=42291)),
    ({**ITEM, "host": "a@b", "source": "c"}, ListedNumber(101, "ate", "79104445566", "c", "a@b")),
    ({**ITEM, "new_field": {"of": ["the", "vendor"]}}, ListedNumber(101, "ate", "79104445566")),
]

# Fields that decide nothing, as this server writes them or might.
_UNREAD: dict[str, tuple[Any, ...]] = {
    "status": ("OK", 2, 1.0, [], {}, ""),
    "customer_id": ("", "x", 0, -1, True, 42291.5, 2**53, [42291]),
    "source": (7, [], ["a", 7], {"of": "a"}),
    "host": (7, [], True),
}
LENIENT: list[tuple[dict[str, Any], ListedNumber]] = [
    *(({name: value}, PLAIN) for name, values in _UNREAD.items() for value in values),
    *(({"status": value}, replace(PLAIN, registered=True)) for value in (True, 1, "1", "true")),
    *(({"status": value}, replace(PLAIN, registered=False)) for value in (False, 0, "0", "false")),
    ({"customer_id": "42291"}, replace(PLAIN, customer_id=42291)),
    ({"source": ["a.example", "b.example"]}, replace(PLAIN, source="a.example,b.example")),
]

BAD: list[tuple[Any, str]] = [
    ({}, "external_numbers: no array of objects"),
    ({"external_numbers": None}, "external_numbers: no array of objects"),
    ({"external_numbers": {}}, "external_numbers: no array of objects"),
    ({"external_numbers": "none"}, "external_numbers: no array of objects"),
    ({"external_numbers": [ITEM, None]}, "external_numbers: no array of objects"),
    ({"external_numbers": [ITEM, ["79104445566"]]}, "external_numbers: no array of objects"),
    ({"external_numbers": [], "message": "no access"}, "0 came, and the answer says: no access"),
    ({"external_numbers": [], "message": ["later"]}, "0 came, and the answer says: later"),
    ({"external_numbers": [ITEM], "error": "only some"}, "1 came, and the answer says: only some"),
    ({"external_numbers": [ITEM], "errors": {"page": ["lost"]}}, "the answer says: page: lost"),
]

_TYPE, _NUMBER = "its type is not known here", "its number cannot be read"
# What makes an entry one that cannot be read, and what is kept of it: id, type, number, and why.
TROUBLED: list[tuple[dict[str, Any], tuple[int | None, str, str, str]]] = [
    ({"type": None}, (101, "None", "79104445566", _TYPE)),
    ({"type": 1}, (101, "1", "79104445566", _TYPE)),
    ({"type": "SIP URI"}, (101, "SIP URI", "79104445566", _TYPE)),
    ({"number": None}, (101, "ate", "None", _NUMBER)),
    ({"number": True}, (101, "ate", "True", _NUMBER)),
    ({"number": 7.9e10}, (101, "ate", "79000000000.0", _NUMBER)),
    ({"number": ""}, (101, "ate", "", _NUMBER)),
    ({"number": -79104445566}, (101, "ate", "-79104445566", _NUMBER)),
    ({"number": "7910x"}, (101, "ate", "7910x", _NUMBER)),
    ({"number": "+7 (910) 444-55-66"}, (101, "ate", "79104445566", _NUMBER)),
    ({"number": "٧٩١٠٤"}, (101, "ate", "٧٩١٠٤", _NUMBER)),
    *(
        ({"id": value}, (None, "ate", "79104445566", f"its id {value} cannot be read"))
        for value in (True, 101.5, "101.5", "a1", "", [101], 0, -101, "0", "9" * 20, 2**53, str(2**53), 1e300)
    ),
]

BAD_STATUSES: list[tuple[Any, str]] = [
    ({}, "status: no array of objects"),
    ({"status": "OK"}, "status: no array of objects"),
    ({"status": ["OK"]}, "status: no array of objects"),
    ({"status": [{"login": "111"}]}, "status[0]: login or status is missing"),
    ({"status": [{"status": "OK"}]}, "status[0]: login or status is missing"),
    ({"status": [{"login": None, "status": "OK"}]}, "status[0]: login or status is missing"),
    ({"status": [{"login": 111, "status": "OK"}]}, "status[0].login: no string"),
    ({"status": [{"login": "111", "status": True}]}, "status[0].status: no string"),
    ({"status": [{"login": "111", "status": "OK", "date": 0}]}, "status[0].date: no string"),
]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NAMES = ("id", "type", "number", "source", "host", "customer_id", "status", "login", "date")
items = st.dictionaries(st.sampled_from(NAMES) | st.text(), json_values, max_size=9)
answers = st.dictionaries(
    st.sampled_from(("external_numbers", "status", "success")), st.lists(items, max_size=4) | json_values
)


@pytest.mark.parametrize(("item", "number"), GOOD)
def test_a_listed_number_is_understood(item: dict[str, Any], number: ListedNumber) -> None:
    assert parse_numbers({"external_numbers": [item]}) == (number,)


@pytest.mark.parametrize(("fields", "number"), LENIENT)
def test_a_field_that_decides_nothing_never_makes_a_list_unreadable(
    fields: dict[str, Any], number: ListedNumber
) -> None:
    noted: list[str] = []
    assert parse_numbers({"external_numbers": [{**ITEM, **fields}]}, noted.append) == (number,)
    assert noted == ([f"79104445566: {next(iter(fields))}"] if number == PLAIN else [])


@pytest.mark.parametrize(
    "fields",
    [
        {"number": None},
        {"number": True},
        {"number": {"of": "theirs"}},
        {"number": "sip:any@ext.plusofon.ru"},
        {"id": "a1"},
        {"id": None},
        {"id": 10.5},
        {"status": "OK"},
        {"source": 7},
        {"host": []},
        {"customer_id": "x"},
    ],
)
def test_whatever_a_number_of_another_kind_has_it_is_kept_and_not_ours(fields: dict[str, Any]) -> None:
    kept, ours = parse_numbers({"external_numbers": [{**ITEM, "id": 7, "type": "WebRTC", **fields}, ITEM]})
    assert (kept.type, kept.managed) == ("WebRTC", False)
    assert ours == ListedNumber(101, "ate", "79104445566")


def test_a_number_of_another_kind_is_found_by_its_digits() -> None:
    [kept] = parse_numbers({"external_numbers": [{**ITEM, "type": "WebRTC", "number": "+79104445566"}]})
    assert kept == ListedNumber(101, "WebRTC", "79104445566", trouble=_TYPE)


@pytest.mark.parametrize("written", ["+7 (910) 444-55-66", "7 910\u00a04445566", 79104445566])
def test_the_digits_of_a_number_of_another_kind_are_read_as_people_write_them(written: object) -> None:
    [kept] = parse_numbers({"external_numbers": [{**ITEM, "type": "WebRTC", "number": written}]})
    assert kept.number == "79104445566"


@pytest.mark.parametrize("field", ["type", "source", "host"])
def test_no_text_of_a_list_is_the_engines_markup(field: str) -> None:
    [kept] = parse_numbers(
        {"external_numbers": [{**ITEM, "type": "WebRTC", "source": "a", field: "<{%reset%}>"}]}
    )
    assert "<{%" not in f"{kept}"
    [ours] = parse_numbers({"external_numbers": [{**ITEM, "source": "<{%name%}>", "host": "<{%reset%}>"}]})
    assert (ours.source, ours.inbound_uri) == ("<{ %name% }>", "<{ %reset% }>")


@pytest.mark.parametrize("field", ["type", "number", "source", "host"])
def test_no_text_of_a_list_acts_on_a_terminal(field: str) -> None:
    odd = {**ITEM, "type": "WebRTC" if field == "number" else ITEM["type"], field: "a\x1b]0;b\x07\nc\u202ed"}
    [kept] = parse_numbers({"external_numbers": [odd]})
    texts = [text for text in (kept.type, kept.number, kept.source, kept.inbound_uri) if text]
    assert all(text.isprintable() for text in texts)
    assert any(text.startswith("a\N{REPLACEMENT CHARACTER}]0;b") for text in texts)


def test_no_text_of_a_status_acts_on_a_terminal() -> None:
    [status] = parse_statuses({"status": [{"login": "1\x1b", "status": "O\nK", "date": "\x07"}]})
    assert f"{status.login}{status.status}{status.date}".isprintable()
    assert not status.registered


@pytest.mark.parametrize(("answer", "problem"), BAD)
def test_an_answer_that_is_no_list_of_objects_is_unreadable(answer: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - its text is looked at below
        parse_numbers(answer)
    assert problem in str(caught.value)


@pytest.mark.parametrize(("answer", "problem"), BAD_STATUSES)
def test_one_bad_status_makes_the_whole_answer_unreadable(answer: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - its text is looked at below
        parse_statuses(answer)
    assert problem in str(caught.value)


@given(answers)
def test_any_json_is_understood_or_refused_with_a_value_error(answer: dict[str, Any]) -> None:
    for parse in (parse_numbers, parse_statuses):
        try:
            parsed: tuple[Any, ...] = parse(answer)
        except ValueError:
            continue
        assert all(isinstance(item, ListedNumber | RegistrationStatus) for item in parsed)


@pytest.mark.parametrize(("fields", "kept"), TROUBLED)
def test_an_entry_that_cannot_be_read_stays_in_the_list_and_the_others_are_read(
    fields: dict[str, Any], kept: tuple[int | None, str, str, str]
) -> None:
    other = {**ITEM, "id": 7, "number": "79104445567"}
    odd, fine = parse_numbers({"external_numbers": [{**ITEM, **fields}, other]})
    assert (odd.id, odd.type, odd.number, odd.trouble) == kept
    assert not odd.managed
    assert fine == ListedNumber(7, "ate", "79104445567")


def test_entries_that_share_an_id_cannot_be_read() -> None:
    twin = {**ITEM, "number": "79104445567"}
    numbers = parse_numbers({"external_numbers": [ITEM, twin, {**ITEM, "id": 7, "number": "79104445568"}]})
    marked = with_repeats_marked(numbers)
    assert [number.trouble for number in marked] == ["its id stands there twice"] * 2 + [None]


@given(st.lists(st.sampled_from(["good", "bad", "strange"]), max_size=6))
def test_no_entry_is_ever_left_out_of_a_list(kinds: list[str]) -> None:
    item = {"good": ITEM, "bad": {**ITEM, "number": None}, "strange": {**ITEM, "type": "WebRTC"}}
    listed = [{**item[kind], "id": 100 + index} for index, kind in enumerate(kinds)]
    numbers = parse_numbers({"external_numbers": listed})
    assert [number.id for number in numbers] == [100 + index for index in range(len(kinds))]
    assert [number.managed for number in numbers] == [kind == "good" for kind in kinds]


def test_one_id_may_stand_once_in_each_type() -> None:
    other = {**ITEM, "type": "SIP-URI", "number": "79104445567"}
    marked = with_repeats_marked(parse_numbers({"external_numbers": [ITEM, other]}))
    assert [number.managed for number in marked] == [True, True]


@pytest.mark.parametrize(("listed", "known"), [("ate", True), ("sipuri", True), ("WebRTC", False)])
def test_a_type_of_another_kind_is_not_ours(listed: str, *, known: bool) -> None:
    assert ListedNumber(1, listed, "79104445566").managed is known


@pytest.mark.parametrize(("word", "registered"), [("OK", True), ("ok", False), ("FAIL", False), ("", False)])
def test_registered_is_the_apis_own_word(word: str, *, registered: bool) -> None:
    assert RegistrationStatus("111", word).registered is registered


def test_the_number_is_an_integer_in_a_request_and_text_in_the_list() -> None:
    assert Connection("sipuri", "79104445567", "sip.example.com").body()["number"] == 79104445567


def test_a_sipuri_request_has_no_field_of_an_ate_one() -> None:
    body = Connection("sipuri", "79104445567", "sip.example.com", 5060, "login", "secret").body()
    assert set(body) == {"host", "number"}
