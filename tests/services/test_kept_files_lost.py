"""The kept files of a scanner were lost, work went on, and they came back: nothing is recorded twice in silence."""

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import pytest

from assettrack.domain.download_errors import AnswersTooLate, ClearTooEarly
from assettrack.domain.downloads import Download
from assettrack.domain.scanner_errors import ScannerClearRefused
from assettrack.domain.timestamps import utc_text
from assettrack.scanner.emulated_faults import Fault
from assettrack.services import kept_downloads, leaving_out
from tests.domain.trial_scans import end
from tests.services.field import AT_DOWNLOAD, LAPTOP, Field, MakeField, desk_of, untimed
from tests.services.test_earlier_scans import rows_of
from tests.services.test_scanner_care import clock_set

NO_TIMES = Fault("no-stamps")
SAME = msgspec.structs.replace(AT_DOWNLOAD, same_scans=True)


def round_of(day: Field, *tags: str) -> Download:
    """Scan some assets without times, pull and commit them."""
    day.bus.times.sleep(3600)
    day.scan(*untimed(*tags, end(len(tags))))
    download = day.pull().download
    assert day.commit(download, AT_DOWNLOAD).committed == len(tags)
    return download


def two_rounds(day: Field) -> list[Download]:
    """Do two rounds, each with its clear, then lose the kept files."""
    found = []
    for tags in (("LT-1", "LT-2"), ("LT-3", "LT-4")):
        found.append(round_of(day, *tags))
        day.clear()
    shutil.move(day.spool.folder, day.folder / "backup")
    return found


def come_back(day: Field, but: Sequence[Download] = ()) -> None:
    """Copy the files back, ``but`` some."""
    for path in (day.folder / "backup").iterdir():
        if not path.name.startswith(tuple(each.name for each in but)):
            shutil.copy(path, day.spool.folder / path.name)


def pulled_again(day: Field) -> Download:
    """Pull once more, nothing having been scanned since."""
    day.bus.times.sleep(3600)
    return day.pull().download


def open_in(day: Field, download: Download) -> list[str]:
    """Return what is asked about a download."""
    return [each.code for each in day.preview(download, AT_DOWNLOAD)[1].problems]


def numbered_anew(day: Field, download: Download) -> Download:
    """Have a download kept under the number 1, as the programs did for which counting began anew."""
    (day.spool.folder / download.name).unlink()
    return day.spool.keep(msgspec.structs.replace(download, number=1))


def test_a_number_is_given_once_though_the_files_are_lost(fields: MakeField) -> None:
    """What is pulled then comes after what the log names, and after what may have been lost beside that."""
    day = fields(NO_TIMES, scans=())
    lost = two_rounds(day)
    third = round_of(day, "LT-5", "LT-6")
    assert third.number > lost[1].number
    assert pulled_again(day).number == third.number + 1
    come_back(day)
    assert pulled_again(day).number == third.number + 2


@pytest.mark.parametrize("is_numbered_anew", [True, False])
@pytest.mark.parametrize("but", [0, 1])
def test_files_that_come_back_hide_no_batch(fields: MakeField, but: int, *, is_numbered_anew: bool) -> None:
    """Nothing was scanned since: what was pulled last is asked about, and the scanner is cleared of just that."""
    day = fields(NO_TIMES, scans=())
    lost = two_rounds(day)
    third = round_of(day, "LT-5", "LT-6")
    if is_numbered_anew:
        third = numbered_anew(day, third)
    come_back(day, lost[:but])
    again = pulled_again(day)
    assert open_in(day, again) == ["maybe_anew"]
    assert day.commit(again, SAME).already_committed
    assert rows_of(day) == dict.fromkeys([f"LT-{number}" for number in range(1, 7)], 1)
    assert day.clear(SAME).batches == (3,)
    assert day.verified()


def test_a_scanner_is_cleared_of_what_was_pulled_while_the_files_were_lost(fields: MakeField) -> None:
    """That is known by its number; and afterwards equal scans are new."""
    day = fields(NO_TIMES, scans=())
    two_rounds(day)
    third = round_of(day, "LT-5", "LT-6")
    come_back(day)
    cleared = day.clear()
    assert (cleared.batches, cleared.already_cleared) == ((3,), False)
    assert day.downloads.surely_cleared(third) is not None
    day.bus.times.sleep(3600)
    day.scan(*untimed("LT-5", "LT-6", end(2)))
    assert open_in(day, pulled_again(day)) == []


