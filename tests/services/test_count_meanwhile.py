"""What was recorded of an asset while people counted it: what of that explains that it was seen where it was not."""

from functools import partial

import pytest

from assettrack.domain import count_deeds, station_errors
from assettrack.domain.count_deeds import Closing
from assettrack.domain.entries.counts import Rule
from assettrack.domain.plans import Options
from assettrack.domain.tags import OUT, Place
from assettrack.domain.timestamps import utc_text
from assettrack.domain.typed_rows import TypedBatch, TypedRow
from assettrack.services import corrections, count_endings, count_fixes, counts, holders, intake, verification
from assettrack.services.count_standing import CountStandings, Wanted
from assettrack.services.counts import AskedScope
from tests.services import counting
from tests.services.counting import ended, scan, start, typed
from tests.services.desk import Desk, row
from tests.services.insider import Insider


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """CASE-01 has A1, A2, A3 in its first slots of four; CASE-02 has B1; FREE is in no slot, Jane has HELD, GONE is."""
    return counting.stock(desk)


@pytest.fixture
def begun(stocked: Desk) -> Desk:
    """That station with count 1 of CASE-01 begun, and A1 seen."""
    start(stocked)
    scan(stocked, typed("A1"))
    return stocked


@pytest.fixture
def changed(begun: Desk) -> Desk:
    """Four that are not of the case are seen in it; then one of them is issued and one retired."""
    scan(begun, typed("FREE", "B1", "HELD", "GONE"))
    begun.commit(row("FREE", "ISSUE", at="11:00") + row("B1", "RETIRE", at="11:00"))
    return begun


def test_what_was_issued_or_retired_after_it_was_seen_accuses_nobody(changed: Desk) -> None:
    """It was there when it was seen; what was so before the count began is something to look at."""
    ends = {"FREE": "moved_during_count", "B1": "moved_during_count", "HELD": "seen_in_custody"}
    found = ended(changed)
    assert {tag: found[tag] for tag in (*ends, "GONE")} == ends | {"GONE": "retired_but_seen"}
    standing = CountStandings().find(changed.workplace, 1, Wanted(tags=("FREE", "B1", "HELD", "GONE")))
    assert {tag: line.result for tag, line in standing.by_tag.items()} == ends | {"GONE": "retired_but_seen"}
    count_endings.close(changed.workplace, 1)
    assert ended(changed) == found
    assert verification.verify(changed.workplace).ok


MOVED = "moved_during_count"

BY_RULE: dict[Rule, dict[str, str]] = {
    1: {"FREE": "seen_in_custody", "B1": "retired_but_seen", "HELD": "seen_in_custody", "NEW": "unknown_tag"},
    2: {"FREE": MOVED, "B1": MOVED, "HELD": MOVED, "NEW": "unknown_tag"},
    3: {"FREE": MOVED, "B1": MOVED, "HELD": "seen_in_custody", "NEW": "unknown_tag"},
    4: {"FREE": MOVED, "B1": MOVED, "HELD": "seen_in_custody", "NEW": "unknown_tag", "A2": MOVED},
}
"""How they end: one was issued, one retired, one transferred from one holder to another, one is no asset, and one was
in another slot and is back: by the earlier rules that was missing."""


@pytest.mark.parametrize("claims", [1, 2, 3, 4])
@pytest.mark.parametrize("rule", [1, 2, 3, 4])
def test_a_count_of_an_earlier_version_stands_by_its_own_rule(
    changed: Desk, monkeypatch: pytest.MonkeyPatch, rule: Rule, claims: Rule
) -> None:
    """It says which one that is; one that claims another and ends otherwise than by that is no count of a station."""
    hand_over(changed, "HELD")
    scan(changed, typed("NEW"))
    for slot in (4, 2):
        take_in(changed, TypedRow("UPDATE", "A2", place=Place("CASE-01", slot)))
    ends = {"A2": "missing"} | BY_RULE[rule]
    with monkeypatch.context() as earlier:
        earlier.setattr(count_deeds, "RULE", rule)
        earlier.setattr(count_endings, "Closing", partial(Closing, rule=claims))
        shown = {line.asset_tag: line.result for line in count_endings.preview(changed.workplace, 1).sheet.lines}
        count_endings.close(changed.workplace, 1)
    found = ended(changed)
    assert {tag: found[tag] for tag in ends} == ends
    assert found == shown
    assert ('"rule":' in changed.entries()[-1].decode()) == (claims != 1)
    assert verification.verify(changed.workplace).ok == (rule == claims)


