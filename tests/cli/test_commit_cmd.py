"""Tests of `assettrack.cli.commit_cmd`."""

from pathlib import Path
from typing import Any

import pytest

from assettrack.cli.file_options import commit_file
from tests.cli.conftest import Answer, Desk

RECEIPT_KEYS = {
    "batch_id", "committed", "already_committed", "first_seq", "last_seq", "checkpoint", "recorded_in",
}  # fmt: skip
NEW = "LT-7,2026-02-01T08:00:00Z,SCAN,anna,,CASE-01,7,laptop,"
ISSUE = "LT-7,2026-02-01T09:00:00Z,ISSUE,anna,Jane Smith,OUT,OUT,,"


def test_what_was_previewed_is_committed_with_its_code(station: Desk) -> None:
    """The code of the preview commits the batch; the receipt counts rows and names its entries and checkpoint."""
    batch = station.batch(NEW, ISSUE)
    code = station.ask("preview", batch, "--new-holders")["confirm"]
    receipt = station.ask("commit", batch, "--new-holders", "--confirm", code.lower())
    assert receipt.keys() == RECEIPT_KEYS
    # Entries 1 to 3 are the station's; then the batch's facts, the new holder, two rows.
    assert (receipt["batch_id"], receipt["committed"], receipt["already_committed"]) == (1, 2, False)
    assert (receipt["first_seq"], receipt["last_seq"]) == (4, 7)
    assert receipt["checkpoint"].split("\n")[1] == "7"
    assert station.ask("asset", "show", "LT-7")["holder"] == "Jane Smith"


def test_the_batch_entry_names_file_and_committer(station: Desk) -> None:
    """The log keeps the file's name without its folder, printable, and who committed."""
    station.tell("commit", station.batch(NEW, name="a\tb.csv"), "--yes", "--operator", "Bo  Ek")
    entry = station.ask("audit", "show", "--from", "4", "--to", "4")["entries"][0]
    assert (entry["source_name"], entry["operator"]) == ("a\\tb.csv", "Bo Ek")


def test_the_same_file_again_is_answered_as_already_committed(station: Desk) -> None:
    """A retry saves nothing and answers the batch that holds the rows, whatever the code; exit code 0."""
    batch = station.batch(NEW)
    first = station.ask("commit", batch, "--yes")
    for way in (["--yes"], ["--confirm", "K7QF-2M9X"], ["--yes", "--new-holders"]):
        again = station.ask("commit", batch, *way)
        assert again == first | {"committed": 0, "already_committed": True}
    assert station.tell("commit", batch, "--yes").startswith("Nothing happened:")
    assert station.log_size() == 5


def test_a_file_of_several_batches_is_said_to_be_in_all_of_them(station: Desk) -> None:
    """Its rows came in by two batches: both are named, the entries are those of the latest; of a part, all too."""
    first, second, other = NEW, NEW.replace("7", "8"), NEW.replace("7", "9")
    receipts = [station.ask("commit", station.batch(row), "--yes") for row in (first, other, second)]
    assert [receipt["recorded_in"] for receipt in receipts] == [[1], [2], [3]]
    both = station.batch(second, first)
    again = station.ask("commit", both, "--yes")
    assert again == receipts[2] | {"committed": 0, "already_committed": True, "recorded_in": [1, 3]}
    assert station.tell("commit", both, "--yes") == (
        "Nothing happened: every row of this file is recorded already, in batches 1, 3 "
        "(the latest: entries 8 to 9 of the log).\n"
    )
    added = station.ask("commit", station.batch(first, NEW.replace("7", "5")), "--only-new", "--yes")
    assert (added["batch_id"], added["committed"], added["recorded_in"]) == (4, 1, [1, 4])


def test_exactly_one_way_to_confirm_is_needed(station: Desk) -> None:
    """Both ways, or neither where nobody can be asked, end with exit code 2."""
    batch = station.batch(NEW)
    assert station.refuse("commit", batch, exit_code=2)["code"] == "confirmation_missing"
    both = station.refuse("commit", batch, "--yes", "--confirm", "K7QF-2M9X", exit_code=2)
    assert both["code"] == "confirmation_missing"
    assert station.log_size() == 3


