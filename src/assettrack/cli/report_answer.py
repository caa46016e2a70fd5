"""How a report is answered: as a page, as JSON, or in a format of its own, which may go into a file.

Owns the options for it, and that a file is written whole and never over another one. What a report says is not known
here; how a format is written is `report_file`.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import PurePath
from typing import Any, NamedTuple, TypeVar

import click
import msgspec

from assettrack.cli import exit_codes, output
from assettrack.cli.invocation import Invocation
from assettrack.cli.kept_file import write_kept
from assettrack.cli.report_file import FORMATS, write_table
from assettrack.cli.show.words import counted
from assettrack.domain import station_errors
from assettrack.services.reports import Report

Item = TypeVar("Item")

TO_STDOUT = ("csv", "json")
"""Formats that may go to the standard output; the others are for programs that open files."""


class To(NamedTuple):
    """Where a report goes: a format, and a file; to the screen or, with `--json`, as JSON where neither is given."""

    format: str | None = None
    file: str | None = None
    force: bool = False


def answer_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say where its report goes, handed over as ``to``."""

    @click.option("--format", "format_name", type=click.Choice(FORMATS, case_sensitive=False), help="Write it as this.")
    @click.option("--output", "file", metavar="FILE", help="Write it into this file; its name may tell the format.")
    @click.option("--force", is_flag=True, help="Replace the file if it is there already.")
    @wraps(function)
    def gathering(*args: object, format_name: str | None, file: str | None, force: bool, **rest: object) -> object:
        return function(*args, to=_where(format_name, file, force=force), **rest)

    return gathering


def answer(call: Invocation, report: Report, to: To) -> int:
    """Answer with a report.

    Raises:
        errors.FileExists, errors.FileUnwritable: the file is there already, or can't be written.
        errors.ValueUnusable: the report is too large for the format.
        station_errors.DatabaseDamaged: a time in it is none.
    """
    if to.format is not None:
        _deliver(call, report, to, to.format)
    elif call.json:
        output.write_json(as_object(report))
    else:
        from assettrack.cli.show import screen
        from assettrack.cli.show.report_table import report_page

        screen.show(_each_readable(report_page(report.table)))
    return exit_codes.DONE


def as_object(report: Report) -> dict[str, object]:
    """Return a report as an object for programs: its figures, and its table as `--format json` writes it."""
    with _readable():
        table = msgspec.json.decode(write_table(report.table, "json"), type=dict[str, msgspec.Raw])
    return {**report.figures, **table}


def _deliver(call: Invocation, report: Report, to: To, format_name: str) -> None:
    if call.json and to.file is None:
        raise click.UsageError("Give --json, or --format, or both with --output FILE.")
    with _readable():
        content = write_table(report.table, format_name)
    if to.file is None:
        output.write_bytes(content)
        return
    write_kept(to.file, [content], station=call.settings(), force=to.force)
    call.made()
    if call.json:
        done = {"report": report.figures["report"], "format": format_name, "file": output.inert(to.file)}
        output.write_json({**done, "rows": len(report.table.rows)})
    else:
        output.lines([f"{report.table.title}: {counted(len(report.table.rows), 'row')} in {to.file}."])


def _where(format_name: str | None, file: str | None, *, force: bool) -> To:
    """Return where a report goes.

    Raises:
        click.UsageError: what was said does not go together.
    """
    if file is None:
        if force:
            raise click.UsageError("--force needs --output FILE.")
        if format_name is not None and format_name not in TO_STDOUT:
            raise click.UsageError(f"--format {format_name} needs --output FILE.")
        return To(format_name)
    if format_name is None:
        format_name = PurePath(file).suffix[1:].lower()
        if format_name not in FORMATS:
            raise click.UsageError(f"Say the --format: {', '.join(FORMATS)}; or name FILE so that it ends in one.")
    return To(format_name, file, force)


def _each_readable(page: Iterable[Item]) -> Iterator[Item]:
    with _readable():
        yield from page


@contextmanager
def _readable() -> Iterator[None]:
    """Let a value that is not what its column says be what it is: a sign that somebody wrote into the database."""
    try:
        yield
    except ValueError as error:
        raise station_errors.DatabaseDamaged(f"a value of the report can't be read ({error})") from error
