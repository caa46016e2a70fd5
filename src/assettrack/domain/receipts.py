r"""Receipts: who answers for which assets, as one text that is hashed, printed and read by people.

Owns the text of a receipt, byte for byte (UTF-8, each line ended by LF): a title, the header and one block
for each line, parted by empty lines. Each fact stands on a line of its own as ``key: value``; what is not
known, or does not apply, is left out. A value can't be taken for anything else, because in it

* a backslash is written twice, and
* a letter that is a line break, control, direction mark, unusual or invisible space, private or no letter at
  all, as well as a space at either end, is written ``\u{HEX}``.

Which letters these are is fixed here by number, so that the text never depends on what a later Unicode knows.
There is exactly one text for a receipt, and no other is read. Must never format a time or look one up in a
zone: both texts of a time are handed in.
"""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final, Literal

import msgspec

from assettrack.domain.plans import AcceptedHow
from assettrack.domain.wording import counted, quoted

TITLE: Final = "AssetTrack custody receipt, text version 1"
"""The first line of every text."""

NUMBER_MAX = 2**63 - 1
"""The largest number in a receipt: a signed 64-bit number, as databases count."""

ReceiptKind = Literal["handover", "hand_receipt"]
"""What one batch moved to and from one holder, or all that a holder has."""

LineEvent = Literal["ISSUE", "RETURN", "TRANSFER", "RETIRE", "held"]
"""What happened to the asset of a line; ``held`` on the hand receipt of all that a holder has."""

_ESCAPED = re.compile(
    r"\\|\A | \Z|["
    "\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u3000\u3164\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\U000e0000-\U0010ffff]"
)
_ESCAPE = re.compile(r"\\(?:\\|u\{([0-9A-F]{1,6})\}|)")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


LINE_OPEN: Final = "open"
"""What is said of a line that nobody has accepted, where the rest of the receipt was accepted."""

LINE_NOT_ASKED: Final = "not asked"
"""What is said of such a line where the station asks for no acceptances: not to be open, nor to be accepted."""


class Acknowledgement(msgspec.Struct, frozen=True):
    """Who accepted responsibility, how, and when (UTC text, and as shown in the station's zone)."""

    accepted_by: str
    how: AcceptedHow
    accepted_at: str
    accepted_at_local: str


class ReceiptLine(msgspec.Struct, frozen=True, gc=False):
    """One asset on a receipt. Blank texts are not known; a blank condition is filled in by hand.

    ``moved_from`` and ``moved_to`` are a slot, a holder's name or ``unslotted``; ``entry_seq`` is the entry
    that says so, and ``corrected_by`` the latest one that superseded it, or one on which it rests. ``void`` says why
    the line does not count for the holder any more: another should have been named. ``acceptance`` is blank where the
    receipt's acknowledgement goes for the line; else a correction added it later, and it is `LINE_OPEN`,
    `LINE_NOT_ASKED`, or says how, by whom and when it was accepted.
    """

    item: int
    event: LineEvent
    asset_tag: str
    equipment_type: str
    moved_from: str
    moved_to: str
    entry_seq: int
    corrected_by: int | None = None
    void: str = ""
    acceptance: str = ""
    serial_number: str = ""
    manufacturer: str = ""
    model: str = ""
    condition: str = ""
    quantity: Literal[1] = 1


