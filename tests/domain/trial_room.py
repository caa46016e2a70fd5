"""A room with one of everything that a rule can meet, and batches written as text.

Owns the state that the tests of the rules begin with and how a text becomes rows. Must never judge anything itself:
rows come from the real reader and the real validation, plans from the real decision.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from textwrap import dedent
from typing import NamedTuple

import msgspec

from assettrack.domain.decisions import decide
from assettrack.domain.findings import Finding
from assettrack.domain.holders import Holder, HolderRegister
from assettrack.domain.inventory import Asset, Custody, Inventory, in_custody, retired, stored
from assettrack.domain.plans import Options, Plan
from assettrack.domain.scans import COLUMNS, BadRow, Scan
from assettrack.domain.tags import OUT, Place
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES
from assettrack.domain.validation import Validator
from assettrack.formats import scan_csv

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
LATEST = "2026-02-02T10:00:00.000000Z"
"""When everything in the room had its latest entry."""

JANE = Holder(1, "Jane Smith")
BOB = Holder(2, "Bob Lee")

OWN = Place("CASE-01", 1)
TAKEN = Place("CASE-01", 2)
EMPTY = Place("CASE-01", 3)
NO_SLOT = Place("CASE-01", 99)
NO_CASE = Place("CASE-99", 1)
PLACES = {"-": None, "OUT": OUT, "own": OWN, "taken": TAKEN, "empty": EMPTY, "no slot": NO_SLOT, "no case": NO_CASE}
"""What a row can name: nothing, nowhere, the asset's own slot, another's, an empty one, and two that aren't there."""

HOME = Place("CASE-01", 4)
"""The slot that HELD was issued from, by entry 9 of the log; somebody else may take it."""

LAPTOP = Asset("STORAGE", None, None, None, "laptop", "B1-101", None, "Dell", "Latitude", "L5440")
"""What is written of every asset in the room; serial numbers are their own tags."""

STATES = {"unknown": "NEW", "slotted": "SLOTTED", "unslotted": "FREE", "held": "HELD", "gone": "GONE"}
"""The tag that is in each of the states an asset can be in."""


def room() -> Inventory:
    """CASE-01 with four slots; SLOTTED in the first, OTHER in the second, FREE in none, HELD by Jane, GONE retired."""
    inventory = Inventory()
    inventory.add_case("CASE-01", 4)
    for tag, asset in {
        "SLOTTED": stored(LAPTOP, OWN),
        "OTHER": stored(LAPTOP, TAKEN),
        "FREE": LAPTOP,
        "HELD": in_custody(LAPTOP, JANE.name),
        "GONE": retired(LAPTOP),
    }.items():
        inventory.add_asset(tag, msgspec.structs.replace(asset, serial_number=tag), LATEST)
    inventory.custody["HELD"] = Custody(9, HOME)
    inventory.holders = HolderRegister([JANE, BOB], last_id=2)
    return inventory


class Judged(NamedTuple):
    """The rows of a text, and the problems that validation found."""

    rows: list[Scan | BadRow]
    problems: list[Finding]


def judged(text: str) -> Judged:
    """Read a text as the file of a batch. Spaces around cells don't count; a blank line ends it."""
    source = scan_csv.parse(dedent(text).strip("\n").encode())
    validator = Validator(UTC, NOW)
    rows = list(validator.scans(source.rows()))
    return Judged(rows, [*source.problems, *validator.problems])


def scanned(text: str) -> list[Scan]:
    """The rows of a text that has no problems."""
    rows, problems = judged(text)
    assert problems == []
    return [row for row in rows if isinstance(row, Scan)]


def scan(event: str, tag: str, place: Place | None = None, /, at: str = "2026-02-02T11:00:00Z", **cells: str) -> Scan:
    """One row, typed or of a file, with the cells that its event needs: Bob Lee as holder, a reason for a RETIRE."""
    to_bob = {"issued_to_name": BOB.name}
    least = {"ISSUE": to_bob, "TRANSFER": to_bob, "RETIRE": {"notes": "broken"}}.get(event, {})
    case, slot = ("OUT", "OUT") if place == OUT else ("", "") if place is None else map(str, place)
    given = {"asset_tag": tag, "timestamp": at, "event_type": event, "operator_id": "gcurl"}
    row = given | {"case_number": case, "slot_number": slot} | least | cells
    validator = Validator(UTC, NOW, TYPED_EVENT_TYPES)
    (found,) = validator.scans([[row.get(column, "") for column in COLUMNS]])
    assert isinstance(found, Scan), validator.problems
    return found


def decided(rows: Sequence[Scan | BadRow], inventory: Inventory | None = None, options: Options | None = None) -> Plan:
    """The plan for these rows, in a new room unless another inventory is given; the slots agree with the assets."""
    inventory = inventory or room()
    plan = decide(rows, inventory, options or Options())
    require_agreement(inventory)
    return plan


def require_agreement(inventory: Inventory) -> None:
    """Make sure that slots and assets say the same, and that custody is with a holder and only then."""
    filled = {place: tag for place, tag in inventory.slots.items() if tag is not None}
    assert filled == {asset.place: tag for tag, asset in inventory.assets.items() if asset.place is not None}
    for asset in inventory.assets.values():
        assert (asset.status == "IN_CUSTODY") == (asset.holder is not None)
        assert asset.place is None or asset.status == "STORAGE"


def codes(findings: Sequence[Finding]) -> list[tuple[int | None, str]]:
    """Row number and code of each finding."""
    return [(finding.row_number, finding.code) for finding in findings]


def outcome(plan: Plan) -> str:
    """What became of the one row of a plan, in words: refused with its code, unchanged, or the state it leads to."""
    if plan.refusals:
        (refusal,) = plan.refusals
        assert plan.changes == []
        return f"refused: {refusal.code}"
    (change,) = plan.changes
    before, after = change.before, change.after
    if after == before:
        return "unchanged"
    begin = "created, " if before is None else ""
    where = after.holder or ("unslotted" if after.place is None else str(after.place))
    return f"{begin}{after.status}, {where}" if after.status != "RETIRED" else f"{begin}RETIRED"
