"""The case return check: what is missing, extra or in a wrong slot, previewed and then signed off as one deed."""

import json
from collections.abc import Callable

import pytest

from assettrack.domain import counts as rules
from assettrack.domain import errors
from assettrack.domain.counts import RESULTS
from assettrack.services import case_checks, count_endings, counts, verification
from assettrack.services.case_checks import CaseChecked, StillOut
from assettrack.services.count_reading import Scans
from assettrack.services.counts import AskedScope
from assettrack.services.ports import Workplace
from tests.services import counting
from tests.services.counting import EVERYTHING, filed, listed, overtaken, typed
from tests.services.desk import Desk, row

NOTHING = dict.fromkeys(RESULTS, 0)


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """CASE-01 has A1, A2, A3 in its first slots of four; CASE-02 has B1; FREE is in no slot, Jane has HELD, GONE is."""
    return counting.stock(desk)


def test_a_case_comes_back(stocked: Desk) -> None:
    """The preview saves nothing; confirmed by its code it is begun, scanned and signed off in one transaction."""
    scans = listed(("A1", "CASE-01", 1), ("A2", "CASE-01", 4), ("B1", "CASE-01", None), ("NEW", "CASE-01", 2))
    with stocked.unchanged():
        shown = case_checks.preview(stocked.workplace, "CASE-01", scans)
    assert shown.totals == NOTHING | {"found": 1, "wrong_slot": 1, "missing": 1, "unexpected": 1, "unknown_tag": 1}
    assert (shown.case_name, shown.expected, shown.scans) == ("CASE-01", 3, 4)
    assert [(line.asset_tag, line.result) for line in shown.lines] == [
        ("A3", "missing"), ("A2", "wrong_slot"), ("B1", "unexpected"), ("NEW", "unknown_tag"),
    ]  # fmt: skip
    before = stocked.log_size
    done = case_checks.check(stocked.workplace, "CASE-01", scans, "at the door", confirm=shown.confirm.lower())
    assert (done.count_id, done.totals, done.first_seq, done.last_seq) == (1, shown.totals, before + 1, before + 3)
    entries = [json.loads(body) for body in stocked.entries(before + 1)]
    assert [entry["event_type"] for entry in entries] == ["COUNT_START", "COUNT_SCANS", "COUNT_CLOSE"]
    assert (done.batch_id, done.committed, done.already_committed) == (None, 1, False)
    assert done.checkpoint.splitlines()[1] == str(before + 3)
    assert len({(entry["operator"], entry["recorded_at"]) for entry in entries}) == 1
    assert entries[2]["remark"] == "at the door"
    with stocked.store.read() as snapshot:
        assert [size for size, _ in snapshot.checkpoints()][-2:] == [before, before + 3]
    assert counts.sheet(stocked.workplace, 1).totals == shown.totals
    assert verification.verify(stocked.workplace).ok


def test_tags_alone_were_seen_in_the_case(stocked: Desk) -> None:
    """Tags without a place were seen in the case that is checked; in one go no code is needed."""
    done = case_checks.check(stocked.workplace, "CASE-02", typed("B1", "A1"), confirm=None)
    assert done.totals == NOTHING | {"found": 1, "unexpected": 1}
    assert {line.asset_tag: line.seen for line in counts.sheet(stocked.workplace, 1).lines} == {"A1": "CASE-02"}


def test_what_was_issued_from_the_case_is_named(stocked: Desk) -> None:
    """An asset of the case that a holder has is not missing; if it did not come back it is said who has it."""
    stocked.commit("".join(row(tag, "ISSUE", at="11:00") for tag in ("A1", "A2", "B1")))
    shown = case_checks.preview(stocked.workplace, "CASE-01", typed("A3", "A2", case="CASE-01"))
    assert shown.totals == NOTHING | {"found": 1, "seen_in_custody": 1}
    assert shown.still_out == [StillOut("A1", 1, "Jane Smith")]


