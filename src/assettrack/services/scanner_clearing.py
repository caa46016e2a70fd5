"""Clearing a pocket scanner, once everything it holds is proven to be committed.

Owns the proof: it is taken from the spool and from the database as they are read anew, never from what a process
remembers of itself. A clear is an entry of the log.

A clear may end at any moment. What is known when the next one begins, of the newest download of that scanner:

* The log proves that a clear came after it: the scanner was seen without these scans. If it holds nothing, nothing is
  left to do, and that is said. Whatever it holds, be it equal to the byte, was scanned since. It is pulled first, and
  no such scan is cleared by what was pulled before. Where only clocks say so, as where the files were lost, they prove
  nothing: a clear by a clock that was ahead would come after every pull, and nobody could clear the scanner any more.
* There is no entry, and the scanner is empty: the command was sent and done, acknowledged or not. Only the entry is
  missing, and it is written.
* There is no entry, and the scanner holds just what the download tells. Scans with times that go on are the same ones:
  the command was not sent, or not done, and it is sent now. Without such times they may also be an equal round that was
  scanned after a clear without its entry. That a clear is begun is kept beside the download before the command is sent.
  Where that is not kept, no command was sent; where it is, nobody can tell, and they are pulled first: the new download
  is asked about, and with it the scanner is cleared.
* It holds anything else: it is not cleared.

What another program cleared without times, with an equal round scanned since and not pulled, nobody can see.
"""

import msgspec

from assettrack.domain import download_errors, errors, scanner_deeds
from assettrack.domain.downloads import Download
from assettrack.domain.entries.rows import BatchEntry, RowEntry
from assettrack.domain.entries.scanner import ScannerClearedEntry
from assettrack.domain.plans import Options
from assettrack.domain.raw_scans import tell_times
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.scanner_deeds import ClearedFacts
from assettrack.domain.scanner_errors import ScannerClearRefused
from assettrack.services.downloads import Downloads, plan_of
from assettrack.services.left_out_downloads import left_out_whole
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.scanner_history import last_deeds
from assettrack.services.scanner_ports import ConnectedScanner, ReadableScanner, Spool
from assettrack.services.stored_entries import entry_at
from assettrack.services.typed_deeds import refusal_raised, signoff

NOTHING_ANSWERED = Answers()


class Cleared(msgspec.Struct, frozen=True):
    """A scanner that was cleared: of how many scans, which batches hold them, how many it holds now, and the entry.

    ``already_cleared`` says that it was so before, by that entry, so that nothing happened.
    """

    serial: str
    scans: int
    batches: tuple[int, ...]
    left: int
    seq: int
    already_cleared: bool = False


def require_committed(
    fresh: Workplace, downloads: Downloads, download: Download, answers: Answers = NOTHING_ANSWERED
) -> tuple[int, ...]:
    """Return the batches that hold every row of a download; ``answers`` are about scans that no batch dealt with.

    ``fresh`` and ``downloads`` work on a connection to the database that was opened after the commit.

    Raises:
        download_errors.ClearTooEarly: some of it is not committed.
        station_errors.DatabaseDamaged: a batch does not hold the rows that it says.
    """
    batch = downloads.batch(download, with_left_out(fresh, downloads, download, answers))
    if batch.problems:
        raise download_errors.ClearTooEarly.asking(batch.problems)
    recorded_in = set(batch.settled.recorded_in)
    if batch.numbers:
        plan = plan_of(fresh, batch, Options())
        if not plan.already_committed:
            raise download_errors.ClearTooEarly("not all of its scans are committed")
        recorded_in |= set(plan.recorded_in)
    with fresh.store.read() as snapshot:
        for batch_id in recorded_in:
            _require_whole(snapshot, batch_id)
    return tuple(sorted(recorded_in))


def clear(
    fresh: Workplace,
    downloads: Downloads,
    scanner: ConnectedScanner,
    spool: Spool,
    answers: Answers = NOTHING_ANSWERED,
) -> Cleared:
    """Clear the scanner that is connected of exactly what was pulled from it last and is committed, and record it.

    One that is empty because an earlier clear did not come as far as its entry is recorded now. To one that is empty
    and was cleared by the log, nothing happens.

    Raises:
        download_errors.ClearTooEarly: what it holds is not kept, or not committed.
        download_errors.ClearNotLogged: it was cleared, and the entry could not be written.
        scanner_errors.ScannerClearRefused: it holds something else, or may hold something else of the same bytes; or
            the kept file of what was pulled from it is missing.
        errors.AssetTrackError: it could not be asked, or what is kept can't be read or written.
    """
    signed = signoff(fresh)
    serial = scanner.identity.serial
    download = latest_kept(fresh, downloads, spool, serial)
    before = cleared_before(downloads, scanner, download)
    if before is not None:
        return before
    answers = with_left_out(fresh, downloads, download, answers)
    batches = require_committed(fresh, downloads, download, answers)
    read = downloads.batch(download, answers).reading  # with what stays left out of other downloads
    stamps = (read.stamps, read.clock_off) if read.answers.left_out else ()
    left, found_empty = 0, False
    try:
        left = _told_to_clear(downloads, scanner, spool, download)
    except ScannerClearRefused as error:
        if not error.is_empty:
            raise
        found_empty = True
    facts = ClearedFacts(
        serial, download.model, read.scans, download.sha256, batches, left, download.name, read.answers, found_empty,
        *stamps,
    )  # fmt: skip
    try:
        with refusal_raised(), fresh.store.write() as transaction:
            seq = transaction.log_size + 1
            transaction.save(scanner_deeds.record_cleared(facts, transaction.last_batch_id(), seq, signed))
    except errors.AssetTrackError as error:
        raise download_errors.ClearNotLogged.because_of(serial, error) from error
    return Cleared(serial, read.scans, batches, left, seq)


