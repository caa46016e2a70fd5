r"""The layout of a receipt: what stands where, in the order in which people read and sign it.

Owns the words and places of a printed receipt: header, table of lines, signatures, and the code with the
sentence how to check it. Everything is taken from the receipt's text. Must never claim to be an official form.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from reportlab.lib.units import mm

from assettrack.domain.receipts import LINE_NOT_ASKED, LINE_OPEN, LineEvent, Receipt, ReceiptLine
from assettrack.domain.wording import assets_in_lines, counted
from assettrack.paper.lettering import Lettering, Style, bold, fitted, regular
from assettrack.paper.pages import BODY_HEIGHT, LEFT, RIGHT, Band, Cell, Pen, Row, blank, row_bands
from assettrack.paper.qr_code import Symbol

COMMAND = "assettrack receipt verify FILE --key VKEY"
"""How a receipt is checked."""

COLUMNS = (
    ("No.", 10), ("Asset tag", 34), ("Serial number", 28), ("Description", 34), ("Qty", 8), ("Condition", 19),
    ("From", 25), ("To", 25),
)  # fmt: skip
"""The table's columns, and their widths in mm."""

_TITLES = {"handover": "Handover receipt", "hand_receipt": "Hand receipt"}
_SUBTITLES = {
    "handover": "What one batch issued to this holder, took back from or transferred to or from them",
    "hand_receipt": "All that this holder has in custody",
}
_SIGNERS = {"handover": ("Given by", "Received by"), "hand_receipt": ("For the station", "Holder")}
_PROMISES = {
    "handover": (
        "Given and received as listed above{apart}: {count}. Whoever received them answers for them from then on."
    ),
    "hand_receipt": "The holder has what is listed above, {count}, and answers for it until it is given back.",
}
_NOTHING_STANDS = (
    "Every line above is void: another holder should have been named. Nothing is given or received by this receipt, "
    "this holder does not answer for what is struck out, and there is nothing to sign."
)
_HOW = {"paper": "signed on paper", "typed": "by typing their name", "screen": "signed on a screen"}
_EVENTS: Mapping[LineEvent, str] = MappingProxyType(
    {
        "ISSUE": "ISSUE · ",
        "RETURN": "RETURN · ",
        "TRANSFER": "TRANSFER · ",
        "RETIRE": "RETIRE · ",
        "held": "",
    }
)
"""What stands before the entry of a line, for every event that a line can have."""


_WHAT_IT_HOLDS = (
    "The code holds this receipt's entry in the audit log of station {station}, the proof that it is there, and the "
    "station's signature. With this file and the station's public key anybody can check it, on any computer and "
    "without a network:"
)
_ATTACHED = (
    "The text that the log holds the hash of, and the text of the code, are attached to this file as receipt.txt and "
    "proof.txt. The SHA-256 of receipt.txt is"
)
_NUMBERS = r"\u{…} stands for a letter, by its Unicode number, that can't be printed here; \\ for one backslash."
_NONE = "\N{EN DASH}"
_NOT_ASKED = "not asked for on this paper"
_LINE_UNACCEPTED = {LINE_OPEN: "OPEN: nobody has accepted it yet", LINE_NOT_ASKED: "no acceptance was asked for"}
_UNACCEPTED = "OPEN: nobody has accepted responsibility yet"
_SIGN_HERE = (("Name", 14), ("Signature", 28), ("Date", 38))
"""What is written by hand, and how far in mm below the upper edge of its box."""

_SIGN_HEIGHT = 42 * mm

_LABEL = regular(7, 0.35)
_VALUE = regular(9.5)
_NAME = bold(11)
_HEAD = bold(7.5)
_CELL = regular(8)
_TAG = bold(8.5)
_SMALL = regular(7, 0.35)
_MARK = bold(7)
_VOID_CELL = _CELL._replace(grey=0.5, struck=True)
_VOID_TAG = _TAG._replace(grey=0.5, struck=True)
_VOID_SMALL = _SMALL._replace(grey=0.5, struck=True)
_TEXT = regular(8.5)
_GUTTER = 6 * mm
_PAD = 3.0
_INSET = 4.0


