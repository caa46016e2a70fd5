"""Downloads of which the kept file is damaged: named and said, and no other is taken in their place."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assettrack.domain import download_errors, errors
from assettrack.domain.downloads import Download
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.scanner.emulator import Unit
from assettrack.services import leaving_out
from assettrack.services.kept_downloads import kept_download, latest_download
from tests.services.field import Field, MakeField, desk_of

OTHER = Unit(serial_field=bytes.fromhex("0000000000424242"))
KIM = Answers(operator="kim", event_type="SCAN")
NONE_COUNTS = Answers(left_out=tuple(LeftOut(number, "a trial") for number in range(1, 9)))


def damage(day: Field, download: Download) -> None:
    """Cut the kept file of a download."""
    path = day.spool.folder / download.name
    path.write_bytes(path.read_bytes()[:-20])


def pull(day: Field, *texts: str) -> Download:
    """Scan something more, a minute later, and pull."""
    day.bus.times.sleep(60)
    day.scan(*texts)
    return day.pull().download


def latest(day: Field) -> Download | None:
    """Return the download that is meant where none is named."""
    return latest_download(day.workplace, desk_of(day))


def stopped(day: Field, download: Download) -> str:
    """Return what stops whoever names no download, which has to be that one is damaged."""
    with pytest.raises(download_errors.DownloadDamaged, match=download.name) as found:
        latest(day)
    return str(found.value)


@pytest.mark.parametrize("what", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_damaged_too_and_not_waited_for(fields: MakeField, what: Callable[[Path], None]) -> None:
    """A pipe or a folder by the name of a download stops nothing but what needs it."""
    day = fields()
    first = day.pull().download
    name = first.name.replace("20260", "20250", 1)
    what(day.spool.folder / name)
    assert list(day.spool.damaged()) == [(name, "it is no file")]
    assert [each.name for each in day.spool.downloads()] == [first.name]


def test_no_older_download_is_taken_for_a_damaged_one(fields: MakeField) -> None:
    """The latest one is named, with why it can't be read, and what can be done; an older one is no matter."""
    day = fields()
    first = day.pull().download
    second = pull(day, "LT-3")
    damage(day, second)
    said = stopped(day, second)
    for words in ("damaged", "Nothing was saved", "good copy", "pull again", "name the download"):
        assert words in said
    third = pull(day, "LT-4")
    assert latest(day) == third
    damage(day, first)
    assert latest(day) == third


def test_the_only_download_is_not_nothing(fields: MakeField) -> None:
    """Where its file is damaged, it is named; where there is none at all, nothing is meant."""
    day = fields()
    assert latest(day) is None
    only = day.pull().download
    damage(day, only)
    stopped(day, only)


def test_a_damaged_download_of_another_scanner_may_be_meant(fields: MakeField) -> None:
    """What was pulled from it may wait for its commit: nobody can tell which of the two is meant."""
    day = fields()
    theirs = day.pull().download
    day.scanner.unit = OTHER
    pull(day, "LT-3")
    damage(day, theirs)
    stopped(day, theirs)


def _commit(day: Field, download: Download) -> None:
    day.commit(download, KIM)


def _commit_and_clear(day: Field, download: Download) -> None:
    day.commit(download, KIM)
    day.clear(KIM)


def _leave_out(day: Field, download: Download) -> None:
    leaving_out.leave_out(day.workplace, day.downloads, download, "a trial")


def _clear(day: Field, download: Download) -> None:
    assert download.number == 2
    day.clear(NONE_COUNTS)


@pytest.mark.parametrize("deal", [_commit, _commit_and_clear, _leave_out, _clear])
def test_a_damaged_download_that_was_dealt_with_hides_no_later_one(
    fields: MakeField, deal: Callable[[Field, Download], None]
) -> None:
    """The log says so by its name: the later one of another scanner is meant. The latest itself is named."""
    day = fields()
    first = day.pull().download
    theirs = pull(day, "LT-7")
    assert first.serial == theirs.serial
    deal(day, theirs)
    damage(day, theirs)
    stopped(day, theirs)
    day.scanner.unit = OTHER
    mine = pull(day, "LT-3")
    assert latest(day) == mine


def test_a_damaged_file_whose_name_tells_no_time_is_no_latest_one(fields: MakeField) -> None:
    """Somebody put it there: it is listed, and keeps nobody from the latest download."""
    day = fields()
    mine = day.pull().download
    (day.spool.folder / "copy of 2026Z-697227-x.scans.json").write_bytes(b"{")
    assert latest(day) == mine
    assert len(day.spool.damaged()) == 1


def test_a_damaged_download_is_said_to_be_damaged_by_its_name(fields: MakeField) -> None:
    """By all of its name or its beginning; a beginning that another has too names neither."""
    day = fields()
    first = day.pull().download
    second = pull(day, "LT-3")
    damage(day, second)
    day_of_both = second.name[:8]
    for name in (second.name, second.name[:15]):
        with pytest.raises(download_errors.DownloadDamaged, match=second.name):
            day.spool.named(name)
    assert first.name.startswith(day_of_both)
    assert day.spool.named(day_of_both) is None
    assert day.spool.named(first.name) == first
    with pytest.raises(download_errors.DownloadDamaged, match=second.name):
        kept_download(day.workplace, desk_of(day), second.name)
    with pytest.raises(errors.NotFound):
        kept_download(day.workplace, desk_of(day), "2026")


def test_a_spoiled_copy_beside_a_good_one_is_no_matter(fields: MakeField) -> None:
    """A download is the one of its name, wherever it lies: a good copy under another file name counts."""
    day = fields()
    mine = day.pull().download
    (day.spool.folder / f"a-{mine.name}").write_bytes((day.spool.folder / mine.name).read_bytes())
    damage(day, mine)
    assert day.spool.named(mine.name) == mine
    assert latest(day) == mine
