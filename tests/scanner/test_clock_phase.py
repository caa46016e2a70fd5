"""A scanner's clock ticks when it likes: times are told within what is promised, whenever that is."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.scanner_clock import offset_of, timings
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulated_line import BEGIN, EmulatedBus, EmulatedTimes
from assettrack.scanner.emulator import EmulatedScanner
from assettrack.scanner.line import Line
from assettrack.scanner.link import connect
from assettrack.scanner.pocket import PocketScanner, read_scans
from tests.scanner.conversations import uncertain_seconds

MICRO = timedelta(microseconds=1)


class SlowLine:
    """A line on which a question and its answer take their time."""

    def __init__(self, line: Line, times: EmulatedTimes, there: float, back: float) -> None:
        self._line, self._times, self._there, self._back = line, times, there, back
        self.name = line.name
        self.flush_input, self.close = line.flush_input, line.close

    def write(self, data: bytes) -> None:
        """Send bytes, which arrive later."""
        self._times.sleep(self._there)
        self._line.write(data)

    def read(self, size: int, idle_seconds: float) -> bytes:
        """Return what came, later."""
        found = self._line.read(size, idle_seconds)
        self._times.sleep(self._back if found else 0)
        return found


def connected(scanner: EmulatedScanner, times: EmulatedTimes, there: float, back: float) -> PocketScanner:
    """Connect a scanner over such a line."""
    bus = EmulatedBus(times)
    bus.plug(scanner)
    return PocketScanner(connect(lambda: SlowLine(bus.open_line(), times, there, back), times))


SECONDS = st.floats(0, 1, exclude_max=True)

EARLY_MAX, LATE_MAX = timedelta(seconds=2), timedelta(seconds=1)
"""A time is told at most so much before or after the scan was made, beside half of the time that reading the clock took
and what it drifted: each of the clock's two whole seconds may be off by almost one, and the time is cut to one."""


@given(
    phase=st.integers(1, 999),
    begun=SECONDS,
    gaps=st.lists(st.floats(0.001, 90), min_size=1, max_size=8),
    way=st.tuples(st.floats(0, 0.3), st.floats(0, 0.01)),
    off=st.integers(-(10**6), 10**6),
)
def test_times_are_told_within_what_is_promised(
    phase: int, begun: float, gaps: list[float], way: tuple[float, float], off: int
) -> None:
    """Whenever its clock ticks, however far it is off and however long it takes to answer."""
    times = EmulatedTimes(BEGIN + timedelta(seconds=begun))
    scanner = EmulatedScanner(times, None, [Fault("clock-phase", value=phase)])
    scanner.clock_offset += timedelta(seconds=off)
    true = []
    for number, gap in enumerate(gaps):
        true.append(times.now())
        assert scanner.scan(f"LT-{number}")
        times.sleep(gap)
    pocket = connected(scanner, times, *way)
    reading = pocket.clock()
    scans = read_scans(pocket.upload(), with_stamps=True)
    half = timedelta(seconds=reading.spread / 2 + 0.001)  # it is kept in thousandths
    for made, told in zip(true, timings(scans, reading), strict=True):
        assert told.utc is not None, told
        assert -EARLY_MAX - half < datetime.fromisoformat(told.utc) - made < LATE_MAX + half


@given(phase=st.integers(1, 999), begun=SECONDS, way=st.tuples(st.floats(0, 0.3), st.floats(0, 0.01)))
def test_a_clock_is_measured_within_its_uncertainty(phase: int, begun: float, way: tuple[float, float]) -> None:
    """It is found as far off as it is, but for the second that it cuts off and half of the answer's time."""
    times = EmulatedTimes(BEGIN + timedelta(seconds=begun))
    scanner = EmulatedScanner(times, None, [Fault("clock-phase", value=phase)])
    pocket = connected(scanner, times, *way)
    measure = pocket.link.read_clock()
    offset = measure.offset(scanner.unit.zone)
    assert offset is not None
    assert abs(offset + timedelta(milliseconds=phase)) <= timedelta(seconds=uncertain_seconds(measure))
    assert pocket.clock().spread < 1


@given(phase=st.integers(1, 999), begun=SECONDS)
def test_a_clock_that_was_set_is_right(phase: int, begun: float) -> None:
    """Setting it does not move its tick, and still it shows the second that it was set to, and is right after that."""
    times = EmulatedTimes(BEGIN + timedelta(seconds=begun))
    scanner = EmulatedScanner(times, None, [Fault("clock-phase", value=phase)])
    scanner.clock_offset += timedelta(hours=3)
    pocket = connected(scanner, times, 0.0, 0.0)
    reading = pocket.set_clock(scanner.unit.zone)
    local = datetime.fromisoformat(reading.host_utc).astimezone(scanner.unit.zone).replace(tzinfo=None)
    found = offset_of(reading, local)
    assert found is not None
    assert abs(found.seconds) <= 1


@pytest.mark.parametrize(("phase", "shown"), [(0, "08:15:00"), (499, "08:15:00"), (501, "08:15:01")])
def test_the_emulated_clock_ticks_at_its_phase(phase: int, shown: str) -> None:
    """Half a second after the host's, a clock that ticks 501 milliseconds early has ticked, and another has not."""
    times = EmulatedTimes(BEGIN + timedelta(milliseconds=499) + MICRO)
    scanner = EmulatedScanner(times, None, [Fault("clock-phase", value=phase)] if phase else [])
    assert scanner.clock().isoformat()[11:] == shown
