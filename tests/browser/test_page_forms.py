"""The page's forms: what they change, and the server's own words where it refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from support.vendor_api import Api

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from pulumi_plusofon.testing import SandboxServer

OFFICE: dict[str, Any] = {
    "type": "ate",
    "number": "447700900131",
    "host": "sip.operator.example",
    "port": 5060,
    "login": "900131",
    "secret": "canary-secret",
}
SALES = {"type": "sipuri", "number": "447700900132", "host": "a.example"}


def test_a_fault_is_ordered_seen_and_cleared(opened: Page, sandbox: SandboxServer) -> None:
    opened.locator("#order > summary").click()
    form = opened.locator("#order-form")
    form.get_by_label("kind").select_option("status")
    form.get_by_role("button", name="Order").click()
    expect(form.locator(".refusal")).to_contain_text("status: goes with kind status, and only there")
    form.get_by_label("operation").select_option("list")
    form.locator("[name=status]").fill("503")
    form.get_by_label("times").fill("")
    form.get_by_label("retry_after").fill("7")
    form.get_by_role("button", name="Order").click()
    expect(opened.locator("#faults .orders li")).to_have_count(1)
    expect(form.locator(".refusal")).to_have_text("")
    answer = Api(sandbox.url, sandbox.token).call("GET")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
    expect(opened.locator("#faults .orders li")).to_contain_text("broke 1 of all")
    opened.get_by_role("button", name="Clear all faults").click()
    expect(opened.locator("#faults .none")).to_be_visible()
    assert sandbox.faults() == []


def test_a_seed_is_pasted_or_picked_and_refused_as_a_whole(
    opened: Page, sandbox: SandboxServer, tmp_path: Path
) -> None:
    opened.locator("#seed > summary").click()
    form = opened.locator("#seed-form")
    for wrong, refusal in (
        ("{", "body: not JSON, line 1"),
        (json.dumps({"numbers": [OFFICE, {**SALES, "number": "12"}]}), "numbers.1.number: "),
    ):
        form.get_by_label("JSON").fill(wrong)
        form.get_by_role("button", name="Add").click()
        expect(form.locator(".refusal")).to_contain_text(refusal)
    assert sandbox.account() == []
    form.get_by_label("JSON").fill(json.dumps({"numbers": [OFFICE]}))
    form.get_by_role("button", name="Add").click()
    expect(opened.locator("#seed .done")).to_have_text("Added; numbers: 1.")
    (tmp_path / "seed.json").write_text(
        json.dumps({"numbers": [SALES], "targets": {"group": [{"id": 9, "name": "Support"}]}})
    )
    form.get_by_label("File").set_input_files(tmp_path / "seed.json")
    expect(form.get_by_label("JSON")).to_have_value((tmp_path / "seed.json").read_text())
    form.get_by_role("button", name="Add").click()
    expect(opened.locator("#numbers .row")).to_have_count(2)
    expect(opened.locator("#lists details[data-kind=group] li")).to_have_text("9 Support")


def test_a_number_is_edited_and_disconnected(opened: Page, sandbox: SandboxServer) -> None:
    sandbox.seed(OFFICE, SALES)
    opened.locator("#numbers .row[data-number='447700900131']").click()
    opened.locator("#edit > summary").click()
    form = opened.locator("#edit-form")
    form.get_by_label("host").fill("b.example")
    form.get_by_label("registered").uncheck()
    form.get_by_label("type", exact=True).select_option("bitrix")
    form.locator("#edit-type_default").select_option("group")
    form.locator("[name=group_id]").fill("9")
    form.get_by_role("button", name="Save").click()
    expect(form.locator(".refusal")).to_contain_text("host: required for type bitrix with type_default group")
    assert sandbox.account()[0]["host"] == "sip.operator.example"
    form.locator("fieldset [name=host]").fill("sales.example")
    # What comes in meanwhile leaves alone what a person has written.
    sandbox.edit(101, login="other")
    expect(opened.locator("#number .facts")).to_contain_text("other")
    expect(form.locator("fieldset [name=host]")).to_have_value("sales.example")
    form.get_by_role("button", name="Save").click()
    expect(opened.locator("#number .facts")).to_contain_text("bitrix sales.example, else group 9")
    [office, _] = sandbox.account()
    assert (office["host"], office["login"], office["registered"]) == ("b.example", "other", False)
    assert office["forwarding"] == {
        "type": "bitrix",
        "host": "sales.example",
        "cli_type": "Y",
        "type_default": "group",
        "group_id": 9,
    }
    assert sandbox.secret_matches("447700900131", "canary-secret")
    sandbox.edit(101, registered=True)
    form.get_by_label("type", exact=True).select_option("empty")
    form.get_by_role("button", name="Save").click()
    expect(opened.locator("#number .facts")).to_contain_text("nowhere")
    [office, _] = sandbox.account()
    assert (office["forwarding"], office["registered"]) == (None, True), "only what was changed is sent"

    opened.locator("#numbers .row[data-number='447700900132']").click()
    expect(opened.locator("#edit")).not_to_have_attribute("open", "")
    opened.locator("#edit > summary").click()
    expect(form.get_by_label("port")).to_be_hidden()
    form.get_by_label("number", exact=True).fill("447700900131")
    form.get_by_role("button", name="Save").click()
    expect(form.locator(".refusal")).to_have_text("number: 447700900131 is already connected")
    opened.locator("#disconnect > summary").click()
    opened.get_by_role("button", name="Disconnect").click()
    expect(opened.locator("#numbers .row")).to_have_count(1)
    expect(opened.locator("#number")).to_be_hidden()
    assert [one["number"] for one in sandbox.account()] == ["447700900131"]
    assert sandbox.requests() == []


def test_settings_are_set_and_refused_in_the_servers_words(opened: Page, sandbox: SandboxServer) -> None:
    opened.locator("#settings > summary").click()
    form = opened.locator("#settings-form")
    expect(form.get_by_label("registers_after")).to_have_value("0")
    before = sandbox.settings()
    form.get_by_label("latency").fill("-1")
    form.get_by_role("button", name="Set").click()
    expect(form.locator(".refusal")).to_contain_text("latency: ")
    form.get_by_label("latency").fill("0.25")
    form.get_by_label("labels").fill("{")
    form.get_by_role("button", name="Set").click()
    expect(form.locator(".refusal")).not_to_contain_text("latency")
    expect(form.locator(".refusal")).not_to_have_text("")
    assert sandbox.settings() == before
    form.get_by_label("labels").fill('{"ate": "PBX"}')
    form.get_by_label("status_as_integer").check()
    form.get_by_label("page_size").fill("3")
    form.get_by_label("refusals").select_option("errors")
    form.get_by_role("button", name="Set").click()
    expect(form.locator(".refusal")).to_have_text("")
    changed = {"latency": 0.25, "labels": {"ate": "PBX"}, "status_as_integer": True, "page_size": 3}
    assert sandbox.settings() == {**before, **changed, "refusals": "errors"}
