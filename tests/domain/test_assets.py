"""SCAN, UPDATE and RETIRE: every cell of the table in DESIGN §3, and what its bullets say of these three."""

from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.inventory import Asset
from assettrack.domain.plans import Options
from assettrack.domain.scans import DETAIL_COLUMNS
from assettrack.domain.tags import OUT, Place
from tests.domain.trial_room import EMPTY, LAPTOP, OWN, PLACES, STATES, codes, decided, outcome, room, scan

TABLE = """
SCAN   | unknown   | -       | created, STORAGE, unslotted      |
SCAN   | unknown   | OUT     | created, STORAGE, unslotted      |
SCAN   | unknown   | empty   | created, STORAGE, CASE-01 slot 3 |
SCAN   | unknown   | taken   | refused: slot_taken              |
SCAN   | unknown   | no slot | refused: unknown_slot            |
SCAN   | unknown   | no case | refused: unknown_case            |
SCAN   | slotted   | -       | unchanged                        |
SCAN   | slotted   | OUT     | unchanged                        |
SCAN   | slotted   | own     | unchanged                        |
SCAN   | slotted   | empty   | unchanged                        | sighted_elsewhere
SCAN   | slotted   | taken   | unchanged                        | sighted_elsewhere
SCAN   | slotted   | no slot | unchanged                        | sighted_unknown_place
SCAN   | slotted   | no case | unchanged                        | sighted_unknown_place
SCAN   | unslotted | -       | unchanged                        |
SCAN   | unslotted | OUT     | unchanged                        |
SCAN   | unslotted | empty   | unchanged                        | sighted_elsewhere
SCAN   | unslotted | taken   | unchanged                        | sighted_elsewhere
SCAN   | unslotted | no slot | unchanged                        | sighted_unknown_place
SCAN   | unslotted | no case | unchanged                        | sighted_unknown_place
SCAN   | held      | -       | unchanged                        | sighted_in_custody
SCAN   | held      | OUT     | unchanged                        | sighted_in_custody
SCAN   | held      | empty   | unchanged                        | sighted_elsewhere
SCAN   | held      | taken   | unchanged                        | sighted_elsewhere
SCAN   | held      | no slot | unchanged                        | sighted_in_custody sighted_unknown_place
SCAN   | held      | no case | unchanged                        | sighted_in_custody sighted_unknown_place
SCAN   | gone      | -       | unchanged                        | sighted_retired
SCAN   | gone      | OUT     | unchanged                        | sighted_retired
SCAN   | gone      | empty   | unchanged                        | sighted_elsewhere
SCAN   | gone      | taken   | unchanged                        | sighted_elsewhere
SCAN   | gone      | no slot | unchanged                        | sighted_retired sighted_unknown_place
SCAN   | gone      | no case | unchanged                        | sighted_retired sighted_unknown_place
UPDATE | unknown   | -       | refused: unknown_asset           |
UPDATE | unknown   | OUT     | refused: unknown_asset           |
UPDATE | unknown   | empty   | refused: unknown_asset           |
UPDATE | unknown   | taken   | refused: unknown_asset           |
UPDATE | unknown   | no slot | refused: unknown_asset           |
UPDATE | unknown   | no case | refused: unknown_asset           |
UPDATE | slotted   | -       | unchanged                        | update_without_change
UPDATE | slotted   | OUT     | STORAGE, unslotted               | unslotted
UPDATE | slotted   | own     | unchanged                        | update_without_change
UPDATE | slotted   | empty   | STORAGE, CASE-01 slot 3          |
UPDATE | slotted   | taken   | refused: slot_taken              |
UPDATE | slotted   | no slot | refused: unknown_slot            |
UPDATE | slotted   | no case | refused: unknown_case            |
UPDATE | unslotted | -       | unchanged                        | update_without_change
UPDATE | unslotted | OUT     | unchanged                        | update_without_change
UPDATE | unslotted | empty   | STORAGE, CASE-01 slot 3          |
UPDATE | unslotted | taken   | refused: slot_taken              |
UPDATE | unslotted | no slot | refused: unknown_slot            |
UPDATE | unslotted | no case | refused: unknown_case            |
UPDATE | held      | -       | unchanged                        | update_without_change
UPDATE | held      | OUT     | unchanged                        | update_without_change
UPDATE | held      | empty   | refused: in_custody              |
UPDATE | held      | taken   | refused: in_custody              |
UPDATE | held      | no slot | refused: in_custody              |
UPDATE | held      | no case | refused: in_custody              |
UPDATE | gone      | -       | refused: asset_retired           |
UPDATE | gone      | OUT     | refused: asset_retired           |
UPDATE | gone      | empty   | refused: asset_retired           |
UPDATE | gone      | taken   | refused: asset_retired           |
UPDATE | gone      | no slot | refused: asset_retired           |
UPDATE | gone      | no case | refused: asset_retired           |
RETIRE | unknown   | -       | refused: unknown_asset           |
RETIRE | unknown   | OUT     | refused: unknown_asset           |
RETIRE | unknown   | empty   | refused: unknown_asset           |
RETIRE | unknown   | taken   | refused: unknown_asset           |
RETIRE | unknown   | no slot | refused: unknown_asset           |
RETIRE | unknown   | no case | refused: unknown_asset           |
RETIRE | slotted   | -       | RETIRED                          |
RETIRE | slotted   | OUT     | RETIRED                          |
RETIRE | slotted   | own     | RETIRED                          | place_ignored
RETIRE | slotted   | empty   | RETIRED                          | place_ignored
RETIRE | slotted   | taken   | RETIRED                          | place_ignored
RETIRE | slotted   | no slot | RETIRED                          | place_ignored
RETIRE | slotted   | no case | RETIRED                          | place_ignored
RETIRE | unslotted | -       | RETIRED                          |
RETIRE | unslotted | OUT     | RETIRED                          |
RETIRE | unslotted | empty   | RETIRED                          | place_ignored
RETIRE | unslotted | taken   | RETIRED                          | place_ignored
RETIRE | unslotted | no slot | RETIRED                          | place_ignored
RETIRE | unslotted | no case | RETIRED                          | place_ignored
RETIRE | held      | -       | RETIRED                          |
RETIRE | held      | OUT     | RETIRED                          |
RETIRE | held      | empty   | RETIRED                          | place_ignored
RETIRE | held      | taken   | RETIRED                          | place_ignored
RETIRE | held      | no slot | RETIRED                          | place_ignored
RETIRE | held      | no case | RETIRED                          | place_ignored
RETIRE | gone      | -       | refused: asset_retired           |
RETIRE | gone      | OUT     | refused: asset_retired           |
RETIRE | gone      | empty   | refused: asset_retired           |
RETIRE | gone      | taken   | refused: asset_retired           |
RETIRE | gone      | no slot | refused: asset_retired           |
RETIRE | gone      | no case | refused: asset_retired           |
"""
LINES = [tuple(cell.strip() for cell in line.split("|")) for line in TABLE.strip().splitlines()]