def hand_over(desk: Desk, tag: str, to: str = "Bob Lee") -> None:
    """Transfer an asset to another holder."""
    take_in(desk, TypedRow("TRANSFER", tag, to, OUT))


def take_in(desk: Desk, *rows: TypedRow) -> None:
    """Commit typed rows."""
    batch = TypedBatch(rows, "gcurl", now=utc_text(desk.workplace.now()))
    intake.commit(desk.workplace, batch, "typed", Options(), confirm=None)


TO_BOB, TO_JANE = TypedRow("TRANSFER", "T", "Bob Lee", OUT), TypedRow("TRANSFER", "T", "Jane Smith", OUT)
GIVEN, GIVEN_TO_BOB = TypedRow("ISSUE", "T", "Jane Smith", OUT), TypedRow("ISSUE", "T", "Bob Lee", OUT)
BACK, BACK_HERE = TypedRow("RETURN", "T", place=OUT), TypedRow("RETURN", "T", place=Place("CASE-01", 4))
ENDED = TypedRow("RETIRE", "T", notes="broken")
ELSEWHERE, HERE_NOW = (
    TypedRow("UPDATE", "T", place=Place(case, slot)) for case, slot in (("CASE-02", 2), ("CASE-01", 4))
)
NEW = TypedRow("SCAN", "T", equipment_type="laptop")

HISTORIES: list[tuple[list[TypedRow], list[TypedRow], str]] = [
    # with holders all the while
    ([NEW, GIVEN], [], "seen_in_custody"),
    ([NEW, GIVEN], [TO_BOB], "seen_in_custody"),
    ([NEW, GIVEN], [TO_BOB, TO_JANE], "seen_in_custody"),
    ([NEW, GIVEN], [TypedRow("UPDATE", "T", model="X")], "seen_in_custody"),
    # with a holder and then retired, or retired all the while
    ([NEW, GIVEN], [ENDED], "retired_but_seen"),
    ([NEW, GIVEN], [TO_BOB, ENDED], "retired_but_seen"),
    ([NEW, ENDED], [], "retired_but_seen"),
    # in storage at some moment: before what was done with it, between, or since it is new
    ([NEW], [GIVEN], MOVED),
    ([NEW], [GIVEN, TO_BOB], MOVED),
    ([NEW], [ENDED], MOVED),
    ([NEW], [GIVEN, ENDED], MOVED),
    ([NEW, GIVEN], [BACK, GIVEN_TO_BOB], MOVED),
    ([NEW, GIVEN], [BACK, ENDED], MOVED),
    ([NEW, GIVEN], [TO_BOB, BACK, GIVEN], MOVED),
    ([], [NEW, GIVEN], MOVED),
    ([], [NEW, GIVEN, TO_BOB, ENDED], MOVED),
    # in storage at the end: it may have been seen on its way
    ([NEW, GIVEN], [BACK_HERE], MOVED),
    ([NEW, GIVEN], [BACK], MOVED),
    ([NEW], [ELSEWHERE], MOVED),
    ([NEW], [HERE_NOW], MOVED),
    ([], [NEW], MOVED),
    # and where it was when the count began, but not all the while
    ([NEW], [GIVEN, BACK], MOVED),
    ([NEW], [HERE_NOW, TypedRow("UPDATE", "T", place=OUT)], MOVED),
    ([NEW], [ELSEWHERE, TypedRow("UPDATE", "T", place=OUT)], MOVED),
    # in storage all the while, in one place
    ([NEW], [], "unexpected"),
    ([NEW], [TypedRow("UPDATE", "T", model="X")], "unexpected"),
    ([], [], "unknown_tag"),
]
"""What was done with an asset before a count of CASE-01 and while it was seen there, and how that ends by the rule."""


@pytest.mark.parametrize(("before", "meanwhile", "result"), HISTORIES)
@pytest.mark.parametrize("comes", ["first", "last"])
def test_what_was_recorded_meanwhile_explains_only_what_was_in_storage(
    stocked: Desk, before: list[TypedRow], meanwhile: list[TypedRow], result: str, comes: str
) -> None:
    """What is shown is what is signed off and made again by the replay, wherever the scan comes into the log."""
    for each in before:
        take_in(stocked, each)
    start(stocked)
    standings = CountStandings()
    wanted = Wanted(tags=("T",))
    standings.find(stocked.workplace, 1, wanted)
    scans = typed("T", case="CASE-01", slot=3)
    if comes == "first":
        scan(stocked, scans)
    for each in meanwhile:
        take_in(stocked, each)
        standings.find(stocked.workplace, 1, wanted)
    if comes == "last":
        scan(stocked, scans)
    assert standings.find(stocked.workplace, 1, wanted).by_tag["T"].result == result
    assert ended(stocked)["T"] == result
    count_endings.close(stocked.workplace, 1, confirm=count_endings.preview(stocked.workplace, 1).confirm)
    assert ended(stocked)["T"] == result
    assert verification.verify(stocked.workplace).ok


