"""Masked texts: no long row of digits is left, whatever stands between its digits."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_plusofon.command.routes.mask import masked

DIGITS = "447700900123"
# What people and programs write between the digits of one number.
SEPARATORS = (
    *(
        " ",
        "-",
        ".",
        "_",
        "/",
        "\\",
        "\u00b7",
        "\u2022",
        "\u2013",
        "\u2014",
        "\u2011",
        "\u2212",
        "\u00a0",
        "\u2009",
    ),
    *(
        "\u202f",
        "\u200b",
        "\u00ad",
        "(",
        ")",
        "[",
        "]",
        "'",
        "\u2019",
        "~",
        "*",
        "+",
        ",",
        ";",
        ":",
        "@",
        "#",
        "\u2044",
    ),
    *(" - ", ") ", " (", ")-", " / ", " \u00b7 ", " \u2013 ", "  ", "__", "//", "\u0301"),
)
OTHER_DIGITS = {
    "arabic": "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",
    "wide": "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",
    "raised": "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079",
    "in circles": "\u24ea\u2460\u2461\u2462\u2463\u2464\u2465\u2466\u2467\u2468",
}


@given(
    st.lists(st.sampled_from(("", *SEPARATORS)), min_size=11, max_size=11), st.sampled_from(("", "+", "to "))
)
def test_a_number_is_masked_whatever_separates_its_digits(separators: list[str], before: str) -> None:
    written = "".join(digit + between for digit, between in zip(DIGITS, [*separators, ""], strict=True))
    assert masked(f"{before}{written} (office)") == f"{before}44xxxxxxxx23 (office)"


@pytest.mark.parametrize("digits", OTHER_DIGITS.values(), ids=OTHER_DIGITS)
def test_digits_of_another_form_are_masked_as_digits(digits: str) -> None:
    written = "".join(digits[int(digit)] for digit in DIGITS)
    assert masked(f"tel {written}") == "tel 44xxxxxxxx23"


@given(st.text(alphabet="0123456789 -_/.()\u00b7\u2013+abx", max_size=60))
def test_no_text_keeps_five_digits_that_belong_together(text: str) -> None:
    assert not re.search(r"[0-9](?:[-_/.\u00b7\u2013]?[0-9]){4}", masked(text))


@pytest.mark.parametrize(
    "text",
    [
        "447700900114 -> 447700900115",
        "447700900114, 447700900115",
        "447700900114; 447700900115",
        "447700900114: 447700900115",
        "447700900114 (a): 447700900115 (b)",
    ],
)
def test_two_numbers_of_a_list_stay_two(text: str) -> None:
    assert masked(text) == text.replace("7700900114", "xxxxxxxx14").replace("7700900115", "xxxxxxxx15")


@pytest.mark.parametrize(
    "text", ["group Support (9)", "extension 200", "2 of 194 numbers", "host a1b2c3d4e5"]
)
def test_short_rows_of_digits_stay(text: str) -> None:
    assert masked(text) == text
