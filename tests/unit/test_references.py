"""References in data, to the environment or the configuration, become the values that they name."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_plusofon.data.references import References

ENVIRONMENT = {"PASSWORD": "0123", "GROUP": "9", "YES": "true", "HOST": "sip.example.com", "EMPTY": ""}
CONFIG = {"office:group": "14", "password": "0456"}


def _resolved(data: Any, *, config: bool = True, sealed: bool = True) -> tuple[Any, list[str]]:
    references = References(CONFIG.get if config else None, sealed=sealed, environment=ENVIRONMENT)
    return references.resolve(data, "numbers"), references.problems


@pytest.mark.parametrize(
    ("data", "resolved"),
    [
        ([{"secret": {"env": "PASSWORD"}}], [{"secret": "0123"}]),
        ([{"secret": {"config": "password"}}], [{"secret": "0456"}]),
        ([{"forward": {"group_id": {"env": "GROUP"}}}], [{"forward": {"group_id": 9}}]),
        ([{"forward": {"group_id": {"config": "office:group"}}}], [{"forward": {"group_id": 14}}]),
        ([{"group_id": {"env": "HOST"}}], [{"group_id": "sip.example.com"}]),
        ([{"protect": {"env": "YES"}, "name": {"env": "YES"}}], [{"protect": True, "name": "true"}]),
        ([{"host": [{"env": "HOST"}, "b.example"]}], [{"host": ["sip.example.com", "b.example"]}]),
        (
            [{"login": {"env": "GROUP", "config": "password"}}],
            [{"login": {"env": "GROUP", "config": "password"}}],
        ),
        ([{"login": {"env": 7}}], [{"login": {"env": 7}}]),
        ([{"secret": None}, 5, "env"], [{"secret": None}, 5, "env"]),
    ],
)
def test_a_reference_is_replaced_by_what_it_names(data: Any, resolved: Any) -> None:
    assert _resolved(data) == (resolved, [])


def test_missing_values_are_reported_by_their_paths_and_all_at_once() -> None:
    _, problems = _resolved(
        [{"host": {"env": "EMPTY"}}, {"forward": {"host": {"config": "crm"}, "a\nb": {"env": "x\x1b[2J"}}}]
    )
    assert problems == [
        "numbers[0].host: the environment variable EMPTY is not set",
        "numbers[1].forward.host: the configuration has no crm: `pulumi config set crm`",
        "numbers[1].forward.a\ufffdb: the environment variable x\ufffd[2J is not set",
    ]


def test_a_file_has_no_secret_in_clear() -> None:
    refused = "numbers[0].secret: is a secret, which no file may have in clear: write {env: NAME}"
    assert _resolved([{"secret": "canary"}], config=False) == ([{"secret": None}], [refused])
    assert _resolved([{"secret": {"a": "canary"}}])[1] == [f"{refused} or {{config: KEY}}"]
    assert _resolved([{"secret": "from-the-configuration"}], sealed=False)[1] == []


def test_without_a_configuration_nothing_refers_to_one() -> None:
    assert _resolved([{"host": {"config": "password"}}], config=False)[0] == [
        {"host": {"config": "password"}}
    ]
