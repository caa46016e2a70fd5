"""Downloads that somebody left out whole, as the log has them, and scans that were left out in no batch.

Owns what the log says of them, and no more: such a download is out of the way, and nothing of it is settled by that.
Its file stays, and it can be committed all the same. Owns which scans they are wherever they come again; what is asked
about these then is `earlier_scans`.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from assettrack.domain.downloads import Download
from assettrack.domain.entries.scanner import ScannerClearedEntry, ScansLeftOutEntry
from assettrack.domain.findings import Finding, finding
from assettrack.domain.left_out_scans import LeftOutWith
from assettrack.domain.pulled_batch import PulledScans
from assettrack.domain.raw_scans import tell_times
from assettrack.domain.same_scans import may_be_again
from assettrack.domain.scan_traces import parted
from assettrack.domain.stamped_scans import StampedScans
from assettrack.services.earlier_scans import batches_saying, later_by
from assettrack.services.ports import Snapshot
from assettrack.services.scanner_history import Fill
from assettrack.services.scanner_ports import ReadScans
from assettrack.services.stored_entries import decoded_body

_WHOLE, _CLEAR = "SCANS_LEFT_OUT", "SCANNER_CLEARED"

LeftOutWhole = Mapping[str, ScansLeftOutEntry]
"""Entries of downloads that were left out whole, by the names of the downloads."""


class Told(NamedTuple):
    """A download that tells some scans, its fill, and how others of it are read."""

    download: Download
    fill: Fill
    read_scans: ReadScans


def left_out_whole(snapshot: Snapshot) -> LeftOutWhole:
    """Return the entries of downloads that were left out whole, by the names of the downloads."""
    entries = [decoded_body(body) for body in snapshot.deeds_of_kind(_WHOLE)]
    return {entry.download: entry for entry in entries if isinstance(entry, ScansLeftOutEntry)}


def without_left_out(fill: Fill, out: LeftOutWhole) -> Fill:
    """Return a fill without its downloads that were left out whole: nobody waits for their scans any more."""
    committed = {batch.source_name for batch in fill.batches}
    gone = out.keys() - committed
    return msgspec.structs.replace(fill, downloads=[each for each in fill.downloads if each.name not in gone])


def said_of_itself(download: Download, fill: Fill, out: LeftOutWhole) -> list[Finding]:
    """Return what is to be said of a download that was left out whole, and became no batch all the same."""
    entry = out.get(download.name)
    if entry is None or fill.batch_of(download) is not None:
        return []
    return [finding("left_out_whole", download=download.name, how=how_left_out(entry))]


def how_left_out(entry: ScansLeftOutEntry) -> str:
    """Return when a download was left out whole, by which entry and why, to be said after that it was."""
    when = f"{datetime.fromisoformat(entry.recorded_at):%Y-%m-%d %H:%M} UTC"
    return f"on {when}, by entry {entry.seq:,} of the log, because: {entry.reason}"


def left_out_before(
    snapshot: Snapshot, scans: PulledScans, out: LeftOutWhole, told: Told | None = None
) -> Mapping[int, LeftOutWith]:
    """Return which open scans may be some that were left out in no batch: with a whole download, or with a clear.

    ``told`` is the download that has them, None where a file does. A download is none of these itself: who names it
    commits it. Where the scanner was not cleared in between, they are told by what it stored, and else by which code
    was scanned when; that tells nothing in a download if its clock stood still. What was left out first counts.
    """
    entries = [each for each in _in_no_batch(snapshot, out) if told is None or _is_other(each, told.download)]
    ours = StampedScans(scans.stamped, {trace for entry in entries for trace in parted(entry.stamps)})
    found: dict[int, LeftOutWith] = {}
    for entry in entries:
        now = None if told is None else _stored_again(entry.download, scans, told)
        if now is None:
            stamps = "" if told is not None and _stands_still(entry, scans) else entry.stamps
            now = ours.found_in(stamps, entry.scans, later_by(scans, entry.clock_off))[0]
        reasons = _reasons(entry, now)
        told_now = {now[then]: LeftOutWith(reason, entry.download) for then, reason in reasons.items()}
        known = scans.settled.batches.keys() | found.keys()
        still = {number: how for number, how in told_now.items() if number not in known}
        if still and not (entry is out.get(entry.download) and _is_committed(snapshot, entry.download)):
            found |= still
    return found


def judged_by(snapshot: Snapshot) -> tuple[bytes | None, ...]:
    """Return what is another one whenever scans were left out in no batch since."""
    return tuple(next(snapshot.deeds_of_kind(kind), None) for kind in (_WHOLE, _CLEAR))


def _in_no_batch(snapshot: Snapshot, out: LeftOutWhole) -> list[ScansLeftOutEntry | ScannerClearedEntry]:
    """Return the entries by which scans were left out in no batch, in the order of the log."""
    clears = [decoded_body(body) for body in snapshot.deeds_of_kind(_CLEAR)]
    found = [each for each in clears if isinstance(each, ScannerClearedEntry) and each.answers.left_out]
    return sorted([*out.values(), *found], key=lambda each: each.seq)


def _is_other(entry: ScansLeftOutEntry | ScannerClearedEntry, download: Download) -> bool:
    return entry.serial == download.serial and entry.download != download.name


def _reasons(entry: ScansLeftOutEntry | ScannerClearedEntry, numbers: Collection[int]) -> Mapping[int, str]:
    """Return which of some scans of a download are left out by an entry, each with the reason."""
    if isinstance(entry, ScansLeftOutEntry):
        return dict.fromkeys(numbers, entry.reason)
    return {each.number: each.reason for each in entry.answers.left_out if each.number in numbers}


def _stored_again(name: str, scans: PulledScans, told: Told) -> Mapping[int, int] | None:
    """Return which scan of a download of the same fill may be which one; None where it is none, or not kept."""
    then = next((each for each in told.fill.downloads if each.name == name), None)
    if then is None:
        return None
    theirs = told.read_scans(then.reply, with_stamps=then.with_stamps)
    return may_be_again((then, theirs), (told.download, scans.scans))


def _stands_still(entry: ScansLeftOutEntry | ScannerClearedEntry, scans: PulledScans) -> bool:
    """Tell whether times prove nothing of scans that are not just those of an entry: all are of one second."""
    is_of_one = sum(bool(each.stamp) for each in scans.scans) > 1 and not tell_times(scans.scans)
    return is_of_one and entry.sha256 != scans.sha256


def _is_committed(snapshot: Snapshot, name: str) -> bool:
    """Tell whether a download became a batch all the same, which counts instead of its entry then."""
    return any(batch.source_name == name for batch in batches_saying(snapshot, name))
