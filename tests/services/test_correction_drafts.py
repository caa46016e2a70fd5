"""Corrections at the desk: sent again they lead to the entry they became, and never to one that is not theirs."""

from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta

import apsw
import msgspec
import pytest

from assettrack.domain import errors, station_errors
from assettrack.services import acceptances, correction_drafts, corrections, holders
from assettrack.services.acceptances import SaidAcceptance
from assettrack.services.correction_drafts import Wanted
from assettrack.services.custody_drafts import AtDesk
from assettrack.services.holders import HolderUpdate
from assettrack.station.plans import PlanFiles
from tests.services.desk import Desk, row
from tests.services.insider import Insider

ISSUED, ACCEPTED = 8, 9
"""Entries: the ISSUE of A1 to Jane Smith, and her acceptance of it."""

WORN: Mapping[str, str] = {"notes": "worn"}
WANTED = Wanted(ISSUED, {**WORN}, "forgotten")


@pytest.fixture
def at(desk: Desk, at_desk: AtDesk) -> AtDesk:
    """Somebody at the desk of a station where Jane Smith has A1 by batch 1, and accepted it."""
    assert desk.commit(row("A1") + row("A1", "ISSUE", at="10:05")).last_seq == ISSUED
    said = SaidAcceptance("typed", at="2026-07-01T10:30Z")
    assert acceptances.record(desk.workplace, 1, "Jane Smith", said).seq == ACCEPTED
    return at_desk


def begun(at: AtDesk, wanted: Wanted = WANTED) -> tuple[str, str]:
    """Begin to check a correction; return its draft and the code that is shown."""
    code = correction_drafts.preview(at.workplace, wanted).confirm_code
    assert code is not None
    return correction_drafts.begin(at, wanted).draft_id, code


def forget_answers(desk: Desk) -> None:
    """Lose what was noted of drafts after the deed, as where the power goes."""
    with closing(apsw.Connection(str(desk.folder / "assettrack.db.desk"))) as shelf:
        shelf.execute("UPDATE desk_drafts SET answer = NULL")


@pytest.mark.parametrize("wanted", [WANTED, Wanted(ACCEPTED, {"by": "Ann Poe"}, "mistaken")])
def test_a_lost_answer_is_found_in_the_log(desk: Desk, at: AtDesk, wanted: Wanted) -> None:
    """Sent again, a correction of a row or of an acceptance is the entry it became, and nothing more is saved."""
    draft, code = begun(at, wanted)
    made = correction_drafts.make(at, draft, code)
    assert made == desk.log_size
    forget_answers(desk)
    with desk.unchanged():
        assert correction_drafts.make(at, draft, code) == made
    assert correction_drafts.kept(at, draft).became == made


@pytest.mark.parametrize(
    ("values", "reason", "operator"),
    [(WORN, "forgotten", "zoe"), (WORN, "mistaken", "gcurl"), ({"notes": "torn"}, "forgotten", "gcurl")],
)
def test_what_somebody_else_made_of_it_is_not_ours(
    desk: Desk, at: AtDesk, values: dict[str, str], reason: str, operator: str
) -> None:
    """Another operator, another reason or other values: it is refused, and the draft became nothing."""
    draft, code = begun(at)
    by = corrections.correct(desk.manned_by(operator), ISSUED, values, reason, confirm=None).seq
    with desk.unchanged(), pytest.raises(errors.DeedRefused, match=f"corrected already, by entry {by}"):
        correction_drafts.make(at, draft, code)
    assert correction_drafts.kept(at, draft).became is None


class _Meanwhile(PlanFiles):
    """A shelf of plans that is kept waiting: just before a plan is on it, the same is corrected in another tab."""

    desk: Desk

    def keep(self, *given: object) -> None:
        """Let the other tab go first."""
        corrections.correct(self.desk.workplace, ISSUED, WORN, "forgotten", confirm=None)
        super().keep(*given)  # type: ignore[arg-type]  # handed on as they are


