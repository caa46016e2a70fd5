"""Joins store, station and services: the only place that knows them all."""

import platform
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assettrack import __version__
from assettrack.domain import errors, station_deeds, station_errors
from assettrack.domain.asset_codes import AssetCode
from assettrack.domain.contact_deeds import SALT_BYTES
from assettrack.domain.deeds import Deed, Station
from assettrack.domain.signed_notes import Signer, Verify
from assettrack.domain.wording import counted_entries
from assettrack.services import doctor
from assettrack.services.account_ports import Chance
from assettrack.services.backup_ports import BackupFiles
from assettrack.services.desk_ports import UploadShelf
from assettrack.services.doctor import Check, KnownOutside
from assettrack.services.ports import Store, Workplace
from assettrack.services.sessions import Reception
from assettrack.services.typed_deeds import signoff
from assettrack.settings import Settings
from assettrack.station.keys import KeyFile, verify_signature
from assettrack.station.known_checkpoint import KnownCheckpoints
from assettrack.station.plans import PlanFiles
from assettrack.store.continuity import WatchedStore, require_continued
from assettrack.store.desk import StationDesk
from assettrack.store.desk_file import DeskFile
from assettrack.store.setting_up import Upgrade
from assettrack.store.shared import SharedStore
from assettrack.store.sqlite import SignerOf, SqliteStore

if TYPE_CHECKING:
    from assettrack.scanner.device import FoundPort
    from assettrack.services.scanner_desk import Lend, ScannerDesk
    from assettrack.services.scanner_ports import ConnectedScanner, Spool
    from assettrack.station.mappings import MappingFile

_STATION_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


@contextmanager
def pocket_scanner(port: str | None = None, emulated: "Emulated | None" = None) -> Iterator["ConnectedScanner"]:
    """Lend the scanner that is connected, at a port or (None) the only one found; or the emulated one that is named.

    Raises:
        errors.AssetTrackError: there is none, more than one, or it does not answer.
    """
    from assettrack.scanner.device import SystemTimes, opener  # only who has a scanner needs these
    from assettrack.scanner.link import connect
    from assettrack.scanner.pocket import PocketScanner

    with ExitStack() as ended:
        if emulated is None:
            link = connect(opener(port), SystemTimes())
        else:
            from assettrack.scanner import emulated_memory

            times = emulated_memory.GivenTimes(now)
            made = ended.enter_context(emulated_memory.in_use(emulated.memory, times, emulated.zone))
            link = connect(ended.enter_context(emulated_memory.plugged_in(made)), times)
        ended.callback(link.close)
        scanner = PocketScanner(link)
        yield scanner
        link.power_down()


class Emulated(NamedTuple):
    """An emulated scanner: the file of its memory, and the zone of its clock when new (None: this computer's)."""

    memory: Path
    zone: tzinfo | None


def scan_emulated(emulated: Emulated, texts: Sequence[str]) -> tuple[int, int]:
    """Scan texts with an emulated scanner; return how many it stored of them, and how many scans it holds now."""
    from assettrack.scanner import emulated_memory

    return emulated_memory.scanned(emulated.memory, emulated_memory.GivenTimes(now), emulated.zone, texts)


def scanner_ports() -> "tuple[Sequence[FoundPort], Sequence[str]]":
    """Return the ports that lead to a scanner, and in words as what other scanners are connected."""
    from assettrack.scanner.device import find_ports, modes_without_port

    return find_ports(), modes_without_port()


def spool(settings: Settings) -> "Spool":
    """Return where downloads are kept."""
    from assettrack.station.spool import SpoolFolder

    return SpoolFolder(settings.spool)


def saved_mappings(settings: Settings) -> "MappingFile":
    """Return where column mappings are kept."""
    from assettrack.station.mappings import MappingFile

    return MappingFile(settings.mappings)


def signature_check() -> Verify:
    """Return what checks signatures; it needs no station."""
    return verify_signature


def read_gs1(text: str) -> AssetCode:
    """Return what names an asset in a text of GS1 numbers; raises as `formats.gs1_codes.read_gs1` does."""
    from assettrack.formats import gs1_codes  # costs 120 ms, and few stations ever scan such a code

    return gs1_codes.read_gs1(text)


def now() -> datetime:
    """Return the present moment by the station's clock."""
    return datetime.now(UTC)


