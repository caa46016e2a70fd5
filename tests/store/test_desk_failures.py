"""Failed sign-ins in the desk's file: counted before they are judged, each once, and forgotten when they are old."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from assettrack.domain.desk_rows import Failures
from assettrack.store.desk import StationDesk
from assettrack.store.desk_file import DeskFile

GUARD_SECONDS = 30
"""After so long a test that would hang fails instead."""


def at(minute: int) -> str:
    """Return a moment as the desk keeps it."""
    return f"2026-03-02T09:{minute:02d}:00.000000Z"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[StationDesk]:
    """Make the made-up station's desk."""
    desk = StationDesk(DeskFile(tmp_path / "station.db.desk"))
    desk.set_up("assettrack-test0001")
    yield desk
    desk.close()


BEN, EVE, HERE = "name ben", "name eve", "address 192.0.2.1"


def two_are_free(_subject: str, failed: Failures) -> tuple[Failures, int]:
    """Say that the third try has to wait."""
    return failed, 7 if failed.failures > 1 else 0


def test_failures_are_kept_until_they_are_forgotten(desk: StationDesk) -> None:
    """A name and an address are counted apart; the last try says when."""
    for minute in (1, 2):
        desk.begin_try([BEN, HERE], at(minute), two_are_free)
    assert (desk.failures(BEN), desk.failures(HERE)) == (Failures(2, at(2)), Failures(2, at(2)))
    desk.forget_failures(BEN)
    assert (desk.failures(BEN), desk.failures(HERE)) == (None, Failures(2, at(2)))


def test_a_try_counts_for_all_its_subjects_or_for_none(desk: StationDesk) -> None:
    """Where one of them has to wait, none is counted and no time is changed, but one that lies ahead is now."""
    assert desk.begin_try([BEN, HERE], at(1), two_are_free) == (0, [Failures(1, at(1)), Failures(1, at(1))])
    assert desk.begin_try([EVE, HERE], at(2), two_are_free) == (0, [Failures(1, at(2)), Failures(2, at(2))])
    for subject in (BEN, "name new"):
        assert desk.begin_try([subject, HERE], at(3), two_are_free)[0] == 7
    assert (desk.failures(BEN), desk.failures("name new")) == (Failures(1, at(1)), None)
    assert desk.failures(HERE) == Failures(2, at(2))
    assert desk.begin_try([BEN, HERE], at(0), two_are_free)[0] == 7
    assert (desk.failures(BEN), desk.failures(HERE)) == (Failures(1, at(0)), Failures(2, at(0)))


def test_what_has_faded_is_not_counted_again(desk: StationDesk) -> None:
    """A try counts one more than what whoever looks says there is by now, not than what was kept."""
    for minute in (1, 2):
        desk.begin_try([BEN, HERE], at(minute), two_are_free)

    def faded(subject: str, failed: Failures) -> tuple[Failures, int]:
        return (Failures(0, failed.last_at) if subject == HERE else failed), 0

    assert desk.begin_try([BEN, HERE], at(3), faded) == (0, [Failures(3, at(3)), Failures(1, at(3))])
    assert (desk.failures(BEN), desk.failures(HERE)) == (Failures(3, at(3)), Failures(1, at(3)))


def test_a_try_that_was_no_failure_is_taken_back(desk: StationDesk) -> None:
    """Of the name all failures go, of the address this one: the others were others'."""
    for minute, name in enumerate((EVE, BEN), 1):
        desk.begin_try([name, HERE], at(minute), two_are_free)
    desk.end_try(BEN, HERE)
    assert (desk.failures(BEN), desk.failures(EVE)) == (None, Failures(1, at(1)))
    assert desk.failures(HERE) == Failures(1, at(2))
    desk.end_try(EVE, HERE)
    desk.end_try(EVE, HERE)
    assert (desk.failures(EVE), desk.failures(HERE)) == (None, None)


def test_sweeping_failures_forgets_old_ones_and_puts_those_ahead_right(desk: StationDesk) -> None:
    """What is of the moment or later stays; what lies ahead of the clock gets old from now on."""
    for minute, name in ((1, "name old"), (2, BEN), (9, EVE)):
        desk.begin_try([name], at(minute), two_are_free)
    desk.sweep_failures(at(2), at(5))
    found = [desk.failures(name) for name in ("name old", BEN, EVE)]
    assert found == [None, Failures(1, at(2)), Failures(1, at(5))]


def test_of_tries_at_once_each_sees_the_others(desk: StationDesk) -> None:
    """A try that comes while another is being counted waits for that one's count, and not for its own turn alone."""
    begun: list[Future[tuple[int, Sequence[Failures]]]] = []

    def one_is_free(_subject: str, failed: Failures) -> tuple[Failures, int]:
        return failed, 7 * failed.failures

    def hesitant(subject: str, failed: Failures) -> tuple[Failures, int]:
        begun.append(threads.submit(desk.begin_try, [BEN], at(1), one_is_free))
        wait(begun, timeout=0.3)  # time enough for the other to look; to end, it needs this one's end
        return one_is_free(subject, failed)

    with ThreadPoolExecutor(1) as threads:
        assert desk.begin_try([BEN], at(1), hesitant)[0] == 0
        assert begun[0].result(GUARD_SECONDS)[0] == 7
    assert desk.failures(BEN) == Failures(1, at(1))
