"""What a scan does to a hand-over at the desk: what it adds, whom and where it names, and what waits to be seen."""

from collections.abc import Callable

import msgspec
import pytest

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.custody_drafts import CustodyDraft, HandoverEvent
from assettrack.domain.desk_errors import ListNotAsShown, ScanNotAsShown
from assettrack.domain.shown_contexts import ShownContext
from assettrack.domain.tags import OUT, Place
from assettrack.services import custody_drafts, handover_scans, slots
from assettrack.services.custody_drafts import AtDesk
from assettrack.services.handover_scans import Taken
from tests.services.desk import Desk, row
from tests.services.printed import badge

SLOT_2 = written(Card(CardKind.SLOT, "CASE-01", 2))
NO_SLOT_OURS = written(Card(CardKind.SLOT, "CASE-01", 99))
NO_CASE_OURS = written(Card(CardKind.CASE, "CASE-77"))
NO_SLOT = written(Card(CardKind.CASE, "OUT"))


def misread(text: str) -> str:
    """The card with another check character."""
    return text[:-1] + ("Y" if text[-1] == "Z" else "Z")


def elsewhere(text: str) -> str:
    """The badge of the same number that another station printed."""
    given = cards.read(text)
    return written(msgspec.structs.replace(given, mark="QXQ" if given.mark != "QXQ" else "QXR"))


def listed(at: AtDesk, event: HandoverEvent = "ISSUE") -> CustodyDraft:
    """The list as it is."""
    return custody_drafts.current(at, event).draft


def page(at: AtDesk, event: HandoverEvent = "ISSUE") -> ShownContext:
    """What a page that is drawn now shows of where scans go."""
    return ShownContext.of_draft(listed(at, event))


def test_a_card_that_says_what_the_page_says_changes_nothing(at_desk: AtDesk) -> None:
    """The card of the page's own event, before anybody is named, names nobody, and nothing waits to be seen."""
    before = custody_drafts.current(at_desk, "ISSUE").draft
    assert handover_scans.take(at_desk, "ISSUE", written(Card(CardKind.EVENT, "ISSUE"))) == Taken()
    assert custody_drafts.current(at_desk, "ISSUE").draft == before


def test_a_badge_after_a_slot_names_who_gives_back_and_leaves_the_slot(desk: Desk, at_desk: AtDesk) -> None:
    """Whose badge comes between the slot and the asset gives it back, and the slot is still that of the next asset."""
    desk.commit(row("A1") + row("A1", "ISSUE"))
    place = Place("CASE-01", 2)
    slot, jane = written(Card(CardKind.SLOT, *place)), badge(desk.workplace)
    assert handover_scans.take(at_desk, "RETURN", slot) == Taken(place=place)
    assert handover_scans.take(at_desk, "RETURN", jane) == Taken(named="Jane Smith")
    assert handover_scans.take(at_desk, "RETURN", "A1") == Taken(added=("A1",))
    draft = custody_drafts.current(at_desk, "RETURN").draft
    assert draft.holder == "Jane Smith"
    assert [(line.asset_tag, line.place) for line in draft.lines] == [("A1", place)]


def test_a_tag_nobody_knows_is_one_of_the_list_unless_it_looks_like_a_case(at_desk: AtDesk) -> None:
    """The check of the list names what is unknown. A label of a case says where what comes next goes, and is held."""
    assert handover_scans.take(at_desk, "RETURN", "NEW-1") == Taken(added=("NEW-1",))
    assert handover_scans.take(at_desk, "RETURN", "CASE-09") == Taken(unseen=1)
    draft = custody_drafts.current(at_desk, "RETURN").draft
    assert (draft.tags, draft.place_removed) == (["NEW-1"], True)
    for tag in ("NEW-1", "CASE-09"):  # where a label says nothing of what comes next
        assert handover_scans.take(at_desk, "ISSUE", tag) == Taken(added=(tag,))


