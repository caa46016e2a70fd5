"""Which column of somebody's own table is which field of a batch, and what is the same in each row.

Owns the rules of such a mapping. It is said by a person and never guessed: a column that is not named is not read, and
a field that is neither named nor said stays blank.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC

import msgspec

from assettrack.domain.scans import CELL_BYTES_MAX, COLUMNS, EVENT_TYPES, OPERATOR_LENGTH_MAX, REQUIRED_COLUMNS
from assettrack.domain.tags import NotATag, ascii_upper, is_out, parse_case_name, parse_slot_position
from assettrack.domain.timestamps import NotATime, TimestampReader
from assettrack.domain.wording import quoted

NAME_RULE = "a name has 1 to 40 letters a-z, digits and '-', beginning with a letter or digit"
LABEL_FIELDS = ("asset_tag", "case_number", "serial_number")
"""Fields that are printed on labels: a spreadsheet that took one for a number has changed it, or may have."""

WORD_FIELDS = (
    "operator_id",
    "issued_to_name",
    "building_room",
    "equipment_type",
    "manufacturer",
    "model",
    "model_code",
)
"""Fields that are words, though some look like dates or numbers: room 3-12, model 3.10."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class NotAMapping(ValueError):
    """What was said is no mapping; ``reason`` says why in half a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ColumnMapping(msgspec.Struct, frozen=True):
    """A mapping: ``columns`` are headings by field, ``values`` what is the same in each row, by field."""

    columns: Mapping[str, str]
    values: Mapping[str, str] = {}

    def missing(self, *, at: str = "") -> list[str]:
        """Return the fields that every row needs and that nothing says; ``at`` is a time said for all rows."""
        said = {*self.columns, *self.values, *(["timestamp"] if at else [])}
        return [field for field in REQUIRED_COLUMNS if field not in said]


def clean_heading(text: str) -> str:
    """Return a heading as headings are compared: in NFC, spaces collapsed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def require_name(name: str) -> None:
    """Make sure that a mapping can be kept under a name.

    Raises:
        NotAMapping: it can't.
    """
    if not _NAME.fullmatch(name):
        raise NotAMapping(NAME_RULE)


def mapping_of(columns: Mapping[str, str], values: Mapping[str, str]) -> ColumnMapping:
    """Return the mapping that headings and values by field make.

    Raises:
        NotAMapping: it is none: a field that there is not, one said twice, a heading for two, a time that moves.
    """
    for field in (*columns, *values):
        if field not in COLUMNS:
            raise NotAMapping(f"there is no field {quoted(field, 40)}; the fields are {', '.join(COLUMNS)}")
    if both := [field for field in columns if field in values]:
        raise NotAMapping(f"{both[0]} is said twice, as a column and as a value")
    if "asset_tag" not in columns:
        raise NotAMapping("it does not say in which column the asset_tag stands")
    headings = {field: clean_heading(heading) for field, heading in columns.items()}
    taken: dict[str, str] = {}
    for field, heading in headings.items():
        if not heading or not heading.isprintable():
            raise NotAMapping(f"the heading for {field} is blank, or has letters that can't be printed")
        if taken.setdefault(heading, field) != field:
            raise NotAMapping(f"{quoted(heading, 60)} is said for both {taken[heading]} and {field}")
    return ColumnMapping(headings, {field: _value(field, value) for field, value in values.items()})


def require_meant(mapping: ColumnMapping) -> None:
    """Make sure that what a mapping says of each row can be in a row at all; no row could be taken by it otherwise.

    Asked when a mapping is made. One that is kept is read without it: its rows are problems, which say the same.

    Raises:
        NotAMapping: an event that there is none, an operator's name that is too long, a case or slot that can't be.
    """
    event = mapping.values.get("event_type")
    if event is not None and ascii_upper(event) not in EVENT_TYPES:
        raise NotAMapping(f"there is no event {event!a}; event_type is one of {', '.join(EVENT_TYPES)}")
    if len(mapping.values.get("operator_id", "")) > OPERATOR_LENGTH_MAX:
        raise NotAMapping(f"the value of operator_id has more than {OPERATOR_LENGTH_MAX} letters")
    parsed: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("case_number", parse_case_name), ("slot_number", parse_slot_position),
    )  # fmt: skip
    for field, parse in parsed:
        text = mapping.values.get(field, "OUT")
        try:
            _ = is_out(text) or parse(text)
        except NotATag as error:
            raise NotAMapping(f"the value of {field}, {text!a}, can't be one: {error.reason}") from error


def _value(field: str, text: str) -> str:
    clean = clean_heading(text)
    if not clean or not clean.isprintable() or len(clean.encode()) > CELL_BYTES_MAX:
        raise NotAMapping(f"the value of {field} is blank, too long, or has letters that can't be printed")
    if field == "timestamp":
        try:
            TimestampReader(UTC).read(clean)
        except NotATime as error:
            said = quoted(clean, 40)
            raise NotAMapping(f"the time {said} can't be kept: {error.reason}; say one with --at instead") from error
    return clean
