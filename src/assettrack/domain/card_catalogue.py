"""What cards and labels stand for at a station: accounts, holders and cases by what is printed of them.

Owns the one thing beside the raw scans that their reading depends on. Two readings of the same scans by catalogues of
the same version are the same.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256

import msgspec

from assettrack.domain import cards
from assettrack.domain.cards import CardKind
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.tags import NotATag, parse_case_name

GRAMMAR = 1
"""The version of the rules by which scans are read; a change of any rule makes another."""


NUMBER_DIGITS_MAX = 15
"""No account and no holder has a longer number: what a card says beyond that is known to nobody."""


class CodeSaid(msgspec.Struct, frozen=True, order=True):
    """What a GS1 code or a UII stands for here: an asset's tag, or why none can be named."""

    asset_tag: str = ""
    unclear: str = ""


class CardCatalogue(msgspec.Struct, frozen=True):
    """What the cards among some scans stand for; what it does not have, the station does not know.

    ``operators`` are names of accounts by number, ``holders`` names by number, ``cases`` numbers of slots by name,
    ``cases_and_assets`` the names that an asset has too, ``codes`` what GS1 codes and UIIs stand for by their text.
    """

    operators: Mapping[int, str] = {}
    holders: Mapping[int, str] = {}
    cases: Mapping[str, int] = {}
    cases_and_assets: frozenset[str] = frozenset()
    codes: Mapping[str, CodeSaid] = {}

    @property
    def version(self) -> str:
        """What tells catalogues apart that could read the same scans differently: 16 hexadecimal digits."""
        known = [sorted(each.items()) for each in (self.operators, self.holders, self.cases, self.codes)]
        facts = msgspec.json.encode([GRAMMAR, known, sorted(self.cases_and_assets)])
        return sha256(facts).hexdigest()[:16]


class Named(msgspec.Struct, frozen=True):
    """What some scans name, to be looked up: numbers of accounts and holders, and texts that could be cases."""

    accounts: frozenset[int]
    holders: frozenset[int]
    cases: frozenset[str]


def named_by(scans: Iterable[RawScan]) -> Named:
    """Return everything that the scans' cards and texts could stand for."""
    accounts, holders, cases = set[int](), set[int](), set[str]()
    for scan in scans:
        if not cards.is_card(scan.text):
            cases.add(scan.text)
            continue
        try:
            card = cards.read(scan.text)
        except cards.NotACard:
            continue
        if card.kind in {CardKind.BEGIN, CardKind.HOLDER} and card.word.isdecimal():
            if len(card.word) > NUMBER_DIGITS_MAX:
                continue
            (accounts if card.kind is CardKind.BEGIN else holders).add(int(card.word))
        elif card.kind in {CardKind.CASE, CardKind.SLOT}:
            cases.add(card.word)
    return Named(frozenset(accounts), frozenset(holders), frozenset(filter(None, map(_case_name, cases))))


def _case_name(text: str) -> str:
    try:
        return parse_case_name(text)
    except NotATag:
        return ""
