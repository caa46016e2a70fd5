"""Whatever stops a restore, the station has its old database or the new one, whole, and can go on with either.

The process is killed at every step of it, the power is cut at every operation of the disk while the database is written
over, and the disk is full at any size. Beside it stands a planted bug that the same cuts convict.
"""

import os
import resource
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from itertools import count
from pathlib import Path
from types import FrameType

import apsw
import msgspec
import pytest

from assettrack.domain import errors
from assettrack.store.backups import ScratchDatabase
from assettrack.store.connection import DatabaseSettings
from assettrack.store.replacing import HeldDatabase, overwriting
from tests.conftest import Figure
from tests.faults.power_cuts import CutReport, Cuts, Damage, Violation, power_cuts
from tests.sampling import Sample
from tests.services.random_station import Tables, tables_of
from tests.services.test_restoring import without_restore
from tests.services.vault import Vault

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and limits on resources")

OLD, NEW = "the old database", "the new database"
KILLED_EACH = 53
"""In the usual run the process is killed at one step of 53, from a first one on that is drawn."""


class Trial:
    """A station with a backup, restored again and again in another process that something stops."""

    def __init__(self, folder: Path) -> None:
        self.vault = Vault(folder)
        self.vault.desk_with_assets()
        self.vault.back_up("monday")
        self.vault.register(2)
        self.vault.store.close()
        self.old = tables_of(self.vault.live)
        self.new = tables_of(self.vault.shelf / "monday")
        self.template = shutil.copytree(folder / "live", folder / "template")
        self.note = (folder / "checkpoints" / f"{self.vault.signer.name}.note").read_bytes()
        self.outcomes = Counter[str]()

    def fresh(self, *, damaged: bool = False) -> None:
        """Begin with the old database, or with what is left of it."""
        folder = self.vault.folder
        self.vault.store.close()
        shutil.rmtree(folder / "live")
        shutil.copytree(self.template, folder / "live")
        (folder / "checkpoints" / f"{self.vault.signer.name}.note").write_bytes(self.note)
        if damaged:
            self.vault.live.write_bytes(b"nothing that SQLite knows" * 1000)

    def in_another_process(self, prepare: Callable[[], None]) -> int:
        """Restore in a child of this process; return how it ended: 0, 1 for an error of the catalogue, or a signal."""
        child = os.fork()
        if child:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        code = 99
        try:
            prepare()
            self.vault.restore(self.vault.order("monday"))
            code = 0
        except errors.AssetTrackError:
            code = 1
        finally:
            os._exit(code)

    def compare(self, *, damaged: bool = False) -> None:
        """Hold what is there now against old and new, and go on working with it."""
        found = self._found(damaged=damaged)
        self.outcomes[found] += 1
        if found == OLD:
            assert self.vault.restore(self.vault.order("monday")).entries == 4
        self.vault.require_good()
        self.vault.register()  # what is known outside explains it, or is explained by it
        assert self.vault.log_size == 6
        kept = [path for path in self.vault.live.parent.iterdir() if ".replaced-" in path.name]
        for path in kept:
            assert damaged or tables_of(path) == self.old

    def _found(self, *, damaged: bool) -> str:
        try:
            tables: Tables = tables_of(self.vault.live)
        except (apsw.NotADBError, apsw.CantOpenError):
            assert damaged, "there was a good database, and now there is none"
            return OLD
        if tables == self.old and not damaged:
            return OLD
        assert without_restore(tables) == self.new
        return NEW


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    """Set up the station."""
    made = Trial(tmp_path)
    yield made
    made.vault.store.close()


def killing(at: int) -> Callable[[], None]:
    """Return what kills this process at a step, counted in calls of functions from the moment the lock is taken."""

    def prepare() -> None:
        steps = count(1)

        def step(_frame: FrameType, event: str, _argument: object) -> None:
            if event in {"call", "c_call"} and next(steps) == at:
                os.kill(os.getpid(), signal.SIGKILL)

        hold = ScratchDatabase.holding

        def holding(self: ScratchDatabase) -> AbstractContextManager[HeldDatabase]:
            sys.setprofile(step)
            return hold(self)

        ScratchDatabase.holding = holding  # type: ignore[method-assign]  # in a process that ends with it

    return prepare


def kill_at(trial: Trial, steps: Sequence[int], *, damaged: bool = False) -> int:
    """Kill a restore at each of these steps, up to where it ends before; return how often it was killed."""
    for killed, at in enumerate(steps):
        trial.fresh(damaged=damaged)
        if trial.in_another_process(killing(at)) == 0:
            return killed
        trial.compare(damaged=damaged)
    return len(steps)


