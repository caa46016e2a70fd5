"""Entries of a count: what was expected when it began, what was scanned, and how it ended or why it was given up."""

from typing import Literal

import msgspec

from assettrack.domain.entries.base import DeedEntry

Rule = Literal[1, 2, 3, 4]
"""By which rule it was found out how everything of a count ended."""


class CountScope(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What is counted: some cases, a room, what a holder has, or (where nothing is named) everything."""

    cases: tuple[str, ...] = ()
    room: str | None = None
    holder_id: int | None = None


class Sighting(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, array_like=True):
    """One scan of a count: the tag, when (UTC text), and where it was seen, as far as that was said."""

    asset_tag: str
    seen_at: str
    case_name: str | None = None
    slot_position: int | None = None


class CountStartEntry(DeedEntry, frozen=True, gc=False, tag="COUNT_START", kw_only=True, omit_defaults=True):
    """A count was begun, and what it expects frozen; ``expected`` counts the assets."""

    count_id: int
    scope: CountScope
    expected: int


class CountScansEntry(DeedEntry, frozen=True, gc=False, tag="COUNT_SCANS", kw_only=True, omit_defaults=True):
    """Scans of a count in the order in which they were made, with the file (name, SHA-256 in hex) they came from."""

    count_id: int
    scans: tuple[Sighting, ...]
    source_name: str = ""
    source_sha256: str = ""


class CountCloseEntry(DeedEntry, frozen=True, gc=False, tag="COUNT_CLOSE", kw_only=True, omit_defaults=True):
    """A count was signed off: how many assets ended in each result, and the tags of all that were not simply found.

    Where these are too many for one entry it holds the first of them, and ``parts`` entries follow with the others.
    By ``rule`` 1, that of the first versions, everything seen that was not expected ended by the state at the end
    alone; by rule 2, what was given to its holder or retired while people counted ended as moved meanwhile; by rule 3,
    of what was not in storage at the end only that does which was there at some moment of the count; by rule 4, all
    that was recorded otherwise at any moment does, but what was in storage at none and was seen to lie somewhere.
    """

    count_id: int
    totals: dict[str, int]
    exceptions: dict[str, tuple[str, ...]]
    parts: int = 0
    remark: str = ""
    rule: Rule = 1


class CountExceptionsEntry(DeedEntry, frozen=True, gc=False, tag="COUNT_EXCEPTIONS", kw_only=True, omit_defaults=True):
    """More tags of a count that was signed off just before and that were not simply found; goes with that entry."""

    count_id: int
    exceptions: dict[str, tuple[str, ...]]


class CountAbandonEntry(DeedEntry, frozen=True, gc=False, tag="COUNT_ABANDON", kw_only=True, omit_defaults=True):
    """An open count was abandoned, and has no result."""

    count_id: int
    reason: str
