"""How a count ends: previewed and signed off just so, or abandoned; once, however often it is asked for."""

from collections.abc import Callable

import pytest

from assettrack.domain import counts as rules
from assettrack.domain import desk_errors, errors
from assettrack.domain.counts import RESULTS
from assettrack.services import count_endings, count_fixes, counts, verification
from assettrack.services.count_endings import Closed
from tests.services import counting
from tests.services.counting import EVERYTHING, ended, overtaken, scan, start, typed
from tests.services.desk import Desk, row
from tests.services.insider import Insider

NOTHING = dict.fromkeys(RESULTS, 0)


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


def code_of(desk: Desk, count_id: int = 1) -> str:
    """The code with which a count's end is shown."""
    return count_endings.preview(desk.workplace, count_id).confirm


# -- signing off ------------------------------------------------------------------------------------------------------


def test_what_was_shown_is_signed_off(begun: Desk) -> None:
    """The preview saves nothing; by its code, however it is typed, just that is signed off in one entry."""
    with begun.unchanged():
        shown = count_endings.preview(begun.workplace, 1)
    assert (shown.is_closed, shown.sheet.totals) == (False, NOTHING | {"found": 1, "missing": 2})
    assert [(line.asset_tag, line.result) for line in shown.sheet.lines] == [("A2", "missing"), ("A3", "missing")]
    before = begun.log_size
    closed = count_endings.close(begun.workplace, 1, "with Bob", confirm=shown.confirm.lower().replace("-", " "))
    assert (closed.count_id, closed.totals) == (1, shown.sheet.totals)
    assert (closed.batch_id, closed.committed, closed.already_committed) == (None, 1, False)
    assert (closed.first_seq, closed.last_seq) == (before + 1, before + 1)
    assert closed.checkpoint.splitlines()[1] == str(before + 1) == str(begun.log_size)
    assert verification.verify(begun.workplace).ok


def test_the_code_is_of_how_it_ends_and_of_nothing_else(begun: Desk) -> None:
    """Not of the clock, the log's length, another scan of the same asset or the remark; but of the count."""
    code = code_of(begun)
    scan(begun, typed("A1"))
    begun.commit(row("B1", "ISSUE", at="11:00"))
    assert code_of(begun) == code
    start(begun)
    scan(begun, typed("A1"), 2)
    assert code_of(begun, 2) != code
    with begun.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match="it was shown for something else"):
        count_endings.close(begun.workplace, 2, confirm=code)
    assert count_endings.close(begun.workplace, 1, "any", confirm=code).committed == 1


@pytest.mark.parametrize(
    ("moves", "named"),
    [
        (lambda desk: scan(desk, typed("A2")), "A2"),
        (lambda desk: scan(desk, typed("B1", "NEW")), "B1, NEW"),
        (lambda desk: scan(desk, typed("A1", case="CASE-01", slot=4)), "A1"),
        (lambda desk: desk.commit(row("A3", "ISSUE", at="11:00") + row("A2", "RETIRE", at="11:00")), "A2, A3"),
    ],
)
def test_a_stale_code_names_what_would_end_otherwise(begun: Desk, moves: Callable[[Desk], object], named: str) -> None:
    """More scans, or deeds meanwhile: nothing is saved, and the tags are named that end otherwise, and no others."""
    code = code_of(begun)
    moves(begun)
    with begun.unchanged(), pytest.raises(errors.CountStale) as caught:
        count_endings.close(begun.workplace, 1, confirm=code)
    assert f"preview: {named} would end otherwise" in str(caught.value)
    assert caught.value.moved == named.split(", ")
    assert count_endings.close(begun.workplace, 1, confirm=code_of(begun)).committed == 1


def test_it_goes_stale_before_the_lock(begun: Desk) -> None:
    """Somebody issues an asset between the comparison and the lock: what is saved is never what was not shown."""
    code, other = code_of(begun), Desk(begun.folder, set_up=False)
    workplace = overtaken(begun, lambda: other.commit(row("A2", "ISSUE", at="11:00")))
    with pytest.raises(errors.CountStale, match="preview: A2 would"):
        count_endings.close(workplace, 1, confirm=code)
    assert counts.sheet(begun.workplace, 1).closed is None
    other.store.close()


def test_in_one_go_it_is_what_is_so_under_the_lock(begun: Desk) -> None:
    """Without a code the result is that of the state in which it is saved."""
    other = Desk(begun.folder, set_up=False)
    workplace = overtaken(begun, lambda: other.commit(row("A2", "ISSUE", at="11:00")))
    assert count_endings.close(workplace, 1).totals == NOTHING | {"found": 1, "missing": 1, "moved_during_count": 1}
    assert verification.verify(begun.workplace).ok
    other.store.close()


@pytest.mark.parametrize(
    ("code", "said"), [("nonsense!", "a code has 8 letters"), ("K7QF-2M9X", "no preview on this station")]
)
def test_a_code_that_nobody_was_shown(begun: Desk, code: str, said: str) -> None:
    """It is told what is wrong with it, and nothing is saved."""
    with begun.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match=said):
        count_endings.close(begun.workplace, 1, confirm=code)


