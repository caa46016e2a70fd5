"""What a batch meets in the database: everything its rows touch is read, block by block, and nothing is mistaken."""

import json

import pytest

from assettrack.domain import errors
from assettrack.domain.facts import Handover
from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import issues
from assettrack.services import custody, holders, intake, settings, slots, verification
from assettrack.services.custody import TypedCommand
from assettrack.services.intake import CommitReceipt
from tests.domain.trial_room import codes
from tests.services.desk import Desk, row

NEW_HOLDERS = Options(new_holders=True)
C1, C2, C3, C4 = (("CASE-01", str(position)) for position in (1, 2, 3, 4))


@pytest.fixture(params=[1, 2, 3, 1000], ids="in blocks of {}".format)
def in_blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are looked up and decided so many at a time; where a file is cut must not matter."""
    monkeypatch.setattr(intake, "BLOCK_ROWS", request.param)


def test_a_return_need_not_name_the_holder(desk: Desk) -> None:
    """Whoever has an asset is known from the database, on whatever row it comes back, is sighted or retired."""
    desk.commit("".join(row(tag) + row(tag, "ISSUE") for tag in ("A1", "A2", "A3", "A4")))
    later = row("A2", at="10:30") + row("A3", "RETIRE") + row("A4", "UPDATE", notes="seen")
    desk.commit(row("A1", "RETURN", place=C1) + later)
    entries = [json.loads(body) for body in desk.entries()[-4:]]
    assert [entry["holder_id"] for entry in entries] == [1, 1, 1, 1]
    assert desk.where("A1", "A2", "A3", "A4") == [
        "in CASE-01 slot 1", "in custody of Jane Smith", "retired", "in custody of Jane Smith",
    ]  # fmt: skip
    assert verification.verify(desk.workplace).ok


@pytest.mark.usefixtures("in_blocks")
def test_rows_meet_what_earlier_blocks_have_made(desk: Desk) -> None:
    """Assets, slots and holders that a file itself creates or moves are not read again as they were before."""
    desk.commit(row("A1", place=C1) + row("A2", place=C2) + row("A3") + row("A3", "ISSUE"))
    text = (
        row("A1", "ISSUE", issued_to_name="Zoe Quill")
        + row("A2", "UPDATE", place=C1)
        + row("B1", place=C2)
        + row("A1", "RETURN", place=C3)
        + row("A3", "RETURN", place=C4)
        + row("A2", "ISSUE", issued_to_name="ZOE  QUILL")
        + row("B1", "UPDATE", place=C1)
        + row("A1", "UPDATE", place=C2)
        + row("B2", "SCAN", place=C3)
        + row("B2", "ISSUE", issued_to_name="Bob Lee")
    )
    plan = desk.preview(text, NEW_HOLDERS)
    assert (plan.valid, plan.new_holders) == (True, ["Zoe Quill"]), plan.refusals
    assert desk.commit(text, NEW_HOLDERS, confirm=plan.confirm_code).committed == 10
    assert desk.where("A1", "A2", "A3", "B1", "B2") == [
        "in CASE-01 slot 2", "in custody of Zoe Quill", "in CASE-01 slot 4", "in CASE-01 slot 1",
        "in custody of Bob Lee",
    ]  # fmt: skip
    assert verification.verify(desk.workplace).ok


@pytest.mark.usefixtures("in_blocks")
def test_rows_hang_across_blocks(desk: Desk) -> None:
    """What is bad in one block is known in the next, with the slot that its asset is in and the one it names."""
    desk.commit(row("A1", place=C1) + row("A2", place=C2))
    plan = desk.preview(
        row("A1", "ISSUE", issued_to_name="Nobody Known")
        + row("B1", place=C1)
        + row("A2", "UPDATE", at="08:00", place=C3)
        + row("B2", place=C3)
        + row("B3", place=C2)
        + row("B4", place=C4)
        + row("B 5", place=C4)
        + row("B6", place=C4)
    )
    assert codes(plan.problems) == [(7, "asset_tag_invalid")]
    assert codes(plan.refusals) == [(1, "unknown_holder"), (3, "late")]
    hanging = [notice.row_number for notice in plan.notices if notice.code == "hangs_on_row"]
    assert hanging == [2, 4, 5, 8]
    assert [change.row_number for change in plan.changes] == [6]


@pytest.mark.usefixtures("in_blocks")
def test_known_rows_are_known_in_every_block(desk: Desk) -> None:
    """Rows that are in the log already are found wherever in the file they stand."""
    old = [row("A1"), row("A2", at="09:59"), row("A1", "ISSUE")]
    desk.commit("".join(old))
    assert desk.preview("".join(old)).already_committed
    mixed = desk.preview(old[0] + row("B1") + old[1] + row("B2") + old[2])
    assert codes(mixed.refusals) == [(number, "already_recorded") for number in (1, 3, 5)]


@pytest.mark.usefixtures("in_blocks")
def test_a_serial_number_is_that_of_whoever_carries_it_now(desk: Desk) -> None:
    """Assets in the database count, those changed by earlier rows as they are then, and each is named."""
    header = "asset_tag,timestamp,event_type,operator_id,equipment_type,serial_number\n"

    def line(tag: str, event: str, serial: str) -> str:
        return f"{tag},2026-07-01T10:00Z,{event},gcurl,laptop,{serial}\n"

    desk.commit(header + line("A1", "SCAN", "S1") + line("A2", "SCAN", "S2"))
    plan = desk.preview(
        header
        + line("A1", "UPDATE", "S9")
        + line("B1", "SCAN", "S1")
        + line("B2", "SCAN", "S2")
        + line("B3", "SCAN", "S9")
        + line("B4", "SCAN", "S1")
    )
    said = [(notice.row_number, notice.message) for notice in plan.notices]
    expected = [(3, "S2", "A2"), (4, "S9", "A1"), (5, "S1", "B1")]
    assert said == [
        (number, f"serial_number {serial} is also that of asset {tag}.") for number, serial, tag in expected
    ]


@pytest.mark.usefixtures("in_blocks")
def test_new_holders_are_registered_by_the_commit(desk: Desk) -> None:
    """An unknown name is refused; with new holders it is listed by the preview and registered by the commit, once."""
    text = row("A1") + row("A2") + row("A1", "ISSUE", issued_to_name="jane  smyth") + row("A2", "ISSUE")
    text += row("A2", "RETURN", place=C1) + row("A2", "ISSUE", issued_to_name="Jane SMYTH")
    plan = desk.preview(text)
    assert codes(plan.refusals) == [(3, "unknown_holder"), (6, "unknown_holder")]
    assert "Jane Smith" in plan.refusals[0].message
    shown = desk.preview(text, NEW_HOLDERS)
    assert (shown.new_holders, codes(shown.notices)) == (["jane smyth"], [(3, "near_holder_name")])
    assert [holder.name for holder in holders.all_holders(desk.workplace)] == ["Jane Smith", "Bob Lee"]
    receipt = desk.commit(text, NEW_HOLDERS, confirm=shown.confirm_code)
    assert receipt.last_seq - receipt.first_seq == 7
    assert [holder.name for holder in holders.all_holders(desk.workplace)] == ["Jane Smith", "Bob Lee", "jane smyth"]
    assert desk.where("A1", "A2") == ["in custody of jane smyth"] * 2


@pytest.mark.parametrize("meanwhile", ["Yan Ox", "YAN OX"])
def test_a_holder_registered_meanwhile_is_not_registered_again(desk: Desk, meanwhile: str) -> None:
    """Somebody else registered that name, in whatever spelling: who knows whom they meant, so it is stale."""
    text = row("A2") + row("A2", "ISSUE", issued_to_name="Yan Ox")
    code = desk.preview(text, NEW_HOLDERS).confirm_code
    holders.register(desk.workplace, meanwhile)
    with desk.unchanged(), pytest.raises(errors.PlanStale) as caught:
        desk.commit(text, NEW_HOLDERS, confirm=code)
    assert caught.value.moved == [2]
    desk.commit(text, NEW_HOLDERS, confirm=desk.preview(text, NEW_HOLDERS).confirm_code)
    assert [holder.name for holder in holders.all_holders(desk.workplace)][2:] == [meanwhile]


def test_a_typed_deed_makes_earlier_rows_late(desk: Desk) -> None:
    """A deed's own time counts as its asset's latest entry; a no-op makes no entry and no row late."""
    desk.commit(row("A1", at="09:00", place=C1) + row("A2", at="09:00", place=C2))
    slots.move(desk.workplace, "A1", Place("CASE-01", 3))
    slots.assign(desk.workplace, "A2", Place("CASE-01", 2))  # where it is
    plan = desk.preview(row("A1", "ISSUE", at="11:59") + row("A2", "ISSUE", at="11:59") + row("A1", at="10:00"))
    assert codes(plan.refusals) == [(1, "late")]
    assert [change.row_number for change in plan.changes] == [2]
    assert desk.preview(row("A1", "ISSUE", at="12:02")).valid


def test_a_late_row_is_accepted_with_its_reason(desk: Desk) -> None:
    """The reason stands in exactly the entries that were late; the latest time stays that of the latest entry."""
    desk.commit(row("A1", at="10:00") + row("A2", at="10:00"))
    reason = Options(late_reason="scanner lay in the van")
    text = row("A1", "ISSUE", at="09:00") + row("A2", "ISSUE", at="10:00") + row("A1", at="08:00")
    desk.commit(text, reason, confirm=desk.preview(text, reason).confirm_code)
    entries = [json.loads(body) for body in desk.entries()[-3:]]
    assert [entry.get("late_reason") for entry in entries] == ["scanner lay in the van", None, None]
    assert codes(desk.preview(row("A1", "RETURN", at="09:59", place=C1)).refusals) == [(1, "late")]
    assert verification.verify(desk.workplace).ok


def test_one_asset_goes_through_its_whole_life_in_one_file(desk: Desk) -> None:
    """Every event of one tag in one file, in its order; the state written is the last, the history is all."""
    text = (
        row("A1", at="10:00", place=C1)
        + row("A1", "ISSUE", at="10:01")
        + row("A1", at="10:02")
        + row("A1", "RETURN", at="10:03", place=C1)
        + row("A1", "UPDATE", at="10:04", place=C2)
        + row("A1", "RETIRE", at="10:05")
    )
    assert desk.commit(text).committed == 6
    assert desk.where("A1") == ["retired"]
    assert slots.case(desk.workplace, "CASE-01").slots == [(1, None), (2, None), (3, None), (4, None)]
    assert verification.verify(desk.workplace).ok


def test_slots_change_hands_within_a_file(desk: Desk) -> None:
    """Three assets go round in a circle by way of no slot; no order of writing meets a slot that is still taken."""
    desk.commit(row("A1", place=C1) + row("A2", place=C2) + row("A3", place=C3))
    text = row("A1", "UPDATE", place=("OUT", "OUT")) + row("A3", "UPDATE", place=C1)
    text += row("A2", "UPDATE", place=C3) + row("A1", "UPDATE", place=C2)
    assert desk.commit(text).committed == 4
    assert slots.case(desk.workplace, "CASE-01").slots == [(1, "A3"), (2, "A1"), (3, "A2"), (4, None)]


def test_nothing_provisions_a_slot_by_mentioning_it(desk: Desk) -> None:
    """A slot or case that was not prepared is refused, and is not there afterwards either."""
    plan = desk.preview(row("A1", place=("CASE-01", "5")) + row("A2", place=("CASE-02", "1")))
    assert codes(plan.refusals) == [(1, "unknown_slot"), (2, "unknown_case")]
    assert "CASE-01 has slots 1 to 4" in plan.refusals[0].message
    assert 'case init "CASE-02"' in plan.refusals[1].message
    assert [case.case_name for case in slots.cases(desk.workplace)] == ["CASE-01"]


@pytest.mark.parametrize("how", ["file", "typed"])
def test_a_station_may_want_custody_accepted_before_it_is_recorded(desk: Desk, how: str) -> None:
    """Where that is required, nothing changes hands without it, by file or by command; elsewhere it may."""
    desk.commit(row("A1", at="10:00"))
    given = TypedCommand(["A1"], lambda _: issues(["A1"], "Jane Smith"))

    def commit(options: Options) -> CommitReceipt:
        if how == "typed":
            return custody.commit(desk.workplace, given, options, confirm=None)
        return desk.commit(row("A1", "ISSUE", at="10:01"), options)

    settings.set_rule(desk.workplace, "acceptance", "required")
    with desk.unchanged(), pytest.raises(errors.BatchRefused) as caught:
        commit(Options())
    assert codes(caught.value.refusals) == [(None, "acceptance_missing")]
    batch = commit(Options(accepted=Acceptance("paper")))
    assert desk.where("A1") == ["in custody of Jane Smith"]
    settings.set_rule(desk.workplace, "acceptance", "off")
    assert desk.commit(row("A1", "RETURN", at="12:02", place=C1), Options()).committed == 1
    with desk.store.read() as snapshot:
        accepted = [(fact.batch_id, fact.accepted_seq) for fact in snapshot.facts(Handover)]
    assert accepted == [(batch.batch_id, batch.first_seq), (batch.batch_id + 1, None)]
    assert verification.verify(desk.workplace).ok
