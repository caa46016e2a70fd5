"""The decision on a whole batch: order, lateness, rows that hang on others, rows known already (DESIGN §3 to §5)."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.decisions import Decision
from assettrack.domain.findings import finding
from assettrack.domain.inventory import AcceptanceRule, Inventory
from assettrack.domain.plans import Acceptance, Options, Plan
from assettrack.domain.scans import BadRow, Scan
from assettrack.domain.tags import OUT
from tests.domain.trial_room import EMPTY, LATEST, OWN, TAKEN, Judged, codes, decided, judged, room, scan

REASON = "scanner found behind the shelf"
LATE = Options(late_reason=REASON)
LAPTOPS = Options(defaults={"equipment_type": "laptop"})
EARLIER = "2026-02-02T09:59:59.999999Z"


@pytest.fixture
def batch(request: pytest.FixtureRequest) -> Judged:
    """The rows of the batch in the test's docstring, which stands below the sentence that says what is tested."""
    _, _, text = request.function.__doc__.partition("\n\n")
    return judged(text)


def hanging(plan: Plan) -> dict[int | None, str]:
    """On which row and why each hanging row hangs."""
    return {notice.row_number: notice.message for notice in plan.notices if notice.code == "hangs_on_row"}


def test_rows_of_one_asset_apply_in_file_order(batch: Judged) -> None:
    """A tag may come many times: each row meets what the rows before it have made.

    asset_tag, timestamp,         event_type, operator_id, issued_to_name, case_number, slot_number, model, notes
    NEW,       2026-02-02T11:00Z, SCAN,       gcurl,       ,               CASE-01,     3,           ,
    NEW,       2026-02-02T11:01Z, ISSUE,      gcurl,       Bob Lee,        OUT,         OUT,         ,
    NEW,       2026-02-02T11:02Z, SCAN,       gcurl,       ,               ,            ,            ,
    NEW,       2026-02-02T11:03Z, RETURN,     gcurl,       ,               CASE-01,     4,           ,
    NEW,       2026-02-02T11:04Z, UPDATE,     gcurl,       ,               OUT,         OUT,         XPS,
    NEW,       2026-02-02T11:05Z, UPDATE,     gcurl,       ,               CASE-01,     3,           ,
    NEW,       2026-02-02T11:06Z, RETIRE,     gcurl,       ,               ,            ,            ,      worn
    NEW,       2026-02-02T11:07Z, SCAN,       gcurl,       ,               ,            ,            ,
    NEW,       2026-02-02T11:08Z, ISSUE,      gcurl,       Bob Lee,        OUT,         OUT,         ,
    """
    inventory = room()
    plan = decided(batch.rows, inventory, LAPTOPS)
    assert [change.after.where for change in plan.changes] == [
        "in CASE-01 slot 3", "in custody of Bob Lee", "in custody of Bob Lee", "in CASE-01 slot 4",
        "in storage, in no slot", "in CASE-01 slot 3", "retired", "retired",
    ]  # fmt: skip
    for earlier, later in zip(plan.changes, plan.changes[1:], strict=False):
        assert later.before == earlier.after
    assert codes(plan.refusals) == [(9, "asset_retired")]
    assert (plan.rows, inventory.slots[EMPTY], inventory.latest["NEW"]) == (9, None, "2026-02-02T11:07:00.000000Z")


def test_two_assets_change_places_by_way_of_no_slot(batch: Judged) -> None:
    """A slot is free for a later row as soon as an earlier row has emptied it, and not before.

    asset_tag, timestamp,         event_type, operator_id, case_number, slot_number
    SLOTTED,   2026-02-02T11:00Z, UPDATE,     gcurl,       OUT,         OUT
    OTHER,     2026-02-02T11:01Z, UPDATE,     gcurl,       CASE-01,     1
    SLOTTED,   2026-02-02T11:02Z, UPDATE,     gcurl,       CASE-01,     2
    """
    inventory = room()
    assert decided(batch.rows, inventory).valid
    assert (inventory.slots[OWN], inventory.slots[TAKEN]) == ("OTHER", "SLOTTED")
    assert codes(decided(batch.rows[1:]).refusals) == [(2, "slot_taken")]


