"""What is signed for on the page of a batch: the list as it stands now, and nothing but the list that was shown."""

import pytest

from assettrack.services import acceptances, corrections
from assettrack.services.acceptances import SaidAcceptance
from tests.web.handing_over import (
    JANE,
    OKRI,
    STROKES,
    at_the_desk,
    checked,
    issued,
    listed,
    size,
    sound,
    stocked,
)
from tests.web.test_twice_is_once import fields
from tests.web.visitors import OpenStation, Visitor, words

DRAWN = {"how": "screen", "strokes": STROKES}
MEANT = {"issued_to_name": JANE}
FORM = "/batches/2/acceptances"


@pytest.fixture
def ben(station: OpenStation) -> Visitor:
    """Issue LT-1 and LT-2 to Jane and LT-3 to Ben Okri, as batch 2, and sit an operator down at its page."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", "LT-2", holder=JANE)
    listed(ben, "issue", "LT-3", holder=OKRI)
    ben.follow(ben.post("/issue/commit", checked(ben, "issue", {"notes": "with charger", "due_on": "2026-08-01"})))
    return ben


def correct_last(station: OpenStation) -> int:
    """Somebody else corrects the last row: LT-3 was Jane's. Return the correction's entry."""
    return corrections.correct(station.workplace(), size(station), MEANT, "wrong person", confirm=None).seq


def signed_for(visitor: Visitor, holder: str) -> str:
    """What stands above the field where somebody signs."""
    form = visitor.page.partition(f'aria-label="{holder}"')[2].partition("</article>")[0]
    return words(form.partition('class="signed-for"')[2].partition("</ul>")[0])


def test_whoever_signs_sees_for_what(ben: Visitor) -> None:
    """Each asset with where it came from, its condition and when it is due; nothing of what others have."""
    said = signed_for(ben, JANE)
    assert "LT-1" in said
    assert "LT-2" in said
    assert "LT-3" not in said
    assert said.count("CASE-01 slot") == 2
    assert said.count("2026-08-01") == 2
    assert said.count("with charger") == 2
    assert "LT-3" in signed_for(ben, OKRI)


def test_nobody_signs_for_a_list_that_was_not_shown(station: OpenStation, ben: Visitor) -> None:
    """Corrected since it was drawn, nothing is saved; the page shows the list as it is, and that can be signed."""
    shown = fields(ben, FORM)
    assert shown["holder"] == JANE
    seq = correct_last(station)
    before = size(station)
    assert ben.post(FORM, {**shown, **DRAWN}).status_code == 409
    assert size(station) == before
    assert "is not as the page showed it: something was corrected or renamed meanwhile. Nothing was saved." in ben.words
    said = signed_for(ben, JANE)
    assert "LT-3" in said
    assert f"corrected by entry {seq}" in said
    ben.follow(ben.post(FORM, {**fields(ben, FORM), **DRAWN}))
    assert "accepted by Jane Smith" in ben.words
    assert [each.holder for each in acceptances.all_open(station.workplace()).open] == []
    sound(station)


def test_what_others_were_corrected_to_have_is_no_other_list(station: OpenStation, ben: Visitor) -> None:
    """A correction about somebody else's asset asks nobody to look again."""
    listed(ben, "issue", "LT-4", holder=OKRI)
    ben.follow(ben.post("/issue/commit", checked(ben, "issue")))
    ben.get("/batches/2")
    shown = fields(ben, FORM)
    correct_last(station)
    ben.follow(ben.post(FORM, {**shown, **DRAWN}))
    assert "accepted by Jane Smith" in ben.words


def test_a_row_that_was_corrected_says_so(station: OpenStation, ben: Visitor) -> None:
    """With the latest of its corrections, to look at, and what counts instead; the others say nothing of it."""
    ben.get("/batches/2")
    assert "Corrected by entry" not in ben.words
    first = correct_last(station)
    ben.get("/batches/2")
    assert f"Corrected by entry {first}. What counts instead: issued to Jane Smith." in ben.words
    latest = corrections.correct(station.workplace(), first, {"issued_to_name": OKRI}, "it was right", confirm=None).seq
    ben.get("/batches/2")
    rows = ben.page.partition('class="table rows"')[2]
    assert "What counts instead" not in rows
    assert rows.count("back to what it was: it counts as it stands here") == 1
    row = rows.partition('href="/assets/LT-3"')[2]
    assert f'<a href="/audit/entries/{latest}">Corrected by entry {latest}' in row


@pytest.mark.parametrize(
    ("due_on", "said"), [("2026-09-01", "2026-09-01"), ("2026-07-20", "2026-07-20"), ("", "no date")]
)
def test_another_due_date_than_was_accepted_is_open(station: OpenStation, ben: Visitor, due_on: str, said: str) -> None:
    """Later, earlier or none: the check page says so before, the batch's page after; nobody says that it was signed."""
    at, seq = station.workplace(), size(station)
    acceptances.record(at, 2, OKRI, SaidAcceptance("paper"))
    ben.get("/batches/2")
    assert "Due back, for the whole batch 2026-08-01" in ben.words
    ben.get(f"/corrections/new?seq={seq}")
    answer = ben.post("/corrections/new", {"seq": str(seq), "reason": "mistyped", "due_on": due_on})
    ben.follow(answer)
    assert "Batch 2: Ben Okri has it to accept." in ben.words
    by = corrections.correct(at, seq, {"due_on": due_on}, "mistyped", confirm=None).seq
    ben.get("/batches/2")
    assert "Due back, for the whole batch" not in ben.words
    assert "Due back, as it was committed; a corrected row says its own date 2026-08-01" in ben.words
    instead = f"due {due_on or '(blank)'}"
    assert f"Corrected by entry {by}. What counts instead: {instead}." in ben.words
    assert f"LT-3: accepted as due on 2026-08-01, corrected since to {said}; nobody accepted that" in ben.words
    assert "added by a later correction" not in ben.words
    assert due_on in signed_for(ben, OKRI)
    acceptances.record(at, 2, OKRI, SaidAcceptance("paper"))
    ben.get("/batches/2")
    assert "nobody accepted that" not in ben.words
    sound(station)


