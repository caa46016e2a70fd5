"""A power cut never loses a deed that was answered as done, never leaves a part of one, and never damages the file.

Shifts of batches and typed deeds run on the real commit path, on a disk in memory whose power is cut after each thing
it is asked to do. What is left must be exactly one of the states between two deeds, at least as far as was answered;
from there the shift goes on and reaches the same next state. Planted bugs are caught by the same test.
"""

import random
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import apsw
import msgspec
import pytest

from assettrack.domain import errors
from assettrack.services import verification
from assettrack.services.ports import Snapshot, Workplace
from assettrack.store import sqlite
from assettrack.store.connection import Connection, DatabaseSettings, Value
from assettrack.store.sqlite import SqliteStore
from tests.conftest import Figure, Tally, soak_n
from tests.faults.power_cuts import CutReport, Cuts, Damage, Violation, power_cuts
from tests.faults.shifts import commit_at_once, shift
from tests.faults.simulated_disk import Operation, SimulatedDisk, mounted
from tests.faults.station_at_work import open_station
from tests.sampling import Sample
from tests.store.databases import told
from tests.store.stations import first_deed

DATABASE = Path("/data/station.db")
WAL_FULL = DatabaseSettings(locking_mode="exclusive", busy_seconds=0)
DELETE_EXTRA = DatabaseSettings(journal_mode="delete", synchronous="extra", busy_seconds=0)

SHIFTS = 5
STEPS = 8
CUTS_EACH = 600
"""At least so many cuts in each shift, so 3,000 in all."""

POINTS_EACH = 156
"""At so many points of each shift `make test` cuts the power: twice, and twice again during the recovery."""

VERIFY_EACH = 4
"""Every survivor is held against the states that were verified; one in so many is verified itself as well."""


def digest(snapshot: Snapshot) -> str:
    """Return a hash of everything in a database."""
    return sha256(repr(told(snapshot)).encode()).hexdigest()


class Trial:
    """One shift, the states it goes through, and the disk on which its power is cut."""

    def __init__(self, seed: int, settings: DatabaseSettings, folder: Path, steps: int = STEPS) -> None:
        self._settings = settings
        self._plans = folder / "plans"
        self._steps = shift(seed, steps + 3)  # the last three are for those who go on after a cut
        self._done = steps
        self._checks = 0
        self._sizes, self._states = self._reference(folder / "reference.db")
        disk = SimulatedDisk()
        with mounted(disk) as vfs, closing(self._open(vfs)[0]) as store:
            store.set_up(first_deed)
        self._contents = disk.contents()

    def cut(self, cuts: Cuts) -> CutReport:
        """Cut the power of the shift, and check each disk that is left."""
        return power_cuts(self._work, self._check, cuts, contents=self._contents)

    def _open(self, vfs: str) -> tuple[SqliteStore, Workplace]:
        return open_station(DATABASE, self._plans, msgspec.structs.replace(self._settings, vfs=vfs))

    def _reference(self, path: Path) -> tuple[list[int], list[str]]:
        """Do the whole shift on an ordinary file; note the log's size and the state at first and after each deed."""
        store, station = open_station(path, self._plans)
        with closing(store):
            store.set_up(first_deed)
            found = [_state(store)]
            for step in self._steps:
                step.do(station)
                found.append(_state(store))
                assert verification.verify(station).ok
        return [size for size, _ in found], [state for _, state in found]

    def _work(self, vfs: str, acknowledge: Callable[[int], None]) -> None:
        """Do the shift, and answer after each deed."""
        store, station = self._open(vfs)
        with closing(store):
            for number, step in enumerate(self._steps[: self._done], 1):
                step.do(station)
                acknowledge(number)
                if number % 3 == 0:  # as a command does when it ends: the log is written back and removed
                    store.close()

    def _check(self, vfs: str, answered: Sequence[int]) -> list[Violation]:
        """Find out which state is there, and go on from it."""
        store, station = self._open(vfs)
        with closing(store):
            with store.read() as snapshot:
                faults = [*snapshot.file_faults(), *snapshot.schema_faults()]
                size, state = snapshot.log_size, digest(snapshot)
            violations = [Violation(Damage.CORRUPT, fault) for fault in faults]
            if size < self._sizes[max(answered, default=0)]:
                violations.append(
                    Violation(Damage.LOST, f"deed {answered[-1]} was answered, the log has {size} entries")
                )
            if state not in self._states:
                return [*violations, Violation(Damage.PARTIAL, f"a log of {size} entries lies between two deeds")]
            done = self._states.index(state)
            return violations + self._go_on(store, station, done, was_answered=done in answered)

    def _go_on(self, store: SqliteStore, station: Workplace, done: int, *, was_answered: bool) -> list[Violation]:
        """Do the next deed of the shift, and compare with the state it leads to without a cut.

        A batch that was in flight and is there is committed once more first, and must be known.
        """
        self._checks += 1
        if self._checks % VERIFY_EACH == 0:
            verdict = verification.verify(station)
            if not verdict.ok:
                return [Violation(Damage.CORRUPT, verdict.message)]
        latest = self._steps[done - 1] if done else None
        if latest is not None and latest.rows and not was_answered:
            receipt = commit_at_once(station, latest.rows)
            if not receipt.already_committed or _state(store)[1] != self._states[done]:
                return [Violation(Damage.CORRUPT, f"deed {done} was done twice")]
        if done < len(self._steps):
            step = self._steps[done]
            commit_at_once(station, step.rows) if step.rows else step.do(station)
            if _state(store)[1] != self._states[done + 1]:
                return [Violation(Damage.CORRUPT, f"after the cut deed {done + 1} led to another state")]
        return []