def test_everything_is_said_at_once(batch: Judged) -> None:
    """Every problem and every refusal of the file is found, and what is right is decided.

    asset_tag, timestamp,         event_type, operator_id, issued_to_name, case_number, slot_number
    A 1,       2026-02-02T11:00Z, SCAN,       gcurl,       ,               ,
    NEW,       2026-02-02T11:00Z, UPDATE,     gcurl,       ,               ,
    FREE,      2026-02-02T11:00Z, SCANN,      gcurl,       ,               ,
    HELD,      2026-02-02T11:00Z, ISSUE,      gcurl,       Bob Lee,        OUT,         OUT
    OTHER,     2026-02-02T11:00Z, ISSUE,      gcurl,       Bob Lee,        OUT,         OUT
    GONE,      2026-02-02T11:00Z, RETURN,     gcurl,       ,               OUT,         OUT
    """
    decision = Decision(room(), Options())
    decision.add(batch.rows)
    plan = decision.conclude(batch.problems)
    assert codes(plan.problems) == [(1, "asset_tag_invalid"), (3, "event_type_invalid")]
    assert codes(plan.refusals) == [(2, "unknown_asset"), (4, "already_in_custody"), (6, "asset_retired")]
    assert ([change.row_number for change in plan.changes], plan.rows, plan.valid) == ([5], 6, False)


@pytest.mark.parametrize("at", [LATEST, "2026-02-02T10:00:00.000001Z", "2026-02-02T11:00:00+01:00"])
@pytest.mark.parametrize("event", ["SCAN", "ISSUE", "UPDATE", "RETIRE"])
def test_a_row_at_or_after_the_latest_entry_is_in_time(event: str, at: str) -> None:
    """Equal is fine: clocks tick in whole seconds and two deeds may fall into one; zones don't matter."""
    place = OUT if event == "ISSUE" else None
    plan = decided([scan(event, "FREE", place, at=at, model="XPS")])
    assert plan.valid
    assert not {"late_sighting", "late_accepted"} & {notice.code for notice in plan.notices}
    assert not plan.changes[0].late


@pytest.mark.parametrize("at", [EARLIER, "2026-02-02T10:59:59+01:00", "2025-12-31T23:00:00Z"])
@pytest.mark.parametrize(
    ("event", "tag"), [("ISSUE", "FREE"), ("RETURN", "HELD"), ("UPDATE", "SLOTTED"), ("RETIRE", "HELD")]
)
def test_an_earlier_row_is_refused_as_late(event: str, tag: str, at: str) -> None:
    """A row before its asset's latest entry is refused, and the refusal says when that was."""
    plan = decided([scan(event, tag, OUT if event in {"ISSUE", "RETURN"} else None, at=at)])
    assert codes(plan.refusals) == [(1, "late")]
    assert (plan.refusals[0].field, LATEST in plan.refusals[0].message) == ("timestamp", True)
    assert plan.changes == []


@pytest.mark.parametrize("options", [Options(), LATE])
def test_a_late_sighting_is_only_pointed_out(options: Options) -> None:
    """A SCAN of a known asset changes nothing, so it may be late: a notice, and no reason is recorded with it."""
    plan = decided([scan("SCAN", "FREE", at=EARLIER)], options=options)
    assert codes(plan.notices) == [(1, "late_sighting")]
    assert (plan.valid, plan.changes[0].late) == (True, False)


def test_an_unknown_asset_can_not_be_late() -> None:
    """The first entry of an asset has none before it, however old the row is."""
    assert codes(decided([scan("SCAN", "NEW", at="2000-01-01T00:00:00Z", equipment_type="laptop")]).notices) == []
    assert codes(decided([scan("ISSUE", "NEW", OUT, at="2000-01-01T00:00:00Z")]).refusals) == [(1, "unknown_asset")]


