"""Makes the k-th thing asked of a database fail, and loops over every k.

Owns two ways to fail: a statement, before SQLite sees it, and a call of SQLite's to the file system under a real file.
It must never fail anything after its `with` block, so that a comparison reads undisturbed.

    def run(at):
        ... a fresh copy of the database ...
        with failing_statement(at, apsw.FullError("disk full")) as fault:
            ... one operation ...
        return fault

    failures = for_every_k(run, compare)
    all_there_are, failures = for_some_k(run, compare, lambda points: sample(points, 20, kind=lambda point: point.kind))
"""

# ruff: noqa: N802 - SQLite names the methods of a VFS (xRead, xWrite, ...)

import contextlib
import enum
import itertools
import posixpath
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import apsw

MAX_FAILURES = 100_000
"""Where `for_every_k` gives up: no operation under test asks this many things of a database."""

_vfs_numbers = itertools.count(1)


class Call(enum.Enum):
    """What SQLite asks of a file system, and the result code by which its unix VFS says that this did not work."""

    OPEN = apsw.SQLITE_CANTOPEN
    READ = apsw.SQLITE_IOERR_READ
    WRITE = apsw.SQLITE_IOERR_WRITE
    TRUNCATE = apsw.SQLITE_IOERR_TRUNCATE
    SYNC = apsw.SQLITE_IOERR_FSYNC
    DELETE = apsw.SQLITE_IOERR_DELETE
    LOCK = apsw.SQLITE_IOERR_LOCK


CHANGING_CALLS = frozenset({Call.OPEN, Call.WRITE, Call.TRUNCATE, Call.SYNC, Call.DELETE})
"""The calls that change what is stored."""


class Trouble(enum.Enum):
    """Why a call to the file system fails.

    Each takes the form that SQLite's unix VFS gives it. A full disk is SQLITE_FULL from a write alone. Only a lock can
    be busy: SQLite takes SQLITE_BUSY from a checkpoint's write or sync for a reader in the way, believes the checkpoint
    done when it closes, and deletes the WAL with the batches in it.
    """

    IO = "input/output error"
    FULL = "disk full"
    BUSY = "locked by another"


@dataclass(slots=True)
class Fault:
    """A failure that waits for its turn, and afterwards tells what came of it.

    With `lasting` everything after the first failure fails as well, until the `with` block ends. A run whose fault
    fired may end without `error`: the code, or SQLite, could do without what failed.
    """

    at: int
    lasting: bool = False
    count: int = 0
    fired: bool = False
    place: str = ""
    """What failed first: the statement, or the call and the file."""
    error: BaseException | None = None
    """What left the `with` block because of it."""
    vfs: str = ""
    """The name of the VFS that fails; empty for a failing statement."""
    is_armed: bool = True
    places: list[str] = field(default_factory=list)
    """All that was asked so far."""

    def reach(self, place: str, make_error: Callable[[], BaseException]) -> None:
        """Count one more thing asked of the database, and raise when it is the one to fail."""
        if not self.is_armed:
            return
        self.count += 1
        self.places.append(place)
        if self.count == self.at:
            self.fired, self.place = True, place
        if self.count == self.at or (self.lasting and self.fired):
            raise make_error()


@contextlib.contextmanager
def failing_statement(at: int, error: BaseException, *, lasting: bool = False) -> Iterator[Fault]:
    """Raise `error` instead of the `at`-th statement (from 1) that connections opened inside execute.

    `executemany` counts once for each set of bindings. Statements inside triggers are not counted. Once the fault has
    fired, whatever leaves the block is kept in `Fault.error` and goes no further.
    """
    fault = Fault(at, lasting)

    def install(connection: apsw.Connection) -> None:
        earlier = connection.exec_trace

        def trace(cursor: apsw.Cursor, sql: str, bindings: "apsw.Bindings | None") -> bool:
            fault.reach(sql, lambda: error)
            return True if earlier is None else earlier(cursor, sql, bindings)

        connection.exec_trace = trace

    apsw.connection_hooks.append(install)
    try:
        with _kept(fault):
            yield fault
    finally:
        apsw.connection_hooks.remove(install)


@contextlib.contextmanager
def failing_call(
    at: int, trouble: Trouble, *, calls: Collection[Call] | None = None, lasting: bool = False
) -> Iterator[Fault]:
    """Fail the `at`-th of `calls` (from 1) that SQLite makes through the VFS named by `Fault.vfs`, over real files.

    Without `calls` these are CHANGING_CALLS, and for BUSY the locks. Raises ValueError for any other call with BUSY.

    Shared memory works, so WAL does in any locking mode. Once the fault has fired, whatever leaves the block is kept in
    `Fault.error` and goes no further.

    An error in a Python VFS comes out of the statement or `close` that caused it even where SQLite itself thinks
    nothing of it: a checkpoint that fails after its commit, a journal that cannot be read ahead. So an error alone does
    not prove that nothing was saved; `Fault.place` tells which file it was.
    """
    possible = {Call.LOCK} if trouble is Trouble.BUSY else CHANGING_CALLS
    if trouble is Trouble.BUSY and not possible >= set(calls or ()):
        raise ValueError("only a lock can be busy")
    fault = Fault(at, lasting, vfs=f"failing-calls-{next(_vfs_numbers)}")
    vfs = _FailingVFS(fault, trouble, possible if calls is None else calls)
    try:
        with _kept(fault):
            yield fault
    finally:
        vfs.unregister()


