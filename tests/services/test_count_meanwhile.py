"""What was recorded of an asset while people counted it: what of that explains that it was seen where it was not."""

from functools import partial

import pytest

from assettrack.domain import count_deeds
from assettrack.domain.count_deeds import Closing
from assettrack.domain.entries.counts import Rule
from assettrack.domain.plans import Options
from assettrack.domain.tags import OUT, Place
from assettrack.domain.timestamps import utc_text
from assettrack.domain.typed_rows import TypedBatch, TypedRow
from assettrack.services import corrections, count_endings, intake, verification
from assettrack.services.count_standing import CountStandings, Wanted
from assettrack.services.counts import AskedScope
from tests.services import counting
from tests.services.counting import ended, scan, start, typed
from tests.services.desk import Desk, row


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
}
"""How they end: one was issued, one retired, one transferred from one holder to another, and one is no asset."""


@pytest.mark.parametrize("claims", [1, 2, 3])
@pytest.mark.parametrize("rule", [1, 2, 3])
def test_a_count_of_an_earlier_version_stands_by_its_own_rule(
    changed: Desk, monkeypatch: pytest.MonkeyPatch, rule: Rule, claims: Rule
) -> None:
    """It says which one that is; one that claims another and ends otherwise than by that is no count of a station."""
    hand_over(changed, "HELD")
    scan(changed, typed("NEW"))
    with monkeypatch.context() as earlier:
        earlier.setattr(count_deeds, "RULE", rule)
        earlier.setattr(count_endings, "Closing", partial(Closing, rule=claims))
        shown = {line.asset_tag: line.result for line in count_endings.preview(changed.workplace, 1).sheet.lines}
        count_endings.close(changed.workplace, 1)
    found = ended(changed)
    assert {tag: found[tag] for tag in BY_RULE[rule]} == BY_RULE[rule]
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
    # in storage at the end: by where that is
    ([NEW, GIVEN], [BACK_HERE], MOVED),
    ([NEW, GIVEN], [BACK], "unexpected"),
    ([NEW], [], "unexpected"),
    ([NEW], [ELSEWHERE], "unexpected"),
    ([NEW], [HERE_NOW], MOVED),
    ([], [NEW], "unexpected"),
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


@pytest.mark.parametrize("claims", [1, 2, 3])
@pytest.mark.parametrize(("rule", "result"), [(1, "seen_in_custody"), (2, "seen_in_custody"), (3, MOVED)])
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
    assert verification.verify(stocked.workplace).ok == ((rule == 3) == (claims == 3))


def test_what_its_holder_has_again_and_nobody_saw_is_missing(stocked: Desk) -> None:
    """It is back where it was expected, as what is back in its slot."""
    start(stocked, AskedScope(holder="Jane Smith"))
    take_in(stocked, TypedRow("RETURN", "HELD", place=OUT))
    take_in(stocked, TO_JANE_AGAIN)
    assert ended(stocked)["HELD"] == "missing"
    count_endings.close(stocked.workplace, 1)
    assert verification.verify(stocked.workplace).ok


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
