"""What the label of a case puts on a return list: never what somebody has who is not there to give it back."""

import pytest

from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.custody_drafts import CustodyDraft
from assettrack.domain.plans import Options
from assettrack.domain.tags import Place
from assettrack.services import custody_drafts, handover_scans
from assettrack.services.custody_drafts import AtDesk
from assettrack.services.handover_scans import Taken
from tests.services.desk import Desk, row
from tests.services.printed import badge

BROKEN = "AT H9ZZZ9"
"""A card that can't be read: what it said may have been anything."""

LABELS = ["CASE-01", written(Card(CardKind.CASE, "CASE-01"))]
"""The name of a case as it is printed, and its card."""


def listed(at: AtDesk) -> CustodyDraft:
    """The list as it is."""
    return custody_drafts.current(at, "RETURN").draft


def issue(desk: Desk, **holders: str) -> None:
    """Put assets into CASE-01, A1 into slot 1 and so on, and issue each to somebody."""
    stored = "".join(row(tag, place=("CASE-01", tag[1])) for tag in holders)
    given = "".join(row(tag, "ISSUE", issued_to_name=name) for tag, name in holders.items())
    desk.commit(stored + given, Options(new_holders=True))


def said(at: AtDesk) -> list[str]:
    """What is said of the scans that were not understood."""
    return [each.held.finding.message for each in listed(at).unseen]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("who", ["", "Jane Smith"])
def test_where_the_list_asks_where_the_next_asset_goes_the_label_of_a_case_answers_that_alone(
    desk: Desk, at_desk: AtDesk, who: str, label: str
) -> None:
    """Nothing comes on the list by it; the next asset goes into the slot that it came from."""
    issue(desk, A1="Jane Smith", A2="Jane Smith")
    handover_scans.take(at_desk, "RETURN", BROKEN)
    if who:
        handover_scans.take(at_desk, "RETURN", badge(desk.workplace, who))
    assert handover_scans.take(at_desk, "RETURN", label) == Taken(to_homes=True)
    draft = listed(at_desk)
    assert (draft.tags, draft.place, draft.place_removed) == ([], None, False)
    assert handover_scans.take(at_desk, "RETURN", "A1") == Taken(added=("A1",))
    assert [(line.asset_tag, line.place) for line in listed(at_desk).lines] == [("A1", None)]


@pytest.mark.parametrize("label", LABELS)
def test_the_label_of_a_case_takes_what_the_person_has_who_was_chosen(desk: Desk, at_desk: AtDesk, label: str) -> None:
    """How many more of the case are out with others is told; they stay with them."""
    issue(desk, A1="Jane Smith", A2="Tomas Brandt", A3="Jane Smith", A4="Noor Haddad")
    handover_scans.take(at_desk, "RETURN", badge(desk.workplace))
    taken = handover_scans.take(at_desk, "RETURN", label)
    assert taken == Taken(added=("A1", "A3"), others={"CASE-01": 2})
    assert listed(at_desk).tags == ["A1", "A3"]


def test_others_are_those_that_are_not_on_the_list(desk: Desk, at_desk: AtDesk) -> None:
    """What was scanned one by one is on it, whoever has it."""
    issue(desk, A1="Jane Smith", A2="Tomas Brandt", A3="Noor Haddad")
    handover_scans.take(at_desk, "RETURN", f"A2\n{badge(desk.workplace)}")
    assert handover_scans.take(at_desk, "RETURN", "CASE-01").others == {"CASE-01": 1}
    handover_scans.take(at_desk, "RETURN", "A3")
    assert handover_scans.take(at_desk, "RETURN", "CASE-01").others == {}


def test_others_are_counted_once_all_that_came_at_once_is_on_the_list(desk: Desk, at_desk: AtDesk) -> None:
    """As if it had come one by one: who is chosen meanwhile, or scanned one by one, is not with others."""
    issue(desk, A1="Jane Smith", A2="Tomas Brandt", A3="Noor Haddad")
    jane, tomas = badge(desk.workplace), badge(desk.workplace, "Tomas Brandt")
    taken = handover_scans.take(at_desk, "RETURN", f"{jane}\nCASE-01\nA3\n{tomas}\nCASE-01")
    assert taken == Taken(added=("A1", "A3", "A2"), named="Tomas Brandt")
    assert listed(at_desk).tags == ["A1", "A3", "A2"]


