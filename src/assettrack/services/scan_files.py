"""Files of scans as batches: the cards in them understood, their times read as the station's, held where in doubt.

Owns how such a file and what was said of it become a batch for `intake`. A batch holds exactly what the file says; who
wants another order of dates, another time or other answers makes another one.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import msgspec

from assettrack.domain import download_errors, errors
from assettrack.domain.dump_reading import Surroundings, scans_of
from assettrack.domain.dumped_scans import Dump
from assettrack.domain.plans import Options, Plan
from assettrack.domain.scan_answers import Answers
from assettrack.domain.timestamps import NotATime, TimestampReader
from assettrack.services.committed_codes import stated
from assettrack.services.confirmed_scans import Settling, require_as_confirmed
from assettrack.services.downloads import plan_of, require_known, with_reading
from assettrack.services.files_told_before import FileBatch, own_batch
from assettrack.services.intake import CommitReceipt, commit, commit_made, preview, receipt_of_recorded
from assettrack.services.left_out_downloads import FindKept, none_kept
from assettrack.services.ports import BatchSource, Snapshot, Workplace
from assettrack.services.scan_catalogues import catalogue_of
from assettrack.services.tables_told_before import TableBatch, commit_table


class SaidOfFile(msgspec.Struct, frozen=True):
    """What was said at the desk of a file of scans.

    ``at`` is the time of scans that have none, as a batch would have it, blank where nobody said it. ``written_at`` is
    when the file was written (aware), None where that is not known.
    """

    answers: Answers = Answers()
    at: str = ""
    written_at: datetime | None = None


def batch_of(workplace: Workplace, dump: Dump, said: SaidOfFile, find_kept: FindKept = none_kept) -> FileBatch:
    """Return the batch that a file of scans makes; ``find_kept`` finds downloads of which scans were left out.

    Raises:
        errors.ValueUnusable: the time that was said is none, or came twice.
        download_errors.AnswersUnusable: something was answered about a scan that there is not.
        download_errors.AnswersTooLate: something else is answered about a scan that is said to be a recorded one.
    """
    answers = said.answers
    require_known(answers, len(dump.scans))
    if said.at:
        answers = msgspec.structs.replace(answers, untimed_at_download=True)
    with workplace.store.read() as snapshot:
        zone = workplace.zone(snapshot.station().timezone)
        names = _by_identifier(snapshot) if any(each.card for each in dump.scans) else {}
        catalogue = catalogue_of(snapshot, [each.scan for each in dump.scans], workplace.read_gs1)
    written = None if said.written_at is None else said.written_at.astimezone(zone).replace(tzinfo=None)
    around = Surroundings(zone, names, _utc(TimestampReader(zone), said.at), written)
    scans = scans_of(dump, around, answers)
    with workplace.store.read() as snapshot:
        return FileBatch(snapshot, scans, catalogue, answers, find_kept)


def preview_file(workplace: Workplace, source: BatchSource, options: Options) -> Plan:
    """Return what a file would do, of whatever kind it is; else as `intake.preview`."""
    if isinstance(source, FileBatch):
        return plan_of(workplace, source, options)
    return preview(workplace, source, options)


def commit_file(
    workplace: Workplace, source: BatchSource, source_name: str, options: Options, *, confirm: str | None
) -> CommitReceipt:
    """Commit a file, of whatever kind it is; of scans, or a table, it is judged anew under the write lock.

    Raises:
        errors.AssetTrackError: as `intake.commit`.
        download_errors.ConfirmedOtherwise: its scans were committed meanwhile, otherwise than confirmed.
        download_errors.FileMoved: some of its scans were committed by somebody else just now.
    """
    if isinstance(source, TableBatch):
        return commit_table(workplace, source, source_name, options, confirm=confirm)
    if not isinstance(source, FileBatch):
        return commit(workplace, source, source_name, options, confirm=confirm)
    if source.is_recorded:
        if confirm is not None:
            _require_recorded_so(workplace, source, options, confirm=confirm)
        return receipt_of_recorded(workplace, list(source.settled.recorded_in))

    def judged_again(snapshot: Snapshot) -> FileBatch:
        again = source.again(snapshot)
        if again.reading != source.reading and not again.problems:
            raise download_errors.FileMoved
        return again

    return commit_made(workplace, judged_again, source_name, options, confirm=confirm)


def _require_recorded_so(workplace: Workplace, batch: FileBatch, options: Options, *, confirm: str) -> None:
    """Make sure that a file of which all scans are recorded became what somebody confirmed.

    Raises:
        download_errors.ConfirmedOtherwise: it became something else.
    """
    with workplace.store.read() as snapshot:
        own = own_batch(snapshot, batch.sha256)
        others = [own] if own is not None else [stated(snapshot, each) for each in batch.settled.recorded_in]
    became = Settling(batch, own, others, batch.unsettled)
    require_as_confirmed(workplace, became, with_reading(options, batch), confirm=confirm)


def _utc(reader: TimestampReader, at: str) -> str:
    if not at:
        return ""
    try:
        moment = reader.read(at)
    except NotATime as error:
        raise errors.ValueUnusable("The time for --at", at, error.reason) from error
    if moment.ambiguous:
        reason = "the clocks were put back over it; write it with its offset"
        raise errors.ValueUnusable("The time for --at", at, reason)
    return moment.utc


def _by_identifier(snapshot: Snapshot) -> Mapping[str, str]:
    """Return the names of holders by what others call them; what several are called names none."""
    known = [(holder.identifier, holder.name) for holder in snapshot.all_holders() if holder.identifier]
    times = Counter(identifier for identifier, _ in known)
    return {identifier: name for identifier, name in known if times[identifier] == 1}
