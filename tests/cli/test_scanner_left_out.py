"""Scans that were left out, on the command line: never called recorded, named before a clear, recorded by hand."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.cli.pocket import BEGIN, LAPTOP, TWO_LAPTOPS, Pocket
from tests.domain.trial_scans import event

NAMED = "Left out, and not recorded from this scanner: scan 2, LT-2 (in batch 1, because: scanned by ben)."
ANN = ("--event", "SCAN", *LAPTOP, "--scanned-by", "ann")
BEN = ("--event", "SCAN", *LAPTOP, "--scanned-by", "ben")
WITHOUT_2 = ("--leave-out", "2=scanned by ben")


@pytest.fixture
def pocket(station: Desk) -> Pocket:
    """A scanner of two people who forgot their begin cards; the second one's scan is left out of the batch."""
    found = Pocket(station, ["LT-1", "LT-2"])
    done = found.type("pull", *ANN, *WITHOUT_2, "--yes")
    assert (done.exit_code, NAMED in done.out) == (0, True)
    return found


@pytest.mark.parametrize("more", [(), ("--clear",)])
def test_answers_that_would_take_what_was_left_out_are_refused(pocket: Pocket, more: tuple[str, ...]) -> None:
    """Nothing of it is open, and the answers are not dropped in silence: nothing is saved, and nothing is cleared."""
    size = pocket.desk.log_size()
    for answer in (pocket.type("pull", *BEN, "--yes", *more), pocket.desk.type("scanner", "commit", *BEN, "--yes")):
        assert answer.exit_code == 4
        assert NAMED in answer.err
        assert "into a batch file" in answer.err
    assert (pocket.desk.log_size(), pocket.held()) == (size, ["LT-1", "LT-2"])
    code = pocket.desk.ask("scanner", "preview", *BEN)["confirm"]
    refused = pocket.desk.ask("scanner", "commit", *BEN, "--confirm", code, exit_code=4)
    assert refused["error"]["code"] == "left_out_before"
    taken = pocket.desk.type("scanner", "commit", *BEN, "--take", "2", "--yes")
    assert taken.exit_code == 4
    assert "left out scan 2 (because: scanned by ben), and did not record it" in taken.err


def test_the_same_once_more_is_done_and_says_what_is_left_out(pocket: Pocket) -> None:
    """A repeat after a crash, and a pull without any answer, are no new answer; neither calls scan 2 recorded."""
    for words in ((*ANN, *WITHOUT_2), LAPTOP, ()):
        answer = pocket.type("pull", *words, "--yes")
        assert answer.exit_code == 0
        assert "what was not left out is recorded already, in batch 1." in answer.out
        assert NAMED in answer.out
    shown = pocket.desk.tell("scanner", "preview", *BEN)
    assert NAMED in shown
    assert "All of it is recorded" not in shown


def test_a_later_batch_that_left_nothing_out_itself_is_repeated_as_ever(pocket: Pocket) -> None:
    """The answers of a later batch fit its own scans; saying them once more takes nothing of what was left out."""
    pocket.scan("LT-3")
    assert pocket.ask("pull", *BEN, "--yes")["batch_id"] == 2
    again = pocket.type("pull", *BEN, "--yes")
    assert (again.exit_code, NAMED in again.out) == (0, True)


def test_what_was_left_out_is_recorded_by_hand(pocket: Pocket) -> None:
    """The way that is told works: a row in a batch file, and the scanner is cleared afterwards."""
    file = pocket.desk.batch("LT-2,2026-02-01T08:00:00Z,SCAN,ben,,,,laptop,")
    assert pocket.desk.type("commit", file, "--yes").exit_code == 0
    assert pocket.desk.ask("asset", "show", "LT-2")["asset_tag"] == "LT-2"
    cleared = pocket.type("pull", "--yes", "--clear")
    assert cleared.out.index(NAMED) < cleared.out.index("is cleared of 2 scans")
    assert pocket.held() == []


def test_a_clear_that_asks_nothing_names_what_was_left_out(pocket: Pocket) -> None:
    """Said with --yes nobody is asked, and all the same nobody takes what was left out for recorded."""
    cleared = pocket.type("clear", "--yes")
    assert (cleared.exit_code, pocket.held()) == (0, [])
    assert cleared.out.index(NAMED) < cleared.out.index("is cleared of 2 scans")
    assert "into a batch file" in cleared.out


OUT_2 = {"number": 2, "text": "LT-2", "reason": "scanned by ben", "batch_id": 1}


