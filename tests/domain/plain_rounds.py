"""Rounds of scans of which cards are left out, and what the documents say is asked behind these.

Owns random rounds and a plain model of two rows of the table in `docs/how-to/scanner.md`: one name or event that is
said for several scans, and an asset behind a label that is left out. It must never look at how scans are read.
"""

from collections.abc import Mapping, Sequence
from random import Random

import msgspec

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.findings import finding
from assettrack.domain.scan_answers import Answers, LeftOut
from tests.domain.trial_scans import BEGIN, END, case, event, holder, slot

ALL = ("operator", "event", "holder")
WORDS = {"operator": "who scanned it", "event": "which event it was", "holder": "who gets it"}
STRANGERS = [cards.written(Card(CardKind.BEGIN, word)) for word in ("77", "78")]
MISREAD = ["AT UX", slot("CASE-01", 9)[:-1] + "?", BEGIN[:-1] + "?"]


class Scanned(msgspec.Struct, frozen=True):
    """A scan: what it says, by what that is about; nothing where it is left out or can't be read.

    ``about`` is all that a card of its kind says, ``is_border`` that it begins or ends a round.
    """

    text: str
    about: tuple[str, ...] = ()
    says: Mapping[str, str] = {}
    is_left_out: bool = False
    is_border: bool = False
    is_misread: bool = False
    is_asset: bool = False


def _border(text: str, *, is_left_out: bool, **says: str) -> Scanned:
    return Scanned(text, (*ALL, "place"), says, is_left_out, is_border=True)


def _scanned(chance: Random, number: int) -> Sequence[Scanned]:
    """Draw a card, an asset, or the label of a slot with its asset."""
    asset = Scanned(f"A-{number}", is_asset=True, is_left_out=chance.random() < 0.1)
    position = 1 + number % 20
    drawn = chance.choice(["asset"] * 4 + ["slot", "misread", "misread", "event", "badge", "border", "label"])
    if drawn == "slot":
        return [Scanned(slot("CASE-01", position), ("place",), {"place": "slot"}), asset]
    kinds = {
        "misread": [Scanned(text, (*ALL, "place"), {}, is_left_out=True, is_misread=True) for text in MISREAD],
        "event": [
            *(Scanned(event(name), ("event",), {"event": name}) for name in ("SCAN", "ISSUE")),
            Scanned(event("SCAN"), ("event",), is_left_out=True),
        ],
        "badge": [
            Scanned(holder(7), ("holder",), {"holder": "Ada Lovelace"}),
            *(Scanned(holder(each), ("holder",), is_left_out=True) for each in (98, 99)),
        ],
        "border": [
            _border(BEGIN, is_left_out=False, operator="Kim"),
            _border(END, is_left_out=False),
            *(_border(text, is_left_out=True) for text in (END, *STRANGERS)),
        ],
        "label": [
            Scanned(case("OUT"), ("place",), {"place": "none"}),
            Scanned(slot("CASE-99", position), ("place",), is_left_out=True),
            Scanned(slot("CASE-01", position), ("place",), is_left_out=True),
        ],
    }
    return [chance.choice(kinds[drawn])] if drawn in kinds else [asset]


def drawn_rounds(chance: Random, count: int) -> list[Scanned]:
    """Draw so many scans, or one more. A third of all days is without labels, but for what may have been one."""
    has_places = chance.random() < 0.67
    scans: list[Scanned] = []
    while len(scans) < count:
        more = _scanned(chance, len(scans))
        if has_places or not any(each.about == ("place",) for each in more):
            scans += more
    return scans


def out_of(scans: Sequence[Scanned]) -> tuple[LeftOut, ...]:
    """Return which of some scans are left out."""
    return tuple(LeftOut(number, "misread") for number, each in enumerate(scans, 1) if each.is_left_out)


def _has_labels(scans: Sequence[Scanned], place: int) -> bool:
    """Tell whether there is a label in the round around a scan, before it or after."""
    for way in (scans[place + 1 :], scans[:place][::-1]):
        for each in way:
            if each.is_border:
                break
            if each.about == ("place",):
                return True
    return False


class Day:
    """What is asked, one scan after the other; ``settled`` are the first scans, with their answers."""

    def __init__(
        self, scans: Sequence[Scanned], answers: Answers, settled: int = 0, then: Answers | None = None
    ) -> None:
        self.scans, self.settled = scans, settled
        self.asked: dict[int, list[str]] = {}
        self._said: dict[str, str] = {}
        self._behind: dict[str, int] = {}  # the card that is left out, by what nobody knows because of it
        self._first: dict[tuple[str, str], tuple[int, int]] = {}
        self._maybe: dict[tuple[str, str], tuple[int, int]] = {}  # the same, of assets that are left out
        self._fits: set[tuple[str, str, str]] = set()
        self._label = 0
        for number, each in enumerate(scans, 1):
            is_settled = number <= settled
            self._answers = (then or answers) if is_settled else answers
            if each.is_asset and each.is_left_out:
                for what, name in self._answered().items():
                    if self._behind.get(what):  # else no card is left out before it
                        self._maybe.setdefault((what, name), (number, self._behind[what]))
            elif each.is_asset:
                questions = self._questions(number)
                if questions and not is_settled:
                    self.asked[number] = questions
            else:
                self._card(number, each)

    def _card(self, number: int, scan: Scanned) -> None:
        for what in scan.about:
            self._said.pop(what, None)
            self._behind[what] = number if scan.is_left_out else 0
            for said in [said for said in self._maybe if said[0] == what and not scan.is_left_out]:
                self._first.setdefault(said, self._maybe.pop(said))
        self._said |= scan.says
        if "place" in scan.about:
            is_label = scan.about == ("place",) or (scan.is_misread and _has_labels(self.scans, number - 1))
            self._label = number if scan.is_left_out and is_label else 0

    def _who(self, number: int) -> str:
        """Return whom a card was of: the same card is of one person, but for an end card and what can't be read."""
        scan = self.scans[number - 1]
        return str(number) if number == 0 or scan.is_misread or scan.text == END else scan.text

    def _done(self) -> str:
        return self._said.get("event") or str(self._answers.event_type)

    def _answered(self) -> Mapping[str, str]:
        """Return what an asset needs here that no card says."""
        needed = {"operator": self._answers.operator, "event": str(self._answers.event_type)}
        needed |= {"holder": self._answers.holder} if self._done() == "ISSUE" else {}
        return {what: name for what, name in needed.items() if what not in self._said}

    def _questions(self, number: int) -> list[str]:
        found = list[str]()
        is_taken = number in self._answers.taken
        for what, name in self._answered().items():
            behind = self._behind.get(what, 0)
            earlier, other = self._first.setdefault((what, name), (number, behind))
            who = (what, name, self._who(behind))
            if self._who(behind) == self._who(other) or who in self._fits:
                continue
            card = behind or other
            was = "may have been said" if self.scans[earlier - 1].is_left_out else "was said"
            facts = {"what": WORDS[what], "said": name, "was": was, "earlier": earlier, "card": card}
            found.append(self._asks("said_for_other", number, **facts))
            self._fits |= {who} if is_taken else set()
        if self._label and self._done() != "ISSUE":
            found.append(self._asks("place_left_out", number, earlier=self._label))
            self._label = 0 if is_taken else self._label
        return [] if is_taken else found

    def _asks(self, code: str, number: int, **facts: object) -> str:
        card = facts.get("card")
        text = {"text": self.scans[card - 1].text} if isinstance(card, int) else {}
        tag = self.scans[number - 1].text
        return finding(code, None, None, number=number, tag=tag, **facts, **text).message