def test_the_code_is_of_what_was_shown(stocked: Desk) -> None:
    """It is the same until the case, the scans or their order change, whatever the clock says; then it is refused."""
    scans = typed("A1", "A2", case="CASE-01")
    code = case_checks.preview(stocked.workplace, "CASE-01", scans).confirm
    assert case_checks.preview(stocked.workplace, "CASE-01", scans).confirm == code
    for other in (typed("A1", "A3", case="CASE-01"), listed(("A1", "CASE-01", None), ("A2", "CASE-01", None))):
        assert case_checks.preview(stocked.workplace, "CASE-01", other).confirm != code
        with stocked.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match="something else, or other scans"):
            case_checks.check(stocked.workplace, "CASE-01", other, confirm=code)
    stocked.commit(row("A3", "ISSUE", at="11:00"))
    with stocked.unchanged(), pytest.raises(errors.CountStale, match="preview: A3 would end otherwise"):
        case_checks.check(stocked.workplace, "CASE-01", scans, confirm=code)
    with stocked.unchanged(), pytest.raises(errors.ConfirmCodeWrong):
        case_checks.check(stocked.workplace, "CASE-01", scans, confirm="not a code")
    assert case_checks.check(stocked.workplace, "CASE-01", scans, confirm=None).totals["missing"] == 0


def test_the_code_covers_what_was_expected_and_how_each_ended(stocked: Desk) -> None:
    """Another slot on record changes it though the result is the same, and so does another result of an extra asset."""
    scans = typed("A1", "B1")
    codes = [case_checks.preview(stocked.workplace, "CASE-01", scans).confirm]
    stocked.commit(row("A1", "UPDATE", at="11:00", place=("CASE-01", "4")))
    codes.append(case_checks.preview(stocked.workplace, "CASE-01", scans).confirm)
    stocked.commit(row("B1", "ISSUE", at="11:00"))
    codes.append(case_checks.preview(stocked.workplace, "CASE-01", scans).confirm)
    assert len(set(codes)) == 3


def checked(desk: Desk, scans: Scans, code: str | None, remark: str = "") -> CaseChecked:
    """Check CASE-01."""
    return case_checks.check(desk.workplace, "CASE-01", scans, remark, confirm=code)


def code_of(desk: Desk, scans: Scans) -> str:
    """The code with which the check of CASE-01 is shown."""
    return case_checks.preview(desk.workplace, "CASE-01", scans).confirm


@pytest.mark.parametrize("remark", ["", "at the door"])
@pytest.mark.parametrize(
    "scans",
    [
        lambda: typed("A1", "B1"),
        lambda: listed(("A2", None, None), ("NEW", None, 3)),
        lambda: filed(row("A1", at="10:30", place=("CASE-01", "1"))),
    ],
)
def test_a_lost_answer(stocked: Desk, scans: Callable[[], Scans], remark: str) -> None:
    """Asked for again by the same code, with deeds and another check meanwhile, nothing happens but the same answer."""
    code = code_of(stocked, scans())
    done = checked(stocked, scans(), code, "at the door")
    stocked.commit(row("A3", "ISSUE", at="11:00"))
    checked(stocked, typed("A2"), None)
    with stocked.unchanged():
        again = checked(stocked, scans(), code, remark)
    assert (again.committed, again.already_committed, again.count_id) == (0, True, 1)
    assert (again.first_seq, again.last_seq, again.totals) == (done.first_seq, done.last_seq, done.totals)
    assert (again.case_name, again.checkpoint) == ("CASE-01", done.checkpoint)


def test_the_same_scans_in_another_week_are_another_check(stocked: Desk) -> None:
    """The code tells after which count of the case the check comes, so that it is made though nothing is different."""
    scans = typed("A1", "A2", "A3")
    first = code_of(stocked, scans)
    checked(stocked, scans, first)
    second = code_of(stocked, scans)
    assert second != first
    assert [checked(stocked, scans, second).count_id, checked(stocked, scans, second).count_id] == [2, 2]
    assert checked(stocked, scans, first).count_id == 1
    assert [checked(stocked, scans, None).count_id, checked(stocked, scans, None).committed] == [3, 1]
    assert verification.verify(stocked.workplace).ok


