"""ISSUE, RETURN and TRANSFER: every cell of the table, and what is said of holders, slots and due dates in them."""

from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.inventory import Asset, Inventory
from assettrack.domain.plans import Options
from assettrack.domain.scans import DETAIL_COLUMNS
from assettrack.domain.tags import OUT, Place
from tests.domain.trial_room import BOB, EMPTY, JANE, OWN, PLACES, STATES, TAKEN, codes, decided, outcome, room, scan

TABLE = """
ISSUE  | unknown   | OUT     | refused: unknown_asset       |
ISSUE  | slotted   | OUT     | IN_CUSTODY, Bob Lee          |
ISSUE  | unslotted | OUT     | IN_CUSTODY, Bob Lee          |
ISSUE  | held      | OUT     | refused: already_in_custody  |
ISSUE  | gone      | OUT     | refused: asset_retired       |
TRANSFER | unknown   | OUT   | refused: unknown_asset       |
TRANSFER | slotted   | OUT   | refused: not_in_custody      |
TRANSFER | unslotted | OUT   | refused: not_in_custody      |
TRANSFER | held      | OUT   | IN_CUSTODY, Bob Lee          |
TRANSFER | gone      | OUT   | refused: asset_retired       |
RETURN | unknown   | OUT     | refused: unknown_asset       |
RETURN | unknown   | empty   | refused: unknown_asset       |
RETURN | unknown   | taken   | refused: unknown_asset       |
RETURN | unknown   | no slot | refused: unknown_asset       |
RETURN | unknown   | no case | refused: unknown_asset       |
RETURN | slotted   | OUT     | refused: not_in_custody      |
RETURN | slotted   | own     | refused: not_in_custody      |
RETURN | slotted   | empty   | refused: not_in_custody      |
RETURN | slotted   | taken   | refused: not_in_custody      |
RETURN | slotted   | no slot | refused: not_in_custody      |
RETURN | slotted   | no case | refused: not_in_custody      |
RETURN | unslotted | OUT     | refused: not_in_custody      |
RETURN | unslotted | empty   | refused: not_in_custody      |
RETURN | unslotted | taken   | refused: not_in_custody      |
RETURN | unslotted | no slot | refused: not_in_custody      |
RETURN | unslotted | no case | refused: not_in_custody      |
RETURN | held      | OUT     | STORAGE, unslotted           | returned_unslotted
RETURN | held      | empty   | STORAGE, CASE-01 slot 3      |
RETURN | held      | taken   | refused: slot_taken          |
RETURN | held      | no slot | refused: unknown_slot        |
RETURN | held      | no case | refused: unknown_case        |
RETURN | gone      | OUT     | refused: asset_retired       |
RETURN | gone      | empty   | refused: asset_retired       |
RETURN | gone      | taken   | refused: asset_retired       |
RETURN | gone      | no slot | refused: asset_retired       |
RETURN | gone      | no case | refused: asset_retired       |
"""
LINES = [tuple(cell.strip() for cell in line.split("|")) for line in TABLE.strip().splitlines()]


def test_the_table_has_every_cell() -> None:
    """ISSUE and TRANSFER always say OUT and a RETURN row always names a place; the rest is every combination."""
    issues = set(product(["ISSUE", "TRANSFER"], STATES, ["OUT"]))
    returns = set(product(["RETURN"], STATES, set(PLACES) - {"-"}))
    own = {("RETURN", state, "own") for state in STATES if state != "slotted"}
    assert sorted(line[:3] for line in LINES) == sorted(issues | returns - own)


@pytest.mark.parametrize(("event", "state", "place", "expected", "notices"), LINES)
def test_a_cell_of_the_table(event: str, state: str, place: str, expected: str, notices: str) -> None:
    """The event does to an asset in this state what the table says, and every other asset stays as it was."""
    inventory, tag = room(), STATES[state]
    others = {other: asset for other, asset in inventory.assets.items() if other != tag}
    plan = decided([scan(event, tag, PLACES[place])], inventory)
    assert outcome(plan) == expected
    assert [notice.code for notice in plan.notices] == notices.split()
    assert {other: asset for other, asset in inventory.assets.items() if other != tag} == others