def test_what_a_correction_adds_to_a_signed_list_is_signed_for_apart(station: OpenStation, ben: Visitor) -> None:
    """Nobody is said to have signed for it: the check page, the batch's page and what is open all say so."""
    ben.follow(ben.post(FORM, {**fields(ben, FORM), **DRAWN}))
    check = {"seq": str(size(station) - 1), "reason": "wrong person", **MEANT}
    ben.get(f"/corrections/new?seq={check['seq']}")
    ben.follow(ben.post("/corrections/new", {**fields(ben, "/corrections/new"), **check}))
    assert "Batch 2: Jane Smith has it to accept." in ben.words
    corrections.correct(station.workplace(), int(check["seq"]), MEANT, "wrong person", confirm=None)
    ben.get("/batches/2")
    assert "accepted by Jane Smith" in ben.words
    assert "not accepted yet, added by a later correction: LT-3" in ben.words
    said = signed_for(ben, JANE)
    assert ("LT-3" in said, "LT-1" in said) == (True, False)
    assert ben.get("/reports/problems").status_code == 200
    assert "Jane Smith has not accepted what was issued (LT-3, by a later correction)" in ben.words
    ben.get("/batches/2")
    ben.follow(ben.post(FORM, {**fields(ben, FORM), **DRAWN}))
    assert "what a correction added: accepted by Jane Smith" in ben.words
    assert "not accepted yet, added" not in ben.words
    assert ben.page.count("<figcaption>Jane Smith</figcaption>") == 2
    assert [each.holder for each in acceptances.all_open(station.workplace()).open] == []
    sound(station)


def test_what_nobody_accepted_with_the_batch_is_said_by_person_alone(ben: Visitor) -> None:
    """What stands of the whole batch stays true, whoever accepts later."""
    assert "Accepted, for the whole batch" not in ben.words
    assert "not accepted yet" in ben.words
    ben.follow(ben.post(FORM, {**fields(ben, FORM), "how": "paper"}))
    assert "accepted by Jane Smith" in ben.words
    assert "Accepted, for the whole batch" not in ben.words


def test_what_came_back_is_signed_for_by_who_takes_it_in(station: OpenStation) -> None:
    """It never looks as if the person who gave it back had to sign."""
    stocked(station)
    issued(station, "LT-1")
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "LT-1")
    ben.follow(ben.post("/return/commit", checked(ben, "return")))
    assert "not accepted yet" not in ben.words
    assert "given back; whoever takes it in has not signed yet" in ben.words
    assert "Accept what came back: you sign, not Jane Smith" in ben.words
    assert "ben signs here" in ben.words
    assert "Jane Smith signs here" not in ben.words
    assert "LT-1" in signed_for(ben, JANE)


def test_what_was_passed_on_is_signed_for_by_who_got_it(station: OpenStation) -> None:
    """On the part of who gave it away too."""
    stocked(station)
    issued(station, "LT-1")
    ben = at_the_desk(station, "/transfer")
    listed(ben, "transfer", "LT-1", holder=OKRI)
    ben.follow(ben.post("/transfer/commit", checked(ben, "transfer")))
    assert ben.words.count("Ben Okri signs here") == 2
    assert "Jane Smith signs here" not in ben.words


def test_who_accepts_under_almost_the_name_of_who_gave_back_is_asked_about(station: OpenStation) -> None:
    """On the check page it is a notice; afterwards a question before anything is kept, and what was drawn stays."""
    stocked(station)
    issued(station, "LT-1", "LT-2")
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "LT-1")
    typed = {"how": "typed", "signer.0": "ben", "name.0": "Jane Smyth"}
    form = checked(ben, "return", typed)
    assert "Jane Smyth, who accepts it, is written almost like Jane Smith, who gave back LT-1." in ben.words
    assert form["confirm"]
    ben.follow(ben.post("/return/commit", checked(ben, "return", {"how": "none"})))
    form_of_batch = "/batches/3/acceptances"
    before = size(station)
    answer = ben.post(form_of_batch, {**fields(ben, form_of_batch), **DRAWN, "by": "Jane Smyth"})
    assert (answer.status_code, size(station)) == (200, before)
    assert "Is it the same person? Whoever gives something back never accepts its return." in ben.words
    assert 'href="/batches/3' in ben.page
    asked = fields(ben, form_of_batch)
    assert (asked["how"], asked["strokes"], asked["by"]) == ("screen", STROKES, "Jane Smyth")
    ben.follow(ben.post(form_of_batch, asked))
    assert "accepted by Jane Smyth" in ben.words
    ben.get(f"/corrections/new?seq={size(station)}")
    said = {"seq": str(size(station)), "by": "Jane Smitt", "reason": "misread"}
    ben.follow(ben.post("/corrections/new", {**fields(ben, "/corrections/new"), **said}))
    assert "Jane Smitt, who accepts it, is written almost like Jane Smith" in ben.words
    sound(station)
