"""`python -m bench.station`: what the browser station costs at 100,000 assets and 1,000,000 entries.

Pages: the server's own time for each (the Server-Timing header), median and 95th percentile. What a server remembers
of the log does not help the first to look: pages that read much are timed once more, each as the first that a server
is asked for it, and the page of a count after each of some scans into it. Scans: the time from sending a scan to its
answer, with 8 operators scanning at once, each on a connection and in a queue of their own; one that its answer does
not show is lost. Beside it, what the disk took meanwhile for a small write that is synced, which every scan waits for.
A real server process, asked over loopback.
"""

import argparse
import http.client
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from bench.custody import set_up_station
from bench.lived_in import live_in
from bench.measuring import Cost, environment_in, run
from bench.run import ASSETTRACK

OPERATORS = 8
SCANS_EACH = 120
"""Enough that a stall of the disk, which holds up all operators at once, does not decide the 95th percentile alone."""

SYNCED_BYTES = 16_384
"""About what one scan writes: four pages."""

PAUSE_SECONDS = 0.4
"""Between two scans of one operator: faster than anybody scans."""

ROUNDS = 30
PASSWORD = "made up for the bench"  # noqa: S105 - a password of nobody, made up for the bench
PAGES = (
    "/", "/intake", "/intake/check", "/cases", "/cases/C-00001?slot=3", "/assets", "/assets?status=STORAGE&type=laptop",
    "/assets?case=C-00500", "/assets/LT-0000042", "/search?q=LT-00001", "/search?q=SN00000007", "/holders", "/counts",
    "/reports", "/audit", "/audit/entries/500000", "/batches/1", "/issue", "/return", "/transfer", "/people",
)  # fmt: skip

HOLDER = "Holder+number+00007"
READING_PAGES = (
    "/", "/counts", "/counts/1", "/counts/2", "/counts/2?show=missing", "/counts/2?show=found", "/counts/2/close",
    "/counts/new?of=everything", "/reports/custody", "/reports/custody?page=3", "/reports/custody?type=laptop",
    f"/reports/custody?holder={HOLDER}&details=1", "/reports/custody?details=1", "/reports/custody?details=1&page=200",
    "/reports/overdue", "/reports/holders", "/reports/holders?page=20", "/reports/organisations", "/reports/cases",
    "/reports/types", "/reports/unslotted", "/reports/problems", "/reports/problems?page=9", "/reports/intervals",
    "/reports/intervals?asset=LT-0000127", f"/reports/intervals?holder={HOLDER}",
    "/reports/intervals?holder=Ada+Ashworth", "/reports/accountability", "/reports/accountability?everything=1",
    "/reports/accountability?everything=1&page=500", "/reports/accountability?since=2026-03-01",
    "/reports/accountability?since=2035-01-01", f"/reports/accountability?holder={HOLDER}",
    "/reports/accountability?type=laptop", "/reports/activity", "/reports/activity?since=2026-01-01",
    "/reports/activity?by=nobody", "/reports/activity?kind=HOLDER", "/reports/activity?by=nobody&below=500000",
)  # fmt: skip
"""Pages that read the log or all assets, or could."""

STARTS = 5


_MAKE = f"""
from assettrack import bootstrap
from assettrack.services import accounts
from assettrack.settings import read_settings
from assettrack.station.passwords import ArgonPasswords
workplace = bootstrap.open_workplace(read_settings())
def make(name):
    accounts.register(workplace, name, role="operator")
    accounts.set_password(workplace, ArgonPasswords(), name=name, password={PASSWORD!r})
"""