def described(asset: Asset) -> list[str | None]:
    """The descriptive fields of an asset."""
    return [getattr(asset, column) for column in DETAIL_COLUMNS]


@pytest.mark.parametrize(
    ("event", "tag", "place"), [("ISSUE", "SLOTTED", OUT), ("RETURN", "HELD", EMPTY), ("TRANSFER", "HELD", OUT)]
)
def test_custody_changes_no_descriptive_field(event: str, tag: str, place: Place) -> None:
    """Fields given on such a row change nothing; each that differs from what is recorded is pointed out."""
    plan = decided([scan(event, tag, place, model="XPS", manufacturer="Dell", serial_number="S")])
    (change,) = plan.changes
    assert change.before is not None
    assert described(change.after) == described(change.before)
    expected = [("details_differ", "serial_number"), ("details_differ", "model")]
    assert [(notice.code, notice.field) for notice in plan.notices] == expected


def test_the_refusals_say_who_has_it_or_where_it_is() -> None:
    """An ISSUE of what somebody has names the holder; a RETURN or TRANSFER of what nobody has says where it is."""
    (held,) = decided([scan("ISSUE", "HELD", OUT)]).refusals
    assert held.message == "Asset HELD is already in custody of Jane Smith."
    (slotted,) = decided([scan("RETURN", "SLOTTED", EMPTY)]).refusals
    assert "it is in CASE-01 slot 1" in slotted.message
    (slotted,) = decided([scan("TRANSFER", "SLOTTED", OUT)]).refusals
    assert "it is in CASE-01 slot 1" in slotted.message
    (free,) = decided([scan("RETURN", "FREE", EMPTY)]).refusals
    assert "it is in storage, in no slot" in free.message
    (taken,) = decided([scan("RETURN", "HELD", TAKEN)]).refusals
    assert (taken.field, "CASE-01 slot 2 is taken by asset OTHER" in taken.message) == ("slot_number", True)


def test_the_slot_of_an_issued_asset_is_free_for_the_next_row() -> None:
    """An ISSUE frees the slot at once: a later row of the same file may fill it, and the asset needs another."""
    inventory = room()
    rows = [
        scan("ISSUE", "SLOTTED", OUT),
        scan("RETURN", "HELD", OWN),
        scan("RETURN", "SLOTTED", EMPTY),
    ]
    plan = decided(rows, inventory)
    assert plan.valid
    assert (inventory.slots[OWN], inventory.slots[EMPTY]) == ("HELD", "SLOTTED")


def test_the_holder_is_kept_in_the_first_spelling() -> None:
    """An ISSUE in another spelling of a known name is to that holder, under the name as it was registered."""
    (change,) = decided([scan("ISSUE", "FREE", OUT, issued_to_name="  jANE\u00a0  SMITH ")]).changes
    assert change.after.holder == "Jane Smith"


def test_an_unknown_holder_is_refused_with_the_names_that_are_almost_the_same() -> None:
    """Nobody is registered by being mentioned; the refusal names known holders within two letters."""
    plan = decided([scan("ISSUE", "FREE", OUT, issued_to_name="Jnae Smith")])
    assert codes(plan.refusals) == [(1, "unknown_holder")]
    assert "Jane Smith" in plan.refusals[0].message
    assert plan.refusals[0].field == "issued_to_name"
    plan = decided([scan("ISSUE", "FREE", OUT, issued_to_name="Zoe Quill")])
    assert "almost" not in plan.refusals[0].message


def test_a_new_holder_is_registered_where_that_is_asked_for() -> None:
    """With new holders accepted an unknown name is registered once, in its first spelling, and listed in the plan."""
    inventory = room()
    rows = [
        scan("ISSUE", "FREE", OUT, issued_to_name="Zoe Quill"),
        scan("ISSUE", "OTHER", OUT, issued_to_name="ZOE  QUILL"),
        scan("ISSUE", "SLOTTED", OUT, issued_to_name="Bob Lee"),
    ]
    plan = decided(rows, inventory, Options(new_holders=True))
    assert plan.new_holders == ["Zoe Quill"]
    assert [change.after.holder for change in plan.changes] == ["Zoe Quill", "Zoe Quill", "Bob Lee"]
    assert [(holder.holder_id, holder.name) for holder in inventory.holders.new_holders] == [(3, "Zoe Quill")]
    assert codes(plan.notices) == []


