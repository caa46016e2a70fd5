"""What the next scans mean, said by hand: what a card said before stays, as the form shows it."""

import pytest

from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.tags import OUT_WORD
from tests.services.printed import badge, elsewhere, misread
from tests.web.queue_forms import drawn_for
from tests.web.test_intake_pages import FILL, at_the_desk, scan
from tests.web.test_intake_rounds import (
    CHOOSE,
    END,
    ISSUE,
    NO_EVENT,
    REMOVED,
    RETURN,
    SCAN,
    at_intake,
    now,
    scanned,
)
from tests.web.visitors import OpenStation, Visitor, drawn


def by_hand(visitor: Visitor) -> dict[str, str]:
    """Return what the form says by which the context is set, as it is drawn."""
    return {name: str(said) for name, said in drawn(visitor.page, "/intake/context").items()}


def test_into_no_slot_stays_where_a_room_is_added(station: OpenStation) -> None:
    """The card said it, the page shows it in the form too, also where a scan changes a part of the page alone."""
    ben = at_the_desk(station)
    part = ben.post("/intake/scans", {"typed": written(Card(CardKind.CASE, OUT_WORD))}, hx_request="true").text
    assert f'data-case="{OUT_WORD}"' in part
    ben.get("/intake")
    assert "· into no slot" in ben.words
    ben.follow(ben.post("/intake/context", {**by_hand(ben), "building_room": "Room 7"}))
    assert "· into no slot" in ben.words
    scan(ben, "LT-1")
    assert "Scan in: new laptop → in storage, in no slot" in ben.words
    ben.follow(ben.post("/intake/context", {**by_hand(ben), "case_name": "CASE-01"}))
    assert "into no slot" not in ben.words
    assert "into CASE-01 the next free slot" in ben.words


def test_into_no_slot_is_no_slot_of_a_number(station: OpenStation) -> None:
    """Neither of the two is dropped in silence: it is said that they don't go together, and the context stays."""
    ben = at_the_desk(station)
    said = {**FILL, "case_name": OUT_WORD, "slot_position": "3"}
    assert ben.post("/intake/context", said).status_code == 422
    assert "what goes into no slot has none" in ben.words
    ben.get("/intake")
    assert "into CASE-01" in ben.words


def test_a_slot_without_its_case_is_refused_in_words(station: OpenStation) -> None:
    """It is not dropped in silence: a number alone is no place, and what was said before stays."""
    ben = at_the_desk(station)
    assert ben.post("/intake/context", {**FILL, "case_name": "", "slot_position": "3"}).status_code == 422
    assert "it is one of a case; choose the case too, or leave it blank" in ben.words
    ben.get("/intake")
    assert "into CASE-01" in ben.words


def take_out(visitor: Visitor, number: int) -> None:
    """Remove a scan in its line, and see the page after it."""
    visitor.get("/intake")
    visitor.follow(visitor.post("/intake/remove", drawn_for(visitor, number)))


def say(visitor: Visitor, **changed: str) -> str:
    """Change nothing but these fields of the form, and use it; return what the page says of the next scans."""
    visitor.get("/intake")
    visitor.follow(visitor.post("/intake/context", {**by_hand(visitor), **changed}))
    return now(visitor.words).partition(" · new assets")[0]


@pytest.mark.parametrize("ends", ["removed", "end card"])
@pytest.mark.parametrize("typed", ["equipment_type", "notes"])
def test_no_event_holds_until_one_is_chosen(station: OpenStation, ends: str, typed: str) -> None:
    """None is chosen in the form, and a form that says none leaves it so; the holder stays as the form shows it."""
    ben = at_intake(station)
    scanned(ben, ISSUE, badge(station.workplace()))
    if ends == "removed":
        take_out(ben, 1)
    else:
        scanned(ben, END)
    ben.get("/intake")
    assert "event_type" not in by_hand(ben)
    assert say(ben, **{typed: "laptop"}).startswith(NO_EVENT)
    assert ("for Jane Smith" in now(ben.words)) == (ends == "removed")
    assert scanned(ben, "LT-2").startswith("Stop: LT-2 Asset LT-2 was scanned while no event held")
    assert say(ben, event_type="SCAN").startswith("Scan in")
    assert scanned(ben, "LT-3").startswith("Accepted: LT-3")