@pytest.mark.parametrize("faults", [(NO_TIMES,), ()])
def test_where_numbers_contradict_the_log_a_scanner_is_cleared_once_it_was_pulled_again(
    fields: MakeField, faults: Sequence[Fault]
) -> None:
    """What was numbered anew may be old, and committed at last: equal scans may be new ones, unless they have times."""
    day = fields(*faults, scans=())
    two_rounds(day)
    numbered_anew(day, round_of(day, "LT-5", "LT-6"))
    come_back(day)
    if faults:
        with pytest.raises(ScannerClearRefused, match="lost once and came back"):
            day.clear()
        assert day.commit(pulled_again(day), SAME).already_committed
    assert day.clear(SAME).batches == (3,)
    assert len(day.scanner.records) == 0


def test_the_download_that_is_meant_is_the_last_one_by_the_log(fields: MakeField) -> None:
    """Where none is named, and in the list of all."""
    day = fields(NO_TIMES, scans=())
    two_rounds(day)
    third = numbered_anew(day, round_of(day, "LT-5", "LT-6"))
    come_back(day)
    desk = desk_of(day)
    assert kept_downloads.latest_download(day.workplace, desk) == third
    listed, _ = kept_downloads.kept_downloads(day.workplace, desk, 10)
    assert [each.is_latest for each in listed] == [True, False, False]


def test_a_clear_is_refused_where_what_was_pulled_last_is_not_kept(fields: MakeField) -> None:
    """An older backup came back: that it was cleared of its last file says nothing. It can be pulled again."""
    day = fields(NO_TIMES, scans=())
    round_of(day, "LT-1", "LT-2")
    day.clear()
    second = round_of(day, "LT-3", "LT-4")
    (day.spool.folder / second.name).unlink()
    with pytest.raises(ScannerClearRefused) as refused:
        day.clear()
    assert second.name in str(refused.value)
    assert "kept file is missing" in str(refused.value)
    again = pulled_again(day)
    assert open_in(day, again) == ["maybe_anew"]
    assert day.commit(again, SAME).already_committed
    assert day.clear(SAME).batches == (2,)
    assert rows_of(day) == dict.fromkeys(["LT-1", "LT-2", "LT-3", "LT-4"], 1)


def test_what_is_kept_when_the_clock_is_set_comes_last(fields: MakeField) -> None:
    """Also where the file of what the scanner holds has a number that is less than that of an older one."""
    day = fields(scans=())
    lost = two_rounds(day)
    numbered_anew(day, round_of(day, "LT-5", "LT-6"))
    come_back(day)
    clock_set(day)
    assert day.spool.downloads(lost[0].serial)[-1].clock_before is not msgspec.UNSET
    assert day.spool.downloads(lost[0].serial)[-1].number > lost[1].number
    assert day.commit(pulled_again(day)).already_committed
    assert day.clear().batches == (3,)


@pytest.mark.parametrize("is_cleared", [False, True])
def test_what_was_left_out_whole_stays_so_though_its_file_is_lost(fields: MakeField, *, is_cleared: bool) -> None:
    """The log has the hash of what the scanner told: the very same is asked about, unless it was cleared since."""
    day = fields(NO_TIMES, scans=untimed("LT-1", "LT-2"))
    download = day.pull().download
    leaving_out.leave_out(day.workplace, day.downloads, download, "trial")
    if is_cleared:
        day.clear()
        day.scan(*untimed("LT-1", "LT-2"))
    (day.spool.folder / download.name).unlink()
    again = pulled_again(day)
    assert again.sha256 == download.sha256
    assert open_in(day, again) == ([] if is_cleared else ["left_out_then"])


