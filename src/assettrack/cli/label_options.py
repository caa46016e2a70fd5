"""What labels are printed on: the options of all commands that print them, and the file that they go into.

Owns that sheet, size and format are said once and go together. What a label says is not known here.
"""

import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from assettrack.cli import output
from assettrack.cli.invocation import Invocation
from assettrack.cli.kept_file import write_kept
from assettrack.cli.show.words import counted
from assettrack.domain import errors
from assettrack.domain.labels import Label, Symbology, existing_said
from assettrack.paper.label_sheets import MARGIN, NO_GAP, PAGES, Pair, Sheet, grid, sheet_named, single

if TYPE_CHECKING:
    from assettrack.paper.labels_pdf import PrintedLabels

CODES = tuple(symbology.value for symbology in Symbology)
RESOLUTIONS = ("203", "300", "600")

_LENGTHS = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,3})?)(?:x([0-9]{1,4}(?:\.[0-9]{1,3})?))?", re.ASCII)
_GRID = re.compile(r"([0-9]{1,3})x([0-9]{1,3})", re.ASCII)


class Paper(NamedTuple):
    """What labels are printed on, and how.

    ``sheet`` is None where none is said, ``page`` the paper of a plain grid or card sheet. ``dpi`` is None where it is
    the usual one of the format.
    """

    sheet: Sheet | None
    page: str
    code: Symbology
    skip: int
    file: str
    is_zpl: bool
    dpi: int | None
    force: bool


