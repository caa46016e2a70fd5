"""Whatever single thing fails during a deed, the database is as it was, the error says so, and the deed can be retried.

Every deed runs on the real commit path, from a fresh copy of one furnished database each time; the k-th statement, or
the k-th call to the file system, fails. Of the statements of a deed every k is tried; of the calls, and of what a first
init does, `make test` tries some k, one of each kind among them and others in each run, and `make soak` every k there
is. Beside it stand planted bugs that the same loop catches.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import apsw
import pytest

from assettrack import bootstrap
from assettrack.domain import errors, station_errors
from assettrack.services import intake, verification
from assettrack.settings import Settings
from assettrack.store import sqlite
from assettrack.store.connection import Connection, DatabaseSettings, Value
from assettrack.store.sqlite import SqliteStore
from tests.conftest import Figure
from tests.faults.failing_statements import (
    CHANGING_CALLS,
    MAX_FAILURES,
    Call,
    Fault,
    Point,
    Tried,
    Trouble,
    failing_call,
    failing_statement,
    for_every_k,
    for_some_k,
)
from tests.faults.station_at_work import DEEDS, dump_of, furnish, open_station
from tests.sampling import Sample
from tests.store.stations import first_deed, its_signer


def drawing(sample: Sample, count: int) -> Callable[[Sequence[Point]], Sequence[Point]]:
    """Draw so many of the k, at least one of each kind."""
    return lambda points: sample(points, count, kind=lambda point: point.kind)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Furnish one database for all."""
    folder = tmp_path_factory.mktemp("furnished")
    store, station = open_station(folder / "station.db", folder / "plans")
    furnish(store, station)
    store.close()
    return store.path


def said(tried: Tried, outcomes: Counter[str]) -> str:
    """Say how many failures there were, and what came of them."""
    return f"{tried.failures} failures of {tried.points}, {dict(outcomes)}"


class Trial:
    """One deed, tried again and again from the same database, while something fails."""

    def __init__(self, furnished: Path, folder: Path, deed: str) -> None:
        self.path = folder / "station.db"
        self.outcomes = Counter[str]()
        self.done_at = MAX_FAILURES
        """The first failure after which the deed was there."""
        self._furnished = furnished
        self._plans = folder / "plans"
        self._deed = DEEDS[deed]
        self._failed: BaseException | None = None
        self.fresh()
        self.before = dump_of(self.path)
        store, station = open_station(self.path, self._plans)
        self._deed(station)
        store.close()
        self.after = dump_of(self.path)
        assert self.after != self.before

    def fresh(self) -> None:
        """Begin with a fresh copy of the furnished database."""
        for file in self.path.parent.glob("station.db*"):
            file.unlink()
        shutil.copy(self._furnished, self.path)

    def statement(self, at: int, error: BaseException, *, lasting: bool = False) -> Fault:
        """Do the deed while the k-th statement fails."""
        self.fresh()
        with failing_statement(at, error, lasting=lasting) as fault:
            self._do(None)
        return fault

    def call(self, at: int, trouble: Trouble, calls: Iterable[Call], *, lasting: bool = False) -> Fault:
        """Do the deed while the k-th call to the file system fails."""
        self.fresh()
        with failing_call(at, trouble, calls=set(calls), lasting=lasting) as fault:
            self._do(fault.vfs)
        return fault

    def _do(self, vfs: str | None) -> None:
        self._failed = None
        store, station = open_station(self.path, self._plans, DatabaseSettings(vfs=vfs, busy_seconds=0))
        try:
            self._deed(station)
        except BaseException as error:
            self._failed = error
            raise
        finally:
            with suppress(errors.AssetTrackError):
                store.close()

    def compare(self, fault: Fault) -> None:
        """Hold what is there now against what was there before the deed, and against what it makes."""
        error, found = self._failed, dump_of(self.path)
        assert error is None or isinstance(error, errors.AssetTrackError | KeyboardInterrupt), repr(error)
        if found == self.before:
            assert error is not None, f"the deed seemed to be done, and nothing is there: {fault.place}"
            self.outcomes["as before"] += 1
        else:
            assert found == self.after, f"something in between is there: {fault.place}"
            # Only where the sync of the log failed can a deed that raised an error be there.
            assert error is None or fault.place.startswith("sync station.db"), f"{error!r} at {fault.place}"
            # And then nobody is told that nothing was saved.
            assert error is None or isinstance(error, station_errors.CommitUncertain), repr(error)
            self.outcomes["done" if error is None else "there in spite of the error"] += 1
            self.done_at = min(self.done_at, fault.at)
        self._retry(done=found == self.after)

    def told(self, tried: Tried) -> str:
        """Say what came of all failures."""
        return said(tried, self.outcomes)

    def _retry(self, *, done: bool) -> None:
        """Do the deed once more: it succeeds, or, where it was done, a batch says so; the log tells the same."""
        store, station = open_station(self.path, self._plans)
        with suppress(errors.DeedRefused):  # a case or holder that is there now, a slot that is empty now
            answer = self._deed(station)
            if isinstance(answer, intake.CommitReceipt):
                assert answer.already_committed == done
        verdict = verification.verify(station)
        store.close()
        assert verdict.ok, verdict.message
        assert dump_of(self.path) == self.after