@pytest.mark.parametrize("event", ["ISSUE", "TRANSFER"])
@pytest.mark.parametrize("spoil", [elsewhere, misread, lambda _: written(Card(CardKind.HOLDER, "99"))])
def test_after_a_badge_that_is_not_known_the_next_asset_waits_for_its_person(
    desk: Desk, at_desk: AtDesk, event: HandoverEvent, spoil: Callable[[str], str]
) -> None:
    """Whoever scanned it meant somebody else; also once somebody has seen it. What was on the list stays as it was."""
    desk.commit(row("A1") + row("A2") + row("A3"))
    jane = badge(desk.workplace)
    handover_scans.take(at_desk, event, f"{jane}\nA1")
    assert handover_scans.take(at_desk, event, spoil(jane)) == Taken(unseen=1)
    custody_drafts.change(at_desk, event, lambda draft: draft.seen([1]))
    assert handover_scans.take(at_desk, event, "A2") == Taken(added=("A2",))
    draft = listed(at_desk, event)
    assert [(line.asset_tag, line.holder) for line in draft.lines] == [("A1", "Jane Smith"), ("A2", "")]
    assert (draft.holder, draft.holder_id, draft.waiting) == ("", None, ("A2",))
    handover_scans.take(at_desk, event, f"{jane}\nA3")
    assert listed(at_desk, event).receivers == ["Jane Smith"]
    assert listed(at_desk, event).waiting == ()


@pytest.mark.parametrize(
    "scan",
    [
        "00:1A:2B:3C:4D:5E",
        "https://example.org/a?b=1",
        "x" * 300,
        "CASE-01 SLOT 2",
        NO_SLOT_OURS,
        written(Card(CardKind.EVENT, "RETURN")),
    ],
)
def test_what_names_nobody_leaves_the_person(at_desk: AtDesk, desk: Desk, scan: str) -> None:
    """A code printed beside an asset's, a label of a slot, and the card of another page: none of them is a badge."""
    handover_scans.take(at_desk, "ISSUE", badge(desk.workplace))
    assert handover_scans.take(at_desk, "ISSUE", scan) == Taken(unseen=1)
    assert listed(at_desk).holder == "Jane Smith"


@pytest.mark.parametrize("scan", ["Ann Lee", "KIT_07", "A 2 %!", "ann\u00ebl"])
def test_after_what_can_be_no_tag_but_a_name_the_next_asset_waits_for_its_person(
    at_desk: AtDesk, desk: Desk, scan: str
) -> None:
    """It may have been a name: nothing goes to the person before it."""
    handover_scans.take(at_desk, "ISSUE", badge(desk.workplace))
    assert handover_scans.take(at_desk, "ISSUE", scan) == Taken(unseen=1)
    assert (listed(at_desk).holder, listed(at_desk).holder_id) == ("", None)


@pytest.mark.parametrize(
    "label", [NO_SLOT_OURS, NO_CASE_OURS, misread(SLOT_2), "CASE-02 SLOT 3", "CASE-02 SLOT", "CASE-01 SLOT 1000"]
)
@pytest.mark.parametrize("before", ["", SLOT_2])
def test_after_a_label_that_is_not_known_what_comes_back_is_held_until_its_label_comes(
    desk: Desk, at_desk: AtDesk, before: str, label: str
) -> None:
    """It goes neither into the slot before nor home; the label once more, rightly read, says where it goes."""
    desk.commit("".join(row(tag) + row(tag, "ISSUE") for tag in ("A1", "A2")))
    handover_scans.take(at_desk, "RETURN", f"{badge(desk.workplace)}\n{before}\n{label}")
    custody_drafts.change(at_desk, "RETURN", lambda draft: draft.seen([1]))
    assert handover_scans.take(at_desk, "RETURN", "A1") == Taken(unseen=1)
    draft = listed(at_desk, "RETURN")
    assert (draft.tags, draft.place) == ([], None)
    assert [(each.held.reason, each.held.facts) for each in draft.unseen] == [("place_removed", {"tag": "A1"})]
    assert handover_scans.take(at_desk, "RETURN", f"{SLOT_2}\nA1\nA2").added == ("A1", "A2")
    assert [line.place for line in listed(at_desk, "RETURN").lines] == [Place("CASE-01", 2), None]


