"""Which scanner a command is about, and what it works on besides: the port, or the emulated scanner that was asked for.

Owns the options `--port` and `--emulate`, that whoever uses an emulated scanner is told so, and how the database is
opened anew for what has to be proven. Must never turn to an emulated scanner by itself.
"""

import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import tzinfo
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import msgspec

from assettrack.cli import output
from assettrack.cli.invocation import Invocation
from assettrack.domain.errors import AssetTrackError

_OF_A_SCANNER = frozenset({"list", "info", "pull", "clear", "set-clock", "configure"})
"""The commands that work with a scanner itself."""

_HINT = re.compile(r"\bassettrack scanner ([a-z-]+)(?![a-z-]| --)")
"""A command in a sentence, of which nothing more is said."""

if TYPE_CHECKING:
    from assettrack.bootstrap import Emulated
    from assettrack.services.downloads import Downloads
    from assettrack.services.ports import Workplace
    from assettrack.services.scanner_desk import ScannerDesk
    from assettrack.services.scanner_ports import ConnectedScanner


class Connection(msgspec.Struct, frozen=True):
    """Where the scanner is: at a port (None: the only one found), or made of software, with its memory in a file."""

    port: str | None
    memory: str | None

    def words(self) -> list[str]:
        """Return it as words of a command line."""
        if self.memory is not None:
            return ["--emulate", self.memory]
        return [] if self.port is None else ["--port", self.port]

    def in_hints(self, call: Invocation, text: str) -> str:
        """Return a text with its commands of scanners written so that they work as they stand: with all that was said.

        Sentences of errors name commands, and can't know at which port or in which file the scanner is.
        """

        def whole(found: re.Match[str]) -> str:
            words = self.words() if found[1] in _OF_A_SCANNER else []
            return " ".join([found[0], *map(shlex.quote, [*words, *_said(call)])])

        return _HINT.sub(whole, text)


def command(call: Invocation, *words: str) -> str:
    """Return words as the command that somebody can paste: with the program's name, and what was said for all."""
    return shlex.join(["assettrack", *words, *_said(call)])


def _said(call: Invocation) -> list[str]:
    words = ["--db", call.database] if call.database else []
    return words + (["--operator", call.operator] if call.operator else [])


class AtWork(NamedTuple):
    """A connection to the database, and what scanners are worked with by."""

    workplace: "Workplace"
    desk: "ScannerDesk"

    @property
    def downloads(self) -> "Downloads":
        """What was pulled, seen through this connection."""
        return self.desk.downloads(self.workplace)


def connection_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say which scanner is meant, handed over as one ``cable``."""

    @click.option("--port", metavar="PORT", help="The scanner's port, if there is more than one.")
    @click.option(
        "--emulate", "memory", metavar="STATE.json", help="Not a real scanner: an emulated one, kept in this file."
    )
    @wraps(function)
    def gathering(*args: object, port: str | None, memory: str | None, **rest: object) -> object:
        if port is not None and memory is not None:
            raise click.UsageError("Give --port for a real scanner or --emulate for one made of software, not both.")
        if memory is not None:
            tell_emulated(memory)
        cable, call = Connection(port, memory), click.get_current_context().find_object(Invocation)
        try:
            return function(*args, cable=cable, **rest)
        except AssetTrackError as error:
            assert call is not None, "every command is a part of a call"
            error.args = (cable.in_hints(call, str(error)), *error.args[1:])
            raise

    return gathering


def tell_emulated(memory: str) -> None:
    """Say that no real scanner is at work."""
    output.tell(f"EMULATED: this scanner is made of software; its memory is {memory}.")


@contextmanager
def connected(call: Invocation, to: Connection) -> "Iterator[ConnectedScanner]":
    """Lend the scanner."""
    from assettrack import bootstrap

    emulated = None if to.memory is None else emulated_in(call, to.memory)
    with bootstrap.pocket_scanner(to.port, emulated) as scanner:
        yield scanner


def emulated_in(call: Invocation, memory: str) -> "Emulated":
    """Return the emulated scanner of a file, which must be none of the station's own.

    Raises:
        errors.ValueUnusable: it is one.
    """
    from assettrack.bootstrap import Emulated
    from assettrack.cli.kept_file import require_apart

    return Emulated(require_apart(memory, call.settings()), zone_of(call))


def zone_of(call: Invocation) -> tzinfo | None:
    """Return the station's zone, or where there is no station yet None, for that of this computer."""
    from assettrack.domain import station_errors

    try:
        return station_zone(call.workplace())
    except station_errors.DatabaseMissing:
        return None


def station_zone(workplace: "Workplace") -> tzinfo:
    """Return the station's zone."""
    from assettrack.services import counts

    return workplace.zone(counts.timezone(workplace))


def at_work(call: Invocation) -> AtWork:
    """Return the station through the call's own connection to the database."""
    from assettrack import bootstrap

    return AtWork(call.workplace(), bootstrap.scanner_desk(call.settings()))


@contextmanager
def at_work_anew(call: Invocation) -> Iterator[AtWork]:
    """Lend the station through a connection to the database that is opened for it."""
    from assettrack import bootstrap

    settings = call.settings()
    desk = bootstrap.scanner_desk(settings)
    with desk.fresh_store() as store:
        yield AtWork(bootstrap.open_workplace(settings, store), desk)
