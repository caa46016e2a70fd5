"""Owns the real station and the real browser that these tests walk through it with.

The server is the program itself, started on a free port of this machine; the browser is the system's Chromium. Where
there is none, the tests are skipped and say so: nothing stands in its place.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.browser.keyboard import Keyboard

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
"""The last one closes the network: no name is found, and only this machine's own address is."""

PASSWORD = "correct horse battery"
ENVIRONMENT_KEPT = ("PATH", "PYTHONPATH", "LANG", "SYSTEMROOT")


class RunningStation(NamedTuple):
    """A served station: where browsers find it, the link of its first start, and how to command it."""

    origin: str
    link: str
    environment: dict[str, str]

    def tell(self, *words: str) -> str:
        """Run a command at the station, beside the server."""
        command = [sys.executable, "-m", "assettrack", *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout


def at_home(folder: Path) -> RunningStation:
    """Return the station that a user with this home folder has; nobody serves it yet."""
    environment = {name: os.environ[name] for name in ENVIRONMENT_KEPT if name in os.environ}
    return RunningStation("", "", environment | {"HOME": str(folder), "ASSETTRACK_OPERATOR": "mara"})


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare a home folder once, with a station of one case and three holders, for all who take a copy."""
    folder = tmp_path_factory.mktemp("prepared") / "home"
    station = at_home(folder)
    station.tell("init", "--timezone", "Europe/Berlin")
    station.tell("case", "init", "CASE-01", "--slots", "8")
    for name in ("Jane Smith", "Tom Blank", "Ines Okafor"):
        station.tell("holder", "add", name)
    return folder


@pytest.fixture
def running(prepared: Path, tmp_path: Path) -> Iterator[RunningStation]:
    """Serve a station with one case and three holders on a free port of this machine; it has no account yet."""
    station = at_home(shutil.copytree(prepared, tmp_path, dirs_exist_ok=True))
    command = [sys.executable, "-m", "assettrack", "serve", "--port", "0"]
    with subprocess.Popen(command, env=station.environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            said = ""
            while "Ctrl+C" not in said:
                line = server.stderr.readline()
                assert line, said
                said += line
            origin, link = re.search(r"station is at (\S+)", said), re.search(r"(\S+/setup\S+)", said)
            assert origin is not None, said
            assert link is not None, said
            yield station._replace(origin=origin[1], link=link[1])
        finally:
            server.terminate()


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


def make_account(page: Any, running: RunningStation) -> None:  # noqa: ANN401 - Playwright's own
    """Make the station's first account by the link of its first start; the password is pasted, as from a keeper."""
    page.goto(running.link)
    keyboard = Keyboard(page)
    keyboard.fill("Name", "Ada")
    keyboard.paste("New password", PASSWORD)
    keyboard.paste("The same password again", PASSWORD)
    keyboard.press("Make the account")


@pytest.fixture
def page(chromium: Any, running: RunningStation, request: pytest.FixtureRequest) -> Iterator[Any]:  # noqa: ANN401 - Playwright's own
    """Open the station in a fresh window, note what the console says and what is asked of others, and sign in."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=running.origin)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    elsewhere: list[str] = []
    page.on("request", lambda asked: None if asked.url.startswith(running.origin) else elsewhere.append(asked.url))
    make_account(page, running)
    yield page
    context.close()
    troubles = [word for mark in request.node.iter_markers("troubles") for word in mark.args]
    expected = ("404", "409", "422", *troubles)
    assert [each for each in complaints if not any(known in each for known in expected)] == []
    assert elsewhere == []
