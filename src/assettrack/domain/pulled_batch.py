"""The batch that the scans of a download make: their rows, their times, and every question that is open about them.

Owns how meanings and times become a batch that is validated, decided and committed as any other. A pure function of the
download, what its cards stand for, and what was answered at the desk. A held scan is a problem: nothing is committed
around it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from assettrack.domain.card_catalogue import CardCatalogue
from assettrack.domain.finding_kinds import Kind
from assettrack.domain.findings import Finding, finding
from assettrack.domain.log_export import SAID_BYTES_MAX, bytes_in_line
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_answers import Answers, ScanReading, asked_of_all
from assettrack.domain.scan_context import RowSaid
from assettrack.domain.scan_grammar import Reading
from assettrack.domain.scan_meanings import Meaning
from assettrack.domain.scanner_clock import Doubt, Offset, Timing
from assettrack.domain.scans import AHEAD_MINUTES_MAX
from assettrack.domain.settled_scans import NOTHING_SETTLED, Settled
from assettrack.domain.signatures import Drawing
from assettrack.domain.stamped_scans import MINUTE, stamps_of
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES
from assettrack.domain.validation import Cells

SMALL_OFFSET_SECONDS = 2
"""Two clocks that show whole seconds agree if they differ by no more."""


class PulledScans(msgspec.Struct, frozen=True):
    """The scans of a download with their times, and what is known of the scanner that they are from.

    ``sha256`` (hex) is of the bytes as they came. ``pulled_at`` is the time of the download (UTC text),
    ``pulled_first`` that of an earlier one for the scans that it had already. ``offset`` is None where the scanner's
    clock can't be trusted. ``drops_repeated`` says that it was set to drop repeated scans.

    Scans that come in a file have more: ``read_as`` is the form in which it was read, ``rows_said`` what it says of
    single scans beside their codes, ``findings`` what is to be said of it as a whole; ``pulled_at`` is then the time
    that somebody said, blank where nobody did; ``traces`` are those of the scans (`scan_traces`), and ``to_minute``
    are the scans of which the file tells no seconds.

    ``now`` is the station's time (UTC text) when the batch is made, blank where times are not told by its clock: a
    download of a later time was pulled when that clock was ahead.

    ``about_times`` are questions about the times of some scans, asked if one of these is a row. ``settled`` are scans
    that were dealt with before, of which nothing is decided or asked.
    """

    serial: str
    sha256: str
    pulled_at: str
    scans: Sequence[RawScan]
    timings: Sequence[Timing]
    offset: Offset | None
    drops_repeated: bool = False
    read_as: str = ""
    rows_said: Mapping[int, RowSaid] = {}
    findings: Sequence[Finding] = ()
    about_times: Sequence[tuple[Finding, Collection[int]]] = ()
    settled: Settled = NOTHING_SETTLED
    pulled_first: Mapping[int, str] = {}
    traces: str = ""
    to_minute: frozenset[int] = frozenset()
    now: str = ""

    @property
    def stamped(self) -> Sequence[RawScan]:
        """The scans with their times as exactly as they are told: without seconds where there are none."""
        if not self.to_minute:
            return self.scans
        cut = {each.number: each.stamp[:MINUTE] for each in self.scans if each.number in self.to_minute}
        return [msgspec.structs.replace(each, stamp=cut.get(each.number, each.stamp)) for each in self.scans]

    def pulled_when(self, number: int) -> str:
        """Return when a scan was pulled first (UTC text); an earlier download of a later time was by a wrong clock."""
        return min(self.pulled_first.get(number, self.pulled_at), self.pulled_at)

    @property
    def waits_until(self) -> datetime | None:
        """From when on the time of the download is none to come; None where it is none by now."""
        if not self.now:
            return None
        until = datetime.fromisoformat(self.pulled_at) - timedelta(minutes=AHEAD_MINUTES_MAX)
        return until if until > datetime.fromisoformat(self.now) else None


class PulledBatch:
    """The scans of a download as a batch: fits the ``BatchSource`` of the services.

    Row ``n`` of the batch is scan ``numbers[n - 1]`` of the download. ``meanings`` has what every scan was read as, and
    ``timings`` when each was made, ``catalogue`` what its cards stand for. It is timeless where a row has the time of
    its commit, for lack of a better one.
    """

    event_types = TYPED_EVENT_TYPES
    drawings: Sequence[Drawing] = ()
    is_timeless = False
    is_typed = True

    def __init__(self, pulled: PulledScans, catalogue: CardCatalogue, answers: Answers) -> None:
        self.sha256 = pulled.sha256
        self.catalogue = catalogue
        self._pulled = pulled
        self._answers = answers
        self.timings = _times_given(pulled, answers)
        reading = Reading(catalogue, answers, pulled.rows_said, pulled.settled)
        self.meanings = reading.read(pulled.scans, self.timings)
        self.reading = ScanReading(
            serial=pulled.serial,
            scans=len(pulled.scans),
            catalogue=catalogue.version,
            clock_off=None if pulled.offset is None else pulled.offset.seconds,
            answers=answers.recorded,
            read_as=pulled.read_as,
            settled=len(pulled.settled.batches),
            traces=pulled.traces,
            stamps=stamps_of(pulled.stamped),
        )
        said = list(self._about_the_whole())
        for meaning in self.meanings:
            said += meaning.findings
        self._rows: list[Cells] = []
        self.holders_chosen: list[int | None] = []
        self.numbers: list[int] = []
        for meaning, timing in zip(self.meanings, self.timings, strict=True):
            said += self._add(meaning, timing)
        asked = tuple(each.message for each in said if each.code == "answered_so")
        taken_on = _told_by([each.message for each in said if each.code == "taken_so"])
        self.reading = msgspec.structs.replace(
            self.reading, numbers=tuple(self.numbers), asked=asked, taken_on=taken_on
        )  # fmt: skip
        said += _too_long(self.reading)
        self.problems: Sequence[Finding] = [each for each in said if each.kind is Kind.PROBLEM]
        self.notices: Sequence[Finding] = [each for each in said if each.kind is not Kind.PROBLEM]

    @property
    def settled(self) -> Settled:
        """The scans that were dealt with before."""
        return self._pulled.settled

    @property
    def held(self) -> list[int]:
        """The scans that are held, be it for what they mean or for their time."""
        rows = set(self.numbers)
        return [
            each.scan.number
            for each in self.meanings
            if each.said == "held" or (each.row is not None and each.scan.number not in rows)
        ]

    @property
    def is_recorded(self) -> bool:
        """Whether nothing is left to record or to ask about, and earlier batches hold what there was."""
        return bool(self.settled.batches) and not self.numbers and not self.problems

    def rows(self) -> Iterator[Cells]:
        """Yield the cells of each row."""
        yield from self._rows

    def release(self) -> None:
        """Keep everything: the rows of scans are few, and what they were read as is asked for later."""

    def _about_the_whole(self) -> Iterator[Finding]:
        yield from self._pulled.findings
        if len(self.settled.batches) == len(self._pulled.scans):
            return  # times and gaps of scans that are settled are settled too
        if self._pulled.drops_repeated:
            yield asked_of_all(finding("repeated_dropped"), self._answers)
        in_rows = {meaning.scan.number for meaning in self.meanings if may_be_row(meaning)}
        yield from (found for found, about in self._pulled.about_times if not in_rows.isdisjoint(about))
        since = self._pulled.waits_until
        if since is not None and in_rows:
            times = [f"{each:%Y-%m-%d %H:%M} UTC" for each in (datetime.fromisoformat(self._pulled.pulled_at), since)]
            yield asked_of_all(finding("pulled_ahead", pulled=times[0], since=times[1]), self._answers)
        offset = self._pulled.offset
        if offset is None or abs(offset.seconds) <= SMALL_OFFSET_SECONDS or not in_rows:
            return
        off = clock_said(offset.seconds)
        if not offset.is_far_off or self._answers.clock_undisturbed:
            yield finding("clock_other_zone" if offset.is_whole_hours else "clock_off", off=off)
        else:
            yield asked_of_all(finding("clock_far_off", off=off), self._answers)

    def _add(self, meaning: Meaning, timing: Timing) -> Iterator[Finding]:
        """Add the row of a scan that is one; yield what is to be said about its time."""
        if meaning.row is None:
            return
        number, time = meaning.scan.number, timing.utc
        if self._pulled.waits_until is not None:  # it is asked about the whole
            if not self._answers.untimed_at_download:
                return
            yield finding("time_of_commit", number=number)
            time, self.is_timeless = self._pulled.now, True
        elif time is None:
            given = self._answers.untimed_at_download and self._pulled.pulled_at
            said = finding("time_not_known", number=number, reason=timing.doubt)
            if given and self._pulled.read_as:
                said = finding("time_as_said", number=number, reason=timing.doubt)
            elif given:
                said = finding("time_of_download", number=number, reason=timing.doubt)
            yield said
            if not given:
                return
            time = self._pulled.pulled_when(number)
        self.numbers.append(number)
        self.holders_chosen.append(meaning.row.holder_id)
        self._rows.append(meaning.row.cells(f"{time[:19]}Z", meaning.operator))


def _told_by(questions: Sequence[str]) -> str:
    """Return what tells questions that were answered from others: 16 hexadecimal digits, blank for none."""
    return sha256(msgspec.json.encode(questions)).hexdigest()[:16] if questions else ""


def _too_long(reading: ScanReading) -> Iterator[Finding]:
    """Yield a problem where the entry of the batch would not fit into a line of an exported log."""
    size = bytes_in_line(msgspec.json.encode(reading))
    if size > SAID_BYTES_MAX:
        yield finding("entry_too_long", scans=f"{reading.scans:,}", size=f"{size:,}", limit=f"{SAID_BYTES_MAX:,}")


def held_in(source: object) -> int | None:
    """Return how many scans of a batch are held, None where it is not made of scans."""
    return len(source.held) if isinstance(source, PulledBatch) else None


def may_be_row(meaning: Meaning) -> bool:
    """Return whether a scan is a row, or may be one once what is asked about it or before it is answered."""
    is_open = meaning.said == "waits" or any(each.kind is Kind.PROBLEM for each in meaning.findings)
    return meaning.row is not None or is_open


def _times_given(pulled: PulledScans, answers: Answers) -> Sequence[Timing]:
    """Return the times of scans; none for those by a clock far off that is not said to have been so all the time."""
    is_in_doubt = pulled.offset is not None and pulled.offset.is_far_off and not answers.clock_undisturbed
    if not is_in_doubt or not answers.untimed_at_download:
        return pulled.timings
    return [
        each if number in pulled.settled.batches or each.utc is None else Timing(None, Doubt.CLOCK)
        for number, each in enumerate(pulled.timings, 1)
    ]


def clock_said(behind: int) -> str:
    """Return how far a clock that is so many seconds behind is off, as people say it: ``3 minutes 5 seconds slow``."""
    seconds = abs(behind)
    units = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
    parts = []
    for size, unit in units:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count:,} {unit}{'' if count == 1 else 's'}")
    return f"{' '.join(parts[:2])} {'slow' if behind > 0 else 'fast'}"
