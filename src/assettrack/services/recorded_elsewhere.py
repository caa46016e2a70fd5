"""Downloads that became no batch themselves, though batches have all of their scans: of a file, or of another download.

Owns the short answer for a list. The question whether these are the same scans, and the proof on which a scanner is
cleared, are elsewhere (`earlier_scans`, `scanner_clearing`): here nothing is settled. A scan without a time is never
taken for one of a file.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assettrack.domain.downloads import Download
from assettrack.domain.scan_answers import Answers, ScanReading
from assettrack.domain.scan_traces import NO_TRACE, parted
from assettrack.domain.stamped_scans import stamp_traces
from assettrack.services.earlier_scans import batches_of_scans
from assettrack.services.ports import Snapshot
from assettrack.services.recorded_scans import recorded
from assettrack.services.scanner_history import Fill
from assettrack.services.scanner_ports import ReadScans

NOTHING_ANSWERED = Answers()


class Elsewhere(NamedTuple):
    """The batches that dealt with all scans of a download, in order, and whether some of them came in a file.

    ``is_whole`` is False where one of the scans was left out there: nobody is to take that for recorded.
    """

    batches: tuple[int, ...]
    is_from_file: bool
    is_whole: bool = True


def recorded_elsewhere(
    snapshot: Snapshot, of: Sequence[tuple[Download, Fill]], read_scans: ReadScans
) -> Mapping[str, Elsewhere]:
    """Return, by their names, those of some downloads of which batches have every scan, be it by several of them.

    The log is gone through once for all of them.
    """
    waiting = dict[str, Counter[str]]()
    batches = dict[str, set[int]]()
    partly = set[str]()
    for download, fill in of:
        scans = read_scans(download.reply, with_stamps=download.with_stamps)
        known = recorded(download, scans, fill, NOTHING_ANSWERED, read_scans)
        unknown = stamp_traces([each for each in scans if each.number not in known.settled.batches])
        if known.questions or NO_TRACE in unknown:  # nobody can tell which scans these are
            continue
        waiting[download.name] = Counter(unknown)
        batches[download.name] = set(known.settled.recorded_in)
        if known.settled.left_out([each.number for each in scans]):
            partly.add(download.name)
    in_files = set[str]()
    for batch, reading in batches_of_scans(snapshot, '"read_as"') if any(waiting.values()) else ():
        theirs = Counter(parted(reading.stamps)) if reading.read_as else Counter()
        left_out = _left_out_of(reading)
        for name, missing in waiting.items():
            if missing & theirs:
                partly.update({name} if missing & left_out else ())
                waiting[name] = missing - theirs
                batches[name].add(batch.batch_id)
                in_files.add(name)
    return {
        name: Elsewhere(tuple(sorted(batches[name])), name in in_files, name not in partly)
        for name, missing in waiting.items()
        if not missing
    }


def _left_out_of(reading: ScanReading) -> Counter[str]:
    """Return what is kept of the scans of a batch that it left out."""
    traces = parted(reading.stamps)
    before = reading.scans - len(traces)  # of so many scans, the first ones, nothing is kept
    return Counter(traces[each.number - before - 1] for each in reading.answers.left_out if each.number > before)
