"""What the pages of issue, return and transfer answer to a scan, and what stops a list before anybody signs for it."""

import re

import pytest

from assettrack.domain.cards import Card, CardKind, written
from tests.web.handing_over import (
    JANE,
    OKRI,
    STROKES,
    at_the_desk,
    checked,
    form_of,
    issued,
    listed,
    size,
    stocked,
)
from tests.web.visitors import OpenStation, Visitor, words


def scanned(visitor: Visitor, typed: str, word: str = "issue", sent_as: str = "") -> tuple[str, str]:
    """Scan by script; return the tone of the answer, and what it says."""
    said = {"typed": typed, "sent_as": sent_as}
    part = visitor.post(f"/{word}/scans", said, hx_request="true")
    assert part.status_code == 200
    found = re.search(r'data-tone="(\w+)"', part.text)
    return found[1] if found else "", words(part.text)


def test_each_scan_is_answered_in_a_colour(station: OpenStation) -> None:
    """Ready, a look, stop, or noted where it is about no asset."""
    stocked(station)
    issued(station, "LT-5", to=OKRI)
    ben = at_the_desk(station)
    tone, said = scanned(ben, JANE)
    assert (tone, "Noted: Jane Smith What you scan next is for Jane Smith." in said) == ("plain", True)
    tone, said = scanned(ben, "LT-1")
    assert (tone, "Ready: LT-1 in CASE-01 slot 1 → in custody of Jane Smith" in said) == ("ok", True)
    tone, said = scanned(ben, "LT-1")
    assert tone == "note"
    assert "Look: LT-1 It is on the list already. It stays there once; nothing changed. LT-1 in CASE-01 slot 1" in said
    assert "To be issued: 1" in said
    tone, said = scanned(ben, "LT-5")
    assert (tone, "Stop: LT-5" in said) == ("bad", True)
    tone, said = scanned(ben, "no tag!")
    assert (tone, "Stop: no tag! It is not on the list." in said) == ("bad", True)
    tone, said = scanned(ben, written(Card(CardKind.UNDO)))
    assert (tone, "was taken off the list again." in said) == ("bad", False)
    assert "LT-5" in said.partition("To be issued: 1")[2]


def test_an_undo_card_takes_off_the_asset_just_scanned_or_says_that_it_took_off_nothing(station: OpenStation) -> None:
    """Whatever came between, or the card itself once more; it is seen, and the asset meant is removed by hand."""
    stocked(station)
    ben, undo = at_the_desk(station), written(Card(CardKind.UNDO))
    for typed in (JANE, "LT-1", "LT-2"):
        scanned(ben, typed)
    assert scanned(ben, undo)[0] == "plain"
    scanned(ben, "LT-2")
    tone, said = scanned(ben, undo)
    assert (tone, "LT-2 was taken off the list again." in said, "To be issued: 1" in said) == ("plain", True, True)
    for before in (undo, OKRI, "LT-1", "CASE-01"):
        scanned(ben, before)
        tone, said = scanned(ben, undo)
        assert (tone, "was taken off the list again" in said) == ("bad", False), before
    held = "The undo card came after no scan that had just put one asset on the list. Whether an asset is meant, and"
    meant = "Nothing was taken off the list. If an asset is meant, take it off in its line."
    assert f"It is not on the list. {held} which, is not clear. {meant}" in said
    assert "To be issued: 5" in said


@pytest.mark.parametrize("deed", ["acceptance", "check", "remove"])
def test_after_a_form_an_undo_card_takes_nothing_off(station: OpenStation, deed: str) -> None:
    """Whoever was on the page of accepting or of the check, or removed a line, has gone on since the scan."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", "LT-2", holder=JANE)
    if deed == "remove":
        ben.follow(ben.post("/issue/remove", {"tag": "LT-1"}))
    else:
        ben.get("/issue/acceptance")
        whole = ben.post("/issue/acceptance", {"how": "none" if deed == "check" else "typed"})
        assert whole.status_code == (303 if deed == "check" else 422)  # what was said so far is kept
    tone, said = scanned(ben, written(Card(CardKind.UNDO)))
    assert (tone, f"To be issued: {1 if deed == 'remove' else 2}" in said) == ("bad", True)


def test_on_the_page_of_a_person_an_undo_card_takes_off_what_was_scanned_there(station: OpenStation) -> None:
    """The slot that was for it waits again, and the page says so."""
    stocked(station)
    issued(station, "LT-1", "LT-2")
    ben = at_the_desk(station, "/return?holder=Jane%20Smith")
    for typed in ("CASE-01 SLOT 7", "LT-1"):
        ben.post("/return/scans", {"typed": typed, "holder": JANE}, hx_request="true")
    undo = {"typed": written(Card(CardKind.UNDO)), "holder": JANE}
    said = words(ben.post("/return/scans", undo, hx_request="true").text)
    assert "LT-1 was taken off the list again. The next asset goes into CASE-01 slot 7." in said
    assert "To be returned: 0" in said


def test_a_case_that_is_on_the_list_in_part_says_how_much_is_new(station: OpenStation) -> None:
    """What is new is accepted, what was there stays there once, and both are said."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-2", "LT-3", holder=JANE)
    tone, said = scanned(ben, "CASE-01")
    assert tone == "note"
    assert "Look: 3 assets" in said
    assert "2 of what was scanned are on the list already." in said
    assert "To be issued: 5" in said
    tone, said = scanned(ben, "CASE-01")
    assert (tone, "Look: 5 assets 5 of what was scanned are on the list already." in said) == ("note", True)


