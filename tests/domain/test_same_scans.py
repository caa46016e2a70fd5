"""Which scans of two downloads are the same ones."""

from collections.abc import Sequence

from assettrack.domain.downloads import Download
from assettrack.domain.raw_scans import ClockReading, RawScan
from assettrack.domain.same_scans import known_again, may_be_again

CLOCK = ClockReading("2026-02-04T13:02:00", "2026-02-04T12:00:00.700000Z")
DOWNLOAD = Download(
    serial="697227",
    model="OPN-2004",
    version="RFI3727T",
    with_stamps=True,
    drops_repeated=False,
    clock=CLOCK,
    pulled_at=CLOCK.host_utc,
    sha256="",
    reply=b"",
)


def scan(number: int, stamp: str) -> RawScan:
    """Return a stored scan with a time, or ("") with none that can be."""
    return RawScan(number, f"T-{number}", 3, stamp, "00F4109A")


def common(earlier: Sequence[RawScan], later: Sequence[RawScan]) -> int:
    """Return how many scans two downloads have in common."""
    return len(known_again((DOWNLOAD, earlier), (DOWNLOAD, later), timed=True))


def test_two_downloads_have_in_common_what_they_begin_with() -> None:
    """Scans are the same if code, kind of code and stored time are, from the first on without a gap."""
    first = [scan(1, "2026-02-04T12:50:00"), scan(2, "2026-02-04T12:51:00")]
    assert common(first, [*first, scan(3, "")]) == 2
    assert common([*first, scan(3, "")], first) == 2
    other = RawScan(2, "T-2", 3, "2026-02-04T12:51:01", "00F4109B")
    assert common(first, [first[0], other]) == 1
    assert common([], first) == 0


def test_without_times_any_equal_scan_may_be_the_same() -> None:
    """Each once, after those with which both begin; with times that tell them apart no other one may be."""
    stored = [RawScan(number, text, 3) for number, text in enumerate(("A", "B", "C", "B"), 1)]
    later = [RawScan(number, text, 3) for number, text in enumerate(("A", "C", "B", "D", "C"), 1)]
    assert may_be_again((DOWNLOAD, stored), (DOWNLOAD, later)) == {1: 1, 2: 3, 3: 2}
    timed = [
        RawScan(each.number, each.text, 3, f"2026-02-04T12:5{each.number}:00", str(each.number)) for each in stored
    ]
    moved = [RawScan(1, "B", 3, timed[1].stamp, "2"), RawScan(2, "A", 3, "2026-02-04T12:59:00", "9")]
    assert may_be_again((DOWNLOAD, timed), (DOWNLOAD, moved)) == {2: 1}
