"""A download to be looked at: every raw scan beside what it was read as, what it will do, and what is open about it.

Owns how the findings of reading, of times and of the batch come together at the scans they are about. It decides
nothing: reading is `scan_grammar`, deciding is `intake`.
"""

from collections.abc import Sequence

import msgspec

from assettrack.domain import cards
from assettrack.domain.card_catalogue import CardCatalogue, is_number
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.downloads import Download
from assettrack.domain.finding_kinds import Kind
from assettrack.domain.findings import Finding
from assettrack.domain.plans import Change, Options, Plan
from assettrack.domain.pulled_batch import PulledBatch
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scan_meanings import Meaning
from assettrack.domain.scanner_clock import Timing
from assettrack.services.downloads import Downloads, plan_of
from assettrack.services.ports import Workplace

ABOUT_A_TIME = frozenset({"time_not_known", "time_of_download", "time_as_said"})


class Line(msgspec.Struct, frozen=True):
    """A raw scan, what it was read as, when it was made, what it will do (None: nothing), and what is said about it.

    ``card`` is what it says where it is a card, ``named`` whom a card names by a number, blank where nobody is known.
    """

    meaning: Meaning
    timing: Timing
    change: Change | None
    findings: Sequence[Finding]
    card: Card | None
    named: str

    @property
    def scan(self) -> RawScan:
        """The scan itself."""
        return self.meaning.scan

    @property
    def stops(self) -> Sequence[Finding]:
        """What has to be answered or mended before anything can be committed."""
        return [each for each in self.findings if each.kind is not Kind.NOTICE]

    @property
    def notices(self) -> Sequence[Finding]:
        """What is worth a look."""
        return [each for each in self.findings if each.kind is Kind.NOTICE]

    @property
    def colour(self) -> str:
        """``bad`` where it is held, ``note`` where it is worth a look, ``ok`` for a row, ``plain`` for the rest."""
        if self.stops:
            return "bad"
        if self.findings:
            return "note"
        return "ok" if self.meaning.row is not None else "plain"


class Review(msgspec.Struct, frozen=True):
    """A download with all of its lines, its batch, and the plan of it; ``general`` is said about the whole of it."""

    download: Download
    batch: PulledBatch
    plan: Plan
    lines: Sequence[Line]
    general: Sequence[Finding]

    @property
    def held(self) -> Sequence[Line]:
        """The lines that stop the batch."""
        return [line for line in self.lines if line.stops]

    @property
    def open_questions(self) -> Sequence[Finding]:
        """What stops the batch and is about the whole of it."""
        return [each for each in self.general if each.kind is not Kind.NOTICE]

    @property
    def rows(self) -> int:
        """How many rows the scans make, all of them decided or not."""
        return len(self.batch.numbers)


def review(
    workplace: Workplace, downloads: Downloads, download: Download, answers: Answers, options: Options
) -> Review:  # fmt: skip
    """Return a download as it is read with what was answered, and what its batch would do. Nothing is saved.

    Raises:
        download_errors.AnswersUnusable: something was answered about a scan that there is not.
    """
    batch = downloads.batch(download, answers)
    plan = plan_of(workplace, batch, options)
    at_scans: dict[int, list[Finding]] = {}
    for meaning in batch.meanings:
        at_scans[meaning.scan.number] = list(meaning.findings)
    about_scans = {id(each) for found in at_scans.values() for each in found}
    general = [
        each
        for each in (*batch.problems, *batch.notices)
        if id(each) not in about_scans and each.code not in ABOUT_A_TIME
    ]
    for number, found in zip(_without_time(batch), _about_times(batch), strict=True):
        at_scans[number].append(found)
    said = {id(each) for each in (*batch.problems, *batch.notices)}
    for found in (*plan.problems, *plan.refusals, *plan.notices):
        if id(found) in said:
            continue
        if found.row_number is None:
            general.append(found)
        else:
            at_scans[batch.numbers[found.row_number - 1]].append(found)
    changes = {batch.numbers[change.row_number - 1]: change for change in plan.changes}
    read = {each.scan.number: _card(each) for each in batch.meanings}
    lines = []
    for meaning, timing in zip(batch.meanings, batch.timings, strict=True):
        number = meaning.scan.number
        card = read[number]
        named = "" if card is None else _named(card, batch.catalogue)
        lines.append(Line(meaning, timing, changes.get(number), at_scans[number], card, named))
    return Review(download, batch, plan, lines, general)


def _without_time(batch: PulledBatch) -> list[int]:
    """Return the numbers of the scans whose time something is said about, in the order in which it is said."""
    return [
        meaning.scan.number
        for meaning, timing in zip(batch.meanings, batch.timings, strict=True)
        if meaning.row is not None and timing.utc is None
    ]


def _about_times(batch: PulledBatch) -> list[Finding]:
    return [each for each in (*batch.problems, *batch.notices) if each.code in ABOUT_A_TIME]


def _card(meaning: Meaning) -> Card | None:
    if not cards.is_card(meaning.scan.text):
        label = cards.read_slot_label(meaning.scan.text)
        return None if label is None else Card(CardKind.SLOT, *label)
    try:
        return cards.read(meaning.scan.text)
    except cards.NotACard:
        return None


def _named(card: Card, catalogue: CardCatalogue) -> str:
    """Return whom a card names by a number that is this station's; begin cards with letters say a name themselves."""
    if card.kind is CardKind.BEGIN and not is_number(card.word):
        return card.word
    known = {CardKind.BEGIN: catalogue.operators, CardKind.HOLDER: catalogue.holders}.get(card.kind, {})
    name = known.get(int(card.word), "") if is_number(card.word) else ""
    return "" if not name or catalogue.doubt_of(card) else name
