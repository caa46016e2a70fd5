"""What a file of scans says as a whole, before the cards in it are read: its times, and what has been lost in it.

Owns how the scans of a file come to be what `pulled_batch` makes a batch of. A pure function of the file, the station's
zone, and what was said at the desk. Corrects no time: nobody knows how far a clock was off that is not there. Where
the program that wrote the file has corrected them, it says so.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo

import msgspec

from assettrack.domain import cards
from assettrack.domain.dumped_scans import ORDER_WORDS, SET_RIGHT_PROFILES, Dump, DumpedScan
from assettrack.domain.findings import Finding, finding
from assettrack.domain.pulled_batch import PulledScans, clock_said
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scan_context import RowSaid
from assettrack.domain.scan_meanings import shown
from assettrack.domain.scan_traces import traces_of
from assettrack.domain.scanner_clock import local_timings
from assettrack.domain.tags import NotATag, Place, parse_case_name
from assettrack.domain.wording import counted

_NAMES_SHOWN = 5


class Surroundings(msgspec.Struct, frozen=True):
    """What is known around a file: the station's ``zone``, whom holders' cards name, and two times.

    ``at`` is when scans without a time were made, as somebody said it (UTC text), blank where nobody did.
    ``written_at`` is the station's local time when the file was written (naive), None where that is not known.
    """

    zone: tzinfo
    names_by_identifier: Mapping[str, str] = {}
    at: str = ""
    written_at: datetime | None = None


def scans_of(dump: Dump, around: Surroundings, answers: Answers) -> PulledScans:
    """Return the scans of a file with their times, and what is to be said of the file."""
    serials = dump.serials
    return PulledScans(
        serial=serials[0] if len(serials) == 1 else "",
        sha256=dump.sha256,
        pulled_at=around.at,
        scans=[each.scan for each in dump.scans],
        timings=local_timings([each.scan for each in dump.scans], around.zone),
        offset=None,
        read_as=dump.profile,
        traces=traces_of(each.trace for each in dump.scans),
        to_minute=frozenset(each.scan.number for each in dump.scans if each.is_to_minute),
        rows_said={each.scan.number: said for each in dump.scans if (said := _said(each, around)) != RowSaid()},
        findings=[*_problems(dump, around, answers), *_notices(dump, around, answers)],
    )


def _said(each: DumpedScan, around: Surroundings) -> RowSaid:
    """Return what a line says of its own scan; a card that nobody here has stands for itself."""
    name = around.names_by_identifier.get(each.card, each.card)
    place = _place(each.location)
    return RowSaid(each.event_type, name, place, "" if place else each.location, is_asked=each.quantity != 1)


def _place(location: str) -> Place | None:
    label = cards.read_slot_label(location)
    if label is None:
        return None
    try:
        return Place(parse_case_name(label[0]), label[1])
    except NotATag:
        return None


def _problems(dump: Dump, around: Surroundings, answers: Answers) -> Iterator[Finding]:
    left_out = {each.number for each in answers.left_out}
    counted_scans = [each for each in dump.scans if each.scan.number not in left_out]
    card = next((each for each in counted_scans if cards.is_card(each.scan.text)), None)
    if card is not None and not dump.keeps_order:
        yield finding("dump_cards_unordered", number=card.scan.number)
    if card is not None and len(dump.serials) > 1:
        named = ", ".join(dump.serials[:_NAMES_SHOWN])
        yield finding("dump_scanners_mixed", count=len(dump.serials), serials=named)
    if dump.keeps_order and not answers.clock_undisturbed:
        yield from _steps_back(counted_scans)
    for each in counted_scans:
        number = each.scan.number
        if each.quantity != 1 and number not in answers.taken:
            yield finding("dump_quantity", number=number, text=shown(each.scan), quantity=f"{each.quantity:,}")
    if answers.untimed_at_download and not around.at:
        yield finding("dump_time_of_download")


def _steps_back(scans: list[DumpedScan]) -> Iterator[Finding]:
    """Yield where time first goes back; one place is enough to ask about the whole file."""
    before: DumpedScan | None = None
    for each in scans:
        if not each.scan.stamp:
            continue
        if before is not None and each.scan.stamp < before.scan.stamp:
            times = [_time(one.scan.stamp) for one in (before, each)]
            yield finding("dump_clock_back", earlier=before.line, line=each.line, before=times[0], after=times[1])
            return
        before = each


def _notices(dump: Dump, around: Surroundings, answers: Answers) -> Iterator[Finding]:
    dates = "" if dump.order is None else f", dates as {ORDER_WORDS[dump.order]}"
    scans = counted(len(dump.scans), "scan")
    yield finding("dump_read_as", profile=dump.profile, says=dump.says, scans=scans, dates=dates)
    if any(each.scan.stamp for each in dump.scans):
        yield from _about_times(dump, around)
    if not dump.keeps_order:
        yield finding("dump_order_lost")
    if unknown := list(dict.fromkeys(each.kind_unknown for each in dump.scans if each.kind_unknown)):
        yield finding("dump_kinds_unknown", names=", ".join(map(ascii, unknown[:_NAMES_SHOWN])))
    unread = dict.fromkeys(each.location for each in dump.scans if each.location and _place(each.location) is None)
    if unread:
        first = ascii(next(iter(unread)))
        yield finding("dump_places_unread", count=counted(len(unread), "location"), first=first)
    for each in dump.scans:
        if each.quantity != 1 and each.scan.number in answers.taken:
            question = finding(
                "dump_quantity", number=each.scan.number, text=shown(each.scan), quantity=f"{each.quantity:,}"
            )
            yield finding("taken_so", number=each.scan.number, question=question.message)


def _about_times(dump: Dump, around: Surroundings) -> Iterator[Finding]:
    is_set_right = dump.profile in SET_RIGHT_PROFILES
    yield finding("dump_times_set_right" if is_set_right else "dump_times", zone=around.zone)
    if not dump.clock_shown:
        return
    when = _time(dump.clock_shown)
    if around.written_at is None:
        yield finding("dump_clock_shown", shown=when)
        return
    seconds = round((around.written_at - datetime.fromisoformat(dump.clock_shown)).total_seconds())
    yield finding("dump_clock_off", shown=when, off=clock_said(seconds) if seconds else "right")


def _time(stamp: str) -> str:
    return stamp.replace("T", " ")
