"""What cards and labels stand for at a station: accounts, holders and cases by what is printed of them.

Owns the one thing beside the raw scans that their reading depends on. Two readings of the same scans by catalogues of
the same version are the same.
"""

from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256

import msgspec

from assettrack.domain import cards
from assettrack.domain.card_marks import doubt_of
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.holders import name_key
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.tags import NotATag, parse_asset_tag, parse_case_name

GRAMMAR = 8
"""The version of the rules by which scans are read; a change of any rule makes another."""


NUMBER_DIGITS_MAX = 15
"""No account and no holder has a longer number: what a card says beyond that is known to nobody."""


class CodeSaid(msgspec.Struct, frozen=True, order=True):
    """What a GS1 code or a UII stands for here: an asset's tag, or why none can be named."""

    asset_tag: str = ""
    unclear: str = ""


class CardCatalogue(msgspec.Struct, frozen=True):
    """What the cards among some scans stand for; what it does not have, the station does not know.

    ``operators`` are names of accounts by number, ``deactivated`` the numbers among them of those that are no longer
    active. ``accounts_only`` says that the station has accounts, so that a begin card in letters has to name one of
    them: ``spelled`` are numbers of accounts by what all spellings of their names have in common. ``holders`` are names
    by number, ``marks`` what cards with these numbers have to be marked with, by kind and number (``H7``); ``cases``
    are numbers of slots by name, ``cases_and_assets`` the names that an asset has too, ``like_cases`` names of nothing
    here that look like those of cases, ``case_forms`` all names of no case with the form of one, also those of which
    nobody asks, ``codes`` what GS1 codes and UIIs stand for by their text.
    """

    operators: Mapping[int, str] = {}
    deactivated: frozenset[int] = frozenset()
    accounts_only: bool = False
    spelled: Mapping[str, int] = {}
    holders: Mapping[int, str] = {}
    marks: Mapping[str, str] = {}
    cases: Mapping[str, int] = {}
    cases_and_assets: frozenset[str] = frozenset()
    like_cases: frozenset[str] = frozenset()
    case_forms: frozenset[str] = frozenset()
    codes: Mapping[str, CodeSaid] = {}

    @property
    def version(self) -> str:
        """What tells catalogues apart that could read the same scans differently: 16 hexadecimal digits.

        ``case_forms`` are none of it: they decide only what is asked behind a name that was left out, and of which
        scans it can be. What is answered to it stands in the reading (`ScanReading`), and another row is another
        change.
        """
        named = (self.operators, self.spelled, self.holders, self.marks, self.cases, self.codes)
        known = [sorted(each.items()) for each in named]
        names = [sorted(self.cases_and_assets), sorted(self.like_cases)]
        marked = [sorted(self.deactivated), self.accounts_only, *names]
        return sha256(msgspec.json.encode([GRAMMAR, known, marked])).hexdigest()[:16]

    @property
    def maybe_cases(self) -> Collection[str]:
        """The names that a case has, or that look like those of cases."""
        return self.cases.keys() | self.like_cases

    def operator_of(self, word: str) -> tuple[str, bool]:
        """Return whom a begin card names, by number or in letters, and whether the account is active.

        The name is blank where nobody is known. Where there are accounts it has to be one of them.
        """
        number = int(word) if word.isdecimal() else self.spelled.get(name_key(word))
        if number is not None:
            return self.operators.get(number, ""), number not in self.deactivated
        return "" if self.accounts_only else word, True

    def tag_of(self, text: str) -> str:
        """Return the tag of the asset that a text can stand for, blank if for none."""
        code = self.codes.get(text)
        if code is not None:
            return code.asset_tag
        try:
            return parse_asset_tag(text)
        except NotATag:
            return ""

    def doubt_of(self, card: Card) -> str:
        """Return in half a sentence why a card with a number may be another's than of who has it here, or blank."""
        return (
            doubt_of(card.mark, self.marks.get(marked(card.kind, int(card.word)), "")) if card.word.isdecimal() else ""
        )


class Named(msgspec.Struct, frozen=True):
    """What some scans name, to be looked up: numbers of accounts and holders, and texts that could be cases.

    ``spelled`` are begin cards in letters, as all spellings of a name have them in common.
    """

    accounts: frozenset[int]
    spelled: frozenset[str]
    holders: frozenset[int]
    cases: frozenset[str]


def named_by(scans: Iterable[RawScan]) -> Named:
    """Return everything that the scans' cards and texts could stand for."""
    accounts, spelled, holders, cases = set[int](), set[str](), set[int](), set[str]()
    for scan in scans:
        if not cards.is_card(scan.text):
            label = cards.read_slot_label(scan.text)
            cases.add(scan.text if label is None else label[0])
            continue
        try:
            card = cards.read(scan.text)
        except cards.NotACard:
            continue
        if card.kind in {CardKind.BEGIN, CardKind.HOLDER} and is_number(card.word):
            (accounts if card.kind is CardKind.BEGIN else holders).add(int(card.word))
        elif card.kind is CardKind.BEGIN and not card.word.isdecimal():
            spelled.add(name_key(card.word))
        elif card.kind in {CardKind.CASE, CardKind.SLOT}:
            cases.add(card.word)
    names = frozenset(filter(None, map(_case_name, cases)))
    return Named(frozenset(accounts), frozenset(spelled), frozenset(holders), names)


def marked(kind: CardKind, number: int) -> str:
    """Return what a catalogue has the mark of a number by."""
    return f"{kind}{number}"


def is_number(word: str) -> bool:
    """Tell whether a card's word is a number that an account or holder could have."""
    return word.isascii() and word.isdecimal() and len(word) <= NUMBER_DIGITS_MAX


def _case_name(text: str) -> str:
    try:
        return parse_case_name(text)
    except NotATag:
        return ""