class Receipt(msgspec.Struct, frozen=True):
    """A receipt, as it stood when it was issued.

    ``timezone`` is the station's IANA zone, in which ``issued_at_local`` shows ``issued_at`` (UTC text).
    ``acknowledgement`` is None while it is open, or where none is ``asked`` for: on a hand receipt, or where the
    station goes without. ``log_size`` is the number of entries before the receipt's own.

    Raises:
        ValueError: the lines are not numbered from 1 on, a number is negative or above :data:`NUMBER_MAX`,
            a due date or a note is blank, or there is an acknowledgement that was not asked for.
    """

    kind: ReceiptKind
    receipt_id: int
    station: str
    timezone: str
    issued_at: str
    issued_at_local: str
    issued_by: str
    holder: str
    holder_id: int
    organisation: str
    log_size: int
    lines: tuple[ReceiptLine, ...]
    batch_id: int | None = None
    due_date: str | None = None
    acknowledgement: Acknowledgement | None = None
    asked: bool = True
    notes: tuple[str, ...] = ()

    @property
    def standing(self) -> tuple[ReceiptLine, ...]:
        """The lines that count for the holder."""
        return tuple(line for line in self.lines if not line.void)

    @property
    def assets(self) -> int:
        """How many different assets stand on it; one that comes and goes has two lines."""
        return len({line.asset_tag for line in self.standing})

    def __post_init__(self) -> None:
        if [line.item for line in self.lines] != list(range(1, len(self.lines) + 1)):
            raise ValueError("the lines of a receipt are numbered from 1 on, without gaps")
        if self.due_date == "" or "" in self.notes:
            raise ValueError("a due date that is not there is None and a note that says nothing is none, not blank")
        if self.acknowledgement is not None and not self.asked:
            raise ValueError("what was acknowledged was asked for")
        numbers = [self.receipt_id, self.holder_id, self.log_size, self.batch_id or 0]
        numbers += [number for line in self.lines for number in (line.entry_seq, line.corrected_by or 0)]
        if min(numbers) < 0 or max(numbers) > NUMBER_MAX:
            raise ValueError(f"the numbers of a receipt are in the range 0 to {NUMBER_MAX}")


class ReceiptTextInvalid(ValueError):
    """A text is not the text of a receipt; ``reason`` says why in a sentence for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_HEADER = {
    "kind": "kind",
    "receipt number": "receipt_id",
    "station": "station",
    "zone": "timezone",
    "issued at": "issued_at",
    "issued at, local time": "issued_at_local",
    "issued by": "issued_by",
    "batch": "batch_id",
    "holder": "holder",
    "holder number": "holder_id",
    "organisation": "organisation",
    "due date": "due_date",
    "entries in the log before": "log_size",
}
_ACKNOWLEDGEMENT = {
    "acknowledgement": "how",
    "accepted by": "accepted_by",
    "accepted at": "accepted_at",
    "accepted at, local time": "accepted_at_local",
}
_LINE = {
    "item": "item",
    "event": "event",
    "asset tag": "asset_tag",
    "equipment type": "equipment_type",
    "serial number": "serial_number",
    "manufacturer": "manufacturer",
    "model": "model",
    "quantity": "quantity",
    "condition": "condition",
    "from": "moved_from",
    "to": "moved_to",
    "entry": "entry_seq",
    "corrected by entry": "corrected_by",
    "void": "void",
    "acceptance": "acceptance",
}
_NUMBERS = {
    "receipt number", "batch", "holder number", "entries in the log before",
    "item", "quantity", "entry", "corrected by entry",
}  # fmt: skip
_BLANKS = ("organisation", "station", "timezone", "issued_at", "issued_at_local", "issued_by", "holder")
_OPEN = "open"
_NOT_ASKED = "not asked"
_NOTE = "note"
_COUNT = "lines"
_ASSETS = "assets"


def text_of(receipt: Receipt) -> str:
    """Return the one text of a receipt."""
    header = list(_cells(receipt, _HEADER))
    if receipt.acknowledgement is None:
        header.append(f"acknowledgement: {_OPEN if receipt.asked else _NOT_ASKED}\n")
    else:
        header += _cells(receipt.acknowledgement, _ACKNOWLEDGEMENT)
    header += [f"{_NOTE}: {escaped(note)}\n" for note in receipt.notes]
    header += [f"{_ASSETS}: {receipt.assets}\n", f"{_COUNT}: {len(receipt.lines)}\n"]
    blocks = [f"{TITLE}\n", "".join(header)]
    blocks += ["".join(_cells(line, _LINE)) for line in receipt.lines]
    return "\n".join(blocks)


def parse_text(text: str) -> Receipt:
    """Return the receipt whose text this is.

    Raises:
        ReceiptTextInvalid: it is not the text of a receipt, byte for byte.
    """
    if not text.startswith(f"{TITLE}\n"):
        raise ReceiptTextInvalid(f"It is not the text of a receipt: its first line is not {TITLE!r}.")
    _title, *blocks = text.removesuffix("\n").split("\n\n")
    if not blocks:
        raise ReceiptTextInvalid("It has a title and nothing else; the rest is missing.")
    try:
        receipt = _receipt(blocks[0], blocks[1:])
    except msgspec.ValidationError as error:
        raise ReceiptTextInvalid(f"A fact of it is missing or is not what it can be: {error}.") from error
    expected = text_of(receipt)
    if expected != text:
        raise ReceiptTextInvalid(_first_difference(text, expected))
    return receipt


def text_sha256(text: str) -> str:
    """Return the SHA-256 of a receipt's text in hex, as its entry in the log holds it."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def escaped(value: str) -> str:
    """Return a value as it stands in a text: on one line, with nothing in it that can't be seen."""
    return _ESCAPED.sub(lambda found: "\\\\" if found[0] == "\\" else escape(found[0]), value)


