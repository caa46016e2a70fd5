"""`mapping`: how the columns of somebody's own tables are read, kept under names of their own."""

import shlex
from collections.abc import Sequence

import click

from assettrack import bootstrap
from assettrack.cli import output
from assettrack.cli.batch_file import read_file, source_name
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.show.columns import in_columns
from assettrack.domain import errors
from assettrack.domain.column_mapping import (
    ColumnMapping,
    NotAMapping,
    clean_heading,
    mapping_of,
    require_meant,
    require_name,
)
from assettrack.domain.known_headings import proposed
from assettrack.formats.encodings import is_excel
from assettrack.formats.scan_header import missing_columns

command = Group(
    "mapping",
    help="Say how the columns of your own tables are read, so that they can be previewed.",
    epilog=examples("mapping suggest old-list.xlsx", "mapping list"),
)

_SHEET = click.option("--sheet", metavar="NAME", default="", help="The sheet of a workbook; the first, if not named.")


@command.command(
    "add",
    epilog=examples(
        'mapping add old-list --map asset_tag="Asset Tag" --map serial_number=Serial '
        "--set event_type=SCAN --set operator_id=mara"
    ),
)
@click.argument("name")
@click.option("--map", "columns", multiple=True, metavar="FIELD=HEADING", help="In which column a field stands.")
@click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="What a field is in each row.")
@click.option("--from", "table_file", metavar="FILE", help="A table to hold the headings against.")
@_SHEET
@click.pass_obj
def add(
    call: Invocation, name: str, *, columns: Sequence[str], values: Sequence[str], table_file: str | None, sheet: str
) -> None:
    """Keep a mapping under NAME. Nothing is read yet, and nothing is in the log.

    Fields are the columns of a batch. A column that is not named is not read; a field that is neither
    named nor set stays blank. Fields that every row needs can't be left out, but for the time, which
    can be said by --at when the table is previewed.
    """
    try:
        require_name(name)
        mapping = mapping_of(_pairs("--map", columns), _pairs("--set", values))
        require_meant(mapping)
    except NotAMapping as error:
        raise errors.ValueUnusable("The mapping", name, error.reason) from error
    if unsaid := mapping.missing(at="said later"):
        reason = f"it says nothing of {', '.join(unsaid)}; name a column with --map, or a value with --set"
        raise errors.ValueUnusable("The mapping", name, reason)
    if table_file is not None:
        there = _headings(read_file(table_file), source_name(table_file), sheet)
        gone = [heading for heading in mapping.columns.values() if heading not in there]
        if gone:
            raise errors.ValueUnusable("The mapping", name, f"{source_name(table_file)} has no column {gone[0]!a}")
    kept = bootstrap.saved_mappings(call.settings())
    if name in kept.all():
        raise errors.ValueUnusable("The mapping", name, "there is one of that name; remove it first")
    kept.keep(name, mapping)
    call.made()
    if call.json:
        output.write_json(_answer(name, mapping))
    else:
        output.lines([f"Mapping {name} is kept. Look at what it makes of a table:"])
        output.lines([f"  assettrack preview FILE --mapping {name}"])


@command.command("list")
@click.pass_obj
def list_(call: Invocation) -> None:
    """List all mappings by name."""
    found = bootstrap.saved_mappings(call.settings()).all()
    if call.json:
        output.write_json({"mappings": [_answer(name, mapping) for name, mapping in found.items()]})
    elif found:
        rows = ((name, ", ".join(mapping.columns), ", ".join(mapping.values)) for name, mapping in found.items())
        output.lines(in_columns(("mapping", "from columns", "set"), rows))
    else:
        output.tell("No mapping is kept yet. Look at your table first: assettrack mapping suggest FILE")


@command.command("show")
@click.argument("name")
@click.pass_obj
def show(call: Invocation, name: str) -> None:
    """Show a mapping field by field."""
    mapping = named(call, name)
    if call.json:
        output.write_json(_answer(name, mapping))
        return
    rows = [(field, "column", heading) for field, heading in mapping.columns.items()]
    rows += [(field, "always", value) for field, value in mapping.values.items()]
    output.lines(in_columns(("field", "from", "heading or value"), rows))