TO_BOB_HELD, TO_JANE_HELD = (TypedRow("TRANSFER", "HELD", name, OUT) for name in ("Bob Lee", "Jane Smith"))
TO_JANE_AGAIN = TypedRow("ISSUE", "HELD", "Jane Smith", OUT)
GIVES, RETURNS = TypedRow("ISSUE", "A2", "Jane Smith", OUT), TypedRow("RETURN", "A2", place=Place("CASE-01", 2))
IN_CASE, OF_JANE, OF_BOB = AskedScope(("CASE-01",)), AskedScope(holder="Jane Smith"), AskedScope(holder="Bob Lee")


def at(slot: int, tag: str = "A2") -> TypedRow:
    """Move an asset to a slot of CASE-01."""
    return TypedRow("UPDATE", tag, place=Place("CASE-01", slot))


@pytest.mark.parametrize(
    ("meanwhile", "result"),
    [
        ([], "seen_in_custody"),
        ([TypedRow("TRANSFER", "HELD", "Bob Lee", OUT)], "seen_in_custody"),
        ([TypedRow("RETIRE", "HELD", notes="broken")], "retired_but_seen"),
        ([TypedRow("RETURN", "HELD", place=OUT)], MOVED),
        ([TypedRow("RETURN", "HELD", place=OUT), TypedRow("ISSUE", "HELD", "Bob Lee", OUT)], MOVED),
        ([TypedRow("RETURN", "HELD", place=Place("CASE-01", 4))], "found"),
        # with the same holder at the end as at the beginning: what was done in between tells
        ([TO_BOB_HELD, TO_JANE_HELD], "seen_in_custody"),
        ([TypedRow("RETURN", "HELD", place=OUT), TO_JANE_AGAIN], MOVED),
        ([TypedRow("RETURN", "HELD", place=Place("CASE-01", 4)), TO_JANE_AGAIN], MOVED),
        ([TO_BOB_HELD, TypedRow("RETURN", "HELD", place=OUT), TO_JANE_AGAIN], MOVED),
        ([TypedRow("RETURN", "HELD", place=OUT), TypedRow("ISSUE", "HELD", "Bob Lee", OUT), TO_JANE_HELD], MOVED),
    ],
)
@pytest.mark.parametrize("scanned_after", [0, 1, None])
def test_what_a_holder_was_expected_to_have_lay_in_a_case(
    stocked: Desk, meanwhile: list[TypedRow], result: str, scanned_after: int | None
) -> None:
    """Giving it to somebody else, or retiring it, explains nothing; that it was in storage for a moment does.

    What is shown meanwhile, in the preview and when it is signed off is what the replay makes again.
    """
    start(stocked, AskedScope(holder="Jane Smith"))
    standings, wanted = CountStandings(), Wanted(tags=("HELD",))
    assert standings.find(stocked.workplace, 1, wanted).by_tag["HELD"].result == "missing"
    for each in meanwhile[:scanned_after]:
        take_in(stocked, each)
    scan(stocked, typed("HELD", case="CASE-01", slot=4))
    standings.find(stocked.workplace, 1, wanted)
    for each in [] if scanned_after is None else meanwhile[scanned_after:]:
        take_in(stocked, each)
    assert standings.find(stocked.workplace, 1, wanted).by_tag["HELD"].result == result
    assert CountStandings().find(stocked.workplace, 1, wanted).by_tag["HELD"].result == result
    assert ended(stocked, with_found=True)["HELD"] == result
    preview = count_endings.preview(stocked.workplace, 1)
    shown = {line.asset_tag: line.result for line in preview.sheet.lines}
    assert shown.get("HELD", "found") == result
    count_endings.close(stocked.workplace, 1, confirm=preview.confirm)
    assert ended(stocked, with_found=True)["HELD"] == result
    assert verification.verify(stocked.workplace).ok


