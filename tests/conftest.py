"""Owns what every test starts from: nothing of this machine's user, and random input that is never hurried.

Owns also what keeps the whole run short: where files lie, and whose branches are traced.

It must never hold fixtures of one part of the program; those stand in that part's own folder.
"""

import gc
import os
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from itertools import islice
from pathlib import Path, PurePath
from pkgutil import walk_packages
from random import SystemRandom

import coverage
import pytest
from hypothesis import HealthCheck, settings

from tests.sampling import Sample

# No deadline and no complaint about slow input: a busy machine is not a bug.
settings.register_profile("assettrack", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("assettrack")

Figure = Callable[[str], None]
"""Takes a line with what a test measured or counted; the end of the run prints all of them."""

Tally = Callable[[str, int], None]
"""Takes what was counted and how many there were; the end of the run prints the sum over all tests."""

TESTS = Path(__file__).parent

USER_FOLDERS = (
    "HOME",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "LOCALAPPDATA",
    "APPDATA",
)

TRACED = ("domain", "services", "store", "formats", "web", "cli")
"""The folders whose tests must walk every branch of domain, services and store. Tracing doubles what Python costs, so
all other tests run without it: what only they walk counts as not walked."""

MEASURED = ("assettrack.domain", "assettrack.services", "assettrack.store")
"""The packages whose branches are counted, as in pyproject.toml."""

TRACED_AT_IMPORT = ("tests.domain.test_errors", "tests.store.test_schema", "tests.store.test_upgrade")
"""The tests that make what they test as they are imported, or ask then for what is made once in a process."""

UNTRACED = frozenset(line for line in (TESTS / "untraced.txt").read_text("utf-8").splitlines() if line[:1] != "#")
"""Files in these folders, and functions in them, that are not traced all the same."""

LONG = (
    frozenset({"browser"}),
    frozenset({"journeys", "faults", "properties", "paper", "test_architecture.py", "test_docs.py"}),
)
"""Where the tests are that take long: those that wait for a browser, and those that work. Each worker begins with some
of one kind: for a long one at the end all others would wait, and more browsers than half of them only hinder."""

GARBAGE = (50_000, 20, 10)
"""When the garbage collector looks for cycles. Each served station leaves tens of thousands of objects, and Python's
own thresholds make it pass over all that is there once for each: a sixth of what the tests of the pages cost."""

RAM = Path("/dev/shm")  # noqa: S108 - where files are in memory: power cuts are simulated, and no test needs a disk
RAM_BYTES_MIN = 4 * 1024**3
"""What must be free there: several times what all tests need at once."""


def pytest_configure() -> None:
    """Put what tests write into memory, where there is room: waiting for the disk was half of their time."""
    if not RAM.is_dir() or not os.access(RAM, os.W_OK):
        return
    found = os.statvfs(RAM)
    if found.f_bavail * found.f_frsize >= RAM_BYTES_MIN and not found.f_flag & os.ST_NOEXEC:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(RAM))


class Tracing:
    """Whether branches are traced; it goes on and off between tests, where they are traced at all.

    A worker has two who trace: pytest-cov starts one before it knows that this is a worker, and then the one whose data
    count. As soon as that is stopped the first goes on, so both are stopped, and only the second is ever started again.
    """

    def __init__(self) -> None:
        self._traced = coverage.Coverage.current()
        self._is_on = self._traced is not None

    def turn(self, *, on: bool) -> None:
        """Trace from now on, or no longer."""
        if self._traced is None or on == self._is_on:
            return
        self._is_on = on
        if on:
            self._traced.start()
        while not on and (tracing := coverage.Coverage.current()) is not None:
            tracing.stop()

    def over_imports(self) -> None:
        """Import what is measured while it is traced, and trace no more: then finding the tests takes half the time."""
        if self._is_on:
            for part in MEASURED:
                package = import_module(part)
                for module in walk_packages(package.__path__, f"{part}."):
                    import_module(module.name)
            for name in TRACED_AT_IMPORT:
                import_module(name)
        self.turn(on=False)


