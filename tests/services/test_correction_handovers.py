"""Corrections and acceptances: who was named by mistake is asked no more, who should have been is; times must fit."""

from collections.abc import Mapping
from contextlib import closing

import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.facts import Handover
from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.typed_rows import transfers
from assettrack.services import (
    acceptance_corrections,
    acceptances,
    corrections,
    custody,
    holders,
    settings,
    verification,
)
from assettrack.services.acceptances import SaidAcceptance
from assettrack.services.custody import TypedCommand
from tests.services.desk import Desk, row
from tests.services.insider import Insider

JANE, BOB, ZOE = 1, 2, 3
"""Numbers of the holders; Jane Smith is named by mistake, and it was Bob Lee."""

TO_BOB = {"issued_to_name": "Bob Lee"}
TO_JANE = {"issued_to_name": "Jane Smith"}


@pytest.fixture
def people(desk: Desk) -> Desk:
    """A third holder, Zoë Quill, and three assets in storage; the first batch is entries 6 to 9."""
    holders.register(desk.workplace, "Zoë Quill")
    assert desk.commit(row("A1") + row("A2") + row("A3")).last_seq == 9
    return desk


def correct(desk: Desk, seq: int, values: Mapping[str, str]) -> int:
    """Correct a row, and make sure that verifying agrees."""
    done = corrections.correct(desk.workplace, seq, values, "mistaken", confirm=None)
    found = verification.verify(desk.workplace)
    assert found.ok, found
    return done.seq


def handovers(desk: Desk, batch_id: int = 2) -> list[Handover]:
    """What is known of a batch's handovers."""
    with desk.store.read() as snapshot:
        return list(snapshot.facts(Handover, batch_id))


def still_open(desk: Desk) -> list[tuple[int, str]]:
    """Batches and holders that are listed as open."""
    return [(each.batch_id, each.holder) for each in acceptances.all_open(desk.workplace).open]


def issued_and_returned(tag: str) -> str:
    """Two rows: an asset is issued to Jane Smith and comes back."""
    return row(tag, "ISSUE", at="10:10") + row(tag, "RETURN", at="10:10", place=("OUT", "OUT"))


def test_an_issue_and_its_return_in_one_batch(people: Desk) -> None:
    """Both were the other holder's; whoever was named by mistake has nothing to accept of either."""
    assert people.commit(issued_and_returned("A1")).first_seq == 10
    correct(people, 11, TO_BOB)
    assert handovers(people) == [Handover(2, JANE, None, asked=0), Handover(2, BOB, None)]
    assert still_open(people) == [(2, "Bob Lee")]


def test_a_large_batch_is_looked_through(people: Desk) -> None:
    """In a batch of more than 1,000 rows too: asked no more where nothing else is theirs, else asked still."""
    more = "".join(row(f"X{number}", at="10:20") for number in range(1000))
    given = "".join(row(f"A{number}", "ISSUE", at="10:10") for number in (1, 2))
    last = people.commit(f"{given}{more}" + row("A3", "ISSUE", at="10:30", issued_to_name="Zoë Quill")).last_seq
    correct(people, 11, TO_BOB)
    assert handovers(people) == [Handover(2, JANE, None), Handover(2, BOB, None), Handover(2, ZOE, None)]
    correct(people, 12, TO_BOB)
    assert still_open(people) == [(2, "Bob Lee"), (2, "Zoë Quill")]
    correct(people, last, TO_BOB)
    assert still_open(people) == [(2, "Bob Lee")]


def test_what_else_was_corrected_counts_as_corrected(people: Desk) -> None:
    """A row that names a holder no more does not keep them asked, and one that names them only by a correction does."""
    people.commit("".join(row(tag, "ISSUE", at="10:10") for tag in ("A1", "A2")) + row("A3", "ISSUE", at="10:10"))
    correct(people, 11, TO_BOB)
    correct(people, 12, TO_BOB)
    back = correct(people, 13, TO_BOB)
    assert still_open(people) == [(2, "Bob Lee")]
    correct(people, back, TO_JANE)
    assert still_open(people) == [(2, "Jane Smith"), (2, "Bob Lee")]
    correct(people, 14, {"issued_to_name": "Zoë Quill"})
    assert still_open(people) == [(2, "Jane Smith"), (2, "Bob Lee"), (2, "Zoë Quill")]


