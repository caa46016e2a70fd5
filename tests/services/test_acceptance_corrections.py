"""Corrections of acceptances: who accepted, how and when is put right by an entry that supersedes the acceptance's."""

import json
from collections.abc import Mapping
from contextlib import closing

import apsw
import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.audit_log import decode_body
from assettrack.domain.facts import Correction, Handover
from assettrack.domain.plans import Acceptance, Options
from assettrack.services import acceptance_corrections, acceptances, audit, corrections, holders, verification
from assettrack.services.acceptances import SaidAcceptance
from tests.services.desk import Desk, row
from tests.services.insider import Insider

BATCH, ISSUED, ACCEPTED = 8, 9, 11
"""Entries: the second batch, its ISSUE of A1 to Jane Smith at 10:05, and her acceptance of it."""

BY_ANN = {"by": " Ann   Poe "}


@pytest.fixture
def accepted(desk: Desk) -> Desk:
    """Batch 2 gives A1 to Jane Smith at 10:05 and A2 to Bob Lee at 10:06; Jane accepts at 10:30, and Bob does not."""
    desk.commit(row("A1", place=("CASE-01", "1")) + row("A2"))
    issued = desk.commit(row("A1", "ISSUE", at="10:05") + row("A2", "ISSUE", at="10:06", issued_to_name="Bob Lee"))
    assert issued.first_seq == BATCH
    said = SaidAcceptance("typed", at="2026-07-01T10:30Z")
    assert acceptances.record(desk.workplace, issued.batch_id, "Jane Smith", said).seq == ACCEPTED
    return desk


def correct(desk: Desk, seq: int, values: Mapping[str, str], confirm: str | None = None) -> int:
    """Correct an acceptance, and return the entry that does."""
    return acceptance_corrections.correct(desk.workplace, seq, values, "mistyped", confirm=confirm).seq


def require_good(desk: Desk) -> None:
    """Make sure that verifying agrees."""
    found = verification.verify(desk.workplace)
    assert found.ok, found


def test_what_was_previewed_is_saved(accepted: Desk) -> None:
    """The code of a preview saves that correction: one entry that says all, with a checkpoint; the preview nothing."""
    values = {"how": "paper", **BY_ANN, "at": "2026-07-01 12:45"}
    with accepted.unchanged():
        shown = acceptance_corrections.preview(accepted.workplace, ACCEPTED, values)
    done = acceptance_corrections.correct(
        accepted.workplace, ACCEPTED, values, "the form came later", confirm=shown.confirm_code
    )
    assert (done.seq, done.proposal) == (12, shown)
    assert done.checkpoint == audit.latest_checkpoint(accepted.workplace)
    entry = json.loads(accepted.entries()[-1])
    at = "2026-07-01T10:45:00.000000Z"  # Berlin is two hours ahead in July
    assert entry.pop("recorded_at") > at
    assert entry == {
        "event_type": "ACCEPTANCE_CORRECTION", "seq": 12, "corrects": ACCEPTED, "batch_id": 2, "holder_id": 1,
        "name": "Jane Smith", "how": "paper", "accepted_by": "Ann Poe", "accepted_at": at,
        "changed": {"how": "paper", "by": "Ann Poe", "at": at}, "reason": "the form came later",
        "operator": "gcurl", "version": entry["version"],
    }  # fmt: skip
    require_good(accepted)


def test_the_handover_is_accepted_by_the_correction(accepted: Desk) -> None:
    """It names the entry that says last who accepted; nothing else is open, and no row counts as corrected."""
    seq = correct(accepted, ACCEPTED, BY_ANN)
    with accepted.store.read() as snapshot:
        assert list(snapshot.facts(Handover)) == [Handover(2, 1, seq), Handover(2, 2, None)]
        assert list(snapshot.facts(Correction)) == []
    assert [each.holder for each in acceptances.all_open(accepted.workplace).open] == ["Bob Lee"]