def test_earlier_rows_of_the_file_count_as_entries(batch: Judged) -> None:
    """A row is late after any row of its asset with a later time, a sighting too, and after nothing else.

    asset_tag, timestamp,         event_type, operator_id, model,  equipment_type
    FREE,      2026-02-02T13:00Z, SCAN,       gcurl,       ,
    FREE,      2026-02-02T12:59Z, UPDATE,     gcurl,       XPS,
    OTHER,     2026-02-02T12:59Z, UPDATE,     gcurl,       XPS,
    NEW,       2026-02-02T08:00Z, SCAN,       gcurl,       ,       laptop
    NEW,       2026-02-02T07:59Z, UPDATE,     gcurl,       XPS,
    HELD,      2026-02-02T13:00Z, UPDATE,     gcurl,       XPS,
    HELD,      2026-02-02T13:00Z, UPDATE,     gcurl,       Yoga,
    """
    plan = decided(batch.rows)
    assert codes(plan.refusals) == [(2, "late"), (5, "late")]
    assert [change.row_number for change in plan.changes] == [1, 3, 4, 6, 7]


def test_late_rows_are_accepted_with_a_reason(batch: Judged) -> None:
    """With a reason late rows are decided like others and pointed out; exactly these are marked, and time stands still.

    asset_tag, timestamp,         event_type, operator_id, model, issued_to_name, case_number, slot_number
    FREE,      2026-02-02T09:00Z, UPDATE,     gcurl,       XPS,   ,               ,
    FREE,      2026-02-02T09:30Z, UPDATE,     gcurl,       Yoga,  ,               ,
    FREE,      2026-02-02T10:00Z, UPDATE,     gcurl,       Zen,   ,               ,
    SLOTTED,   2026-02-02T09:00Z, SCAN,       gcurl,       ,      ,               ,
    HELD,      2026-02-02T09:00Z, ISSUE,      gcurl,       ,      Bob Lee,        OUT,         OUT
    """
    inventory = room()
    plan = decided(batch.rows, inventory, LATE)
    assert [change.late for change in plan.changes] == [True, True, False, False]
    assert codes(plan.refusals) == [(5, "already_in_custody")]
    late = [(1, "late_accepted"), (2, "late_accepted"), (4, "late_sighting"), (5, "late_accepted")]
    assert [said for said in codes(plan.notices) if said[1].startswith("late")] == late
    assert inventory.latest["FREE"] == LATEST


def test_rows_hang_on_an_earlier_bad_row_of_the_same_asset(batch: Judged) -> None:
    """What follows a problem or a refusal is not decided: a notice says on which row it hangs.

    asset_tag, timestamp,         event_type, operator_id, issued_to_name, case_number, slot_number
    FREE,      2026-02-02,        ISSUE,      gcurl,       Bob Lee,        OUT,         OUT
    FREE,      2026-02-02T11:00Z, RETURN,     gcurl,       ,               OUT,         OUT
    NEW,       2026-02-02T11:00Z, ISSUE,      gcurl,       Bob Lee,        OUT,         OUT
    NEW,       2026-02-02T11:00Z, RETURN,     gcurl,       ,               OUT,         OUT
    FREE,      2026-02-02T11:00Z, SCAN,       gcurl,       ,               ,
    OTHER,     2026-02-02T11:00Z, SCAN,       gcurl,       ,               ,
    """
    plan = decided(batch.rows)
    assert codes(batch.problems) == [(1, "timestamp_invalid")]
    assert codes(plan.refusals) == [(3, "unknown_asset")]
    assert {row: "row 1 (same asset)" in said for row, said in hanging(plan).items() if row != 4} == {2: True, 5: True}
    assert "row 3 (same asset)" in hanging(plan)[4]
    assert ([change.row_number for change in plan.changes], plan.valid) == ([6], False)