# -- once, however often it is asked for ------------------------------------------------------------------------------


@pytest.mark.parametrize("remark", ["", "with Bob"])
@pytest.mark.parametrize("by_code", [True, False])
def test_a_lost_answer(begun: Desk, remark: str, *, by_code: bool) -> None:
    """Asked for again, with deeds meanwhile, the same is answered but that nothing was committed; nothing happens."""
    code = code_of(begun) if by_code else None
    closed = count_endings.close(begun.workplace, 1, "with Bob", confirm=code)
    begun.commit(row("A2", "ISSUE", at="11:00"))
    with begun.unchanged():
        again = count_endings.close(begun.workplace, 1, remark, confirm=code)
    assert (closed.committed, closed.already_committed) == (1, False)
    assert (again.committed, again.already_committed, again.batch_id) == (0, True, None)
    assert (again.totals, again.first_seq, again.last_seq) == (closed.totals, closed.first_seq, closed.last_seq)
    assert again.checkpoint == closed.checkpoint


def test_it_is_shown_as_it_was_signed_off(begun: Desk) -> None:
    """The preview of a closed count shows that, with the code that it has had."""
    code = code_of(begun)
    count_endings.close(begun.workplace, 1)
    begun.commit(row("A2", "ISSUE", at="11:00"))
    shown = count_endings.preview(begun.workplace, 1)
    assert (shown.is_closed, shown.confirm) == (True, code)


def test_something_else_than_was_signed_off(begun: Desk) -> None:
    """Another result or another remark is another deed: it is refused, and says by whom and with which entry."""
    early = code_of(begun)
    scan(begun, typed("A2"))
    closed = count_endings.close(begun.workplace, 1, "with Bob")
    with begun.unchanged():
        for remark, code in (("with Bob", early), ("with Ann", None), ("with Bob", "K7QF-2M9X")):
            with pytest.raises(errors.DeedRefused, match=f"by gcurl with entry {closed.last_seq}") as caught:
                count_endings.close(begun.workplace, 1, remark, confirm=code)
            assert caught.value.code == "count_closed"


@pytest.mark.parametrize("by_code", [True, False])
def test_two_sign_it_off_at_once(begun: Desk, *, by_code: bool) -> None:
    """The second one is told that it is done, with the first one's entry."""
    code = code_of(begun) if by_code else None
    other, first = Desk(begun.folder, set_up=False), list[Closed]()
    workplace = overtaken(begun, lambda: first.append(count_endings.close(other.workplace, 1, confirm=code)))
    second = count_endings.close(workplace, 1, confirm=code)
    assert (first[0].committed, second.committed, second.already_committed) == (1, 0, True)
    assert (second.first_seq, second.checkpoint) == (first[0].first_seq, first[0].checkpoint)
    assert verification.verify(begun.workplace).ok
    other.store.close()


def test_two_sign_it_off_otherwise(begun: Desk) -> None:
    """One by a code, after whom somebody scanned and signed off: refused."""
    code, other = code_of(begun), Desk(begun.folder, set_up=False)

    def meanwhile() -> None:
        counts.add_scans(other.workplace, 1, typed("A2"))
        count_endings.close(other.workplace, 1)

    with pytest.raises(errors.DeedRefused, match="Count 1 was signed off by gcurl"):
        count_endings.close(overtaken(begun, meanwhile), 1, confirm=code)
    other.store.close()


# -- abandoning -------------------------------------------------------------------------------------------------------


def test_a_count_is_abandoned(begun: Desk) -> None:
    """One entry says by whom and why; it has no result, is open no more, and the log verifies."""
    before = begun.log_size
    done = count_endings.abandon(begun.workplace, 1, "wrong room")
    assert (done.count_id, done.reason, done.batch_id) == (1, "wrong room", None)
    assert (done.committed, done.already_committed, done.first_seq, done.last_seq) == (1, False, before + 1, before + 1)
    assert done.checkpoint.splitlines()[1] == str(before + 1) == str(begun.log_size)
    sheet = counts.sheet(begun.workplace, 1, with_found=True)
    assert (sheet.expected, sheet.scans, sheet.closed, sheet.totals, list(sheet.lines)) == (3, 1, None, None, [])
    assert sheet.abandoned is not None
    assert (sheet.abandoned.operator, sheet.abandoned.reason, sheet.abandoned.seq) == (
        "gcurl", "wrong room", before + 1,
    )  # fmt: skip
    (summary,) = counts.all_counts(begun.workplace)
    assert (summary.is_open, summary.closed, summary.abandoned, summary.totals) == (False, None, sheet.abandoned, None)
    assert counts.start(begun.workplace, EVERYTHING).notices == []
    assert verification.verify(begun.workplace).ok


