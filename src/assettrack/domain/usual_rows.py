"""The quick way through validation: blocks of rows in which every cell is as nearly all cells are.

Owns nothing of what is right or wrong: that is `validation`, which judges cell by cell. Here a whole
block is read column by column, which costs half as much, and given up as soon as any cell is not
plainly in order: another spelling, another zone, an unprintable letter, a row that repeats. It must
never accept what `validation` would not read in the very same way; a property test compares the two.
"""

import re
from collections.abc import Sequence
from itertools import repeat
from unicodedata import is_normalized

from assettrack.domain.findings import Finding
from assettrack.domain.scans import (
    CELL_BYTES_MAX,
    EVENT_TYPES,
    OPERATOR_LENGTH_MAX,
    EventType,
    Scan,
    first_identities,
    identity_text,
    place_cells,
)
from assettrack.domain.tags import OUT, OUT_WORD, NotATag, Place, parse_case_name, parse_slot_position
from assettrack.domain.timestamps import EARLIEST, TimestampReader

_MARK = "|"
"""Stands between the cells while they are looked at as one text: printable, and nothing combines with it in NFC."""

_TAGS = re.compile(r"(?:[A-Z0-9][A-Z0-9-]{0,29}\n)+")
_EVENTS: dict[str, EventType] = {
    spelling: event for event in EVENT_TYPES for spelling in (event, event.lower(), event.title())
}


class UsualRows:
    """Reads blocks of rows; remembers the places it has read and one of each text that repeats.

    ``identities`` are those of all rows read so far, shared with whoever reads the other blocks.
    """

    def __init__(self, times: TimestampReader, latest: str, identities: set[bytes]) -> None:
        self._times = times
        self._latest = latest
        self._identities = identities
        self._texts: dict[str, str] = {}
        self._places: dict[str, dict[str, Place]] = {OUT_WORD: {OUT_WORD: OUT}}

    def scans(self, first_row: int, rows: Sequence[Sequence[str] | Finding]) -> list[Scan] | None:
        """Return the scans of a block whose first row has this number, or None where a cell is unusual."""
        columns = _columns(rows)
        if columns is None:
            return None
        tags, times, events, operators, names, cases, slots, rooms, kinds, serials, makers, models, codes, notes = (
            columns
        )
        if not (_are_tags(tags) and _are_operators(set(operators)) and _are_names(set(names))):
            return None
        occurred, event_types = self._occurred(times), _event_types(events)
        places = self._read_places(cases, slots)
        if occurred is None or event_types is None or places is None:
            return None
        if not all(map(_is_complete, event_types, places, names, notes)):
            return None
        details = [self._kept(column) for column in (rooms, kinds, makers, models, codes)]
        rooms, kinds, makers, models, codes = details
        operators, names, occurred = self._kept(operators), self._kept(names), self._kept(occurred)
        identities = first_identities(
            tags, occurred, event_types, operators, names, map(_place_text, places),
            rooms, kinds, serials, makers, models, codes, notes,
        )  # fmt: skip
        if not self._are_new(identities):
            return None
        received = ["" if time[10] == "T" else time for time in times]
        return list(
            map(
                Scan, range(first_row, first_row + len(rows)), tags, received, occurred, event_types, operators, names,
                places, rooms, kinds, serials, makers, models, codes, notes, repeat(1), identities,
            )
        )  # fmt: skip

    def _occurred(self, times: Sequence[str]) -> Sequence[str] | None:
        occurred = [utc for utc in map(self._times.read_usual, times) if utc is not None]
        in_order = len(occurred) == len(times) and min(occurred) >= EARLIEST and max(occurred) <= self._latest
        return occurred if in_order else None

    def _read_places(self, cases: Sequence[str], slots: Sequence[str]) -> list[Place | None] | None:
        try:
            return [self._place(case, slot) if case or slot else None for case, slot in zip(cases, slots, strict=True)]
        except NotATag:
            return None

    def _place(self, case: str, slot: str) -> Place:
        places = self._places.get(case)
        if places is None:
            parse_case_name(case)
            places = self._places[case] = {}
        place = places.get(slot)
        if place is None:
            place = places[slot] = Place(parse_case_name(case), parse_slot_position(slot))
        return place

    def _kept(self, column: Sequence[str]) -> Sequence[str]:
        """Return the column with the first of all texts that are equal: one of each is kept in memory."""
        return list(map(self._texts.setdefault, column, column)) if any(column) else column

    def _are_new(self, identities: list[bytes]) -> bool:
        """Tell whether no row is the same as another so far; if so, remember them."""
        block = set(identities)
        if len(block) < len(identities) or not block.isdisjoint(self._identities):
            return False
        self._identities |= block
        return True


def _columns(rows: Sequence[Sequence[str] | Finding]) -> list[Sequence[str]] | None:
    """Return the columns, trimmed, of rows with nothing but short cells of printable text in NFC; None for others."""
    if Finding in set(map(type, rows)):
        return None
    lines = list(map(_MARK.join, rows))  # type: ignore[arg-type]  # none of them is a finding
    text = _MARK.join(["", *lines, ""])
    letters_max = CELL_BYTES_MAX if text.isascii() else CELL_BYTES_MAX // 4  # UTF-8 needs at most four bytes for one
    if not (text.isprintable() and is_normalized("NFC", text) and max(map(len, lines)) <= letters_max):
        return None
    columns: list[Sequence[str]] = list(zip(*rows, strict=True))
    if f" {_MARK}" in text or f"{_MARK} " in text:  # of what is printable, only the space is trimmed
        return [list(map(str.strip, column)) for column in columns]
    return columns


def _are_tags(tags: Sequence[str]) -> bool:
    return OUT_WORD not in tags and _TAGS.fullmatch("\n".join([*tags, ""])) is not None


def _are_operators(operators: set[str]) -> bool:
    return "" not in operators and max(map(len, operators)) <= OPERATOR_LENGTH_MAX


def _are_names(names: set[str]) -> bool:
    return all(" ".join(name.split()) == name for name in names)


def _event_types(events: Sequence[str]) -> list[EventType] | None:
    try:
        return list(map(_EVENTS.__getitem__, events))
    except KeyError:
        return None


def _is_complete(event: EventType, place: Place | None, name: str, notes: str) -> bool:
    """Tell whether a row has what its event needs."""
    if event == "ISSUE":
        return place is OUT and name != ""
    if event == "RETURN":
        return place is not None
    return event != "RETIRE" or notes != ""


def _place_text(place: Place | None) -> str:
    """Return the two cells that name a place, already joined as `identity_text` joins cells."""
    return identity_text(place_cells(place))