_TRACING = pytest.StashKey[Tracing]()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Find the tests without what makes it slow: tracing, other workers at the same files, and the garbage collector.

    The collector would pass over all that lives as long as the run, again and again.
    """
    gc.disable()
    gc.set_threshold(*GARBAGE)
    try:
        session.stash.setdefault(_TRACING, Tracing()).over_imports()
        if [session.config.invocation_params.dir / each for each in session.config.args] == [TESTS]:
            compile_own_part(os.environ)
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def compile_own_part(environment: Mapping[str, str]) -> None:
    """Compile one part of the test files, as each other worker does with another, for all of them to find.

    Rewriting the asserts of all files is most of what it takes to find the tests, and every worker must have them.
    Where no bytecode is kept, or there is one process alone, there is nothing to share. What can't be imported is left
    for pytest to complain of.
    """
    workers = int(environment.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers == 1 or sys.dont_write_bytecode:
        return
    own = int(environment["PYTEST_XDIST_WORKER"].removeprefix("gw"))
    for file in sorted(TESTS.rglob("test_*.py"))[own::workers]:
        with suppress(Exception, pytest.skip.Exception):
            import_module(".".join(file.relative_to(TESTS.parent).with_suffix("").parts))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long tests where each worker begins, and leave the random order as it is otherwise."""
    files = [item.path.relative_to(TESTS) for item in items]
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items[:] = [items[place] for place in spread(files, workers)]


def spread(files: Sequence[PurePath], workers: int) -> list[int]:
    """Return the places of the tests of these files in the order in which they are best handed out to so many workers.

    The first gets the first part, and so on, each as many as the others (xdist's "worksteal"); whoever has done all of
    its part takes over from the end of another's. The long ones of a file stay together: what they share is made once.
    """
    half = max(1, workers // 2)
    begins: list[list[int]] = [[] for _ in range(workers)]
    for long, their in zip(LONG, (begins[:half], begins[half:] or begins), strict=True):
        of_file: dict[PurePath, list[int]] = {}
        for place, file in enumerate(files):
            if file.parts[0] in long:
                of_file.setdefault(file, []).append(place)
        for number, places in enumerate(of_file.values()):
            their[number % len(their)].extend(places)
    others = iter([place for place, file in enumerate(files) if not any(file.parts[0] in long for long in LONG)])
    for worker, part in enumerate(begins):
        left = len(files) - sum(map(len, begins[:worker]))
        part.extend(islice(others, max(0, left // (workers - worker) - len(part))))
    return [*(place for part in begins for place in part), *others]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Trace the tests of some folders, with what their fixtures do, and no others."""
    tracing = item.session.stash.setdefault(_TRACING, Tracing())
    path = item.path.relative_to(TESTS)
    names = {path.as_posix(), f"{path.as_posix()}::{getattr(item, 'originalname', item.name)}"}
    tracing.turn(on=path.parts[0] in TRACED and UNTRACED.isdisjoint(names))
    return (yield)


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_this_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Lead the user's folders into a temporary one and drop our settings, so that no test meets a real database."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ASSETTRACK_") and name != "ASSETTRACK_SOAK_N"]:
            patch.delenv(name)
        for name in USER_FOLDERS:
            patch.setenv(name, str(tmp_path_factory.mktemp(name.lower())))
        yield


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Return what keeps a line of figures for the end of the run, whether the test passes or not."""
    return lambda line: record_property("figure", line)


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Tally:
    """Return what adds to a sum that the end of the run prints."""
    return lambda counted, number: record_property(f"tally {counted}", number)


def soak_n(usual: int) -> int:
    """Return how many rounds a soak test runs: ASSETTRACK_SOAK_N, or as many as usual."""
    return int(os.environ.get("ASSETTRACK_SOAK_N") or usual)


@pytest.fixture(scope="session")
def run_seed(request: pytest.FixtureRequest) -> int:
    """Return what all chance of this run follows from: the seed of its random order."""
    seed = request.config.getoption("randomly_seed", None)
    return seed if isinstance(seed, int) else SystemRandom().randrange(2**32)  # the latter where nothing else is random


@pytest.fixture(params=["sample", pytest.param("all", marks=pytest.mark.soak)])
def sample(request: pytest.FixtureRequest, run_seed: int) -> Sample:
    """Return what takes some of all points; whoever asks for it is a soak test as well, which takes all of them."""
    return Sample(run_seed, request.node.nodeid, soak_n(sys.maxsize) if request.param == "all" else None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures, so that what was proved, and on how many trials, can be read."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    found = [(str(name), value) for report in reports for name, value in report.user_properties]
    lines = sorted(str(value) for name, value in found if name == "figure")
    sums = Counter[str]()
    for name, value in found:
        if name.startswith("tally "):
            sums[name.removeprefix("tally ")] += int(str(value))
    if lines or sums:
        terminalreporter.section("figures")
        lines += [f"{counted}: {total} in all" for counted, total in sorted(sums.items())]
        terminalreporter.write_line("\n".join(lines))