details = st.fixed_dictionaries(dict.fromkeys(DETAIL_COLUMNS, st.sampled_from(["", "a", "laptop", "Dell", "FREE"])))


def test_the_table_has_every_cell() -> None:
    """Each event meets each state with each kind of place; only an asset in a slot has a slot of its own."""
    cells = set(product(("SCAN", "UPDATE", "RETIRE"), STATES, PLACES))
    own = {(event, state, "own") for event, state, _ in cells if state != "slotted"}
    assert sorted(line[:3] for line in LINES) == sorted(cells - own)


@pytest.mark.parametrize(("event", "state", "place", "expected", "notices"), LINES)
def test_a_cell_of_the_table(event: str, state: str, place: str, expected: str, notices: str) -> None:
    """The event does to an asset in this state what the table says, and every other asset stays as it was."""
    inventory, tag = room(), STATES[state]
    others = {other: asset for other, asset in inventory.assets.items() if other != tag}
    given = {"equipment_type": "laptop"} if state == "unknown" else {}
    plan = decided([scan(event, tag, PLACES[place], **given)], inventory)
    assert outcome(plan) == expected
    assert [notice.code for notice in plan.notices] == notices.split()
    assert {other: asset for other, asset in inventory.assets.items() if other != tag} == others


@pytest.mark.parametrize("state", ["slotted", "unslotted", "held"])
@pytest.mark.parametrize("event", ["UPDATE", "RETIRE"])
def test_what_is_written_of_an_asset_outlives_the_event(event: str, state: str) -> None:
    """An event that gives no descriptive field changes none of them, whatever it does to status, slot and holder."""
    (change,) = decided([scan(event, STATES[state])]).changes
    assert change.before is not None
    assert described(change.after) == described(change.before)


def described(asset: Asset) -> dict[str, str | None]:
    """The descriptive fields of an asset."""
    return {column: getattr(asset, column) for column in DETAIL_COLUMNS}