def test_the_batch_by_which_it_left_them(people: Desk) -> None:
    """A return or a transfer in a later batch was the corrected holder's too, and no longer the other one's."""
    people.commit(row("A1", "ISSUE", at="10:10"))
    people.commit(row("A1", "RETURN", at="10:20", place=("CASE-01", "1")))
    people.commit(row("A1", "ISSUE", at="10:30"))
    command = TypedCommand(["A1"], lambda _: transfers(["A1"], "Zoë Quill"))
    custody.commit(people.workplace, command, Options(), confirm=None)
    correct(people, 11, TO_BOB)
    assert (handovers(people, 3), handovers(people, 4)) == (
        [Handover(3, JANE, None, asked=0), Handover(3, BOB, None)],
        [Handover(4, JANE, None)],
    )
    correct(people, 15, TO_BOB)
    assert still_open(people) == [*((batch, "Bob Lee") for batch in (2, 3, 4, 5)), (5, "Zoë Quill")]


def test_what_is_open_is_asked_for_as_the_station_asks(people: Desk) -> None:
    """Where the rule is off, whoever is named by a correction is asked for nothing; taken back, it is asked anew."""
    people.commit(row("A1", "ISSUE", at="10:10"))
    settings.set_rule(people.workplace, "acceptance", "off")
    first = correct(people, 11, TO_BOB)
    assert handovers(people) == [Handover(2, JANE, None, asked=0), Handover(2, BOB, None, asked=0)]
    settings.set_rule(people.workplace, "acceptance", "recorded")
    correct(people, first, TO_JANE)
    assert handovers(people) == [Handover(2, JANE, None, asked=1), Handover(2, BOB, None, asked=0)]
    assert still_open(people) == [(2, "Jane Smith")]


def test_what_was_accepted_stays_accepted(people: Desk) -> None:
    """The paper exists, whoever it was that should have signed it."""
    people.commit(row("A1", "ISSUE", at="10:10"))
    done = acceptances.record(people.workplace, 2, "Jane Smith", SaidAcceptance("paper"))
    correct(people, 11, TO_BOB)
    assert handovers(people) == [Handover(2, JANE, done.seq), Handover(2, BOB, None)]


# -- times ---------------------------------------------------------------------------------------------------------


def accept(desk: Desk, at: str | None, batch_id: int = 2, name: str = "Jane Smith") -> int:
    """Record an acceptance at a time on 1 July (UTC)."""
    said = SaidAcceptance("paper", at=None if at is None else f"2026-07-01T{at}Z")
    return acceptances.record(desk.workplace, batch_id, name, said).seq


def test_nobody_accepts_what_has_not_changed_hands(people: Desk) -> None:
    """An acceptance before all that it is of is refused, with both times; clocks may be five minutes apart."""
    people.commit(row("A1", "ISSUE", at="10:10") + row("A2", "ISSUE", at="10:30"))
    with people.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        accept(people, "10:04:59")
    assert caught.value.code == "accepted_before_handover"
    assert "at 2026-07-01T10:04:59.000000Z: it changed hands from 2026-07-01T10:10:00.000000Z on" in str(caught.value)
    accept(people, "10:05")
    assert verification.verify(people.workplace).ok


def test_one_signature_is_of_all_that_changed_hands(people: Desk) -> None:
    """It may be given as soon as the first of it did, while the rest is still being scanned."""
    people.commit(row("A1", "ISSUE", at="10:30") + row("A2", "ISSUE", at="10:10"))
    accept(people, "10:15")


def test_it_matters_when_it_should_have_changed_hands(people: Desk) -> None:
    """Times and holders count as they were corrected, of the holder who accepts and nobody else."""
    people.commit(row("A1", "ISSUE", at="10:30") + row("A2", "ISSUE", at="10:10", issued_to_name="Bob Lee"))
    with pytest.raises(errors.DeedRefused, match="can't have been accepted"):
        accept(people, "10:20")
    correct(people, 11, {"timestamp": "2026-07-01T10:21Z"})
    accept(people, "10:20")
    assert verification.verify(people.workplace).ok


