"""Sums of custody: what each holder ever had, in one pass, the same as adding up the intervals."""

import pytest

from assettrack.domain.amendments import Amendments
from assettrack.domain.custody_intervals import Interval, custody_intervals
from assettrack.domain.custody_sums import HolderSum, custody_sums
from assettrack.domain.entries.base import NotAnEntry
from tests.domain.test_custody_intervals import LIFE, NAMES, at, entry


def test_each_holder_has_what_the_intervals_say() -> None:
    """How many, of how many assets, which last, from when to when; by name."""
    again = (*LIFE, entry(10, "ISSUE", holder_id=1), entry(11, "RETURN", holder_id=1))
    assert custody_sums(again, (), NAMES) == [
        HolderSum("Ann Ox", 1, 1, 0, at(8), at(9), 0),
        HolderSum("Bob Lee", 2, 2, 1, at(4), at(6), 0),
        HolderSum("Jane Smith", 2, 1, 0, at(2), at(11), 0),
    ]
    assert custody_sums((), (), NAMES) == []


def test_assets_that_were_corrected_are_taken_from_their_intervals() -> None:
    """Their rows are left out: the intervals say what holds, and which of them were corrected."""
    corrected = [
        Interval("A1", "Ann Ox", at(1), at(5), "ISSUE", "TRANSFER", 2, 5, corrected_by=10),
        Interval("A1", "Bob Lee", at(5), None, "TRANSFER", None, 5, None),
    ]
    assert custody_sums(LIFE, corrected, NAMES) == [
        HolderSum("Ann Ox", 2, 2, 0, at(1), at(9), 1),
        HolderSum("Bob Lee", 2, 2, 2, at(4), None, 0),
    ]
    of_a1 = custody_intervals([row for row in LIFE if row[1] == "A1"], Amendments(), NAMES)
    assert custody_sums(LIFE, of_a1, NAMES) == custody_sums(LIFE, (), NAMES)


@pytest.mark.parametrize("damaged", [b"no JSON", b'{"event_type":"ISSUE","holder_id":99}', b'{"event_type":"ISSUE"}'])
def test_a_damaged_log_is_said_to_be_one(damaged: bytes) -> None:
    """A body that is none, or that names a holder who is not there, ends the reading."""
    with pytest.raises(NotAnEntry):
        custody_sums([(1, "A1", damaged)], (), NAMES)