def test_rows_hang_on_an_earlier_bad_row_of_the_same_slot(batch: Judged) -> None:
    """A slot that a bad row names, or that its asset is in, is open: rows that would fill it hang, others don't.

    asset_tag, timestamp,         event_type, operator_id, issued_to_name, case_number, slot_number, notes
    SLOTTED,   2026-02-02T11:00Z, ISSUE,      gcurl,       Zoe Quill,      OUT,         OUT,
    NEW,       2026-02-02T11:00Z, SCAN,       gcurl,       ,               CASE-01,     1,
    NEW-2,     2026-02-02T11:00Z, SCAN,       ,            ,               CASE-01,     3,
    HELD,      2026-02-02T11:00Z, RETURN,     gcurl,       ,               CASE-01,     3,
    OTHER,     2026-02-02T11:00Z, SCAN,       gcurl,       ,               CASE-01,     3,
    FREE,      2026-02-02T11:00Z, RETIRE,     gcurl,       ,               CASE-01,     1,           lost
    """
    plan = decided(batch.rows, options=LAPTOPS)
    assert codes(batch.problems) == [(3, "cell_missing")]
    assert codes(plan.refusals) == [(1, "unknown_holder")]
    said = hanging(plan)
    assert set(said) == {2, 4}
    assert "row 1 (same slot)" in said[2]
    assert "row 3 (same slot)" in said[4]
    assert [change.row_number for change in plan.changes] == [5, 6]


def test_hanging_is_handed_on(batch: Judged) -> None:
    """A row that hangs leaves its own asset and slots open too, and what then hangs names the row that is bad.

    asset_tag, timestamp,         event_type, operator_id, case_number, slot_number, equipment_type
    SLOTTED,   2026-02-02T09:00Z, UPDATE,     gcurl,       CASE-01,     3,
    NEW,       2026-02-02T11:00Z, SCAN,       gcurl,       CASE-01,     3,           laptop
    NEW,       2026-02-02T11:00Z, UPDATE,     gcurl,       CASE-01,     4,
    NEW-2,     2026-02-02T11:00Z, SCAN,       gcurl,       CASE-01,     4,           laptop
    NEW-3,     2026-02-02T11:00Z, SCAN,       gcurl,       CASE-01,     2,           laptop
    """
    plan = decided(batch.rows)
    assert codes(plan.refusals) == [(1, "late"), (5, "slot_taken")]
    said = hanging(plan)
    assert set(said) == {2, 3, 4}
    assert all("hangs on row 1" in sentence for sentence in said.values())


def test_an_asset_that_stays_in_its_open_slot_does_not_hang() -> None:
    """A row that leaves its asset where it is, in a slot which a bad row names, can be decided."""
    bad = BadRow(1, "NEW", TAKEN)
    stays = scan("UPDATE", "OTHER", TAKEN, model="XPS")
    plan = decided([bad, msgspec.structs.replace(stays, row_number=2)])
    assert ([change.row_number for change in plan.changes], hanging(plan)) == ([2], {})


def test_a_return_into_an_open_slot_hangs_even_where_its_asset_is_unknown() -> None:
    """Whether the asset is refused too can wait until the slot is right."""
    plan = decided([BadRow(1, "X1", EMPTY), msgspec.structs.replace(scan("RETURN", "NEW", EMPTY), row_number=2)])
    assert (set(hanging(plan)), plan.refusals) == ({2}, [])


def test_nothing_hangs_on_out_or_on_an_unreadable_tag() -> None:
    """OUT is no slot that could stay taken, and a tag that can't be read is nobody's."""
    good = [scan("RETURN", "HELD", OUT), scan("ISSUE", "FREE", OUT)]
    numbered = [msgspec.structs.replace(row, row_number=number) for number, row in enumerate(good, 3)]
    plan = decided([BadRow(1, None, OUT), BadRow(2, None, None), *numbered])
    assert [change.row_number for change in plan.changes] == [3, 4]
    assert hanging(plan) == {}
    plan = decided([BadRow(1, None, EMPTY), msgspec.structs.replace(scan("UPDATE", "FREE", EMPTY), row_number=2)])
    assert "row 1 (same slot)" in hanging(plan)[2]


ROWS = [
    scan("SCAN", "NEW", EMPTY, equipment_type="laptop"),
    scan("ISSUE", "FREE", OUT),
    scan("UPDATE", "NEW", model="XPS"),
]
NUMBERED = [msgspec.structs.replace(row, row_number=number) for number, row in enumerate(ROWS, 1)]


