"""Custody by command: the same rules, preview, code and transaction as a file of the same rows (DESIGN §3, §5)."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assettrack.domain import errors, typed_rows
from assettrack.domain.facts import Handover
from assettrack.domain.plans import Acceptance, Options, Plan
from assettrack.domain.tags import OUT, Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.formats import scan_csv
from assettrack.services import custody, intake, slots, verification
from assettrack.services.custody import TypedCommand
from tests.services.desk import Desk, row

C1, C2, C3 = (Place("CASE-01", position) for position in (1, 2, 3))
ACCEPTED = Options(accepted=Acceptance("typed"))


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """A1 and A2 in slots 1 and 2, A3 in no slot; Jane Smith and Bob Lee have nothing."""
    desk.commit(row("A1", place=("CASE-01", "1")) + row("A2", place=("CASE-01", "2")) + row("A3"))
    return desk


def issue(*tags: str, to: str = "Jane Smith") -> TypedCommand:
    """The command that issues assets."""
    return TypedCommand(tags, lambda _: typed_rows.issues(tags, to))


def transfer(*tags: str, to: str = "Bob Lee") -> TypedCommand:
    """The command that transfers assets."""
    return TypedCommand(tags, lambda _: typed_rows.transfers(tags, to))


def back(*tags: str, place: Place | None = None) -> TypedCommand:
    """The command that returns assets."""
    return TypedCommand(tags, lambda found: typed_rows.returns(tags, found, place))


def replace(failed: str, successor: str) -> TypedCommand:
    """The command that replaces an asset."""
    new = TypedRow("SCAN", successor)
    return TypedCommand([failed, successor], lambda found: typed_rows.replacement(failed, new, found, "broken"))


def do(desk: Desk, *commands: TypedCommand, options: Options | None = None) -> None:
    """Preview each command and commit it with the code that was shown."""
    for command in commands:
        plan = custody.preview(desk.workplace, command, options or Options())
        assert plan.valid, plan.refusals
        custody.commit(desk.workplace, command, options or Options(), confirm=plan.confirm_code)


def test_assets_go_out_from_holder_to_holder_and_home(stocked: Desk) -> None:
    """Issued, transferred and returned without a slot named, an asset is again in the slot it was issued from."""
    do(stocked, issue("A1", "A2"))
    assert stocked.where("A1", "A2") == ["in custody of Jane Smith"] * 2
    do(stocked, transfer("A1"))
    assert stocked.where("A1", "A2") == ["in custody of Bob Lee", "in custody of Jane Smith"]
    do(stocked, back("A1", "A2"))
    assert stocked.where("A1", "A2") == [f"in {C1}", f"in {C2}"]
    assert verification.verify(stocked.workplace).ok


def test_what_was_shown_can_be_committed_later(stocked: Desk) -> None:
    """The clock goes on between preview and commit, and the code is good all the same: the row takes place then."""
    shown = custody.preview(stocked.workplace, issue("A1"), Options()).confirm_code
    again = custody.preview(stocked.workplace, issue("A1"), Options()).confirm_code
    assert shown == again
    assert shown != custody.preview(stocked.workplace, issue("A2"), Options()).confirm_code


def test_a_time_that_was_said_is_confirmed_with_the_rest(stocked: Desk) -> None:
    """With a time of its own a row takes place then, and the code is good for that time only."""
    said = TypedCommand(["A1"], lambda _: typed_rows.issues(["A1"], "Jane Smith"), at="2026-07-01T11:30:00Z")
    other = TypedCommand(["A1"], said.rows, at="2026-07-01T11:31:00Z")
    code = custody.preview(stocked.workplace, said, Options()).confirm_code
    assert code != custody.preview(stocked.workplace, other, Options()).confirm_code
    with stocked.unchanged(), pytest.raises(errors.ConfirmCodeWrong):
        custody.commit(stocked.workplace, other, Options(), confirm=code)
    custody.commit(stocked.workplace, said, Options(), confirm=code)
    assert b'"occurred_at":"2026-07-01T11:30:00.000000Z"' in stocked.entries()[-1]


def test_what_is_left_out_of_a_command_is_named(stocked: Desk) -> None:
    """A command has no `--only-new`: of a row that is recorded already it says which asset is to be left out."""
    at = "2026-07-01T11:30:00Z"
    first, more = (
        TypedCommand(["A2"], issue("A2").rows, at),
        TypedCommand(["A1", "A2", "A3"], issue("A1", "A2", "A3").rows, at),
    )
    batch_id = custody.commit(stocked.workplace, first, Options(), confirm=None).batch_id
    said = [
        (2, "already_recorded", f"This row is already recorded in batch {batch_id}. Leave out A2 to commit the others.")
    ]
    plan = custody.preview(stocked.workplace, more, Options())
    assert [(each.row_number, each.code, each.message) for each in plan.refusals] == said
    with stocked.unchanged(), pytest.raises(errors.BatchRefused) as caught:
        custody.commit(stocked.workplace, more, Options(), confirm=None)
    assert [(each.row_number, each.code, each.message) for each in caught.value.refusals] == said


def test_a_command_said_twice_with_its_time_is_known(stocked: Desk) -> None:
    """The very same rows again are answered with the batch that holds them, as those of a file are."""
    said = TypedCommand(["A1"], lambda _: typed_rows.issues(["A1"], "Jane Smith"), at="2026-07-01T11:30:00Z")
    first = custody.commit(stocked.workplace, said, Options(), confirm=None)
    with stocked.unchanged():
        second = custody.commit(stocked.workplace, said, Options(), confirm=None)
    assert (second.already_committed, second.batch_id) == (True, first.batch_id)


def test_a_stale_command_names_what_moved(stocked: Desk) -> None:
    """If the asset was moved since the preview, the commit is refused and nothing is saved."""
    code = custody.preview(stocked.workplace, issue("A1"), Options()).confirm_code
    slots.move(stocked.workplace, "A1", C3)
    with stocked.unchanged(), pytest.raises(errors.PlanStale, match="row 1 would"):
        custody.commit(stocked.workplace, issue("A1"), Options(), confirm=code)


def test_one_bad_one_stops_all(stocked: Desk) -> None:
    """Several assets for several holders are one batch: where one is refused, nobody gets anything."""
    rows = [*typed_rows.issues(["A1"], "Jane Smith"), *typed_rows.issues(["A2", "A9"], "Bob Lee")]
    with stocked.unchanged(), pytest.raises(errors.BatchRefused, match="1 row"):
        custody.commit(stocked.workplace, TypedCommand(["A1", "A2", "A9"], lambda _: rows), Options(), confirm=None)
    custody.commit(stocked.workplace, TypedCommand(["A1", "A2"], lambda _: rows[:2]), Options(), confirm=None)
    assert stocked.where("A1", "A2") == ["in custody of Jane Smith", "in custody of Bob Lee"]


def refused(desk: Desk, command: TypedCommand) -> list[str]:
    """Preview a command that is refused, commit it in vain, and return what was said."""
    with desk.unchanged():
        shown = custody.preview(desk.workplace, command, Options())
        with pytest.raises(errors.BatchRefused) as error:
            custody.commit(desk.workplace, command, Options(), confirm=None)
    said = [refusal.message for refusal in error.value.refusals]
    assert said == [refusal.message for refusal in shown.refusals]
    return said


def test_a_taken_home_slot_is_a_hard_stop_that_offers_the_free_ones(stocked: Desk) -> None:
    """Who is in the home slot is said, and which slots of that case are free; nobody is moved aside."""
    do(stocked, issue("A1"))
    slots.move(stocked.workplace, "A2", C1)
    offer = "CASE-01 slot 1 is taken by asset A2. Free slots of CASE-01: 2, 3, 4. Name one with --slot."
    assert refused(stocked, back("A1")) == [offer]
    do(stocked, back("A1", place=C3))
    assert stocked.where("A1") == [f"in {C3}"]


def test_a_slot_that_the_same_return_fills_is_not_offered(stocked: Desk) -> None:
    """A1 and B1 were both issued from slot 1: it is free now, but one of the two goes there."""
    do(stocked, issue("A1"))
    stocked.commit(row("B1", place=("CASE-01", "1")))
    do(stocked, issue("B1"))
    (sentence,) = refused(stocked, back("A1", "B1"))
    assert sentence.endswith(
        "is taken by asset A1. Free slots of CASE-01: 3, 4. Name one with --slot. "
        "That is for one asset: return B1 by itself."
    )


def test_a_due_date_ends_with_a_transfer_and_that_is_said(stocked: Desk) -> None:
    """The date was the earlier holder's: the new one has none but what is said now, and a notice tells."""
    do(stocked, issue("A1"), options=Options(due_on="2028-02-29"))
    (notice,) = custody.preview(stocked.workplace, transfer("A1"), Options()).notices
    assert (notice.code, "2028-02-29" in notice.message) == ("due_ends", True)
    do(stocked, transfer("A1"))
    assert stocked.asset("A1").due_on is None