def test_what_a_batch_took_back_is_accepted_after_that(people: Desk) -> None:
    """The time of a RETURN counts for whoever returned it."""
    people.commit(row("A1", "ISSUE", at="10:10"))
    people.commit(row("A1", "RETURN", at="11:00", place=("CASE-01", "1")))
    with pytest.raises(errors.DeedRefused, match="batch 3 exchanged with Jane Smith"):
        accept(people, "10:30", 3)
    accept(people, "11:00", 3)


def test_now_is_never_too_early(people: Desk) -> None:
    """A row may be five minutes ahead of the station's clock, and be accepted at once."""
    people.commit(row("A1", "ISSUE", at="12:04"))
    accept(people, None)
    assert verification.verify(people.workplace).ok


def test_whoever_was_named_by_mistake_can_have_accepted_at_any_time(people: Desk) -> None:
    """Of what was nothing of theirs there is no time that the acceptance could be compared with."""
    people.commit(row("A1", "ISSUE", at="10:30"))
    correct(people, 11, TO_BOB)
    accept(people, "09:00")


def test_a_correction_can_not_be_later_than_the_acceptance(people: Desk) -> None:
    """A row that would have taken place only after it was accepted names the acceptance; that is corrected first."""
    people.commit(row("A1", "ISSUE", at="10:10"))
    seq = accept(people, "10:20")
    later = {"timestamp": "2026-07-01T10:40Z"}
    with people.unchanged():
        shown = corrections.preview(people.workplace, 11, later)
        with pytest.raises(errors.CorrectionRefused):
            corrections.correct(people.workplace, 11, later, "mistaken", confirm=None)
    assert [(found.seq, found.code) for found in shown.illegal] == [(seq, "accepted_before_handover")]
    assert shown.confirm_code is None
    acceptance_corrections.correct(people.workplace, seq, {"at": "2026-07-01T10:45Z"}, "mistyped", confirm=None)
    correct(people, 11, later)


def test_what_else_was_accepted_with_it_is_enough(people: Desk) -> None:
    """A row may be corrected to a later time while another of the same handover is not after the acceptance."""
    people.commit(row("A1", "ISSUE", at="10:10") + row("A2", "ISSUE", at="10:15"))
    seq = accept(people, "10:20")
    correct(people, 11, {"timestamp": "2026-07-01T10:40Z"})
    shown = corrections.preview(people.workplace, 12, {"timestamp": "2026-07-01T10:41Z"})
    assert [(found.seq, found.code) for found in shown.illegal] == [(seq, "accepted_before_handover")]
    assert "from 2026-07-01T10:40:00.000000Z on" in shown.illegal[0].message


def test_an_acceptance_of_the_batch_itself_has_no_time_of_its_own(people: Desk) -> None:
    """What came accepted with its batch stays so, whatever time a row is corrected to."""
    people.commit(row("A1", "ISSUE", at="10:10"), Options(accepted=Acceptance("paper")))
    correct(people, 11, {"timestamp": "2026-07-01T11:59Z"})


def test_verifying_names_an_acceptance_before_its_handover(people: Desk) -> None:
    """One that was written anew with an earlier time is named, also where it is the row that was written anew."""
    people.commit(row("A1", "ISSUE", at="10:10"))
    seq = accept(people, "10:20")
    with closing(Insider(people, [])) as insider:
        body = insider.body(seq)
        insider.write_body(seq, body.replace(b"T10:20", b"T10:00"), rehash=True)
        assert "can't have been accepted" in insider.must_be_caught(seq)
        insider.write_body(seq, body.replace(b"2026-07-01T10:20", b"2026-06-31T10:20"), rehash=True)
        assert "no time as this station writes it" in insider.must_be_caught(seq)


@pytest.mark.parametrize(
    "tampering", ["UPDATE audit_log SET body = '{' WHERE seq = 11", "DELETE FROM audit_log WHERE seq = 11"]
)
def test_damage_is_said_as_damage(people: Desk, tampering: str) -> None:
    """A batch that can't be read is not accepted, and nothing is saved."""
    people.commit(row("A1", "ISSUE", at="10:10"))
    with closing(Insider(people, [])) as insider:
        insider.do(tampering)
        with pytest.raises(station_errors.DatabaseDamaged):
            accept(people, "10:20")
