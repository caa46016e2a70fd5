"""What became of the downloads that are kept: committed, cleared, or still to be looked at.

Owns the short answer for a list of them, from the log and the spool alone. The proof on which a scanner is cleared is
`scanner_clearing`: it looks at every row.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from assettrack.domain import download_errors, errors
from assettrack.domain.downloads import Download
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.entries.scanner import ScannerClearedEntry, ScansLeftOutEntry
from assettrack.domain.same_scans import are_timed, known_again
from assettrack.services.earlier_scans import batches_saying
from assettrack.services.left_out_downloads import how_left_out, left_out_whole
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.recorded_elsewhere import Elsewhere, recorded_elsewhere
from assettrack.services.scanner_desk import ScannerDesk
from assettrack.services.scanner_history import Fill, ScannerHistory, newest_kept

State = Literal["open", "committed", "cleared", "left_out", "later", "recorded"]


class Kept(msgspec.Struct, frozen=True):
    """A download and what became of it.

    ``batch`` is the entry of the batch that it became, ``cleared`` that of the clear after it, None where there is
    none. ``later`` is the name of a later download that has all of its scans. ``is_latest`` says that nothing was
    pulled from this scanner since. ``left_out`` is the entry that says that it was left out whole, None where it was
    not, or was committed after that. ``elsewhere`` are the batches that have all of its scans though it became none
    itself and no later download goes on with it, None where there are none.
    """

    download: Download
    scans: int
    batch: BatchEntry | None
    cleared: ScannerClearedEntry | None
    later: str
    is_latest: bool
    left_out: ScansLeftOutEntry | None = None
    elsewhere: Elsewhere | None = None

    @property
    def batches(self) -> Sequence[int]:
        """The batches that have its scans, as far as the log names them."""
        if self.cleared is not None:
            return self.cleared.batches
        if self.batch is not None:
            return [self.batch.batch_id]
        return () if self.elsewhere is None else self.elsewhere.batches

    @property
    def state(self) -> State:
        """What became of it, in a word."""
        if self.cleared is not None:
            return "cleared"
        if self.batch is not None:
            return "committed"
        if self.left_out is not None:
            return "left_out"
        if self.later:
            return "later"
        return "open" if self.elsewhere is None else "recorded"


def kept_downloads(workplace: Workplace, desk: ScannerDesk, most: int) -> tuple[list[Kept], int]:
    """Return the latest downloads, newest first, at most so many, and how many there are in all.

    Raises:
        download_errors.SpoolUnusable: what is kept can't be read.
    """
    everything = list(desk.spool.downloads())
    shown = everything[-most:][::-1]
    return _told(workplace, desk, shown, everything), len(everything)


def kept_download(workplace: Workplace, desk: ScannerDesk, name: str) -> Kept:
    """Return a download by its whole name.

    Raises:
        errors.NotFound: there is none of this name.
        download_errors.DownloadDamaged: its file is no whole download.
        download_errors.SpoolUnusable: what is kept can't be read.
    """
    everything = list(desk.spool.downloads())
    found = [each for each in everything if each.name == name]
    if not found:
        reason = dict(desk.spool.damaged()).get(name)
        raise errors.NotFound("download", name) if reason is None else download_errors.DownloadDamaged(name, reason)
    return _told(workplace, desk, found, everything)[0]


def latest_download(workplace: Workplace, desk: ScannerDesk) -> Download | None:
    """Return the download that is meant where none is named, None where nothing is kept.

    It is the latest one of its scanner. Between scanners nothing is guessed: their order hangs on the computer's clock.

    Raises:
        download_errors.DownloadUnnamed: the latest download of another scanner is still to be committed.
        download_errors.DownloadDealtWith: it was left out whole, and there is no other.
        download_errors.DownloadDamaged: the kept file of the latest one of a scanner is damaged, and it may be meant.
        download_errors.SpoolUnusable: what is kept can't be read.
    """
    everything = list(desk.spool.downloads())
    of_scanners = _newest_of_each(workplace, desk, everything)
    for serial in _damaged_at_last(workplace, desk, of_scanners):
        del of_scanners[serial]
    told = _told(workplace, desk, list(of_scanners.values()), everything)
    found = [each for each in told if each.state != "left_out"]
    if told and not found:
        last = max(told, key=lambda each: each.download.pulled_at)
        assert last.left_out is not None, "that is its state"
        raise download_errors.DownloadDealtWith.left_out(last.download.name, how_left_out(last.left_out))
    latest = max((each.download for each in found), key=lambda each: each.pulled_at, default=None)
    waiting = sorted(each.download.name for each in found if each.state == "open")
    meant = sorted({*waiting, *(each.download.name for each in found if each.download is latest)})
    if len(meant) > 1:
        raise download_errors.DownloadUnnamed(meant, waiting=waiting)
    return latest


def _newest_of_each(workplace: Workplace, desk: ScannerDesk, everything: Sequence[Download]) -> dict[str, Download]:
    """Return what was pulled last of each scanner, by the numbers of the scanners."""
    by_serial: dict[str, list[Download]] = {}
    for each in sorted(everything, key=lambda each: each.order):
        by_serial.setdefault(each.serial, []).append(each)
    with workplace.store.read() as snapshot:
        newest = [newest_kept(snapshot, kept, desk.read_scans) for kept in by_serial.values()]
    return {each.serial: each for each in newest if each is not None}


def _damaged_at_last(workplace: Workplace, desk: ScannerDesk, latest: Mapping[str, Download]) -> list[str]:
    """Return the scanners, of those with a whole download, whose latest one is damaged, and dealt with by the log.

    Raises:
        download_errors.DownloadDamaged: one of a scanner is not dealt with, or nothing was pulled since from any.
    """
    damaged = [(told, name, reason) for name, reason in desk.spool.damaged() if (told := _TOLD_BY_NAME.match(name))]
    whole = {each.name for each in latest.values()}
    when = {each.serial: each.name[:_WHEN] for each in latest.values()}
    found = [
        (told[2], name, reason)
        for told, name, reason in damaged
        if name not in whole and told[1] >= when.get(told[2], "")
    ]
    if not found:
        return []
    with workplace.store.read() as snapshot:
        for _, name, reason in found:
            if name[:_WHEN] >= max(when.values(), default="") or not _is_dealt_with(snapshot, name):
                raise download_errors.DownloadDamaged(name, reason, is_latest=True)
    return sorted({serial for serial, _, _ in found} & when.keys())


_TOLD_BY_NAME = re.compile(r"([0-9]{8}T[0-9]{6})Z-(.*)-[0-9a-f]{12}")
"""What the name of a download's file tells (`Download.name`): when it was pulled, and from which scanner."""