def test_it_is_superseded_once(accepted: Desk) -> None:
    """A second correction has to be of the first; whoever names the acceptance again is told by which entry."""
    first = correct(accepted, ACCEPTED, BY_ANN)
    second = correct(accepted, first, {"how": "screen"})
    third = correct(accepted, second, {"how": "paper"})
    with accepted.unchanged():
        for seq, by_entry in ((ACCEPTED, first), (first, second), (second, third)):
            with pytest.raises(errors.DeedRefused, match=rf"{seq} is corrected already, by entry {by_entry}\."):
                correct(accepted, seq, {"how": "typed"})
    last = json.loads(accepted.entries()[-1])
    assert (last["how"], last["accepted_by"], last["changed"]) == ("paper", "Ann Poe", {"how": "paper"})
    require_good(accepted)


def test_which_entries_are_superseded(accepted: Desk) -> None:
    """Of acceptances it is told which entry corrects each; a handover that is open is none."""
    first = correct(accepted, ACCEPTED, BY_ANN)
    second = correct(accepted, first, {"how": "screen"})
    with accepted.store.read() as snapshot:
        entries = [decode_body(record.body) for record, _ in snapshot.records()]
        assert acceptance_corrections.superseded(snapshot, entries) == {ACCEPTED: first, first: second}
        assert acceptance_corrections.superseded(snapshot, entries[:ACCEPTED]) == {ACCEPTED: first}
        assert acceptance_corrections.superseded(snapshot, entries[: ACCEPTED - 1]) == {}


@pytest.mark.parametrize(
    ("seq", "values", "code"),
    [
        (ACCEPTED, {"how": "typed", "by": "jane smith"}, None),
        (ACCEPTED, {"how": "typed"}, "nothing_changes"),
        (ACCEPTED, {}, "nothing_changes"),
        (ACCEPTED, {"at": "2026-07-01T12:30+02:00", "by": "Jane  Smith"}, "nothing_changes"),
        (ACCEPTED, {"holder_id": "2"}, "unknown_column_of_acceptance"),
        (ACCEPTED, {"notes": "x"}, "unknown_column_of_acceptance"),
        (ACCEPTED, {"how": "hearsay"}, "correction_has_problems"),
        (ACCEPTED, {"by": " "}, "correction_has_problems"),
        (ACCEPTED, {"by": "x" * 201}, "correction_has_problems"),
        (ACCEPTED, {"at": "noon"}, "correction_has_problems"),
        (ACCEPTED, {"at": "2026-07-01"}, "correction_has_problems"),
        (ACCEPTED, {"at": "1999-12-31T10:00Z"}, "acceptance_time_wrong"),
        (ACCEPTED, {"at": "2026-07-01T15:00Z"}, "acceptance_time_wrong"),
        (ACCEPTED, {"at": "2026-07-01T09:59Z"}, "accepted_before_handover"),
        (ACCEPTED, {"at": "2026-07-01T10:00Z"}, None),
        (BATCH, {"how": "paper"}, "entry_not_correctable"),
        (99, {"how": "paper"}, "unknown_entry"),
    ],
)
def test_what_can_be_corrected(accepted: Desk, seq: int, values: dict[str, str], code: str | None) -> None:
    """How, by whom and when, if that changes anything and can be; every refusal leaves the database as it was."""
    if code is None:
        correct(accepted, seq, values)
        require_good(accepted)
        return
    with accepted.unchanged(), pytest.raises(errors.AssetTrackError) as caught:
        correct(accepted, seq, values)
    assert caught.value.code == code


