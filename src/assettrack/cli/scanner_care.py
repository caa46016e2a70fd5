"""Looking at a scanner and setting it from the command line: which there are, how one is set, its clock.

Owns the words for how far a clock is off, and what to do about each setting that could lose scans.
"""

from collections.abc import Sequence
from datetime import datetime

import click
import msgspec

from assettrack.cli import confirmation, exit_codes, output
from assettrack.cli.invocation import Invocation
from assettrack.cli.progress import showing
from assettrack.cli.scanner_connection import Connection, at_work, connected, zone_of
from assettrack.cli.show.words import counted
from assettrack.domain.downloads import ScannerSettings
from assettrack.domain.pulled_batch import SMALL_OFFSET_SECONDS, clock_said
from assettrack.domain.raw_scans import ClockReading
from assettrack.domain.scanner_clock import offset_of
from assettrack.domain.scanner_errors import ScannerSettingUnsafe
from assettrack.services.scanner_ports import ConnectedScanner, Progress

CONFIGURE = "Set it right with: assettrack scanner configure"


class Clock(msgspec.Struct, frozen=True):
    """A scanner's clock: what it shows (blank where it can't be trusted), how far it is off, how well that is known.

    ``off_seconds`` is by how much it is behind the station's local time, ``spread`` how many seconds the reading took.
    ``quality`` is one of ``right``, ``off``, ``other zone``, ``far off`` and ``not trusted``; ``said`` tells it.
    """

    device: str
    host_utc: str
    off_seconds: int | None
    spread: float
    quality: str
    said: str


class Info(msgspec.Struct, frozen=True):
    """What there is to say of a scanner. ``scans`` is None where it can't be read safely."""

    serial: str
    model: str
    version: str
    low_battery: bool
    with_stamps: bool
    drops_repeated: bool
    dangers: Sequence[str]
    clock: Clock
    scans: int | None


class Port(msgspec.Struct, frozen=True):
    """A port that leads to a scanner, as the system tells it."""

    port: str
    product_id: int | None
    usb_serial: str
    description: str


def list_scanners(call: Invocation, to: Connection) -> int:
    """List the ports that lead to a scanner, and the scanners that can't be used as they are connected.

    A port that is named is asked itself, because one that looks like no scanner's may lead to one all the same.
    """
    from assettrack import bootstrap

    ports, modes = list[Port](), list[str]()
    named = to.memory or to.port
    if named is None:
        found, unusable = bootstrap.scanner_ports()
        ports += [Port(each.name, each.product_id, each.usb_serial, each.description) for each in found]
        modes += unusable
    else:
        with connected(call, to) as scanner:
            what = f"{scanner.identity.model}, {scanner.identity.serial}"
        ports.append(Port(named, None, "", f"emulated {what}" if to.memory else what))
    if call.json:
        output.write_json({"ports": ports, "unusable": modes})
        return exit_codes.DONE
    output.lines(f"{each.port}  {each.description}" for each in ports)
    output.tell(
        *(f"A scanner is connected as {mode}, and can't be used so. Set it to OPN-2001 compatible mode (USB-VCP)."
          for mode in modes)
    )  # fmt: skip
    if not ports and not modes:
        output.tell("No scanner was found. Check the cable, and that it is in OPN-2001 compatible mode (USB-VCP).")
    return exit_codes.DONE


def info(call: Invocation, to: Connection) -> int:
    """Show what there is to say of a scanner."""
    with showing("Asking the scanner") as display, connected(call, to) as scanner:
        identity, settings = scanner.identity, scanner.settings
        found = Info(
            serial=identity.serial,
            model=identity.model,
            version=identity.version,
            low_battery=identity.low_battery,
            with_stamps=settings.with_stamps,
            drops_repeated=settings.drops_repeated,
            dangers=settings.dangers,
            clock=clock_of(call, scanner.clock()),
            scans=_scans_held(call, scanner, display.advance),
        )
    if call.json:
        output.write_json(found)
    else:
        output.lines(to.in_hints(call, line) for line in _info_lines(found))
    return exit_codes.DONE


