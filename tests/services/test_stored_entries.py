"""Damage of the log that somebody meets at work: said for what it is, with exit code 5, and never a traceback."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from assettrack.domain import station_errors
from assettrack.domain.plans import Acceptance, Options
from assettrack.formats import scan_csv
from assettrack.services import acceptances, corrections, counts, receipts
from assettrack.services.count_reading import Scans
from assettrack.services.counts import AskedScope
from assettrack.services.stored_entries import records_between
from tests.services.counting import typed
from tests.services.desk import HEADER, Desk, row
from tests.services.insider import Insider
from tests.services.test_custody import back, do, issue

JANE = "Jane Smith"
BATCH = "(SELECT first_seq FROM batches WHERE batch_id = 2)"
ROW = "(SELECT first_seq + 1 FROM batches WHERE batch_id = 2)"
RECEIPT = "(SELECT seq FROM receipts)"
COUNT = "(SELECT started_seq FROM counts)"
SCANS = "(SELECT seq FROM count_scans)"

Work = Callable[[Desk], object]


@pytest.fixture
def insider(desk: Desk) -> Iterator[Insider]:
    """Somebody at a station of which batch 2 issues A1 to Jane, accepted; with receipt 1 and count 1, scanned."""
    desk.commit(row("A1", place=("CASE-01", "1")) + row("A2"))
    do(desk, issue("A1"), options=Options(accepted=Acceptance("paper")))
    receipts.issue_for_batch(desk.workplace, 2)
    counts.start(desk.workplace, AskedScope())
    counts.add_scans(desk.workplace, 1, _file("A2"))
    with closing(Insider(desk, [])) as found:
        yield found


def _file(tag: str) -> Scans:
    batch = scan_csv.parse((HEADER + row(tag)).encode())
    return Scans(batch=batch, source_name=f"{tag}.csv", sha256=batch.sha256)


def _receipts(desk: Desk) -> object:
    return receipts.issue_for_batch(desk.workplace, 2)


def _hand_receipt(desk: Desk) -> object:
    return receipts.issue_hand_receipt(desk.workplace, JANE)


def _paper(desk: Desk) -> object:
    return receipts.printed(desk.workplace, 1)


def _scan(desk: Desk) -> object:
    return counts.add_scans(desk.workplace, 1, typed("A1"))


def _scan_file(desk: Desk) -> object:
    return counts.add_scans(desk.workplace, 1, _file("A1"))


def _sheet(desk: Desk) -> object:
    return counts.sheet(desk.workplace, 1)


def _correction(desk: Desk) -> object:
    with desk.store.read() as snapshot:
        batch = snapshot.batch(2)
    assert batch is not None
    return corrections.preview(desk.workplace, batch.first_seq + 1, {"notes": "scratched"})


AT_WORK: list[tuple[Work, str]] = [
    (_receipts, BATCH),
    (_receipts, ROW),
    (_hand_receipt, ROW),
    (_paper, RECEIPT),
    (_scan, COUNT),
    (_sheet, COUNT),
    (_sheet, SCANS),
    (_scan_file, SCANS),
]
"""What somebody does, and an entry that is needed for it."""


@pytest.mark.parametrize(("work", "seq"), AT_WORK)
def test_an_entry_that_is_gone(insider: Insider, work: Work, seq: str) -> None:
    """Where an entry was taken out the database is damaged: writing and proving miss its hash, reading the entry."""
    (number,) = insider.do(f"SELECT {seq}")[0]
    insider.do("DELETE FROM audit_log WHERE seq = ?", (number,))
    with pytest.raises(
        station_errors.DatabaseDamaged, match=f"entry {number} of the log is gone|leaf hashes were found"
    ):
        work(insider.desk)


@pytest.mark.parametrize(
    ("work", "seq"), [*((work, seq) for work, seq in AT_WORK if work is not _paper), (_correction, ROW)]
)
def test_an_entry_that_is_none(insider: Insider, work: Work, seq: str) -> None:
    """Where other bytes stand in the place of the entry, they are not taken for one."""
    (number,) = insider.do(f"SELECT {seq}")[0]
    insider.write_body(number, b'{"event_type":"SCAN"}')
    with pytest.raises(station_errors.DatabaseDamaged, match="can't be read"):
        work(insider.desk)


def test_a_gap_in_the_log_is_noticed_where_it_is(insider: Insider) -> None:
    """The first entry of a range that is gone is named; a range beside the gap is read as ever."""
    insider.do("DELETE FROM audit_log WHERE seq IN (3, 4)")
    with (
        insider.desk.store.read() as snapshot,
        pytest.raises(station_errors.DatabaseDamaged, match="entry 3 of the log is gone"),
    ):
        list(records_between(snapshot, 1, 5))
    with insider.desk.store.read() as snapshot:
        assert [record.seq for record in records_between(snapshot, 5, 6)] == [5, 6]


def test_the_end_of_a_batch_that_is_gone(insider: Insider) -> None:
    """A batch whose last entries were cut off gets no receipt of what is left of it."""
    insider.do("UPDATE batches SET last_seq = 999 WHERE batch_id = 2")
    with pytest.raises(station_errors.DatabaseDamaged, match="of the log is gone"):
        _receipts(insider.desk)


def test_a_batch_that_is_gone_in_part_is_not_searched(insider: Insider) -> None:
    """Who accepted what a batch exchanged is not guessed from the entries that are left of it."""
    do(insider.desk, back("A1"))
    insider.do("UPDATE batches SET last_seq = 999 WHERE batch_id = 3")
    with pytest.raises(station_errors.DatabaseDamaged, match="of the log is gone"):
        acceptances.record(insider.desk.workplace, 3, JANE, acceptances.SaidAcceptance("paper"))


@pytest.mark.parametrize("accepted_seq", [1, "(SELECT first_seq FROM batches WHERE batch_id = 3)"])
def test_an_acceptance_by_another_entry(insider: Insider, accepted_seq: int | str) -> None:
    """A receipt never says that somebody accepted by an entry that says no such thing."""
    do(insider.desk, back("A1"))
    insider.do(f"UPDATE handovers SET accepted_seq = {accepted_seq} WHERE batch_id = 2")
    with pytest.raises(station_errors.DatabaseDamaged, match="is not what it should be"):
        _receipts(insider.desk)


@pytest.mark.parametrize("of", ["another batch", "another batch with it", "another holder", "nobody"])
def test_an_acceptance_of_something_else(insider: Insider, of: str) -> None:
    """Nor does a receipt say so by an acceptance of another hand-over, nor by its own batch if nobody accepted that."""
    desk, at = insider.desk, insider.desk.workplace
    with_it = Options(accepted=Acceptance("paper")) if of == "another batch with it" else Options()
    taken = desk.commit(row("A1", "RETURN", at="12:01", place=("CASE-01", "1")), with_it)
    rows = row("A1", "ISSUE", at="12:02") + row("A2", "ISSUE", at="12:02", issued_to_name="Bob Lee")
    given = desk.commit(rows)
    paper = acceptances.SaidAcceptance("paper")
    seq = {
        "another batch": lambda: acceptances.record(at, taken.batch_id, JANE, paper).seq,
        "another batch with it": lambda: taken.first_seq,
        "another holder": lambda: acceptances.record(at, given.batch_id, "Bob Lee", paper).seq,
        "nobody": lambda: given.first_seq,
    }[of]()
    insider.do("UPDATE handovers SET accepted_seq = ? WHERE batch_id = ? AND holder_id = 1", (seq, given.batch_id))
    with pytest.raises(station_errors.DatabaseDamaged, match=f"entry {seq} of the log is not what it should be"):
        receipts.issue_for_batch(at, given.batch_id, JANE)


@pytest.mark.parametrize("custody_seq", [1, 999])
def test_custody_by_another_entry(insider: Insider, custody_seq: int) -> None:
    """A hand receipt names the very entry by which the holder has each asset, or there is none."""
    insider.do("UPDATE assets SET custody_seq = ? WHERE asset_tag = 'A1'", (custody_seq,))
    with pytest.raises(station_errors.DatabaseDamaged, match=f"entry {custody_seq} of the log is"):
        _hand_receipt(insider.desk)
