"""Corrections by their service: previewed, confirmed, saved whole or not at all, and verified (DESIGN §5, §6)."""

import json
from collections.abc import Callable

import apsw
import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.facts import Correction, Handover
from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import transfers
from assettrack.services import assets, audit, corrections, custody, holders, slots, verification
from assettrack.services.custody import TypedCommand
from assettrack.services.holders import HolderUpdate
from tests.services.desk import Desk, row
from tests.services.insider import Insider

HELD, ISSUED, OTHER = 6, 7, 8
"""Entries: A1's SCAN into slot 1 and its ISSUE to Jane Smith, A2's SCAN into slot 2."""

TO_BOB = {"issued_to_name": "Bob Lee"}


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """A1 went from slot 1 to Jane Smith, A2 is in slot 2."""
    rows = row("A1", place=("CASE-01", "1")) + row("A1", "ISSUE", at="10:01")
    receipt = desk.commit(rows + row("A2", at="10:02", place=("CASE-01", "2")), Options(accepted=Acceptance("paper")))
    assert (receipt.first_seq, receipt.last_seq) == (5, OTHER)
    return desk


def require_good(desk: Desk) -> None:
    """Make sure that verifying agrees."""
    found = verification.verify(desk.workplace)
    assert found.ok, found


def test_what_was_previewed_is_saved(stocked: Desk) -> None:
    """The code of a preview saves that correction: one entry, with a checkpoint; the preview itself saves nothing."""
    with stocked.unchanged():
        shown = corrections.preview(stocked.workplace, ISSUED, TO_BOB)
    receipt = corrections.correct(stocked.workplace, ISSUED, TO_BOB, "mixed up", confirm=shown.confirm_code)
    assert (receipt.seq, receipt.proposal) == (9, shown)
    assert receipt.checkpoint == audit.latest_checkpoint(stocked.workplace)
    assert stocked.log_size == 9
    assert stocked.where("A1") == ["in custody of Bob Lee"]
    require_good(stocked)


def test_the_facts_in_the_tables(stocked: Desk) -> None:
    """The entry is superseded, and what the batch handed over to the corrected holder waits to be accepted."""
    corrections.correct(stocked.workplace, ISSUED, TO_BOB, "mixed up", confirm=None)
    with stocked.store.read() as snapshot:
        assert list(snapshot.facts(Correction)) == [Correction(ISSUED, 9, "A1")]
        assert list(snapshot.facts(Handover)) == [Handover(1, 1, 5), Handover(1, 2, None)]
        assert corrections.superseded(snapshot, [HELD, ISSUED, 9, 99]) == {ISSUED: 9}
        assert corrections.superseded(snapshot, []) == {}


def test_slots_follow_a_correction(stocked: Desk) -> None:
    """The asset is in the corrected slot, the other is empty; a home is where the asset would have been issued from."""
    corrections.correct(stocked.workplace, OTHER, {"slot_number": "SLOT-03"}, "misread", confirm=None)
    corrections.correct(stocked.workplace, HELD, {"slot_number": "2"}, "misread", confirm=None)
    assert [slots.occupant(stocked.workplace, Place("CASE-01", each)) for each in (1, 2, 3)] == [None, None, "A2"]
    with stocked.store.read() as snapshot:
        assert dict(snapshot.all_custody())["A1"] == (ISSUED, ("CASE-01", 2))
    require_good(stocked)


def test_two_assets_that_were_mixed_up_change_places(stocked: Desk) -> None:
    """As no slot may have two, one of them is first corrected out of its slot, and in the end into the other's."""
    at = stocked.workplace
    stocked.commit(row("A1", "RETURN", at="10:03", place=("CASE-01", "1")))
    first, second = {"slot_number": "2"}, {"slot_number": "1"}
    with stocked.unchanged(), pytest.raises(errors.CorrectionRefused):
        corrections.correct(at, 10, first, "mixed up", confirm=None)
    corrections.correct(at, 10, {"case_number": "OUT", "slot_number": "OUT"}, "mixed up", confirm=None)
    corrections.correct(at, OTHER, second, "mixed up", confirm=None)
    corrections.correct(at, 11, {"case_number": "CASE-01"} | first, "mixed up", confirm=None)
    assert stocked.where("A1", "A2") == ["in CASE-01 slot 2", "in CASE-01 slot 1"]
    require_good(stocked)