def _state(store: SqliteStore) -> tuple[int, str]:
    with store.read() as snapshot:
        return snapshot.log_size, digest(snapshot)


# What a check may meet on a broken disk, instead of an answer.
UNUSABLE = (apsw.Error, UnicodeDecodeError, errors.AssetTrackError)


def kind_of(point: tuple[int, Operation]) -> tuple[object, ...]:
    """What is done at a point, and to which file; each sync is of a kind of its own."""
    number, operation = point
    return operation.action, operation.name, number if "SYNC" in operation.action.name else None


@pytest.mark.parametrize("seed", range(SHIFTS))
def test_power_cuts_lose_nothing_and_leave_nothing_in_part(
    tmp_path: Path, figure: Figure, tally: Tally, sample: Sample, seed: int
) -> None:
    """At any point of a shift, whatever becomes of what was not synced, and again during the recovery from it.

    In `make test` these are some of the points, each sync and one of each other kind among them and others in each run;
    in `make soak` all of them.
    """
    cuts = Cuts(seeds=range(2), draw=lambda points: sample(points, POINTS_EACH, kind_of), unusable=UNUSABLE)
    report = Trial(seed, WAL_FULL, tmp_path).cut(cuts)
    figure(f"shift {seed}: {'; '.join(str(report).splitlines())}")
    tally("power cuts", report.cuts)
    tally("power cuts that lost, split or damaged anything", report.lost + report.partial + report.corrupt)
    assert report.is_clean, str(report)
    if sample.takes_all:
        assert report.points >= min(report.all_points, soak_n(sys.maxsize))
    else:
        assert report.cuts >= CUTS_EACH
        assert report.points >= POINTS_EACH


class _RowByRow(Connection):
    """A planted bug: it commits each row by itself."""

    def executemany(self, sql: str, rows: Iterable[Sequence[Value]]) -> int:
        """Run the statement for each row, and keep each."""
        count = 0
        for row in rows:
            count += super().executemany(sql, [row])
            self._say("COMMIT")
            self._say("BEGIN IMMEDIATE")
        return count


NORMAL = msgspec.structs.replace(WAL_FULL, synchronous="normal")
DELETE_FULL = msgspec.structs.replace(DELETE_EXTRA, synchronous="full")


@pytest.mark.parametrize(
    ("bug", "settings", "damage"),
    [
        ("WAL+NORMAL", NORMAL, "lost"),  # the log is not synced at a commit
        ("DELETE+FULL", DELETE_FULL, "lost"),  # the journal's unlink is not synced: it comes back and rolls back
        ("a commit for each row", WAL_FULL, "partial"),
    ],
)
def test_planted_bugs_are_convicted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Figure, bug: str, settings: DatabaseSettings, damage: str
) -> None:
    """Settings that answer too early lose deeds, and commits row by row leave parts: the same cuts show it."""
    trial = Trial(1, settings, tmp_path)
    if settings is WAL_FULL:
        monkeypatch.setattr(sqlite, "Connection", _RowByRow)
    report = trial.cut(Cuts(seeds=range(2), points=60, second_cuts=0, unusable=UNUSABLE))
    found = {"lost": report.lost, "partial": report.partial}
    figure(f"planted bug {bug}: {report.cuts} power cuts, {found[damage]} of them {damage} (must be found)")
    assert found[damage] > report.cuts / 100, str(report)


@pytest.mark.soak
@pytest.mark.parametrize("settings", [WAL_FULL, DELETE_EXTRA], ids=["WAL+FULL", "DELETE+EXTRA"])
def test_power_cuts_of_many_shifts(tmp_path: Path, figure: Figure, settings: DatabaseSettings) -> None:
    """Shift after shift, until there were so many cuts as were asked for."""
    wanted, report, seed = soak_n(20_000), CutReport(), 1_000
    while report.cuts < wanted and report.is_clean:
        seed += 1
        folder = tmp_path / str(seed)
        folder.mkdir()
        trial = Trial(seed, settings, folder, steps=random.Random(seed).randint(4, 24))
        report += trial.cut(Cuts(seeds=range(3), points=120, unusable=UNUSABLE))
    figure(f"{seed - 1_000} shifts, {settings.journal_mode}+{settings.synchronous}: {report}")
    assert report.is_clean, str(report)