def notices(desk: Desk, command: TypedCommand, due_on: str) -> list[tuple[str, str]]:
    """The codes and sentences of the notices that a command gets with a due date."""
    found = custody.preview(desk.workplace, command, Options(due_on=due_on)).notices
    return [(each.code, each.message) for each in found]


def test_a_due_date_before_the_day_of_the_deed_is_pointed_out_once(stocked: Desk) -> None:
    """On 1 July 2026 the day before gets one notice, however many assets; the day itself none. It is taken."""
    sentence = (
        "The due date 2026-06-30 is before 2026-07-01, the day on which the asset is given. Is it right, and the year?"
    )
    assert notices(stocked, issue("A1", "A2"), "2026-06-30") == [("due_in_past", sentence)]
    assert notices(stocked, issue("A1", "A2"), "2026-07-01") == []
    do(stocked, issue("A1"), options=Options(due_on="2026-06-30"))
    assert stocked.asset("A1").due_on == "2026-06-30"
    assert [code for code, _ in notices(stocked, transfer("A1"), "2000-01-01")] == ["due_in_past", "due_ends"]
    assert notices(stocked, back("A1"), "2000-01-01") == []


def test_the_day_of_a_deed_is_that_of_its_time_in_the_stations_zone(stocked: Desk) -> None:
    """Said to have happened at 22:30 UTC on 30 June, it was 1 July in Berlin."""
    for at, found in (("2026-06-30T22:30:00Z", ["due_in_past"]), ("2026-06-30T21:30:00Z", [])):
        said = TypedCommand(["A1"], lambda _: typed_rows.issues(["A1"], "Jane Smith"), at=at)
        options = Options(due_on="2026-06-30", late_reason="found on paper")
        shown = custody.preview(stocked.workplace, said, options).notices
        assert [each.code for each in shown if each.code != "late_accepted"] == found


