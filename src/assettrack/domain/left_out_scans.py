"""Scans of a download that were left out, and what is said of them later: that they are not recorded, and why.

Owns which they are, and the sentence. A scan that was left out is dealt with, and no answer brings it in again: what it
was is recorded by hand. Cards, labels and cases among them are not named, for nothing of them could be recorded.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from assettrack.domain import cards
from assettrack.domain.findings import Finding, finding
from assettrack.domain.pulled_batch import PulledBatch, may_be_row
from assettrack.domain.scan_answers import Answers, asked_of_all
from assettrack.domain.scan_context import parsed
from assettrack.domain.scan_meanings import shown
from assettrack.domain.settled_scans import Settled
from assettrack.domain.tags import parse_case_name

NAMED = 10
"""So many scans are named in one sentence."""


class LeftOutWith(NamedTuple):
    """How a scan was left out in no batch: why, and with which download, as a whole or when it was cleared."""

    reason: str
    download: str


class LeftOutScan(msgspec.Struct, frozen=True):
    """A scan that was left out: its number, its text as it is shown, and why.

    ``batch_id`` is the batch that left it out, 0 where none did: it was said with the clear, or is said just now, or
    with ``download``, which is blank otherwise.
    """

    number: int
    text: str
    reason: str
    batch_id: int = 0
    download: str = ""

    @property
    def named(self) -> str:
        """The scan with the reason and the batch or download, as it stands in a list."""
        where = f"in batch {self.batch_id}, " if self.batch_id else f"with {self.download}, " if self.download else ""
        return f"scan {self.number}, {self.text} ({where}because: {self.reason})"


def left_out_scans(batch: PulledBatch) -> list[LeftOutScan]:
    """Return the scans of a download that are left out, by an earlier batch, by the clear, or by what is said now."""
    found = []
    for meaning in batch.meanings:
        number = meaning.scan.number
        reason = batch.settled.answers.get(number, batch.reading.answers).reasons.get(number)
        if meaning.said == "left out" and reason is not None and not _is_label(batch, meaning.scan.text):
            found.append(LeftOutScan(number, shown(meaning.scan), reason, batch.settled.batches.get(number, 0)))
    return found


def recorded_said(batch: PulledBatch, everything: str = "all of it", of: str = "", *, already: str = "") -> str:
    """Return what a batch of which nothing is open has recorded, to be said before where: "every row is recorded".

    ``everything`` is what it has if nothing is left out; ``of`` and ``already`` are words to stand beside it.
    """
    if not left_out_scans(batch):
        return f"{everything}{of} is recorded{already}"
    if batch.numbers or batch.settled.rows:
        return f"what was not left out{of} is recorded{already}"
    return f"every asset{of} was left out"


def left_out_then(batch: PulledBatch, then: Settled, out: Mapping[int, LeftOutWith]) -> list[LeftOutScan]:
    """Return the scans that are rows of a batch, or may be, and were left out before, as ``then`` has it.

    ``out`` has those that were left out in no batch.
    """
    found = []
    for meaning in batch.meanings:
        number, text = meaning.scan.number, meaning.scan.text
        reason, download = out.get(number, (then.answers.get(number, Answers()).reasons.get(number), ""))
        if reason is not None and may_be_row(meaning) and not _is_label(batch, text):
            found.append(LeftOutScan(number, shown(meaning.scan), reason, then.batches.get(number, 0), download))
    return found


def asked_of_left_out(scans: Sequence[LeftOutScan], answers: Answers) -> list[Finding]:
    """Return the question about scans that were left out before and would be rows now, or what settles it."""
    if not scans:
        return []
    return [asked_of_all(finding("left_out_then", named=_named(scans)), answers)]


def _is_label(batch: PulledBatch, text: str) -> bool:
    """Tell whether a text is a card, a label or a case's name: nothing of it could be recorded."""
    is_case = parsed(parse_case_name, text) in batch.catalogue.cases.keys() - batch.catalogue.cases_and_assets
    return cards.is_card(text) or cards.read_slot_label(text) is not None or is_case


def _named(scans: Sequence[LeftOutScan]) -> str:
    more = f"; and {len(scans) - NAMED:,} more" if len(scans) > NAMED else ""
    return f"{'; '.join(each.named for each in scans[:NAMED])}{more}"


def taken_now(batch: PulledBatch, answers: Answers) -> list[LeftOutScan]:
    """Return the scans that are left out for good and that answers, given now, would take.

    Who answers just what one of the batches was committed with does that commit once more, and nothing else.
    """
    says = answers.operator or answers.event_type or answers.holder or answers.reason or answers.taken
    if not says or any(_is_repeat(answers, then) for then in batch.settled.answers.values()):
        return []
    still = {each.number for each in answers.left_out}
    return [each for each in left_out_scans(batch) if each.number not in still]


def _is_repeat(answers: Answers, then: Answers) -> bool:
    """Tell whether answers are those of a batch; what stayed left out because scans are the same followed by itself."""
    follows = then.same_scans and set(answers.left_out) <= set(then.left_out)
    return answers == (msgspec.structs.replace(then, left_out=answers.left_out) if follows else then)


def left_out_said(left_out: Sequence[LeftOutScan], source: str = "scanner") -> str:
    """Return the sentence that says which scans are left out, and that they are not recorded; blank where none is.

    ``source`` is what the scans came from: a scanner or a file.
    """
    return f"Left out, and not recorded from this {source}: {_named(left_out)}." if left_out else ""