def test_what_is_scanned_after_the_label_of_its_case_is_not_with_others(desk: Desk, at_desk: AtDesk) -> None:
    """It is on the list by the end of what was sent."""
    issue(desk, A1="Jane Smith", A2="Tomas Brandt", A3="Noor Haddad")
    taken = handover_scans.take(at_desk, "RETURN", f"{badge(desk.workplace)}\nCASE-01\nA3")
    assert taken == Taken(added=("A1", "A3"), named="Jane Smith", others={"CASE-01": 1})


def test_two_labels_at_once_each_tell_of_others(desk: Desk, at_desk: AtDesk) -> None:
    """What came on the list and is scanned again with its case is told beside it."""
    issue(desk, A1="Jane Smith", A2="Tomas Brandt")
    handover_scans.take(at_desk, "RETURN", badge(desk.workplace))
    taken = handover_scans.take(at_desk, "RETURN", "CASE-01\nCASE-01")
    assert taken == Taken(added=("A1",), already=("A1",), others={"CASE-01": 1})


def test_of_a_case_of_which_the_person_has_nothing_nothing_is_taken(desk: Desk, at_desk: AtDesk) -> None:
    """It is said with whom it is; also after a slot was said, which holds no more."""
    issue(desk, A1="Tomas Brandt", A2="Jane Smith")
    desk.commit(row("A2", "RETURN", at="11:00", place=("CASE-01", "2")))
    handover_scans.take(at_desk, "RETURN", badge(desk.workplace))
    handover_scans.take(at_desk, "RETURN", written(Card(CardKind.SLOT, *Place("CASE-01", 3))))
    assert handover_scans.take(at_desk, "RETURN", "CASE-01") == Taken(unseen=1)
    (sentence,) = said(at_desk)
    assert sentence == (
        "Nothing of case CASE-01 came on the list. Out of it are: 1 with Tomas Brandt. Choose who gives something "
        "back, and scan the label again, or scan each asset."
    )
    draft = listed(at_desk)
    assert (draft.tags, draft.place, draft.place_removed) == ([], None, True)


def test_where_nobody_is_chosen_what_one_person_has_of_a_case_is_taken(desk: Desk, at_desk: AtDesk) -> None:
    """Nobody else's is touched by it."""
    issue(desk, A1="Tomas Brandt", A2="Tomas Brandt")
    assert handover_scans.take(at_desk, "RETURN", "CASE-01") == Taken(added=("A1", "A2"))


def test_where_nobody_is_chosen_and_several_have_of_a_case_nothing_is_taken(desk: Desk, at_desk: AtDesk) -> None:
    """It is said who has how many; of more than three people only how many."""
    issue(desk, A1="Tomas Brandt", A2="Jane Smith", A3="Kim Lee", A4="Noor Haddad")
    assert handover_scans.take(at_desk, "RETURN", "CASE-01") == Taken(unseen=1)
    assert listed(at_desk).tags == []
    assert (
        "Out of it are: 1 with Tomas Brandt, 1 with Jane Smith, 1 with Kim Lee, more with 1 other."
        in (said(at_desk)[0])
    )


def test_whoever_was_chosen_by_name_alone_gives_back_what_they_have(desk: Desk, at_desk: AtDesk) -> None:
    """As an earlier version kept a list; and a person who is not there any more gives back nothing."""
    issue(desk, A1="Tomas Brandt", A2="Jane Smith")
    custody_drafts.change(at_desk, "RETURN", lambda draft: draft.named("Jane Smith"))
    assert handover_scans.take(at_desk, "RETURN", "CASE-01").added == ("A2",)
    custody_drafts.change(at_desk, "RETURN", lambda draft: draft.named("Nobody", 99))
    assert handover_scans.take(at_desk, "RETURN", "CASE-01") == Taken(unseen=1)