@pytest.mark.parametrize(("due_on", "reason"), [("1999-12-31", "before the year 2000"), ("2226-07-01", "100 years")])
def test_a_due_date_that_can_not_be_meant_is_a_usage_error(stocked: Desk, due_on: str, reason: str) -> None:
    """A mistyped century is nothing to accept: neither shown with a code nor committed."""
    options = Options(due_on=due_on)
    with stocked.unchanged():
        with pytest.raises(errors.ValueUnusable, match=reason):
            custody.preview(stocked.workplace, issue("A1"), options)
        with pytest.raises(errors.ValueUnusable, match=reason):
            custody.commit(stocked.workplace, issue("A1"), options, confirm=None)
        with pytest.raises(errors.ValueUnusable, match=reason):
            stocked.commit(row("A1", "ISSUE"), options)


def test_where_no_slot_is_free_that_is_said(stocked: Desk) -> None:
    """A full case offers nothing, and the sentence says so."""
    do(stocked, issue("A1"))
    stocked.commit("".join(row(f"B{number}", place=("CASE-01", str(number))) for number in (1, 3, 4)))
    (sentence,) = refused(stocked, back("A1"))
    assert sentence.endswith("CASE-01 has no free slot. Name one of another case with --slot.")


def test_many_free_slots_are_counted(desk: Desk) -> None:
    """Of more than ten free slots the first ten are named."""
    slots.initialise_cases(desk.workplace, [("BIG", 14)])
    desk.commit(row("A1", place=("BIG", "1")) + row("A2", place=("BIG", "2")))
    do(desk, issue("A1"))
    slots.move(desk.workplace, "A2", Place("BIG", 1))
    (sentence,) = refused(desk, back("A1"))
    assert "Free slots of BIG: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 3 more." in sentence