def test_counts_of_other_cases_leave_the_code_as_it_is(stocked: Desk) -> None:
    """So do counts that are open or abandoned, of this case with another, or of everything."""
    scans = typed("A1")
    code = code_of(stocked, scans)
    case_checks.check(stocked.workplace, "CASE-02", typed("B1"), confirm=None)
    for scope in (AskedScope(("CASE-01", "CASE-02")), EVERYTHING):
        count_endings.close(stocked.workplace, counting.start(stocked, scope))
    count_endings.abandon(stocked.workplace, counting.start(stocked), "wrong case")
    counting.start(stocked)
    assert code_of(stocked, scans) == code
    assert checked(stocked, scans, code).committed == 1


def test_a_count_that_is_closed_later_is_a_later_one(stocked: Desk) -> None:
    """What counts is the order in which counts were signed off, not begun: the check before it is found again."""
    scans, begun = typed("A1"), counting.start(stocked)
    code = code_of(stocked, scans)
    done = checked(stocked, scans, code)
    count_endings.close(stocked.workplace, begun)
    again = checked(stocked, scans, code)
    assert (again.count_id, again.already_committed) == (done.count_id, True)


def test_counted_by_others_since_it_was_shown(stocked: Desk) -> None:
    """Nothing would end otherwise, but it would be another check: the code is refused, and says so."""
    code = code_of(stocked, typed("A1"))
    checked(stocked, typed("A2"), None)
    with stocked.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match="the same was counted meanwhile"):
        checked(stocked, typed("A1"), code)


def test_another_remark_is_another_check(stocked: Desk) -> None:
    """What was said would be lost: it is not answered as if it were recorded."""
    code = code_of(stocked, typed("A1"))
    checked(stocked, typed("A1"), code, "at the door")
    said = r"it was used already for count 1, with another remark\."
    with stocked.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match=said):
        checked(stocked, typed("A1"), code, "in the yard")


EMPTY = Scans([])


@pytest.mark.parametrize(
    ("shown", "other"),
    [
        (EMPTY, typed("B1", "A1")),
        (typed("B1", "A1"), EMPTY),
        (typed("A1"), typed("A2")),
        (typed("A1"), listed(("A1", None, None))),
        (typed("A1"), typed("A1", slot=1)),
    ],
)
def test_a_used_code_answers_for_its_own_scans_only(stocked: Desk, shown: Scans, other: Scans) -> None:
    """Other scans with a code that was used already are refused, so that none of them is taken for recorded."""
    checked(stocked, typed("A3"), None)
    code = code_of(stocked, shown)
    checked(stocked, shown, code, "at the door")
    said = r"it was shown for something else, and used already for count 2 of other scans\."
    for remark in ("", "at the door", "in the yard"):
        with stocked.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match=said):
            checked(stocked, other, code, remark)
    assert checked(stocked, shown, code).already_committed


def test_two_check_at_once(stocked: Desk) -> None:
    """The second one, with the same code, is told that it is done; in one go both are counts of their own."""
    other, scans = Desk(stocked.folder, set_up=False), typed("A1")
    code = code_of(stocked, scans)
    at = overtaken(stocked, lambda: checked(other, scans, code))
    second = case_checks.check(at, "CASE-01", scans, confirm=code)
    assert (second.count_id, second.already_committed) == (1, True)
    at = overtaken(stocked, lambda: checked(other, scans, None))
    assert case_checks.check(at, "CASE-01", scans, confirm=None).count_id == 3
    assert verification.verify(stocked.workplace).ok
    other.store.close()


def test_a_slot_that_changed_is_named(stocked: Desk) -> None:
    """Also where the result is the same: what was expected was shown, too."""
    code = code_of(stocked, typed("A1"))
    stocked.commit(row("A1", "UPDATE", at="11:00", place=("CASE-01", "4")))
    with stocked.unchanged(), pytest.raises(errors.CountStale, match="preview: A1 would end otherwise"):
        checked(stocked, typed("A1"), code)


