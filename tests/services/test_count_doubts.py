"""What counts say of one asset: the doubt that stands, when it was seen last, and nothing of a damaged count."""

from contextlib import closing

import pytest

from assettrack.domain import station_errors
from assettrack.services import count_doubts, count_endings
from tests.services import counting
from tests.services.counting import scan, start, typed
from tests.services.desk import Desk
from tests.services.insider import Insider


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """CASE-01 has A1, A2, A3 in its first slots of four; CASE-02 has B1; FREE is in no slot, Jane has HELD, GONE is."""
    return counting.stock(desk)


def test_a_count_is_told_of_what_it_missed_and_of_what_it_saw(stocked: Desk) -> None:
    """Missing once it is signed off, and seen as soon as it was scanned; each by the count that says so."""
    start(stocked)
    scan(stocked, typed("A1"))
    seq = stocked.log_size
    assert count_doubts.of_asset(stocked.workplace, "A2") == (None, None)
    count_endings.close(stocked.workplace, 1)
    missed = count_doubts.of_asset(stocked.workplace, "A2")
    assert missed.seen is None
    assert missed.doubt is not None
    assert (missed.doubt.count_id, missed.doubt.words) == (1, "missing in count 1")
    doubt, seen = count_doubts.of_asset(stocked.workplace, "A1")
    assert doubt is None
    assert seen is not None
    assert (seen.count_id, seen.seq) == (1, seq)


def test_a_doubt_of_no_count_is_damage(stocked: Desk) -> None:
    """Where the entry that signs a count off names another count, its doubt is not told as that one's."""
    start(stocked)
    scan(stocked, typed("A1"))
    count_endings.close(stocked.workplace, 1)
    seq = stocked.log_size
    with closing(Insider(stocked, [])) as insider:
        insider.write_body(seq, insider.body(seq).replace(b'"count_id":1', b'"count_id":2'))
        with pytest.raises(station_errors.DatabaseDamaged, match=f"entry {seq} of the log is not what it should be"):
            count_doubts.of_asset(stocked.workplace, "A2")


def test_scans_that_are_gone_are_damage(stocked: Desk) -> None:
    """Where a count's scans are not in the log any more, nobody is told that it did not see the asset."""
    start(stocked)
    scan(stocked, typed("A1"))
    with closing(Insider(stocked, [])) as insider:
        insider.do("UPDATE count_scans SET seq = 999")
        with pytest.raises(station_errors.DatabaseDamaged, match="entry 999 of the log is not what it should be"):
            count_doubts.of_asset(stocked.workplace, "A1")