@pytest.mark.parametrize("label", ["CASE-77", "case-77", "KIT BOX 07", "kit box 7"])
@pytest.mark.parametrize("before", [SLOT_2, NO_SLOT, NO_SLOT_OURS])
def test_the_label_of_a_case_that_is_not_prepared_ends_the_place_before_it(
    desk: Desk, at_desk: AtDesk, before: str, label: str
) -> None:
    """Its plain name too, also one that no asset can have: the next asset is held until a label says where it goes."""
    slots.initialise_cases(desk.workplace, [("KIT BOX 01", 1)])
    desk.commit(row("A1") + row("A1", "ISSUE"))
    assert handover_scans.take(at_desk, "RETURN", f"{before}\n{label}\nA1").added == ()
    draft = listed(at_desk, "RETURN")
    assert [each.held.reason for each in draft.unseen][-2:] == ["case_or_asset", "place_removed"]
    assert (draft.tags, draft.place, draft.place_removed) == ([], None, True)


def test_the_label_of_a_case_that_is_not_prepared_leaves_the_person(desk: Desk, at_desk: AtDesk) -> None:
    """It is no badge; and it is said that it may be a case's."""
    slots.initialise_cases(desk.workplace, [("KIT BOX 01", 1)])
    handover_scans.take(at_desk, "ISSUE", f"{badge(desk.workplace)}\nKIT BOX 07")
    assert [each.held.reason for each in listed(at_desk).unseen] == ["case_or_asset"]
    assert listed(at_desk).holder == "Jane Smith"


@pytest.mark.parametrize("label", ["CASE-02", written(Card(CardKind.CASE, "CASE-02"))])
@pytest.mark.parametrize("before", [SLOT_2, NO_SLOT, NO_SLOT_OURS])
def test_the_label_of_a_case_from_which_nothing_is_out_ends_the_place_before_it(
    desk: Desk, at_desk: AtDesk, before: str, label: str
) -> None:
    """Nobody knows what it was scanned for: what comes back next is held until a label says where it goes."""
    slots.initialise_cases(desk.workplace, [("CASE-02", 1)])
    desk.commit(row("A1") + row("A1", "ISSUE"))
    handover_scans.take(at_desk, "RETURN", f"{before}\n{label}\nA1")
    draft = listed(at_desk, "RETURN")
    assert [each.held.reason for each in draft.unseen][-2:] == ["case_has_nothing", "place_removed"]
    assert (draft.tags, draft.place) == ([], None)
    assert handover_scans.take(at_desk, "RETURN", f"{SLOT_2}\nA1").added == ("A1",)


@pytest.mark.parametrize("event", ["RETURN", "ISSUE"])
def test_where_no_place_was_said_a_case_without_anything_for_the_list_ends_none(
    desk: Desk, at_desk: AtDesk, event: HandoverEvent
) -> None:
    """What comes back goes home, as before it; and who is given something is still the same."""
    slots.initialise_cases(desk.workplace, [("CASE-02", 1)])
    desk.commit(row("A1") + (row("A1", "ISSUE") if event == "RETURN" else ""))
    handover_scans.take(at_desk, event, f"{badge(desk.workplace)}\nCASE-02\nA1")
    draft = listed(at_desk, event)
    assert [each.held.reason for each in draft.unseen] == ["case_has_nothing"]
    assert [(line.asset_tag, line.place) for line in draft.lines] == [("A1", None)]
    assert draft.holder == "Jane Smith"


def test_a_text_that_is_an_asset_and_a_case_leaves_no_slot_for_the_next(desk: Desk, at_desk: AtDesk) -> None:
    """It may have been the asset for the slot, or a label after it."""
    desk.commit(row("CASE-01") + row("A1") + row("A1", "ISSUE"))
    assert handover_scans.take(at_desk, "RETURN", f"{SLOT_2}\nCASE-01\nA1") == Taken(
        place=Place("CASE-01", 2), unseen=2
    )
    assert listed(at_desk, "RETURN").lines == ()