@pytest.mark.parametrize("values", [{"how": "paper"}, {"issued_to_name": "Bob Lee"}])
def test_what_of_a_batch_can_be_corrected_is_told(accepted: Desk, values: dict[str, str]) -> None:
    """Its entry can't be; rows and acceptances can. What it brought of an acceptance can't, and what to do is said."""
    with accepted.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        corrections.correct(accepted.workplace, BATCH, values, "mistyped", confirm=None)
    assert caught.value.code == "entry_not_correctable"
    assert "only rows of a batch and acceptances can be corrected, and corrections of them." in str(caught.value)
    options = Options(accepted=Acceptance("typed"))
    brought = accepted.commit(row("A1", "RETURN", at="10:40", place=("CASE-01", "1")), options)
    with accepted.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        corrections.correct(accepted.workplace, brought.first_seq, values, "mistyped", confirm=None)
    assert caught.value.code == "acceptance_of_batch_not_correctable"
    assert f"The acceptance that batch {brought.batch_id} brought with it" in str(caught.value)
    assert "The paper says who signed." in str(caught.value)


def test_all_problems_are_told_at_once(accepted: Desk) -> None:
    """Each says which field it is about, and what could stand there."""
    with pytest.raises(errors.CorrectionHasProblems) as caught:
        correct(accepted, ACCEPTED, {"how": "hearsay", "by": "", "at": "noon"})
    assert [problem.field for problem in caught.value.problems] == ["how", "by", "at"]
    assert "'hearsay' is none of paper, screen, typed" in caught.value.problems[0].message
    assert caught.value.refusals == ()


def test_a_refusal_names_both_times(accepted: Desk) -> None:
    """When it is said to have been accepted, and when the first of it changed hands."""
    with pytest.raises(errors.DeedRefused, match=r"at 2026-07-01T09:30.*from 2026-07-01T10:05:00\.000000Z on"):
        correct(accepted, ACCEPTED, {"at": "2026-07-01T09:30Z"})


def test_a_reason_and_an_operator_are_needed(accepted: Desk) -> None:
    """Nobody corrects without either."""
    with accepted.unchanged():
        with pytest.raises(errors.DeedRefused, match="needs a reason"):
            acceptance_corrections.correct(accepted.workplace, ACCEPTED, BY_ANN, " ", confirm=None)
        with pytest.raises(errors.OperatorUnknown):
            acceptance_corrections.correct(accepted.manned_by(None), ACCEPTED, BY_ANN, "x", confirm=None)


def test_a_code_fits_one_correction(accepted: Desk) -> None:
    """Not another value's, nor one of an acceptance that was corrected meanwhile."""
    code = acceptance_corrections.preview(accepted.workplace, ACCEPTED, BY_ANN).confirm_code
    with accepted.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match="something else"):
        correct(accepted, ACCEPTED, {"by": "Eve"}, confirm=code)
    first = correct(accepted, ACCEPTED, {"how": "screen"})
    with pytest.raises(errors.DeedRefused, match="corrected already"):
        correct(accepted, ACCEPTED, BY_ANN, confirm=code)
    with pytest.raises(errors.ConfirmCodeWrong, match="something else"):
        correct(accepted, first, BY_ANN, confirm=code)


def test_what_is_no_acceptance_is_corrected_as_a_row(accepted: Desk) -> None:
    """It is told which way an entry is corrected; what came with a batch is a part of the batch, and can't be."""
    at = accepted.workplace
    seq = correct(accepted, ACCEPTED, BY_ANN)
    assert [each for each in range(1, seq + 3) if acceptance_corrections.concerns(at, each)] == [ACCEPTED, seq]
    accepted.commit(row("A2", "RETURN", at="10:50", place=("CASE-01", "1")), Options(accepted=Acceptance("typed")))
    for each in (ACCEPTED, seq, accepted.log_size - 1):
        with pytest.raises(errors.DeedRefused, match="is of the kind"):
            corrections.correct(at, each, {"notes": "x"}, "mistyped", confirm=None)