def test_what_was_issued_from_no_slot_needs_to_be_told_where(stocked: Desk) -> None:
    """There is no home to guess; OUT takes it back into no slot."""
    do(stocked, issue("A3"))
    with stocked.unchanged(), pytest.raises(errors.DeedRefused, match="issued from no slot"):
        custody.preview(stocked.workplace, back("A3"), Options())
    do(stocked, back("A3", place=OUT))
    assert stocked.where("A3") == ["in storage, in no slot"]


def test_what_is_not_in_custody_can_not_come_back_or_change_hands(stocked: Desk) -> None:
    """The rules of a RETURN and a TRANSFER refuse it, in the words that a file would get."""
    sentence = f"Asset A1 is not in custody; it is in {C1}."
    assert refused(stocked, back("A1")) == refused(stocked, transfer("A1")) == [sentence]
    assert refused(stocked, transfer("A9")) == ["No asset A9 is known. Only a SCAN creates an asset."]


def test_nobody_is_given_what_they_have(stocked: Desk) -> None:
    """A transfer to the holder who has it changes nothing, so it is refused."""
    do(stocked, issue("A1"))
    assert refused(stocked, transfer("A1", to="jane  SMITH")) == ["Asset A1 is already in custody of Jane Smith."]


def test_a_successor_takes_the_slot_of_what_failed(stocked: Desk) -> None:
    """A RETIRE and a SCAN in one transaction; of the same type where no other is said."""
    size = stocked.log_size
    do(stocked, replace("A1", "B1"))
    assert stocked.where("A1", "B1") == ["retired", f"in {C1}"]
    assert stocked.asset("B1").equipment_type == "laptop"
    assert stocked.log_size == size + 3


@pytest.mark.parametrize(
    ("failed", "successor", "code"), [("A9", "B1", "unknown_asset"), ("A2", "B1", "replaced_in_custody")]
)
def test_only_what_is_there_can_be_replaced(stocked: Desk, failed: str, successor: str, code: str) -> None:
    """An unknown asset and one with a holder leave no slot to be taken."""
    do(stocked, issue("A2"))
    with stocked.unchanged(), pytest.raises(errors.DeedRefused) as error:
        custody.preview(stocked.workplace, replace(failed, successor), Options())
    assert error.value.code == code


@pytest.mark.parametrize("successor", ["A1", "A2", "A3"])
def test_a_known_successor_is_a_hard_stop(stocked: Desk, successor: str) -> None:
    """A SCAN of a known asset changes nothing, so that the failed one would end and nothing take its slot."""
    with stocked.unchanged(), pytest.raises(errors.DeedRefused) as error:
        custody.commit(stocked.workplace, replace("A1", successor), Options(), confirm=None)
    assert error.value.code == "successor_known"


def test_what_was_accepted_is_with_the_batch(stocked: Desk) -> None:
    """A batch says with whom it exchanged assets, and by which entry that was accepted, or that it is open."""
    do(stocked, issue("A1"), options=ACCEPTED)
    do(stocked, transfer("A1"))
    with stocked.store.read() as snapshot:
        accepted, *still_open = snapshot.facts(Handover)
        batches = snapshot.all_batches()
    assert accepted == Handover(2, 1, batches[1].first_seq)
    assert sorted(still_open) == [Handover(3, 1, None), Handover(3, 2, None)]


def test_nobody_named_does_nothing(stocked: Desk) -> None:
    """A typed row is scanned by its operator, so that there must be one even for the preview."""
    with pytest.raises(errors.OperatorUnknown):
        custody.preview(stocked.manned_by(None), issue("A1"), Options())