def new_salt() -> bytes:
    """Return 16 random bytes, so that a hash of contact data tells nothing of it."""
    return secrets.token_bytes(SALT_BYTES)


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
    return WatchedStore(settings.database, _signer_finder(settings), KnownCheckpoints(settings.checkpoints))


class SetUp(NamedTuple):
    """What setting a station up came to: whether it was made now, and how it was brought up to date, if it was."""

    created: bool
    upgrade: Upgrade | None


@contextmanager
def backup_files(settings: Settings) -> Iterator[BackupFiles]:
    """Lend the place where the station's backups are made and taken from."""
    from assettrack.store.backups import SqliteBackups  # only two commands need it

    store = open_store(settings)
    try:
        yield SqliteBackups(store, _signer_finder(settings), KnownCheckpoints(settings.checkpoints))
    finally:
        store.close()


def open_workplace(settings: Settings, store: Store | None = None) -> Workplace:
    """Return the station as the services see it."""
    return Workplace(
        store=store or open_store(settings),
        now=now,
        zone=zone_named,
        plans=PlanFiles(settings.plans),
        verify=verify_signature,
        read_gs1=read_gs1,
        salt=new_salt,
        version=__version__,
        operator=settings.operator,
    )


def set_up_station(settings: Settings, timezone: str | None) -> SetUp:
    """Make the station's database and key, or bring the database up to date.

    The key comes first: a database without its key could never be written to.

    Raises:
        errors.ValueUnusable: there is no such zone.
        station_errors.KeyUnusable: the key can't be made.
        station_errors.CopyInTheWay: something has the name that the copy of an older database should have.
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
        return station_deeds.set_up_station(station, 1, signed), key.signer()

    try:
        upgrades: list[Upgrade] = []
        created = store.set_up(first_deed, upgrades.append)
        return SetUp(created, upgrades[0] if upgrades else None)
    finally:
        store.close()


def key_path(settings: Settings) -> Path:
    """Return where the station's key lies.

    Raises:
        errors.AssetTrackError: there is no database that could tell the station's name.
    """
    store = open_store(settings)
    try:
        with store.read() as snapshot:
            return KeyFile(settings.keys, snapshot.station().station).path
    finally:
        store.close()


def examine(settings: Settings) -> list[Check]:
    """Return what there is to say about the station's fitness for work: each line ok, or what to do."""
    from assettrack.station import examination as surroundings  # only doctor needs these two
    from assettrack.store import examination

    engine = examination.engine()
    versions = f"AssetTrack {__version__}, Python {platform.python_version()}, apsw {engine.apsw}."
    checks = [Check("program", ok=True, message=versions), doctor.about_engine(engine.sqlite, safe=engine.safe)]
    size = 0
    store = open_store(settings)
    try:
        with store.read() as snapshot:
            station, entries = snapshot.station(), snapshot.log_size
        found = examination.database_facts(settings.database)
        size = found.size
        key = surroundings.key_facts(settings.keys, station.station, station.public_key)
        what = f"{settings.database} of station {station.station}, {counted_entries(entries)}."
        checks += [
            Check("database", ok=True, message=what),
            doctor.about_pragmas(found.pragmas),
            doctor.about_schema(found.schema_version, found.schema_faults),
            doctor.about_key(key.path, key.reason),
            doctor.about_clock(open_workplace(settings, store)),
            _about_checkpoint(settings, store),
            doctor.about_backup(open_workplace(settings, store)),
        ]
    except errors.AssetTrackError as error:
        checks.append(doctor.failed("database", error))
    finally:
        store.close()
    folder = settings.database.parent
    checks.append(doctor.about_space(str(folder), surroundings.free_space(folder), size))
    checks.append(doctor.about_plans(str(settings.plans), surroundings.unwritable_because(settings.plans)))
    return checks


def require_known_held(settings: Settings) -> None:
    """Make sure that the database holds the newest checkpoint known outside it, or that its log says why it does not.

    Raises:
        station_errors.DatabaseOlder: neither is so.
        station_errors.DatabaseDamaged: it can't be told.
    """
    store = open_store(settings)
    try:
        with store.read() as snapshot:
            require_continued(snapshot, KnownCheckpoints(settings.checkpoints).newest(snapshot.station()))
    finally:
        store.close()


