"""`issue`, `return`, `transfer`, `retire` and `replace`, as they are typed."""

from datetime import timedelta

import pytest

from tests.cli.conftest import HEADER, Desk


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """LT-1 and LT-2 in slots 1 and 2 of CASE-01, LT-3 in no slot; two holders."""
    desk.tell("init", "--timezone", "UTC")
    desk.tell("case", "init", "CASE-01", "--slots", "4")
    desk.tell("holder", "add", "Jane Smith")
    desk.tell("holder", "add", "Bob Lee")
    lines = [f"LT-{n},2026-02-01T10:00:00Z,SCAN,gcurl,,{place},laptop," for n, place in enumerate(PLACES, 1)]
    file = desk.folder / "scans.csv"
    file.write_text("\n".join([HEADER, *lines]))
    desk.tell("commit", str(file), "--yes")
    return desk


PLACES = ("CASE-01,1", "CASE-01,2", ",")

COMMANDS = {
    "issue": ("issue", "LT-1", "LT-2", "--to", "Jane Smith"),
    "transfer": ("transfer", "LT-1", "--to", "Bob Lee"),
    "return": ("return", "LT-1"),
    "retire": ("retire", "LT-1", "--reason", "broken"),
    "replace": ("replace", "LT-1", "LT-9", "--reason", "broken"),
}
NEEDS_A_HOLDER = {"transfer", "return"}


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_previewed_is_committed_with_its_code(stocked: Desk, name: str) -> None:
    """--preview saves nothing and shows a code; with that code the very changes are committed."""
    if name in NEEDS_A_HOLDER:
        stocked.tell("issue", "LT-1", "--to", "Jane Smith", "--yes")
    words = COMMANDS[name]
    size = stocked.ask("audit", "verify")["entries"]
    plan = stocked.ask(*words, "--preview")
    assert (plan["valid"], stocked.ask("audit", "verify")["entries"]) == (True, size)
    receipt = stocked.ask(*words, "--confirm", plan["confirm"])
    assert receipt["committed"] == plan["rows"]
    assert receipt["last_seq"] == size + 1 + plan["rows"]
    assert stocked.ask("audit", "verify")["ok"]


@pytest.mark.parametrize("name", COMMANDS)
def test_exactly_one_way_to_confirm_is_needed(stocked: Desk, name: str) -> None:
    """None of --preview, --confirm and --yes, or two of them, is a usage error, and nothing happens."""
    if name in NEEDS_A_HOLDER:
        stocked.tell("issue", "LT-1", "--to", "Jane Smith", "--yes")
    size = stocked.ask("audit", "verify")["entries"]
    for ways in ((), ("--yes", "--preview"), ("--yes", "--confirm", "K7QF-2M9X")):
        answer = stocked.ask(*COMMANDS[name], *ways, exit_code=2)
        assert answer["error"]["code"] == "confirmation_missing"
    assert stocked.ask("audit", "verify")["entries"] == size


def test_a_person_reads_what_will_happen_and_what_did(stocked: Desk) -> None:
    """The page says that nothing is saved yet, what each asset does, and how to commit it; the answer says the deed."""
    page = stocked.tell("issue", "LT-1", "--to", "Jane Smith", "--due", "2026-04-01", "--preview")
    assert "Nothing is saved yet." in page
    assert "in CASE-01 slot 1 → in custody of Jane Smith; due 2026-04-01" in page
    assert "repeat the command with --confirm " in page
    done = stocked.tell("issue", "LT-1", "--to", "Jane Smith", "--due", "2026-04-01", "--yes")
    assert done.startswith("Committed: issue 1 asset to Jane Smith, as batch 2 (entries ")


def test_a_refused_preview_still_shows_its_page(stocked: Desk) -> None:
    """Exit 4, the refusals on the page and in JSON, and no code."""
    answer = stocked.type("return", "LT-1", "--preview")
    assert answer.exit_code == 4
    assert "Asset LT-1 is not in custody" in answer.out
    assert "Nothing was saved." in answer.err
    plan = stocked.ask("return", "LT-1", "--preview", exit_code=4)
    assert (plan["valid"], plan["confirm"], len(plan["refusals"])) == (False, None, 1)


def test_who_accepted_it_and_when_it_is_due_is_with_the_batch(stocked: Desk) -> None:
    """Both are options of the batch, kept in its entry; the due date is with the asset until it comes back."""
    words = (
        "issue",
        "LT-1",
        "--to",
        "Jane Smith",
        "--due",
        "2026-04-01",
        "--accepted",
        "paper",
        "--accepted-by",
        "Ada",
    )
    receipt = stocked.ask(*words, "--yes")
    (batch,) = [e for e in stocked.ask("audit", "show")["entries"] if e["seq"] == receipt["first_seq"]]
    assert batch["options"] == {"due_on": "2026-04-01", "accepted": {"how": "paper", "by": "Ada"}}
    stocked.tell("return", "LT-1", "--accepted", "typed", "--yes")
    assert "due_on" not in stocked.ask("asset", "history", "LT-1")["entries"][-1]["after"]