def test_only_an_issue_that_is_allowed_registers_anybody() -> None:
    """A name on a refused ISSUE, or on any other event, registers nobody."""
    rows = [
        scan("ISSUE", "HELD", OUT, issued_to_name="Zoe Quill"),
        scan("SCAN", "OTHER", issued_to_name="Yan Ox"),
        scan("UPDATE", "FREE", model="XPS", issued_to_name="Yan Ox"),
        scan("RETIRE", "GONE", issued_to_name="Yan Ox"),
    ]
    assert decided(rows, options=Options(new_holders=True)).new_holders == []


def test_a_new_name_almost_like_a_known_one_is_pointed_out() -> None:
    """A name within two letters of a known one is a notice that names it, new ones of the same file included."""
    rows = [
        scan("ISSUE", "FREE", OUT, issued_to_name="Jane Smyth"),
        scan("ISSUE", "OTHER", OUT, issued_to_name="Zoe Quill"),
        scan("ISSUE", "SLOTTED", OUT, issued_to_name="ZOE QUIL"),
    ]
    plan = decided(rows, options=Options(new_holders=True))
    assert plan.valid
    assert [(notice.code, notice.field) for notice in plan.notices] == [("near_holder_name", "issued_to_name")] * 2
    assert "Jane Smith" in plan.notices[0].message
    assert "Zoe Quill" in plan.notices[1].message


@pytest.mark.parametrize("name", ["x" * 201, "Zoe\u200bQuill"])
def test_a_name_that_can_not_be_kept_registers_nobody(name: str) -> None:
    """Even where new holders are accepted, a name that is too long or can't be printed is refused."""
    plan = decided([scan("ISSUE", "FREE", OUT, issued_to_name=name)], options=Options(new_holders=True))
    assert (codes(plan.refusals), plan.new_holders) == ([(1, "holder_name_invalid")], [])
    assert plan.refusals[0].field == "issued_to_name"
    assert decided([scan("ISSUE", "FREE", OUT, issued_to_name="x" * 200)], options=Options(new_holders=True)).valid


@pytest.mark.parametrize(
    ("name", "notices"),
    [
        ("", []),
        ("Jane Smith", []),
        ("JANE  smith", []),
        ("Bob Lee", ["holder_ignored"]),
        ("Nobody Known", ["holder_ignored"]),
    ],
)
def test_the_holder_named_on_a_return_need_only_be_the_one_who_had_it(name: str, notices: list[str]) -> None:
    """A RETURN takes the asset from whoever has it; another name on the row is pointed out and changes nothing."""
    plan = decided([scan("RETURN", "HELD", EMPTY, issued_to_name=name)])
    assert outcome(plan) == "STORAGE, CASE-01 slot 3"
    assert [notice.code for notice in plan.notices] == notices


def test_a_transfer_goes_to_somebody_else() -> None:
    """A TRANSFER to who has the asset already, in any spelling, is refused and says so; back and forth is allowed."""
    (again,) = decided([scan("TRANSFER", "HELD", OUT, issued_to_name="JANE  smith")]).refusals
    assert (again.code, again.message) == ("already_in_custody", "Asset HELD is already in custody of Jane Smith.")
    names = ["bob lee", "Jane Smith", "Bob Lee"]
    plan = decided([scan("TRANSFER", "HELD", OUT, issued_to_name=name) for name in names])
    assert [change.after.holder for change in plan.changes] == ["Bob Lee", "Jane Smith", "Bob Lee"]