def test_a_draft_became_nothing_that_was_there_before_it(desk: Desk, at: AtDesk) -> None:
    """The same correction came into the log while the draft was begun: it is refused by name, as anybody's is."""
    plans = _Meanwhile(desk.folder / "plans")
    plans.desk = desk
    late = at._replace(workplace=msgspec.structs.replace(at.workplace, plans=plans))
    draft = correction_drafts.begin(late, WANTED)
    assert draft.size == desk.log_size == ACCEPTED + 1
    with desk.unchanged(), pytest.raises(errors.DeedRefused, match=f"corrected already, by entry {draft.size}"):
        correction_drafts.make(at, draft.draft_id, "AAAA-AAAA")


def test_a_correction_that_is_none_is_damage(desk: Desk, at: AtDesk) -> None:
    """Where the table names an entry as a correction that is a row, nothing is said to have become of the draft."""
    draft, code = begun(at)
    correction_drafts.make(at, draft, code)
    forget_answers(desk)
    later = desk.commit(row("A1", "UPDATE", at="10:40")).last_seq
    with closing(Insider(desk, [])) as insider:
        insider.do("UPDATE corrections SET seq = ?", (later,))
        with pytest.raises(station_errors.DatabaseDamaged, match=f"entry {later} of the log is not what it should be"):
            correction_drafts.make(at, draft, code)


WHO = (
    "Bob Lee was holder 2 when this was chosen, and is called Rob Lee now; Bob Lee now means another person, holder 3."
)


def another_bob(desk: Desk) -> None:
    """Bob Lee is Rob Lee from now on, and somebody else is registered as Bob Lee."""
    holders.change(desk.workplace, "Bob Lee", HolderUpdate(name="Rob Lee"))
    holders.register(desk.workplace, "Bob Lee")


def test_the_new_holder_is_whoever_was_chosen_and_not_who_has_the_name_later(desk: Desk, at: AtDesk) -> None:
    """Checked again, made with the code of before, or kept again: it stops, and says who is who."""
    draft, code = begun(at, Wanted(ISSUED, {"issued_to_name": " bob  LEE "}, "mixed up"))
    wanted = correction_drafts.kept(at, draft).wanted
    assert wanted.holder_id == 2
    another_bob(desk)
    with desk.unchanged():
        for again in (
            lambda: correction_drafts.preview(at.workplace, wanted),
            lambda: correction_drafts.begin(at, wanted, draft),
            lambda: correction_drafts.make(at, draft, code),
        ):
            with pytest.raises(errors.DeedRefused) as caught:
                again()
            assert caught.value.code == "holder_other_now"
            assert WHO.casefold() in str(caught.value).casefold()
    renamed = correction_drafts.begin(at, Wanted(ISSUED, {"issued_to_name": "Rob Lee"}, "mixed up"))
    assert renamed.wanted.holder_id == 2
    other = correction_drafts.begin(at, Wanted(ISSUED, {"issued_to_name": "Bob Lee"}, "mixed up"))
    assert other.wanted.holder_id == 3


def test_what_was_made_is_found_also_where_the_name_is_another_s_since(desk: Desk, at: AtDesk) -> None:
    """The answer was lost, and the name given up: sent again, it leads to the entry that it became."""
    draft, code = begun(at, Wanted(ISSUED, {"issued_to_name": "Bob Lee"}, "mixed up"))
    made = correction_drafts.make(at, draft, code)
    forget_answers(desk)
    another_bob(desk)
    with desk.unchanged():
        assert correction_drafts.make(at, draft, code) == made


def test_what_was_made_for_another_of_the_name_is_not_ours(desk: Desk, at: AtDesk) -> None:
    """In another tab the same was corrected to whoever has the name since: what was confirmed here became nothing."""
    wanted = Wanted(ISSUED, {"issued_to_name": "Bob Lee"}, "mixed up")
    draft, code = begun(at, wanted)
    another_bob(desk)
    other = correction_drafts.begin(at, wanted, "the other tab")
    other_code = correction_drafts.preview(at.workplace, other.wanted).confirm_code
    assert other_code is not None
    assert correction_drafts.make(at, other.draft_id, other_code) == desk.log_size
    with desk.unchanged(), pytest.raises(errors.DeedRefused, match=WHO):
        correction_drafts.make(at, draft, code)
    assert correction_drafts.kept(at, draft).became is None