@pytest.mark.parametrize("faults", [(NO_TIMES,), ()])
def test_a_number_that_a_file_had_which_the_log_does_not_name_is_given_twice_unseen(
    fields: MakeField, faults: Sequence[Fault]
) -> None:
    """It was never committed, and is lost for good: all that the log names is kept, each with a number of its own.

    What was pulled while counting began anew is taken neither for cleared nor for new.
    """
    day = fields(*faults, scans=())
    day.bus.times.sleep(3600)
    day.scan(*untimed("LT-1"))
    never_committed = day.pull().download
    day.bus.times.sleep(60)
    day.scan(*untimed("LT-2", end(1)))
    looked_at = msgspec.structs.replace(AT_DOWNLOAD, gaps_looked_at=True)
    assert day.commit(day.pull().download, looked_at).committed == 2
    day.clear(looked_at)
    shutil.move(day.spool.folder, day.folder / "backup")
    third = numbered_anew(day, round_of(day, "LT-5", "LT-6"))
    come_back(day, [never_committed])
    assert (third.number, [each.number for each in day.spool.downloads(third.serial)]) == (1, [1, 2])
    if faults:
        with pytest.raises(ScannerClearRefused, match="lost once and came back"):
            day.clear()
    again = pulled_again(day)
    assert open_in(day, again) == (["maybe_anew"] if faults else [])
    assert day.commit(again, SAME).already_committed
    assert rows_of(day) == dict.fromkeys(["LT-1", "LT-2", "LT-5", "LT-6"], 1)
    cleared = day.clear(SAME)
    assert (cleared.batches, cleared.already_cleared, day.scanner.records) == ((2,), False, [])
    assert day.verified()


@pytest.mark.parametrize("faults", [(NO_TIMES,), ()])
def test_a_pull_by_a_clock_that_was_ahead_and_committed_last_may_be_a_later_one(
    fields: MakeField, faults: Sequence[Fault]
) -> None:
    """Nobody can tell it from one that was numbered anew after files were lost: names, numbers and log are the same.

    So it counts as what was pulled last. It is open that the scanner, empty and cleared as it is, gets a second entry
    of a clear once the clock has passed that time, of the batch of that download; without times that is refused.
    Nothing is recorded twice, nothing that the scanner holds is cleared, and the log verifies.
    """
    day = fields(*faults, scans=untimed("LT-1", "LT-2"))
    first = day.pull().download
    (day.spool.folder / first.name).unlink()
    ahead = utc_text(datetime.fromisoformat(first.pulled_at) + timedelta(days=1))
    first = day.spool.keep(msgspec.structs.replace(first, pulled_at=ahead))
    day.scanner.records.clear()  # by its key
    day.bus.times.sleep(600)
    day.scan(*untimed("LT-3"))
    looked_at = msgspec.structs.replace(AT_DOWNLOAD, gaps_looked_at=True)
    assert day.commit(day.pull().download, looked_at).committed == 1
    seq = day.clear(looked_at).seq
    day.bus.times.sleep(2 * 24 * 3600)
    anew = msgspec.structs.replace(looked_at, scanned_anew=bool(faults))
    assert day.commit(first, anew).committed == 2
    assert kept_downloads.latest_download(day.workplace, desk_of(day)) == first
    if faults:
        with pytest.raises(ScannerClearRefused, match="lost once and came back"):
            day.clear()
    else:
        again = day.clear()
        assert (again.already_cleared, again.seq > seq, again.batches) == (False, True, (2,))
    assert rows_of(day) == dict.fromkeys(["LT-1", "LT-2", "LT-3"], 1)
    assert day.verified()


@pytest.mark.parametrize("is_emptied", [False, True])
def test_a_clear_names_what_was_pulled_and_is_not_kept(fields: MakeField, *, is_emptied: bool) -> None:
    """The log has its batch: that nothing was pulled yet would be no truth. What the scanner holds stays in it.

    A file that is there and can't be read goes before what the log names: it was pulled since, or is asked for next.
    """
    day = fields()
    with pytest.raises(ClearTooEarly, match="nothing was pulled from it yet"):
        day.clear()
    first = day.pull().download
    day.commit(first)
    day.scan("LT-3")
    second = day.pull().download
    for each in (first, second):
        path = day.spool.folder / each.name
        path.write_bytes(b"") if is_emptied else path.unlink()
    with pytest.raises(ScannerClearRefused) as refused:
        day.clear()
    named = second if is_emptied else first
    assert f"{named.name} was pulled from it, and its kept file is missing or can't be read" in str(refused.value)
    assert "No scan was erased, and nothing was saved" in str(refused.value)
    assert len(day.scanner.records) == 8


