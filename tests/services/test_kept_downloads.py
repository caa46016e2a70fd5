"""What became of the downloads that are kept, as a list of them tells it."""

import msgspec
import pytest

from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.scanner.emulator import Unit
from assettrack.scanner.parameters import Parameter
from assettrack.services import scanner_care
from assettrack.services.kept_downloads import Kept, kept_download, latest_download
from tests.services.field import AT_DOWNLOAD, MORNING, Field, MakeField, desk_of, untimed
from tests.services.test_earlier_scans import SAME, commit, filed, off_by


def told(day: Field) -> Kept:
    """Return what is told of what the scanner holds."""
    return kept_download(day.workplace, desk_of(day), day.pull().download.name)


def test_scans_told_again_without_their_times_are_the_same_ones(fields: MakeField) -> None:
    """A later download has all scans of an earlier one, though the scanner keeps no times any more."""
    day = fields()
    first = day.pull().download
    day.scanner.parameters[Parameter.STORE_STAMPS] = b"\0"
    day.scan("LT-3")
    second = day.pull().download
    assert not second.with_stamps
    kept = kept_download(day.workplace, desk_of(day), first.name)
    assert (kept.state, kept.later) == ("later", second.name)


@pytest.mark.parametrize("seconds", [0, 7])
def test_what_a_file_told_whole_is_said_to_be_in_its_batch(fields: MakeField, seconds: int) -> None:
    """Whether or not the rows would be the same to the second; it became no batch itself, and is cleared later."""
    day = fields(scans=())
    off_by(day, seconds)
    day.scan(*untimed("LT-1", "LT-2"))
    assert told(day).state == "open"
    commit(day, filed(day, day.pull().download))
    kept = told(day)
    assert (kept.state, kept.batches, kept.elsewhere) == ("recorded", (1,), ((1,), True, True))
    day.commit(day.pull().download, SAME)
    assert told(day).state == "recorded"
    day.clear(SAME)
    cleared = kept_download(day.workplace, desk_of(day), kept.download.name)
    assert (cleared.state, cleared.batches) == ("cleared", (1,))


def test_what_a_file_told_in_part_is_open_until_batches_have_the_rest(fields: MakeField) -> None:
    """One scan more than the file has is not in its batch; the batches of a file and of a pull may have all of it."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan(*untimed("LT-1", "LT-2"))
    first = day.pull().download
    found = filed(day, first)
    day.scan("LT-3")
    commit(day, found)
    assert told(day).state == "open"
    assert kept_download(day.workplace, desk_of(day), first.name).state == "later"
    day.commit(day.pull().download, SAME, only_new=True)
    day.scan("LT-4")
    fourth = filed(day, day.pull().download, last=1)
    commit(day, fourth, Answers(operator="kim", event_type="SCAN"))
    assert told(day).elsewhere == ((2, 3), True, True)


def test_what_another_download_told_is_in_its_batch(fields: MakeField) -> None:
    """Pulled once more because the clock was set meanwhile: nothing of it is left to commit."""
    day = fields()
    day.commit(day.pull().download)
    scanner = day.connected()
    scanner_care.set_clock(day.workplace, scanner, desk_of(day))
    scanner.link.close()
    latest = day.spool.downloads()[-1]
    assert len(day.spool.downloads()) == 2
    kept = kept_download(day.workplace, desk_of(day), latest.name)
    assert (kept.state, kept.elsewhere) == ("recorded", ((1,), False, True))


def test_without_times_nothing_is_taken_for_what_a_file_told(fields: MakeField) -> None:
    """Nobody can tell which scans these are, though the file has as many of which the time is not known."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan("LT-9", *MORNING)
    found = filed(day, day.pull().download)
    day.scanner.parameters[Parameter.STORE_STAMPS] = b"\0"
    scans = [
        msgspec.structs.replace(each, scan=msgspec.structs.replace(each.scan, stamp="", stamp_bytes=""))
        for each in found.scans[1:]
    ]
    said = Answers(operator="kim", event_type="SCAN", untimed_at_download=True)
    at = f"{day.bus.times.now():%Y-%m-%dT%H:%M}Z"
    commit(day, msgspec.structs.replace(found, scans=[found.scans[0], *scans]), said, at)
    day.scanner.records.pop(0)
    assert told(day).state == "open"


def test_scans_that_may_have_been_made_anew_are_open(fields: MakeField) -> None:
    """They equal committed ones, have no times, and one is gone: whether they are these is to be asked."""
    day = fields()
    day.scanner.parameters[Parameter.STORE_STAMPS] = b"\0"
    day.commit(day.pull().download, AT_DOWNLOAD)
    day.scanner.records.pop()
    assert told(day).state == "open"


def test_what_a_file_told_whole_is_not_meant_beside_another_scanner(fields: MakeField) -> None:
    """Nothing of it waits for a commit, so that the other scanner's download needs no name."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan(*untimed("LT-1"))
    commit(day, filed(day, day.pull().download))
    day.scanner.unit = Unit(serial_field=bytes.fromhex("0000000000424242"))
    day.scan("LT-2")
    mine = day.pull().download
    found = latest_download(day.workplace, desk_of(day))
    assert found is not None
    assert found.name == mine.name


def test_what_a_file_left_out_is_not_said_to_be_in_its_batch(fields: MakeField) -> None:
    """All of the download is dealt with, and what was left out is nowhere recorded: be it of a file or of a pull."""
    for is_file in (True, False):
        day = fields(scans=())
        off_by(day, 0)
        day.scan(*untimed("LT-1", "LT-2"))
        first = day.pull().download
        out = Answers(operator="kim", left_out=(LeftOut(4, "not ours"),))
        if is_file:
            commit(day, filed(day, first), out)
        else:
            day.scan("LT-3")
            day.commit(day.pull().download, out)
        found = kept_download(day.workplace, desk_of(day), first.name)
        assert (found.state, found.batches) == (("recorded", (1,)) if is_file else ("later", ()))
        with day.desk.store.read() as snapshot:
            assert day.downloads.elsewhere(snapshot, first) == ((1,), is_file, False)
