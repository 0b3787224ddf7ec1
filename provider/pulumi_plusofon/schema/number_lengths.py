"""The usual lengths of phone numbers, as people write them in the number's own country.

To compute them takes 0.13 s in each process that needs them. So they stand in `number_lengths.json`, made by
tools/number_lengths.py for the locked version of `phonenumbers`. With any other version they are computed.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any, Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

# Whose numbers people write without their trunk prefix, too: +7, the vendor's own country code.
HOME: Final = 7
FILE: Final = Path(__file__).with_suffix(".json")


@functools.cache
def by_length() -> dict[int, dict[str, list[int]]]:
    """Who writes so many digits for a number of theirs: regions, with the kinds of number.

    Some plans allow almost any length (Luxembourg, Italy), and by their patterns alone every number would be
    theirs, too. So the usual lengths count: those of the plan's own examples of each kind.
    """
    table: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    if table["phonenumbers"] != phonenumbers.__version__:
        return computed()
    return {int(length): regions for length, regions in table["lengths"].items()}


def computed() -> dict[int, dict[str, list[int]]]:
    """The same, of the plans of the installed `phonenumbers`."""
    lengths: dict[int, dict[str, list[int]]] = {}
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in sorted(phonenumbers.supported_types_for_region(region)):
            example = phonenumbers.example_number_for_type(region, kind)
            for length in {len(form) for form in national_forms(example)} if example else ():
                lengths.setdefault(length, {}).setdefault(region, []).append(kind)
    return dict(sorted(lengths.items()))


def national_forms(number: PhoneNumber) -> set[str]:
    """The digits by which people of the number's own country write `number`."""
    forms = {re.sub(r"[^0-9]", "", phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))}
    if number.country_code == HOME:
        forms.add(phonenumbers.national_significant_number(number))
    return forms
