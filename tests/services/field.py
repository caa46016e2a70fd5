"""A day in the field: an emulated scanner, a station with its database and its spool, and one clock for both.

Owns the short way to say what was scanned and what became of it. Everything but the scanner's hardware and the clock is
real. It must never hold a test.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.downloads import Download
from assettrack.domain.plans import Options, Plan
from assettrack.domain.pulled_batch import PulledBatch
from assettrack.domain.scan_answers import Answers
from assettrack.scanner import heard
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulated_line import EmulatedBus
from assettrack.scanner.emulator import EmulatedScanner, Unit
from assettrack.scanner.link import connect
from assettrack.scanner.pocket import PocketScanner, read_scans
from assettrack.services import assets, scanner_clearing, slots, verification
from assettrack.services.downloads import Downloads, Pulled
from assettrack.services.intake import CommitReceipt
from assettrack.services.ports import Workplace
from assettrack.services.scanner_clearing import Cleared
from assettrack.services.scanner_desk import BrowserCable, ScannerDesk
from assettrack.station.spool import SpoolFolder
from assettrack.store.sqlite import SqliteStore
from tests.domain.trial_scans import end, event, slot
from tests.services.desk import Desk
from tests.store.stations import its_signer

NOTHING = Answers()
LAPTOP = Options({"equipment_type": "laptop"})
MORNING = (
    cards.written(Card(CardKind.BEGIN, "KIM")),
    event("SCAN"),
    slot("CASE-01", 1),
    "LT-1",
    slot("CASE-01", 2),
    "LT-2",
    end(2),
)
"""A morning's scans; the operator says their name by a card in letters."""

AT_DOWNLOAD = Answers(untimed_at_download=True)


def untimed(*scans: str) -> tuple[str, ...]:
    """A begin card, an event card and scans."""
    return (MORNING[0], event("SCAN"), *scans)


class Field:
    """A scanner with scans, and the station at whose desk it is put."""

    def __init__(self, folder: Path, scans: Sequence[str] = MORNING, *faults: Fault, unit: Unit | None = None) -> None:
        self.folder = folder
        self.bus = EmulatedBus()
        self.desk = Desk(folder)
        self.workplace = self.at_work(self.desk.store)
        slots.initialise_cases(self.workplace, [("CASE-01", 4)])
        self.scanner = EmulatedScanner(self.bus.times, unit, faults)
        self.bus.plug(self.scanner)
        self.scan(*scans)

    def scan(self, *texts: str, apart: float = 3) -> None:
        """Scan codes one after the other."""
        for text in texts:
            assert self.scanner.scan(text)
            self.bus.times.sleep(apart)

    def at_work(self, store: SqliteStore) -> Workplace:
        """Return the station with a store, by the clock of the field."""
        made = msgspec.structs.replace(self.desk.manned_by("Kim"), store=store)
        return msgspec.structs.replace(made, now=self.bus.times.now)

    @property
    def spool(self) -> SpoolFolder:
        """The spool, as it is on the disk."""
        return SpoolFolder(self.folder / "assettrack.db.scans")

    @property
    def downloads(self) -> Downloads:
        """What was pulled."""
        return Downloads(self.workplace, self.spool, read_scans)

    def connected(self) -> PocketScanner:
        """Connect to the scanner."""
        return PocketScanner(connect(lambda: self.bus.open_line(None), self.bus.times))

    def pull(self) -> Pulled:
        """Pull what the scanner holds, and end the session."""
        scanner = self.connected()
        try:
            return self.downloads.pull(scanner)
        finally:
            scanner.link.close()

    def preview(self, download: Download, answers: Answers | None = None) -> tuple[PulledBatch, Plan]:
        """Preview a download."""
        return self.downloads.preview(download, answers or Answers(), LAPTOP)

    def commit(self, download: Download, answers: Answers | None = None, *, only_new: bool = False) -> CommitReceipt:
        """Commit a download in one go."""
        options = msgspec.structs.replace(LAPTOP, only_new=only_new)
        return self.downloads.commit_download(download, answers or Answers(), options, confirm=None)

    def clear(self, answers: Answers = NOTHING) -> Cleared:
        """Clear the scanner, by a connection to the database that is opened for it."""
        scanner = self.connected()
        store = SqliteStore(self.folder / "assettrack.db", its_signer)
        try:
            fresh = self.at_work(store)
            downloads = Downloads(fresh, self.spool, read_scans)
            return scanner_clearing.clear(fresh, downloads, scanner, self.spool, answers)
        finally:
            store.close()
            scanner.link.close()

    def places(self) -> dict[str, str]:
        """Where each asset is."""
        return {tag: str(asset.place) for tag, asset in assets.all_assets(self.workplace)}

    def verified(self) -> bool:
        """Whether the log holds."""
        return verification.verify(self.workplace, [], None).ok

    def questions(self, answers: Answers = NOTHING) -> list[str]:
        """Pull once more, and say what is asked about it."""
        _, plan = self.preview(self.pull().download, answers)
        return [each.code for each in plan.problems]

    def close(self) -> None:
        """Go home."""
        self.desk.store.close()


def desk_of(day: Field) -> ScannerDesk:
    """Return what scanners are worked with by."""
    cable = BrowserCable(heard.QUESTIONS, heard.READ, heard.HeardScanner)
    return ScannerDesk(lambda: closing(day), day.spool, read_scans, lambda: closing(day), str, cable)  # type: ignore[arg-type, return-value]  # nothing is lent here


MakeField = Callable[..., Field]
"""Makes a day in the field, with faults of the scanner, scans and the unit by name."""