@pytest.mark.parametrize(
    "deed",
    [
        lambda desk: scan(desk, typed("A2")),
        lambda desk: count_endings.preview(desk.workplace, 1),
        lambda desk: count_endings.close(desk.workplace, 1),
        lambda desk: count_endings.abandon(desk.workplace, 1, "for another reason"),
        lambda desk: count_fixes.fixes(desk.workplace, 1),
    ],
)
def test_an_abandoned_count(begun: Desk, deed: Callable[[Desk], object]) -> None:
    """It takes no scans, is not signed off and proposes nothing; the refusal says who abandoned it, and why."""
    done = count_endings.abandon(begun.manned_by("Ann Other"), 1, "wrong room")
    said = rf"Count 1 was abandoned by Ann Other with entry {done.last_seq} \(wrong room\), and has no result"
    with begun.unchanged(), pytest.raises(errors.DeedRefused, match=said) as caught:
        deed(begun)
    assert caught.value.code == "count_abandoned"


def test_abandoned_again_for_the_same_reason(begun: Desk) -> None:
    """The answer was lost: the same is answered, but that nothing was committed, and nothing happens."""
    done = count_endings.abandon(begun.workplace, 1, "wrong room")
    begun.commit(row("A2", "ISSUE", at="11:00"))
    with begun.unchanged():
        again = count_endings.abandon(begun.workplace, 1, "wrong room")
    assert (again.committed, again.already_committed) == (0, True)
    assert (again.first_seq, again.last_seq, again.checkpoint) == (done.first_seq, done.last_seq, done.checkpoint)


def test_no_reason_is_no_reason(begun: Desk) -> None:
    """A count is abandoned for something that can be said."""
    with begun.unchanged(), pytest.raises(errors.DeedRefused, match="abandoned for a reason"):
        count_endings.abandon(begun.workplace, 1, "")


def test_a_count_is_abandoned_with_just_as_many_scans_as_were_shown(begun: Desk) -> None:
    """One more of the same asset, though it comes before the lock: nothing is saved. What is of no count is no scan."""
    other = Desk(begun.folder, set_up=False)
    with begun.unchanged(), pytest.raises(desk_errors.CountNotAsShown, match="it has 1 scan by now"):
        count_endings.abandon(begun.workplace, 1, "wrong room", shown=0)
    workplace = overtaken(begun, lambda: scan(other, typed("A1")))
    with pytest.raises(desk_errors.CountNotAsShown, match="it has 2 scans by now"):
        count_endings.abandon(workplace, 1, "wrong room", shown=1)
    assert counts.sheet(begun.workplace, 1).abandoned is None
    workplace = overtaken(begun, lambda: other.commit(row("A2", "ISSUE", at="11:00")))
    assert count_endings.abandon(workplace, 1, "wrong room", shown=2).committed == 1
    assert count_endings.abandon(begun.workplace, 1, "wrong room", shown=0).already_committed
    other.store.close()


def test_abandoned_while_it_is_signed_off(begun: Desk) -> None:
    """Somebody abandons it just before the lock: it is not signed off."""
    other = Desk(begun.folder, set_up=False)
    workplace = overtaken(begun, lambda: count_endings.abandon(other.workplace, 1, "wrong room"))
    with pytest.raises(errors.DeedRefused, match="was abandoned by gcurl"):
        count_endings.close(workplace, 1)
    assert verification.verify(begun.workplace).ok
    other.store.close()


def test_without_the_checkpoint_it_is_damage(begun: Desk) -> None:
    """What is answered again needs the note that covers it."""
    count_endings.close(begun.workplace, 1)
    insider = Insider(begun, [])
    insider.do("DELETE FROM checkpoints WHERE size > 10")
    with pytest.raises(errors.AssetTrackError, match="no checkpoint that covers entry"):
        count_endings.close(begun.workplace, 1)
    insider.close()


# -- more than one entry holds ----------------------------------------------------------------------------------------


def test_more_exceptions_than_an_entry_holds(begun: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are told by as many entries as it takes, in one transaction, and read back whole; the log verifies."""
    monkeypatch.setattr(rules, "EXCEPTIONS_PER_ENTRY_MAX", 2)
    scan(begun, typed("B1", "HELD", "GONE", "N1", "N2"))
    code, before = code_of(begun), begun.log_size
    shown = ended(begun)
    assert len(shown) == 7
    closed = count_endings.close(begun.workplace, 1, confirm=code)
    assert (closed.first_seq, closed.last_seq, closed.committed) == (before + 1, before + 4, 1)
    assert closed.checkpoint.splitlines()[1] == str(before + 4) == str(begun.log_size)
    assert closed.totals == NOTHING | {
        "found": 1, "missing": 2, "unexpected": 1, "seen_in_custody": 1, "retired_but_seen": 1, "unknown_tag": 2,
    }  # fmt: skip
    assert ended(begun) == shown
    with begun.unchanged():
        again = count_endings.close(begun.workplace, 1, confirm=code)
    assert (again.already_committed, again.last_seq, again.checkpoint) == (True, before + 4, closed.checkpoint)
    start(begun)
    assert verification.verify(begun.workplace).ok
