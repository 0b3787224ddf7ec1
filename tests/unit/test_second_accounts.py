"""Two ways of opening one account are one account: a number has one owner in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from pulumi_plusofon import Account
from pulumi_plusofon.resources.account import account_keys
from unit.mock_engine import run
from unit.stack_config import configured

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "https://dev.example"
OWN = {"plusofon__token": "tok-own", "plusofon__baseUrl": URL, "plusofon__customerId": "42291"}
# Whether each `Account` opens the account of the stack's own settings.
SECONDS: list[tuple[Callable[[], Any], bool]] = [
    (lambda: Account("second", token="tok-own"), True),
    (lambda: Account("second", token="tok-of-two", customer_id=42291), True),
    (lambda: Account("second", token="tok-of-two"), False),
    (lambda: Account("second", token="tok-of-two", customer_id=42292), False),
    (lambda: Account("second", token="tok-own", base_url="https://prod.example"), False),
    (lambda: Account("second", token=pulumi.Output.secret("tok-own")), False),
]


@pytest.mark.parametrize(("second", "is_same"), SECONDS)
def test_an_account_that_is_opened_twice_is_one(second: Callable[[], Any], *, is_same: bool) -> None:
    keys: list[list[Any]] = []
    with configured(**OWN):
        run(lambda: keys.extend([account_keys(None), account_keys(second())]))
    own, other = keys
    assert bool(set(own) & set(other)) is is_same
