"""What the form of a correction shows, and what it says otherwise: only that is corrected.

Owns how a cell is shown in a field and read from it again. Whether a value can stand there is decided by the services.
"""

from collections.abc import Mapping
from datetime import tzinfo
from types import MappingProxyType

from assettrack.domain import errors
from assettrack.domain.corrections import DUE, HOLDER, PLACE_COLUMNS
from assettrack.domain.findings import Finding
from assettrack.domain.scans import GIVING
from assettrack.domain.tags import OUT_WORD
from assettrack.domain.timestamps import local_text
from assettrack.formats import encodings
from assettrack.services.correctable import Standing

TIMES = frozenset({"timestamp", "at"})
"""Fields that hold a moment: shown and read in the station's zone."""

IN_NO_SLOT = "in_no_slot"
"""The tick that says OUT for both columns of a place."""

HOLDER_NOW = "holder_now"
"""The tick that says whoever has the recorded name now, by number, where that is another holder than the row's."""

PLACE = "place"
"""Stands for both columns of a place among the fields of a form."""

_MAIN = MappingProxyType(
    {
        "ISSUE": ("issued_to_name", DUE),
        "TRANSFER": ("issued_to_name", DUE),
        "RETIRE": (),
        "ACCEPTANCE": ("how", "by", "at"),
    }
)
"""What is most likely wrong about an entry, by its kind; a place about all others."""

_DESCRIBING = ("operator_id", "building_room", "equipment_type", "serial_number", "manufacturer", "model", "model_code")

_SHOWN_LETTERS = 40


def fields_of(standing: Standing) -> tuple[list[str], list[str]]:
    """Return the fields of the form: those that are on top, and those that are folded away.

    A row that gives to a holder names no slot, and one that does not has no holder to name but for a remark.
    """
    kind = standing.kind
    if kind == "ACCEPTANCE":
        return list(_MAIN[kind]), []
    main = [*_MAIN.get(kind, (PLACE,)), "timestamp", "notes"]
    others = [*_DESCRIBING]
    if kind not in GIVING and standing.cells["issued_to_name"]:
        others.append("issued_to_name")
    if kind == "RETIRE":
        others.append(PLACE)
    return main, others


def shown(cells: Mapping[str, str], zone: tzinfo) -> dict[str, str]:
    """Return what the fields of a form hold for these cells."""
    found = {field: local_text(cell, zone)[:19] if field in TIMES else cell for field, cell in cells.items()}
    found[IN_NO_SLOT] = ""
    if all(found.get(column) == OUT_WORD for column in PLACE_COLUMNS):
        found |= dict.fromkeys(PLACE_COLUMNS, "") | {IN_NO_SLOT: "1"}
    return found


def typed_again(cells: Mapping[str, str], values: Mapping[str, str], zone: tzinfo) -> dict[str, str]:
    """Return what the fields hold where these values were typed before; a time is shown as it was typed."""
    found = shown(cells, zone)
    if all(values.get(column) == OUT_WORD for column in PLACE_COLUMNS):
        return {**found, **values, **dict.fromkeys(PLACE_COLUMNS, ""), IN_NO_SLOT: "1"}
    return {**found, **values, **({IN_NO_SLOT: ""} if not values.keys().isdisjoint(PLACE_COLUMNS) else {})}


def values_of(said: Mapping[str, str], standing: Standing, zone: tzinfo) -> dict[str, str]:
    """Return what a form says otherwise than it was shown, by field.

    Raises:
        errors.ValueUnusable: a field has a letter that no batch may have, or the place or the holder is said in two
            ways.
    """
    before = shown(standing.cells, zone)
    typed = {field: said[field].replace("\r\n", "\n") for field in standing.cells if field in said}
    changed = {field: text for field, text in typed.items() if field not in PLACE_COLUMNS and text != before[field]}
    if PLACE_COLUMNS[0] in typed and standing.kind not in GIVING:
        changed |= _place_said(typed, before, is_out=bool(said.get(IN_NO_SLOT)))
    if said.get(HOLDER_NOW) and standing.holder_id is not None:
        changed[HOLDER] = _holder_ticked(changed.get(HOLDER, ""), before[HOLDER])
    for field, text in changed.items():
        require_letters(field, text)
    return changed


def _holder_ticked(otherwise: str, recorded: str) -> str:
    """Return the name that the tick means: the recorded one, which may stand in its field or be left out of it."""
    if otherwise.strip():
        both = "it is also ticked that it was the one who has the recorded name now"
        raise errors.ValueUnusable("The holder", otherwise[:_SHOWN_LETTERS], both)
    return recorded


def _place_said(typed: Mapping[str, str], before: Mapping[str, str], *, is_out: bool) -> dict[str, str]:
    """Return the columns of a place that are said otherwise: by what was typed, or by the tick."""
    named = {column: typed.get(column, "") for column in PLACE_COLUMNS}
    other = {column: text for column, text in named.items() if text != before[column]}
    was_out = bool(before[IN_NO_SLOT])
    if is_out and not was_out:
        if other and any(named.values()):
            both = " ".join(named.values())
            raise errors.ValueUnusable("The slot", both[:_SHOWN_LETTERS], "it is also ticked that it was in no slot")
        return dict.fromkeys(PLACE_COLUMNS, OUT_WORD)
    return named if was_out and (other or not is_out) else other


def require_letters(field: str, text: str) -> None:
    """Make sure that a value has only letters that a batch may have, as the command line does.

    Raises:
        errors.ValueUnusable: it has another.
    """
    try:
        found = encodings.read_text(f"{field}={text}".encode())  # the field first, so it is taken for no other file
    except UnicodeEncodeError as error:
        raise errors.ValueUnusable("The correction", text[:_SHOWN_LETTERS], "it is not UTF-8") from error
    if isinstance(found, Finding):
        raise errors.ValueUnusable("The correction", text[:_SHOWN_LETTERS], found.message.rstrip("."))