def test_of_two_who_issue_one_asset_one_wins(stocked: Desk, tmp_path: Path) -> None:
    """The other is told who has it; one entry was made."""
    code = custody.preview(stocked.workplace, issue("A1"), Options()).confirm_code
    rival = custody.preview(stocked.workplace, issue("A1", to="Bob Lee"), Options()).confirm_code
    size = stocked.log_size
    ready = threading.Barrier(2)
    said: list[object] = []

    def compete(to: str, confirm: str | None) -> None:
        other = Desk(tmp_path, set_up=False)
        ready.wait()
        try:
            said.append(custody.commit(other.workplace, issue("A1", to=to), Options(), confirm=confirm).committed)
        except errors.BatchRefused as error:
            said.append(error.refusals[0].message)
        finally:
            other.store.close()

    rivals = [threading.Thread(target=compete, args=words) for words in (("Jane Smith", code), ("Bob Lee", rival))]
    for each in rivals:
        each.start()
    for each in rivals:
        each.join()
    winner = stocked.asset("A1").holder
    assert sorted(map(str, said)) == ["1", f"Asset A1 is already in custody of {winner}."]
    assert stocked.log_size == size + 2


PLACES = st.sampled_from([None, OUT, C1, C2, C3, Place("CASE-01", 9), Place("NONE", 1)])
ROWS = st.lists(
    st.builds(
        TypedRow,
        st.sampled_from(["ISSUE", "RETURN", "RETIRE", "UPDATE", "SCAN"]),
        st.sampled_from(["A1", "A2", "A3", "A9", " a1", "A_1", ""]),
        st.sampled_from(["", "Jane Smith", "bob lee", "Nobody"]),
        PLACES,
        st.sampled_from(["", "worn", "a\nb"]),
        st.sampled_from(["", "laptop"]),
        st.sampled_from(["", "S-1"]),
    ),
    min_size=1,
    max_size=6,
)


def decided(plan: Plan) -> tuple[object, ...]:
    """What a plan says, without what depends on the time of its rows."""
    return plan.changes, plan.problems, plan.refusals, plan.notices


def the_file_of(rows: Sequence[TypedRow]) -> bytes:
    """The rows as a batch file, written by nobody's rules but the contract's."""
    header = "asset_tag,timestamp,event_type,operator_id,issued_to_name,case_number,slot_number,building_room,"
    lines = [header + "equipment_type,serial_number,manufacturer,model,model_code,notes"]
    for each in rows:
        case, slot = ("", "") if each.place is None else ("OUT", "OUT") if each.place == OUT else each.place
        cells = [each.asset_tag, "2026-07-01T11:59:00Z", each.event_type, "gcurl", each.issued_to_name, case, str(slot)]
        cells += ["", each.equipment_type, each.serial_number, "", "", "", f'"{each.notes}"']
        lines.append(",".join(cells))
    return "\n".join(lines).encode()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A station that nobody writes to, for many previews."""
    desk = Desk(tmp_path_factory.mktemp("shared"))
    slots.initialise_cases(desk.workplace, [("CASE-01", 4)])
    desk.commit(
        row("A1", place=("CASE-01", "1")) + row("A2") + row("A2", "ISSUE", issued_to_name="Jane Smith"),
        Options(new_holders=True),
    )
    return desk


@settings(max_examples=150, deadline=None)
@given(rows=ROWS)
def test_a_command_and_a_file_of_the_same_rows_can_not_disagree(shared: Desk, rows: list[TypedRow]) -> None:
    """Whatever rows are typed: changes, problems, refusals and notices are those that the same rows get in a file."""
    command = TypedCommand([], lambda _: rows, at="2026-07-01T11:59:00Z")
    typed = custody.preview(shared.workplace, command, Options())
    for refusal in typed.refusals:
        assert refusal.message
    in_file = intake.preview(shared.workplace, scan_csv.parse(the_file_of(rows)), Options())
    in_file.refusals = [
        offered if offered.code == "slot_taken" else found
        for found, offered in zip(in_file.refusals, typed.refusals, strict=True)
    ]
    assert decided(typed) == decided(in_file)
    assert typed.confirm_code == in_file.confirm_code


def test_a_file_never_transfers(desk: Desk) -> None:
    """The contract of batch files has five events, and TRANSFER is none of them."""
    plan = desk.preview(row("A1") + row("A1", "ISSUE") + row("A1", "TRANSFER", issued_to_name="Bob Lee"))
    assert [problem.code for problem in plan.problems] == ["event_type_invalid"]
