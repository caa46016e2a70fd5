"""Counts at work: each deed is one transaction, nothing is locked while people count, and nothing moves by counting."""

from collections.abc import Callable

import msgspec
import pytest

from assettrack.domain import errors
from assettrack.domain.counts import RESULTS
from assettrack.domain.facts import Expected
from assettrack.domain.tags import Place
from assettrack.services import count_endings, counts, holders, slots, verification
from assettrack.services.counts import AskedScope, Line
from assettrack.services.ports import Workplace
from tests.services import counting
from tests.services.counting import CASE, EVERYTHING, ended, listed, scan, start, typed
from tests.services.desk import Desk, row

NOTHING = dict.fromkeys(RESULTS, 0)


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """CASE-01 has A1, A2, A3 in its first slots of four; CASE-02 has B1; FREE is in no slot, Jane has HELD, GONE is."""
    return counting.stock(desk)


def test_a_count_is_begun(stocked: Desk) -> None:
    """It is one entry that freezes what is expected; the answer says what that is, and the log verifies."""
    before = stocked.log_size
    begun = counts.start(stocked.workplace, AskedScope(("CASE-02", "CASE-01", "CASE-02")))
    assert (begun.count_id, begun.expected, begun.notices) == (1, 4, [])
    assert (begun.scope.cases, begun.scope.everything) == (("CASE-01", "CASE-02"), False)
    assert begun.scope.words == "CASE-01, CASE-02"
    assert begun.first_seq == begun.last_seq == stocked.log_size == before + 1
    assert begun.checkpoint.splitlines()[1] == str(before + 1)
    with stocked.store.read() as snapshot:
        assert list(snapshot.facts(Expected, 1)) == [
            *(Expected(1, f"A{number}", "CASE-01", number, None) for number in (1, 2, 3)),
            Expected(1, "B1", "CASE-02", 1, None),
        ]
    assert verification.verify(stocked.workplace).ok


@pytest.mark.parametrize(
    ("scope", "expected", "words"),
    [
        (EVERYTHING, ["A1", "A2", "A3", "B1", "FREE"], "everything in storage"),
        (AskedScope(holder="JANE  smith"), ["HELD"], "what Jane Smith has"),
        (AskedScope(holder="Bob Lee"), [], "what Bob Lee has"),
        (AskedScope(room="b1 north"), ["A1", "HELD"], "room b1 north"),
    ],
)
def test_what_each_scope_expects(stocked: Desk, scope: AskedScope, expected: list[str], words: str) -> None:
    """Everything is all that is in storage; a holder and a room are named in any spelling."""
    room = "asset_tag,timestamp,event_type,operator_id,building_room\n"
    stocked.commit(room + "".join(f"{tag},2026-07-01T11:00Z,UPDATE,m,B1  North\n" for tag in ("A1", "HELD")))
    begun = counts.start(stocked.workplace, scope)
    assert begun.scope.words == words
    with stocked.store.read() as snapshot:
        assert [fact.asset_tag for fact in snapshot.facts(Expected, 1)] == expected
    assert verification.verify(stocked.workplace).ok


@pytest.mark.parametrize(
    ("scope", "code", "said"),
    [
        (AskedScope(("CASE-01", "CASE-99")), "unknown_case", "There is no case CASE-99."),
        (AskedScope(room="North"), "count_room_unknown", "No asset is recorded in North"),
        (
            AskedScope(holder="Jane Smit"),
            "not_found",
            "There is no holder Jane Smit. Known and written almost like it: Jane Smith.",
        ),
        (
            AskedScope(holder="Nobody At All"),
            "not_found",
            "There is no holder Nobody At All.",
        ),
        (AskedScope(("CASE-01",), "North"), "count_scope_mixed", "name one of these."),
    ],
)
def test_a_scope_that_is_not_known(stocked: Desk, scope: AskedScope, code: str, said: str) -> None:
    """The refusal names it, with exit code 4, and no count is begun."""
    with stocked.unchanged(), pytest.raises(errors.RefusedError) as caught:
        counts.start(stocked.workplace, scope)
    assert (caught.value.code, caught.value.exit_code) == (code, 4)
    assert said in str(caught.value)


def test_open_counts_may_overlap_and_say_so(stocked: Desk) -> None:
    """A notice names the open counts that expect some of the same assets; closed ones and others are left out."""
    start(stocked)
    start(stocked, AskedScope(("CASE-02",)))
    third = counts.start(stocked.workplace, CASE)
    assert [notice.message for notice in third.notices] == [
        "Some of these assets are expected by other open counts too: 1."
    ]
    count_endings.close(stocked.workplace, 1)
    last = counts.start(stocked.workplace, EVERYTHING)
    assert [notice.message for notice in last.notices] == [
        "Some of these assets are expected by other open counts too: 2, 3."
    ]