def test_an_event_that_holds_stays_where_the_form_says_none(station: OpenStation) -> None:
    """A page on which none held is used after one was scanned on another: that one is not taken back."""
    ben = at_intake(station)
    scanned(ben, END)
    ben.get("/intake")
    form = by_hand(ben)
    scanned(ben, RETURN)
    ben.follow(ben.post("/intake/context", {**form, "notes": "dusty"}))
    assert now(ben.words).startswith("Return")


def test_an_event_that_a_page_still_shows_is_not_chosen_anew(station: OpenStation) -> None:
    """It was removed on another page meanwhile; another one is chosen only where the page shows that none holds."""
    ben = at_intake(station)
    scanned(ben, RETURN)
    ben.get("/intake")
    form = by_hand(ben)
    take_out(ben, 1)
    ben.follow(ben.post("/intake/context", {**form, "notes": "dusty"}))
    assert now(ben.words) == NO_EVENT
    assert ben.post("/intake/context", {**form, "event_type": "UPDATE"}).status_code == 409
    assert now(ben.words) == NO_EVENT
    ben.follow(ben.post("/intake/context", by_hand(ben)))
    assert now(ben.words).startswith("Move or update")


@pytest.mark.parametrize(
    ("chosen", "goes"),
    [
        ({"case_name": "CASE-01"}, "Scan in · into CASE-01 the next free slot"),
        ({"case_name": "CASE-01", "slot_position": "7"}, "Scan in · into CASE-01 slot 7"),
        ({"case_name": OUT_WORD}, "Scan in · into no slot"),
        ({"case_name": ""}, "Scan in"),
        ({"event_type": "RETURN", "case_name": ""}, "Return · into the slot that each came from"),
    ],
)
@pytest.mark.parametrize("label", ["CASE-01", "CASE-01 SLOT-08", written(Card(CardKind.CASE, OUT_WORD))])
def test_no_place_holds_until_one_is_chosen(
    station: OpenStation, label: str, chosen: dict[str, str], goes: str
) -> None:
    """What is typed of other things leaves it so, whichever event is chosen; no case can be chosen too."""
    ben = at_intake(station)
    scanned(ben, SCAN, label)
    take_out(ben, 2)
    assert say(ben, equipment_type="laptop") == f"Scan in · {REMOVED}"
    assert scanned(ben, "LT-1").startswith("Stop: LT-1 What said where asset LT-1 goes was held or removed")
    assert say(ben, event_type="RETURN") == f"Return · {REMOVED}"
    assert say(ben, event_type="SCAN") == f"Scan in · {REMOVED}"
    assert say(ben, **chosen) == goes
    assert "What said where asset LT-2 goes" not in scanned(ben, "LT-2")


def test_a_place_that_a_page_still_shows_is_not_chosen_anew(station: OpenStation) -> None:
    """Its label was removed on another page meanwhile: the next asset is held all the same."""
    ben = at_intake(station)
    scanned(ben, "CASE-01")
    ben.get("/intake")
    form = by_hand(ben)
    take_out(ben, 1)
    ben.follow(ben.post("/intake/context", {**form, "notes": "dusty"}))
    assert now(ben.words) == f"Scan in · {REMOVED}"


def test_a_place_is_held_after_a_label_that_is_not_known(station: OpenStation) -> None:
    """The form does not offer the place before it as if it held, nor does an empty queue once it is removed."""
    ben = at_intake(station)
    assert say(ben, case_name="CASE-01") == "Scan in · into CASE-01 the next free slot"
    assert "Scan what goes into CASE-01, one after another." in ben.words
    scanned(ben, "CASE-01 SLOT-99")
    take_out(ben, 1)
    assert now(ben.words).startswith(f"Scan in · {REMOVED}")
    assert "Nothing is scanned yet. Scan the label of a case" in ben.words
    scanned(ben, "CASE-01 SLOT-08", "CASE-01 SLOT-99")
    assert say(ben, notes="dusty") == f"Scan in · {REMOVED}"
    assert ben.post("/intake/context", {**by_hand(ben), "slot_position": "3"}).status_code == 422
    assert "choose the case too" in ben.words


UNKNOWN = {"badge": elsewhere, "CASE-01 SLOT-08": lambda _: "CASE-01 SLOT-99", ISSUE: misread}
"""A card that holds, and one of its kind that this station does not know."""