def for_every_k(run: Callable[[int], Fault], compare: Callable[[Fault], None]) -> int:
    """Call `run` with 1, 2, 3, ... until a fault no longer fires, and `compare` after each that did.

    Answers how many failures there were. Raises whatever `compare` raises, and AssertionError when not even the first
    fault fired: then the faults miss their target and nothing was tested.
    """
    for at in range(1, MAX_FAILURES):
        fault = run(at)
        if not fault.fired:
            assert at > 1, "no fault fired: the code under test does not go where the faults are"
            return at - 1
        compare(fault)
    raise AssertionError(f"still failing after {MAX_FAILURES} runs")


class Point(NamedTuple):
    """One thing that a run asks of a database, and that can fail."""

    at: int
    """Its number, from 1."""
    place: str
    """As in `Fault`."""
    commits: int
    """How many transactions were committed before it."""

    @property
    def kind(self) -> tuple[str, int]:
        """What it is for, told from how the statement begins, or from the call and the file, and when it came.

        Each sync is of a kind of its own: in one of them it is decided whether a deed is there.
        """
        words = self.place.split()
        told = " ".join(words[: 1 if words[0] in {"PRAGMA", "SELECT"} else 2])
        return told, self.at if words[0] == "sync" else self.commits


class Tried(NamedTuple):
    """How many things could fail, and how many of them did."""

    points: int
    failures: int


def for_some_k(
    run: Callable[[int], Fault],
    compare: Callable[[Fault], None],
    draw: Callable[[Sequence[Point]], Sequence[Point]],
) -> Tried:
    """Do as `for_every_k` for the points that are drawn; a first run, in which nothing fails, tells what there is.

    Raises whatever `compare` raises, and AssertionError where a fault does not meet what it was drawn for.
    """
    whole = run(MAX_FAILURES)
    assert whole.places, "nothing is asked of a database: the code under test does not go where the faults are"
    assert not whole.fired
    points = [Point(at, place, whole.places[: at - 1].count("COMMIT")) for at, place in enumerate(whole.places, 1)]
    drawn = draw(points)
    for point in drawn:
        fault = run(point.at)
        assert fault.fired
        assert fault.place == point.place, "two runs ask for different things"
        compare(fault)
    return Tried(len(points), len(drawn))


@contextlib.contextmanager
def _kept(fault: Fault) -> Iterator[None]:
    """Keep what leaves the block in the fault, and end the fault."""
    try:
        yield
    except BaseException as error:
        fault.error = error
        if not fault.fired:
            raise
    finally:
        fault.is_armed = False


def _error(call: Call, trouble: Trouble) -> Exception:
    if trouble is Trouble.BUSY:
        return apsw.exception_for(apsw.SQLITE_BUSY)
    if trouble is Trouble.FULL and call is Call.WRITE:
        return apsw.exception_for(apsw.SQLITE_FULL)
    return apsw.exception_for(call.value)


class _FailingFile(apsw.VFSFile):
    """A real file whose calls can fail before they reach it."""

    def __init__(
        self, name: str | apsw.URIFilename | None, flags: list[int], reach: Callable[[Call, str], None]
    ) -> None:
        super().__init__("", name, flags)
        self._name = _short(name)
        self._reach = reach

    def xRead(self, amount: int, offset: int) -> bytes:
        self._reach(Call.READ, self._name)
        return super().xRead(amount, offset)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._reach(Call.WRITE, self._name)
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self._reach(Call.TRUNCATE, self._name)
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self._reach(Call.SYNC, self._name)
        super().xSync(flags)

    def xLock(self, level: int) -> None:
        self._reach(Call.LOCK, self._name)
        super().xLock(level)


class _FailingVFS(apsw.VFS):
    """The default VFS, with calls that can fail before they reach it."""

    def __init__(self, fault: Fault, trouble: Trouble, calls: Collection[Call]) -> None:
        super().__init__(fault.vfs, "")
        self._fault = fault
        self._trouble = trouble
        self._calls = calls

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> _FailingFile:
        self._reach(Call.OPEN, _short(name))
        return _FailingFile(name, flags, self._reach)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001 - SQLite's signature
        self._reach(Call.DELETE, _short(filename))
        super().xDelete(filename, syncdir)

    def _reach(self, call: Call, name: str) -> None:
        if call in self._calls:
            self._fault.reach(f"{call.name.lower()} {name}", lambda: _error(call, self._trouble))


def _short(name: str | apsw.URIFilename | None) -> str:
    """Return the file's name without its folder; an unnamed file is one of SQLite's temporary ones."""
    whole = name.filename() if isinstance(name, apsw.URIFilename) else name
    return posixpath.basename(whole) if whole else "temporary file"