class ReceiptLayout:
    """Sets one receipt; ``text_sha256`` is the hash of its text, ``symbol`` the code of its proof."""

    def __init__(self, receipt: Receipt, text_sha256: str, symbol: Symbol) -> None:
        self._receipt = receipt
        self._hash = text_sha256
        self._symbol = symbol
        self._letters = Lettering()
        self._columns = _columns()

    def foot(self) -> str:
        """Return the line at the foot of each page, by which loose sheets are known to belong together."""
        receipt, shown = self._receipt, self._letters.shown
        foot = f"{_TITLES[receipt.kind]} {receipt.receipt_id} of {receipt.station} · {receipt.holder}"
        longest = RIGHT - LEFT - 70 * mm
        cut = self._letters.lines(shown(foot), longest, _LABEL)
        return f"{cut[0]}{' …' if len(cut) > 1 else ''} · text {self._hash[:16]}"

    def bands(self) -> Iterator[Band]:
        """Yield all bands of the receipt from top to bottom."""
        yield self._title()
        yield from self._facts()
        yield from self._notes()
        yield blank(4 * mm)
        yield from self._table()
        yield from self._signatures()
        yield self._proof()

    def _title(self) -> Band:
        receipt = self._receipt

        def draw(pen: Pen, top: float) -> None:
            pen.text(LEFT, top - 17, _TITLES[receipt.kind], bold(19))
            pen.text_right(RIGHT, top - 17, f"No. {receipt.receipt_id}", bold(19))
            pen.text(LEFT, top - 29, _SUBTITLES[receipt.kind], regular(8.5, 0.35))
            pen.rule(top - 35, width=1.2)

        return Band(38, draw)

    def _facts(self) -> Iterator[Band]:
        receipt = self._receipt
        batch = _NONE if receipt.batch_id is None else str(receipt.batch_id)
        local_time = f"{receipt.issued_at_local} ({receipt.timezone})"
        pairs = (
            (("Holder", receipt.holder, _NAME), ("Station", receipt.station, _NAME)),
            (("Holder number", str(receipt.holder_id), _VALUE), ("Issued at", local_time, _VALUE)),
            (("Organisation", receipt.organisation or _NONE, _VALUE), ("Issued by", receipt.issued_by, _VALUE)),
            (("Due back", receipt.due_date or _NONE, _VALUE), ("Batch", batch, _VALUE)),
        )
        width = (RIGHT - LEFT - _GUTTER) / 2
        for facts in pairs:
            cells = tuple(self._fact(fact, x, width) for fact, x in zip(facts, (LEFT, RIGHT - width), strict=True))
            yield from row_bands(Row(cells, 11.5, 1.5))
        acknowledgement = (self._fact(self._acknowledgement(), LEFT, RIGHT - LEFT),)
        yield from row_bands(Row(acknowledgement, 11.5, 3, ruled=True))

    def _acknowledgement(self) -> tuple[str, str, Style]:
        accepted = self._receipt.acknowledgement
        if not self._receipt.asked:
            return "Acknowledgement", _NOT_ASKED, _VALUE
        if accepted is None:
            return "Acknowledgement", _UNACCEPTED, bold(11)
        how = f"accepted by {accepted.accepted_by}, {_HOW[accepted.how]}, {accepted.accepted_at_local}"
        apart = [str(line.item) for line in self._receipt.standing if line.acceptance]
        if apart:
            how += f"; not of item{'s' if len(apart) > 1 else ''} {', '.join(apart)}, added by a later correction"
        return "Acknowledgement", how, _VALUE

    def _fact(self, fact: tuple[str, str, Style], x: float, width: float) -> Cell:
        label, value, style = fact
        return Cell(x, ((label, _LABEL), *self._lines(value, width, style)))

    def _notes(self) -> Iterator[Band]:
        for note in self._receipt.notes:
            cell = Cell(LEFT, self._lines(f"Note: {note}", RIGHT - LEFT, bold(8.5)))
            yield from row_bands(Row((cell,), 11, 2))

    def _table(self) -> Iterator[Band]:
        head = self._table_head()
        for line in self._receipt.lines:
            yield from row_bands(Row(self._cells(line), 9.6, _PAD, ruled=True), head)
        yield from row_bands(Row((Cell(LEFT + _INSET, ((f"{self._count()} in all{self._apart()}", _HEAD),)),), 10, 4))

    def _count(self) -> str:
        return assets_in_lines(self._receipt.assets, len(self._receipt.standing))

    def _apart(self) -> str:
        """Return what is said beside a count of lines that are void; nothing where there are none."""
        void = len(self._receipt.lines) - len(self._receipt.standing)
        return f", beside {counted(void, 'void line')}" if void else ""

    def _table_head(self) -> Band:
        def draw(pen: Pen, top: float) -> None:
            pen.shade(top - 15, 15)
            for (name, _width), (x, _room) in zip(COLUMNS, self._columns, strict=True):
                pen.text(x, top - 10.5, name, _HEAD)

        return Band(15, draw)

    def _cells(self, line: ReceiptLine) -> tuple[Cell, ...]:
        columns = self._columns
        room = columns[1][1]
        cell, small = (_VOID_CELL, _VOID_SMALL) if line.void else (_CELL, _SMALL)
        tags = [
            (line.asset_tag, fitted(line.asset_tag, room, _VOID_TAG if line.void else _TAG)),
            (f"{_EVENTS[line.event]}entry {line.entry_seq}", _SMALL),
        ]
        if line.void:
            tags.append((f"VOID: {line.void}", _MARK))
        elif line.corrected_by is not None:
            tags.append((f"corrected by entry {line.corrected_by}", _MARK))
        if line.acceptance:
            tags.append((_LINE_UNACCEPTED.get(line.acceptance) or _accepted(line.acceptance), _MARK))
        made = " ".join(part for part in (line.manufacturer, line.model) if part)
        described = [(line.equipment_type, cell), (made, small)]
        texts = (
            ((str(line.item), _CELL),),
            tuple(part for text, style in tags for part in self._lines(text, room, style)),
            self._lines(line.serial_number, columns[2][1], cell),
            tuple(part for text, style in described if text for part in self._lines(text, columns[3][1], style)),
            ((str(line.quantity), cell),),
            self._lines(line.condition, columns[5][1], cell),
            self._lines(line.moved_from, columns[6][1], cell),
            self._lines(line.moved_to, columns[7][1], cell),
        )
        return tuple(Cell(x, lines) for (x, _width), lines in zip(columns, texts, strict=True))

    def _lines(self, text: str, width: float, style: Style) -> tuple[tuple[str, Style], ...]:
        return tuple((line, style) for line in self._letters.lines(self._letters.shown(text), width, style))

    def _signatures(self) -> Iterator[Band]:
        kind = self._receipt.kind
        if self._receipt.lines and not self._receipt.standing:
            lines = self._lines(_NOTHING_STANDS, RIGHT - LEFT, bold(9.5))
            yield from row_bands(Row((Cell(LEFT, lines),), 12, 6))
            return
        apart = ", struck-out lines apart" if self._apart() else ""
        width = (RIGHT - LEFT - _GUTTER) / 2
        promise = self._lines(_PROMISES[kind].format(count=self._count(), apart=apart), RIGHT - LEFT, _TEXT)

        def draw(pen: Pen, top: float) -> None:
            for number, (text, style) in enumerate(promise, 1):
                pen.text(LEFT, top - 11 * number, text, style)
            upper = top - 11 * len(promise) - 6
            for title, x in zip(_SIGNERS[kind], (LEFT, LEFT + width + _GUTTER), strict=True):
                _sign_here(pen, title, (x, upper), width)

        yield Band(11 * len(promise) + 6 + _SIGN_HEIGHT + 5 * mm, draw)

    def _proof(self) -> Band:
        size = self._symbol.side
        x = LEFT + size + 4 * mm
        lines = [
            (text, style)
            for paragraph, style in self._explanation()
            for text in self._letters.lines(paragraph, RIGHT - x, style)
        ]
        height = max(size, 11 * len(lines))
        assert height < BODY_HEIGHT, "the largest code and what is said beside it fit on one page"

        def draw(pen: Pen, top: float) -> None:
            self._symbol.draw(pen.canvas, LEFT, top - size)
            for number, (text, style) in enumerate(lines, 1):
                pen.text(x, top - 11 * number, text, style)

        return Band(height, draw)

    def _explanation(self) -> Iterator[tuple[str, Style]]:
        receipt, station = self._receipt, self._letters.shown(self._receipt.station)
        yield "How to check this receipt", bold(9.5)
        yield _WHAT_IT_HOLDS.format(station=station), _TEXT
        yield COMMAND, bold(8.5)
        yield "", _TEXT
        yield _ATTACHED, _TEXT
        yield self._hash, _TEXT
        yield "", _TEXT
        yield f"The log had {receipt.log_size} entries before this receipt was issued.", _TEXT
        if self._letters.wrote_numbers:
            yield _NUMBERS, _TEXT


def _accepted(said: str) -> str:
    """Return in words what a line says of its own acceptance; its text says how by a code."""
    how, _, by = said.partition(", by ")
    return f"accepted by {by}, {_HOW[how]}" if how in _HOW else f"accepted: {said}"


def _columns() -> list[tuple[float, float]]:
    """Return where each column's text begins, and how wide it may be."""
    columns = []
    x = LEFT
    for _name, width in COLUMNS:
        columns.append((x + _INSET, width * mm - 1.5 * _INSET))
        x += width * mm
    assert x <= RIGHT + 1, "the columns fit on the sheet"
    return columns


def _sign_here(pen: Pen, title: str, corner: tuple[float, float], width: float) -> None:
    """Draw a box to sign in, below and to the right of its upper left corner."""
    x, upper = corner
    pen.box(x, upper - _SIGN_HEIGHT, width, _SIGN_HEIGHT)
    pen.text(x + _INSET, upper - 12, title, bold(9))
    for what, down in _SIGN_HERE:
        y = upper - down * mm
        pen.text(x + _INSET, y, what, _LABEL)
        pen.rule(y - 1.5, left=x + 48, right=x + width - 2 * _INSET)
