"""Made-up stations for tests: a key that is the same in every run, a clock that stands still, batches of scans.

Everything here is put together from real parts; only who, when and what are made up. It must never hold a test.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assettrack.domain import station_deeds
from assettrack.domain.deeds import Deed, Signoff, Station
from assettrack.domain.scans import COLUMNS
from assettrack.domain.tags import Place
from assettrack.domain.timestamps import utc_text
from assettrack.formats import scan_csv
from assettrack.formats.gs1_codes import read_gs1
from assettrack.services.ports import Store, Workplace
from assettrack.station.keys import StationSigner, verify_signature
from assettrack.station.plans import PlanFiles

STATION = "assettrack-test0001"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""What the made-up station's clock says, always."""

NOW_TEXT = utc_text(NOW)
SIGNOFF = Signoff("Tess Custodian", NOW_TEXT, "0.0-test")


@cache
def made_up_signer(name: str = STATION, seed: int = 1) -> StationSigner:
    """Return a key made from a seed, so that every run signs alike."""
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return StationSigner(name, key.public_key().public_bytes_raw(), key)


def its_signer(name: str) -> StationSigner:
    """Find the made-up station's key, as a store asks for it."""
    return made_up_signer(name)


def made_up_station() -> Station:
    """Return the facts of the made-up station."""
    return Station(STATION, "Europe/Berlin", made_up_signer().public_key.hex())


verify_once = lru_cache(maxsize=10_000)(verify_signature)
"""The real judge of signatures, asked once about each: the same checkpoints are read thousands of times."""


def first_deed() -> tuple[Deed, StationSigner]:
    """Set the made-up station up."""
    return station_deeds.set_up_station(made_up_station(), 1, SIGNOFF), made_up_signer()


def workplace(store: Store, plans: Path) -> Workplace:
    """Return the made-up station as the services see it."""
    return Workplace(
        store=store,
        now=lambda: NOW,
        zone=ZoneInfo,
        plans=PlanFiles(plans),
        verify=verify_once,
        read_gs1=read_gs1,
        salt=lambda: b"salt of 16 bytes",
        version=SIGNOFF.version,
        operator=SIGNOFF.operator,
    )


Row = Mapping[str, str]
"""The cells of one row by column; a column that is left out is blank."""


def scanned(event_type: str, asset_tag: str, place: Place | None = None, **cells: str) -> Row:
    """Return one row, at the time at which the station's clock stands unless ``timestamp`` says otherwise."""
    named = {"case_number": place.case_name, "slot_number": str(place.slot_position)} if place else {}
    usual = {"timestamp": NOW_TEXT, "operator_id": "Opal", "event_type": event_type, "asset_tag": asset_tag}
    return usual | named | cells


def created(asset_tag: str, place: Place | None = None, **cells: str) -> Row:
    """Return the row that creates an asset."""
    return {**scanned("SCAN", asset_tag, place, equipment_type="laptop"), **cells}


def issued(asset_tag: str, holder: str, **cells: str) -> Row:
    """Return the row that issues an asset."""
    out = {"case_number": "OUT", "slot_number": "OUT"}
    return {**scanned("ISSUE", asset_tag, issued_to_name=holder), **out, **cells}


def returned(asset_tag: str, place: Place, **cells: str) -> Row:
    """Return the row that takes an asset back into a slot."""
    return scanned("RETURN", asset_tag, place, **cells)


def file_bytes(rows: Iterable[Row]) -> bytes:
    """Return the batch file with these rows; none of the made-up cells needs quotes."""
    lines = [",".join(COLUMNS), *(",".join(row.get(column, "") for column in COLUMNS) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def batch(*rows: Row) -> scan_csv.ScanTable:
    """Return the batch file with these rows, read."""
    return scan_csv.parse(file_bytes(rows))


SignerOf = Callable[[str], StationSigner]