def test_a_name_that_gives_nothing_to_anybody_is_found_by_itself(desk: Desk, at: AtDesk) -> None:
    """The row of a return may name somebody, its correction has no number: sent again, it is the entry it became."""
    back = desk.commit(row("A1", "RETURN", "10:40", ("OUT", "OUT"))).last_seq
    draft, code = begun(at, Wanted(back, {"issued_to_name": "Bob Lee"}, "mixed up"))
    made = correction_drafts.make(at, draft, code)
    forget_answers(desk)
    with desk.unchanged():
        assert correction_drafts.make(at, draft, code) == made


def by_name_alone(desk: Desk) -> None:
    """Let what is kept be as an earlier version kept it: with the name of the new holder alone."""
    with closing(apsw.Connection(str(desk.folder / "assettrack.db.desk"))) as shelf:
        shelf.execute("UPDATE desk_drafts SET body = json_remove(body, '$.wanted.holder_id')")
        kept = shelf.execute("SELECT body FROM desk_drafts").fetchall()
    assert not any("holder_id" in str(body) for (body,) in kept)


def test_what_was_kept_without_a_number_means_who_had_the_name_then(desk: Desk, at: AtDesk) -> None:
    """An earlier version kept the name alone: the log tells whom it meant, and who has it since gets nothing."""
    wanted = Wanted(ISSUED, {"issued_to_name": "Bob Lee"}, "mixed up")
    draft, code = begun(at, wanted)
    by_name_alone(desk)
    assert correction_drafts.kept(at, draft).wanted == msgspec.structs.replace(wanted, holder_id=2)
    desk.clock += timedelta(minutes=1)
    another_bob(desk)
    kept = correction_drafts.kept(at, draft).wanted
    assert kept == msgspec.structs.replace(wanted, holder_id=2)
    with desk.unchanged():
        for again in (
            lambda: correction_drafts.preview(at.workplace, kept),
            lambda: correction_drafts.begin(at, kept, draft),
            lambda: correction_drafts.make(at, draft, code),
        ):
            with pytest.raises(errors.DeedRefused) as caught:
                again()
            assert caught.value.code == "holder_other_now"
            assert WHO in str(caught.value)


def test_what_was_kept_without_a_number_is_made_where_the_name_never_moved(desk: Desk, at: AtDesk) -> None:
    """Once made it leads to its entry, also where the answer was lost and the name is another's since."""
    draft, code = begun(at, Wanted(ISSUED, {"issued_to_name": "Bob Lee"}, "mixed up"))
    by_name_alone(desk)
    made = correction_drafts.make(at, draft, code)
    desk.clock += timedelta(minutes=1)
    another_bob(desk)
    with desk.unchanged():
        assert correction_drafts.make(at, draft, code) == made
        forget_answers(desk)
        assert correction_drafts.make(at, draft, code) == made


def test_who_was_registered_since_is_not_meant_by_what_was_kept_without_a_number(desk: Desk, at: AtDesk) -> None:
    """The name meant nobody when it was kept, or nobody knows: it stops, and is chosen anew."""
    draft, code = begun(at, Wanted(ISSUED, {"issued_to_name": "Bob Lee"}, "mixed up"))
    by_name_alone(desk)
    with closing(apsw.Connection(str(desk.folder / "assettrack.db.desk"))) as shelf:
        shelf.execute("UPDATE desk_drafts SET made_at = '2099-01-01T00:00:00.000000Z'")
    with desk.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        correction_drafts.make(at, draft, code)
    assert caught.value.code == "holder_registered_since"


def test_notes_kept_without_a_number_mean_nobody(desk: Desk, at: AtDesk) -> None:
    """A draft that names no new holder has no number, and is made whoever is called what by then."""
    draft, code = begun(at)
    desk.clock += timedelta(minutes=1)
    another_bob(desk)
    assert correction_drafts.kept(at, draft).wanted == WANTED
    assert correction_drafts.make(at, draft, code) == desk.log_size
