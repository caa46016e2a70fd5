"""Owns the real station and the real browser that these tests walk through it with.

The server is the program itself, on a free port of this machine; the browser is the system's Chromium. Where
there is none, the tests are skipped and say so: nothing stands in its place.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests import ready_program
from tests.browser.keyboard import Keyboard

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""What is started of them: the first that is there. Without windows it takes half the work for the same pages."""
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
"""The last one closes the network: no name is found, and only this machine's own address is."""

PASSWORD = "correct horse battery"
FIRST_BATCH = """asset_tag,timestamp,event_type,operator_id,equipment_type,case_number,slot_number
LT-1,2026-01-05T09:00:00Z,SCAN,mara,laptop,CASE-01,1
LT-2,2026-01-05T09:00:00Z,SCAN,mara,laptop,CASE-01,2
LT-3,2026-01-05T09:00:00Z,SCAN,mara,laptop,CASE-01,3
"""
SECONDS_MAX = 60
LOOK_MS = 2000


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say with a test that failed what its page showed by then."""
    report = yield
    page: Any = item.funcargs.get("page")
    if report.when == "call" and report.failed and page is not None:
        with suppress(Exception):  # the browser itself may be gone
            report.sections.append(("page", f"{page.url}\n{page.inner_text('body', timeout=LOOK_MS)}"))
    return report


class RunningStation(NamedTuple):
    """A served station: where browsers find it, the link of its first start, and how to command it."""

    origin: str
    link: str
    environment: dict[str, str]

    def tell(self, *words: str) -> str:
        """Run a command at the station, beside the server."""
        done = ready_program.run(["assettrack", *words], self.environment, SECONDS_MAX)
        done.check_returncode()
        return done.stdout


def at_home(folder: Path) -> RunningStation:
    """Return the station that a user with this home folder has; nobody serves it yet."""
    environment = {name: os.environ[name] for name in ready_program.ENVIRONMENT_KEPT if name in os.environ}
    return RunningStation("", "", environment | {"HOME": str(folder), "ASSETTRACK_OPERATOR": "mara"})


@pytest.fixture(scope="session")
def unopened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare a home folder once, with a station of one case and three holders that has no account yet."""
    folder = tmp_path_factory.mktemp("unopened") / "home"
    station = at_home(folder)
    station.tell("init", "--timezone", "Europe/Berlin")
    station.tell("case", "init", "CASE-01", "--slots", "8")
    for name in ("Jane Smith", "Tom Blank", "Ines Okafor"):
        station.tell("holder", "add", name)
    return folder


@pytest.fixture(scope="session")
def prepared(unopened: Path, chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ANN401 - Playwright's own
    """Prepare such a home folder once with its first account, for all who take a copy."""
    folder = shutil.copytree(unopened, tmp_path_factory.mktemp("prepared") / "home")
    with served(folder) as station, chromium.new_context() as context:
        make_account(context.new_page(), station)
    return folder


@contextmanager
def served(home: Path, *, from_nothing: bool = False) -> Iterator[RunningStation]:
    """Serve the station of a home folder on a free port of this machine, if asked by an interpreter of its own."""
    station = at_home(home)
    with started(["assettrack", "serve", "--port", "0"], station.environment, from_nothing=from_nothing) as server:
        try:
            said = ready_program.said_by_server(server)
            origin, link = re.search(r"station is at (\S+)", said), re.search(r"(\S+/setup\S+)", said)
            assert origin is not None, said
            yield station._replace(origin=origin[1], link=link[1] if link else "")
        finally:
            server.terminate()


def started(
    words: list[str], environment: dict[str, str], *, from_nothing: bool
) -> "ready_program.ReadyProcess | subprocess.Popen[str]":
    """Start the program in a process whose stderr can be read."""
    if from_nothing:
        command = [sys.executable, "-m", *words]
        return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    return ready_program.start(words, environment)


@pytest.fixture
def running(prepared: Path, tmp_path: Path) -> Iterator[RunningStation]:
    """Serve a station with one case, three holders and one account."""
    with served(shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)) as station:
        yield station


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """Start the system's Chromium."""
    if CHROMIUM is None:
        pytest.skip("NO CHROMIUM: the pages are not walked through. Install it (apt-get install chromium).")
    playwright = pytest.importorskip("playwright.sync_api", reason="NO PLAYWRIGHT: the pages are not walked through.")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def make_account(page: Any, station: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """Make the station's first account by the link of its first start; the password is pasted, as from a keeper."""
    page.goto(station.link)
    keyboard = Keyboard(page)
    keyboard.fill("Name", "Ada")
    keyboard.paste("New password", PASSWORD)
    keyboard.paste("The same password again", PASSWORD)
    keyboard.press("Make the account")


def sign_in(page: Any, station: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """Sign in to a station that has this account."""
    page.goto(f"{station.origin}/sign-in")
    page.fill("main [name=name]", "Ada")
    page.fill("main [name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("main form button")


def put_into_case(station: RunningStation) -> None:
    """Put three laptops into the case, as the day's first batch does."""
    batch = Path(station.environment["HOME"]) / "first.csv"
    batch.write_text(FIRST_BATCH, "utf-8")
    station.tell("commit", str(batch), "--yes")


@contextmanager
def window(chromium: Any, station: RunningStation, request: pytest.FixtureRequest) -> Iterator[Any]:  # noqa: ANN401 - Playwright's own
    """Open a fresh window, and see that the console complains of nothing and that nobody else is asked for anything."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=station.origin)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    elsewhere: list[str] = []
    page.on("request", lambda asked: None if asked.url.startswith(station.origin) else elsewhere.append(asked.url))
    yield page
    context.close()
    troubles = [word for mark in request.node.iter_markers("troubles") for word in mark.args]
    expected = ("404", "409", "422", *troubles)
    assert [each for each in complaints if not any(known in each for known in expected)] == []
    assert elsewhere == []


@pytest.fixture
def page(chromium: Any, running: RunningStation, request: pytest.FixtureRequest) -> Iterator[Any]:  # noqa: ANN401 - Playwright's own
    """Open the station in a fresh window and sign in."""
    with window(chromium, running, request) as page:
        sign_in(page, running)
        yield page


@pytest.fixture
def first_page(chromium: Any, unopened: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Any]:  # noqa: ANN401 - Playwright's own
    """Open a station that was never opened, and make its first account, by the keyboard alone."""
    home = shutil.copytree(unopened, tmp_path, dirs_exist_ok=True)
    with served(home, from_nothing=True) as station, window(chromium, station, request) as page:
        make_account(page, station)
        yield page