@pytest.mark.parametrize("code", ["K7QF-2M9X", "", "nonsense"])
def test_a_code_that_was_never_shown_commits_nothing(station: Desk, code: str) -> None:
    """A wrong code ends with exit code 4, and lists no rows."""
    answer = station.ask("commit", station.batch(NEW), "--confirm", code, exit_code=4)
    assert answer["error"]["code"] == "confirm_code_wrong"
    assert (answer["problems"], answer["refusals"]) == ([], [])
    assert station.log_size() == 3


def test_a_code_is_good_for_its_file_and_options_only(station: Desk) -> None:
    """The code of another file, or of other options, ends with exit code 4."""
    batch = station.batch(NEW)
    code = station.ask("preview", batch)["confirm"]
    other = station.batch(NEW.replace("LT-7", "LT-8"), name="other.csv")
    assert station.ask("commit", other, "--confirm", code, exit_code=4)["error"]["code"] == "confirm_code_wrong"
    answer = station.ask("commit", batch, "--default", "model=L5", "--confirm", code, exit_code=4)
    assert answer["error"]["code"] == "confirm_code_wrong"


def test_a_stale_commit_names_the_rows_that_moved(stocked: Desk) -> None:
    """When the state moved so that a row would do something else, nothing is saved and that row is named."""
    batch = stocked.batch(
        "LT-2,2026-02-02T08:00:00Z,UPDATE,anna,,CASE-02,1,,", "LT-1,2026-03-01T12:00:00Z,UPDATE,anna,,CASE-02,2,,"
    )
    code = stocked.ask("preview", batch)["confirm"]
    stocked.tell("slot", "move", "LT-1", "CASE-01", "9")
    size = stocked.log_size()
    answer = stocked.ask("commit", batch, "--confirm", code, exit_code=4)
    assert (answer["error"]["code"], answer["moved"]) == ("plan_stale", [2])
    assert stocked.log_size() == size
    assert "row 2 would do something else" in stocked.type("commit", batch, "--confirm", code).err


def test_a_refused_commit_answers_error_problems_and_refusals(station: Desk) -> None:
    """`--yes` never accepts a refusal: exit code 4, and every refusal is listed."""
    batch = station.batch(NEW, ISSUE)
    answer = station.ask("commit", batch, "--yes", exit_code=4)
    assert answer["error"]["code"] == "batch_refused"
    assert answer["problems"] == []
    assert [(found["row_number"], found["code"]) for found in answer["refusals"]] == [(2, "unknown_holder")]
    said = station.type("commit", batch, "--yes")
    assert said.out == ""
    assert said.err.startswith("1 refusal\n  row 2, issued_to_name\n    No holder Jane Smith is known.")
    assert said.err.endswith("Nothing was saved. Look at each refusal: it says why.\n")


def test_a_file_with_problems_answers_them(station: Desk) -> None:
    """A file that does not look right exits with 3 and lists problems and refusals."""
    answer = station.ask("commit", station.batch("X,Y,Z,,,,,,", ISSUE), "--yes", exit_code=3)
    assert answer["error"]["code"] == "batch_has_problems"
    assert {found["row_number"] for found in answer["problems"]} == {1}
    assert {found["row_number"] for found in answer["refusals"]} == {2}


def test_a_missing_file_ends_with_three(station: Desk) -> None:
    """A file that is not there exits with 3 and says so."""
    answer = station.ask("commit", "nosuch.csv", "--yes", exit_code=3)
    assert [found["code"] for found in answer["problems"]] == ["file_not_found"]


def test_only_new_rows_are_committed_when_asked_for(stocked: Desk) -> None:
    """`--only-new` commits the rows that are not recorded, and counts only these."""
    first = (stocked.folder / "first.csv").read_text().splitlines()[1:]
    receipt = stocked.ask("commit", stocked.batch(*first, NEW), "--only-new", "--yes")
    assert (receipt["committed"], receipt["batch_id"]) == (1, 2)