@pytest.mark.parametrize("claims", [1, 2, 3, 4])
@pytest.mark.parametrize(("rule", "result"), [(1, "seen_in_custody"), (2, "seen_in_custody"), (3, MOVED), (4, MOVED)])
def test_what_its_holder_has_again_was_seen_in_custody_by_the_earlier_rules(
    stocked: Desk, monkeypatch: pytest.MonkeyPatch, rule: Rule, result: str, claims: Rule
) -> None:
    """Earlier versions looked at the beginning and the end alone; what they signed off is made again as it was."""
    start(stocked, AskedScope(holder="Jane Smith"))
    scan(stocked, typed("HELD", case="CASE-01", slot=4))
    take_in(stocked, TypedRow("RETURN", "HELD", place=Place("CASE-01", 4)))
    take_in(stocked, TO_JANE_AGAIN)
    with monkeypatch.context() as earlier:
        earlier.setattr(count_deeds, "RULE", rule)
        earlier.setattr(count_endings, "Closing", partial(Closing, rule=claims))
        count_endings.close(stocked.workplace, 1)
    assert ended(stocked)["HELD"] == result
    assert verification.verify(stocked.workplace).ok == ((rule >= 3) == (claims >= 3))


@pytest.mark.parametrize("rule", [1, 2, 3, 4])
def test_what_its_holder_had_all_the_while_is_seen_in_custody_by_every_rule(
    stocked: Desk, monkeypatch: pytest.MonkeyPatch, rule: Rule
) -> None:
    """No rule has ever excused that; what was signed off by an earlier one is made again."""
    start(stocked)
    scan(stocked, typed("HELD", case="CASE-01", slot=4))
    with monkeypatch.context() as earlier:
        earlier.setattr(count_deeds, "RULE", rule)
        earlier.setattr(count_endings, "Closing", partial(Closing, rule=rule))
        count_endings.close(stocked.workplace, 1)
    assert ended(stocked)["HELD"] == "seen_in_custody"
    assert verification.verify(stocked.workplace).ok


AWAY_AND_BACK: list[tuple[tuple[AskedScope, str], list[TypedRow], Place | None, str]] = [
    # moved and moved back: seen where it was in between, nowhere, or on its way
    ((IN_CASE, "A2"), [at(4), at(2)], Place("CASE-01", 4), MOVED),
    ((IN_CASE, "A2"), [at(4), at(2)], None, MOVED),
    ((IN_CASE, "A2"), [at(4), at(2)], Place("CASE-02", 2), MOVED),
    ((IN_CASE, "A2"), [at(4), at(2)], Place("CASE-01", 2), "found"),
    # given to somebody and taken back, into its slot or by way of another
    ((IN_CASE, "A2"), [GIVES, RETURNS], None, MOVED),
    ((IN_CASE, "A2"), [GIVES, RETURNS], Place("CASE-01", 4), MOVED),
    ((IN_CASE, "A2"), [GIVES, TypedRow("RETURN", "A2", place=Place("CASE-01", 4)), at(2)], Place("CASE-01", 4), MOVED),
    # not expected: in the case for a while
    ((IN_CASE, "B1"), [at(4, "B1"), TypedRow("UPDATE", "B1", place=Place("CASE-02", 1))], Place("CASE-01", 4), MOVED),
    ((IN_CASE, "B1"), [TypedRow("UPDATE", "B1", model="X")], Place("CASE-01", 4), "unexpected"),
    # its slot, whatever else is noted of it
    ((IN_CASE, "A2"), [TypedRow("UPDATE", "A2", model="X")], None, "missing"),
    ((IN_CASE, "A2"), [TypedRow("UPDATE", "A2", building_room="B 1")], Place("CASE-01", 4), "wrong_slot"),
    # in no slot: its room
    ((AskedScope(), "FREE"), [TypedRow("UPDATE", "FREE", building_room="B 1")], None, MOVED),
    # of a holder: back with them, or with them for a while
    ((OF_JANE, "HELD"), [TypedRow("RETURN", "HELD", place=OUT), TO_JANE_AGAIN], None, MOVED),
    ((OF_JANE, "HELD"), [TO_BOB_HELD, TO_JANE_HELD], None, MOVED),
    ((OF_BOB, "HELD"), [TO_BOB_HELD, TO_JANE_HELD], OUT, MOVED),
    ((OF_BOB, "HELD"), [TO_BOB_HELD, TO_JANE_HELD], Place("CASE-01", 4), "seen_in_custody"),
    ((OF_BOB, "HELD"), [], OUT, "seen_in_custody"),
]
"""What was done with an asset while people counted, and where they saw it: nowhere (None), or just there (`OUT`)."""


