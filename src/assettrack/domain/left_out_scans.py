"""Scans of a download that were left out, and what is said of them later: that they are not recorded, and why.

Owns which they are, and the sentence. A scan that was left out is dealt with, and no answer brings it in again: what it
was is recorded by hand. Cards, labels and cases among them are not named, for nothing of them could be recorded.
"""

from collections.abc import Sequence

import msgspec

from assettrack.domain import cards
from assettrack.domain.pulled_batch import PulledBatch
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scan_context import parsed
from assettrack.domain.scan_meanings import shown
from assettrack.domain.tags import parse_case_name

NAMED = 10
"""So many scans are named in one sentence."""


class LeftOutScan(msgspec.Struct, frozen=True):
    """A scan that was left out: its number, its text as it is shown, and why.

    ``batch_id`` is the batch that left it out, 0 where none did: it was said with the clear, or is said just now.
    """

    number: int
    text: str
    reason: str
    batch_id: int = 0

    @property
    def named(self) -> str:
        """The scan with the reason and the batch, as it stands in a list."""
        where = f"in batch {self.batch_id}, " if self.batch_id else ""
        return f"scan {self.number}, {self.text} ({where}because: {self.reason})"


def left_out_scans(batch: PulledBatch) -> list[LeftOutScan]:
    """Return the scans of a download that are left out, by an earlier batch, by the clear, or by what is said now."""
    found = []
    for meaning in batch.meanings:
        number, text = meaning.scan.number, meaning.scan.text
        said = batch.settled.answers.get(number, batch.reading.answers)
        reason = next((each.reason for each in said.left_out if each.number == number), None)
        is_case = parsed(parse_case_name, text) in batch.catalogue.cases.keys() - batch.catalogue.cases_and_assets
        is_label = cards.is_card(text) or cards.read_slot_label(text) is not None or is_case
        if meaning.said == "left out" and reason is not None and not is_label:
            found.append(LeftOutScan(number, shown(meaning.scan), reason, batch.settled.batches.get(number, 0)))
    return found


def taken_now(batch: PulledBatch, answers: Answers) -> list[LeftOutScan]:
    """Return the scans that are left out for good and that answers, given now, would take.

    Who answers just what one of the batches was committed with does that commit once more, and nothing else.
    """
    says = answers.operator or answers.event_type or answers.holder or answers.reason or answers.taken
    if not says or answers in batch.settled.answers.values():
        return []
    still = {each.number for each in answers.left_out}
    return [each for each in left_out_scans(batch) if each.number not in still]


def left_out_said(left_out: Sequence[LeftOutScan]) -> str:
    """Return the sentence that says which scans are left out, and that they are not recorded; blank where none is."""
    if not left_out:
        return ""
    more = f"; and {len(left_out) - NAMED:,} more" if len(left_out) > NAMED else ""
    return f"Left out, and not recorded from this scanner: {'; '.join(each.named for each in left_out[:NAMED])}{more}."
