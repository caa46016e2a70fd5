"""Joins store, station and services: the only place that knows them all."""

import secrets
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assettrack import __version__
from assettrack.domain import deeds, errors
from assettrack.domain.checkpoints import Signer
from assettrack.domain.deeds import Deed, Station
from assettrack.services.ports import Workplace
from assettrack.services.typed_deeds import signoff
from assettrack.settings import Settings
from assettrack.station.keys import KeyFile, verify_signature
from assettrack.station.plans import PlanFiles
from assettrack.store.sqlite import SqliteStore

_STATION_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


def now() -> datetime:
    """Return the present moment by the station's clock."""
    return datetime.now(UTC)


def zone_named(name: str) -> tzinfo:
    """Return an IANA zone.

    Raises:
        errors.ValueUnusable: there is no zone of this name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise errors.ValueUnusable("The time zone", name, "it is no IANA zone such as Europe/Berlin or UTC") from error


def open_store(settings: Settings) -> SqliteStore:
    """Return the store of the station's database; the file is opened when it is first used."""
    return SqliteStore(settings.database, lambda station: KeyFile(settings.keys, station).signer())


def open_workplace(settings: Settings, store: SqliteStore | None = None) -> Workplace:
    """Return the station as the services see it."""
    return Workplace(
        store=store or open_store(settings),
        now=now,
        zone=zone_named,
        plans=PlanFiles(settings.plans),
        verify=verify_signature,
        version=__version__,
        operator=settings.operator,
    )


def set_up_station(settings: Settings, timezone: str | None) -> bool:
    """Make the station's database and key, or bring the database up to date; return whether it was made now.

    The key comes first: a database without its key could never be written to.

    Raises:
        errors.ValueUnusable: there is no such zone.
        errors.KeyUnusable: the key can't be made.
    """
    zone = timezone or _system_zone()
    zone_named(zone)
    store = open_store(settings)
    workplace = open_workplace(settings, store)

    def first_deed() -> tuple[Deed, Signer]:
        signed = signoff(workplace)
        name = "assettrack-" + "".join(secrets.choice(_STATION_LETTERS) for _ in range(8))
        key = KeyFile(settings.keys, name)
        station = Station(name, zone, key.create().hex())
        return deeds.set_up_station(station, 1, signed), key.signer()

    try:
        return store.set_up(first_deed)
    finally:
        store.close()


def _system_zone() -> str:
    """Return the system's IANA zone, or UTC where it has none."""
    import tzlocal  # costs 20 ms, and only a first init asks

    try:
        name = tzlocal.get_localzone_name()
        zone_named(name)
    except (errors.ValueUnusable, ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
    return name