def test_plain_forms_are_answered_too(station: OpenStation) -> None:
    """The page that follows a scan says what it did, and leads back to the field."""
    stocked(station)
    ben = at_the_desk(station)
    ben.follow(ben.post("/issue/holder", {"holder": JANE}))
    first = ben.post("/issue/scans", {"typed": "LT-1"})
    assert first.headers["location"] == "/issue?put=LT-1#typed"
    ben.follow(first)
    assert "Ready: LT-1" in ben.words
    again = ben.post("/issue/scans", {"typed": "lt-1"})
    assert again.headers["location"] == "/issue?again=LT-1#typed"
    ben.follow(again)
    assert "Look: LT-1 It is on the list already." in ben.words
    ben.get("/issue?put=LT-9&again=%3Cscript%3E")
    assert "LT-9" not in ben.words
    assert "<script>" not in ben.page


def test_a_scan_that_is_sent_again_says_the_same_and_does_nothing(station: OpenStation) -> None:
    """A browser that got no answer sends it under the same name: nothing is there already, nothing is undone twice."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", "LT-2", holder=JANE)
    assert scanned(ben, "LT-3", sent_as="a" * 32) == scanned(ben, "LT-3", sent_as="a" * 32)
    undo = written(Card(CardKind.UNDO))
    first, second = scanned(ben, undo, sent_as="b" * 32), scanned(ben, undo, sent_as="b" * 32)
    assert first == second
    assert "To be issued: 2" in second[1]
    assert "LT-3 was taken off" in second[1]


def test_what_was_not_understood_stays_until_it_is_seen(station: OpenStation) -> None:
    """Through other scans, other pages and signing out; it stops the list, and changes nothing that was signed."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    checked(ben, "issue", {"how": "screen", "signer.0": JANE, "strokes.0": STROKES})
    scanned(ben, "no tag!")
    assert "Stop: no tag!" in scanned(ben, "LT-1")[1]
    ben.post("/sign-out")
    ben = at_the_desk(station)
    assert "Stop: no tag!" in ben.words
    ben.follow(ben.get("/issue/acceptance"))
    assert "One thing stops this list." in ben.words
    number = re.search(r'action="/issue/seen".*?name="number" value="(\d+)"', ben.page, re.DOTALL)
    assert number is not None
    seen = ben.post("/issue/seen", {"number": number[1]})
    assert seen.headers["location"] == "/issue#typed"
    ben.follow(seen)
    assert "no tag!" not in ben.words
    scanned(ben, "other tag!")
    ben.post("/issue/seen", {"number": number[1]})
    assert "other tag!" in (ben.get("/issue"), ben.words)[1]
    ben.post("/issue/seen", {"number": str(int(number[1]) + 1)})
    ben.get("/issue/acceptance")
    assert STROKES in ben.page


def test_so_many_scans_that_were_not_understood_are_not_kept_for_ever(station: OpenStation) -> None:
    """After fifty somebody has to look; what is scanned then is refused, and said."""
    stocked(station)
    ben = at_the_desk(station)
    scanned(ben, "\n".join(f"no tag {n}!" for n in range(50)))
    part = ben.post("/issue/scans", {"typed": "one more!"}, hx_request="true")
    assert part.status_code == 422
    assert "look at them first" in words(part.text)
    assert part.text.count('class="result bad"') == 50


@pytest.mark.parametrize("word", ["issue", "return", "transfer"])
def test_lines_that_stop_the_list_are_named_before_anybody_accepts(station: OpenStation, word: str) -> None:
    """The way on leads back to the list, to a summary that has the focus and links to each of them."""
    stocked(station)
    if word == "issue":
        issued(station, "LT-4", to=OKRI)
    if word == "transfer":
        issued(station, "LT-1")
    ben = at_the_desk(station, f"/{word}")
    listed(ben, word, *(["LT-1", "LT-4"] if word != "return" else ["LT-4"]), holder="" if word == "return" else OKRI)
    going_on = ben.post(f"/{word}/acceptance", {"how": "none"})
    for answer in (ben.get(f"/{word}/acceptance"), ben.post(f"/{word}/check"), going_on):
        assert answer.headers["location"] == f"/{word}?stopped=1"
    ben.follow(ben.post(f"/{word}/check"))
    summary = re.search(r'<section id="stopped".*?</section>', ben.page, re.DOTALL)
    assert summary is not None
    assert "data-focus" in summary[0]
    assert "One thing stops this list." in words(summary[0])
    links = re.findall(r'href="#(line-\d+)"', summary[0])
    assert links == ["line-1" if word == "return" else "line-2"]
    assert f'id="{links[0]}"' in ben.page
    ben.follow(ben.post(f"/{word}/remove", {"tag": "LT-4"}))
    assert "stops this list" not in (ben.get(f"/{word}?stopped=1"), ben.words)[1]