@pytest.mark.parametrize("before", [SLOT_2, NO_SLOT_OURS])
def test_the_label_of_a_case_says_itself_where_what_is_of_it_goes(desk: Desk, at_desk: AtDesk, before: str) -> None:
    """Each home, whatever label came before it; and so the next asset too."""
    desk.commit(row("A1", place=("CASE-01", "1")) + row("A2", place=("CASE-01", "3")))
    desk.commit(row("A1", "ISSUE") + row("A2", "ISSUE"))
    handover_scans.take(at_desk, "RETURN", f"{before}\nCASE-01")
    if before == NO_SLOT_OURS:  # it answers where the next goes
        handover_scans.take(at_desk, "RETURN", "A1\nA2")
    draft = listed(at_desk, "RETURN")
    assert [(line.asset_tag, line.place) for line in draft.lines] == [("A1", None), ("A2", None)]
    assert (draft.place, draft.place_removed) == (None, False)


@pytest.mark.parametrize("before", ["", SLOT_2, NO_SLOT_OURS, NO_SLOT])
def test_after_the_card_of_no_slot_all_that_comes_back_goes_into_none(desk: Desk, at_desk: AtDesk, before: str) -> None:
    """Neither into the slot of a label before it nor home; who gives back may change meanwhile."""
    desk.commit("".join(row(tag, place=("CASE-01", tag[1])) + row(tag, "ISSUE") for tag in ("A1", "A2", "A3")))
    jane = badge(desk.workplace)
    handover_scans.take(at_desk, "RETURN", f"{jane}\n{before}")
    assert handover_scans.take(at_desk, "RETURN", NO_SLOT) == Taken(place=OUT)
    assert handover_scans.take(at_desk, "RETURN", "A1") == Taken(added=("A1",))
    assert handover_scans.take(at_desk, "RETURN", jane) == Taken(named="Jane Smith")
    assert handover_scans.take(at_desk, "RETURN", "A2") == Taken(added=("A2",))
    draft = listed(at_desk, "RETURN")
    assert [(line.asset_tag, line.place) for line in draft.lines] == [("A1", OUT), ("A2", OUT)]
    assert handover_scans.take(at_desk, "RETURN", "A1") == Taken(already=("A1",))
    assert listed(at_desk, "RETURN") == draft.gone_on()  # but for what an undo card would mean
    assert (draft.place, draft.place_removed) == (OUT, False)


@pytest.mark.parametrize(
    ("label", "tags", "places"),
    [
        (SLOT_2, "A1\nA2", [Place("CASE-01", 2), None]),
        ("CASE-01", "", [None, None]),
        (NO_SLOT_OURS, "A1\nA2", []),
    ],
)
def test_a_label_ends_that_assets_go_into_no_slot(
    desk: Desk, at_desk: AtDesk, label: str, tags: str, places: list[Place | None]
) -> None:
    """That of a slot, of a case whose assets go home, and one that is not known, after which they are held."""
    desk.commit("".join(row(tag, place=("CASE-01", tag[1])) + row(tag, "ISSUE") for tag in ("A1", "A2")))
    handover_scans.take(at_desk, "RETURN", f"{NO_SLOT}\n{label}\n{tags}")
    draft = listed(at_desk, "RETURN")
    assert ([line.place for line in draft.lines], draft.place) == (places, None)


@pytest.mark.parametrize("event", ["ISSUE", "TRANSFER"])
@pytest.mark.parametrize("is_named", [False, True])
def test_the_card_of_no_slot_means_nothing_where_things_are_given(
    desk: Desk, at_desk: AtDesk, event: HandoverEvent, *, is_named: bool
) -> None:
    """As the label of a slot it is kept until somebody has seen it, and names nobody."""
    if is_named:
        handover_scans.take(at_desk, event, badge(desk.workplace))
    assert handover_scans.take(at_desk, event, NO_SLOT) == Taken(unseen=1)
    assert [each.held.reason for each in listed(at_desk, event).unseen] == ["card_unreadable"]


def test_the_label_before_an_asset_that_is_on_the_list_is_for_that_asset(desk: Desk, at_desk: AtDesk) -> None:
    """It goes where its label says, and the next one does not."""
    desk.commit("".join(row(tag) + row(tag, "ISSUE") for tag in ("A1", "A2")))
    handover_scans.take(at_desk, "RETURN", f"A1\n{SLOT_2}")
    assert handover_scans.take(at_desk, "RETURN", "A1") == Taken(added=("A1",))
    assert handover_scans.take(at_desk, "RETURN", SLOT_2) == Taken(place=Place("CASE-01", 2))
    assert handover_scans.take(at_desk, "RETURN", "A1") == Taken(already=("A1",))
    assert handover_scans.take(at_desk, "RETURN", "A2") == Taken(added=("A2",))
    lines = listed(at_desk, "RETURN").lines
    assert [(line.asset_tag, line.place) for line in lines] == [("A1", Place("CASE-01", 2)), ("A2", None)]


