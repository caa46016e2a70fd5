"""The case return check: what is missing, extra or in a wrong slot, previewed and then signed off as one deed."""

import json
from collections.abc import Callable

import pytest

from assettrack.domain import counts as rules
from assettrack.domain import errors
from assettrack.domain.counts import RESULTS
from assettrack.services import case_checks, counts, verification
from assettrack.services.case_checks import StillOut
from assettrack.services.count_reading import Scans
from assettrack.services.ports import Workplace
from tests.services import counting
from tests.services.counting import filed, listed, typed
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
        with stocked.unchanged(), pytest.raises(errors.ConfirmCodeWrong):
            case_checks.check(stocked.workplace, "CASE-01", other, confirm=code)
    stocked.commit(row("A3", "ISSUE", at="11:00"))
    with stocked.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match="the case, or what was scanned, is not as"):
        case_checks.check(stocked.workplace, "CASE-01", scans, confirm=code)
    with stocked.unchanged(), pytest.raises(errors.ConfirmCodeWrong):
        case_checks.check(stocked.workplace, "CASE-01", scans, confirm="nonsense")
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