def test_notes_that_are_too_long_are_mended_where_they_are_said(station: OpenStation) -> None:
    """They stop the commit, and never the way back to them; a date that can't be is not even kept."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    ben.get("/issue/acceptance")
    assert ben.post("/issue/acceptance", {"how": "none", "notes": "x" * 5000}).status_code == 422
    assert form_of(ben).keys() == set()
    assert ben.get("/issue/acceptance").status_code == 200
    assert ben.post("/issue/acceptance", {"due_on": "0001-01-01"}).status_code == 422
    assert ben.get("/issue").status_code == 200
    checked(ben, "issue", {"notes": "fine"})


def test_after_taking_a_line_off_one_goes_on_at_the_next(station: OpenStation) -> None:
    """At the one in its place, at the last, or where one scans; after another slot at the line itself."""
    stocked(station)
    issued(station, "LT-1", "LT-2", "LT-3")
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "LT-1", "LT-2", "LT-3")
    put = ben.post("/return/place", {"tag": "LT-2", "slot_position": "OUT"})
    assert put.headers["location"] == "/return#line-2"
    ben.follow(put)
    for tag, place in (("LT-2", "line-2"), ("LT-3", "line-1"), ("LT-1", "typed")):
        removed = ben.post("/return/remove", {"tag": tag})
        assert removed.headers["location"] == f"/return#{place}"
        ben.follow(removed)
    assert size(station) > 0


def test_a_signature_that_went_with_a_change_of_the_list_is_said(station: OpenStation) -> None:
    """On the page on which it went, with the focus, and until it is said anew how it is accepted."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    checked(ben, "issue", {"how": "screen", "signer.0": JANE, "strokes.0": STROKES})
    part = ben.post("/issue/scans", {"typed": "LT-2"}, hx_request="true").text
    assert 'data-tone="note"' in part
    assert re.search(r'<section class="note lost"[^>]*data-focus', part)
    assert "Jane Smith signed, and then the list changed." in words(part)
    later = ben.post("/issue/scans", {"typed": "LT-3"}, hx_request="true").text
    assert "Jane Smith signed, and then the list changed." in words(later)
    assert not re.search(r'<section class="note lost"[^>]*data-focus', later)
    for path in ("/issue", "/issue/acceptance"):
        ben.get(path)
        assert re.search(r'<section class="note lost"[^>]*data-focus', ben.page), path
        assert "A signature was thrown away" in ben.words, path
    checked(ben, "issue", {"how": "screen", "signer.0": JANE, "strokes.0": STROKES})
    assert "thrown away" not in ben.words


def test_a_signature_that_another_way_of_accepting_takes_the_place_of_is_said(station: OpenStation) -> None:
    """The check page says that what was drawn is kept nowhere, and so it is."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    checked(ben, "issue", {"how": "paper", "signer.0": JANE, "strokes.0": STROKES})
    assert "Jane Smith signed on the screen, and then another way of accepting was chosen." in ben.words
    ben.get("/issue/acceptance")
    assert STROKES not in ben.page


def test_a_signature_is_kept_where_something_else_of_the_form_is_wrong(station: OpenStation) -> None:
    """Nobody signs twice because of a date; the notes stay too."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    ben.get("/issue/acceptance")
    said = {"how": "screen", "signer.0": JANE, "strokes.0": STROKES, "notes": "with charger", "due_on": "soon"}
    assert ben.post("/issue/acceptance", said).status_code == 422
    assert STROKES in ben.page
    assert 'value="with charger"' in ben.page


def test_a_signature_for_a_list_that_changed_in_another_tab_counts_for_nothing(station: OpenStation) -> None:
    """What was signed is what the page showed; the other list has to be signed itself."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    ben.get("/issue/acceptance")
    shown = re.search(r'name="list\.0" value="([0-9a-f]{64})"', ben.page)
    assert shown is not None
    signed = {"how": "screen", "signer.0": JANE, "strokes.0": STROKES, "list.0": shown[1]}
    listed(ben, "issue", "LT-2")
    assert ben.post("/issue/acceptance", signed).status_code == 422
    assert "Jane Smith did not sign for this yet" in ben.words
    assert "Jane Smith signed, and then the list changed." in ben.words
    assert STROKES not in ben.page
    ben.get("/issue")
    ben.follow(ben.post("/issue/remove", {"tag": "LT-2"}))
    ben.get("/issue/acceptance")
    ben.follow(ben.post("/issue/acceptance", signed))
    assert STROKES in ben.page