def test_a_scanner_file(stocked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """SCAN rows from before the command count: the case was scanned when it came. Many make several entries."""
    monkeypatch.setattr(rules, "SIGHTINGS_PER_ENTRY_MAX", 1)
    text = row("A1", at="10:30", place=("CASE-01", "1")) + row("A2", at="10:31", place=("CASE-01", "9"))
    shown = case_checks.preview(stocked.workplace, "CASE-01", filed(text, "CASE-01"))
    assert [notice.code for notice in shown.notices] == ["count_place_unknown"]
    done = case_checks.check(stocked.workplace, "CASE-01", filed(text, "CASE-01"), confirm=shown.confirm)
    assert done.last_seq - done.first_seq == 3
    assert done.totals == NOTHING | {"found": 1, "wrong_slot": 1, "missing": 1}
    assert verification.verify(stocked.workplace).ok


OLD = row("A1", timestamp="2026-06-29T10:00Z") + row("A2", timestamp="2026-06-29T10:05Z")
JUST_NOW = row("A1", at="11:50") + row("A2", at="11:55") + row("A3", at="11:56")


def test_an_empty_case(stocked: Desk) -> None:
    """All is missing where nothing was seen: the worst result can be signed off, by code and again by it, too."""
    code = code_of(stocked, typed())
    done = checked(stocked, typed(), code)
    assert done.totals == NOTHING | {"missing": 3}
    kinds = [json.loads(body)["event_type"] for body in stocked.entries(done.first_seq)]
    assert kinds == ["COUNT_START", "COUNT_CLOSE"]
    assert checked(stocked, typed(), code).already_committed
    assert verification.verify(stocked.workplace).ok


def test_when_the_scans_were_made_is_shown(stocked: Desk) -> None:
    """The first and the last time of a scanner's rows, and the zone to show them in; what is typed is seen now."""
    shown = case_checks.preview(stocked.workplace, "CASE-01", filed(JUST_NOW))
    assert (shown.seen_from, shown.seen_until) == ("2026-07-01T11:50:00.000000Z", "2026-07-01T11:56:00.000000Z")
    assert (shown.timezone, shown.notices) == ("Europe/Berlin", [])
    for scans in (typed("A1"), typed(), listed(("A1", None, None))):
        shown = case_checks.preview(stocked.workplace, "CASE-01", scans)
        assert (shown.seen_from, shown.seen_until) == (None, None)


@pytest.mark.parametrize(
    ("before", "rows", "said"),
    [
        (None, OLD, "2 scans from before this time yesterday (2026-06-30T12:00:"),
        (None, OLD + row("A3", at="11:59"), "2 scans from before this time yesterday (2026-06-30T12:00:"),
        ("count", row("A1", at="11:59") + row("A2", at="12:04"), "1 scan from before the case was counted last ("),
        ("whole", row("A1", at="11:59"), "1 scan from before the case was counted last (2026-07-01T12:00:"),
        ("other", row("A1", at="11:59"), None),
        (
            "deed",
            row("A1", at="11:00"),
            "1 scan from before the last deed about what is in the case (2026-07-01T11:30:",
        ),
        ("deed", row("A1", at="11:29") + row("A2", at="11:30"), None),
    ],
)
def test_old_scans_are_pointed_out(stocked: Desk, before: str | None, rows: str, said: str | None) -> None:
    """From before a day ago or the last count of the case, each; from before its last deed, if all of them are."""
    if before == "count":
        checked(stocked, typed("A1"), None)
    elif before == "whole":
        count_endings.close(stocked.workplace, counting.start(stocked, EVERYTHING))
    elif before == "other":
        case_checks.check(stocked.workplace, "CASE-02", typed("B1"), confirm=None)
        counting.start(stocked)
    elif before == "deed":
        stocked.commit(row("FREE", "UPDATE", at="11:30", place=("CASE-01", "4")))
    shown = case_checks.preview(stocked.workplace, "CASE-01", filed(rows))
    assert [notice.code for notice in shown.notices] == ["count_scans_before"] * (said is not None)
    assert all(notice.message.startswith(said or "") for notice in shown.notices)
    assert [notice.code for notice in checked(stocked, filed(rows), None).notices] == [
        notice.code for notice in shown.notices
    ]


def test_a_scanner_file_is_checked_once(stocked: Desk) -> None:
    """Its scans are as old as they are: the same file again is no other check, whatever was counted meanwhile."""
    done = checked(stocked, filed(JUST_NOW), None, "at the door")
    checked(stocked, typed("A1"), None)
    shown = case_checks.preview(stocked.workplace, "CASE-01", filed(JUST_NOW))
    assert [notice.code for notice in shown.notices] == ["count_scans_before", "count_file_checked_before"]
    assert shown.is_checked_before
    assert shown.notices[1].message == (
        f"This file was checked before, as count 1 with entry {done.last_seq}; nothing happens."
    )
    with stocked.unchanged():
        for code, remark in ((None, ""), (shown.confirm, ""), (None, "at the door")):
            again = checked(stocked, filed(JUST_NOW), code, remark)
            assert (again.count_id, again.committed, again.already_committed) == (1, 0, True)
            assert (again.totals, again.checkpoint) == (done.totals, done.checkpoint)
            assert "count_file_checked_before" in [notice.code for notice in again.notices]
        for code in (None, shown.confirm):
            with pytest.raises(errors.DeedRefused) as caught:
                checked(stocked, filed(JUST_NOW), code, "in the yard")
            assert caught.value.code == "count_closed"
    assert case_checks.check(stocked.workplace, "CASE-02", filed(JUST_NOW), confirm=None).count_id == 3


def test_the_same_list_again_is_pointed_out(stocked: Desk) -> None:
    """A list has no times, and may well be the same in another week: it is another check, but not without a word."""
    scans = listed(("A1", None, None), ("A2", None, None))
    assert checked(stocked, scans, None).notices == []
    shown = case_checks.preview(stocked.workplace, "CASE-01", scans)
    assert ([notice.code for notice in shown.notices], shown.is_checked_before) == (
        ["count_list_checked_before"],
        False,
    )
    again = checked(stocked, scans, None)
    assert (again.count_id, again.committed, again.notices) == (2, 1, shown.notices)


@pytest.mark.parametrize(
    ("case_name", "scans", "error", "said"),
    [
        ("CASE-99", lambda: typed("A1"), errors.DeedRefused, "There is no case CASE-99."),
        ("CASE-01", lambda: typed("A1", slot=9), errors.DeedRefused, "there is no slot 9"),
        ("CASE-01", lambda: listed(("X", None, None)), errors.ListFileWrong, "none of its 1 tags"),
        ("CASE-01", lambda: filed(row("A 1")), errors.BatchHasProblems, "1 problem"),
    ],
)
def test_what_can_not_be_checked(
    stocked: Desk, case_name: str, scans: Callable[[], Scans], error: type[errors.AssetTrackError], said: str
) -> None:
    """An unknown case or slot and a wrong file are refused in preview and check alike, and nothing is saved."""
    with stocked.unchanged():
        with pytest.raises(error, match=said):
            case_checks.preview(stocked.workplace, case_name, scans())
        with pytest.raises(error, match=said):
            case_checks.check(stocked.workplace, case_name, scans(), confirm=None)


@pytest.mark.parametrize(
    "deed",
    [
        lambda at: case_checks.preview(at, "CASE-01", typed("A1")),
        lambda at: case_checks.check(at, "CASE-01", typed("A1"), confirm=None),
    ],
)
def test_a_check_needs_somebody_who_does_it(stocked: Desk, deed: Callable[[Workplace], object]) -> None:
    """Without an operator nothing is checked."""
    with stocked.unchanged(), pytest.raises(errors.OperatorUnknown):
        deed(stocked.manned_by(None))
