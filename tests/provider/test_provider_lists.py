"""Lists and refusals in each form that the vendor's server has, as the client reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness.engine_stack import sent
from support.fault_scenarios import ate, check, check_empty

if TYPE_CHECKING:
    from support.provider_stack import ProviderStack


def test_a_list_in_any_dress_is_read(stack: ProviderStack) -> None:
    stack.sandbox.settings(
        status_as_integer=True, no_customer_ids=True, labels={"ate": " атс "}, media_type="text/html"
    )
    spec = {"office": ate(stack, 1, "group", wait_for_registration=5)}
    stack.up(spec)
    check(stack, spec)
    stack.refresh()
    sent(stack.sandbox)
    stack.up()
    assert sent(stack.sandbox) == [], "nothing is to be done"
    stack.destroy()
    check_empty(stack)


@pytest.mark.parametrize("form", ["message", "list", "error", "code", "errors"])
def test_a_refusal_in_any_form_is_in_the_vendors_words(stack: ProviderStack, form: str) -> None:
    # A number that the list does not show: the PUT of it is what the API refuses.
    taken = {"type": "sipuri", "number": "447700900102", "host": "a.example"}
    stack.sandbox.seed(taken)
    stack.sandbox.settings(refusals=form)
    stack.sandbox.fault("empty-list", "list", times=2)
    said = stack.up({"taken": taken}, fails=True).errors["taken"]
    assert "447700900102 is already connected" in said
    assert "may have been done" not in said
