"""`count check-case`: a case comes back; the check of it is previewed and signed off, for people and for machines."""

import pytest

from assettrack.cli import confirmation
from tests.cli.conftest import Desk


def test_a_case_is_checked_by_code(stocked: Desk) -> None:
    """The preview shows what is missing, extra and still out, and the code that signs off exactly that."""
    words = ("count", "check-case", "CASE-01", "--from", stocked.file("back.txt", "LT-2", "LT-9"))
    page = stocked.tell(*words, "--preview")
    assert page.startswith("Check of case CASE-01 before it is signed off\nNothing is saved yet.\n\n")
    assert "1 asset expected, 2 scans: 1 missing, 1 unexpected, 1 unknown tag.\n" in page
    assert "1 asset issued from this case and still out\nasset  home    holder\nLT-3   slot 3  Jane Smith\n" in page
    shown = stocked.ask(*words, "--preview")
    assert page.endswith(f"To sign off exactly this, repeat the command with --confirm {shown['confirm']}\n")
    assert (shown["case_name"], shown["expected"], shown["scans"]) == ("CASE-01", 1, 2)
    assert [notice["code"] for notice in shown["notices"]] == ["count_tags_unknown"]
    assert shown["still_out"] == [{"asset_tag": "LT-3", "slot_position": 3, "holder": "Jane Smith"}]
    assert "still out" not in stocked.tell("count", "check-case", "CASE-02", "LT-2", "--preview")
    assert stocked.log_size() == 11
    done = stocked.ask(*words, "--confirm", shown["confirm"], "--remark", "at the door")
    assert (done["count_id"], done["case_name"], done["totals"]) == (1, "CASE-01", shown["totals"])
    assert (done["first_seq"], done["last_seq"], done["checkpoint"].splitlines()[1]) == (12, 14, "14")
    assert stocked.ask("audit", "verify")["ok"] is True


def test_a_case_is_checked_in_one_go(stocked: Desk) -> None:
    """A person is told the entries and how it ended; the notices of the file are told in the preview."""
    assert stocked.tell("count", "check-case", "CASE-01", "LT-1", "--yes") == (
        "Case CASE-01 is checked, as count 1 (entries 12 to 14 of the log): 1 found.\n"
    )
    file = stocked.file("back.txt", "LT-1,CASE-01,99")
    assert (
        "Note: CASE-01 slot 99, where asset LT-1"
        in stocked.type("count", "check-case", "CASE-01", "--from", file, "--preview").err
    )


def test_a_check_by_code_is_made_once(stocked: Desk) -> None:
    """Repeated because its answer was lost, it answers the same but that nothing was committed; people are told so."""
    words = ("count", "check-case", "CASE-01", "LT-2")
    code = stocked.ask(*words, "--preview")["confirm"]
    done = stocked.ask(*words, "--confirm", code)
    assert (done["batch_id"], done["committed"], done["already_committed"]) == (None, 1, False)
    again = stocked.ask(*words, "--confirm", code)
    assert again == {**done, "committed": 0, "already_committed": True}
    assert stocked.tell(*words, "--confirm", code) == (
        "Nothing happened: this check of case CASE-01 is recorded already, as count 1 (entries 12 to 14 of the log): "
        "1 missing, 1 unexpected.\n"
    )
    assert stocked.log_size() == 14


def test_a_used_code_is_not_taken_for_other_scans(stocked: Desk) -> None:
    """Exit code 4, with the count that it was used for, whichever of both came first; nothing is saved."""
    words, ways = ("count", "check-case", "CASE-01"), (("--empty",), ("LT-2", "LT-1"))
    for number, (shown, other) in enumerate((ways, ways[::-1]), 1):
        code = stocked.ask(*words, *shown, "--preview")["confirm"]
        assert stocked.ask(*words, *shown, "--confirm", code)["count_id"] == number
        size = stocked.log_size()
        error = stocked.refuse(*words, *other, "--confirm", code, exit_code=4)
        assert error["code"] == "confirm_code_wrong"
        assert f"used already for count {number} of other scans" in error["message"]
        assert stocked.log_size() == size