@pytest.mark.parametrize("damaged", [False, True])
def test_a_process_that_is_killed_leaves_old_or_new(
    trial: Trial, figure: Figure, sample: Sample, *, damaged: bool
) -> None:
    """Killed at any step, from taking the lock to the end: one of the two is there, and work goes on with it.

    In `make test` at one step of so many, others in each run; in `make soak` at every single one.
    """
    firsts = sample(range(1, KILLED_EACH + 1), 1)
    killed = sum(kill_at(trial, range(first, 100_000, KILLED_EACH), damaged=damaged) for first in firsts)
    what = "of a database that can't be read" if damaged else "of a good one"
    figure(f"restore {what}, killed at {killed} steps: {dict(trial.outcomes)}")
    assert killed > 20
    assert min(trial.outcomes[OLD], trial.outcomes[NEW]) > 0


def test_a_full_disk_leaves_the_old_one(trial: Trial, figure: Figure) -> None:
    """At whatever size the disk is full: an error is told and the old database is there, or all of it fits."""
    sizes = [*range(0, 240_000, 12_000), 10**9]
    ended = Counter[int]()
    for size in sizes:
        trial.fresh()

        def limit(size: int = size) -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        code = trial.in_another_process(limit)
        assert code in {0, 1}, code
        ended[code] += 1
        left = sorted(path.name for path in trial.vault.live.parent.iterdir() if "-wal" not in path.name)
        if code:
            assert [name for name in left if "-shm" not in name] == ["assettrack.db"]
        before = trial.outcomes[NEW]
        trial.compare()
        assert trial.outcomes[NEW] - before == (code == 0)
    figure(f"restore on disks of {len(sizes)} sizes: {ended[1]} full, the old database there; {ended[0]} not")
    assert ended[1] >= 10
    assert ended[0] >= 1


DATABASE = Path("/data/station.db")
WAL_FULL = DatabaseSettings(locking_mode="exclusive", busy_seconds=0)


def words(name: str, pages: int) -> bytes:
    """Return a database in WAL mode that holds one word many times, as it lies on a disk."""
    path = Path(name)
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("PRAGMA journal_mode = wal").fetchall()
        connection.execute("BEGIN; CREATE TABLE words(word)")
        connection.executemany("INSERT INTO words VALUES (?)", [(path.name * 200,)] * pages)
        connection.execute("COMMIT")
    return path.read_bytes()


def cut_while_overwriting(folder: Path, settings: DatabaseSettings, cuts: Cuts) -> CutReport:
    """Write a new database over an old one, and cut the power wherever something is asked of the disk."""
    old, _new = words(str(folder / "old"), 12), words(str(folder / "new"), 30)

    def work(vfs: str, acknowledge: Callable[[str], None]) -> None:
        with closing(apsw.Connection(str(folder / "new"))) as source:
            held = overwriting(DATABASE, source, msgspec.structs.replace(settings, vfs=vfs))
            assert held is not None
            held.overwrite()
            acknowledge("new")
            held.release()

    def check(vfs: str, answered: Sequence[str]) -> list[Violation]:
        with closing(apsw.Connection(str(DATABASE), vfs=vfs)) as connection:
            connection.execute(f"PRAGMA locking_mode = {settings.locking_mode}").fetchall()
            faults = connection.pragma("integrity_check")
            found = Counter(word for (word,) in connection.execute("SELECT word FROM words"))
        if faults != "ok":
            return [Violation(Damage.CORRUPT, str(faults))]
        if found == {"old" * 200: 12}:
            return [Violation(Damage.LOST, "the new database was there")] if answered else []
        return [] if found == {"new" * 200: 30} else [Violation(Damage.PARTIAL, str(found.total()))]

    return power_cuts(work, check, cuts, contents={str(DATABASE): old})


def test_a_power_cut_leaves_old_or_new(tmp_path: Path, figure: Figure) -> None:
    """At every operation of the disk, whatever becomes of what was not synced, and again during the recovery."""
    report = cut_while_overwriting(tmp_path, WAL_FULL, Cuts(seeds=range(6)))
    figure(f"database written over: {'; '.join(str(report).splitlines())}")
    assert report.is_clean, str(report)
    assert report.points == report.all_points
    assert report.cuts >= 300


def test_a_planted_bug_is_convicted(tmp_path: Path, figure: Figure) -> None:
    """Without a sync at the end the same cuts lose the new database after it was said to be there."""
    settings = msgspec.structs.replace(WAL_FULL, synchronous="off")
    report = cut_while_overwriting(tmp_path, settings, Cuts(seeds=range(6), second_cuts=0))
    figure(f"planted bug, written over without a sync: {report.cuts} cuts, {report.lost + report.corrupt} found")
    assert report.lost + report.corrupt + report.partial > 0
