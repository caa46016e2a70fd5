"""Acceptances after the batch: who accepted what it exchanged with a holder; and what is still open."""

import json
from contextlib import closing

import pytest

from assettrack.domain import errors, station_errors, typed_rows
from assettrack.domain.plans import Acceptance as WithBatch
from assettrack.domain.plans import Options
from assettrack.services import acceptances, corrections, custody, holders, settings, verification
from assettrack.services.acceptances import Accepted, OpenAcceptance, SaidAcceptance
from assettrack.services.custody import TypedCommand
from tests.services.desk import Desk, row
from tests.services.insider import Insider

PAPER = SaidAcceptance("paper")


@pytest.fixture
def issued(desk: Desk) -> Desk:
    """Batch 1 creates A1 to A3; batch 2 issues A1 and A2 to Jane Smith and A3 to Bob Lee, and nobody accepts."""
    desk.commit(row("A1") + row("A2") + row("A3"))
    desk.commit(
        row("A1", "ISSUE", at="10:05")
        + row("A2", "ISSUE", at="10:05")
        + row("A3", "ISSUE", at="10:05", issued_to_name="Bob Lee")
    )
    return desk


def recorded_at(desk: Desk, batch_id: int) -> str:
    """When a batch was recorded, as its entry says."""
    batches = (each for each in map(json.loads, desk.entries()) if each["event_type"] == "BATCH")
    return next(str(each["recorded_at"]) for each in batches if each["batch_id"] == batch_id)


def test_what_a_batch_hands_over_is_open(issued: Desk) -> None:
    """One line for each holder of each batch that exchanged assets with one, and none for a batch that did not."""
    at = recorded_at(issued, 2)
    both = [OpenAcceptance(2, name, at, "ISSUE", [name]) for name in ("Jane Smith", "Bob Lee")]
    found = acceptances.all_open(issued.workplace)
    assert (found.rule, found.timezone, list(found.open)) == ("recorded", "Europe/Berlin", both)
    assert acceptances.all_open(issued.workplace, "BOB lee").open == [both[1]]
    issued.commit(row("A3", "RETURN", at="10:10", place=("CASE-01", "1")), Options(accepted=WithBatch("typed")))
    assert acceptances.all_open(issued.workplace).open == both


def test_an_acceptance_closes_it(issued: Desk) -> None:
    """It is one entry, by the holder at this moment unless it is said otherwise, and the replay agrees."""
    done = acceptances.record(issued.workplace, 2, "jane smith", PAPER)
    entry = json.loads(issued.entries()[-1])
    now = entry["recorded_at"]
    assert done == Accepted(entry["seq"], 2, "Jane Smith", "paper", "Jane Smith", now, "Europe/Berlin")
    assert (entry["event_type"], entry["accepted_by"], entry["accepted_at"]) == ("ACCEPTANCE", "Jane Smith", now)
    assert [each.holder for each in acceptances.all_open(issued.workplace).open] == ["Bob Lee"]
    assert verification.verify(issued.workplace).ok


def test_it_can_be_said_who_accepted_and_when(issued: Desk) -> None:
    """A time without a zone is the station's: in Berlin's summer 13:30 is 11:30 UTC."""
    done = acceptances.record(
        issued.workplace, 2, "Bob Lee", SaidAcceptance("typed", " Ann   Poe ", "2026-07-01 13:30")
    )
    assert (done.how, done.accepted_by, done.accepted_at) == ("typed", "Ann Poe", "2026-07-01T11:30:00.000000Z")
    assert json.loads(issued.entries()[-1])["accepted_by"] == "Ann Poe"