def test_machines_are_told_too_what_is_left_out(pocket: Pocket) -> None:
    """Whatever speaks of the scans as committed or cleared names the scans that are not recorded, and why."""
    desk = pocket.desk
    assert desk.ask("scanner", "commit", "--yes")["left_out"] == [OUT_2]
    assert pocket.ask("pull", "--yes")["left_out"] == [OUT_2]
    assert pocket.ask("pull", "--yes", "--clear")["left_out"] == [OUT_2]
    assert pocket.ask("clear", "--yes")["left_out"] == [OUT_2]


def test_machines_are_told_what_is_left_out_with_a_clear_alone(station: Desk) -> None:
    """No batch left it out: what was left out whole, or is said where there is nothing to commit."""
    whole = [{"number": number, "text": f"LT-{number}", "reason": "a trial", "batch_id": None} for number in (1, 2)]
    pocket = Pocket(station, ["LT-1", "LT-2"])
    name = pocket.ask("pull", "--preview", exit_code=3)["download"]
    assert pocket.ask("pull", "--leave-out", "1=a trial", "--leave-out", "2=a trial", "--yes")["left_out"] == whole
    station.tell("scanner", "leave-out", name, "--reason", "a trial")
    assert pocket.ask("clear", "--yes")["left_out"] == whole


def test_machines_are_told_that_nothing_is_left_out(station: Desk) -> None:
    """An empty list, where every scan counts."""
    pocket = Pocket(station)
    assert pocket.ask("pull", *LAPTOP, "--yes")["left_out"] == []
    assert pocket.ask("clear", "--yes")["left_out"] == []


def test_a_clear_of_what_was_left_out_whole_names_each_scan(station: Desk) -> None:
    """None of them is recorded, and each stands there with the reason that was given for all."""
    pocket = Pocket(station, ["LT-1", "LT-2"])
    name = pocket.ask("pull", "--preview", exit_code=3)["download"]
    station.tell("scanner", "leave-out", name, "--reason", "a trial")
    cleared = pocket.type("clear", "--yes")
    assert "scan 1, LT-1 (because: a trial); scan 2, LT-2 (because: a trial)." in cleared.out
    assert f"With the clear, {name} can't be committed by its name any more." in cleared.out
    assert "left out whole, cleared" in station.tell("scanner", "downloads")
    assert "there is nothing to commit" in station.tell("scanner", "commit", name, *LAPTOP, "--yes")


def test_a_download_that_was_left_out_whole_is_not_said_to_hold_no_asset(station: Desk) -> None:
    """Cleared with all of it left out: what is answered later is refused, and what is said of it is so."""
    pocket = Pocket(station, [BEGIN, event("SCAN"), "LT-1"])
    pocket.pull()
    assert pocket.type("clear", "--leave-out", "3=not ours", "--yes").exit_code == 0
    assert pocket.desk.ask("scanner", "commit", *BEN, "--yes", exit_code=4)["error"]["code"] == "left_out_before"
    said = pocket.desk.tell("scanner", "commit", "--yes")
    assert "No asset was scanned" not in said
    assert "scan 3, LT-1 (because: not ours)" in said
    shown = pocket.desk.tell("scanner", "preview")
    assert "not committed yet" not in shown
    assert "No asset was scanned" not in shown
    assert "The scanner was cleared of them, by entry" in shown


def test_what_was_left_out_whole_is_not_committed_by_the_next_pull(station: Desk) -> None:
    """The scanner tells just the same again, and nobody named it: only its name commits it, as the answer says."""
    pocket = Pocket(station, [BEGIN, event("SCAN"), "LT-1"])
    name = pocket.pull()
    said = station.tell("scanner", "leave-out", name, "--reason", "a trial")
    assert "by its name, until its scanner is cleared of it" in said
    refused = pocket.type("pull", *LAPTOP, "--yes")
    assert refused.exit_code == 4
    by_name = f"scanner commit {name} --default equipment_type=laptop"
    told = " ".join(refused.err.split())
    assert f"{name} is the latest, and was left out whole on 2026-03-01" in told
    assert "of the log, because: a trial. Nothing was saved." in told
    assert by_name in refused.err
    assert f"{by_name} --confirm" in pocket.type("pull", *LAPTOP, "--preview").out
    assert station.ask("scanner", "commit", name, *LAPTOP, "--yes")["committed"] == 1
    assert pocket.ask("pull", *LAPTOP, "--yes")["already_committed"]