def latest_kept(fresh: Workplace, downloads: Downloads, spool: Spool, serial: str) -> Download:
    """Return what was pulled from a scanner last of all that is kept whole; a damaged file may be later than that.

    Raises:
        download_errors.ClearTooEarly: nothing was pulled from it yet.
        ScannerClearRefused: something was, by the log or by the name of a damaged file, and nothing is kept whole.
    """
    download = downloads.latest(serial)
    if download is not None:
        return download
    with fresh.store.read() as snapshot:
        deeds = last_deeds(snapshot, serial)
    damaged = max((name for name, _ in spool.damaged(serial)), default="")
    known = damaged or max(deeds, key=deeds.__getitem__, default="")  # what is there may be later than the log knows
    if not known:
        raise download_errors.ClearTooEarly("nothing was pulled from it yet")
    raise _without_file(f"{known} was pulled from it")


def with_left_out(fresh: Workplace, downloads: Downloads, download: Download, answers: Answers) -> Answers:
    """Return answers with those of the entry of a download that was left out whole; what is said of a scan goes first.

    What batches of files recorded of it is none of what was left out, as its receipt said: these are the same scans. So
    are those that such a batch settled without a row, for what is new in the file.
    """
    with fresh.store.read() as snapshot:
        entry = left_out_whole(snapshot).get(download.name)
        if entry is None:
            return answers
        settled = downloads.settled_of(snapshot, download, answers)
        same = msgspec.structs.replace(answers, same_scans=not answers.scanned_anew)
        as_same = downloads.settled_of(snapshot, download, same)
    if as_same != settled:
        answers, settled = same, as_same
    said = settled.batches.keys() | answers.reasons.keys() | set(answers.taken)
    numbers = [each.number for each in downloads.scans(download) if each.number not in said]
    whole = (LeftOut(number, entry.reason) for number in numbers)
    return msgspec.structs.replace(answers, left_out=tuple(sorted([*answers.left_out, *whole])))


def cleared_before(downloads: Downloads, scanner: ReadableScanner, download: Download) -> Cleared | None:
    """Return the clear that the log proves to have come after a download, if the scanner holds nothing, as it says now.

    None where the log proves none.

    Raises:
        ScannerClearRefused: there was one, and what it holds now was scanned since; or only clocks say so. Or the kept
            file of what was pulled after it is missing.
    """
    cleared = proven_clear(downloads, download)
    if cleared is None:
        return None
    if downloads.holds_scans(scanner):
        raise _scanned_since(cleared)
    return Cleared(cleared.serial, cleared.scans, cleared.batches, left=0, seq=cleared.seq, already_cleared=True)


def proven_clear(downloads: Downloads, download: Download) -> ScannerClearedEntry | None:
    """Return the clear that the log proves to have come after a download, None where it proves none.

    Raises:
        ScannerClearRefused: only clocks say that there was one; or the kept file of what was pulled after it is gone.
    """
    cleared = downloads.surely_cleared(download)
    _require_latest(downloads, download, 0 if cleared is None else cleared.seq)
    if cleared is not None and cleared != downloads.proven_clear(download):
        raise _scanned_since(cleared)
    return cleared


def _scanned_since(cleared: ScannerClearedEntry) -> ScannerClearRefused:
    return ScannerClearRefused(
        f"it was cleared of what was pulled from it last already, by entry {cleared.seq:,} of the log; if it holds "
        "anything now, that was scanned since"
    )


def _require_latest(downloads: Downloads, download: Download, cleared: int) -> None:
    """Make sure that the log has nothing that was pulled after a download, or dealt with after its clear and not kept.

    Raises:
        ScannerClearRefused: it does.
    """
    misled = downloads.misled_about(download)
    if misled is None or 0 < misled.seq <= cleared:
        return
    if misled.lost:
        raise _without_file(f"{misled.lost} was pulled from it too, by entry {misled.seq:,} of the log")
    raise ScannerClearRefused(
        "kept files of it were lost once and came back, and their numbers don't tell what was pulled last"
    )


def _without_file(what: str) -> ScannerClearRefused:
    """Return the error of a scanner of which a kept file is wanting; ``what`` names it and says what is known of it."""
    return ScannerClearRefused(
        f"{what}, and its kept file is missing or can't be read, so that nobody can tell what was pulled last. Put it "
        "back from its backup. Or pull once more what it holds"
    )


def _told_to_clear(downloads: Downloads, scanner: ConnectedScanner, spool: Spool, download: Download) -> int:
    """Clear a scanner of a download, and return how many scans it holds then; without times, keep before that it is so.

    Raises:
        ScannerClearRefused: a clear was begun before, and the scanner holds scans that may have been made since.
    """
    if not tell_times(downloads.scans(download)):
        held = scanner.upload()
        if held == download.reply and spool.is_clear_begun(download):
            raise ScannerClearRefused(
                "a clear of it was begun before and is not in the log, and without times nobody can tell whether what "
                "it holds was scanned since"
            )
        if held == download.reply:  # anything else is refused, and no command is sent
            spool.begin_clear(download)
    return scanner.clear(download.reply)


def _require_whole(snapshot: Snapshot, batch_id: int) -> None:
    """Make sure that a batch has the rows that its entry says, each an entry that can be read."""
    row = snapshot.batch(batch_id)
    assert row is not None, "it was read from the log just now"
    entry = entry_at(snapshot, row.first_seq, BatchEntry)
    first = entry.seq + 1 + entry.new_holders
    for seq in range(first, first + entry.rows):
        entry_at(snapshot, seq, RowEntry)
