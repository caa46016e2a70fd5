"""Who accepted what a batch exchanged with a holder, and how: what receipts and pages say alike.

Owns that one answer. Must never take the holder of whom something was taken for the one who accepted. Writes nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import NamedTuple

import msgspec

from assettrack.domain.accepted_rows import Given, given_of, is_side
from assettrack.domain.custody_exchanges import sides
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.custody import AcceptanceCorrectionEntry, AcceptanceEntry
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.facts import Handover
from assettrack.domain.receipt_tellings import Told
from assettrack.domain.receipts import LINE_NOT_ASKED, LINE_OPEN, Acknowledgement, ReceiptLine
from assettrack.domain.station_deeds import acceptance_rule
from assettrack.domain.timestamps import local_text
from assettrack.services.corrections import refusals_raised
from assettrack.services.ports import Snapshot
from assettrack.services.receipt_lines import HolderLines, usual_acceptors
from assettrack.services.stored_entries import entry_at, not_what_it_should_be


class Acknowledged(NamedTuple):
    """Who accepted what a batch exchanged with a holder: the first time, and what corrections added each time since.

    ``seqs`` are their entries; ``notes`` say where one was corrected. ``unaccepted`` is what is said of a line that a
    correction added and that nobody accepted.
    """

    given: Sequence[Acknowledgement]
    as_of: Sequence[int]
    seqs: Sequence[int]
    notes: Sequence[str]
    unaccepted: str


def acknowledged(snapshot: Snapshot, zone: tzinfo, handover: Handover, own: HolderLines | None) -> Acknowledged:
    """Return who accepted what was handed over, nobody while that is open; and notes where that was corrected.

    Where the batch itself says that it was accepted, and not by whom: the holder who was given something accepted it,
    what a holder passed on was accepted by who received it, and what was only taken back by who committed it. What
    was recorded then counts: a correction made later does not change who signed. Where what was exchanged (``own``) was
    not read, that name is blank. ``zone`` is the station's.

    Raises:
        station_errors.DatabaseDamaged: an entry is gone, or is another.
    """
    with refusals_raised():
        found = given_of(lambda seq: _accepting(snapshot, seq, handover), handover.accepted_seq)
    notes = [
        f"acceptance of entry {entry.corrects} was corrected by entry {entry.seq}"
        for entry, _ in found
        if isinstance(entry, AcceptanceCorrectionEntry)
    ]
    given = [_acknowledgement(snapshot, zone, each, (handover.holder_id, own)) for each in found]
    unaccepted = LINE_NOT_ASKED if acceptance_rule(snapshot) == "off" else LINE_OPEN
    return Acknowledged(given, [each.as_of for each in found], [each.entry.seq for each in found], notes, unaccepted)


def _accepting(snapshot: Snapshot, seq: int, handover: Handover) -> AcceptanceEntry | BatchEntry:
    """Return the entry by which a hand-over was accepted, or its batch, which may have brought that with it.

    Raises:
        station_errors.DatabaseDamaged: it is gone, or is another.
    """
    entry = entry_at(snapshot, seq, DeedEntry)
    if isinstance(entry, BatchEntry) and entry.batch_id == handover.batch_id:
        return entry
    if isinstance(entry, AcceptanceEntry) and (entry.batch_id, entry.holder_id) == handover[:2]:
        return entry
    raise not_what_it_should_be(seq)


def on_lines(
    own: HolderLines, holder_id: int, said: Acknowledged
) -> tuple[Acknowledgement | None, Iterator[ReceiptLine]]:
    """Return the acknowledgement of a receipt, and its lines: those of which it is not say how it stands with them.

    A line is of an acceptance if its row gave something to the holder until the same day, or took it, when that was
    recorded.
    """
    of_lines = [_of_line(told, holder_id, said.as_of) for told in own.told]
    main = min((number for number in of_lines if number is not None), default=0)
    lines = (
        line if line.void or number == main else msgspec.structs.replace(line, acceptance=_words(said, number))
        for line, number in zip(own.lines, of_lines, strict=True)
    )
    return (said.given[main], lines) if said.given else (None, iter(own.lines))


def _of_line(told: Told, holder_id: int, as_of: Sequence[int]) -> int | None:
    """Return which of the acceptances is of a row as it counts now; None where none of them is, or it is void."""
    last = told.last
    if holder_id not in sides(last.move):
        return None
    given = is_side(last.move, holder_id, given=True)
    for number, at in enumerate(as_of):
        then = told.at(at)
        if is_side(then.move, holder_id, given=given) and (not given or then.due_on == last.due_on):
            return number
    return None


def _words(said: Acknowledged, number: int | None) -> str:
    if number is None:
        return said.unaccepted
    given = said.given[number]
    return f"{given.how}, by {given.accepted_by}, {given.accepted_at_local}"


def _acknowledgement(
    snapshot: Snapshot, zone: tzinfo, given: Given, of_holder: tuple[int, HolderLines | None]
) -> Acknowledgement:
    entry, (holder_id, own) = given.entry, of_holder
    if isinstance(entry, AcceptanceEntry):
        by, how, at = entry.accepted_by, entry.how, entry.accepted_at
    elif (accepted := entry.options.accepted) is not None:
        by = accepted.by or ("" if own is None else _usual(snapshot, own, holder_id) or entry.operator)
        how, at = accepted.how, entry.recorded_at
    else:
        raise not_what_it_should_be(entry.seq)
    return Acknowledgement(by, how, at, local_text(at, zone))


def _usual(snapshot: Snapshot, own: HolderLines, holder_id: int) -> str:
    return ", ".join(usual_acceptors(snapshot, own.recorded, holder_id))