def test_what_was_only_taken_back_is_accepted_by_the_operator(issued: Desk) -> None:
    """Where a batch gave the holder nothing it is whoever is at work; where it gave anything, the holder."""
    issued.commit(row("A1", "RETURN", at="10:10", place=("CASE-01", "1")))
    assert acceptances.record(issued.workplace, 3, "Jane Smith", PAPER).accepted_by == "gcurl"
    issued.commit(row("A2", "RETURN", at="10:20", place=("CASE-01", "2")) + row("A1", "ISSUE", at="10:20"))
    assert acceptances.record(issued.workplace, 4, "Jane Smith", PAPER).accepted_by == "Jane Smith"


def test_an_update_or_a_sighting_gives_nothing(issued: Desk) -> None:
    """Rows about what the holder has anyway, or about others, do not make it a handover to the holder."""
    issued.commit(
        row("A1", "RETURN", at="10:10", place=("CASE-01", "1"))
        + row("A2", at="10:10")
        + row("A2", "UPDATE", at="10:10", equipment_type="tablet")
        + row("A1", "ISSUE", at="10:11", issued_to_name="Bob Lee")
    )
    assert acceptances.record(issued.workplace, 3, "Jane Smith", PAPER).accepted_by == "gcurl"
    assert acceptances.record(issued.workplace, 3, "Bob Lee", PAPER).accepted_by == "Bob Lee"


def test_what_others_were_given_counts_for_them_alone(issued: Desk) -> None:
    """Holder 1 gave something back in the batch in which holder 12 was given something."""
    for name in (
        "Amy Ash",
        "Ben Oak",
        "Cleo Elm",
        "Dan Fir",
        "Eva Yew",
        "Finn Bay",
        "Gus Box",
        "Hal Fig",
        "Ida Gum",
        "Jo Ivy",
    ):
        holders.register(issued.workplace, name)
    issued.commit(
        row("A1", "RETURN", at="10:10", place=("CASE-01", "1"))
        + row("A1", "ISSUE", at="10:11", issued_to_name="Jo Ivy")
    )
    assert acceptances.record(issued.workplace, 3, "Jo Ivy", PAPER).accepted_by == "Jo Ivy"
    assert acceptances.record(issued.workplace, 3, "Jane Smith", PAPER).accepted_by == "gcurl"


def test_both_sides_of_a_transfer_are_open(issued: Desk) -> None:
    """Who got the asset accepts it, on the paper of who gave it away too: it did not go to whoever is at work."""
    command = TypedCommand(["A1"], lambda _: typed_rows.transfers(["A1"], "Bob Lee"))
    custody.commit(issued.workplace, command, Options(), confirm=None)
    assert acceptances.record(issued.workplace, 3, "Bob Lee", PAPER).accepted_by == "Bob Lee"
    assert acceptances.record(issued.workplace, 3, "Jane Smith", PAPER).accepted_by == "Bob Lee"


def test_what_went_to_several_is_accepted_by_whoever_is_named(issued: Desk) -> None:
    """A correction gave one of two assets to another: nobody is taken for the one who accepted, until it is said."""
    holders.register(issued.workplace, "Zoe Quill")
    command = TypedCommand(["A1", "A2"], lambda _: typed_rows.transfers(["A1", "A2"], "Bob Lee"))
    custody.commit(issued.workplace, command, Options(), confirm=None)
    corrections.correct(issued.workplace, issued.log_size, {"issued_to_name": "Zoe Quill"}, "wrong name", confirm=None)
    with issued.unchanged(), pytest.raises(errors.DeedRefused, match="to several: Bob Lee, Zoe Quill") as caught:
        acceptances.record(issued.workplace, 3, "Jane Smith", PAPER)
    assert caught.value.code == "acceptor_unclear"
    done = acceptances.record(issued.workplace, 3, "Jane Smith", SaidAcceptance("paper", "Bob Lee"))
    assert done.accepted_by == "Bob Lee"


