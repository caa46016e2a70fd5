"""What the next scans mean, said on a page that was left open: nothing that was set or withdrawn since is undone."""

import pytest

from tests.web.handing_over import JANE, OKRI
from tests.web.test_context_by_hand import by_hand
from tests.web.test_intake_rounds import END, at_intake, now, scanned
from tests.web.visitors import OpenStation, Visitor

MEANWHILE = "perhaps because of another tab. Nothing was saved."
SET = {
    "equipment_type": "tablet",
    "building_room": "Room 7",
    "notes": "with charger",
    "due_on": "2026-12-24",
    "how": "paper",
}
OTHER = {
    "equipment_type": "phone",
    "building_room": "Room 9",
    "notes": "dusty",
    "due_on": "2026-12-31",
    "how": "typed",
}
WORDS = {
    "equipment_type": ("no type of new assets", "type tablet"),
    "building_room": ("no room", "room 'Room 7'"),
    "notes": ("no notes", "notes 'with charger'"),
    "due_on": ("no due date", "due date 2026-12-24"),
    "how": ("no acceptance", "acceptance by paper"),
}


def elsewhere(station: OpenStation, **said: str) -> Visitor:
    """Say something in another tab of the same person, as its page shows it; return that tab, on the page after it."""
    other = station.visitor("ben")
    other.get("/intake")
    other.follow(other.post("/intake/context", {**by_hand(other), **said}))
    return other


def holds(visitor: Visitor) -> dict[str, str]:
    """What the form shows that holds, of what no scan says."""
    visitor.get("/intake")
    form = by_hand(visitor)
    return {name: form[name] for name in SET}


@pytest.mark.parametrize("name", SET)
def test_what_was_set_since_is_not_blanked_by_a_form_used_for_something_else(station: OpenStation, name: str) -> None:
    """The older page shows it blank, and chose an event and a holder alone."""
    ben = at_intake(station)
    form = by_hand(ben)
    other = elsewhere(station, **{name: SET[name]})
    ben.follow(ben.post("/intake/context", {**form, "event_type": "ISSUE", "holder": JANE}))
    assert now(ben.words).startswith(f"Issue · for {JANE}")
    assert holds(other) == {**dict.fromkeys(SET, ""), name: SET[name]}


@pytest.mark.parametrize("name", SET)
def test_what_was_withdrawn_since_is_not_brought_back(station: OpenStation, name: str) -> None:
    """The older page shows it still: an acceptance that was taken back is not in the batch."""
    ben = at_intake(station)
    ben.follow(ben.post("/intake/context", {**by_hand(ben), **SET}))
    form = by_hand(ben)
    other = elsewhere(station, **{name: ""})
    ben.follow(ben.post("/intake/context", {**form, "event_type": "ISSUE", "holder": JANE}))
    assert holds(other) == {**SET, name: ""}


@pytest.mark.parametrize("name", SET)
def test_nothing_is_set_over_what_the_page_did_not_show(station: OpenStation, name: str) -> None:
    """It is refused whole, the page says what moved, and what was chosen stands in the form to be set once more."""
    ben = at_intake(station)
    form = {**by_hand(ben), name: OTHER[name], "event_type": "ISSUE"}
    other = elsewhere(station, **{name: SET[name]})
    shown, by_now = WORDS[name]
    answer = ben.post("/intake/context", form)
    assert answer.status_code == 409
    assert f"This page showed {shown}; by now it is {by_now}, {MEANWHILE}" in ben.words
    assert '<details class="context" open>' in ben.page
    assert now(ben.words).startswith("Scan in")
    kept = by_hand(ben)
    assert (kept[name], kept["event_type"]) == (OTHER[name], "ISSUE")
    assert holds(other)[name] == SET[name]
    ben.follow(ben.post("/intake/context", kept))
    assert holds(other)[name] == OTHER[name]
    assert now(ben.words).startswith("Issue")


@pytest.mark.parametrize(
    ("chosen", "since", "said"),
    [
        ({"event_type": "RETIRE"}, {"event_type": "RETURN"}, "showed event SCAN; by now it is event RETURN,"),
        ({"holder": OKRI}, {"holder": JANE}, f"showed nobody yet; by now it is {JANE},"),
        (
            {"case_name": "CASE-01", "slot_position": "7"},
            {"case_name": "CASE-01", "slot_position": "8"},
            "showed no case; by now it is CASE-01 slot 8,",
        ),
        (
            {"case_name": "CASE-01", "event_type": "RETIRE"},
            {"case_name": "OUT", "event_type": "UPDATE"},
            "showed event SCAN, no case; by now it is event UPDATE, no slot,",
        ),
    ],
)
def test_no_event_person_or_place_is_chosen_over_another(
    station: OpenStation, chosen: dict[str, str], since: dict[str, str], said: str
) -> None:
    """Chosen on the older page, where another was chosen in the other tab."""
    ben = at_intake(station)
    form = by_hand(ben)
    other = elsewhere(station, **since)
    held = now(other.words)
    assert ben.post("/intake/context", {**form, **chosen}).status_code == 409
    assert said in ben.words
    kept = by_hand(ben)
    assert {name: kept[name] for name in chosen} == chosen
    other.get("/intake")
    assert now(other.words) == held
    ben.follow(ben.post("/intake/context", kept))
    assert now(ben.words) != held


def test_a_place_that_was_removed_since_is_said_to_be_none_any_more(station: OpenStation) -> None:
    """Whoever chose a slot there did so beside a place that holds no more."""
    ben = at_intake(station)
    scanned(ben, "CASE-01 SLOT-06")
    ben.get("/intake")
    form = {**by_hand(ben), "slot_position": "7"}
    scanned(ben, "CASE-01 SLOT-99")
    assert ben.post("/intake/context", form).status_code == 409
    assert "showed CASE-01 slot 6; by now it is no place any more," in ben.words


def test_the_second_click_is_answered_as_the_first(station: OpenStation) -> None:
    """What was chosen holds already."""
    ben = at_intake(station)
    form = {**by_hand(ben), **SET, "event_type": "RETURN", "case_name": "CASE-01", "slot_position": "7"}
    for _ in range(2):
        ben.follow(ben.post("/intake/context", form))
        assert "into CASE-01 slot 7" in now(ben.words)
    assert holds(ben) == SET


def test_what_a_card_forgets_is_not_brought_back_by_the_page_that_shows_it(station: OpenStation) -> None:
    """An end card ends notes and room; the part of the page that the scan changes says so to the form."""
    ben = at_intake(station)
    ben.follow(ben.post("/intake/context", {**by_hand(ben), **SET}))
    form = by_hand(ben)
    part = ben.post("/intake/scans", {"typed": END}, hx_request="true").text
    assert all(f'data-{name}=""' in part for name in ("room", "notes"))
    assert all(f'data-{name}="{said}"' in part for name, said in (("type", "tablet"), ("due", SET["due_on"])))
    ben.follow(ben.post("/intake/context", {**form, "how": "typed"}))
    assert holds(ben) == {**SET, "building_room": "", "notes": "", "how": "typed"}