class Browser:
    """One signed-in browser on one connection."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._connection = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=60)
        self._cookie = ""
        self.token = ""

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, float, str]:
        """Send a request; return its status, the server's own milliseconds and the page."""
        headers = {"Origin": self._origin, "Cookie": self._cookie, "X-Form-Token": self.token, "HX-Request": "true"}
        if method == "GET":
            del headers["HX-Request"]
        if fields:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, urlencode(fields) if fields else None, headers)
        answer = self._connection.getresponse()
        page = answer.read().decode()
        if answer.headers["Set-Cookie"]:
            self._cookie = answer.headers["Set-Cookie"].partition(";")[0]
        found = re.search(r'name="form_token" value="([0-9a-f]+)"', page)
        self.token = found[1] if found else self.token
        timing = re.search(r"dur=([0-9.]+)", answer.headers["Server-Timing"] or "dur=0")
        return answer.status, float(timing[1]) if timing else 0.0, page

    def sign_in(self, name: str) -> None:
        """Sign in, and look at the intake page."""
        status, _, page = self.ask("POST", "/sign-in", name=name, password=PASSWORD)
        assert status == 303, page
        self.ask("GET", "/intake")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="Keep the station here, and use the one that is there.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="assettrack-bench-") as name:
        folder: Path = asked.folder or Path(name)
        folder.mkdir(exist_ok=True)
        environment = environment_in(folder)
        if not (folder / "ready").exists():

            def assettrack(*words: str, output: Path | None = None) -> Cost:
                return run([*ASSETTRACK, *words], environment=environment, output=output)

            set_up_station(folder, asked.assets, assettrack)
            live_in(folder, asked.assets, assettrack)
            (folder / "ready").touch()
        with _served(environment) as (origin, link):
            _accounts(origin, link, environment)
            _pages(origin, asked.assets)
            _count_scans(origin)
            with _syncs(folder) as synced:
                _scans(origin)
            middle, late = _percentile(synced, 50), _percentile(synced, 95)
            print(f"  the disk meanwhile, {SYNCED_BYTES:,} bytes written and synced (N = {len(synced):,}):")
            print(f"  median {middle:.1f}, p95 {late:.1f}, longest {synced[-1]:.1f}")
        _first_views(environment)


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Start the station's server on a free port; yield where it is, and the link of the first start or nothing."""
    command = [*ASSETTRACK, "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            said: list[str] = []
            for line in process.stderr:
                said.append(line)
                if "Ctrl+C" in line:
                    break
            origin = re.search(r"station is at (\S+)", "".join(said))
            link = re.search(r"link=(\S+)", "".join(said))
            assert origin is not None, "".join(said)
            yield origin[1], link[1] if link else ""
        finally:
            process.terminate()


def _accounts(origin: str, link: str, environment: dict[str, str]) -> None:
    """Make the admin by the page of the first start, and the operators beside the server."""
    if link:
        fields = {"link": link, "name": "admin", "password": PASSWORD, "again": PASSWORD}
        status, _, page = Browser(origin).ask("POST", "/setup", **fields)
        assert status == 303, page
        made = "".join(f"make({_name(operator)!r});" for operator in range(OPERATORS))
        run([sys.executable, "-c", _MAKE + made], environment=environment)


def _pages(origin: str, assets: int) -> None:
    browser = Browser(origin)
    browser.sign_in("admin")
    print(f"pages at {assets:,} assets, ms of the server's own time (N = {ROUNDS} each)")
    print("  median     p95  page")
    for path in dict.fromkeys((*PAGES, *READING_PAGES)):
        _print(path, [_page(browser, path) for _ in range(ROUNDS)])


def _first_views(environment: dict[str, str]) -> None:
    taken: dict[str, list[float]] = {path: [] for path in READING_PAGES}
    for start in range(STARTS):
        with _served(environment) as (origin, _):
            browser = Browser(origin)
            browser.sign_in("admin")
            browser.ask("GET", "/reports")  # the first page of all also loads the templates they share
            for number in range(len(READING_PAGES)):
                path = READING_PAGES[(number + start * 7) % len(READING_PAGES)]
                taken[path].append(_page(browser, path))
    print(f"the first view of a page after a start, ms of the server's own time (N = {STARTS} starts each)")
    print("  median longest  page")
    for path, times in taken.items():
        _print(path, times)


def _count_scans(origin: str) -> None:
    """Scan into the count that goes on, and look at it after each scan: each look is at something new."""
    browser = Browser(origin)
    browser.sign_in(_name(0))
    browser.ask("GET", "/counts/2")
    stored, looked = [], []
    for number in range(ROUNDS):
        fields = {"typed": f"LT-{number * 100 + 31:07d}", "sent_as": uuid4().hex}
        status, milliseconds, page = browser.ask("POST", "/counts/2/scans", **fields)
        assert (status, fields["typed"] in page) == (200, True), page
        stored.append(milliseconds)
        looked.append(_page(browser, "/counts/2"))
    print(f"a scan into a count of what is in storage, ms of the server's own time (N = {ROUNDS})")
    _print("the scan, stored and shown", stored)
    _print("/counts/2 after it", looked)


def _print(what: str, times: list[float]) -> None:
    times = sorted(times)
    print(f"{_percentile(times, 50):>8.1f} {_percentile(times, 95):>7.1f}  {what}", flush=True)


def _page(browser: Browser, path: str) -> float:
    status, milliseconds, _ = browser.ask("GET", path)
    assert status in {200, 303}, f"{path}: {status}"
    return milliseconds


@contextmanager
def _syncs(folder: Path) -> Iterator[list[float]]:
    """Write and sync a little beside the station while the block runs; yield the times in ms, sorted at its end."""
    times: list[float] = []
    ended = threading.Event()

    def sync() -> None:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            while not ended.wait(0.05):
                begun = time.perf_counter()
                file.write(bytes(SYNCED_BYTES))
                os.fsync(file.fileno())
                times.append((time.perf_counter() - begun) * 1000)

    thread = threading.Thread(target=sync)
    thread.start()
    try:
        yield times
    finally:
        ended.set()
        thread.join()
        times.sort()


def _scans(origin: str) -> None:
    taken: list[float] = []
    failed: list[int] = []

    browsers = [Browser(origin) for _ in range(OPERATORS)]
    for operator, browser in enumerate(
        browsers
    ):  # one after the other: many tries at once from one address have to wait
        browser.sign_in(_name(operator))

    def scan(operator: int) -> None:
        browser = browsers[operator]
        for number in range(SCANS_EACH):
            begun = time.perf_counter()
            fields = {"typed": f"NEW-{operator}-{number:04d}", "sent_as": f"{operator}-{number}-{begun}"}
            status, _, page = browser.ask("POST", "/intake/scans", **fields)
            taken.append((time.perf_counter() - begun) * 1000)
            if status != 200 or fields["typed"] not in page:
                failed.append(number)
            time.sleep(PAUSE_SECONDS)

    threads = [threading.Thread(target=scan, args=(operator,)) for operator in range(OPERATORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken.sort()
    total = OPERATORS * SCANS_EACH
    print(f"scans stored and shown, {OPERATORS} operators at once, ms (N = {total:,}):")
    middle, late = _percentile(taken, 50), _percentile(taken, 95)
    print(f"  median {middle:.1f}, p95 {late:.1f}, longest {taken[-1]:.1f}; {len(failed)} lost")


def _name(operator: int) -> str:
    return f"operator {operator}"


def _percentile(values: list[float], percent: int) -> float:
    return values[min(len(values) - 1, len(values) * percent // 100)]


if __name__ == "__main__":
    sys.exit(main())