def test_a_refused_slot_says_who_is_where() -> None:
    """The refusal of a taken slot names the slot and its occupant, of an asset in custody its holder."""
    (taken,) = decided([scan("UPDATE", "SLOTTED", PLACES["taken"])]).refusals
    assert "CASE-01 slot 2 is taken by asset OTHER" in taken.message
    (held,) = decided([scan("UPDATE", "HELD", EMPTY)]).refusals
    assert "in custody of Jane Smith" in held.message
    (missing,) = decided([scan("UPDATE", "SLOTTED", PLACES["no slot"])]).refusals
    assert "CASE-01 has slots 1 to 4; there is no slot 99" in missing.message


def test_a_new_asset_needs_an_equipment_type() -> None:
    """A SCAN that would create is refused without an equipment type; one that only sees needs none."""
    assert outcome(decided([scan("SCAN", "NEW")])) == "refused: equipment_type_missing"
    assert outcome(decided([scan("SCAN", "FREE")])) == "unchanged"


def test_a_creating_scan_keeps_every_descriptive_field() -> None:
    """What the row says of the asset is what is written of it; blank cells are nothing."""
    cells = {column: f"its {column}" for column in DETAIL_COLUMNS}
    (change,) = decided([scan("SCAN", "NEW", EMPTY, **cells)]).changes
    assert change.before is None
    assert described(change.after) == cells
    (change,) = decided([scan("SCAN", "NEW", equipment_type="laptop")]).changes
    assert described(change.after) == dict.fromkeys(DETAIL_COLUMNS) | {"equipment_type": "laptop"}


@given(cells=details, tag=st.sampled_from(["SLOTTED", "FREE", "HELD", "GONE"]))
def test_a_scan_of_a_known_asset_never_changes_it(cells: dict[str, str], tag: str) -> None:
    """Descriptive fields on a sighting change nothing; each that differs from what is recorded is pointed out."""
    inventory = room()
    before = inventory.assets[tag]
    plan = decided([scan("SCAN", tag, **cells)], inventory)
    assert inventory.assets[tag] == before
    differing = {column for column, cell in cells.items() if cell and cell != getattr(before, column)}
    assert {notice.field for notice in plan.notices if notice.code == "details_differ"} == differing


@given(cells=details, place=st.sampled_from([None, EMPTY, OUT]))
def test_an_update_changes_the_fields_it_gives_and_a_blank_cell_never_erases(
    cells: dict[str, str], place: Place | None
) -> None:
    """After an UPDATE each field is what the row gives, or what it was where the row is blank."""
    inventory = room()
    before = inventory.assets["SLOTTED"]
    (change,) = decided([scan("UPDATE", "SLOTTED", place, **cells)], inventory).changes
    assert described(change.after) == {column: cell or getattr(before, column) for column, cell in cells.items()}


def test_an_asset_in_custody_can_be_described_anew() -> None:
    """An UPDATE without a slot, or with OUT/OUT, where such an asset is, changes its fields and leaves its holder."""
    for place in (None, OUT):
        (change,) = decided([scan("UPDATE", "HELD", place, model="XPS")]).changes
        assert change.before is not None
        assert change.after == msgspec.structs.replace(change.before, model="XPS")


@pytest.mark.parametrize(
    ("event", "cells", "notices"),
    [
        ("SCAN", {"issued_to_name": "Nobody Known"}, ["holder_ignored"]),
        ("UPDATE", {"issued_to_name": "Nobody Known", "model": "XPS"}, ["holder_ignored"]),
        ("UPDATE", {"issued_to_name": "Bob Lee"}, ["holder_ignored", "update_without_change"]),
        ("UPDATE", {"model": LAPTOP.model or ""}, ["update_without_change"]),
    ],
)
def test_a_holder_named_on_a_scan_or_update_is_pointed_out(
    event: str, cells: dict[str, str], notices: list[str]
) -> None:
    """Only an ISSUE gives an asset to somebody: the name changes nothing, need not be known, and is a notice."""
    plan = decided([scan(event, "FREE", **cells)])
    assert (plan.valid, [notice.code for notice in plan.notices], plan.new_holders) == (True, notices, [])
    assert plan.changes[0].after.holder is None


def test_the_holder_of_a_sighted_asset_need_not_be_pointed_out() -> None:
    """A SCAN that names the holder who has the asset says nothing new."""
    plan = decided([scan("SCAN", "HELD", issued_to_name="Jane Smith")])
    assert [notice.code for notice in plan.notices] == ["sighted_in_custody"]


