"""A station at work, as the services see it: a real database on a real file, a clock that is set by hand.

Owns the short way to say a batch or a deed in a test. Only who, when and the key are made up; everything else is real.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

import msgspec

from assettrack.domain.inventory import Asset
from assettrack.domain.plans import Options, Plan
from assettrack.formats import scan_csv
from assettrack.services import assets, audit, intake
from assettrack.services.intake import CommitReceipt
from assettrack.services.ports import Workplace
from assettrack.station.plans import PlanFiles
from assettrack.store.sqlite import SqliteStore
from tests.store import stations
from tests.store.databases import all_of
from tests.store.stations import first_deed, its_signer

HEADER = "asset_tag,timestamp,event_type,operator_id,issued_to_name,case_number,slot_number,equipment_type,notes\n"


class Desk:
    """One station with its database, its shelf of plans and its clock."""

    def __init__(self, folder: Path, *, set_up: bool = True) -> None:
        self.folder = folder
        self.clock = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
        self.store = SqliteStore(folder / "assettrack.db", its_signer)
        if set_up and not self.store.path.exists():
            self.store.path.touch(mode=0o600)
            self.store.path.write_bytes(_new_database())
        self.workplace = self.manned_by("gcurl")

    def manned_by(self, operator: str | None) -> Workplace:
        """The workplace with somebody else at it."""
        made_up = stations.workplace(self.store, self.folder / "plans")
        return msgspec.structs.replace(
            made_up, now=self.tick, operator=operator, plans=PlanFiles(self.folder / "plans")
        )

    def tick(self) -> datetime:
        """What the clock says; each time it is asked a second later."""
        self.clock += timedelta(seconds=1)
        return self.clock

    def go_on_from(self, other: "Desk") -> None:
        """Take over the database of another desk, which is closed, and its clock, before anything is done here."""
        shutil.copyfile(other.store.path, self.store.path)
        self.clock = other.clock

    def preview(self, text: str, options: Options | None = None) -> Plan:
        """Preview a batch."""
        return intake.preview(self.workplace, read(text), options or Options())

    def commit(self, text: str, options: Options | None = None, confirm: str | None = None) -> CommitReceipt:
        """Commit a batch, with a code or in one go."""
        return intake.commit(self.workplace, read(text), "scans.csv", options or Options(), confirm=confirm)

    def asset(self, tag: str) -> Asset:
        """The state of an asset."""
        return assets.asset(self.workplace, tag)

    def where(self, *tags: str) -> list[str]:
        """Where these assets are, in words."""
        return [self.asset(tag).where for tag in tags]

    def entries(self, first_seq: int = 1) -> list[bytes]:
        """The bodies of the log from an entry on."""
        return list(audit.entries(self.workplace, first_seq, None))

    @property
    def log_size(self) -> int:
        """How many entries the log has."""
        return audit.log_size(self.workplace)

    def everything(self) -> dict[str, object]:
        """All that is in the database, to be compared."""
        return all_of(self.store)

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Make sure that the block leaves the database exactly as it is."""
        before = self.everything()
        yield
        assert self.everything() == before


@cache
def _new_database() -> bytes:
    """Set a station up, once for all desks: its key, its name and its hour are made up, so it is the same each time."""
    with TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "new.db", its_signer)
        store.set_up(first_deed)
        store.close()
        return store.path.read_bytes()


def read(text: str) -> scan_csv.ScanTable:
    """Read a text as the file of a batch; rows without a header line get the usual one. Spaces don't count."""
    rows = dedent(text).strip("\n")
    return scan_csv.parse(((rows if rows.startswith("asset_tag") else HEADER + rows) + "\n").encode())


def row(tag: str, event: str = "SCAN", at: str = "10:00", place: tuple[str, str] = ("", ""), **cells: str) -> str:
    """One row for the usual header, on 1 July 2026 at a time in UTC; a SCAN says laptop."""
    case, slot = ("OUT", "OUT") if event == "ISSUE" else place
    named = {"issued_to_name": "Jane Smith"} if event == "ISSUE" else {}
    usual = {"asset_tag": tag, "timestamp": f"2026-07-01T{at}Z", "event_type": event, "operator_id": "gcurl"}
    kind = {"equipment_type": "laptop"} if event == "SCAN" else {"notes": "worn"} if event == "RETIRE" else {}
    given = usual | named | kind | {"case_number": case, "slot_number": slot} | cells
    return ",".join(given.get(column, "") for column in HEADER.strip().split(",")) + "\n"
