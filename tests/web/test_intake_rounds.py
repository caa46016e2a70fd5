"""What the pages say of rounds: where the next scan goes, that a round is ended, and what an undo card took back."""

from datetime import timedelta

from assettrack.domain.cards import Card, CardKind, written
from assettrack.services import holders
from tests.services.printed import badge, begin_card
from tests.web.handing_over import JANE, at_the_desk, listed, stocked
from tests.web.queue_forms import to_bring_back
from tests.web.visitors import OpenStation, Visitor, words

UNDO, END = written(Card(CardKind.UNDO)), written(Card(CardKind.END, "1"))
RETURN, ISSUE, SCAN = (written(Card(CardKind.EVENT, event)) for event in ("RETURN", "ISSUE", "SCAN"))

CHOOSE = "or choose it under “What the next scans mean”"
NO_EVENT = f"No event holds. Scan one, {CHOOSE}."
REMOVED = f"where the next ones go has to be said anew: scan the label of a slot or case, {CHOOSE}"
"""What a page says of the next scans where nothing holds that says it."""


def scanned(visitor: Visitor, *typed: str) -> str:
    """Scan by script, one after another; return what the last answer says."""
    part = ""
    for each in typed:
        part = visitor.post("/intake/scans", {"typed": each}, hx_request="true").text
    return words(part)


def at_intake(station: OpenStation) -> Visitor:
    """Sit down at the intake page, where LT-1 to LT-5 are in CASE-01, of eight slots."""
    stocked(station)
    ben = station.visitor("ben")
    ben.get("/intake")
    return ben


def now(said: str) -> str:
    """What a page says of the next scans."""
    return said.partition("Now: ")[2].partition(" Queue:")[0]


def test_where_the_next_scan_goes_is_said_as_it_is(station: OpenStation) -> None:
    """A slot that was used, the slots that assets came from, and nothing where the event puts nothing anywhere."""
    ben = at_intake(station)
    assert now(scanned(ben, "CASE-01")) == "Scan in · into CASE-01 the next free slot"
    assert now(scanned(ben, RETURN)) == "Return · into the slot that each came from"
    assert now(scanned(ben, ISSUE)) == "Issue"
    assert now(scanned(ben, written(Card(CardKind.CASE, "OUT")), SCAN)) == "Scan in · into no slot"
    assert now(scanned(ben, "CASE-01 SLOT-08")) == "Scan in · into CASE-01 slot 8"
    used = f"CASE-01 slot 8 was for LT-1: scan the label of the next slot or case first, {CHOOSE}"
    assert now(scanned(ben, "LT-1")) == f"Scan in · {used}"
    said = scanned(ben, "LT-2")
    assert said.startswith("Stop: LT-2 The label of CASE-01 slot 8 was for asset LT-1 alone")
    assert now(said) == f"Scan in · {used}"
    ben.get("/intake/scans/8?queue_id=1")
    assert "LT-2 came without one. Say here where it is." in ben.words
    assert 'name="case_name" autofocus' in ben.page


def test_a_label_after_which_nothing_came_is_asked_about_before_the_commit(station: OpenStation) -> None:
    """It may be the label of an asset that is missing; one that was used is no question."""
    ben = at_intake(station)
    scanned(ben, "CASE-01 SLOT-07", "LT-1")
    ben.get("/intake/check")
    assert "Is one missing?" not in ben.words
    scanned(ben, "CASE-01 SLOT-08")
    ben.get("/intake/check")
    assert "After the label of CASE-01 slot 8, scanned last, no asset was put there. Is one missing?" in ben.words
    assert "Commit 1 scan" in ben.words


def test_that_a_round_is_ended_is_said(station: OpenStation) -> None:
    """On the line of the end card, and in the place of the event, until there is one; a page of before is not taken."""
    ben = at_intake(station)
    said = scanned(ben, ISSUE, badge(station.workplace()), "LT-1", END)
    assert said.startswith(
        f"Noted: {END} End of 1 scanned. The round is ended: what you scan next has to be said anew."
    )
    assert now(said) == NO_EVENT
    said = scanned(ben, "LT-2")
    assert said.startswith("Stop: LT-2 Asset LT-2 was scanned while no event held")
    ben.get("/intake")
    shown = ben.page.partition('name="shown" value="')[2].partition('"')[0].replace("&#34;", '"')
    scanned(ben, SCAN)
    refused = ben.post("/intake/scans", {"typed": "LT-3", "shown": shown}, hx_request="true")
    assert refused.status_code == 409
    assert "no event" in words(refused.text)


def test_what_an_undo_card_took_back_is_named(station: OpenStation) -> None:
    """Nothing, an asset, or one that somebody brought back since."""
    ben = at_intake(station)
    assert scanned(ben, UNDO).startswith(f"Noted: {UNDO} There was nothing that it could take back.")
    station.now += timedelta(seconds=11)
    assert scanned(ben, "LT-1", UNDO).startswith(f"Noted: {UNDO} LT-1, the scan before, was taken back.")
    ben.get("/intake")
    ben.follow(ben.post("/intake/bring-back", to_bring_back(ben)))
    assert "LT-1, the scan before, was taken back, and was brought back since." in ben.words


def test_that_a_round_begins_is_said(station: OpenStation) -> None:
    """On the line of the begin card, and in the place of the event: an issue before it silently becomes no scan in."""
    ben = at_intake(station)
    own = begin_card(station.workplace(), "ben")
    said = scanned(ben, ISSUE, badge(station.workplace()), "LT-1", own)
    assert said.startswith(f"Noted: {own} Begin: ben. A round begins: scan its event first, then the assets.")
    assert now(said) == NO_EVENT
    said = scanned(ben, "LT-2")
    assert said.startswith("Stop: LT-2 Asset LT-2 was scanned while no event held")
    assert now(scanned(ben, ISSUE)) == "Issue"


def test_cards_of_rounds_mean_nothing_on_a_list(station: OpenStation) -> None:
    """Whoever scans them is told so, and nothing is for anybody else after it."""
    stocked(station)
    holders.register(station.workplace(), "Tom Blank")
    ben = at_the_desk(station)
    ben.follow(ben.post("/issue/holder", {"holder": JANE}))
    for typed in (END, begin_card(station.workplace(), "ben")):
        ben.post("/issue/scans", {"typed": typed})
        assert f"The card {typed} means nothing here." in ben.words
        assert "Issue to Jane Smith" in ben.words


def test_a_case_of_which_one_asset_is_on_the_list_says_what_came(station: OpenStation) -> None:
    """Not that nothing changed: the others came on the list by that scan."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    part = words(ben.post("/issue/scans", {"typed": "CASE-01"}, hx_request="true").text)
    said = part.partition("4 assets")[2]
    assert said.startswith(
        " 4 assets came on the list: LT-2, LT-3, LT-4, LT-5. LT-1 is on the list already, and stays there once."
    )
    assert "nothing changed" not in part
    ben.get("/transfer")
    listed(ben, "transfer", "LT-1", "LT-2", "LT-3", "LT-4", holder=JANE)
    part = words(ben.post("/transfer/scans", {"typed": "CASE-01"}, hx_request="true").text)
    assert "LT-5 came on the list." in part
    assert "4 of what was scanned are on the list already. They stay there once each: LT-1, LT-2, LT-3, LT-4." in part