def test_a_page_that_showed_where_the_next_asset_goes_puts_it_nowhere_else(at_desk: AtDesk) -> None:
    """The label was misread in the other tab."""
    stale = page(at_desk, "RETURN")
    handover_scans.take(at_desk, "RETURN", NO_SLOT_OURS)
    with pytest.raises(ScanNotAsShown, match="showed the slot it came from; scans go to no place any more by now"):
        handover_scans.take(at_desk, "RETURN", "A1", shown=stale)
    stale = page(at_desk, "RETURN")
    handover_scans.take(at_desk, "RETURN", NO_SLOT)
    with pytest.raises(ScanNotAsShown, match="showed no place any more; scans go to no slot by now"):
        handover_scans.take(at_desk, "RETURN", "A1", shown=stale)


@pytest.mark.parametrize("after", [SLOT_2, NO_SLOT, NO_SLOT_OURS])
def test_the_page_of_a_person_puts_what_comes_back_nowhere_else_than_it_showed(
    desk: Desk, at_desk: AtDesk, after: str
) -> None:
    """A label was scanned in another tab: nothing is done. On the page as it is now the scan goes there."""
    desk.commit(row("A1") + row("A1", "ISSUE"))
    jane = custody_drafts.registered(desk.workplace, "Jane Smith")
    stale = page(at_desk, "RETURN")
    handover_scans.take(at_desk, "RETURN", after)
    before = listed(at_desk, "RETURN")
    with pytest.raises(ScanNotAsShown, match="showed the slot it came from; scans go to"):
        handover_scans.take(at_desk, "RETURN", "A1", shown=stale, holder=jane)
    assert listed(at_desk, "RETURN") == before
    handover_scans.take(at_desk, "RETURN", SLOT_2, shown=page(at_desk, "RETURN"), holder=jane)
    assert handover_scans.take(at_desk, "RETURN", "A1", shown=page(at_desk, "RETURN"), holder=jane).added == ("A1",)


@pytest.mark.parametrize("way", ["badge", "page of the person"])
def test_nobody_is_given_what_the_page_did_not_show_to_wait_for_a_person(desk: Desk, at_desk: AtDesk, way: str) -> None:
    """It was scanned in another tab: nothing is done, and the page says what came. On the page as it is now it is."""
    desk.commit(row("A1") + row("A2"))
    jane = badge(desk.workplace)
    holder = None if way == "badge" else custody_drafts.registered(desk.workplace, "Jane Smith")
    typed = jane if way == "badge" else "A2"
    stale = page(at_desk)
    handover_scans.take(at_desk, "ISSUE", "A1", shown=stale)
    before = listed(at_desk)
    with pytest.raises(ListNotAsShown, match=r"perhaps in another tab: A1 came on it\. Nothing was saved\."):
        handover_scans.take(at_desk, "ISSUE", typed, shown=stale, holder=holder)
    assert listed(at_desk) == before
    handover_scans.take(at_desk, "ISSUE", typed, shown=page(at_desk), holder=holder)
    assert {line.holder for line in listed(at_desk).lines} == {"Jane Smith"}


def test_two_pages_may_scan_into_one_list_while_nobody_is_named(desk: Desk, at_desk: AtDesk) -> None:
    """What waits for a person changes with each scan, and matters only to the one that names somebody."""
    desk.commit(row("A1") + row("A2"))
    stale = page(at_desk)
    for tag in ("A1", "A2"):
        assert handover_scans.take(at_desk, "ISSUE", tag, shown=stale) == Taken(added=(tag,))
    custody_drafts.change(at_desk, "ISSUE", lambda draft: draft.without(["A1", "A2"]))
    assert handover_scans.take(at_desk, "ISSUE", badge(desk.workplace), shown=stale) == Taken(named="Jane Smith")