def test_a_case_that_comes_back_empty(stocked: Desk) -> None:
    """That nothing was seen is said with --empty, and then all is missing; with tags or a file it makes no sense."""
    words = ("count", "check-case", "CASE-01", "--empty")
    code = stocked.ask(*words, "--preview")["confirm"]
    assert stocked.tell(*words, "--confirm", code) == (
        "Case CASE-01 is checked, as count 1 (entries 12 to 13 of the log): 1 missing.\n"
    )
    empty = stocked.file("empty.txt", "# nothing")
    for more, exit_code, said in (
        (("LT-1", "--empty"), 2, "leave TAGs and --from out"),
        (("--from", empty, "--empty"), 2, "leave TAGs and --from out"),
        ((), 2, "or --empty"),
        (("LT-1", "--from", empty), 2, "or --empty"),
        (("--from", empty), 3, "it names no tag"),
    ):
        message = stocked.refuse("count", "check-case", "CASE-01", *more, "--yes", exit_code=exit_code)["message"]
        assert said in message
    assert stocked.log_size() == 13


def test_old_scans_are_told_with_their_times(stocked: Desk) -> None:
    """In the preview and when it is signed off in one go; given again, the file does nothing, and that is said."""
    file = stocked.batch("LT-1,2026-02-20T08:00:00Z,SCAN,m,,,,,", "LT-1,2026-02-20T08:30:00Z,SCAN,m,,,,,")
    words = ("count", "check-case", "CASE-01", "--from", file)
    old = "Note: 2 scans from before this time yesterday (2026-02-28T12:00:00Z). Is it the right file, and was it "
    preview = stocked.type(*words, "--preview")
    made = "Scanned 2026-02-20 09:00:00+01:00 to 2026-02-20 09:30:00+01:00 (Europe/Berlin).\n"
    assert f"Nothing is saved yet.\n{made}\n1 asset expected" in preview.out
    assert preview.err == f"{old}scanned anew?\n"
    done = stocked.type(*words, "--yes")
    assert done.out == "Case CASE-01 is checked, as count 1 (entries 12 to 14 of the log): 1 found.\n"
    assert done.err == preview.err
    before = "Note: This file was checked before, as count 1 with entry 14; nothing happens.\n"
    again = stocked.type(*words, "--preview")
    assert (again.err.endswith(before), "--confirm" in again.out) == (True, False)
    again = stocked.type(*words, "--yes")
    assert again.out.startswith("Nothing happened: this check of case CASE-01 is recorded already, as count 1 ")
    assert again.err.endswith(before)
    assert stocked.log_size() == 14


def test_nobody_is_asked_about_a_file_that_was_checked_before(stocked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal it is shown, and what there is of it is said; its notices are told once."""
    words = ("count", "check-case", "CASE-01", "--from", stocked.batch("LT-1,2026-03-01T11:30:00Z,SCAN,m,,,,,"))
    stocked.tell(*words, "--yes")
    monkeypatch.setattr(confirmation, "on_a_terminal", lambda: True)
    answer = stocked.type(*words)
    assert (answer.exit_code, answer.err.count("nothing happens")) == (0, 1)
    assert "Nothing happened: " in answer.out
    assert stocked.log_size() == 14


def test_a_stale_check_names_what_moved(stocked: Desk) -> None:
    """What would end otherwise than was shown is named, and nothing is saved."""
    words = ("count", "check-case", "CASE-01", "LT-2")
    code = stocked.ask(*words, "--preview")["confirm"]
    stocked.tell("slot", "vacate", "--asset", "LT-1")
    error = stocked.ask(*words, "--confirm", code, exit_code=4)["error"]
    assert (error["code"], "LT-1 would end otherwise" in error["message"]) == ("count_stale", True)
    assert stocked.ask("count", "list")["counts"] == []


@pytest.mark.parametrize(("typed", "exit_code", "entries"), [("y", 0, 14), ("n", 130, 11)])
def test_a_person_is_asked(
    stocked: Desk, monkeypatch: pytest.MonkeyPatch, typed: str, exit_code: int, entries: int
) -> None:
    """On a terminal the check is shown and asked for; with no nothing is saved."""
    monkeypatch.setattr(confirmation, "on_a_terminal", lambda: True)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: typed)
    answer = stocked.type("count", "check-case", "CASE-01", "LT-1")
    assert answer.exit_code == exit_code
    assert "Check of case CASE-01" in answer.out
    assert ("Not signed off. Nothing was saved." in answer.err) is (typed == "n")
    assert stocked.log_size() == entries
