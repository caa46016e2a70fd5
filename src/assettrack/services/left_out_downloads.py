"""Downloads that somebody left out whole, as the log has them, and scans that were left out in no batch.

Owns what the log says of them, and no more: such a download is out of the way, and nothing of it is settled by that.
Its file stays, and it can be committed all the same. Owns which scans they are wherever they come again: by what the
log has of them, and by the kept download where that is not enough. What is asked about these then is `earlier_scans`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from assettrack.domain import cards
from assettrack.domain.downloads import Download
from assettrack.domain.entries.scanner import ScannerClearedEntry, ScansLeftOutEntry
from assettrack.domain.findings import Finding, finding
from assettrack.domain.left_out_scans import LeftOutWith
from assettrack.domain.pulled_batch import PulledScans
from assettrack.domain.raw_scans import RawScan, tell_times
from assettrack.domain.same_scans import may_be_again
from assettrack.domain.scan_traces import Traced, codes_found_again, parted
from assettrack.domain.settled_scans import Settled
from assettrack.domain.stamped_scans import StampedScans, code_traces, stamps_of
from assettrack.domain.wording import batches_named
from assettrack.services.earlier_scans import batches_saying, later_by
from assettrack.services.ports import Snapshot
from assettrack.services.scanner_history import Fill
from assettrack.services.scanner_ports import ReadScans
from assettrack.services.stored_entries import decoded_body

_WHOLE, _CLEAR = "SCANS_LEFT_OUT", "SCANNER_CLEARED"

LeftOutWhole = Mapping[str, ScansLeftOutEntry]
"""Entries of downloads that were left out whole, by the names of the downloads."""


class KeptScans(NamedTuple):
    """The scans of a kept download, and by how many seconds the scanner's clock was off, None where nobody knows."""

    scans: Sequence[RawScan]
    clock_off: int | None


FindKept = Callable[[Snapshot, Collection[str]], Mapping[str, KeptScans]]
"""Returns the scans of those downloads of some names that are kept, by their names."""


def none_kept(_snapshot: Snapshot, _names: Collection[str]) -> Mapping[str, KeptScans]:
    """Know of no kept download."""
    return {}


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


def said_of_itself(told: Told, out: LeftOutWhole, settled: Settled) -> list[Finding]:
    """Return what is to be said of a download that was left out whole, and became no batch all the same.

    What batches dealt with, be it that a later pull settled it as the same scans, no commit by its name takes any more.
    """
    download = told.download
    entry = out.get(download.name)
    if entry is None or told.fill.batch_of(download) is not None:
        return []
    scans = len(told.read_scans(download.reply, with_stamps=download.with_stamps))
    done, now = len(settled.batches), "If it is committed all the same, by its name, that counts instead."
    if done:
        which, where = "All" if done == scans else f"{done:,}", batches_named(settled.recorded_in)
        now = f"{which} of its scans are dealt with in {where}, and stay as they are there."
        if done < scans:
            now += " If the rest is committed all the same, by its name, that counts instead."
    return [finding("left_out_whole", download=download.name, how=how_left_out(entry), now=now)]


def how_left_out(entry: ScansLeftOutEntry) -> str:
    """Return when a download was left out whole, by which entry and why, to be said after that it was."""
    when = f"{datetime.fromisoformat(entry.recorded_at):%Y-%m-%d %H:%M} UTC"
    return f"on {when}, by entry {entry.seq:,} of the log, because: {entry.reason}"


def left_out_before(
    snapshot: Snapshot, scans: PulledScans, out: LeftOutWhole, told: Told | None = None, find_kept: FindKept = none_kept
) -> Mapping[int, LeftOutWith]:
    """Return which open scans may be some that were left out in no batch: with a whole download, or with a clear.

    ``told`` is the download that has them, None where a file does. A download is none of these itself: who names it
    commits it. Where the scanner was not cleared in between, they are told by what it stored, and else by which code
    was scanned when; that tells nothing in a download if its clock stood still. An entry of an older program says
    nothing of it: its download does, if it is kept. So it does where a file or its scans have no times: by their codes
    in order, as in two files. What was left out first counts.
    """
    entries = [each for each in _in_no_batch(snapshot, out) if told is None or _is_other(each, told.download)]
    is_bare = told is None and not any(each.stamp for each in scans.scans)
    names = {each.download for each in entries if is_bare or not each.stamps}
    kept = find_kept(snapshot, names) if names else {}
    traces = {each.seq: _traces(each, kept.get(each.download)) for each in entries}
    ours = StampedScans(scans.stamped, {trace for each in traces.values() for trace in parted(each.stamps)})
    bare = in_order(scans.scans) if kept else []
    found: dict[int, LeftOutWith] = {}
    for entry in entries:
        now = None if told is None else _stored_again(entry.download, scans, told)
        if now is None and told is not None and _is_told_again(snapshot, entry, told):
            now = {number: number for number in range(1, len(scans.scans) + 1)}
        if now is None:
            stamps, clock_off, codes = traces[entry.seq]
            if told is None and (is_bare or not stamps):
                now = codes_found_again(codes, bare)
            else:
                stamps = "" if told is not None and _stands_still(entry, scans) else stamps
                now = ours.found_in(stamps, entry.scans, later_by(scans, clock_off))[0]
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


class _Traces(NamedTuple):
    """What is known of the scans of an entry: as in its fields, and their codes in order; empty where nobody knows."""

    stamps: str
    clock_off: int | None
    codes: Sequence[Traced]


def _traces(entry: ScansLeftOutEntry | ScannerClearedEntry, kept: KeptScans | None) -> _Traces:
    if kept is None:
        return _Traces(entry.stamps, entry.clock_off, ())
    codes = in_order(kept.scans)
    if entry.stamps:
        return _Traces(entry.stamps, entry.clock_off, codes)
    return _Traces(stamps_of(kept.scans), kept.clock_off, codes)


def in_order(scans: Sequence[RawScan]) -> list[Traced]:
    """Return scans as those of a file without times: which code comes after which."""
    is_card = (cards.is_card(each.text) or cards.read_slot_label(each.text) is not None for each in scans)
    return [
        Traced(trace, is_timed=False, is_card=is_one) for trace, is_one in zip(code_traces(scans), is_card, strict=True)
    ]


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


def _is_told_again(snapshot: Snapshot, entry: ScansLeftOutEntry | ScannerClearedEntry, told: Told) -> bool:
    """Tell whether a download has the very bytes of one that was left out whole, and no clear since is in the log.

    It says so though the file of that one is lost, and the scans have no times.
    """
    if not isinstance(entry, ScansLeftOutEntry) or entry.sha256 != told.download.sha256:
        return False
    clears = (decoded_body(body) for body in snapshot.deeds_of_kind(_CLEAR))
    serials = {each.serial for each in clears if isinstance(each, ScannerClearedEntry) and each.seq > entry.seq}
    return entry.serial not in serials


def _stands_still(entry: ScansLeftOutEntry | ScannerClearedEntry, scans: PulledScans) -> bool:
    """Tell whether times prove nothing of scans that are not just those of an entry: all are of one second."""
    is_of_one = sum(bool(each.stamp) for each in scans.scans) > 1 and not tell_times(scans.scans)
    return is_of_one and entry.sha256 != scans.sha256


def _is_committed(snapshot: Snapshot, name: str) -> bool:
    """Tell whether a download became a batch all the same, which counts instead of its entry then."""
    return any(batch.source_name == name for batch in batches_saying(snapshot, name))