def escape(letter: str) -> str:
    r"""Return what stands for a letter that can't be shown: ``\u{HEX}``."""
    return f"\\u{{{ord(letter):X}}}"


def _cells(struct: msgspec.Struct, keys: dict[str, str]) -> Iterator[str]:
    """Yield a line for each fact that is there."""
    for key, attribute in keys.items():
        value = getattr(struct, attribute)
        if isinstance(value, str) and value:
            yield f"{key}: {escaped(value)}\n"
        elif isinstance(value, int):
            yield f"{key}: {value}\n"


def _receipt(header_block: str, line_blocks: Iterable[str]) -> Receipt:
    """Return the receipt of these blocks; what is out of place or said twice is found by comparing afterwards."""
    lines = tuple(_line(block) for block in line_blocks)
    rows = header_block.split("\n")
    facts = dict(_fact(row) for row in rows)
    notes = tuple(value for key, value in map(_fact, rows) if key == _NOTE and isinstance(value, str))
    if facts.get(_COUNT) != str(len(lines)):
        raise ReceiptTextInvalid(
            f"It has {counted(len(lines), 'line')}, but says that it has {facts.get(_COUNT, 'none')}."
        )
    values = dict.fromkeys(_BLANKS, "") | _values(facts, _HEADER) | {"lines": lines, "notes": notes}
    if facts.get("acknowledgement") == _NOT_ASKED:
        values["asked"] = False
    elif facts.get("acknowledgement") != _OPEN:
        blank = dict.fromkeys(_ACKNOWLEDGEMENT.values(), "")
        values["acknowledgement"] = blank | _values(facts, _ACKNOWLEDGEMENT)
    return msgspec.convert(values, Receipt)


def _line(block: str) -> ReceiptLine:
    facts = dict(_fact(row) for row in block.split("\n"))
    blank = {"asset_tag": "", "equipment_type": "", "moved_from": "", "moved_to": ""}
    return msgspec.convert(blank | _values(facts, _LINE), ReceiptLine)


def _values(facts: dict[str, str | int], keys: dict[str, str]) -> dict[str, object]:
    return {attribute: facts[key] for key, attribute in keys.items() if key in facts}


def _fact(row: str) -> tuple[str, str | int]:
    """Return key and value of one line of a text."""
    key, colon, value = row.partition(": ")
    if not colon:
        raise ReceiptTextInvalid(f"A line of it states nothing: {quoted(row, 60)}.")
    if key not in _NUMBERS:
        return key, _ESCAPE.sub(_letter, value) if "\\" in value else value
    if not _NUMBER.fullmatch(value):
        raise ReceiptTextInvalid(f"Its {key} is no number: {quoted(value, 60)}.")
    return key, int(value)


def _letter(escape: re.Match[str]) -> str:
    """Return the letter that an escape stands for."""
    if escape[0] == "\\\\":
        return "\\"
    number = int(escape[1] or "110000", 16)
    if number > 0x10FFFF:  # noqa: PLR2004 - the last code point of Unicode
        raise ReceiptTextInvalid("A backslash in it stands for nothing.")
    return chr(number)


def _first_difference(text: str, expected: str) -> str:
    """Say where a text is not written as it must be."""
    found, wanted = text.split("\n"), expected.split("\n")
    same = (number for number, pair in enumerate(zip(found, wanted, strict=False), 1) if pair[0] != pair[1])
    number = next(same, min(len(found), len(wanted)) + 1)
    return f"Line {number} of it is not as a receipt is written: something was changed, moved, added or left out."
