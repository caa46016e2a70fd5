"""Scan cards: printed codes that say what the next scans mean, because a pocket scanner has no screen.

Owns how a card is written and read. A card begins with a reserved word and a space, which no asset tag can have, is at
most 30 characters long, and ends in a check character of its own (ISO/IEC 7064 MOD 37,36), so that half a card is never
taken for another. It has only digits, capitals and spaces: those survive every keyboard layout. A number of a holder
or an account is followed by a mark of three letters that says whose number it is: `card_marks`.
"""

import enum
import re
import string

import msgspec

from assettrack.domain.card_marks import MARK_LENGTH

PREFIX = "AT "
LENGTH_MAX = 30
"""So many characters a card or a label of ours may have, and so many the scanners of the family read by themselves."""

_ALPHABET = string.digits + string.ascii_uppercase
_ESCAPES = {"Z": "ZZ", "-": "ZD", "_": "ZU"}
_UNESCAPED = {"Z": "Z", "D": "-", "U": "_"}
_POSITION_DIGITS = 3
_NUMBERED = re.compile(rf"([0-9]+)([A-Z]{{{MARK_LENGTH}}})")
_SLOT_LABEL = re.compile(r"(.+?)[ /]SLOT[- ]?([0-9]{1,3})", re.IGNORECASE | re.ASCII)


class CardKind(enum.StrEnum):
    """What a card says."""

    BEGIN = "B"
    """Begin, with the number and mark of the account whose scans follow, or a name in letters."""

    EVENT = "E"
    """The event of the next scans."""

    HOLDER = "H"
    """The holder of the next scans, by number and mark."""

    CASE = "C"
    """The case of the next scans."""

    SLOT = "S"
    """The slot of the next scan."""

    UNDO = "U"
    """Forget the scan before this card."""

    END = "N"
    """End, with the number of assets scanned."""


_ODD = {
    CardKind.BEGIN: "it names nobody",
    CardKind.EVENT: "it names no event",
    CardKind.HOLDER: "it has no number of a holder",
    CardKind.CASE: "it names no case",
    CardKind.SLOT: "it names no case",
    CardKind.UNDO: "an undo card says nothing more",
    CardKind.END: "it has no number of assets",
}
"""Why a card is none whose word its kind can't have."""


class Card(msgspec.Struct, frozen=True):
    """What a card says: a word or number, for a slot its position, and for a holder's or account's number its mark."""

    kind: CardKind
    word: str = ""
    position: int = 0
    mark: str = ""


class NotACard(ValueError):
    """A text begins as a card and is none that is whole; ``reason`` says why in half a sentence.

    ``is_misread`` says that its check character does not fit, so that it may have been any card.
    """

    def __init__(self, reason: str, *, is_misread: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_misread = is_misread


def is_card(text: str) -> bool:
    """Tell whether a text claims to be a card."""
    return text.upper().startswith(PREFIX)


def written(card: Card) -> str:
    """Return the text that a card's code holds.

    Raises:
        NotACard: what it says is too long for a card, nothing that its kind can say, or has letters that no card can
            have.
    """
    if not _fits(card.kind, card.word):
        raise NotACard(_ODD[card.kind])
    word = card.word + card.mark
    if _parted(card.kind, word) != (card.word, card.mark):
        raise NotACard("it could be taken for a number with its mark")
    position = f"{card.position:0{_POSITION_DIGITS}d}" if card.kind is CardKind.SLOT else ""
    payload = f"{card.kind}{position}{''.join(_ESCAPES.get(letter, letter) for letter in word)}"
    if any(letter not in _ALPHABET + " " for letter in payload):
        raise NotACard("it has letters that a card can't hold")
    text = f"{PREFIX}{payload}{check_character(payload)}"
    if len(text) > LENGTH_MAX:
        raise NotACard(f"it would be {len(text)} characters long, {LENGTH_MAX} are allowed")
    return text


def read(text: str) -> Card:
    """Return what a card says.

    Raises:
        NotACard: it is no whole card, or says nothing that its kind can say.
    """
    body = text.upper().removeprefix(PREFIX)
    payload, check = body[:-1], body[-1:]
    if not payload or any(letter not in _ALPHABET + " " for letter in body) or check_character(payload) != check:
        raise NotACard("its check character does not fit; scan it again", is_misread=True)
    try:
        kind = CardKind(payload[0])
    except ValueError as error:
        raise NotACard("this version knows no card of its kind") from error
    rest = payload[1:]
    digits = rest[:_POSITION_DIGITS] if kind is CardKind.SLOT else ""
    if kind is CardKind.SLOT and (not digits.isdecimal() or len(digits) < _POSITION_DIGITS):
        raise NotACard("it names no slot")
    word = _unescaped(rest.removeprefix(digits))
    word, mark = _parted(kind, word)
    if not _fits(kind, word):
        raise NotACard(_ODD[kind])
    return Card(kind, word, int(digits or 0), mark)


def read_slot_label(text: str) -> tuple[str, int] | None:
    """Return the case and position that a slot's label in plain letters names (``CASE-01 SLOT-07``), or None."""
    found = _SLOT_LABEL.fullmatch(text)
    return None if found is None else (found[1], int(found[2]))


def why_no_new_name(text: str) -> str | None:
    """Return why nothing new may have a name, or None: whoever scans it would not be told from a card or a label."""
    if is_card(text):
        return f"what begins with {PREFIX.rstrip()} and a space is read as a scan card; choose another name"
    if read_slot_label(text) is not None:
        return "it is read as the label of a slot; choose another name"
    return None


def check_character(payload: str) -> str:
    """Return the check character of digits and capitals after ISO/IEC 7064 MOD 37,36; spaces count for nothing."""
    modulus = len(_ALPHABET)
    remainder = modulus
    for letter in payload.replace(" ", ""):
        remainder = (remainder + _ALPHABET.index(letter)) % modulus or modulus
        remainder = remainder * 2 % (modulus + 1)
    return _ALPHABET[(modulus + 1 - remainder) % modulus]


def _parted(kind: CardKind, word: str) -> tuple[str, str]:
    """Return the number and the mark that a word of a holder's or account's card is, or the word and no mark."""
    numbered = _NUMBERED.fullmatch(word) if kind in {CardKind.HOLDER, CardKind.BEGIN} else None
    return (word, "") if numbered is None else (numbered[1], numbered[2])


def _fits(kind: CardKind, word: str) -> bool:
    """Tell whether a card of a kind can have a word."""
    if kind is CardKind.UNDO:
        return not word
    if kind is CardKind.END:
        return not word or word.isdecimal()
    return word.isdecimal() if kind is CardKind.HOLDER else bool(word.strip())


def _unescaped(text: str) -> str:
    found = []
    letters = iter(text)
    for letter in letters:
        if letter != "Z":
            found.append(letter)
            continue
        meant = _UNESCAPED.get(next(letters, ""))
        if meant is None:
            raise NotACard("it has a letter that no card has")
        found.append(meant)
    return "".join(found)