@command.command("remove")
@click.argument("name")
@click.pass_obj
def remove(call: Invocation, name: str) -> None:
    """Remove a mapping. What was committed by it stays as it is."""
    named(call, name)
    bootstrap.saved_mappings(call.settings()).remove(name)
    call.made()
    if call.json:
        output.write_json({"name": name})
    else:
        output.lines([f"Mapping {name} is removed."])


@command.command("suggest", epilog=examples("mapping suggest old-list.xlsx"))
@click.argument("file")
@_SHEET
@click.pass_obj
def suggest(call: Invocation, file: str, *, sheet: str) -> None:
    """Propose a mapping for a table by headings that are known from other programs. Keeps nothing.

    Only headings count, never what stands below them. Look at each: a proposal may be wrong.
    """
    content = read_file(file)
    there = _headings(content, source_name(file), sheet)
    found = proposed(there)
    unknown = [heading for heading in there if heading and heading not in found.values()]
    if call.json:
        fields = [{"field": field, "heading": heading} for field, heading in found.items()]
        output.write_json({"fields": fields, "left": unknown})
        return
    if not missing_columns(there):
        output.lines([f"{source_name(file)} is a batch already, and needs no mapping. Look at what it does:"])
        see = "save it as CSV (UTF-8), and preview that" if is_excel(content) else ""
        output.lines([f"  {see or shlex.join(['assettrack', 'preview', file])}"])
        return
    if "asset_tag" not in found:
        output.lines([f"No heading is known to be that of asset tags. There are: {_listed(there)}."])
        return
    operator = call.settings().operator or "NAME"
    words = ["assettrack", "mapping", "add", "my-list", "--from", file, *(["--sheet", sheet] if sheet else [])]
    words += [word for field, heading in found.items() for word in ("--map", f"{field}={heading}")]
    words += ["--set", "event_type=SCAN", "--set", f"operator_id={operator}"]
    output.lines([
        "Look at each column, change what is wrong, and keep it:",
        f"  {shlex.join(words)}",
        f"Not read: {_listed(unknown)}.",
    ])  # fmt: skip


def named(call: Invocation, name: str) -> ColumnMapping:
    """Return the mapping of a name.

    Raises:
        errors.NotFound: there is none.
        errors.FileUnreadable: the file of mappings is not what it should be.
    """
    found = bootstrap.saved_mappings(call.settings()).all().get(name)
    if found is None:
        raise errors.NotFound("mapping", name)
    return found


def _headings(content: bytes, name: str, sheet: str) -> list[str]:
    """Return the headings of a table; ``name`` is its file's.

    Raises:
        errors.FileUnreadable: it can't be read as one.
    """
    from assettrack.domain.findings import Finding
    from assettrack.formats import spreadsheet

    table = spreadsheet.read_table(content, sheet=sheet)
    if isinstance(table, Finding):
        raise errors.FileUnreadable(name, table.message.rstrip("."))
    return table.headings


def _pairs(option: str, pairs: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        field, equals, text = pair.partition("=")
        field = field.strip().lower()
        if not equals or not text.strip():
            raise errors.ValueUnusable(option, pair, "it is written FIELD=TEXT")
        if found.setdefault(field, clean_heading(text)) != clean_heading(text):
            raise errors.ValueUnusable(option, pair, f"{field} is said already")
    return found


def _answer(name: str, mapping: ColumnMapping) -> dict[str, object]:
    fields = [{"field": field, "heading": heading, "value": None} for field, heading in mapping.columns.items()]
    fields += [{"field": field, "heading": None, "value": value} for field, value in mapping.values.items()]
    return {"name": name, "fields": fields}


def _listed(headings: Sequence[str]) -> str:
    return ", ".join(map(output.inert, headings[:30])) or "nothing"
