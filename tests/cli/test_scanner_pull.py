"""`scanner pull` and `scanner commit`: kept before anything else, committed as shown, cleared only when told to."""

import re
from datetime import timedelta
from typing import NoReturn

import pytest

from assettrack.domain import download_errors, scanner_errors
from assettrack.domain.downloads import SUFFIX, ScannerIdentity
from assettrack.domain.errors import AssetTrackError
from assettrack.scanner.pocket import PocketScanner
from assettrack.services import scanner_clearing
from assettrack.services.downloads import Downloads
from tests.cli.conftest import Desk
from tests.cli.pocket import BEGIN, LAPTOP, TOLD, TWO_LAPTOPS, Pocket
from tests.domain.trial_scans import event, slot

HEADER = "asset_tag,timestamp,event_type,operator_id,equipment_type"


@pytest.fixture
def pocket(station: Desk) -> Pocket:
    """A scanner with two laptops."""
    return Pocket(station)


def kept(desk: Desk) -> list[str]:
    """The names of what is kept of scanners; that a clear was begun stands beside them."""
    folder = desk.folder / "station.db.scans"
    return sorted(path.name for path in folder.glob(f"*{SUFFIX}")) if folder.exists() else []


def test_a_preview_keeps_what_was_pulled_and_saves_nothing(pocket: Pocket) -> None:
    """The page tells by the numbers of scans what would be done, and ends with the command that does just that."""
    answer = pocket.type("pull", "--preview", *LAPTOP)
    (name,) = kept(pocket.desk)
    assert answer.exit_code == 0
    assert f"Kept as {name}; the scanner still holds its 6 scans." in answer.err
    assert "2 scans: 2 new assets" in answer.out
    assert "   4  LT-1   SCAN   new laptop → in CASE-01 slot 1" in answer.out
    assert f"assettrack scanner pull --emulate {pocket.path} --default equipment_type=laptop --confirm " in answer.out
    assert pocket.held() == list(TWO_LAPTOPS)
    assert pocket.desk.log_size() == 3


def test_what_was_previewed_is_committed_and_then_cleared(pocket: Pocket) -> None:
    """With the code and --clear: committed, proven, cleared, and the log says both."""
    code = pocket.ask("pull", "--preview", *LAPTOP)["confirm"]
    answer = pocket.ask("pull", *LAPTOP, "--confirm", code, "--clear")
    (name,) = kept(pocket.desk)
    assert (answer["batch_id"], answer["committed"], answer["already_committed"]) == (1, 2, False)
    assert (answer["download"], answer["scans"], answer["cleared"]) == (name, 6, True)
    assert pocket.held() == []
    assert pocket.desk.ask("asset", "show", "LT-2")["slot_position"] == 2
    entries = pocket.desk.ask("audit", "show")["entries"]
    assert [each["event_type"] for each in entries[3:]] == ["BATCH", "SCAN", "SCAN", "SCANNER_CLEARED"]
    assert pocket.desk.ask("audit", "verify")["ok"]


def test_without_a_terminal_nothing_is_cleared_unless_it_is_said(pocket: Pocket) -> None:
    """--yes alone commits and leaves the scanner as it is, and says how it is cleared."""
    answer = pocket.type("pull", *LAPTOP, "--yes")
    assert (answer.exit_code, "Committed 2 scans as batch 1" in answer.out) == (0, True)
    assert f"Clear it with: assettrack scanner clear --emulate {pocket.path}\n" in answer.err
    assert pocket.held() == list(TWO_LAPTOPS)


def test_pulling_again_knows_what_was_committed(pocket: Pocket) -> None:
    """What was kept and committed before is neither kept nor committed twice, and is still cleared."""
    pocket.ask("pull", *LAPTOP, "--yes")
    answer = pocket.type("pull", "--yes", "--clear")
    assert "Pulled before, and kept as" in answer.err
    assert "Nothing happened: every row is recorded already, in batch 1." in answer.out
    assert "is cleared of 6 scans, by entry 7 of the log. It holds nothing now." in answer.out
    assert (len(kept(pocket.desk)), pocket.held()) == (1, [])