_WHEN = 15


def _is_dealt_with(snapshot: Snapshot, name: str) -> bool:
    """Return whether the log says that a download became a batch, was left out whole, or was cleared."""
    if name in left_out_whole(snapshot) or any(each.source_name == name for each in batches_saying(snapshot, name)):
        return True
    return any(name.encode() in body for body in snapshot.deeds_of_kind("SCANNER_CLEARED"))


def _told(
    workplace: Workplace, desk: ScannerDesk, shown: Sequence[Download], everything: Sequence[Download]
) -> list[Kept]:
    if not shown:
        return []
    by_serial: dict[str, list[Download]] = {}
    for each in shown:
        by_serial.setdefault(each.serial, []).append(each)
    with workplace.store.read() as snapshot:
        out = left_out_whole(snapshot)
        known = {serial: ScannerHistory(snapshot, of, everything, desk.read_scans) for serial, of in by_serial.items()}
        fills = {each.name: known[each.serial].fill_of(each) for each in shown}
        open_ones = [(each, fills[each.name]) for each in shown if _is_open(each, fills[each.name])]
        later = {
            each.name: _later(desk, each, [one for one in known[each.serial].downloads if one.order > each.order])
            for each, _ in open_ones
        }
        waiting = [(each, fill) for each, fill in open_ones if not later[each.name]]
        elsewhere = recorded_elsewhere(snapshot, waiting, desk.read_scans)
    found = []
    for download in shown:
        fill = fills[download.name]
        batch = fill.batch_of(download)
        newest = known[download.serial].newest
        found.append(
            Kept(
                download,
                len(desk.read_scans(download.reply, with_stamps=download.with_stamps)),
                batch,
                fill.clear_of(download),
                later.get(download.name, ""),
                is_latest=newest.name == download.name,
                left_out=None if batch is not None else out.get(download.name),
                elsewhere=elsewhere.get(download.name),
            )
        )
    return found


def _is_open(download: Download, fill: Fill) -> bool:
    """Tell whether a download became no batch itself, and the scanner was not cleared of it."""
    return fill.batch_of(download) is None and fill.clear_of(download) is None


def _later(desk: ScannerDesk, download: Download, after: Sequence[Download]) -> str:
    """Return the name of the next download if it has all scans of this one and more, else blank."""
    if not after:
        return ""
    following = after[0]
    then = download, desk.read_scans(download.reply, with_stamps=download.with_stamps)
    now = following, desk.read_scans(following.reply, with_stamps=following.with_stamps)
    there = known_again(then, now, timed=are_timed(then, now))
    return following.name if len(now[1]) > len(then[1]) == len(there) else ""