def room_that_knows(rows: dict[int, int]) -> Inventory:
    """A room in which some of these rows are in the log already: row number to batch."""
    inventory = room()
    inventory.recorded = {NUMBERED[number - 1].identity: batch_id for number, batch_id in rows.items()}
    return inventory


@pytest.mark.parametrize("options", [Options(), Options(only_new=True), Options(new_holders=True, late_reason=REASON)])
def test_a_file_whose_rows_are_all_known_was_committed_already(options: Options) -> None:
    """Nothing happens then, whatever the options; a notice names the batches that hold the rows."""
    plan = decided(NUMBERED, room_that_knows({1: 4, 2: 3, 3: 4}), options)
    assert (plan.already_committed, plan.recorded_in, plan.valid, plan.changes) == (True, [3, 4], True, [])
    assert codes(plan.notices) == [(None, "already_committed")]
    assert "in batches 3, 4;" in plan.notices[0].message


def test_known_rows_are_refused_and_the_others_decided_without_them() -> None:
    """Each known row is refused with its batch; the rest is decided on the present state."""
    plan = decided(NUMBERED, room_that_knows({2: 3, 3: 4}))
    assert codes(plan.refusals) == [(2, "already_recorded"), (3, "already_recorded")]
    assert ["batch 3" in plan.refusals[0].message, "batch 4" in plan.refusals[1].message] == [True, True]
    assert ([change.row_number for change in plan.changes], plan.already_committed) == ([1], False)
    assert plan.recorded_in == [3, 4]
    assert hanging(plan) == {}


def test_refusals_stand_in_the_order_of_the_rows() -> None:
    """A known row between refused ones is listed between them."""
    rows = [scan("UPDATE", "GONE"), ROWS[1], scan("UPDATE", "GONE", at="2026-02-02T12:00Z"), scan("RETIRE", "NEW-9")]
    numbered = [msgspec.structs.replace(row, row_number=number) for number, row in enumerate(rows, 1)]
    plan = decided(numbered, room_that_knows({2: 3}))
    assert codes(plan.refusals) == [(1, "asset_retired"), (2, "already_recorded"), (4, "unknown_asset")]
    assert set(hanging(plan)) == {3}


def test_only_new_leaves_known_rows_out() -> None:
    """With that choice known rows are left out with a notice, and the others can be committed."""
    assert codes(decided(NUMBERED, options=Options(only_new=True)).notices) == []
    plan = decided(NUMBERED, room_that_knows({1: 4}), Options(only_new=True))
    assert codes(plan.notices) == [(None, "skipped_recorded")]
    assert codes(plan.refusals) == [(3, "unknown_asset")]
    plan = decided(NUMBERED, room_that_knows({3: 4}), Options(only_new=True))
    assert plan.valid
    assert [change.row_number for change in plan.changes] == [1, 2]
    assert "1 row already recorded (batch 4)" in plan.notices[0].message


def test_a_bad_row_beside_known_ones_keeps_the_file_from_being_committed_already() -> None:
    """Only a file whose every row is known was committed; one with another row was not."""
    plan = decided([*NUMBERED, BadRow(4, "X1", None)], room_that_knows({1: 4, 2: 4, 3: 4}))
    assert not plan.already_committed
    assert [row for row, _ in codes(plan.refusals)] == [1, 2, 3]


def test_a_plan_takes_up_what_validation_found() -> None:
    """Problems make it invalid; notices stand in the order of the rows, those about the file first."""
    decision = Decision(room(), Options())
    decision.add([scan("SCAN", "HELD")])
    file_wide = finding("unknown_columns", None, None, columns="1 unknown column", names="x")
    later = finding("timestamp_ambiguous", 2, "timestamp", value="x", zone="y")
    problem = finding("row_blank", 3)
    plan = decision.conclude([problem], [later, file_wide])
    expected = [(None, "unknown_columns"), (1, "sighted_in_custody"), (2, "timestamp_ambiguous")]
    assert codes(plan.notices) == expected
    assert (plan.problems, plan.valid) == ([problem], False)