FORGERIES = {
    "another acceptance": (b'"corrects":11', b'"corrects":9'),
    "itself": (b'"corrects":11', b'"corrects":12'),
    "another batch": (b'"batch_id":2', b'"batch_id":1'),
    "another holder": (b'"holder_id":1', b'"holder_id":2'),
    "another name": (b'"name":"Jane Smith"', b'"name":"Jane Smyth"'),
    "somebody else": (b'"accepted_by":"Ann Poe"', b'"accepted_by":"Ann Doe"'),
    "another way": (b'"how":"typed"', b'"how":"paper"'),
    "another value": (b'"by":"Ann Poe"', b'"by":"Ann Doe"'),
    "no value": (b'{"by":"Ann Poe"}', b"{}"),
    "what can't be": (b'{"by":"Ann Poe"}', b'{"by":""}'),
    "another time": (b'"accepted_at":"2026-07-01T10:30', b'"accepted_at":"2026-07-01T10:31'),
    "no reason": (b'"reason":"mistyped"', b'"reason":""'),
    "a field that can't be": (b'{"by":"Ann Poe"}', b'{"notes":"Ann Poe"}'),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_verifying_names_a_forged_correction(accepted: Desk, what: str) -> None:
    """One that the rules would not make so is named as the first bad entry."""
    seq = correct(accepted, ACCEPTED, BY_ANN)
    old, new = FORGERIES[what]
    with closing(Insider(accepted, [])) as insider:
        body = insider.body(seq)
        assert old in body
        insider.write_body(seq, body.replace(old, new), rehash=True)
        insider.must_be_caught(seq)


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("UPDATE handovers SET accepted_seq = 11 WHERE holder_id = 1", "Table handovers says otherwise"),
        ("UPDATE handovers SET accepted_seq = NULL WHERE holder_id = 1", "Table handovers says otherwise"),
    ],
)
def test_verifying_finds_what_the_tables_do_not_say(accepted: Desk, tampering: str, said: str) -> None:
    """A handover must name the entry that says last who accepted it."""
    correct(accepted, ACCEPTED, BY_ANN)
    with closing(Insider(accepted, [])) as insider:
        insider.do(tampering)
        assert said in insider.must_be_caught(None)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE handovers SET accepted_seq = NULL",
        "DELETE FROM handovers",
        "UPDATE handovers SET accepted_seq = 9 WHERE holder_id = 1",
        "UPDATE handovers SET accepted_seq = 12 WHERE holder_id = 1",
        "UPDATE handovers SET accepted_seq = 99 WHERE holder_id = 1",
        "UPDATE audit_log SET body = '{' WHERE seq = 11",
        "DELETE FROM batches",
        "DELETE FROM audit_log WHERE seq = 10",
    ],
)
def test_damage_is_said_as_damage(accepted: Desk, tampering: str) -> None:
    """Where tables and log disagree about an acceptance, nothing is built on either."""
    holders.register(accepted.workplace, "Zoë Quill")
    with closing(Insider(accepted, [])) as insider:
        insider.do(tampering)
        with pytest.raises(station_errors.DatabaseDamaged):
            correct(accepted, ACCEPTED, {"at": "2026-07-01T10:31Z"})


def test_a_handover_that_names_the_acceptance_of_another_is_damage(accepted: Desk) -> None:
    """Nobody corrects an acceptance to which that of its hand-over doesn't lead, be it a good one of somebody else."""
    said = SaidAcceptance("paper", at="2026-07-01T10:31Z")
    of_bob = acceptances.record(accepted.workplace, 2, "Bob Lee", said).seq
    with closing(Insider(accepted, [])) as insider:
        insider.do("UPDATE handovers SET accepted_seq = ? WHERE holder_id = 1", (of_bob,))
        with pytest.raises(station_errors.DatabaseDamaged, match=rf"entry {of_bob} .* leads to entry {ACCEPTED}\b"):
            correct(accepted, ACCEPTED, BY_ANN)


def test_the_schema_lets_an_acceptance_be_superseded_by_a_later_entry_only(accepted: Desk) -> None:
    """Past the program too: not by none, nor by the same or an earlier entry."""
    correct(accepted, ACCEPTED, BY_ANN)
    insider = apsw.Connection(str(accepted.store.path))
    for value in ("NULL", "11", "12"):
        with pytest.raises(apsw.ConstraintError):
            insider.execute(f"UPDATE handovers SET accepted_seq = {value} WHERE holder_id = 1")
    insider.close()
