"""Scans of a count, however they come: typed, listed or as rows of a batch; and what is no scan of ours."""

import json
from collections.abc import Callable

import pytest

from assettrack.domain import counts as rules
from assettrack.domain import errors
from assettrack.services import counts, verification
from assettrack.services.count_reading import Scans
from assettrack.services.counts import AskedScope
from tests.services import counting
from tests.services.counting import CASE, EVERYTHING, ended, filed, listed, scan, start, typed
from tests.services.desk import Desk, read, row


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """CASE-01 has A1, A2, A3 in its first slots of four; CASE-02 has B1; FREE is in no slot, Jane has HELD, GONE is."""
    return counting.stock(desk)


def test_rows_of_a_file_are_sightings(stocked: Desk) -> None:
    """SCAN rows count, with their places and times, OUT being no place; other rows are left out, and that is said."""
    start(stocked)
    text = (
        row("A1", at="12:01", place=("CASE-01", "1"))
        + row("A2", at="12:01", place=("OUT", "OUT"))
        + row("A3", "ISSUE", at="12:01")
    )
    added = scan(stocked, filed(text))
    assert (added.scans, [notice.code for notice in added.notices]) == (2, ["count_rows_left_out"])
    at = "2026-07-01T12:01:00.000000Z"
    entry = json.loads(stocked.entries(added.first_seq)[0])
    assert entry["scans"] == [
        ["A1", at, "CASE-01", 1], ["A2", at, None, None],
    ]  # fmt: skip
    assert (entry["source_name"], entry["source_sha256"]) == ("scans.csv", read(text).sha256)
    assert ended(stocked) == {"A3": "missing"}


def test_scans_from_before_are_pointed_out(stocked: Desk) -> None:
    """A scanner that was not cleared has scans from before the count; they count, and a notice says how many."""
    start(stocked)
    added = scan(stocked, filed(row("A1", at="10:30") + row("A2", at="10:31") + row("A3", at="12:02")))
    (notice,) = added.notices
    with stocked.store.read() as snapshot:
        begun = json.loads(next(snapshot.records(added.first_seq - 1, added.first_seq - 1))[0].body)["recorded_at"]
    assert notice.message.startswith(f"2 scans from before the count began ({begun[:19]}Z).")


def test_a_file_is_added_once(stocked: Desk) -> None:
    """The same file again does nothing and says which entries hold it; to another count it can be added."""
    start(stocked)
    start(stocked)
    first = scan(stocked, listed(("A1", None, None)))
    with stocked.unchanged():
        again = scan(stocked, listed(("A1", None, None)))
    assert (again.scans, again.already_added, again.first_seq, again.last_seq) == (
        0,
        True,
        first.first_seq,
        first.last_seq,
    )
    assert again.checkpoint == first.checkpoint
    assert [notice.code for notice in again.notices] == ["count_file_added_before"]
    assert scan(stocked, listed(("A1", None, None)), 2).scans == 1
    assert scan(stocked, listed(("A1", None, None), sha="bb" * 32)).scans == 1