def test_a_count_from_begin_to_end(stocked: Desk) -> None:
    """Whatever was scanned ends in one result; nothing has moved; the log verifies after each deed."""
    before = stocked.where("A1", "A2", "A3", "B1", "FREE", "HELD", "GONE")
    start(stocked)
    scan(stocked, listed(("A1", "CASE-01", 1), ("A2", "CASE-01", 4), ("B1", None, None), ("HELD", None, None)))
    scan(stocked, typed("GONE", "NEW", "A1"))
    assert verification.verify(stocked.workplace).ok
    sheet = counts.sheet(stocked.workplace, 1)
    assert (sheet.expected, sheet.scans, sheet.closed, sheet.remark) == (3, 7, None, "")
    closed = count_endings.close(stocked.workplace, 1, "with Bob")
    assert closed.totals == sheet.totals == NOTHING | {
        "found": 1, "missing": 1, "wrong_slot": 1, "unexpected": 1, "seen_in_custody": 1, "retired_but_seen": 1,
        "unknown_tag": 1,
    }  # fmt: skip
    assert ended(stocked) == {line.asset_tag: line.result for line in sheet.lines} == {
        "A3": "missing", "A2": "wrong_slot", "HELD": "seen_in_custody", "B1": "unexpected", "NEW": "unknown_tag",
        "GONE": "retired_but_seen",
    }  # fmt: skip
    assert stocked.where("A1", "A2", "A3", "B1", "FREE", "HELD", "GONE") == before
    assert verification.verify(stocked.workplace).ok


def test_the_lines_of_a_sheet(stocked: Desk) -> None:
    """Each line says where the asset was recorded, where it was seen and how often, and where it is now."""
    start(stocked, EVERYTHING)
    scan(stocked, listed(("A2", "CASE-01", 4), ("HELD", "CASE-02", None), ("NEW", None, None), ("A1", None, None)))
    scan(stocked, typed("A1"))
    sheet = counts.sheet(stocked.workplace, 1, with_found=True)
    lines = {line.asset_tag: line for line in sheet.lines}
    assert [line.asset_tag for line in sheet.lines] == ["A3", "B1", "FREE", "A2", "HELD", "NEW", "A1"]
    wrong = Line("A2", "wrong_slot", 1, expected=True, expected_case="CASE-01", expected_slot=2)
    seen = {"seen_case": "CASE-01", "seen_slot": 4, "seen_at": lines["A2"].seen_at, "now": "in CASE-01 slot 2"}
    assert lines["A2"] == msgspec.structs.replace(wrong, **seen)
    assert [(lines[tag].recorded, lines[tag].seen, lines[tag].now) for tag in ("FREE", "HELD", "NEW", "A1")] == [
        ("in no slot", "not seen", "in storage, in no slot"),
        ("not expected", "CASE-02", "in custody of Jane Smith"),
        ("not expected", "here", None),
        ("CASE-01 slot 1", "here, 2 times", "in CASE-01 slot 1"),
    ]
    assert (lines["A2"].recorded, lines["A2"].seen) == ("CASE-01 slot 2", "CASE-01 slot 4")
    start(stocked, AskedScope(holder="Jane Smith"))
    scan(stocked, typed("HELD", case="CASE-02"), 2)
    (line,) = counts.sheet(stocked.workplace, 2).lines
    assert (line.result, line.recorded, line.seen) == ("seen_in_custody", "with Jane Smith", "CASE-02")
    assert (sheet.timezone, sheet.started.operator) == (counts.timezone(stocked.workplace), "gcurl")


def test_how_often_is_not_said_of_one_place_where_there_were_several(stocked: Desk) -> None:
    """The last scan that names a place says where; the others may have been made elsewhere, or with none named."""
    start(stocked, EVERYTHING)
    for case in ("CASE-01", "CASE-01", "CASE-02", None):
        scan(stocked, typed("A1", case=case))
    (seen,) = [each.seen for each in counts.sheet(stocked.workplace, 1).lines if each.asset_tag == "A1"]
    assert seen == "CASE-02 last, 4 scans in all"


def test_others_work_while_a_count_is_open(stocked: Desk) -> None:
    """Issue, return, transfer of a slot, retire and a new asset go on meanwhile; none of it is taken for missing."""
    start(stocked, EVERYTHING)
    scan(stocked, typed("A1", case="CASE-01"))
    stocked.commit(
        row("A1", "ISSUE", at="11:00")
        + row("A2", "ISSUE", at="11:00")
        + row("HELD", "RETURN", at="11:00", place=("CASE-02", "2"))
        + row("A3", "UPDATE", at="11:00", place=("CASE-01", "4"))
        + row("FREE", "RETIRE", at="11:00")
        + row("LATE", at="11:00", place=("CASE-01", "3"))
    )
    scan(stocked, typed("HELD", case="CASE-02", slot=2))
    scan(stocked, typed("LATE", case="CASE-01"))
    result = {
        "A1": "found", "A2": "moved_during_count", "A3": "moved_during_count", "B1": "missing",
        "FREE": "moved_during_count", "HELD": "moved_during_count", "LATE": "moved_during_count",
    }  # fmt: skip
    assert ended(stocked, with_found=True) == result
    count_endings.close(stocked.workplace, 1)
    stocked.commit(row("B1", "ISSUE", at="11:30"))
    assert ended(stocked, with_found=True) == result
    assert verification.verify(stocked.workplace).ok