def test_how_far_to_go_is_said_before_anything_is_read(pocket: Pocket) -> None:
    """Without a terminal, without --preview, --confirm and --yes: exit code 2, and nothing is pulled."""
    assert pocket.ask("pull", exit_code=2)["error"]["code"] == "confirmation_missing"
    assert pocket.type("pull", "--yes", "--preview").exit_code == 2
    assert pocket.ask("pull", "--preview", "--clear", exit_code=2)["error"]["code"] == "usage"
    assert kept(pocket.desk) == []


def test_an_empty_scanner_is_refused(station: Desk) -> None:
    """There is nothing to pull: exit code 4, and nothing is kept."""
    pocket = Pocket(station)
    pocket.change(scans=[])
    assert pocket.ask("pull", "--yes", exit_code=4)["error"]["code"] == "scanner_empty"
    assert kept(station) == []


def test_a_scanner_that_erases_by_being_read_is_not_read(pocket: Pocket) -> None:
    """With auto clear on, nothing is read, and nothing is lost."""
    pocket.set("0F", "01")
    assert pocket.ask("pull", "--yes", exit_code=4)["error"]["code"] == "scanner_setting_unsafe"
    assert (kept(pocket.desk), pocket.held()) == ([], list(TWO_LAPTOPS))


def test_scans_that_make_no_row_need_no_commit(station: Desk) -> None:
    """Cards alone: nothing is committed, which is said, and the scanner may be cleared."""
    pocket = Pocket(station, [BEGIN, event("SCAN")])
    answer = pocket.ask("pull", "--yes", "--clear")
    assert (answer["batch_id"], answer["committed"], answer["cleared"]) == (None, 0, True)
    pocket.scan(BEGIN)
    answer_in_words = pocket.type("pull", "--yes")
    assert "there is nothing to commit" in answer_in_words.out
    assert "No asset was scanned: there is nothing to commit" in pocket.type("pull", "--preview").out


def test_what_became_of_the_scans_is_said_as_it_is(pocket: Pocket) -> None:
    """Pulled, committed, scanned on, cleared: the page never calls open what is done, nor done what is open."""

    def said() -> str:
        page = pocket.desk.tell("scanner", "preview", *LAPTOP)
        assert "No asset was scanned" not in page
        return next(line for line in page.splitlines() if line.startswith("They are kept"))

    pocket.pull()
    assert said() == "They are kept, and not committed yet."
    pocket.ask("pull", *LAPTOP, "--yes")
    assert said() == "They are kept, and were dealt with in batch 1."
    pocket.desk.now += timedelta(hours=1)
    pocket.scan(slot("CASE-01", 3), "LT-3")
    pocket.pull()
    assert said() == "They are kept. 6 of them were dealt with in batch 1; the rest is not committed yet."
    pocket.ask("pull", *LAPTOP, "--yes", "--clear")
    cleared = pocket.desk.log_size()
    what = f"They are kept. The scanner was cleared of them, by entry {cleared} of the log"
    assert said() == f"{what}; what they recorded is in batches 1, 2."


def test_what_is_kept_is_committed_without_a_scanner(pocket: Pocket) -> None:
    """The newest by default, or the one whose name begins so; the code of the preview holds for it."""
    name = pocket.pull()
    pocket.path.unlink()
    shown = pocket.desk.tell("scanner", "preview", *LAPTOP)
    assert f"assettrack scanner commit {name} --default equipment_type=laptop --confirm " in shown
    code = pocket.desk.ask("scanner", "preview", name[:10], *LAPTOP)["confirm"]
    answer = pocket.desk.ask("scanner", "commit", name[:10], *LAPTOP, "--confirm", code)
    assert (answer["batch_id"], answer["committed"], answer["download"]) == (1, 2, name)
    assert (answer["scans"], answer["cleared"]) == (6, False)
    assert pocket.desk.ask("scanner", "commit", "--yes")["already_committed"]
    assert "There is nothing to commit." in pocket.desk.tell("scanner", "preview")


def test_a_download_that_is_not_there_is_refused(pocket: Pocket) -> None:
    """Nothing pulled yet, and a name that nothing has: each says what to do."""
    assert pocket.desk.refuse("scanner", "commit", "--yes", exit_code=4)["code"] == "download_missing"
    pocket.pull()
    for command in (["preview", "1999"], ["show", "1999"], ["commit", "1999", "--yes"]):
        assert pocket.desk.refuse("scanner", *command, exit_code=4)["code"] == "download_missing"


