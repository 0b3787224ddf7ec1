"""A configuration that cannot be used: reported by its key, once, with nothing sent; and which one wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.bad_input_cases import CONFIGURATION, UNUSABLE
from support.fault_scenarios import ate
from unit.bad_inputs import HIDDEN

if TYPE_CHECKING:
    from support.provider_stack import ProviderStack


@pytest.mark.parametrize(("key", "value", "line"), UNUSABLE)
def test_an_unusable_variable_is_reported_once_and_nothing_is_sent(
    stack: ProviderStack, key: str, value: str | None, line: str
) -> None:
    stack.up({f"n{place}": ate(stack, place) for place in range(8)})
    stack.sandbox.clear_requests()
    stack.environment.pop(key, None)
    if value is not None:
        stack.environment[key] = value
    for run in (stack.up, stack.refresh, stack.destroy):
        errors = list(run(fails=True).errors.values())
        assert len(errors) == 8
        assert sum(line in error for error in errors) == 1
        assert errors.count("skipped: invalid configuration (reported once, see above or below)") == 7
    assert stack.sandbox.requests() == []


@pytest.mark.parametrize("keys", CONFIGURATION)
def test_each_bad_key_of_the_configuration_is_reported_at_once(
    stack: ProviderStack, keys: dict[str, tuple[str, str]]
) -> None:
    stack.configuration |= {f"plusofon:{key}": value for key, (value, _) in keys.items()}
    said = stack.up({"office": ate(stack, 0)}, fails=True).text
    for key, (_, expected) in keys.items():
        assert f"plusofon:{key}: {expected}" in said
    assert HIDDEN not in said
    assert stack.sandbox.requests() == []


def test_the_configuration_wins_over_the_environment(stack: ProviderStack) -> None:
    stack.configuration |= {
        "plusofon:token": stack.environment["PLUSOFON_TOKEN"],
        "plusofon:baseUrl": stack.environment["PLUSOFON_BASE_URL"],
    }
    stack.environment |= {"PLUSOFON_TOKEN": "another", "PLUSOFON_BASE_URL": "http://127.0.0.1:9"}
    stack.up({"office": ate(stack, 0)})
    assert len(stack.sandbox.account()) == 1