def test_work_goes_on_after_a_correction(stocked: Desk) -> None:
    """Later batches, deeds and corrections of the same asset go by the corrected history, and all of it verifies."""
    at = stocked.workplace
    corrections.correct(at, ISSUED, TO_BOB | {"timestamp": "2026-07-01T10:10Z"}, "mixed up", confirm=None)
    with pytest.raises(errors.BatchRefused):
        stocked.commit(row("A1", "RETURN", at="10:09", place=("CASE-01", "1")))
    command = TypedCommand(["A1"], lambda _: transfers(["A1"], "Jane Smith"), "2026-07-01T10:11Z")
    transferred = custody.commit(at, command, Options(), confirm=None).last_seq
    holders.register(at, "Zoë Quill")
    corrections.correct(at, transferred, {"issued_to_name": "zoë quill"}, "she it was", confirm=None)
    holders.change(at, "Zoë Quill", HolderUpdate(name="Zoë Quill-Ox"))
    assert stocked.where("A1") == ["in custody of Zoë Quill-Ox"]
    corrections.correct(at, transferred + 2, {"notes": "with bag"}, "forgotten", confirm=None)
    stocked.commit(row("A1", "RETURN", at="10:12", place=("CASE-01", "4")))
    slots.vacate_asset(at, "A1")
    require_good(stocked)


def test_the_zone_of_the_station_reads_a_time_without_one(stocked: Desk) -> None:
    """As in a batch: the station is in Berlin, two hours ahead in July; a notice says so."""
    shown = corrections.preview(stocked.workplace, HELD, {"timestamp": "2026-07-01 11:30"})
    assert shown.changed == {"timestamp": "2026-07-01T09:30:00.000000Z"}
    assert [notice.code for notice in shown.notices] == ["timestamp_local"]


Breaking = Callable[[Desk], object]


@pytest.mark.parametrize(
    ("correction", "error", "said"),
    [
        ((99, TO_BOB, "r"), errors.DeedRefused, "no entry 99"),
        ((5, TO_BOB, "r"), errors.DeedRefused, "of the kind BATCH"),
        ((ISSUED, {"asset_tag": "A2"}, "r"), errors.DeedRefused, "asset_tag can't be corrected"),
        ((ISSUED, {"issued_to_name": "Jane Smith"}, "r"), errors.DeedRefused, "changes nothing"),
        ((ISSUED, {"issued_to_name": "Bob Leo"}, "r"), errors.DeedRefused, "almost like it: Bob Lee."),
        ((ISSUED, {"issued_to_name": ""}, "r"), errors.CorrectionHasProblems, "has 1 problem."),
        ((ISSUED, {"timestamp": "2026-07-02T10:00Z"}, "r"), errors.CorrectionHasProblems, "has 1 problem."),
        ((OTHER, {"slot_number": "5"}, "r"), errors.CorrectionRefused, "Entry 8: Case CASE-01 has slots 1 to 4"),
        ((HELD, {"timestamp": "2026-07-01T10:30Z"}, "r"), errors.CorrectionRefused, "Entry 7: Its time"),
        ((ISSUED, TO_BOB, " "), errors.DeedRefused, "needs a reason"),
    ],
)
def test_what_is_refused_changes_nothing(
    stocked: Desk, correction: tuple[int, dict[str, str], str], error: type[errors.AssetTrackError], said: str
) -> None:
    """Each refusal says why, and leaves the database exactly as it was."""
    seq, values, reason = correction
    with stocked.unchanged(), pytest.raises(error) as caught:
        corrections.correct(stocked.workplace, seq, values, reason, confirm=None)
    assert said in str(caught.value)