def test_a_download_that_was_left_out_whole_says_so_wherever_it_is_shown(station: Desk) -> None:
    """When, why and by which entry, with each command that shows it; it is not one that waits for its commit."""
    pocket = Pocket(station, [BEGIN, event("SCAN"), "LT-1"])
    name = pocket.pull()
    assert "not committed yet" in pocket.type("pull", *LAPTOP, "--preview").out
    seq = station.ask("scanner", "leave-out", name, "--reason", "a trial")["seq"]
    shown = (
        pocket.type("pull", *LAPTOP, "--preview").out,
        station.tell("scanner", "preview", name, *LAPTOP),
        station.tell("scanner", "show", name),
    )
    for each in shown:
        told = " ".join(each.split())
        assert f"{name} was left out whole on 2026-03-01" in told
        assert f"by entry {seq} of the log, because: a trial." in told
        assert "not committed yet" not in told
    assert "They are kept, and left out whole." in shown[0]
    notices = pocket.ask("pull", *LAPTOP, "--preview")["notices"]
    assert "left_out_whole" in [each["code"] for each in notices]


def test_a_download_of_which_all_assets_were_left_out_is_not_called_recorded(station: Desk) -> None:
    """Another download's batch left them out: nothing of this one is recorded there, and nothing says that it is."""
    pocket = Pocket(station, [BEGIN, event("SCAN"), "LT-1"])
    name = pocket.pull()
    station.tell("scanner", "leave-out", name, "--reason", "a trial")
    pocket.scan("LT-2")
    pocket.ask("pull", *LAPTOP, "--same-scans", "--yes")
    for command in (("commit", name, *LAPTOP, "--yes"), ("preview", name)):
        said = station.tell("scanner", *command)
        assert "very asset was left out, in batch 1." in said
        assert "recorded already" not in said
        assert "is recorded," not in said
        assert "scan 3, LT-1 (in batch 1, because: a trial)" in said


def test_what_was_left_out_whole_is_asked_about_when_a_file_tells_it(station: Desk) -> None:
    """The file's page asks, with the name of the download and its reason, and says how it is answered."""
    pocket = Pocket(station, ["LT-1", "LT-2"])
    name = pocket.ask("pull", "--preview", exit_code=3)["download"]
    found = station.ask("scanner", "show", name)["scans"]
    times = [each["stamp"].replace("T", " ") for each in found]
    lines = [f"{time},Code 128,{each['text']}" for time, each in zip(times, found, strict=True)]
    path = Path(station.folder) / "scans.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    station.tell("scanner", "leave-out", name, "--reason", "a trial")
    refused = station.type("commit", str(path), *ANN, "--yes")
    assert refused.exit_code == 3
    told = " ".join(refused.err.split())
    assert f"rows now: scan 1, LT-1 (with {name}, because: a trial); scan 2, LT-2 (with" in told
    assert "Answer with --same-scans or --scanned-anew." in told
    same = station.type("preview", str(path), *ANN, "--same-scans")
    assert same.exit_code == 3
    assert "there is nothing to commit: 2 scans left out, and no other is an asset" in " ".join(same.out.split())
    assert "Left out, and not recorded from this file: scan 1, LT-1 (because: a trial); scan 2, LT-2" in same.out


def test_a_list_without_times_of_what_was_left_out_whole_is_asked_about(station: Desk) -> None:
    """The kept download tells its codes in order."""
    name = Pocket(station, ["LT-1", "LT-2", "LT-3"]).ask("pull", "--preview", exit_code=3)["download"]
    station.tell("scanner", "leave-out", name, "--reason", "a trial")
    path = Path(station.folder) / "list.txt"
    path.write_text("LT-1\nLT-2\nLT-3\n", encoding="utf-8")
    refused = station.type("commit", str(path), *ANN, "--at", "2026-02-01T08:00:00Z", "--yes")
    assert refused.exit_code == 3
    assert f"rows now: scan 1, LT-1 (with {name}, because: a trial);" in " ".join(refused.err.split())


def test_a_list_that_can_not_be_compared_says_nothing_of_a_scanner(station: Desk) -> None:
    """What is kept can't be read: the file waits, and nobody is told to pull what no scanner may hold any more."""
    pocket = Pocket(station, ["LT-1", "LT-2", "LT-3"])
    name = pocket.ask("pull", "--preview", exit_code=3)["download"]
    station.tell("scanner", "leave-out", name, "--reason", "a trial")
    pocket.ask("clear", "--yes")
    (spool,) = station.folder.glob("*.scans")
    spool.rename(station.folder / "put-away")
    spool.write_text("no folder", "utf-8")
    bare = station.folder / "bare.txt"
    bare.write_text("LT-1\r\nLT-2\r\nLT-3\r\n", "utf-8")
    error = station.ask("preview", str(bare), *ANN, "--at", "2026-03-01T10:00", exit_code=3)["error"]
    assert error["code"] == "spool_unusable"
    assert "can't be read" in error["message"]
    assert "Mend that, then try again." in error["message"]
    assert "still holds" not in error["message"]
    spool.unlink()
    (station.folder / "put-away").rename(spool)
    asked = station.ask("preview", str(bare), *ANN, "--at", "2026-03-01T10:00", exit_code=3)["problems"]
    assert [each["code"] for each in asked] == ["left_out_then"]