@pytest.mark.parametrize(("counted", "meanwhile", "place", "result"), AWAY_AND_BACK)
@pytest.mark.parametrize("comes", [0, 1])
def test_what_was_moved_and_is_back_is_accused_of_nothing(
    stocked: Desk,
    counted: tuple[AskedScope, str],
    meanwhile: list[TypedRow],
    place: Place | None,
    result: str,
    comes: int,
) -> None:
    """That it ends as it began says nothing of where it was in between; nothing is proposed for it either."""
    scope, tag = counted
    start(stocked, scope)
    standings, wanted = CountStandings(), Wanted(tags=(tag,))
    said = None if place == OUT else place
    scans = typed(tag) if said is None else typed(tag, case=said.case_name, slot=said.slot_position)
    for number, each in enumerate([*meanwhile, None]):
        if number == min(comes, len(meanwhile)) and place is not None:
            scan(stocked, scans)
        standings.find(stocked.workplace, 1, wanted)
        if each is not None:
            take_in(stocked, each)
    assert standings.find(stocked.workplace, 1, wanted).by_tag[tag].result == result
    assert CountStandings().find(stocked.workplace, 1, wanted).by_tag[tag].result == result
    assert ended(stocked, with_found=True)[tag] == result
    proposed = [row[0] for row in count_fixes.fixes(stocked.workplace, 1).rows]
    assert proposed == ([tag] if result == "wrong_slot" else [])
    count_endings.close(stocked.workplace, 1)
    assert ended(stocked, with_found=True)[tag] == result
    assert verification.verify(stocked.workplace).ok


def test_a_holder_who_is_renamed_had_it_all_the_same(stocked: Desk) -> None:
    """Whoever had it for a while is known by number, whatever the name is when the count is signed off."""
    start(stocked, OF_BOB)
    scan(stocked, typed("HELD"))
    take_in(stocked, TO_BOB_HELD)
    holders.change(stocked.workplace, "Bob Lee", holders.HolderUpdate(name="Rob Lee"))
    take_in(stocked, TypedRow("TRANSFER", "HELD", "Jane Smith", OUT))
    assert ended(stocked)["HELD"] == MOVED
    count_endings.close(stocked.workplace, 1)
    assert verification.verify(stocked.workplace).ok


def test_an_entry_that_cannot_be_read_is_damage(stocked: Desk) -> None:
    """Where what was recorded meanwhile can't be read, no result is told."""
    start(stocked)
    take_in(stocked, at(4))
    insider = Insider(stocked, [])
    insider.do("UPDATE audit_log SET body = '{}' WHERE seq = ?", (stocked.log_size,))
    with pytest.raises(station_errors.DatabaseDamaged, match="an entry about asset A2 can't be read"):
        counts.sheet(stocked.workplace, 1)
    insider.close()


def test_a_correction_of_who_has_it_explains_nothing(stocked: Desk) -> None:
    """It was with a holder before and after that, whoever it was."""
    start(stocked)
    scan(stocked, typed("HELD", case="CASE-01"))
    issue = next(seq for seq, body in enumerate(stocked.entries(), 1) if b'"event_type":"ISSUE"' in body)
    corrections.correct(stocked.workplace, issue, {"issued_to_name": "Bob Lee"}, "it was Bob", confirm=None)
    assert stocked.where("HELD") == ["in custody of Bob Lee"]
    assert ended(stocked)["HELD"] == "seen_in_custody"
    count_endings.close(stocked.workplace, 1)
    assert verification.verify(stocked.workplace).ok


def test_a_correction_of_what_its_holder_was_expected_to_have_explains_nothing(stocked: Desk) -> None:
    """Nor does the correction of that: it was with holders all the while, and is with the one who was expected."""
    start(stocked, AskedScope(holder="Jane Smith"))
    scan(stocked, typed("HELD", case="CASE-01", slot=4))
    issue = next(seq for seq, body in enumerate(stocked.entries(), 1) if b'"event_type":"ISSUE"' in body)
    corrections.correct(stocked.workplace, issue, {"issued_to_name": "Bob Lee"}, "it was Bob", confirm=None)
    again = len(stocked.entries())
    corrections.correct(stocked.workplace, again, {"issued_to_name": "Jane Smith"}, "it was not", confirm=None)
    assert stocked.where("HELD") == ["in custody of Jane Smith"]
    assert ended(stocked)["HELD"] == "seen_in_custody"
    count_endings.close(stocked.workplace, 1)
    assert verification.verify(stocked.workplace).ok