def test_the_reason_for_late_rows_is_kept(stocked: Desk) -> None:
    """`--accept-late` writes its reason into the late row's entry."""
    batch = stocked.batch("LT-1,2026-01-01T08:00:00Z,UPDATE,anna,,,,tablet,")
    stocked.tell("commit", batch, "--accept-late", "found in a  drawer", "--yes")
    entry = stocked.ask("asset", "history", "LT-1")["entries"][-1]
    assert entry["late_reason"] == "found in a drawer"
    assert stocked.tell("asset", "history", "LT-1").endswith("laptop → tablet (late: found in a drawer)\n")


def test_nobody_named_is_a_usage_error(station: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a name from option, variable or login a commit ends with exit code 2."""
    monkeypatch.setattr("assettrack.settings._login_name", lambda: None)
    monkeypatch.delenv("ASSETTRACK_OPERATOR")
    batch = station.batch(NEW)
    assert station.ask("commit", batch, "--yes", exit_code=2)["error"]["code"] == "operator_unknown"
    assert station.ask("commit", batch, "--yes", "--operator", "anna")["committed"] == 1


def test_without_its_key_a_station_can_not_commit(station: Desk) -> None:
    """The key gone: exit code 4, and nothing is saved."""
    (key,) = (station.folder / "xdg_data_home" / "assettrack" / "keys").glob("*.key")
    key.unlink()
    assert station.refuse("commit", station.batch(NEW), "--yes", exit_code=4)["code"] == "key_unusable"
    assert station.log_size() == 3


def test_a_person_reads_a_receipt(station: Desk) -> None:
    """A person reads how many scans were committed, as which batch and entries, and to keep a checkpoint."""
    out = station.tell("commit", station.batch(NEW), "--yes")
    assert out.startswith("Committed 1 scan as batch 1: entries 4 to 5 of the log.\n")
    assert "assettrack audit checkpoint > FILE" in out


def test_a_committed_batch_lies_in_the_database_file_itself(station: Desk) -> None:
    """When the program has ended, nothing is left beside the file that a copy of it would miss."""
    station.tell("commit", station.batch(NEW), "--yes")
    assert sorted(path.name for path in station.folder.glob("station.db*")) == ["station.db"]


def interrupted_when(desk: Desk, monkeypatch: pytest.MonkeyPatch, batch: str, *, saved: bool) -> Answer:
    """Commit, and be interrupted right before or right after the database has committed."""

    def interrupted(*values: Any, **options: Any) -> None:  # noqa: ANN401 - handed on as it comes
        if saved:
            commit_file(*values, **options)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("assettrack.cli.file_options.commit_file", interrupted)
        return desk.type("commit", batch, "--yes")


def test_an_interrupted_commit_says_that_nothing_was_saved(station: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt before anything is saved ends with 130 and says so."""
    answer = interrupted_when(station, monkeypatch, station.batch(NEW), saved=False)
    assert answer.exit_code == 130
    assert answer.err.endswith("Error: Interrupted. Nothing was saved.\n")


def test_an_interrupt_that_came_too_late_is_not_called_harmless(station: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt after the database has committed does not say that nothing was saved, but where to look."""
    answer = interrupted_when(station, monkeypatch, station.batch(NEW), saved=True)
    assert answer.exit_code == 130
    assert "Nothing was saved" not in answer.err
    assert "assettrack audit show --from 4" in answer.err


def test_the_receipt_is_good_for_verifying(station: Desk, tmp_path: Path) -> None:
    """The checkpoint of a receipt verifies the log later on."""
    note = tmp_path / "note.txt"
    note.write_bytes(station.ask("commit", station.batch(NEW), "--yes")["checkpoint"].encode())
    station.tell("commit", station.batch(NEW.replace("LT-7,", "LT-8,").replace(",7,", ",8,"), name="b.csv"), "--yes")
    assert station.ask("audit", "verify", "--checkpoint", str(note))["ok"] is True