def test_a_wrong_code_commits_nothing(pocket: Pocket) -> None:
    """A code of something else is refused, and the scanner keeps its scans."""
    answer = pocket.ask("pull", *LAPTOP, "--confirm", "K7QF-2M9X", "--clear", exit_code=4)
    assert answer["error"]["code"] == "confirm_code_wrong"
    assert pocket.held() == list(TWO_LAPTOPS)
    assert pocket.desk.log_size() == 3


def test_what_moved_since_the_preview_is_told_by_the_number_of_its_scan(pocket: Pocket) -> None:
    """An asset that was recorded meanwhile is not new any more: its scan is named, not its row."""
    code = pocket.ask("pull", "--preview", *LAPTOP)["confirm"]
    made = pocket.desk.file("made.csv", HEADER, "LT-2,2026-02-01T08:00:00Z,SCAN,kim,laptop")
    pocket.desk.ask("commit", made, "--yes")
    refused = pocket.desk.refuse("scanner", "commit", *LAPTOP, "--confirm", code, exit_code=4)
    assert "scan 6 would do something else than was shown" in refused["message"]


def test_held_scans_are_shown_and_nothing_is_committed_around_them(pocket: Pocket) -> None:
    """A held scan is shown with what was read, and how it is answered; committing is refused with the same words."""
    pocket.scan("LT-3", slot("CASE-01", 99), "???")
    answer = pocket.type("pull", "--preview", *LAPTOP)
    assert answer.exit_code == 3
    assert re.search(r"^ +9  2026-03-01 13:00:00  \?\?\? +held$", answer.out, re.MULTILINE)
    assert " ".join(answer.out.split()).count("--leave-out 9=REASON") == 1
    shown = pocket.ask("pull", "--preview", *LAPTOP, exit_code=3)
    assert (shown["held"], shown["scans"], shown["scan_numbers"]) == ([7, 8, 9], 9, [4, 6])
    typed = pocket.type("pull", *LAPTOP, "--yes")
    assert "Error: The download has 3 problems. Nothing was saved. Look at what is asked" in typed.err
    assert " file" not in typed.err
    refused = pocket.ask("pull", *LAPTOP, "--yes", "--clear", exit_code=3)
    assert refused["error"]["code"] == "batch_has_problems"
    assert [each["message"] for each in refused["problems"]] == [each["message"] for each in shown["problems"]]
    assert len(pocket.held()) == 9
    assert pocket.desk.log_size() == 3


def test_scans_that_are_only_held_are_not_called_unreadable(station: Desk) -> None:
    """They were read: it is said how many are held, how many questions are open, and with each how it is answered."""
    pocket = Pocket(station, ["LT-42"])
    for said in (pocket.type("pull", "--preview"), station.type("scanner", "preview")):
        assert said.exit_code == 3
        assert "\n1 scan is held: 1 question to be answered before anything is committed\n" in said.out
        assert "Answer with --scanned-by NAME, or" in " ".join(said.out.split())
        assert "No row could be read" not in said.out
    pocket.scan("LT-43")
    shown = pocket.type("pull", "--preview")
    assert "\n2 scans are held: 2 questions to be answered before anything is committed\n" in shown.out
    (station.folder / "list.txt").write_text("LT-42\nLT-43\n", "utf-8")
    of_file = station.type("preview", str(station.folder / "list.txt"), "--at", "2026-02-01T08:00:00Z")
    assert "\n2 scans are held: 2 questions to be answered before anything is committed\n" in of_file.out, of_file


def test_held_scans_are_not_hidden_by_rows_that_are_recorded(pocket: Pocket) -> None:
    """Where all rows are recorded and a later scan is held, nothing is answered as done."""
    pocket.ask("pull", *LAPTOP, "--yes")
    pocket.scan("???")
    assert pocket.ask("pull", *LAPTOP, "--yes", "--clear", exit_code=3)["error"]["code"] == "batch_has_problems"
    assert len(pocket.held()) == 7


