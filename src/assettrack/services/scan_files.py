"""Files of scans as batches: the cards in them understood, their times read as the station's, held where in doubt.

Owns how such a file and what was said of it become a batch for `intake`. A batch holds exactly what the file says; who
wants another order of dates, another time or other answers makes another one.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import msgspec

from assettrack.domain import errors
from assettrack.domain.dump_reading import Surroundings, scans_of
from assettrack.domain.dumped_scans import Dump
from assettrack.domain.pulled_batch import PulledBatch
from assettrack.domain.scan_answers import Answers
from assettrack.domain.timestamps import NotATime, TimestampReader
from assettrack.services.downloads import require_known
from assettrack.services.files_told_before import told_before
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.scan_catalogues import catalogue_of


class SaidOfFile(msgspec.Struct, frozen=True):
    """What was said at the desk of a file of scans.

    ``at`` is the time of scans that have none, as a batch would have it, blank where nobody said it. ``written_at`` is
    when the file was written (aware), None where that is not known.
    """

    answers: Answers = Answers()
    at: str = ""
    written_at: datetime | None = None


def batch_of(workplace: Workplace, dump: Dump, said: SaidOfFile) -> PulledBatch:
    """Return the batch that a file of scans makes.

    Raises:
        errors.ValueUnusable: the time that was said is none, or came twice.
        download_errors.AnswersUnusable: something was answered about a scan that there is not.
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
    batch = PulledBatch(scans, catalogue, answers)
    with workplace.store.read() as snapshot:
        told = told_before(snapshot, batch)
    if told:
        batch = PulledBatch(msgspec.structs.replace(scans, findings=[*scans.findings, *told]), catalogue, answers)
    return batch


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