@pytest.fixture
def try_deed(furnished: Path, tmp_path: Path) -> Callable[[str], Trial]:
    """Return what sets up the trial of one deed."""
    return lambda deed: Trial(furnished, tmp_path, deed)


TryDeed = Callable[[str], Trial]


def test_any_statement_of_a_commit_can_be_interrupted(try_deed: TryDeed, figure: Figure) -> None:
    """For every k: who stops the program leaves nothing of the batch, and the same file can then be committed."""
    trial = try_deed("commit")
    tried = for_some_k(lambda at: trial.statement(at, KeyboardInterrupt()), trial.compare, list)
    figure(f"commit, interrupted at the k-th statement: {trial.told(tried)}")
    assert tried.points >= 60
    assert set(trial.outcomes) == {"as before"}


@pytest.mark.parametrize("deed", DEEDS)
def test_any_statement_of_a_deed_can_fail_for_good(try_deed: TryDeed, figure: Figure, deed: str) -> None:
    """For every k: from there on everything fails, the undoing too; nothing is there, and it can be done again."""
    trial, disk_error = try_deed(deed), apsw.IOError("disk I/O error")
    tried = for_some_k(lambda at: trial.statement(at, disk_error, lasting=True), trial.compare, list)
    figure(f"{deed}, everything from the k-th statement on fails: {trial.told(tried)}")
    assert tried.points >= 40
    assert set(trial.outcomes) == {"as before"}


@pytest.mark.parametrize(("trouble", "lasting"), [(Trouble.IO, False), (Trouble.IO, True), (Trouble.FULL, True)])
def test_any_change_of_the_files_by_a_commit_can_fail(
    try_deed: TryDeed, figure: Figure, sample: Sample, trouble: Trouble, *, lasting: bool
) -> None:
    """For any k: the batch is not there, or whole; where an error was answered and it is there, a retry says so."""
    trial = try_deed("commit")
    calls = CHANGING_CALLS if trouble is Trouble.IO else {Call.WRITE}
    tried = for_some_k(lambda at: trial.call(at, trouble, calls, lasting=lasting), trial.compare, drawing(sample, 25))
    figure(f"commit, k-th change of a file fails ({trouble.value}{', lasting' * lasting}): {trial.told(tried)}")
    assert tried.points >= 30
    assert trial.done_at > 20