@given(st.lists(st.booleans(), min_size=4, max_size=4))
def test_deciding_in_blocks_says_the_same(ends: list[bool]) -> None:
    """Wherever a file is cut into blocks, the plan is that of the whole; a plan only to be shown keeps no rows."""
    rows: list[Scan | BadRow] = [*NUMBERED, BadRow(4, "OTHER", None), scan("UPDATE", "OTHER", model="XPS")]
    whole = msgspec.structs.asdict(decided(rows))
    for keep_scans in (True, False):
        decision = Decision(room(), Options(), keep_scans=keep_scans)
        block: list[Scan | BadRow] = []
        for row, ends_here in zip(rows, [*ends, True], strict=True):
            block.append(row)
            if ends_here:
                decision.add(block)
                block = []
        assert msgspec.structs.asdict(decision.conclude()) == whole | ({} if keep_scans else {"scans": []})


HANDS_OVER = {
    "ISSUE": scan("ISSUE", "FREE", OUT),
    "RETURN": scan("RETURN", "HELD", EMPTY),
    "TRANSFER": scan("TRANSFER", "HELD", OUT),
    "RETIRE of what a holder has": scan("RETIRE", "HELD"),
    "none: RETIRE": scan("RETIRE", "FREE"),
    "none: SCAN": scan("SCAN", "HELD"),
    "none: UPDATE": scan("UPDATE", "HELD", model="XPS"),
}


@pytest.mark.parametrize("how", [None, Acceptance("paper"), Acceptance("typed", "Bob Lee")])
@pytest.mark.parametrize("rule", ["required", "recorded", "off"])
@pytest.mark.parametrize("what", HANDS_OVER)
def test_what_is_handed_over_is_accepted_where_that_is_required(
    what: str, rule: AcceptanceRule, how: Acceptance | None
) -> None:
    """Only there a batch that exchanges something with a holder is refused as a whole, unless somebody accepted it."""
    inventory = room()
    inventory.acceptance = rule
    plan = decided([scan("SCAN", "OTHER"), HANDS_OVER[what]], inventory, Options(accepted=how))
    refused = rule == "required" and how is None and not what.startswith("none")
    assert codes(plan.refusals) == ([(None, "acceptance_missing")] if refused else [])
    assert (plan.valid, len(plan.changes)) == (not refused, 2)


def test_the_lack_of_an_acceptance_is_said_once_beside_all_else() -> None:
    """It stands before what is said about rows; rows that are refused exchange nothing."""
    inventory = room()
    inventory.acceptance = "required"
    refused = [scan("ISSUE", "HELD", OUT), scan("ISSUE", "NEW", OUT)]
    assert codes(decided(refused, inventory).refusals) == [(1, "already_in_custody"), (1, "unknown_asset")]
    rows = [scan("ISSUE", "FREE", OUT), scan("ISSUE", "GONE", OUT), scan("ISSUE", "OTHER", OUT)]
    inventory = room()
    inventory.acceptance = "required"
    assert codes(decided(rows, inventory).refusals) == [(None, "acceptance_missing"), (1, "asset_retired")]


def test_a_file_that_was_committed_needs_no_acceptance_again() -> None:
    """Where every row is known nothing is handed over, whatever the rule has become since."""
    inventory = room_that_knows({1: 4, 2: 4, 3: 4})
    inventory.acceptance = "required"
    plan = decided(NUMBERED, inventory)
    assert (plan.already_committed, plan.valid) == (True, True)


def test_deciding_twice_says_the_same() -> None:
    """The decision depends on rows, state and options alone: on equal states it comes to equal plans."""
    rows: list[Scan | BadRow] = [*NUMBERED, BadRow(4, "OTHER", None), scan("UPDATE", "OTHER", model="XPS")]
    first, second = (msgspec.structs.asdict(decided(rows, options=LATE)) for _ in range(2))
    assert first == second