def test_what_stays_recorded_is_named_when_the_rest_is_left_out_whole(station: Desk) -> None:
    """What a batch has of it is no trial; of many it is said how many more."""
    pocket = Pocket(station, [BEGIN, event("SCAN"), *(f"LT-{number}" for number in range(1, 13))])
    assert pocket.ask("pull", *LAPTOP, "--yes")["committed"] == 12
    pocket.scan("LT-99")
    name = pocket.pull()
    said = station.tell("scanner", "leave-out", name, "--reason", "a trial")
    assert "Recorded before, and staying so: scan 3, LT-1 (batch 1); " in said
    assert "scan 12, LT-10 (batch 1); and 2 more." in said


def dumped(desk: Desk, *texts: str) -> str:
    """Write what the maker's program writes of scans, each a second later, and return its path."""
    path = Path(desk.folder) / "SCANNED.TXT"
    lines = [f"{text},003278,14:41:{second:02d},05/03/2025" for second, text in enumerate(texts)]
    path.write_text("\r\n".join(lines), encoding="utf-8")
    return str(path)


def test_what_was_left_out_of_a_file_does_not_come_in_when_it_grows(station: Desk) -> None:
    """It is asked about, with its reason and batch; as the same scans it stays left out, never recorded."""
    said = (*ANN, "--dates", "dmy")
    file = dumped(station, "LT-1", "LT-2")
    done = station.tell("commit", file, *said, *WITHOUT_2, "--yes")
    out = "Left out, and not recorded from this file: scan 2, LT-2 (because: scanned by ben)."
    assert out in done
    assert "Nothing happened: what was not left out of this file is recorded already, in batch 1" in station.tell(
        "commit", file, *said, *WITHOUT_2, "--yes"
    )
    file = dumped(station, "LT-1", "LT-2", "LT-3")
    for only_new in ((), ("--only-new",)):
        refused = station.type("commit", file, *said, *only_new, "--yes")
        assert refused.exit_code == 3
        told = " ".join(refused.err.split())
        assert "rows now: scan 2, LT-2 (in batch 1, because: scanned by ben). What was left out" in told
        assert "Answer with --same-scans or --scanned-anew." in told
    named = "Left out, and not recorded from this file: scan 2, LT-2 (in batch 1, because: scanned by ben)."
    assert named in station.tell("preview", file, *said, "--same-scans")
    done = station.tell("commit", file, *said, "--same-scans", "--yes")
    assert "Committed 1 scan as batch 2" in done
    assert named in done
    again = station.tell("commit", file, *said, "--same-scans", "--yes")
    assert "what was not left out of this file is recorded already, in batches 1, 2" in again
    assert named in again
    assert station.refuse("asset", "show", "LT-2", exit_code=4)["code"] == "not_found"


@pytest.mark.parametrize("is_left_out", [False, True])
def test_a_second_round_without_times_is_not_cleared_for_the_first(station: Desk, *, is_left_out: bool) -> None:
    """The log says that the scanner was cleared of the first, and the bytes are the same: pulled and asked about."""
    pocket, at_download = Pocket(station), ("--untimed-at-download",)
    pocket.set("23", "00")
    name = pocket.pull(*at_download)
    if is_left_out:
        station.tell("scanner", "leave-out", name, "--reason", "a trial")
        pocket.ask("clear", "--yes")
    else:
        pocket.ask("pull", *LAPTOP, *at_download, "--yes", "--clear")
    pocket.scan(*TWO_LAPTOPS)
    station.now += timedelta(minutes=1)
    size = station.log_size()
    for more in ((), ("--same-scans",)):
        refused = pocket.ask("clear", "--yes", *more, exit_code=4)["error"]
        assert refused["code"] == "scanner_clear_refused"
        assert f"by entry {size} of the log; if it holds anything now, that was scanned since" in refused["message"]
        assert f"assettrack scanner pull --emulate {pocket.path}" in refused["message"]
    assert (station.log_size(), len(pocket.held())) == (size, len(TWO_LAPTOPS))
    done = pocket.ask("pull", *LAPTOP, *at_download, "--scanned-anew", "--yes", "--clear")
    assert (done["committed"], done["cleared"], done["download"] != name) == (2, True, True)
    assert pocket.held() == []