@pytest.mark.parametrize("call", [Call.READ, Call.LOCK])
def test_any_read_or_lock_of_a_commit_can_fail(try_deed: TryDeed, figure: Figure, sample: Sample, call: Call) -> None:
    """What can't be read or locked stops the deed, or SQLite does without it; nothing is there in part."""
    trial = try_deed("commit")
    tried = for_some_k(lambda at: trial.call(at, Trouble.IO, {call}), trial.compare, drawing(sample, 20))
    figure(f"commit, k-th {call.name.lower()} of a file fails: {trial.told(tried)}")
    assert tried.points >= 2


def test_any_lock_of_a_commit_can_be_held_by_another(try_deed: TryDeed, figure: Figure) -> None:
    """Who finds the file locked answers busy and has done nothing."""
    trial = try_deed("commit")
    failures = for_every_k(lambda at: trial.call(at, Trouble.BUSY, {Call.LOCK}, lasting=True), trial.compare)
    figure(f"commit, every lock from the k-th on is held by another: {trial.told(Tried(failures, failures))}")
    assert failures >= 2


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed != "commit"])
def test_any_change_of_the_files_by_a_typed_deed_can_fail(
    try_deed: TryDeed, figure: Figure, sample: Sample, deed: str
) -> None:
    """For any k: the deed is not there, or whole."""
    trial = try_deed(deed)
    tried = for_some_k(
        lambda at: trial.call(at, Trouble.IO, CHANGING_CALLS, lasting=True), trial.compare, drawing(sample, 12)
    )
    figure(f"{deed}, every change of a file from the k-th on fails: {trial.told(tried)}")
    assert trial.done_at > 10


class _FirstRun:
    """A first `init`, tried again and again in an empty folder, while something fails."""

    def __init__(self, folder: Path) -> None:
        self.outcomes = Counter[str]()
        self.done_at = MAX_FAILURES
        self._folder = folder
        self._runs = 0

    @property
    def path(self) -> Path:
        """The database of this run."""
        return self._folder / f"run-{self._runs}" / "station.db"

    def statement(self, at: int) -> Fault:
        """Run init as it is run, while everything from the k-th statement on fails."""
        self._runs += 1
        with failing_statement(at, apsw.FullError("full"), lasting=True) as fault:
            bootstrap.set_up_station(self._settings(), "UTC")
        return fault

    def call(self, at: int, *, lasting: bool) -> Fault:
        """Set a database up while the k-th change of a file fails."""
        self._runs += 1
        self.path.parent.mkdir()
        with failing_call(at, Trouble.IO, lasting=lasting) as fault:
            SqliteStore(self.path, its_signer, DatabaseSettings(vfs=fault.vfs)).set_up(first_deed)
        return fault

    def compare(self, fault: Fault) -> None:
        """Nothing is there, or, where the sync failed or came after it, a whole database; and init can be run again.

        What fails when the database is made, the reading of what was signed, is no failure of init.
        """
        found = dump_of(self.path)
        self.done_at = min(self.done_at, fault.at) if found else self.done_at
        if fault.error is None:
            assert found
            self.outcomes["done"] += 1
        else:
            assert isinstance(fault.error, errors.AssetTrackError), repr(fault.error)
            self.outcomes["there in spite of the error" if found else "as before"] += 1
        store, station = open_station(self.path, self._folder)
        if not found:
            with pytest.raises(station_errors.DatabaseMissing), store.read():
                pass
        assert store.set_up(first_deed) == (not found)
        assert verification.verify(station).ok
        store.close()

    def _settings(self) -> Settings:
        return Settings(self.path, self._folder / "keys", self._folder / "plans", "Tess")


def test_any_statement_of_a_first_init_can_fail(tmp_path: Path, figure: Figure, sample: Sample) -> None:
    """No table is left behind, the error is ours, and the next init makes the database."""
    run = _FirstRun(tmp_path)
    tried = for_some_k(run.statement, run.compare, drawing(sample, 30))
    figure(f"init, everything from the k-th statement on fails: {said(tried, run.outcomes)}")
    assert tried.points >= 60
    assert set(run.outcomes) == {"as before", "done"}
    assert not run.statement(tried.points + 1).fired
    assert dump_of(run.path)  # the run in which nothing failed


