"""A station that is served, with an emulated pocket scanner at its computer: both by the same clock.

Owns the short way to walk the scanner's pages in a test. Everything but the scanner's hardware is real. It must never
hold a test.
"""

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx2 as httpx

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulated_line import EmulatedBus, EmulatedTimes
from assettrack.scanner.emulator import EmulatedScanner
from assettrack.scanner.link import connect
from assettrack.scanner.pocket import PocketScanner
from assettrack.services import accounts, assets
from assettrack.services.scanner_ports import ConnectedScanner
from tests.domain.trial_scans import end, event, slot
from tests.web.visitors import NOW, OpenStation, Visitor, open_station

BEGIN = cards.written(Card(CardKind.BEGIN, "KIM"))
MORNING = (BEGIN, event("SCAN"), slot("CASE-01", 1), "LT-1", slot("CASE-01", 2), "LT-2", end(2))
"""A morning's scans; the operator, who has an account here, says their name by a card in letters."""

HELD = (BEGIN, event("SCAN"), slot("CASE-01", 1), "LT-1", "LT-2", "<b>x</b>", slot("CASE-01", 4))
"""Scans of which three are held: a second asset for a slot, a text that is nothing, a slot without an asset."""


class Cable:
    """The place at the station's computer where scanners are plugged in; ``held_up`` makes whoever asks one wait."""

    def __init__(self) -> None:
        self.bus = EmulatedBus(EmulatedTimes(NOW - timedelta(hours=1)))
        self.scanner = EmulatedScanner(self.bus.times)
        self.held_up = threading.Event()
        self.held_up.set()
        self.served_until = NOW

    def plug(self, scans: Sequence[str] = MORNING, *faults: Fault) -> EmulatedScanner:
        """Put a scanner with scans on the cable."""
        self.scanner = EmulatedScanner(self.bus.times, None, faults)
        self.bus.plug(self.scanner)
        self.scan(*scans)
        return self.scanner

    def scan(self, *texts: str) -> None:
        """Scan codes one after the other."""
        for text in texts:
            assert self.scanner.scan(text)
            self.bus.times.sleep(3)

    @contextmanager
    def lend(self) -> Iterator[ConnectedScanner]:
        """Lend the scanner, as the program does."""
        self.held_up.wait(20)
        link = connect(lambda: self.bus.open_line(None), self.bus.times)
        try:
            yield PocketScanner(link)
            link.power_down()
        finally:
            link.close()


@contextmanager
def served(folder: Path, cable: Cable) -> Iterator[OpenStation]:
    """Serve the station of a folder, a new one or one that was served before; whose begin card is scanned is known."""
    with open_station(folder, lend=cable.lend) as station:
        station.now = cable.served_until
        if accounts.named(station.workplace(), "KIM") is None:
            station.account("KIM", "operator")
        yield station
        cable.served_until = station.now + timedelta(minutes=1)


def ended(visitor: Visitor, begun: httpx.Response) -> httpx.Response:
    """Follow what was begun with the scanner until it ended, and return the page that it led to."""
    answer = visitor.follow(begun)
    for _ in range(600):
        if answer.status_code == 303:
            answer = visitor.follow(answer)
        elif 'hx-get="/scanner/runs/' not in answer.text:
            return answer
        else:
            threading.Event().wait(0.02)
            answer = visitor.get(begun.headers["location"])
    raise AssertionError("it never ended")


def read(visitor: Visitor) -> str:
    """Read the scanner, and return the path of the download."""
    visitor.get("/scanner")
    answer = ended(visitor, visitor.post("/scanner/read"))
    assert "/scanner/downloads/" in str(answer.url), visitor.words
    return answer.url.path


def confirm_code(page: str) -> str:
    """Return the code that a check page carries."""
    found = re.search(r'name="confirm" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


def commit(visitor: Visitor, path: str) -> httpx.Response:
    """Say that new assets are laptops, check a download and commit it."""
    visitor.get(path)
    visitor.post(f"{path}/options", {"equipment_type": "laptop"})
    visitor.get(f"{path}/check")
    return visitor.post(f"{path}/commit", {"confirm": confirm_code(visitor.page)})


def spooled(station: OpenStation) -> list[str]:
    """Return the names of the downloads that are kept."""
    folder = station.folder / "station.db.scans"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def places(station: OpenStation) -> dict[str, str]:
    """Where each asset is."""
    return {tag: str(asset.place) for tag, asset in assets.all_assets(station.workplace())}
