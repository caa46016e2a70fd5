"""Owns what every test starts from: nothing of this machine's user, and random input that is never hurried.

It must never hold fixtures of one part of the program; those stand in that part's own folder.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings

# No deadline and no complaint about slow input: a busy machine is not a bug.
settings.register_profile("assettrack", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("assettrack")

Figure = Callable[[str], None]
"""Takes a line with what a test measured or counted; the end of the run prints all of them."""

Tally = Callable[[str, int], None]
"""Takes what was counted and how many there were; the end of the run prints the sum over all tests."""

USER_FOLDERS = (
    "HOME",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "LOCALAPPDATA",
    "APPDATA",
)


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