def test_refusals_are_told_by_the_numbers_of_scans(pocket: Pocket) -> None:
    """The row of a scan has a number of its own; a person is told that of the scan."""
    pocket.scan(slot("CASE-01", 3), "LT-1")
    answer = pocket.type("pull", *LAPTOP, "--preview")
    assert "notice\n  Scan 8: " in answer.out
    pocket.scan(event("RETIRE"), "LT-77")
    refused = pocket.type("pull", *LAPTOP, "--reason", "broken", "--yes")
    assert (refused.exit_code, "Scan 10: " in refused.err) == (4, True)
    assert "Error: 1 scan is refused by the present state." in refused.err
    assert "file" not in refused.err


def test_more_scans_than_a_screen_are_cut_and_counted(station: Desk) -> None:
    """Of many changes the first forty are shown, all with --all."""
    pocket = Pocket(station, [BEGIN, event("SCAN"), *(f"LT-{number}" for number in range(100, 150))])
    name = pocket.pull()
    assert "and 10 more; --all shows them" in station.tell("scanner", "preview", name, *LAPTOP)
    assert "LT-149" in station.tell("scanner", "preview", name, *LAPTOP, "--all")
    assert "and 12 more; --all shows them" in station.tell("scanner", "show")
    assert "LT-149" in station.tell("scanner", "show", "--all")


def test_new_holders_are_named_on_the_page(station: Desk) -> None:
    """A holder whom the batch registers stands on the page."""
    pocket = Pocket(station, [*TWO_LAPTOPS, event("ISSUE"), "LT-2"])
    answer = pocket.type("pull", *LAPTOP, "--to", "Jane Smith", "--new-holders", "--preview")
    assert "1 new holder, registered by this batch: Jane Smith" in answer.out


def interrupt(*_: object, **__: object) -> NoReturn:
    """Press Ctrl-C."""
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("where", "saved", "said"),
    [
        ((Downloads, "pull"), False, "Nothing was saved. The scanner still holds its scans; start again with"),
        ((Downloads, "commit_download"), False, "Nothing was saved. The scans are kept as "),
        ((scanner_clearing, "require_committed"), True, "The scans are committed, in batch 1, and kept. The scanner"),
        ((scanner_clearing, "clear"), True, "What the scanner may have been cleared of is committed and kept"),
    ],
)
def test_whoever_interrupts_is_told_how_far_it_came(
    pocket: Pocket,
    monkeypatch: pytest.MonkeyPatch,
    where: tuple[object, str],
    saved: bool,  # noqa: FBT001 - the expected answer
    said: str,
) -> None:
    """Ctrl-C while reading, committing, proving and clearing: what is kept, committed and cleared is told as it is."""
    monkeypatch.setattr(*where, interrupt)
    error = pocket.ask("pull", *LAPTOP, "--yes", "--clear", exit_code=130)["error"]
    assert (error["code"], error["saved"]) == ("interrupted", saved)
    assert error["message"].startswith(f"Interrupted. {said}")