@pytest.mark.parametrize("lasting", [False, True])
def test_any_change_of_the_files_by_a_first_init_can_fail(
    tmp_path: Path, figure: Figure, sample: Sample, *, lasting: bool
) -> None:
    """There is no database, or a whole one; never a part, nor one that init can't go on with."""
    run = _FirstRun(tmp_path)
    tried = for_some_k(lambda at: run.call(at, lasting=lasting), run.compare, drawing(sample, 30))
    figure(f"init, k-th change of a file fails{', lasting' * lasting}: {said(tried, run.outcomes)}")
    assert tried.points >= 30
    assert run.done_at > 20


class _SwallowingConnection(Connection):
    """A planted bug: it passes over one kind of error."""

    def executemany(self, sql: str, rows: Iterable[Sequence[Value]]) -> int:
        """Run the statement for each row, as far as it goes."""
        wanted = list(rows)
        with suppress(apsw.FullError):
            return super().executemany(sql, wanted)
        return len(wanted)


class _CommittingConnection(Connection):
    """A planted bug: it commits in the middle of a deed."""

    def executemany(self, sql: str, rows: Iterable[Sequence[Value]]) -> int:
        """Run the statement for each row, and keep that."""
        count = super().executemany(sql, rows)
        self._say("COMMIT")
        self._say("BEGIN IMMEDIATE")
        return count


@pytest.mark.parametrize("kind", [_SwallowingConnection, _CommittingConnection])
def test_planted_bugs_are_caught(try_deed: TryDeed, monkeypatch: pytest.MonkeyPatch, kind: type[Connection]) -> None:
    """A connection that swallows an error, or commits in the middle, leaves something in between in the same loop."""
    trial = try_deed("commit")
    monkeypatch.setattr(sqlite, "Connection", kind)
    with pytest.raises(AssertionError, match="something in between is there"):
        for_every_k(lambda at: trial.statement(at, apsw.FullError("full")), trial.compare)


@pytest.mark.soak
@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("deed", DEEDS)
def test_every_trouble_of_every_deed(try_deed: TryDeed, figure: Figure, deed: str, *, lasting: bool) -> None:
    """The whole table: each deed, each statement and each call to the file system, each kind of trouble."""
    trial, failures = try_deed(deed), 0
    for error in (apsw.FullError("full"), apsw.IOError("disk I/O error"), KeyboardInterrupt()):
        failures += for_every_k(partial(trial.statement, error=error, lasting=lasting), trial.compare)
    for trouble, calls in (
        (Trouble.IO, CHANGING_CALLS),
        (Trouble.IO, {Call.READ}),
        (Trouble.IO, {Call.LOCK}),
        (Trouble.FULL, {Call.WRITE}),
        (Trouble.BUSY, {Call.LOCK}),
    ):
        failures += for_every_k(partial(trial.call, trouble=trouble, calls=calls, lasting=lasting), trial.compare)
    figure(f"{deed}, every trouble{', lasting' * lasting}: {trial.told(Tried(failures, failures))}")


def test_drawn_faults_that_miss_their_target_are_an_error() -> None:
    """A run that asks nothing of a database must not pass for a proof, nor one that asks for something else."""
    with pytest.raises(AssertionError, match="nothing is asked"):
        for_some_k(Fault, lambda _: None, list)
    asked = iter(["BEGIN", "SELECT"])

    def run(at: int) -> Fault:
        fault, place = Fault(at), next(asked)
        with suppress(KeyboardInterrupt):
            fault.reach(place, KeyboardInterrupt)
        return fault

    with pytest.raises(AssertionError, match="ask for different things"):
        for_some_k(run, lambda _: None, list)
