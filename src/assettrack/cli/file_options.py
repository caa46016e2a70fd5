"""The options that say how the file of a batch is to be read, and the way from such a file to what is previewed.

Owns what `preview` and `commit` share about files: which options there are, how they are written again, and which batch
a file makes with them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

import click
import msgspec

from assettrack.cli import answer_options, batch_file
from assettrack.cli.invocation import Invocation
from assettrack.domain.dumped_scans import DATE_ORDERS, DUMP_PROFILES, DateOrder
from assettrack.domain.findings import Finding
from assettrack.domain.plans import Options, Plan
from assettrack.domain.scan_answers import Answers
from assettrack.formats.scan_csv import ScanTable
from assettrack.services.intake import CommitReceipt, commit, preview

if TYPE_CHECKING:
    from assettrack.services.left_out_downloads import FindKept, KeptScans
    from assettrack.services.ports import BatchSource, Snapshot, Workplace


class FileSaid(msgspec.Struct, frozen=True):
    """What was said of a file: its form, the order of its dates, a time for what has none, and answers about scans.

    ``mapping`` is the name of the mapping by which a table is read, ``sheet`` that of a workbook's sheet.
    """

    mapping: str = ""
    sheet: str = ""
    profile: str = ""
    order: DateOrder | None = None
    at: str = ""
    answers: Answers = Answers()


def file_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options about its file, handed over as one ``said``."""

    @click.option("--mapping", metavar="NAME", default="", help="Read the file as a table, by this mapping.")
    @click.option("--sheet", metavar="NAME", default="", help="The sheet of a workbook; the first, if not named.")
    @click.option("--profile", type=click.Choice(DUMP_PROFILES), help="Read the file as this form of a scanner's file.")
    @click.option("--dates", type=click.Choice(DATE_ORDERS), help="In which order the file's dates stand.")
    @click.option("--at", metavar="TIME", help="When scans without a time were made: 2026-02-02T13:00, or with Z.")
    @answer_options.answer_options
    @wraps(function)
    def gathering(
        *args: object,
        mapping: str,
        sheet: str,
        profile: str | None,
        dates: DateOrder | None,
        at: str | None,
        answers: Answers,
        **rest: object,
    ) -> object:
        return function(*args, said=FileSaid(mapping, sheet, profile or "", dates, at or "", answers), **rest)

    return gathering


def written(said: FileSaid) -> list[str]:
    """Return what was said as words of a command line."""
    texts = (
        ("--mapping", said.mapping),
        ("--sheet", said.sheet),
        ("--profile", said.profile),
        ("--dates", said.order),
        ("--at", said.at),
    )
    words = [word for option, value in texts if value for word in (option, value)]
    return words + answer_options.written(said.answers)


def source_of(call: Invocation, file: str, options: Options, said: FileSaid) -> "tuple[BatchSource, Options]":
    """Return the batch of a file and how it is to be taken.

    Raises:
        click.UsageError: the file is a batch under a header line, for which nothing of this can be said.
        errors.NotFound: there is no such mapping.
        errors.ValueUnusable: the time that was said is none.
        download_errors.AnswersUnusable: something was answered about a scan that there is not.
        download_errors.AnswersTooLate: something else is answered about a scan that is said to be a recorded one.
    """
    if said.mapping:
        return _mapped(call, file, options, said)
    if said.sheet:
        raise click.UsageError("--sheet names a sheet of a table, which is read by a mapping: give --mapping too.")
    from assettrack.formats.scanner_dump import Asked

    found = batch_file.read_batch(file, Asked(said.profile, said.order))
    if isinstance(found, ScanTable):
        if said != FileSaid() and not found.problems:
            raise click.UsageError(f"{file} says in each row what {written(said)[0]} would say; leave that out.")
        return found, options
    from assettrack.services import downloads, scan_files

    what = scan_files.SaidOfFile(said.answers, said.at, batch_file.written_at(file))
    batch = scan_files.batch_of(call.workplace(), found, what, _kept_by(call))
    return batch, downloads.with_reading(options, batch)


def _kept_by(call: Invocation) -> "FindKept":
    def kept_scans(snapshot: "Snapshot", names: Collection[str]) -> "Mapping[str, KeptScans]":
        from assettrack.cli.scanner_connection import at_work  # only where scans of a download were left out

        return at_work(call).downloads.kept_scans(snapshot, names)

    return kept_scans


def preview_file(workplace: "Workplace", source: "BatchSource", options: Options) -> Plan:
    """Return what the batch of a file would do. Nothing is saved."""
    if options.scanner is None:
        return preview(workplace, source, options)
    from assettrack.services.scan_files import preview_file as preview_of_scans

    return preview_of_scans(workplace, source, options)


def commit_file(
    workplace: "Workplace", source: "BatchSource", name: str, options: Options, *, confirm: str | None
) -> CommitReceipt:
    """Commit the batch of a file as one unit.

    Raises:
        errors.AssetTrackError: as `intake.commit` and `scan_files.commit_file`.
    """
    if options.scanner is None and options.table is None:
        return commit(workplace, source, name, options, confirm=confirm)
    from assettrack.services.scan_files import commit_file as commit_of_scans

    return commit_of_scans(workplace, source, name, options, confirm=confirm)


def _mapped(call: Invocation, file: str, options: Options, said: FileSaid) -> "tuple[BatchSource, Options]":
    """Return the batch that a table makes by a mapping, and how it is to be taken.

    It can be said whether rows that were committed before are those of then, or made anew.
    """
    from assettrack.cli.mapping_cmd import named

    answers = msgspec.structs.replace(said.answers, same_scans=False, scanned_anew=False)
    others = written(msgspec.structs.replace(said, mapping="", sheet="", at="", answers=answers))
    if others:
        raise click.UsageError(f"{others[0]} is for files of scans, and a table is read by its mapping; leave it out.")
    mapping = named(call, said.mapping)
    content = batch_file.read_content(file)
    if isinstance(content, Finding):
        return ScanTable("", (content,)), options
    from assettrack.formats import spreadsheet
    from assettrack.services import tables_told_before

    table = spreadsheet.read_mapped(content, mapping, said.mapping, sheet=said.sheet, at=said.at)
    batch = tables_told_before.batch_of(call.workplace(), table, said.answers)
    return batch, tables_told_before.with_reading(options, batch)


def hinted(found: Sequence[Finding], source: "BatchSource") -> list[Finding]:
    """Return the problems of a file's batch with how to answer them on the command line."""
    is_list = isinstance(source, ScanTable) and source.is_list
    hints = answer_options.OF_LISTS if is_list else answer_options.OF_FILES
    return [answer_options.hinted(each, hints) for each in found]