def test_many_scans_are_several_entries_of_one_transaction(stocked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """No entry grows without end; all of them are covered by one checkpoint, and all count."""
    monkeypatch.setattr(rules, "SIGHTINGS_PER_ENTRY_MAX", 2)
    start(stocked)
    added = scan(
        stocked,
        listed(("A1", None, None), ("A2", None, None), ("X", None, None), ("A3", None, None), ("Y", None, None)),
    )
    assert (added.scans, added.last_seq - added.first_seq) == (5, 2)
    with stocked.store.read() as snapshot:
        assert [size for size, _ in snapshot.checkpoints()][-1] == added.last_seq
        assert [size for size, _ in snapshot.checkpoints()][-2] == added.first_seq - 1
    assert ended(stocked) == {"X": "unknown_tag", "Y": "unknown_tag"}
    again = scan(stocked, listed(("A1", None, None)))
    assert (again.first_seq, again.last_seq) == (added.first_seq, added.last_seq)
    assert verification.verify(stocked.workplace).ok


@pytest.mark.parametrize(
    ("scope", "scans", "place"),
    [
        (CASE, typed("A1", slot=4), ("CASE-01", 4)),
        (CASE, typed("A1"), None),
        (CASE, typed("A1", case="CASE-02"), ("CASE-02", None)),
        (CASE, typed("A1", case="CASE-02", slot=2), ("CASE-02", 2)),
        (EVERYTHING, typed("A1"), None),
        (EVERYTHING, listed(("A1", None, 3), case="CASE-02"), ("CASE-02", 3)),
        (EVERYTHING, listed(("A1", "CASE-01", 3), case="CASE-02"), ("CASE-01", 3)),
        (CASE, listed(("A1", None, 3)), ("CASE-01", 3)),
        (EVERYTHING, filed(row("A1", at="12:01"), case="CASE-02"), ("CASE-02", None)),
    ],
)
def test_where_something_was_seen(
    stocked: Desk, scope: AskedScope, scans: Scans, place: tuple[str, int | None] | None
) -> None:
    """What a scan says itself goes first, then the case said for all; a slot alone is one of the one case counted."""
    start(stocked, scope)
    scan(stocked, scans)
    (line,) = [line for line in counts.sheet(stocked.workplace, 1, with_found=True).lines if line.asset_tag == "A1"]
    assert (line.seen_case, line.seen_slot) == (place or (None, None))


REFUSED: list[tuple[Callable[[], Scans], str]] = [
    (lambda: typed("A1", case="CASE-99"), "unknown_case"),
    (lambda: typed("A1", case="CASE-01", slot=5), "unknown_slot"),
    (lambda: typed("A1", slot=1), "count_slot_without_case"),
    (lambda: listed(("A1", None, 1)), "count_slot_without_case"),
    (lambda: listed(("A1", None, None), case="CASE-99"), "unknown_case"),
    (lambda: filed(row("A1"), case="CASE-99"), "unknown_case"),
]


@pytest.mark.parametrize(("scans", "code"), REFUSED)
def test_places_that_were_typed_must_exist(stocked: Desk, scans: Callable[[], Scans], code: str) -> None:
    """A slip of the fingers is refused; nothing is added."""
    start(stocked, AskedScope(("CASE-01", "CASE-02")))
    with stocked.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        scan(stocked, scans())
    assert caught.value.code == code


def test_tags_of_a_file_that_no_asset_has_are_pointed_out(stocked: Desk) -> None:
    """They are kept, since a label may be new; a word that is none is noticed at once. The first few are named."""
    start(stocked)
    strange = [(f"X{number}", None, None) for number in range(7)]
    added = scan(stocked, listed(("A1", None, None), *strange))
    (notice,) = added.notices
    assert (notice.code, notice.message) == (
        "count_tags_unknown", "Tags that no asset here has: X0, X1, X2, X3, X4 and 2 more. Is each of them a label?",
    )  # fmt: skip
    assert scan(stocked, typed("A2", "X9")).notices == []


def test_places_in_a_file_are_kept_and_pointed_out(stocked: Desk) -> None:
    """What was scanned somewhere is evidence, also where the station knows no such place."""
    start(stocked)
    added = scan(stocked, listed(("A1", "CASE-77", None), ("A2", "CASE-01", 5), ("A3", "CASE-01", 3)))
    assert [notice.message for notice in added.notices] == [
        "CASE-01 slot 5, where asset A2 was seen, is not known to this station.",
        "Case CASE-77, where asset A1 was seen, is not known to this station.",
    ]
    assert ended(stocked) == {"A1": "wrong_slot", "A2": "wrong_slot"}


def test_a_wrong_file_is_refused(stocked: Desk) -> None:
    """No tag that is known, no SCAN row, rows with problems: each says why, with exit code 3, and adds nothing."""
    start(stocked)
    with stocked.unchanged():
        with pytest.raises(errors.ListFileWrong, match="none of its 2 tags is known here"):
            scan(stocked, listed(("NAME", "AGE", None), ("ANNA", "30", None)))
        with pytest.raises(errors.ListFileWrong, match=r"scans\.csv: it has no SCAN row"):
            scan(stocked, filed(row("A1", "ISSUE", at="11:00")))
        with pytest.raises(errors.BatchHasProblems) as caught:
            scan(stocked, filed(row("A1") + row("A 2") + row("A3", at="99:00")))
        assert [problem.row_number for problem in caught.value.problems] == [2, 3]
        with pytest.raises(errors.BatchHasProblems):
            scan(stocked, filed("asset_tag,timestamp\nA1,x\n"))
    assert scan(stocked, typed("NAME")).scans == 1


def test_notices_about_the_file_are_handed_on(stocked: Desk) -> None:
    """What validation says of a batch is said here too: unknown columns, and times that have no zone."""
    start(stocked)
    text = "asset_tag,timestamp,event_type,operator_id,colour\nA1,2026-07-01T14:01,SCAN,m,red\n"
    assert [notice.code for notice in scan(stocked, filed(text)).notices] == ["unknown_columns", "timestamp_local"]