def test_a_clear_names_the_file_that_is_damaged_before_one_that_is_gone(fields: MakeField) -> None:
    """The one was cleared, as the log says; the other was pulled since, and what the scanner holds is in it alone."""
    day = fields()
    first = day.pull().download
    day.commit(first)
    day.clear()
    day.bus.times.sleep(3600)
    day.scan("LT-3")
    second = day.pull().download
    (day.spool.folder / first.name).unlink()
    (day.spool.folder / second.name).write_bytes(b"")
    with pytest.raises(ScannerClearRefused, match=f"{second.name} was pulled from it") as refused:
        day.clear()
    assert first.name not in str(refused.value)


def test_a_clear_names_a_file_that_cannot_be_read_though_nothing_of_it_is_recorded(fields: MakeField) -> None:
    """It was pulled, and not committed: that is known by the file alone."""
    day = fields()
    download = day.pull().download
    (day.spool.folder / download.name).write_bytes(b"")
    with pytest.raises(ScannerClearRefused, match=download.name):
        day.clear()


# -- a commit said again after files came back ---------------------------------------------------------------------


@pytest.mark.parametrize("with_code", [True, False])
@pytest.mark.parametrize("faults", [(NO_TIMES,), ()])
def test_a_commit_said_again_after_a_lost_file_came_back_is_done_already(
    fields: MakeField, faults: Sequence[Fault], *, with_code: bool
) -> None:
    """The scans that it left out, as recorded by the lost one, are that batch's by now: it is answered as before."""
    day = fields(*faults, scans=untimed("LT-1", "LT-2"))
    first = day.pull().download
    day.commit(first, AT_DOWNLOAD)
    lost = (day.spool.folder / first.name).read_bytes()
    (day.spool.folder / first.name).unlink()
    day.bus.times.sleep(3600)
    day.scan("LT-3")
    second = day.pull().download
    said = msgspec.structs.replace(AT_DOWNLOAD, gaps_looked_at=True)
    for number in (3, 4):
        said = said.answering(number, left_out="recorded")
    code = day.preview(second, said)[1].confirm_code if with_code else None
    assert day.downloads.commit_download(second, said, LAPTOP, confirm=code).committed == 1
    (day.spool.folder / first.name).write_bytes(lost)
    with day.desk.unchanged():
        again = day.downloads.commit_download(second, said, LAPTOP, confirm=code)
        assert (again.already_committed, again.recorded_in) == (True, [1, 2])
    other = said.answering(4, taken=True)
    with day.desk.unchanged(), pytest.raises(AnswersTooLate, match="Scan 4 was dealt with in batch 1"):
        day.commit(second, other)
    assert rows_of(day) == dict.fromkeys(["LT-1", "LT-2", "LT-3"], 1)
    assert day.clear(SAME).batches == (1, 2)
    with day.desk.unchanged():
        again = day.downloads.commit_download(second, said, LAPTOP, confirm=code)
        assert (again.already_committed, again.recorded_in) == (True, [1, 2])


def test_a_download_that_was_cleared_is_shown_though_a_lost_file_came_back_since(fields: MakeField) -> None:
    """What was left out with the clear, as the file of its batch was gone, is that batch's by now."""
    day = fields(NO_TIMES, scans=untimed("LT-1"))
    first = day.pull().download
    day.commit(first, AT_DOWNLOAD)
    lost = (day.spool.folder / first.name).read_bytes()
    (day.spool.folder / first.name).unlink()
    day.bus.times.sleep(3600)
    day.scan("<b>")
    second = day.pull().download
    said = msgspec.structs.replace(AT_DOWNLOAD, gaps_looked_at=True)
    for number in (3, 4):
        said = said.answering(number, left_out="recorded")
    assert day.clear(said).scans == 4
    (day.spool.folder / first.name).write_bytes(lost)
    with day.desk.unchanged():
        assert day.downloads.batch(second, AT_DOWNLOAD).is_recorded