def clock_of(call: Invocation, reading: ClockReading) -> Clock:
    """Return how far a clock is off by the station's zone, or by this computer's where there is no station."""
    local = datetime.fromisoformat(reading.host_utc).astimezone(zone_of(call)).replace(tzinfo=None)
    offset = offset_of(reading, local)
    if offset is None:
        said = ("not trusted", "It can't be trusted: its battery was empty, or it was never set.")
        return Clock("", reading.host_utc, None, reading.spread, *said)
    off = clock_said(offset.seconds)
    if abs(offset.seconds) <= SMALL_OFFSET_SECONDS:
        quality, said_of = "right", "It is right."
    elif offset.is_far_off:
        quality, said_of = (
            "far off",
            f"It is {off}, more than a clock drifts: it was set wrongly, reset, or stood still.",
        )
    elif offset.is_whole_hours:
        quality, said_of = (
            "other zone",
            f"It is {off}, as if it followed another zone; times come out right all the same.",
        )
    else:
        quality, said_of = "off", f"It is {off}; times are corrected by that."
    return Clock(reading.device, reading.host_utc, offset.seconds, reading.spread, quality, said_of)


def set_clock(call: Invocation, to: Connection) -> int:
    """Set the scanner's clock, if no scan in it depends on the clock as it is."""
    from assettrack.services.scanner_care import set_clock as set_to_local_time

    at = at_work(call)
    with showing("Setting the clock"), connected(call, to) as scanner:
        serial, before = scanner.identity.serial, clock_of(call, scanner.clock())
        reading = set_to_local_time(at.workplace, scanner, at.desk)
    after = clock_of(call, reading)
    if call.json:
        output.write_json({"serial": serial, "clock_before": before, "clock": after})
    else:
        output.lines([f"Scanner {serial}: its clock is set to {after.device}. Before: {before.said}"])
    return exit_codes.DONE


def configure(call: Invocation, to: Connection, *, dry_run: bool, yes: bool) -> int:
    """Set the scanner so that no scan leaves it unseen, once that is confirmed."""
    from assettrack import bootstrap
    from assettrack.services.scanner_care import make_safe

    if dry_run and yes:
        raise click.UsageError("Give --dry-run to look or --yes to set it, not both.")
    if not dry_run and not yes and (call.json or not confirmation.on_a_terminal()):
        raise click.UsageError("Say --yes to set the scanner, --dry-run to look, or be asked on a terminal.")
    with connected(call, to) as scanner:
        serial, before = scanner.identity.serial, scanner.settings
    if not call.json:
        output.lines(_configure_lines(serial, before))
    after = before
    if before.dangers and not dry_run:
        if not yes and not click.confirm("Set the scanner right?"):
            output.tell("Not set. The scanner is as it was.")
            return exit_codes.INTERRUPTED
        with connected(call, to) as scanner:
            after = make_safe(call.workplace, scanner, bootstrap.scanner_desk(call.settings()))
        if not call.json:
            found = [to.in_hints(call, line) for line in _danger_lines(after)]
            output.lines(found or [f"Scanner {serial} is set right."])
    if call.json:
        changed = list(before.dangers) != list(after.dangers)
        output.write_json({"serial": serial, "settings_before": before, "settings": after, "changed": changed})
    return exit_codes.DONE


def _scans_held(call: Invocation, scanner: ConnectedScanner, progress: Progress) -> int | None:
    """Return how many scans it holds, None where asking could erase them."""
    from assettrack import bootstrap

    read_scans = bootstrap.scanner_desk(call.settings()).read_scans
    try:
        reply = scanner.upload(progress)
    except ScannerSettingUnsafe:
        return None
    return len(read_scans(reply, with_stamps=scanner.settings.with_stamps))


def _info_lines(found: Info) -> list[str]:
    held = "not asked, because it can't be read safely" if found.scans is None else counted(found.scans, "scan")
    taken = "" if found.clock.off_seconds is None else f" (read within {found.clock.spread:g} seconds)"
    settings = ScannerSettings(found.with_stamps, found.drops_repeated, found.dangers)
    return [
        f"Scanner {found.serial}, {found.model}, software {found.version}",
        f"Battery: {'low. Charge it before the next day in the field.' if found.low_battery else 'good'}",
        f"Clock: {found.clock.device or 'no time'}. {found.clock.said}{taken}",
        f"Holds: {held}",
        *(_danger_lines(settings) or ["Settings: right, no scan leaves it unseen."]),
    ]


def _danger_lines(settings: ScannerSettings) -> list[str]:
    """Return what about settings could lose scans, and what to do."""
    if not settings.dangers:
        return []
    return [*(f"Danger: {danger}" for danger in settings.dangers), CONFIGURE]


def _configure_lines(serial: str, settings: ScannerSettings) -> list[str]:
    if not settings.dangers:
        return [f"Scanner {serial} is set right: nothing would change."]
    return [f"Scanner {serial}, to be set right:", *(f"  {danger}" for danger in settings.dangers)]
