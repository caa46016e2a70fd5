"""Nobody accepts the return of what they gave back: not with the batch, not after it, and not by a correction."""

from collections.abc import Sequence

import pytest

from assettrack.domain import errors
from assettrack.domain.findings import Finding
from assettrack.domain.plans import Acceptance, Options
from assettrack.services import acceptance_corrections, acceptances, intake, verification
from assettrack.services.acceptances import SaidAcceptance
from tests.services.desk import Desk, read, row

JANE = "Jane Smith"
RETURNED = row("A1", "RETURN", at="10:10", place=("CASE-01", "1"))


@pytest.fixture
def out(desk: Desk) -> Desk:
    """Issue A1 and A2 to Jane Smith."""
    desk.commit(row("A1", place=("CASE-01", "1")) + row("A2"))
    desk.commit(row("A1", "ISSUE", at="10:05") + row("A2", "ISSUE", at="10:06"))
    return desk


def by(name: str | None) -> Options:
    """Return that somebody accepts a batch on paper; None is whoever usually does."""
    return Options(accepted=Acceptance("paper", name))


@pytest.mark.parametrize("name", [JANE, "JANE smith", "J\u0430ne Smith", "Jane Sm\u0131th", "Jane Sm1th"])
def test_a_batch_is_refused_that_its_giver_would_accept(out: Desk, name: str) -> None:
    """However the name is spelled, and by letters that look so: a preview shows and a commit refuses it."""
    assert [each.code for each in out.preview(RETURNED, by(name)).refusals] == ["accepted_by_giver"]
    with out.unchanged(), pytest.raises(errors.BatchRefused) as caught:
        out.commit(RETURNED, by(name))
    assert [each.message.partition(",")[0] for each in caught.value.refusals] == ["Jane Smith gave back A1"]
    out.commit(RETURNED, by("Jane Smyth"))  # nearly the same name is of somebody else: it can be told from hers


def test_an_operator_is_no_exception(out: Desk) -> None:
    """Who takes in what they had themselves names somebody else."""
    jane = out.manned_by(JANE)
    assert jane.operator == JANE
    said = SaidAcceptance("paper")
    batch = out.commit(RETURNED).batch_id
    with out.unchanged(), pytest.raises(errors.DeedRefused, match="never accepts its return"):
        acceptances.record(jane, batch, JANE, said)
    acceptances.record(out.workplace, batch, JANE, said)


def test_who_is_given_something_by_the_same_batch_accepts_it(out: Desk) -> None:
    """Of what a batch exchanges with somebody there is one acceptance, and that is of what was received too."""
    exchange = RETURNED + row("A3", at="10:11") + row("A3", "ISSUE", at="10:12")
    assert out.preview(exchange, by(JANE)).refusals == []


def test_what_was_passed_on_came_back_to_nobody(out: Desk) -> None:
    """Whoever gets it accepts it; that is no return."""
    passed = row("A1", "TRANSFER", at="10:10", issued_to_name="Bob Lee")
    assert out.preview(passed, Options(new_holders=True, accepted=Acceptance("paper"))).refusals == []


def test_no_correction_names_the_giver(out: Desk) -> None:
    """What an operator accepted is not said to be accepted by the holder afterwards; what was said before stays."""
    batch = out.commit(RETURNED).batch_id
    seq = acceptances.record(out.workplace, batch, JANE, SaidAcceptance("paper")).seq
    for name in (JANE, "jane  SMITH", "J\u0430ne Smith"):
        with out.unchanged(), pytest.raises(errors.DeedRefused, match="never accepts its return"):
            acceptance_corrections.preview(out.workplace, seq, {"by": name})
    acceptance_corrections.correct(out.workplace, seq, {"by": "Ann Poe"}, "mistyped", confirm=None)
    assert verification.verify(out.workplace).ok


def noticed(found: Sequence[Finding]) -> list[str]:
    """What is pointed out of who accepts, each with its field."""
    return [f"{each.field}: {each.message}" for each in found if each.code == "accepted_by_near_giver"]


NEAR = "Jane Smyth, who accepts it, is written almost like Jane Smith, who gave back"
"""How what is pointed out begins."""


@pytest.mark.parametrize("name", ["Jane Smyth", "jane smit", "J\u0430ne Smyth"])
def test_a_name_with_a_slip_is_pointed_out_and_not_refused(out: Desk, name: str) -> None:
    """It may be somebody else of almost the same name: only people know."""
    plan = out.preview(RETURNED, by(name))
    assert plan.refusals == []
    (said,) = noticed(plan.notices)
    assert said.startswith(f"accepted_by: {name}, who accepts it, is written almost like Jane Smith")
    assert "gave back A1. Is it the same person?" in said
    out.commit(RETURNED, by(name), plan.confirm_code)


@pytest.mark.parametrize("name", [None, "Ann Poe", JANE])
def test_who_is_plainly_somebody_else_is_not_pointed_out(out: Desk, name: str | None) -> None:
    """Nor is whoever is refused."""
    assert noticed(out.preview(RETURNED, by(name)).notices) == []


def test_of_the_operator_it_is_known_who_it_is(out: Desk) -> None:
    """Whoever is at work and takes something in from somebody of almost the same name is not asked each time."""
    options = by("jane SMYTH")
    at_work = intake.preview(out.manned_by("Jane Smyth"), read(RETURNED), options)
    assert noticed(at_work.notices) == []
    assert len(noticed(out.preview(RETURNED, options).notices)) == 1


def test_whoever_only_receives_is_no_giver(out: Desk) -> None:
    """What is given is accepted by a name with a slip without a word: nothing came back."""
    given = row("A3", at="10:11") + row("A3", "ISSUE", at="10:12")
    assert noticed(out.preview(given, by("Jane Smyth")).notices) == []


def test_afterwards_a_name_with_a_slip_is_pointed_out_too(out: Desk) -> None:
    """Before it is recorded, where somebody asks, and with the answer; a correction says it in its preview."""
    batch = out.commit(RETURNED).batch_id
    (before,) = noticed(acceptances.doubts(out.workplace, batch, JANE, "Jane Smyth"))
    assert before.startswith(f"accepted_by: {NEAR} what batch {batch} took in.")
    for other in ("Ann Poe", out.workplace.operator or ""):
        assert acceptances.doubts(out.workplace, batch, JANE, other) == []
    assert acceptances.doubts(out.manned_by("Jane Smyth"), batch, JANE, "Jane Smyth") == []
    done = acceptances.record(out.workplace, batch, JANE, SaidAcceptance("paper", "Jane Smyth"))
    assert noticed(done.notices) == [before]
    for name, found in (("Jane Smitt", 1), ("Ann Poe", 0)):
        assert len(acceptance_corrections.preview(out.workplace, done.seq, {"by": name}).notices) == found
    assert acceptance_corrections.preview(out.workplace, done.seq, {"how": "typed"}).notices == ()


def test_what_was_given_is_accepted_by_a_near_name_without_a_word(out: Desk) -> None:
    """Somebody may sign for the holder: the batch that issued took nothing back."""
    assert acceptances.doubts(out.workplace, 2, JANE, "Jane Smyth") == []
    with pytest.raises(errors.NotFound):
        acceptances.doubts(out.workplace, 9, JANE, "Jane Smyth")