@pytest.mark.parametrize(("event", "tag"), [("ISSUE", "FREE"), ("TRANSFER", "HELD")])
def test_nothing_is_given_to_who_is_not_active(event: str, tag: str) -> None:
    """Who is no longer active is refused by name, and is nobody new either; who has something can still return it."""
    inventory = room()
    inventory.holders.replace(BOB, msgspec.structs.replace(BOB, active=False))
    (refusal,) = decided(
        [scan(event, tag, OUT, issued_to_name="BOB lee")], inventory, Options(new_holders=True)
    ).refusals
    assert (refusal.code, refusal.field, "Bob Lee" in refusal.message) == ("holder_inactive", "issued_to_name", True)
    inventory.holders.replace(JANE, msgspec.structs.replace(JANE, active=False))
    assert decided([scan("RETURN", "HELD", EMPTY)], inventory).valid


@pytest.mark.parametrize("name", ["Zoe Quill", "Jnae Smith"])
def test_a_transfer_to_an_unknown_name_is_as_an_issue_to_it(name: str) -> None:
    """Nobody is registered by being mentioned; where new holders are accepted, they are registered and listed."""
    rows = [scan("TRANSFER", "HELD", OUT, issued_to_name=name)]
    (refusal,) = decided(rows).refusals
    assert (refusal.code, "Jane Smith" in refusal.message) == ("unknown_holder", name == "Jnae Smith")
    plan = decided(rows, options=Options(new_holders=True))
    assert (plan.new_holders, plan.changes[0].after.holder) == ([name], name)


DUE = Options(due_on="2026-08-01")
OVERDUE = "2026-06-30"


def room_with_due() -> Inventory:
    """A room in which HELD is due back."""
    inventory = room()
    inventory.assets["HELD"] = msgspec.structs.replace(inventory.assets["HELD"], due_on=OVERDUE)
    return inventory


@pytest.mark.parametrize(
    ("event", "tag", "place", "with_date", "without"),
    [
        ("ISSUE", "FREE", OUT, "2026-08-01", None),
        ("ISSUE", "SLOTTED", OUT, "2026-08-01", None),
        ("TRANSFER", "HELD", OUT, "2026-08-01", None),
        ("UPDATE", "HELD", None, OVERDUE, OVERDUE),
        ("SCAN", "HELD", None, OVERDUE, OVERDUE),
        ("RETURN", "HELD", EMPTY, None, None),
        ("RETURN", "HELD", OUT, None, None),
        ("RETIRE", "HELD", None, None, None),
        ("UPDATE", "FREE", None, None, None),
        ("SCAN", "NEW", EMPTY, None, None),
    ],
)
def test_an_asset_is_due_when_its_holder_was_told(
    event: str, tag: str, place: Place | None, with_date: str | None, without: str | None
) -> None:
    """A due date is set where the holder changes and nowhere else; it ends with the custody it was set for."""
    row = scan(event, tag, place, model="XPS", equipment_type="laptop")
    for options, expected in ((DUE, with_date), (Options(), without)):
        inventory = room_with_due()
        (change,) = decided([row], inventory, options).changes
        assert (change.after.due_on, inventory.assets[tag].due_on) == (expected, expected)


EVENTS = st.tuples(
    st.sampled_from(["SCAN", "ISSUE", "RETURN", "TRANSFER", "UPDATE", "RETIRE"]),
    st.sampled_from([*STATES.values(), "OTHER"]),
    st.sampled_from(list(PLACES.values())),
)


@given(st.lists(EVENTS, max_size=12))
def test_no_file_leads_to_an_impossible_state(events: list[tuple[str, str, Place | None]]) -> None:
    """Whatever rows say, allowed or refused, slots and assets agree and custody is with exactly one holder."""
    rows = []
    for event, tag, place in events:
        named = OUT if event in {"ISSUE", "TRANSFER"} or (event == "RETURN" and place is None) else place
        rows.append(scan(event, tag, named, equipment_type="laptop"))
    plan = decided(rows, room_with_due(), DUE)  # which compares slots and assets
    for change in plan.changes:
        assert change.after.due_on is None or change.after.holder is not None
        assert (change.after.status == "IN_CUSTODY") == (change.after.holder is not None)
        assert change.after.place is None or change.after.status == "STORAGE"
