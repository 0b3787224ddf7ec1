"""An external number in a program, and the properties that the engine receives."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from pulumi_plusofon import ExternalNumber, InputError
from unit.bad_inputs import ATE, HIDDEN, NUMBER, SIPURI
from unit.mock_engine import SECRET, Registered, run


def registered(**inputs: Any) -> Registered:
    [resource] = run(lambda: ExternalNumber("main", **inputs))
    return resource


def refused(**inputs: Any) -> str:
    with pytest.raises(InputError) as caught:
        run(lambda: ExternalNumber("main", **inputs))
    return str(caught.value)


def test_a_number_is_registered_under_its_type_token() -> None:
    resource = registered(**SIPURI)
    assert (resource.type, resource.name) == ("pulumi-python:dynamic/plusofon:ExternalNumber", "main")


def test_a_password_is_a_secret_though_the_program_gave_it_in_clear() -> None:
    resource = registered(**ATE)
    assert resource.inputs["secret"] == {**SECRET, "value": ATE["secret"]}
    assert resource.secret_outputs == ["secret"]


def test_a_password_that_is_a_secret_already_stays_one() -> None:
    [resource] = run(lambda: ExternalNumber("main", **{**ATE, "secret": pulumi.Output.secret(HIDDEN)}))
    assert resource.inputs["secret"] == {**SECRET, "value": HIDDEN}


def test_a_number_is_deleted_before_it_is_replaced() -> None:
    # `up --replace` does not ask the provider.
    assert registered(**ATE).delete_before_replace is True


def test_a_program_may_say_otherwise() -> None:
    opts = pulumi.ResourceOptions(delete_before_replace=False, additional_secret_outputs=["source"])
    resource = registered(**ATE, opts=opts)
    assert resource.delete_before_replace is False
    assert sorted(resource.secret_outputs) == ["secret", "source"]


@pytest.mark.parametrize("field", ["host", "number", "type", "login", "port", "adopt"])
def test_an_input_may_be_an_output_of_something_else(field: str) -> None:
    inputs = {**ATE, "adopt": True}
    [resource] = run(
        lambda: ExternalNumber("main", **{**inputs, field: pulumi.Output.from_input(inputs[field])})
    )
    assert resource.inputs[field] == inputs[field]


@pytest.mark.parametrize(
    ("base", "field", "value", "expected"), [case for case in NUMBER if case[1] != "timeout"]
)
def test_a_bad_input_is_refused_at_the_line_that_said_it(
    base: dict[str, Any], field: str, value: Any, expected: str
) -> None:
    text = refused(**{**base, field: value})
    assert text.startswith(f"ExternalNumber main: {field}: ")
    assert expected in text
    assert HIDDEN not in text
    assert len(text.splitlines()) == 1


def test_all_problems_of_a_resource_are_reported_at_once() -> None:
    text = refused(type="ate", number="x", host="sip.example.com:5060", port="5060")
    assert [line.split(": ")[1] for line in text.splitlines()] == [
        "number",
        "host",
        "port",
        "login",
        "secret",
    ]


def test_a_refused_resource_is_not_registered() -> None:
    def program() -> None:
        with pytest.raises(InputError):
            ExternalNumber("main", **{**ATE, "port": 0})

    assert run(program) == []


def test_a_refusal_is_an_error_that_the_engine_shows_without_a_traceback() -> None:
    assert issubclass(InputError, pulumi.RunError)


def test_outputs_that_only_the_account_knows_are_there_to_be_asked_for() -> None:
    def program() -> pulumi.Output[Any]:
        resource = ExternalNumber("main", **SIPURI)
        return pulumi.Output.all(
            resource.number_id, resource.source, resource.inbound_uri, resource.customer_id
        )

    assert len(run(program)) == 1


@pytest.mark.parametrize("field", ["host", "login"])
def test_a_login_or_host_that_may_be_a_secret_makes_source_one(field: str) -> None:
    [resource] = run(lambda: ExternalNumber("main", **{**ATE, field: pulumi.Output.secret(ATE[field])}))
    assert resource.secret_outputs == ["secret", "source"]