def test_an_entry_is_corrected_once(stocked: Desk) -> None:
    """Whoever corrects it second is told by which entry it was; that one can be corrected again."""
    at = stocked.workplace
    shown = corrections.preview(stocked.manned_by("mara"), ISSUED, TO_BOB)
    corrections.correct(at, ISSUED, {"notes": "with bag"}, "forgotten", confirm=None)
    with stocked.unchanged(), pytest.raises(errors.DeedRefused, match=r"by entry 9\. Correct that one"):
        corrections.correct(at, ISSUED, TO_BOB, "mixed up", confirm=shown.confirm_code)
    corrections.correct(at, 9, TO_BOB, "mixed up", confirm=None)
    require_good(stocked)


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda desk: desk.commit(row("A1", "UPDATE", at="10:03", equipment_type="tablet")),
        lambda desk: holders.change(desk.workplace, "Bob Lee", HolderUpdate(name="Rob Lee")),
        lambda desk: desk.commit(row("A1", "RETURN", at="10:03", place=("CASE-01", "3"))),
    ],
)
def test_a_code_is_stale_when_the_asset_moved(stocked: Desk, meanwhile: Breaking) -> None:
    """Whatever would now come out otherwise than was shown is not saved."""
    values = {"issued_to_name": "bob lee"}
    shown = corrections.preview(stocked.workplace, ISSUED, values)
    meanwhile(stocked)
    expected = (errors.CorrectionStale, errors.DeedRefused)  # the second: nobody is called Bob Lee any more
    with stocked.unchanged(), pytest.raises(expected):
        corrections.correct(stocked.workplace, ISSUED, values, "mixed up", confirm=shown.confirm_code)


@pytest.mark.parametrize("since", ["", "returned"])
def test_a_code_is_stale_when_the_name_means_another_person(stocked: Desk, since: str) -> None:
    """Of that nothing else would be seen, so it is said; also where the asset is with nobody by now."""
    if since:
        stocked.commit(row("A1", "RETURN", at="10:03", place=("CASE-01", "3")))
    shown = corrections.preview(stocked.workplace, ISSUED, TO_BOB)
    holders.change(stocked.workplace, "Bob Lee", HolderUpdate(name="Rob Lee"))
    holders.register(stocked.workplace, "Bob Lee")
    with stocked.unchanged(), pytest.raises(errors.CorrectionStale) as caught:
        corrections.correct(stocked.workplace, ISSUED, TO_BOB, "mixed up", confirm=shown.confirm_code)
    assert str(caught.value) == (
        f"The state moved since the preview: correcting entry {ISSUED} would do something else than was shown. "
        "Bob Lee was holder 2 when it was shown, and is holder 3 now. Nothing was saved. Preview it again."
    )


def test_a_code_is_good_as_long_as_nothing_moved(stocked: Desk) -> None:
    """Other assets, and sightings of this one, don't touch it; nor does another reason."""
    shown = corrections.preview(stocked.workplace, ISSUED, TO_BOB)
    stocked.commit(row("A3") + row("A1", at="10:03"))
    corrections.correct(stocked.workplace, ISSUED, TO_BOB, "said otherwise", confirm=shown.confirm_code)


def test_a_wrong_code_says_why(stocked: Desk) -> None:
    """No code at all, an unknown one, one of something else: nothing is saved."""
    at = stocked.workplace
    other = corrections.preview(at, OTHER, {"slot_number": "3"}).confirm_code
    batch = stocked.preview(row("A9")).confirm_code
    for code, said in (("7", "8 letters"), ("AAAA-AAAA", "no preview"), (other, "else"), (batch, "else")):
        with stocked.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match=said):
            corrections.correct(at, ISSUED, TO_BOB, "mixed up", confirm=code)


def test_a_refused_preview_has_no_code(stocked: Desk) -> None:
    """It names the entries that would not be legal any more, and saves nothing."""
    with stocked.unchanged():
        shown = corrections.preview(stocked.workplace, HELD, {"case_number": "CASE-09", "slot_number": "1"})
    assert [(found.seq, found.code) for found in shown.illegal] == [(HELD, "unknown_case"), (ISSUED, "unknown_asset")]
    assert shown.confirm_code is None


def test_a_correction_needs_an_operator(stocked: Desk) -> None:
    """Nobody corrects anonymously; a preview needs no name."""
    corrections.preview(stocked.manned_by(None), ISSUED, TO_BOB)
    with stocked.unchanged(), pytest.raises(errors.OperatorUnknown):
        corrections.correct(stocked.manned_by(None), ISSUED, TO_BOB, "mixed up", confirm=None)


def test_a_row_is_recorded_once_even_if_corrected(stocked: Desk) -> None:
    """A scanner that was not cleared brings the row as it was: it is known, whatever was corrected since."""
    corrections.correct(stocked.workplace, OTHER, {"slot_number": "3"}, "misread", confirm=None)
    assert stocked.commit(row("A2", at="10:02", place=("CASE-01", "2"))).already_committed


