"""Ids of targets that an account does not have: a problem of its own in the commands that read an account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.pulumi_cli.preview import COMPUTED
from unit.fake_pulumi import OFFICE, OWN, PROVIDERS, FakePulumi, account, exported, listed, number, secret
from unit.fake_pulumi import forwarding as held
from unit.previews import forwarding as forwards
from unit.previews import number as connects
from unit.previews import preview
from unit.wire import Answer, Wire, refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

# The type, its field, and the account's word.
KINDS = [
    ("sip", "sip_id", "SIP account"),
    ("group", "group_id", "group"),
    ("scenario", "scenario_id", "scenario"),
    ("call_queue", "call_queue_id", "call queue"),
]
RULES = {"protect-in-production": "disabled"}
TO_77 = {"group_id": 77}
SECOND = f"{PROVIDERS}::second"
UNREADABLE = "the list of groups has an entry whose id cannot be read"


def page(*targets: dict[str, Any], **more: Any) -> Answer:
    return Answer(body={"data": list(targets), **more})


LISTED = page({"id": 9, "name": "Support"}, {"id": 12, "name": "Sales"})
# What a list may be that proves nothing, and what is said of it.
NOTHING_PROVED = [
    (refusal(403, "no right"), "listing the groups: HTTP 403: no right"),
    (Answer(500), "listing the groups: HTTP 500"),
    (page({"id": 9, "name": "Support"}, total=2), "the list says that it has 2 entries, and 1 came"),
    (page(message="not now"), "0 came, and the answer says: not now"),
    (page({"id": 9}, {"id": "x77"}), UNREADABLE),
    (page({"id": 9}, {}), UNREADABLE),
]


@pytest.fixture
def in_a_project(stacks: FakePulumi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    (tmp_path / "Pulumi.yaml").write_text("name: phones\n")
    (tmp_path / "rules.json").write_text(json.dumps(RULES))
    monkeypatch.chdir(tmp_path)
    return stacks


@pytest.fixture
def routes(plusofon: Callable[..., Result], in_a_project: FakePulumi) -> Callable[..., Result]:
    assert in_a_project.bin.exists()
    return lambda *words: plusofon(
        "routes", "--stack", "prod", "--policy-pack-config", "rules.json", "--check", *words
    )


@pytest.fixture
def drift(plusofon: Callable[..., Result], in_a_project: FakePulumi) -> Callable[..., Result]:
    assert in_a_project.bin.exists()
    return lambda *words: plusofon("drift", "--stack", "prod", *words)


@pytest.fixture
def changes(plusofon: Callable[..., Result], in_a_project: FakePulumi) -> Callable[..., Result]:
    """The command with names, on a preview with these steps."""
    assert in_a_project.bin.exists()

    def run(*steps: dict[str, Any], words: tuple[str, ...] = ("--names",)) -> Result:
        piped = json.dumps(preview(*steps))
        return plusofon("changes", "--policy-pack-config", "rules.json", *words, piped=piped)

    return run


def to(of_type: str, field: str, target: Any) -> dict[str, Any]:
    """What a forwarding of this type has, and no group."""
    return {"type": of_type, "group_id": None, field: target}


@pytest.mark.parametrize(("of_type", "field", "word"), KINDS)
def test_a_target_that_is_not_there_is_a_problem_of_routes(
    routes: Callable[..., Result],
    in_a_project: FakePulumi,
    wire: Wire,
    of_type: str,
    field: str,
    word: str,
) -> None:
    in_a_project.has("prod", number("office"), held("office", **to(of_type, field, 77.0)))
    wire.script(listed(OFFICE), LISTED)
    result = routes("--json")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [f"447700900101 (office): the account has no {word} with id 77"]
    [route] = json.loads(result.stdout)["numbers"]
    assert route["problems"] == [{"kind": "no_target", "text": f"the account has no {word} with id 77"}]
    wire.script(listed(OFFICE), LISTED)
    assert routes("--allow", "no_target").exit_code == 0
    in_a_project.has("prod", number("office"), held("office", **to(of_type, field, 12.0)))
    wire.script(listed(OFFICE), LISTED)
    assert routes().exit_code == 0


@pytest.mark.parametrize(("of_type", "field", "word"), KINDS)
def test_a_target_that_is_not_there_is_a_difference_of_drift(
    drift: Callable[..., Result], in_a_project: FakePulumi, wire: Wire, of_type: str, field: str, word: str
) -> None:
    in_a_project.has("prod", number("office"), held("forward", **to(of_type, field, 77.0)))
    wire.script(listed(OFFICE), LISTED)
    result = drift("--json")
    assert result.exit_code == 7
    found = json.loads(result.stdout)
    assert found["differences"] == [
        {
            "kind": "no_target",
            "stack": "prod",
            "resource": "forward",
            "resource_type": "NumberForwarding",
            "number": "447700900101",
            "e164": "+447700900101",
            "id": 101,
            "detail": f"the account has no {word} with id 77",
        }
    ]
    assert found["not_checked"] == []
    assert set(wire.methods()) == {"GET"}


@pytest.mark.parametrize(("of_type", "field", "word"), KINDS)
@pytest.mark.parametrize("op", ["same", "create"])
def test_a_target_that_is_not_there_is_a_danger_of_changes(
    changes: Callable[..., Result], wire: Wire, op: str, of_type: str, field: str, word: str
) -> None:
    number_id = 101 if op == "same" else COMPUTED
    inputs = {**to(of_type, field, 77), "number_id": number_id}
    steps = (connects(op, "a", 101), forwards(op, "a", 101, inputs=inputs))
    numbers = [listed(_listed_101())] if op == "same" else [listed()] * 2
    wire.script(*numbers, LISTED)
    result = changes(*steps, words=("--names", "--json"))
    assert result.exit_code == 0, result.output
    [change] = json.loads(result.stdout)["numbers"]
    assert change["dangers"] == [f"the account has no {word} with id 77"]
    assert json.loads(result.stdout)["not_checked"] == []


def _listed_101() -> dict[str, Any]:
    return {
        "id": 101,
        "type": "SIP-URI",
        "number": "447700900101",
        "source": "sip.a.example",
        "host": "x@ext.plusofon.ru",
        "customer_id": 42291,
    }


def test_changes_says_of_a_target_what_is_there_afterwards(
    changes: Callable[..., Result], wire: Wire
) -> None:
    wire.script(listed(_listed_101()), LISTED)
    good = changes(connects("same", "a", 101), forwards("update", "a", 101, {"group_id": 12}, inputs=TO_77))
    assert "to group Sales (12), until now to group 77" in good.stdout
    assert "no group with id" not in good.stdout
    wire.script(listed(_listed_101()), LISTED)
    bad = changes(connects("same", "a", 101), forwards("update", "a", 101, {"group_id": 77}))
    assert "! the account has no group with id 77" in bad.stdout


def test_changes_without_names_says_nothing_of_targets(changes: Callable[..., Result], wire: Wire) -> None:
    result = changes(connects("same", "a", 101), forwards("same", "a", 101, inputs=TO_77), words=())
    assert "with id 77" not in result.stdout
    assert wire.asked == []


def test_changes_leaves_out_an_id_that_is_hidden(changes: Callable[..., Result], wire: Wire) -> None:
    wire.script(listed(_listed_101()), LISTED)
    hidden = forwards("update", "a", 101, {"group_id": "[secret]"})
    result = changes(connects("same", "a", 101), hidden)
    assert "with id" not in result.stdout


def test_changes_looks_up_nothing_with_another_accounts_token(
    changes: Callable[..., Result], wire: Wire
) -> None:
    wire.script(listed({**_listed_101(), "customer_id": 17}), LISTED)
    number_step = connects("same", "a", 101)
    number_step["oldState"]["outputs"]["customer_id"] = 42291
    result = changes(number_step, forwards("same", "a", 101, inputs=TO_77), words=("--names", "--json"))
    said = json.loads(result.stdout)
    assert [change["dangers"] for change in said["numbers"]] == [[]]
    [line] = said["not_checked"]
    assert line.startswith("the ids of targets were not checked: PLUSOFON_TOKEN is another account's than ")
    assert [asked.path for asked in wire.asked] == ["/api/v1/number/external"]


@pytest.mark.parametrize(("answer", "said"), NOTHING_PROVED)
def test_a_list_that_is_not_read_whole_proves_nothing_and_is_said(
    routes: Callable[..., Result],
    drift: Callable[..., Result],
    changes: Callable[..., Result],
    in_a_project: FakePulumi,
    wire: Wire,
    answer: Answer,
    said: str,
) -> None:
    in_a_project.has("prod", number("office"), held("office", group_id=77.0))
    wire.script(listed(OFFICE), answer)
    checked = routes()
    assert (checked.exit_code, len(checked.stderr.splitlines())) == (0, 1)
    assert "prod: the ids of groups were not checked: " in checked.stderr
    assert said in checked.stderr
    wire.script(listed(OFFICE), answer)
    [line] = json.loads(drift("--json").stdout)["not_checked"]
    assert line.startswith("prod: the ids of groups were not checked: ")
    assert said in line
    wire.script(listed(OFFICE), answer)
    assert line in drift().stdout.splitlines()
    wire.script(listed(_listed_101()), answer)
    seen = changes(connects("same", "a", 101), forwards("same", "a", 101, inputs=TO_77))
    assert seen.exit_code == 0
    [line] = [line for line in seen.stdout.splitlines() if "were not checked" in line]
    assert said in line
    assert "with id 77" not in seen.stdout


def test_markdown_says_what_was_not_checked(
    drift: Callable[..., Result],
    changes: Callable[..., Result],
    in_a_project: FakePulumi,
    wire: Wire,
    tmp_path: Path,
) -> None:
    file = tmp_path / "report.md"
    in_a_project.has("prod", number("office"), held("office", group_id=77.0))
    wire.script(listed(OFFICE), refusal(403, "no right"))
    drift("--markdown", str(file))
    assert "the ids of groups were not checked: listing the groups: HTTP 403: no right" in file.read_text()
    wire.script(listed(_listed_101()), refusal(403, "no right"))
    steps = (connects("same", "a", 101), forwards("same", "a", 101))
    changes(*steps, words=("--names", "--markdown", str(file)))
    assert "the ids of groups were not checked: listing the groups: HTTP 403: no right" in file.read_text()


def test_an_id_as_text_is_the_same_id(
    routes: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    in_a_project.has("prod", number("office"), held("office", group_id="9"))
    wire.script(listed(OFFICE), page({"id": "9", "name": "Support"}))
    assert routes().exit_code == 0
    in_a_project.has("prod", number("office"), held("office", group_id="77"))
    wire.script(listed(OFFICE), page({"id": "9", "name": "Support"}))
    assert "the account has no group with id 77" in routes().stderr


def test_an_id_that_is_a_secret_is_looked_up_and_not_shown(
    routes: Callable[..., Result], drift: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    in_a_project.has("prod", number("office"), held("office", group_id=secret(77)))
    wire.script(listed(OFFICE), LISTED)
    result = routes("--json")
    assert "the account has no group with this id (a secret)" in result.stderr
    wire.script(listed(OFFICE), LISTED)
    assert "the account has no group with this id (a secret)" in drift().stdout
    assert "77," not in result.output.replace("447700900101", "")


def test_the_fallback_of_a_crm_is_looked_up(
    routes: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    crm: dict[str, Any] = {
        "type": "bitrix",
        "host": "a.bitrix24.example",
        "type_default": "group",
        "group_id": 77.0,
    }
    in_a_project.has("prod", number("office"), held("office", **crm))
    wire.script(listed(OFFICE), LISTED)
    assert "the account has no group with id 77" in routes().stderr


def test_an_empty_list_counts_when_it_comes_twice(
    drift: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    in_a_project.has("prod", number("office"), held("office"))
    wire.script(listed(OFFICE), page(), LISTED)
    assert drift().exit_code == 0
    wire.script(listed(OFFICE), page(), page())
    assert "the account has no group with id 9" in drift().stdout


def test_a_forwarding_whose_number_is_gone_is_gone_and_no_more(
    routes: Callable[..., Result], drift: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    in_a_project.has("prod", number("office"), held("forward", group_id=77.0))
    other = {**OFFICE, "id": 105, "number": "447700900105"}
    wire.script(listed(other), LISTED)
    result = drift("--json")
    kinds = [difference["kind"] for difference in json.loads(result.stdout)["differences"]]
    assert kinds == ["gone", "gone", "unmanaged"]
    wire.script(listed(other), LISTED)
    assert "with id 77" not in routes().stderr


def test_the_lists_of_another_account_than_the_states_say_nothing(
    routes: Callable[..., Result], drift: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    # The state has both in account 42291, and the token opens 17's.
    in_a_project.has("prod", number("office"), held("forward", group_id=77.0, customer_id=42291.0))
    theirs = listed({**OFFICE, "number": "447700900105", "customer_id": 17})
    wire.script(theirs, LISTED)
    kinds = [difference["kind"] for difference in json.loads(drift("--json").stdout)["differences"]]
    assert kinds == ["unknown", "unknown", "unmanaged"]
    wire.script(theirs, LISTED)
    assert "with id 77" not in routes().stderr


def _two_accounts(stacks: FakePulumi, wire: Wire, *, own: float, beside: float) -> None:
    there = {
        "type": "sipuri",
        "number": "447700900102",
        "number_id": 102.0,
        "login": None,
        "secret": None,
        "source": "sip.a.example",
        "customer_id": 17.0,
    }
    stacks.has(
        "prod",
        account("second", {"token": "tok-second", "baseUrl": wire.url}),
        number("office"),
        held("office", OWN, group_id=own),
        number("there", SECOND, **there),
        held("there", SECOND, number_type="sipuri", number_id=102.0, group_id=beside),
    )


def test_each_account_of_a_stack_is_compared_with_its_own_lists(
    drift: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    sales = {"id": 102, "type": "SIP-URI", "number": "447700900102", "source": "sip.a.example"}
    theirs = [listed({**sales, "customer_id": 17}), page({"id": 12, "name": "Support"})]
    ours = [listed(OFFICE), page({"id": 9, "name": "Support"})]
    _two_accounts(in_a_project, wire, own=9.0, beside=12.0)
    wire.script(ours[0], ours[1], theirs[0], theirs[1])
    assert drift().exit_code == 0
    _two_accounts(in_a_project, wire, own=12.0, beside=9.0)
    wire.script(ours[0], ours[1], theirs[0], theirs[1])
    found = json.loads(drift("--json").stdout)["differences"]
    assert [(difference["resource"], difference["detail"]) for difference in found] == [
        ("office", "the account has no group with id 12"),
        ("there", "the account has no group with id 9"),
    ]


def test_an_exported_state_is_compared_with_the_account_of_the_token_alone(
    plusofon: Callable[..., Result], in_a_project: FakePulumi, wire: Wire, tmp_path: Path
) -> None:
    _two_accounts(in_a_project, wire, own=77.0, beside=78.0)
    exported_stack = json.loads((tmp_path / "prod.stack.json").read_text())
    assert exported_stack["version"] == exported()["version"]
    wire.script(listed(OFFICE), LISTED)
    words = ["--policy-pack-config", "rules.json", "--check"]
    result = plusofon("routes", "--state", "-", *words, piped=json.dumps(exported_stack))
    assert result.stderr.splitlines() == [
        "nothing is known of the account second: an exported state does not open it",
        "447700900101 (office): the account has no group with id 77",
    ]


def test_names_and_ids_of_an_account_beside_are_not_those_of_the_stacks_own(
    changes: Callable[..., Result], wire: Wire
) -> None:
    steps = [connects("same", "a", 101), forwards("same", "a", 101, {"group_id": 9}, inputs=TO_77)]
    for step in steps:
        for state in ("oldState", "newState"):
            step[state]["provider"] = f"{SECOND}::2"
    wire.script(listed(), listed(), LISTED)
    said = json.loads(changes(*steps, words=("--names", "--json")).stdout)
    [change] = said["numbers"]
    assert (change["account"], change["dangers"]) == ("second", [])
    assert "Support" not in change["after"]
    [line] = said["not_checked"]
    assert line.startswith("account second: the ids of targets were not checked: --names reads the account")


def _office(**forwards: Any) -> dict[str, Any]:
    return {
        "name": "office",
        "type": "sipuri",
        "number": "+44 7700 900101",
        "host": "sip.a.example",
        "forward": {"type": "group", "group_id": 9, "cli_type": "Y"},
        "forwards": forwards,
    }


def test_a_profile_that_leads_to_what_is_not_there_is_a_problem_before_it_is_chosen(
    routes: Callable[..., Result], in_a_project: FakePulumi, wire: Wire, tmp_path: Path
) -> None:
    in_a_project.has("prod")
    night = {"type": "call_queue", "call_queue_id": 77, "cli_type": "Y"}
    config = {"phones:numbers": {"value": json.dumps([_office(night=night)]), "secret": False}}
    (tmp_path / "prod.config.json").write_text(json.dumps(config))
    wire.script(listed(), listed(), LISTED, LISTED)
    result = routes()
    assert (result.exit_code, result.stderr.splitlines()) == (
        1,
        ["profile night: office: the account has no call queue with id 77"],
    )
    assert result.stdout.splitlines()[-1] == (
        "0 numbers, none with problems. Profiles: night (now none), none refused by a policy,"
        " 1 with a target that is not there."
    )
    wire.script(listed(), listed(), LISTED, LISTED)
    [own, by_night] = json.loads(routes("--json", "--allow", "no_target").stdout)["profiles"]
    assert own["no_target"] == []
    assert by_night["no_target"] == ["office: the account has no call queue with id 77"]
    wire.script(listed(), listed(), LISTED, refusal(403, "no right"))
    quiet = routes()
    assert quiet.exit_code == 0
    assert "prod: the ids of call queues were not checked: " in quiet.stderr


@pytest.mark.parametrize(
    "words",
    [["targets"], ["numbers"], ["changes", "--names"], ["export", "new"], ["export", "new", "--as", "seed"]],
    ids=" ".join,
)
def test_a_command_with_another_accounts_token_shows_nothing_of_it(
    plusofon: Callable[..., Result],
    in_a_project: FakePulumi,
    wire: Wire,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
) -> None:
    assert in_a_project.bin.exists()
    monkeypatch.setenv("PLUSOFON_CUSTOMER_ID", "17")
    wire.script(listed(OFFICE), LISTED)
    piped = json.dumps(preview(connects("same", "a", 101), forwards("same", "a", 101)))
    result = plusofon(*words, piped=piped)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "the token is account 42291's, and it must be account 17's" in result.stderr
    assert [asked.path for asked in wire.asked] == ["/api/v1/number/external"]


def test_profiles_are_looked_up_in_their_stacks_own_account_whatever_is_beside_it(
    plusofon: Callable[..., Result], in_a_project: FakePulumi, wire: Wire, tmp_path: Path
) -> None:
    # The own account of `first` is beside that of `prod`.
    in_a_project.has("first", token="tok-first", baseUrl=wire.url)
    in_a_project.has(
        "prod",
        account("second", {"token": "tok-first", "baseUrl": wire.url}),
        number("there", SECOND),
    )
    night = {"type": "group", "group": "Support", "cli_type": "Y"}
    values = {
        "phones:numbers": json.dumps([_office(night=night)]),
        "plusofon:token": "tok-prod",
        "plusofon:baseUrl": wire.url,
    }
    config = {key: {"value": value, "secret": False} for key, value in values.items()}
    (tmp_path / "prod.config.json").write_text(json.dumps(config))
    wire.script(listed(OFFICE), listed({**OFFICE, "customer_id": 17}), LISTED)
    words = ["--stack", "first", "--stack", "prod", "--policy-pack-config", "rules.json", "--json"]
    result = plusofon("routes", *words)
    assert [profile["name"] for profile in json.loads(result.stdout)["profiles"]] == [None, "night"]
    [asked] = [asked for asked in wire.asked if asked.path == "/api/v1/groups"]
    assert asked.headers["Authorization"] == "Bearer tok-prod"