@pytest.mark.parametrize(
    ("error", "cleared", "exit_code"),
    [
        (scanner_errors.ScannerClearRefused("it holds more"), False, 4),
        (scanner_errors.ScannerClearUncertain(), None, 4),
        (download_errors.ClearNotLogged("900001", "It is busy"), True, 1),
    ],
)
def test_a_clear_that_fails_after_the_commit_says_both(
    pocket: Pocket,
    monkeypatch: pytest.MonkeyPatch,
    error: AssetTrackError,
    cleared: bool | None,  # noqa: FBT001 - the expected answer
    exit_code: int,
) -> None:
    """The answer is that of the commit, with the error of the clear and whether the scanner was cleared, if known."""

    def fail(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr(scanner_clearing, "clear", fail)
    answer = pocket.ask("pull", *LAPTOP, "--yes", "--clear", exit_code=exit_code)
    assert (answer["committed"], answer["cleared"], answer["error"]["code"]) == (2, cleared, error.code)
    assert answer["error"]["saved"] is True
    assert "othing was saved" not in answer["error"]["message"]


def test_a_low_battery_is_said(pocket: Pocket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever pulls is told to charge it."""
    identity = ScannerIdentity("900001", "OPN-2004", "RFI3727T", low_battery=True)
    monkeypatch.setattr(PocketScanner, "identity", identity)
    assert "Scanner 900001: Its battery is low: charge it." in pocket.type("pull", "--preview").err


def test_nothing_says_emulated_that_was_not_asked_to_be(pocket: Pocket) -> None:
    """Without --emulate no emulated scanner is used: none is found, and nothing says EMULATED."""
    answer = pocket.desk.type("scanner", "pull", "--yes")
    assert (answer.exit_code, "No Opticon scanner was found" in answer.err) == (4, True)
    assert TOLD not in answer.err


def test_a_restore_tells_of_scans_that_the_database_lost(pocket: Pocket) -> None:
    """What was committed and cleared since the backup is kept beside the database, and can be committed again."""
    desk = pocket.desk
    backup = str(desk.folder / "before.backup")
    desk.tell("backup", backup)
    pocket.ask("pull", *LAPTOP, "--yes", "--clear")
    (name,) = kept(desk)
    told = desk.type("restore", backup, "--reason", "a trial", "--yes")
    assert told.exit_code == 0, told
    assert "1 download of pocket scanners is kept whose scans this database does not have." in told.err
    assert f"{name}" in desk.tell("scanner", "downloads")
    assert desk.ask("scanner", "commit", *LAPTOP, "--yes")["committed"] == 2
    again = desk.type("restore", backup, "--reason", "once more", "--check")
    assert "pocket scanners" not in again.err


def test_between_two_scanners_nothing_is_guessed(pocket: Pocket) -> None:
    """Two scanners were pulled and neither is committed: the name is asked for, and each receipt says which it was."""
    first = pocket.pull()
    pocket.path.unlink()
    pocket.scan(BEGIN, event("SCAN"), "LT-8")
    number = pocket.memory["serial_field"]
    pocket.change(serial_field=f"{int(number, 16) + 1:0{len(number)}x}")
    second = pocket.pull()
    desk = pocket.desk
    for command in (["preview"], ["commit", "--yes"], ["show"]):
        refused = desk.refuse("scanner", *command, exit_code=4)
        assert refused["code"] == "download_unnamed"
        assert first in refused["message"]
        assert second in refused["message"]
    answer = desk.type("scanner", "commit", first, *LAPTOP, "--yes")
    assert (answer.exit_code, f"Download: {first}" in answer.out) == (0, True)
    assert desk.ask("scanner", "commit", *LAPTOP, "--yes")["download"] == second


def test_what_another_operator_committed_otherwise_clears_nothing(pocket: Pocket) -> None:
    """A confirmed pull of scans that were committed with one left out stops, and the scanner keeps its scans."""
    shown = pocket.ask("pull", *LAPTOP, "--preview")
    number = str(shown["scan_numbers"][-1])
    pocket.desk.ask(
        "scanner", "commit", *LAPTOP, "--leave-out", f"{number}=on the table", "--take", str(int(number) - 1), "--yes"
    )
    refused = pocket.ask("pull", *LAPTOP, "--confirm", shown["confirm"], "--clear", exit_code=4)
    assert refused["error"]["code"] == "confirmed_otherwise"
    assert pocket.held() == list(TWO_LAPTOPS)


def test_scans_that_a_later_download_made_otherwise_are_not_said_to_be_recorded(pocket: Pocket) -> None:
    """Tablets were confirmed, and a later download of the same scans is committed as laptops; the plan is lost."""
    tablets = ("--default", "equipment_type=tablet")
    shown = pocket.ask("pull", *tablets, "--preview")
    pocket.scan(BEGIN, event("SCAN"), slot("CASE-01", 3), "LT-3")
    pocket.ask("pull", *LAPTOP, "--operator", "ann", "--yes")
    for plan in pocket.desk.folder.rglob("plans/*"):
        plan.unlink()
    size = pocket.desk.log_size()
    confirm = ("scanner", "commit", shown["download"], "--confirm", shown["confirm"])
    refused = pocket.desk.refuse(*confirm, *tablets, exit_code=4)
    assert refused["code"] == "confirmed_otherwise"
    assert "in batch 1, and otherwise than you confirmed: equipment type is laptop, not tablet." in refused["message"]
    assert pocket.desk.ask(*confirm, *LAPTOP)["already_committed"]
    assert pocket.desk.log_size() == size