def test_a_retired_asset_stays_in_the_inventory() -> None:
    """RETIRE frees the slot and clears the holder; the tag stays known, so that nothing can take it again."""
    inventory = room()
    decided([scan("RETIRE", "SLOTTED"), scan("RETIRE", "HELD")], inventory)
    assert [inventory.assets[tag].where for tag in ("SLOTTED", "HELD")] == ["retired", "retired"]
    assert inventory.slots[OWN] is None
    assert outcome(decided([scan("SCAN", "SLOTTED", equipment_type="laptop")], inventory)) == "unchanged"


def test_details_that_differ_on_a_retire_are_pointed_out() -> None:
    """A RETIRE changes no descriptive field; one that differs from what is recorded is a notice."""
    plan = decided([scan("RETIRE", "FREE", model="XPS", serial_number="FREE")])
    assert [(notice.code, notice.field) for notice in plan.notices] == [("details_differ", "model")]
    assert "'XPS' differs from what is recorded for asset FREE ('Latitude')" in plan.notices[0].message
    assert plan.changes[0].after.model == LAPTOP.model


def test_a_field_that_was_blank_is_said_to_be_blank() -> None:
    """A descriptive field given where none is recorded is a notice that says so."""
    inventory = room()
    decided([scan("SCAN", "NEW", equipment_type="laptop")], inventory)
    (notice,) = decided([scan("SCAN", "NEW", model="XPS")], inventory).notices
    assert "'XPS' differs from what is recorded for asset NEW ('blank')" in notice.message


@pytest.mark.parametrize("event", ["SCAN", "UPDATE"])
def test_the_same_serial_number_on_two_assets_is_pointed_out(event: str) -> None:
    """A serial number that another asset carries is a notice which names that asset, and blocks nothing."""
    tag = "NEW" if event == "SCAN" else "FREE"
    plan = decided([scan(event, tag, serial_number="OTHER", equipment_type="laptop")])
    assert plan.valid
    assert [(notice.code, notice.field) for notice in plan.notices] == [("serial_number_twice", "serial_number")]
    assert "OTHER" in plan.notices[0].message


def test_serial_numbers_of_earlier_rows_count() -> None:
    """Two rows of one file with the same serial number are pointed out as well; a serial given up is free again."""
    rows = [
        scan("SCAN", "N1", serial_number="S", equipment_type="laptop"),
        scan("SCAN", "N2", serial_number="S", equipment_type="laptop"),
        scan("UPDATE", "N1", serial_number="T"),
        scan("UPDATE", "N2", serial_number="U"),
        scan("SCAN", "N3", serial_number="S", equipment_type="laptop"),
    ]
    numbered = [msgspec.structs.replace(row, row_number=number) for number, row in enumerate(rows, 1)]
    assert codes(decided(numbered).notices) == [(2, "serial_number_twice")]


def test_an_update_with_its_own_serial_number_says_nothing() -> None:
    """An asset may repeat its own serial number, and an unchanged one that others share is said once, not again."""
    assert codes(decided([scan("UPDATE", "FREE", serial_number="FREE", model="XPS")]).notices) == []
    inventory = room()
    decided([scan("UPDATE", "FREE", serial_number="OTHER")], inventory)
    assert codes(decided([scan("UPDATE", "FREE", serial_number="OTHER", model="XPS")], inventory).notices) == []


def test_defaults_fill_only_what_a_creating_row_leaves_blank() -> None:
    """A default goes into blank cells of rows that create an asset, and nowhere else."""
    options = Options(defaults={"equipment_type": "tablet", "building_room": "B9"})
    rows = [scan("SCAN", "NEW"), scan("SCAN", "NEW-2", equipment_type="phone"), scan("UPDATE", "FREE", model="XPS")]
    plan = decided([*rows, scan("SCAN", "OTHER"), scan("UPDATE", "NEW-3")], options=options)
    new, given_one, updated, sighted = (change.after for change in plan.changes)
    assert (new.equipment_type, new.building_room) == ("tablet", "B9")
    assert (given_one.equipment_type, given_one.building_room) == ("phone", "B9")
    assert (updated.equipment_type, updated.building_room) == (LAPTOP.equipment_type, LAPTOP.building_room)
    assert (sighted.equipment_type, codes(plan.notices)) == (LAPTOP.equipment_type, [])
    assert [refusal.code for refusal in plan.refusals] == ["unknown_asset"]
    assert [row.equipment_type for row in plan.scans] == [
        "",
        "phone",
        "",
        "",
    ]  # the log keeps rows as they were scanned