@pytest.mark.parametrize("known", UNKNOWN)
@pytest.mark.parametrize("since", ["removed", "unknown", "unknown and removed"])
def test_nothing_that_a_page_still_shows_is_brought_back_by_its_form(
    station: OpenStation, known: str, since: str
) -> None:
    """It was removed on another page meanwhile, or a card came that is not known: typing notes does not choose it."""
    ben = at_intake(station)
    text = badge(station.workplace()) if known == "badge" else known
    scanned(ben, RETURN if known.startswith("CASE") else ISSUE, text)
    ben.get("/intake")
    form = by_hand(ben)
    if "unknown" in since:
        scanned(ben, UNKNOWN[known](text))
    if "removed" in since:
        take_out(ben, 2)
    ben.get("/intake")
    held = now(ben.words)
    assert held in {"Issue", f"Return · {REMOVED}"} or held.startswith(NO_EVENT)
    ben.follow(ben.post("/intake/context", {**form, "notes": "dusty"}))
    assert now(ben.words) == held
    assert by_hand(ben)["notes"] == "dusty"


def test_what_was_scanned_since_stays_where_an_older_page_shows_another(station: OpenStation) -> None:
    """Its form was used for something else: of event, person and place only what is otherwise than it shows is said."""
    ben = at_intake(station)
    station.case("CASE-02", 4)
    scanned(ben, ISSUE, badge(station.workplace()), "CASE-01")
    ben.get("/intake")
    form = by_hand(ben)
    scanned(ben, RETURN, "Ben Okri", "CASE-02 SLOT-03")
    ben.follow(ben.post("/intake/context", {**form, "notes": "dusty"}))
    assert now(ben.words) == "Return · into CASE-02 slot 3 · for Ben Okri"
    assert ben.post("/intake/context", {**form, "holder": ""}).status_code == 409
    assert now(ben.words) == "Return · into CASE-02 slot 3 · for Ben Okri"
    ben.follow(ben.post("/intake/context", by_hand(ben)))
    assert now(ben.words) == "Return · into CASE-02 slot 3"


@pytest.mark.parametrize(
    ("chosen", "goes"),
    [
        ({"slot_position": ""}, "Scan in · into CASE-01 the next free slot"),
        ({"slot_position": "7"}, "Scan in · into CASE-01 slot 7"),
        ({"case_name": OUT_WORD, "slot_position": ""}, "Scan in · into no slot"),
        ({"case_name": "", "slot_position": ""}, "Scan in"),
    ],
)
@pytest.mark.parametrize("by", ["label", "hand"])
def test_a_used_slot_is_used_until_another_place_is_chosen(
    station: OpenStation, by: str, chosen: dict[str, str], goes: str
) -> None:
    """The form shows the slot; left as it is, it is still for the asset before alone."""
    ben = at_intake(station)
    if by == "label":
        scanned(ben, "CASE-01 SLOT-08")
    else:
        say(ben, case_name="CASE-01", slot_position="8")
    scanned(ben, "LT-1")
    used = f"Scan in · CASE-01 slot 8 was for LT-1: scan the label of the next slot or case first, {CHOOSE}"
    assert say(ben, equipment_type="laptop") == used
    assert scanned(ben, "LT-2").startswith("Stop: LT-2 The label of CASE-01 slot 8 was for asset LT-1 alone")
    assert say(ben, **chosen) == goes
    assert scanned(ben, "LT-2").startswith("Stop") is False


def test_a_slot_can_be_said_again_once_its_asset_was_removed(station: OpenStation) -> None:
    """The form does not show it as said, where the same again would be nothing; left so, it is used."""
    ben = at_intake(station)
    say(ben, case_name="CASE-01", slot_position="8", equipment_type="laptop")
    scanned(ben, "LT-50")
    take_out(ben, 1)
    used = f"Scan in · CASE-01 slot 8 was for LT-50: scan the label of the next slot or case first, {CHOOSE}"
    assert say(ben, notes="dusty") == used
    assert say(ben, case_name="CASE-01", slot_position="8") == "Scan in · into CASE-01 slot 8"
    assert scanned(ben, "LT-51").startswith("Accepted: LT-51")