def test_what_was_out_and_is_back_again_is_not_missing(stocked: Desk) -> None:
    """What was issued and is back in its slot at the end may have been out when somebody looked."""
    start(stocked)
    stocked.commit(row("A1", "ISSUE", at="11:00") + row("A1", "RETURN", at="11:10", place=("CASE-01", "1")))
    assert ended(stocked)["A1"] == "moved_during_count"


def test_a_holder_renamed_meanwhile_is_the_same_holder(stocked: Desk) -> None:
    """Holders are known by their number: a new name is no move."""
    start(stocked, AskedScope(holder="Jane Smith"))
    holders.change(stocked.workplace, "Jane Smith", holders.HolderUpdate(name="Jane Jones"))
    assert ended(stocked) == {"HELD": "missing"}
    stocked.commit(row("HELD", "UPDATE", at="11:00", model="X"))
    assert ended(stocked) == {"HELD": "missing"}
    assert counts.sheet(stocked.workplace, 1).scope.words == "what Jane Jones has"
    scan(stocked, typed("HELD"))
    count_endings.close(stocked.workplace, 1)
    assert ended(stocked, with_found=True) == {"HELD": "found"}
    assert verification.verify(stocked.workplace).ok


def test_a_count_holds_no_lock(stocked: Desk) -> None:
    """Somebody else with a connection of their own commits between any two deeds of a count, at once."""
    other = Desk(stocked.folder, set_up=False)
    start(stocked)
    other.commit(row("A1", "ISSUE", at="11:00"))
    scan(stocked, typed("A2"))
    other.commit(row("A2", "ISSUE", at="11:00"))
    assert ended(stocked, with_found=True) == {"A1": "moved_during_count", "A2": "found", "A3": "missing"}
    other.store.close()


@pytest.mark.parametrize(
    "deed",
    [
        lambda at: counts.add_scans(at, 7, typed("A1")),
        lambda at: count_endings.close(at, 7),
        lambda at: count_endings.preview(at, 7),
        lambda at: count_endings.abandon(at, 7, "wrong room"),
        lambda at: counts.sheet(at, 7),
    ],
)
def test_an_unknown_count(stocked: Desk, deed: Callable[[Workplace], object]) -> None:
    """Whatever is asked of it is refused with its number."""
    start(stocked)
    with stocked.unchanged(), pytest.raises(errors.DeedRefused, match=r"There is no count 7\. See: count list\."):
        deed(stocked.workplace)


def test_a_closed_count(stocked: Desk) -> None:
    """It takes no more scans and can't be abandoned; the refusal names who signed it off, and the entry."""
    start(stocked)
    closed = count_endings.close(stocked.workplace, 1)
    assert closed.totals == NOTHING | {"missing": 3}
    with stocked.unchanged():
        for deed in (
            lambda: scan(stocked, typed("A1")),
            lambda: count_endings.abandon(stocked.workplace, 1, "wrong room"),
        ):
            with pytest.raises(errors.DeedRefused, match=f"signed off by gcurl with entry {closed.last_seq}") as caught:
                deed()
            assert caught.value.code == "count_closed"


@pytest.mark.parametrize(
    "deed",
    [
        lambda at: counts.start(at, CASE),
        lambda at: counts.add_scans(at, 1, typed("A1")),
        lambda at: count_endings.close(at, 1),
        lambda at: count_endings.abandon(at, 1, "wrong room"),
    ],
)
def test_a_deed_needs_somebody_who_does_it(stocked: Desk, deed: Callable[[Workplace], object]) -> None:
    """Without an operator no deed is done."""
    start(stocked)
    with stocked.unchanged(), pytest.raises(errors.OperatorUnknown):
        deed(stocked.manned_by(None))


def test_counts_are_listed(stocked: Desk) -> None:
    """Each with its scope, what it expects, who began it, and once it is signed off how it ended."""
    start(stocked)
    start(stocked, AskedScope(holder="Jane Smith"))
    closed = count_endings.close(stocked.workplace, 1)
    first, second = counts.all_counts(stocked.workplace)
    assert (first.count_id, first.expected, first.scope.words, first.totals) == (1, 3, "CASE-01", closed.totals)
    assert first.closed is not None
    assert first.closed.seq == closed.last_seq
    assert (second.count_id, second.expected, second.scope.holder) == (2, 1, "Jane Smith")
    assert (second.closed, second.totals) == (None, None)
    assert [first.is_open, second.is_open] == [False, True]


def test_another_process_goes_on(stocked: Desk) -> None:
    """All that a count needs is in the database: whoever opens it next goes on where the first left off."""
    start(stocked)
    scan(stocked, typed("A1"))
    stocked.store.close()
    again = Desk(stocked.folder, set_up=False)
    scan(again, typed("A2"))
    assert count_endings.close(again.workplace, 1).totals == NOTHING | {"found": 2, "missing": 1}
    slots.move(again.workplace, "A3", Place("CASE-01", 4))
    assert ended(again) == {"A3": "missing"}
    again.store.close()