def test_the_history_tells_what_was_corrected(stocked: Desk) -> None:
    """All entries are there, the corrected ones too, and each correction with what it corrects."""
    corrections.correct(stocked.workplace, ISSUED, TO_BOB, "mixed up", confirm=None)
    corrections.correct(stocked.workplace, 9, {"notes": "with bag"}, "forgotten", confirm=None)
    history = assets.history(stocked.workplace, "A1")
    assert [json.loads(body)["seq"] for body in history.bodies] == [HELD, ISSUED, 9, 10]
    assert list(history.corrections) == [Correction(ISSUED, 9, "A1"), Correction(9, 10, "A1")]
    assert list(assets.history(stocked.workplace, "A2").corrections) == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE assets SET latest_at = '2026-07-01T10:00:30.000000Z' WHERE asset_tag = 'A1'",
        "UPDATE assets SET model = 'XPS' WHERE asset_tag = 'A1'",
        "UPDATE assets SET home_position = 3 WHERE asset_tag = 'A1'",
        "DELETE FROM assets WHERE asset_tag = 'A1'",
        "UPDATE audit_log SET body = '{}' WHERE seq = 6",
        "DELETE FROM batches",
    ],
)
def test_a_damaged_state_is_not_corrected(stocked: Desk, tampering: str) -> None:
    """Where tables and log disagree about the asset, nothing is built on either."""
    insider = Insider(stocked, [])
    insider.do(tampering)
    with pytest.raises(station_errors.DatabaseDamaged):
        corrections.correct(stocked.workplace, ISSUED, TO_BOB, "mixed up", confirm=None)
    insider.close()


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("DELETE FROM corrections", "Table corrections lacks"),
        ("UPDATE corrections SET seq = 8", "Table corrections says otherwise"),
        ("INSERT INTO corrections VALUES (6, 10, 'A1')", "Table corrections has"),
        ("DELETE FROM handovers WHERE holder_id = 2", "Table handovers lacks"),
        ("UPDATE assets SET holder_id = 1 WHERE asset_tag = 'A1'", "Table assets says otherwise of A1"),
        ("UPDATE assets SET custody_seq = 9 WHERE asset_tag = 'A1'", "Table assets says otherwise of A1"),
    ],
)
def test_verifying_finds_what_a_correction_did_not_write(stocked: Desk, tampering: str, said: str) -> None:
    """The tables must be what the corrected log leads to, and the facts of a correction those of its entry."""
    corrections.correct(stocked.workplace, ISSUED, TO_BOB, "mixed up", confirm=None)
    insider = Insider(stocked, [])
    insider.do(tampering)
    assert said in insider.must_be_caught(None)
    insider.close()


def test_verifying_finds_a_forged_correction(stocked: Desk) -> None:
    """A correction that was written anew, with hash and leaf, is named as the entry that was not signed so."""
    corrections.correct(stocked.workplace, ISSUED, TO_BOB, "mixed up", confirm=None)
    insider = Insider(stocked, [])
    insider.write_body(9, insider.body(9).replace(b"mixed up", b"made up!"), rehash=True)
    insider.must_be_caught(9)
    insider.close()


def test_a_forged_row_can_not_hide_behind_its_correction(stocked: Desk) -> None:
    """A corrected row is still decided as it stands: one that was changed is named, superseded or not."""
    corrections.correct(stocked.workplace, ISSUED, TO_BOB, "mixed up", confirm=None)
    insider = Insider(stocked, [])
    insider.write_body(ISSUED, insider.body(ISSUED).replace(b"Jane Smith", b"Jane Smyth"), rehash=True)
    insider.must_be_caught(ISSUED)
    insider.close()


def test_the_schema_lets_an_entry_be_superseded_once(stocked: Desk) -> None:
    """Even past the program no entry is superseded twice or by an earlier one, and none supersedes two."""
    corrections.correct(stocked.workplace, ISSUED, TO_BOB, "mixed up", confirm=None)
    insider = Insider(stocked, [])
    insider.do("PRAGMA ignore_check_constraints = OFF")
    for superseded, seq in ((ISSUED, 10), (OTHER, 6), (HELD, 9)):
        with pytest.raises(apsw.ConstraintError):
            insider.do("INSERT INTO corrections VALUES (?, ?, 'A1')", (superseded, seq))
    insider.close()