def test_it_is_accepted_once(issued: Desk) -> None:
    """A second acceptance is refused with the first one's entry; what came with the batch counts as the first."""
    first = acceptances.record(issued.workplace, 2, "Jane Smith", PAPER).seq
    issued.commit(row("A1", "RETURN", at="10:10", place=("CASE-01", "1")), Options(accepted=WithBatch("typed")))
    batch_entry = issued.log_size - 1
    with issued.unchanged():
        for batch_id, by_entry in ((2, first), (3, batch_entry)):
            with pytest.raises(errors.DeedRefused, match=rf"accepted already, by entry {by_entry}\.") as caught:
                acceptances.record(issued.workplace, batch_id, "Jane Smith", PAPER)
            assert caught.value.code == "already_accepted"


def test_what_can_not_be_accepted(issued: Desk) -> None:
    """An unknown batch or holder, a batch that had nothing to do with the holder, a name or time that can't be."""
    with issued.unchanged():
        with pytest.raises(errors.NotFound, match="batch 9"):
            acceptances.record(issued.workplace, 9, "Jane Smith", PAPER)
        with pytest.raises(errors.NotFound, match="holder Eve"):
            acceptances.record(issued.workplace, 2, "Eve", PAPER)
        with pytest.raises(errors.NotFound, match="holder Eve"):
            acceptances.all_open(issued.workplace, "Eve")
        with pytest.raises(errors.DeedRefused) as caught:
            acceptances.record(issued.workplace, 1, "Jane Smith", PAPER)
        assert caught.value.code == "no_handover"
        with pytest.raises(errors.ValueUnusable, match="of who accepted"):
            acceptances.record(issued.workplace, 2, "Jane Smith", SaidAcceptance("paper", by=" "))
        with pytest.raises(errors.ValueUnusable, match="a date without a time"):
            acceptances.record(issued.workplace, 2, "Jane Smith", SaidAcceptance("paper", at="2026-07-01"))
        with pytest.raises(errors.DeedRefused) as caught:
            acceptances.record(issued.workplace, 2, "Jane Smith", SaidAcceptance("paper", at="2026-07-01T15:00Z"))
        assert caught.value.code == "acceptance_time_wrong"


def test_a_station_that_wants_none_lists_none(issued: Desk) -> None:
    """With the rule off nothing is open, whatever was handed over; an acceptance can be recorded all the same."""
    settings.set_rule(issued.workplace, "acceptance", "off")
    assert (acceptances.all_open(issued.workplace).rule, acceptances.all_open(issued.workplace).open) == ("off", [])
    assert acceptances.record(issued.workplace, 2, "Jane Smith", PAPER).seq == issued.log_size


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE handovers SET holder_id = 9 WHERE holder_id = 1", "holder 9 is gone"),
        ("DELETE FROM batches WHERE batch_id = 2", "batch 2 is gone"),
        ("UPDATE batches SET first_seq = first_seq + 1 WHERE batch_id = 2", "is not what it should be"),
        ("DELETE FROM audit_log WHERE seq = (SELECT first_seq FROM batches WHERE batch_id = 2)", "of the log is gone"),
        ("UPDATE audit_log SET body = '{}'", "can't be read"),
    ],
)
def test_damage_is_said_as_damage(issued: Desk, damage: str, said: str) -> None:
    """A list that can't be made because the database is damaged is no traceback."""
    with closing(Insider(issued, [])) as insider:
        insider.do(damage)
        with pytest.raises(station_errors.DatabaseDamaged, match=said):
            acceptances.all_open(issued.workplace)


@pytest.mark.parametrize("forgery", ["accepted_seq = 1", "accepted_seq = NULL"])
def test_a_forged_acceptance_is_named(issued: Desk, forgery: str) -> None:
    """A handover that says otherwise than the log who accepted it is found."""
    acceptances.record(issued.workplace, 2, "Jane Smith", PAPER)
    with closing(Insider(issued, [])) as insider:
        insider.do(f"UPDATE handovers SET {forgery} WHERE holder_id = 1")
        assert "Table handovers" in insider.must_be_caught(None)
