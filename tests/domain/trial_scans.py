"""Scans of a pocket scanner as the tests make them: cards, labels and tags in the order of scanning."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from assettrack.domain import cards
from assettrack.domain.card_catalogue import CardCatalogue
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.raw_scans import CODE_128, RawScan
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scan_grammar import Reading
from assettrack.domain.scan_meanings import Meaning
from assettrack.domain.scanner_clock import Timing
from assettrack.domain.timestamps import utc_text

FIRST = datetime.fromisoformat("2026-02-04T08:00:00+00:00")
MARK = "QXA"
CATALOGUE = CardCatalogue(
    operators={1: "Kim"},
    holders={7: "Ada Lovelace", 8: "Grace Hopper"},
    marks={"B1": MARK, "H7": MARK, "H8": MARK},
    cases={"CASE-01": 20, "CASE-02": 4, "LT-9": 3},
    cases_and_assets=frozenset({"LT-9"}),
)

BEGIN = cards.written(Card(CardKind.BEGIN, "1", mark=MARK))
UNDO = cards.written(Card(CardKind.UNDO))
END = cards.written(Card(CardKind.END))


def event(name: str) -> str:
    """Return the text of an event's card."""
    return cards.written(Card(CardKind.EVENT, name))


def holder(number: int, mark: str = MARK) -> str:
    """Return the text of a holder's badge, by default with the mark that the catalogue has."""
    return cards.written(Card(CardKind.HOLDER, str(number), mark=mark))


def case(name: str) -> str:
    """Return the text of a case's card."""
    return cards.written(Card(CardKind.CASE, name))


def slot(name: str, position: int) -> str:
    """Return the text of a slot's label."""
    return cards.written(Card(CardKind.SLOT, name, position))


def end(count: int) -> str:
    """Return the text of an end card that says how many assets were scanned."""
    return cards.written(Card(CardKind.END, str(count)))


def stored(texts: Sequence[str]) -> list[RawScan]:
    """Return texts as a scanner stores them, all of them Code 128."""
    return [RawScan(number, text, CODE_128) for number, text in enumerate(texts, 1)]


def every(seconds: float, count: int) -> list[Timing]:
    """Return times that are so many seconds apart."""
    return [Timing(utc_text(FIRST + timedelta(seconds=seconds * index))) for index in range(count)]


def read(
    texts: Sequence[str], answers: Answers | None = None, *, apart: float = 30.0, times: Sequence[Timing] = ()
) -> list[Meaning]:
    """Return what scans mean, by default half a minute apart."""
    timings = times or every(apart, len(texts))
    return Reading(CATALOGUE, answers or Answers()).read(stored(texts), timings)


def rows(meanings: Sequence[Meaning]) -> list[tuple[str, str, str, str]]:
    """Return the rows among meanings: event, tag, holder and place."""
    return [
        (
            each.row.event_type,
            each.row.asset_tag,
            each.row.issued_to_name,
            "" if each.row.place is None else str(each.row.place),
        )
        for each in meanings
        if each.row is not None
    ]


def codes(meanings: Sequence[Meaning]) -> dict[int, list[str]]:
    """Return the codes of what is said about each scan of which anything is said."""
    return {each.scan.number: [said.code for said in each.findings] for each in meanings if each.findings}