def _about_checkpoint(settings: Settings, store: SqliteStore) -> Check:
    """Judge whether the database holds what is known outside it, and whether anything can be known there."""
    from assettrack.station import examination as surroundings

    kept = KnownCheckpoints(settings.checkpoints)
    try:
        with store.read() as snapshot:
            station = snapshot.station()
            known = kept.newest(station)
            require_continued(snapshot, known)
    except errors.AssetTrackError as error:
        return doctor.failed("history", error)
    return doctor.about_checkpoint(
        KnownOutside(
            str(kept.path(station.station)),
            entries=None if known is None else known.size,
            unreadable=kept.unreadable_because(station),
            unwritable=surroundings.unwritable_because(settings.checkpoints),
        )
    )


def _signer_finder(settings: Settings) -> SignerOf:
    """Return what finds the signing key of a station."""

    def signer_of(station: str) -> Signer:
        try:
            return KeyFile(settings.keys, station).signer()
        except ValueError as error:
            raise station_errors.DatabaseDamaged(f"the name of its station can't be one: {error}") from error

    return signer_of


def _system_zone() -> str:
    """Return the system's IANA zone, or UTC where it has none."""
    import tzlocal  # costs 20 ms, and only a first init asks

    try:
        name = tzlocal.get_localzone_name()
        zone_named(name)
    except (errors.ValueUnusable, ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
    return name


def scanner_desk(settings: Settings, lend: "Lend" = pocket_scanner) -> "ScannerDesk":
    """Return what a face works with pocket scanners by; ``lend`` lends the one that is connected."""
    from assettrack.scanner import heard, pocket, symbologies
    from assettrack.services.scanner_desk import BrowserCable, ScannerDesk

    cable = BrowserCable(heard.QUESTIONS, heard.READ, heard.HeardScanner)
    names, fresh = symbologies.name_of, lambda: closing(open_store(settings))
    return ScannerDesk(lend, spool(settings), pocket.read_scans, fresh, names, cable)


class ForBrowsers(NamedTuple):
    """What a server works with: the station for many threads, its desk, signing in, chance, files sent, scanners."""

    workplace: Workplace
    desk: StationDesk
    reception: Reception
    chance: Chance
    uploads: UploadShelf
    scanners: "ScannerDesk"


def _desk_path(settings: Settings) -> Path:
    return settings.database.with_name(f"{settings.database.name}.desk")


@contextmanager
def reception_beside(settings: Settings, workplace: Workplace) -> Iterator[Reception]:
    """Lend what helping somebody in needs to a command, also while a server is at work at the same desk.

    Raises:
        station_errors.DeskForeign: the desk beside the database is another station's.
        errors.AssetTrackError: there is no database, or the desk can't be opened.
    """
    from assettrack.station.passwords import ArgonPasswords  # only who lets somebody in needs these
    from assettrack.station.second_factor import TimeCodes

    with workplace.store.read() as snapshot:
        station = snapshot.station().station
    desk = StationDesk(DeskFile(_desk_path(settings)))
    try:
        desk.set_up(station)
        yield Reception(desk, ArgonPasswords(), TimeCodes(), secrets.token_bytes)
    finally:
        desk.close()


@contextmanager
def open_for_browsers(settings: Settings, lend: "Lend" = pocket_scanner) -> Iterator[ForBrowsers]:
    """Lend the station to a server: for many threads, with its desk and what signing in needs.

    ``lend`` lends the pocket scanner that is connected; by default the only one found.

    Raises:
        station_errors.AlreadyServed: another server is at work on the same database.
        station_errors.DeskForeign: the desk beside the database is another station's.
        errors.AssetTrackError: there is no database, or it can't be opened.
    """
    from assettrack.station.one_server import the_only_server  # only a server needs these
    from assettrack.station.passwords import ArgonPasswords
    from assettrack.station.second_factor import TimeCodes
    from assettrack.station.uploads import Uploads

    store = SharedStore(lambda: open_store(settings))
    desk = StationDesk(DeskFile(_desk_path(settings), log_seen=lambda: store.seen))
    try:
        with store.read() as snapshot:
            station = snapshot.station().station
        with the_only_server(settings.database.with_name(f"{settings.database.name}.desk.lock")):
            desk.set_up(station)
            with store.read() as snapshot:
                desk.settle_beside(snapshot)
            reception = Reception(desk, ArgonPasswords(), TimeCodes(), secrets.token_bytes)
            uploads = Uploads(settings.database.with_name(f"{settings.database.name}.uploads"))
            workplace, scanners = open_workplace(settings, store), scanner_desk(settings, lend)
            yield ForBrowsers(workplace, desk, reception, secrets.token_bytes, uploads, scanners)
    finally:
        desk.close()
        store.close()