def test_a_file_may_have_a_due_date_and_an_acceptance_too(stocked: Desk) -> None:
    """`commit` takes --due and --accepted for the ISSUE rows of a file, and its preview repeats them."""
    file = stocked.folder / "issue.csv"
    file.write_text(f"{HEADER}\nLT-1,2026-02-02T10:00:00Z,ISSUE,gcurl,Jane Smith,OUT,OUT,,\n")
    options = ("--due", "2026-04-01", "--accepted", "paper")
    assert "--due 2026-04-01 --accepted paper --confirm" in stocked.tell("preview", str(file), *options)
    stocked.tell("commit", str(file), *options, "--yes")
    assert stocked.ask("asset", "history", "LT-1")["entries"][-1]["after"]["due_on"] == "2026-04-01"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("issue", "LT_1", "--to", "Jane Smith"), "asset tag"),
        (("issue", "LT-1", "lt-1", "--to", "Jane Smith"), "it is given twice"),
        (("issue", "LT-1", "--to", " "), "it is blank"),
        (("issue", "LT-1", "--to", "Jane Smith", "--due", "tomorrow"), "write it as YYYY-MM-DD"),
        (("issue", "LT-1", "--to", "Jane Smith", "--due", "20260401"), "write it as YYYY-MM-DD"),
        (("issue", "LT-1", "--to", "Jane Smith", "--due", ""), "write it as YYYY-MM-DD"),
        (("issue", "LT-1", "--to", "x" * 201), "a name has 1 to 200"),
        (("issue", "LT-1", "--to", "Jane Smith", "--accepted-by", "Ada"), "--accepted-by needs --accepted"),
        (("issue", "LT-1"), "--to"),
        (("issue", "--to", "Jane Smith"), "TAG"),
        (("return", "LT-1", "LT-2", "--slot", "CASE-01", "3"), "--slot is for one asset"),
        (("return", "LT-1", "--slot", "CASE-01", "3", "--unslotted"), "--slot is for one asset"),
        (("retire", "LT-1"), "--reason"),
        (("retire", "LT-1", "--reason", "a\x07b"), "can't be printed"),
    ],
)
def test_what_can_not_be_meant_is_a_usage_error(stocked: Desk, words: tuple[str, ...], said: str) -> None:
    """Exit 2 with the reason, before anything is looked up."""
    answer = stocked.type(*words, "--yes")
    assert answer.exit_code == 2
    assert said in answer.err


def test_a_time_that_is_none_is_a_problem(stocked: Desk) -> None:
    """--at is read as a batch's timestamp is: exit 3, with the rule."""
    answer = stocked.type("issue", "LT-1", "--to", "Jane Smith", "--at", "noon", "--preview")
    assert answer.exit_code == 3
    assert "can't be read" in answer.out


def test_what_is_earlier_than_the_latest_entry_needs_a_reason(stocked: Desk) -> None:
    """A time before the asset's latest entry is refused as late unless a reason is given, as in a file."""
    words = ("issue", "LT-1", "--to", "Jane Smith", "--at", "2026-01-31T09:00:00Z")
    assert stocked.ask(*words, "--yes", exit_code=4)["refusals"][0]["code"] == "late"
    stocked.tell(*words, "--accept-late", "found the paper", "--yes")


def test_a_new_holder_is_registered_with_the_issue(stocked: Desk) -> None:
    """--new-holders registers the name in the same batch; without it the name is refused."""
    assert (
        stocked.ask("issue", "LT-1", "--to", "Zoe Quill", "--yes", exit_code=4)["refusals"][0]["code"]
        == "unknown_holder"
    )
    plan = stocked.ask("issue", "LT-1", "--to", "Zoe Quill", "--new-holders", "--preview")
    assert plan["new_holders"] == ["Zoe Quill"]
    stocked.tell("issue", "LT-1", "--to", "Zoe Quill", "--new-holders", "--yes")
    assert stocked.ask("asset", "show", "LT-1")["holder"] == "Zoe Quill"


def test_a_return_goes_where_it_is_told(stocked: Desk) -> None:
    """Into the home slot, a named one, or with --unslotted into none."""
    for words, place in (
        ((), ("CASE-01", 1)),
        (("--slot", "CASE-01", "4"), ("CASE-01", 4)),
        (("--unslotted",), (None, None)),
    ):
        stocked.now += timedelta(minutes=1)
        stocked.tell("issue", "LT-1", "--to", "Jane Smith", "--yes")
        stocked.tell("return", "LT-1", *words, "--yes")
        asset = stocked.ask("asset", "show", "LT-1")
        assert (asset["case_name"], asset["slot_position"]) == place


def test_the_successor_is_described_as_it_is_told(stocked: Desk) -> None:
    """Type, serial number, maker and model of the new asset are those typed."""
    details = ("--equipment-type", "tablet", "--serial-number", "S-9", "--manufacturer", "Examplar", "--model", "M1")
    stocked.tell("replace", "LT-1", "LT-9", "--reason", "broken", *details, "--yes")
    asset = stocked.ask("asset", "show", "LT-9")
    found = [asset[name] for name in ("equipment_type", "serial_number", "manufacturer", "model", "slot_position")]
    assert found == ["tablet", "S-9", "Examplar", "M1", 1]


def test_the_same_deed_again_is_told_as_done_before(stocked: Desk) -> None:
    """Said again with its time, as after a lost answer: nothing happens, and the answer names the batch."""
    words = ("issue", "LT-1", "--to", "Jane Smith", "--at", "2026-02-03T10:00:00Z", "--yes")
    assert stocked.tell(*words).startswith("Committed: ")
    entries = stocked.ask("audit", "verify")["entries"]
    assert stocked.tell(*words) == "Nothing happened: issue 1 asset to Jane Smith is recorded already, in batch 2.\n"
    assert stocked.ask("audit", "verify")["entries"] == entries
    code = stocked.ask(*words[:-1], "--preview")["confirm"]
    shown = stocked.tell(*words[:-1], "--preview")
    assert f"There is nothing to commit. With the code {code}, or any other," in shown
    assert "--confirm" not in shown
