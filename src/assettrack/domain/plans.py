"""A plan: what a whole batch will do, and the code that binds a commit to it.

Owns the values that a preview shows and a commit repeats. The confirm code is made from
the rows' identities, the options and the decided changes, and from nothing that moves
without them: no clock, no log position, no notices (DESIGN §5).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from hashlib import sha256
from typing import Literal

import msgspec

from assettrack.domain import crockford
from assettrack.domain.findings import Finding
from assettrack.domain.inventory import Asset
from assettrack.domain.scan_answers import ScanReading
from assettrack.domain.scans import BLOCK_ROWS, DETAIL_COLUMNS, EventType, Scan
from assettrack.domain.table_reading import TableReading

KEPT_ROWS_MAX = 200_000
"""Plans up to this size keep their changes encoded (some 250 bytes a row); larger ones encode them anew."""

DEFAULT_COLUMNS = tuple(name for name in DETAIL_COLUMNS if name != "serial_number")
"""Columns that may be given a default: a serial number never repeats."""

CODE_LENGTH = 8

PEOPLE_NAMED = 3
"""So many names are said of those that mean other people than were shown."""


AcceptedHow = Literal["paper", "screen", "typed"]
ACCEPTED_HOW: tuple[AcceptedHow, ...] = ("paper", "screen", "typed")
"""How responsibility is accepted: signed on paper, signed on a screen, or a name typed."""


class Acceptance(msgspec.Struct, frozen=True, omit_defaults=True):
    """That responsibility was accepted, and how.

    ``by`` is None where each holder did, or for a return the operator. ``signatures`` are the hashes (SHA-256 in hex,
    `domain.signatures`) of what was drawn on a screen, by the name of who drew it.
    """

    how: AcceptedHow
    by: str | None = None
    signatures: dict[str, str] = {}


class Options(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a batch is to be taken; ``defaults`` fill blank cells of rows that create an asset.

    ``due_on`` (a date in the station's zone, ``YYYY-MM-DD``) is when assets given to a holder are due back. ``scanner``
    tells of rows that a pocket scanner's scans were read as how they were, ``table`` the same of a table's rows that
    have the time that was said.
    """

    defaults: dict[str, str] = {}
    new_holders: bool = False
    only_new: bool = False
    late_reason: str | None = None
    due_on: str | None = None
    accepted: Acceptance | None = None
    scanner: ScanReading | None = None
    table: TableReading | None = None


class Change(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What one row will do. ``before`` is None where the row creates; a no-op leaves ``after`` as before.

    ``holder_id`` is the number of the holder to whom the row gives the asset, 0 where the batch registers the holder
    first: a name can be given up and taken by somebody else, and then it is another change.
    """

    row_number: int
    asset_tag: str
    event_type: EventType
    before: Asset | None
    after: Asset
    late: bool = False
    holder_id: int | None = None


class Plan(msgspec.Struct, dict=True):
    """What a whole batch will do: ``changes`` and ``identities`` run in step, one of each for a decided row.

    So do ``scans``, which are needed to commit and left out where the plan is only shown.
    ``recorded_in`` names the batches that already hold rows of the file; ``already_committed``
    says that they hold all of them. ``notes`` are those of decided rows by their numbers, of the first
    `KEPT_ROWS_MAX` rows.
    """

    options: Options
    rows: int = 0
    scans: list[Scan] = []
    identities: list[bytes] = []
    changes: list[Change] = []
    problems: list[Finding] = []
    refusals: list[Finding] = []
    notices: list[Finding] = []
    new_holders: list[str] = []
    notes: dict[int, str] = {}
    recorded_in: list[int] = []
    already_committed: bool = False

    @property
    def valid(self) -> bool:
        """Whether the whole file is clean, so that it can be committed."""
        return not self.problems and not self.refusals

    @property
    def blocks(self) -> Iterable[bytes]:
        """The changes as JSON lines, `BLOCK_ROWS` at a time; those of a usual batch are kept, not made again."""
        return self._kept_blocks if len(self.changes) <= KEPT_ROWS_MAX else self._encoded()

    @cached_property
    def confirm_code(self) -> str | None:
        """The code that confirms exactly this plan, or None where it can't be committed."""
        if not self.valid:
            return None
        digest = sha256(msgspec.json.encode(self.options, order="sorted"))
        digest.update(b"".join(self.identities))
        for block in self.blocks:
            digest.update(block)
        return written_code(digest.digest())

    @cached_property
    def _kept_blocks(self) -> list[bytes]:
        return list(self._encoded())

    def _encoded(self) -> Iterator[bytes]:
        encode = msgspec.json.Encoder(order="deterministic").encode_lines
        for start in range(0, len(self.changes), BLOCK_ROWS):
            yield encode(self.changes[start : start + BLOCK_ROWS])


class ShownPlan(msgspec.Struct, frozen=True):
    """What is remembered of a plan that was shown: its file, its options and its change lines."""

    source_sha256: str
    options: Options
    lines: Sequence[bytes]


def written_code(digest: bytes) -> str:
    """Return the first 40 bits of a digest as a code of 8 letters in Crockford's base 32, shown as ``K7QF-2M9X``."""
    return crockford.written(int.from_bytes(digest[:5], "big"), CODE_LENGTH)


def read_code(text: str) -> str | None:
    """Return a typed code in the form in which it is shown, or None where it can't be one.

    Case, dashes and spaces don't matter, and O, I and L mean 0, 1 and 1, as Crockford's base 32 has it.
    """
    return crockford.read(text, CODE_LENGTH)


def moved_rows(shown: Iterable[bytes], now: Iterable[bytes]) -> list[int]:
    """Return the numbers of the rows whose change lines differ between two plans of one file."""
    lines = {_row_number(line): line for line in shown}
    moved = []
    for line in now:
        row_number = _row_number(line)
        if lines.pop(row_number, None) != line:
            moved.append(row_number)
    return sorted([*moved, *lines])


def people_moved(shown: Iterable[bytes], now: Iterable[bytes], rows: Collection[int]) -> list[str]:
    """Return in a sentence each whom a name meant where some rows were shown, and whom it means now; a few of them.

    So of each to whom the rows give something and who is called otherwise now, as the holder of a card may be.
    """
    given = {each.row_number: each for each in map(_read_given, shown) if each.row_number in rows}
    said: dict[str, None] = {}
    for each in map(_read_given, now):
        was = given.get(each.row_number)
        if was is None or was.holder_id is None or each.holder_id is None:
            continue
        if was.after.holder == each.after.holder and was.holder_id != each.holder_id:
            said[f"{each.after.holder} was {_who(was)} when it was shown, and is {_who(each)} now."] = None
        elif was.after.holder != each.after.holder and was.holder_id == each.holder_id != 0:
            was_called = f"Holder {each.holder_id} was called {was.after.holder} when it was shown"
            said[f"{was_called}, and is called {each.after.holder} now."] = None
    return list(said)[:PEOPLE_NAMED]


def _who(given: "_Given") -> str:
    return f"holder {given.holder_id}" if given.holder_id else "to be registered"


def _read_given(line: bytes) -> "_Given":
    return msgspec.json.decode(line, type=_Given)


def _row_number(line: bytes) -> int:
    return msgspec.json.decode(line, type=_Row).row_number


class _Row(msgspec.Struct):
    row_number: int


class _Holding(msgspec.Struct):
    holder: str | None = None


class _Given(msgspec.Struct):
    """What of a change says to whom something is given."""

    row_number: int
    after: _Holding
    holder_id: int | None = None