def paper_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say what labels are printed on, handed over as ``paper``."""

    @click.option("--sheet", metavar="NAME", help="A sheet by its product number; labels sheets lists them.")
    @click.option(
        "--grid", metavar="CxR", help="A plain sheet, so many labels across and down, with lines to cut along."
    )
    @click.option("--page", type=click.Choice(tuple(PAGES), case_sensitive=False), help="The paper of a plain sheet.")
    @click.option("--margin", metavar="MM[xMM]", help="Free at the sides of a plain sheet, and above and below; 10.")
    @click.option("--gap", metavar="MM[xMM]", help="Between the labels of a plain sheet, across and down; 0.")
    @click.option("--size", metavar="WxH", help="Single labels of this size in mm, one a page, for label printers.")
    @click.option("--code", type=click.Choice(CODES, case_sensitive=False), default="code128", help="The kind of code.")
    @click.option("--skip", type=click.IntRange(min=0), default=0, metavar="N", help="So many labels are used already.")
    @click.option("--pdf", metavar="FILE", help="Write them as PDF, to be printed at actual size.")
    @click.option("--zpl", metavar="FILE", help="Write them as ZPL II, for Zebra label printers.")
    @click.option("--dpi", type=click.Choice(RESOLUTIONS), help="Of the printer; PDF is made for 300, ZPL for 203.")
    @click.option("--force", is_flag=True, help="Replace the file if it is there already.")
    @wraps(function)
    def gathering(*args: object, **said: Any) -> object:  # noqa: ANN401 - Click's own values, handed on
        plain = {name: said.pop(name) for name in ("grid", "page", "margin", "gap")}
        sheet = _sheet(said.pop("sheet"), said.pop("size"), plain)
        pdf, zpl = said.pop("pdf"), said.pop("zpl")
        if (pdf is None) == (zpl is None):
            raise click.UsageError("Give --pdf FILE or --zpl FILE.")
        code, skip, dpi, force = (said.pop(name) for name in ("code", "skip", "dpi", "force"))
        if zpl is not None and skip:
            raise click.UsageError("--skip is for sheets; a label printer begins with the next label.")
        given = (plain["page"] or "A4", Symbology(code), skip, pdf or zpl, pdf is None, dpi and int(dpi), force)
        return function(*args, paper=Paper(sheet, *given), **said)

    return gathering


def print_labels(
    call: Invocation, labels: Sequence[Label], paper: Paper, *, existing: Sequence[str] | None = None
) -> None:
    """Write labels into the file, and say so. Of labels of assets, ``existing`` are the tags that are not new, if any.

    Raises:
        click.UsageError: no sheet or size is said.
        errors.ValueUnusable: a label does not fit, or may not be printed in this code.
        errors.FileExists, errors.FileUnwritable: the file is there already, or can't be written.
    """
    if paper.sheet is None:
        raise click.UsageError("Give --sheet NAME, --grid CxR or --size WxH.")
    in_code = [label.in_code(paper.code) for label in labels]
    if paper.is_zpl:
        from assettrack.paper.zpl import USUAL_DPI, labels_zpl

        printed = labels_zpl(in_code, paper.sheet.label, paper.dpi or USUAL_DPI)
    else:
        from assettrack.paper.labels_pdf import USUAL_DPI, labels_pdf

        printed = labels_pdf(in_code, paper.sheet, paper.skip, paper.dpi or USUAL_DPI)
    deliver(call, printed, len(labels), paper, existing=existing)


def deliver(
    call: Invocation, made: "PrintedLabels", count: int, paper: Paper, *, existing: Sequence[str] | None = None
) -> None:
    """Write a print into the file, and say how many labels it has and what it can be printed on.

    Raises:
        errors.FileExists, errors.FileUnwritable: the file is there already, or can't be written.
    """
    write_kept(paper.file, [made.data], station=call.settings(), force=paper.force)
    call.made()
    sheet = "cards" if paper.sheet is None else paper.sheet.name
    if call.json:
        output.write_json(
            {
                "file": output.inert(paper.file),
                "format": "zpl" if paper.is_zpl else "pdf",
                "labels": count,
                "pages": made.pages,
                "sheet": sheet,
                "code": paper.code.value,
                "dpi": made.dpi,
                "module_mm": round(made.module_mm, 3),
                "at_203_dpi": made.at_203_dpi,
                **({} if existing is None else {"existing": existing}),
            }
        )
        return
    output.lines([f"{counted(count, 'label')} on {counted(made.pages, 'page')} ({sheet}) in {paper.file}."])
    if not paper.is_zpl:
        output.tell("Print it at its actual size (100 %), not fitted to the page.")
    if existing:
        output.tell(f"{existing_said(existing, count)} That is right for a reprint; no two devices have one tag.")
    if not made.at_203_dpi:
        output.tell("Its codes are too fine for a printer of 203 dpi; for one, make it with --dpi 203.")


def _sheet(name: str | None, size: str | None, plain: dict[str, str | None]) -> Sheet | None:
    """Return the sheet that the options describe, None where they describe none.

    Raises:
        click.UsageError: more than one is described, or something is said that belongs to another.
        errors.ValueUnusable: there is no such sheet.
    """
    said = [each for each in (name, size, plain["grid"]) if each is not None]
    if len(said) > 1:
        raise click.UsageError("Give one of --sheet NAME, --grid CxR and --size WxH.")
    if plain["grid"] is None and (plain["margin"] is not None or plain["gap"] is not None):
        raise click.UsageError("--margin and --gap belong to --grid CxR.")
    if said and plain["grid"] is None and plain["page"] is not None:
        raise click.UsageError("--page belongs to --grid CxR.")
    if name is not None:
        return sheet_named(name)
    if size is not None:
        return single(*_lengths("The size", size, is_pair=True))
    if plain["grid"] is None:
        return None
    found = _GRID.fullmatch(plain["grid"])
    if found is None:
        raise errors.ValueUnusable("The grid", plain["grid"][:40], "it is written 3x8: labels across, labels down")
    margin = MARGIN if plain["margin"] is None else _lengths("The margin", plain["margin"])
    gap = NO_GAP if plain["gap"] is None else _lengths("The gap", plain["gap"])
    return grid(int(found[1]), int(found[2]), plain["page"] or "A4", margin, gap)


def _lengths(what: str, text: str, *, is_pair: bool = False) -> Pair:
    """Return one or two lengths in millimetres; one alone counts across and down.

    Raises:
        errors.ValueUnusable: they are none.
    """
    found = _LENGTHS.fullmatch(text)
    if found is None or (is_pair and found[2] is None):
        example = "50x25" if is_pair else "10 or 10x15"
        raise errors.ValueUnusable(what, text[:40], f"it is written {example}, in millimetres")
    return Pair(float(found[1]), float(found[2] or found[1]))
