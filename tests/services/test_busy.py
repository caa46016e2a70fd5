"""Two processes on one database: one writes, the other waits its time, and whoever reads never waits.

The other process is a real one (`second_process`). No time is measured: where SQLite would sleep, a file system of the
test's own is asked instead, and counts.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import apsw
import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.plans import Options
from assettrack.domain.tags import Place
from assettrack.services import assets, holders, intake, slots, verification
from assettrack.services.ports import Workplace
from assettrack.store.connection import DatabaseSettings
from assettrack.store.sqlite import SqliteStore
from tests.store.stations import (
    Row,
    batch,
    created,
    file_bytes,
    first_deed,
    issued,
    its_signer,
    scanned,
    workplace,
)

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 10
OPTIONS = Options(new_holders=True)

_vfs_numbers = count(1)


class OtherProcess:
    """A process that does what it is told to the test's database."""

    def __init__(self, database: Path) -> None:
        self._where = {"database": str(database), "plans": str(database.with_name("plans"))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.services.second_process"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, do: str, **order: object) -> None:
        """Tell it what to do, and don't wait for it."""
        self._write(json.dumps({"do": do, **self._where, **order}))

    def go_on(self) -> None:
        """Let it go on."""
        self._write("")

    def answer(self) -> dict[str, Any]:
        """Return what it answers, once it does."""
        assert self._process.stdout is not None
        return dict(json.loads(self._process.stdout.readline()))

    def kill(self) -> None:
        """Kill it, whatever it is doing."""
        self._process.kill()
        self.close()

    def close(self) -> None:
        """Let it end, and wait for that."""
        self._process.communicate()

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()


class _WatchedVFS(apsw.VFS):
    """The system's files; whoever would sleep for a lock calls the test instead, and sleeps not at all."""

    def __init__(self, name: str, on_sleep: Callable[[int], None]) -> None:
        super().__init__(name, "")
        self._on_sleep = on_sleep

    def xSleep(self, microseconds: int) -> int:  # noqa: N802 - SQLite's name
        """Call the test, and say that the time is over."""
        self._on_sleep(microseconds)
        return microseconds


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Prepare a database with a case of 100 slots and an asset."""
    path = tmp_path / "station.db"
    with closing(SqliteStore(path, its_signer)) as store:
        store.set_up(first_deed)
        station = workplace(store, tmp_path / "plans")
        slots.initialise_cases(station, [("C", 100)])
        intake.commit(station, batch(created("A-1", building_room="B 1")), "first.csv", OPTIONS, confirm=None)
    return path


@pytest.fixture
def other(path: Path) -> Iterator[OtherProcess]:
    """Start another process."""
    process = OtherProcess(path)
    yield process
    process.close()


@pytest.fixture
def open_station(path: Path) -> Iterator[Callable[..., Workplace]]:
    """Return what opens the database in this process; what SQLite would sleep is told to ``on_sleep``."""
    opened: list[tuple[SqliteStore, _WatchedVFS]] = []

    def make(on_sleep: Callable[[int], None], **settings: float) -> Workplace:
        name = f"watched-{next(_vfs_numbers)}"
        vfs = _WatchedVFS(name, on_sleep)
        store = SqliteStore(path, its_signer, DatabaseSettings(vfs=name, **settings))  # type: ignore[arg-type]  # busy_seconds is the one setting given
        opened.append((store, vfs))
        return workplace(store, path.with_name("plans"))

    yield make
    for store, vfs in opened:
        store.close()
        vfs.unregister()


OpenStation = Callable[..., Workplace]


def never(microseconds: int) -> None:
    """Stand for a sleep that must not be."""
    raise AssertionError(f"somebody waited {microseconds} microseconds")


def log_size(station: Workplace) -> int:
    """Return how many entries the log has."""
    with station.store.read() as snapshot:
        return snapshot.log_size


def test_who_finds_the_database_locked_waits_five_seconds(open_station: OpenStation, other: OtherProcess) -> None:
    """Then it is busy, exits 6, and nothing was saved; as soon as the lock is free, the same works."""
    slept: list[int] = []
    station = open_station(slept.append)
    before = log_size(station)
    other.tell("write")
    assert other.answer() == {"held": True}
    with pytest.raises(station_errors.DatabaseBusy, match="within 5 seconds") as caught:
        intake.commit(station, batch(created("A-2")), "second.csv", OPTIONS, confirm=None)
    assert caught.value.exit_code == 6
    assert sum(slept) == 5_000_000
    assert log_size(station) == before
    other.go_on()
    assert other.answer() == {"released": True}
    assert intake.commit(station, batch(created("A-2")), "second.csv", OPTIONS, confirm=None).committed == 1
    assert sum(slept) == 5_000_000


def test_who_waits_goes_on_when_the_lock_is_free(open_station: OpenStation, other: OtherProcess) -> None:
    """The wait ends with the other's transaction; here that ends while this one waits."""
    slept: list[int] = []

    def release(microseconds: int) -> None:
        if not slept:
            other.go_on()
            assert other.answer() == {"released": True}
        slept.append(microseconds)

    station = open_station(release)
    other.tell("write")
    assert other.answer() == {"held": True}
    assert holders.register(station, "Ada Lovelace")[0].name == "Ada Lovelace"
    assert len(slept) == 1


def test_reading_never_waits_for_writing(open_station: OpenStation, other: OtherProcess) -> None:
    """While another writes, whoever looks, previews or verifies is answered at once, with the state before."""
    station = open_station(never, busy_seconds=0)
    before = log_size(station)
    other.tell("write")
    assert other.answer() == {"held": True}
    assert log_size(station) == before
    assert holders.all_holders(station) == []
    assert slots.occupant(station, Place("C", 1)) is None
    assert assets.asset(station, "A-1").building_room == "B 1"
    assert intake.preview(station, batch(created("A-2")), OPTIONS).valid
    assert verification.verify(station).ok
    other.go_on()
    assert other.answer() == {"released": True}


def test_writing_never_waits_for_reading(open_station: OpenStation, other: OtherProcess) -> None:
    """While another reads, a commit goes through at once, and the other's view stays as it was."""
    station = open_station(never, busy_seconds=0)
    other.tell("read")
    assert other.answer() == {"size": log_size(station)}
    assert intake.commit(station, batch(created("A-2")), "second.csv", OPTIONS, confirm=None).committed == 1
    other.go_on()
    assert other.answer() == {"still": True}


def test_who_is_killed_while_writing_leaves_no_trace_and_no_lock(open_station: OpenStation, path: Path) -> None:
    """Nothing of the killed one's deed is there, and the next who writes need not wait."""
    station = open_station(never, busy_seconds=0)
    before = log_size(station)
    killed = OtherProcess(path)
    killed.tell("write")
    assert killed.answer() == {"held": True}
    killed.kill()
    assert log_size(station) == before
    assert intake.commit(station, batch(created("A-2")), "second.csv", OPTIONS, confirm=None).committed == 1
    assert verification.verify(station).ok


class Race:
    """Two processes that commit at the same time, again and again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.racers = (OtherProcess(path), OtherProcess(path))
        self._store = SqliteStore(path, its_signer)
        self.station = workplace(self._store, path.with_name("plans"))

    def plan(self, name: str, *rows: Row) -> dict[str, object]:
        """Preview a batch, and return the order to commit it with its code."""
        file = self.path.with_name(name)
        file.write_bytes(file_bytes(rows))
        return {"file": str(file), "confirm": intake.preview(self.station, batch(*rows), OPTIONS).confirm_code}

    def run(self, orders: Sequence[dict[str, object]]) -> list[dict[str, Any]]:
        """Let both commit at once, and return what became of it, the winner first."""
        for racer, order in zip(self.racers, orders, strict=True):
            racer.tell("commit", **order)
        answers = [racer.answer() for racer in self.racers]
        return sorted(answers, key=lambda answer: not answer.get("committed"))

    def close(self) -> None:
        """End both, and make sure that all is well."""
        for racer in self.racers:
            racer.close()
        verdict = verification.verify(self.station)
        self._store.close()
        assert verdict.ok, verdict.message


@pytest.fixture
def race(path: Path) -> Iterator[Race]:
    """Start a race."""
    race = Race(path)
    yield race
    race.close()


def test_the_same_file_committed_twice_at_once_is_committed_once(race: Race) -> None:
    """One commits it; the other learns that it was committed, by which batch, under which checkpoint."""
    for number in range(ROUNDS):
        rows = [created(f"B-{number}-{row}", Place("C", 10 * number + row)) for row in range(1, 6)]
        before = log_size(race.station)
        order = race.plan(f"same-{number}.csv", *rows, issued(f"B-{number}-1", f"Holder {number}"))
        winner, loser = race.run([order, order])
        assert (winner["committed"], winner["already_committed"]) == (6, False)
        assert (loser["committed"], loser["already_committed"]) == (0, True)
        shared = ("batch_id", "first_seq", "last_seq", "checkpoint")
        assert {name: winner[name] for name in shared} == {name: loser[name] for name in shared}
        assert log_size(race.station) == before + 8  # the batch, its holder, its six rows


def test_of_two_plans_for_one_slot_one_wins(race: Race) -> None:
    """The other is refused, by a sentence that says who is there now, and nothing of it is saved."""
    for number in range(1, ROUNDS + 1):
        place, before = Place("C", number), log_size(race.station)
        tags = [f"{name}-{number}" for name in ("LEFT", "RIGHT")]
        orders = [race.plan(f"{tag}.csv", created(tag, place), created(f"{tag}-TOO")) for tag in tags]
        winner, loser = race.run(orders)
        there = slots.occupant(race.station, place)
        assert winner["committed"] == 2
        assert there in tags
        assert loser["error"] == "batch_refused"
        assert [str(place) in sentence and str(there) in sentence for sentence in loser["refusals"]] == [True]
        assert log_size(race.station) == before + 3
        missing = next(tag for tag in tags if tag != there)
        with pytest.raises(errors.NotFound):
            assets.asset(race.station, f"{missing}-TOO")


def test_of_two_plans_from_one_state_one_goes_stale(race: Race) -> None:
    """Where the loser would still be allowed, but do something else than was shown, it is told which rows moved."""
    for number in range(1, ROUNDS + 1):
        orders = []
        for name in ("left", "right"):
            change = scanned("UPDATE", "A-1", building_room=f"{name} {number}")
            orders.append(race.plan(f"{name}-{number}.csv", created(f"{name}-{number}"), change))
        winner, loser = race.run(orders)
        assert winner["committed"] == 2
        assert (loser["error"], loser["rows"]) == ("plan_stale", [2])
        assert assets.asset(race.station, "A-1").building_room in {f"left {number}", f"right {number}"}
