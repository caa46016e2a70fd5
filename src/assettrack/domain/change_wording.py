"""What a plan and its changes say in words, on every face alike."""

from collections import Counter
from types import MappingProxyType

from assettrack.domain.inventory import Asset
from assettrack.domain.plans import Change, Plan
from assettrack.domain.scans import DETAIL_COLUMNS
from assettrack.domain.wording import counted

_KINDS = (
    ("new", "{} new asset", "{} new assets"),
    ("ISSUE", "{} issued", "{} issued"),
    ("RETURN", "{} returned", "{} returned"),
    ("TRANSFER", "{} transferred", "{} transferred"),
    ("UPDATE", "{} updated", "{} updated"),
    ("RETIRE", "{} retired", "{} retired"),
    ("SCAN", "{} seen again", "{} seen again"),
    ("nothing", "{} without effect", "{} without effect"),
)
"""Each kind of change with its words for one and for many, in the order in which they are told."""

FIELD_WORDS = MappingProxyType(
    {
        "equipment_type": "equipment type",
        "serial_number": "serial number",
        "manufacturer": "manufacturer",
        "model": "model",
        "model_code": "model code",
        "building_room": "room",
    }
)
"""What people call the fields that say what an asset is, by their columns."""

BLANK = "(blank)"


def before_and_after(before: Asset | None, after: Asset, sign: str) -> str:
    """Return what becomes of an asset, ``sign`` between: ``in CASE-01 slot 3 → in custody of Jane Smith``."""
    if before is None:
        return f"new {after.equipment_type} {sign} {after.where}"
    if before == after:
        return f"{after.where}, unchanged"
    parts = [] if before.where == after.where else [f"{before.where} {sign} {after.where}"]
    if after.due_on != before.due_on and (after.due_on is not None or after.holder == before.holder):
        parts.append(f"due {after.due_on or 'on no date'}")
    for field in DETAIL_COLUMNS:
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            parts.append(f"{FIELD_WORDS[field]} {old or BLANK} {sign} {new or BLANK}")
    return "; ".join(parts)


def all_said(words: str, before: Asset | None, after: Asset, notes: str = "") -> str:
    """Return the words for a change with all else that it keeps: how a new asset is described, and the row's notes."""
    parts = [words]
    if before is None:
        said = ((FIELD_WORDS[field], getattr(after, field)) for field in DETAIL_COLUMNS if field != "equipment_type")
        parts += [f"{word} {value}" for word, value in said if value]
    return "; ".join([*parts, *([f"notes: {notes}"] if notes else [])])


def summary(plan: Plan, held: int | None = None, *, to_mend: int = 0) -> str:
    """Return what the file is in one line: ``42 scans: 30 new assets, 8 issued, 4 returned``.

    ``held`` counts the scans that wait for an answer, where it is made of scans: they were read, and are to be mended,
    though none of them is a row. ``to_mend`` counts the scans of a queue that are no rows before they are mended.
    """
    if not plan.rows and held is not None:
        what = f"{counted(held, 'scan')} {'is' if held == 1 else 'are'} held: " if held else ""
        return f"{what}{counted(len(plan.problems), 'question')} to be answered before anything is committed"
    to_mend += held or 0
    scans = plan.rows + to_mend
    if not scans:
        return "No row could be read"
    counts = Counter(map(kind_of, plan.changes))
    parts = [
        (one if counts[kind] == 1 else many).format(f"{counts[kind]:,}") for kind, one, many in _KINDS if counts[kind]
    ]
    if not plan.valid:
        rows = {finding.row_number for finding in (*plan.problems, *plan.refusals)} - {None}
        undecided = plan.rows - len(plan.changes) - len(rows)
        bad = len(rows) + to_mend
        parts = [f"{bad:,} to be mended"] * bool(bad) + [f"{undecided:,} not decided"] * (undecided > 0) + parts
    elif plan.rows > len(plan.changes):
        parts.append(f"{plan.rows - len(plan.changes):,} recorded already")
    return f"{counted(scans, 'scan')}: {', '.join(parts)}"


def kind_of(change: Change) -> str:
    """Return what kind of change a row is: its event, ``new``, or ``nothing``."""
    if change.before is None:
        return "new"
    if change.event_type == "UPDATE" and change.before == change.after:
        return "nothing"
    return change.event_type
