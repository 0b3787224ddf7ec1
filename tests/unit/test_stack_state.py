"""Our resources as the commands read them from a stack's state, and the configuration beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.command.accounts import opened
from pulumi_plusofon.pulumi_cli.runner import StackError
from pulumi_plusofon.pulumi_cli.state import read_config, stack_of
from unit.fake_pulumi import (
    OWN,
    PROVIDERS,
    SIGNATURE,
    FakePulumi,
    account,
    exported,
    forwarding,
    number,
    secret,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    fake = FakePulumi(tmp_path)
    monkeypatch.setenv("PATH", f"{fake.bin}:/usr/bin:/bin")
    return fake


def test_a_resource_has_its_outputs_in_clear_and_knows_which_are_secrets() -> None:
    [office] = stack_of("prod", exported(number("office", login=secret("900101")))).resources
    assert (office.name, office.kind, office.id, office.provider) == ("office", "ExternalNumber", "101", OWN)
    assert office.outputs["login"] == "900101"
    assert office.secrets == {"login", "secret"}
    assert "__provider" not in office.outputs
    assert "hidden" not in repr(office)


def test_a_whole_number_of_a_state_is_an_integer() -> None:
    [office] = stack_of("prod", exported(number("office"))).resources
    assert [repr(office.outputs[name]) for name in ("number_id", "port")] == ["101", "5060"]
    assert office.customer_id == 42291


def test_a_secret_that_is_encrypted_is_unknown() -> None:
    [office] = stack_of(
        "prod", exported(number("office", login={**SIGNATURE, "ciphertext": "v1:x"}))
    ).resources
    assert office.outputs["login"] is None
    assert "login" in office.secrets


def test_resources_of_others_and_those_on_their_way_out_are_left_out() -> None:
    leaving = {**number("old"), "delete": True}
    other = {"urn": "urn:pulumi:prod::phones::random:index:Id::x", "type": "random:index:Id", "id": "x"}
    stack = stack_of("prod", exported(leaving, other, number("office")))
    assert [resource.name for resource in stack.resources] == ["office"]


def test_a_stack_without_a_deployment_has_no_resources() -> None:
    assert stack_of("prod", {"version": 3}).resources == ()
    assert stack_of("prod", {"version": 3, "deployment": {}}).resources == ()


@pytest.mark.parametrize("name", ["second", "default", "default_second"])
def test_an_account_beside_is_known_by_its_parent_and_not_by_its_name(name: str) -> None:
    stack = stack_of("prod", exported(account(name, {"token": secret("tok"), "timeout": "20"})))
    urn = f"{PROVIDERS}::{name}"
    assert stack.accounts == {urn: {"plusofon:token": "tok", "plusofon:timeout": "20"}}


def test_a_forwarding_and_its_number_find_each_other_within_their_account() -> None:
    beside = f"{PROVIDERS}::second"
    stack = stack_of(
        "prod",
        exported(
            number("here"),
            number("there", beside),
            forwarding("forward-there", beside),
            forwarding("of-another", number_id=102.0),
        ),
    )
    here, there, forward, of_another = stack.resources
    assert stack.forwarding_of(there) is forward
    assert stack.number_of(forward) is there
    assert stack.forwarding_of(here) is None
    assert stack.number_of(of_another) is None


def test_settings_are_those_of_the_configuration_and_then_the_environment(
    pulumi: FakePulumi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUSOFON_TOKEN", "of-the-environment")
    monkeypatch.setenv("PLUSOFON_TIMEOUT", "7")
    pulumi.has("prod", timeout="20")
    with opened(["prod"], tmp_path) as accounts:
        settings = accounts[0].client.settings
    assert (settings.token, settings.timeout) == ("of-the-environment", 20)


def test_a_stack_that_is_not_there_is_one_line(pulumi: FakePulumi) -> None:
    with pytest.raises(StackError) as caught:
        read_config("prod", pulumi.folder)
    assert str(caught.value) == (
        "`pulumi config --json --show-secrets --stack prod` failed: no stack named 'prod' found"
    )


def test_other_output_than_json_is_one_line(pulumi: FakePulumi) -> None:
    (pulumi.folder / "prod.config.json").write_text("Good morning")
    with pytest.raises(StackError, match=r"`pulumi config .*` printed no JSON"):
        read_config("prod", pulumi.folder)


@pytest.mark.parametrize(
    ("broken", "said"),
    [(False, "pulumi is not on PATH: install it"), (True, "pulumi cannot be run: Permission denied")],
)
def test_a_pulumi_that_cannot_be_run_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, broken: bool, said: str
) -> None:
    if broken:
        (tmp_path / "pulumi").write_text("#!/bin/sh\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StackError, match=said):
        read_config("prod", tmp_path)
