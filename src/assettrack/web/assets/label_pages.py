"""Labels and cards: one form that says what is printed and on what, and the PDF of it."""

from collections.abc import Callable, Mapping
from itertools import chain, islice
from types import MappingProxyType
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel
from starlette.responses import Response

from assettrack.domain import errors
from assettrack.domain.labels import LABELS_MAX, Label, Symbology, existing_said, tags_from
from assettrack.paper.card_sheet import card_sheet_pdf
from assettrack.paper.label_sheets import PAGES, SHEETS, Sheet, grid, sheet_named, single
from assettrack.paper.labels_pdf import PrintedLabels, labels_pdf
from assettrack.services import label_lists
from assettrack.services.ports import Workplace
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.failures import status_of
from assettrack.web.forms import whole_number
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit
from assettrack.web.table_files import attachment
from assettrack.web.texts import worded

routes = Routes()

Lines = list[str]
"""What the form names, each on a line of its own."""

NEEDS_NAMES = frozenset({"new_assets", "assets_in", "slots"})
"""Of these something must be named; of the others all are meant where nothing is."""

GRID, SINGLE = "grid", "single"
CARD_PAGES = {f"cards-{page.lower()}": page for page in PAGES}
"""What is chosen beside a known sheet: a plain one, single labels, and large cards on a page."""

FIELD_MAX = 999_999
"""No number in a field of this page is larger."""

RESOLUTIONS = (300, 203, 600)

EXISTING = "existing"
"""What asks for the PDF once it was seen which of its new tags exist already."""


class Said(BaseModel):
    """What the form says, as the address has it. ``make`` asks for the PDF.

    ``number`` is that of the holder whose page led here, and ``shown`` the name that stood there.
    """

    what: str = ""
    which: str = ""
    number: str = ""
    shown: str = ""
    count: str = ""
    sheet: str = ""
    code: str = Symbology.CODE_128.value
    skip: str = ""
    dpi: str = ""
    columns: str = ""
    rows: str = ""
    page: str = ""
    width: str = ""
    height: str = ""
    make: str = ""


@routes.page("/labels", Permission.OPERATE)
def labels(visit: CurrentVisit, said: Annotated[Said, Query()]) -> Response:
    """Show the form, or send the PDF that it asks for; where it can't be made, the form again with the reason."""
    failed, status = "", 200
    known: list[str] = []
    if said.make:
        try:
            known = _existing(visit, said)
            if not known:
                return attachment(_printed(visit, said).data, f"{said.what.replace('_', '-')}.pdf", "application/pdf")
        except (errors.ValueUnusable, errors.NotFound) as error:
            failed, status = error.as_seen, status_of(error)
    what = said.what if said.what in WHATS else WHATS[0]
    facts = {
        "area": "labels",
        "said": said.model_copy(update={"what": what}),
        "whats": WHATS,
        "sheets": list(SHEETS.values()),
        "chosen": said.sheet or ("cards-a4" if what == "cards" else "L7160"),
        "card_pages": CARD_PAGES,
        "codes": list(Symbology),
        "pages": list(PAGES),
        "resolutions": RESOLUTIONS,
        "existing": existing_said(known, len(_new_tags(said))) if known else "",
        "print_existing": urlencode({**said.model_dump(), "make": EXISTING}),
        "failed": failed,
    }
    return render(visit, "labels/labels.html", facts, status=status)


def _existing(visit: Visit, said: Said) -> list[str]:
    """Return the tags that are said to be new and are not, while nobody looked at them.

    Raises:
        errors.ValueUnusable: something is no tag.
    """
    if said.what != "new_assets" or said.make == EXISTING:
        return []
    return label_lists.existing(visit.workplace, _new_tags(said))


def _printed(visit: Visit, said: Said) -> PrintedLabels:
    """Return the print that a form asks for.

    Raises:
        errors.ValueUnusable: something in it can't be used, or a label does not fit.
        errors.NotFound: something that it names is not known.
    """
    workplace, code = visit.workplace, _code(said.code)
    dpi = _number("The resolution", said.dpi, RESOLUTIONS[0])
    if dpi not in RESOLUTIONS:
        raise errors.ValueUnusable("The resolution", str(dpi), "it is one of 203, 300 and 600 dpi")
    lines = _lines(said)
    if said.sheet in CARD_PAGES:
        if said.what != "cards":
            sheet_name = worded(visit.station.texts, "labels.large", {"page": CARD_PAGES[said.sheet]})
            raise errors.ValueUnusable("The sheet", sheet_name, "only scan cards are printed large; choose another")
        station, rounds = label_lists.rounds_of_cards(workplace, lines)
        return card_sheet_pdf(rounds, station, CARD_PAGES[said.sheet], dpi)
    maker = _MAKERS.get(said.what)
    if maker is None:
        raise errors.ValueUnusable("The kind of label", said.what[:40], f"it is one of {', '.join(WHATS)}")
    if said.what in NEEDS_NAMES and not lines:
        raise errors.ValueUnusable("The list", "", "name at least one; each stands on a line of its own")
    sheet = _sheet(said)
    wanted = [label.in_code(code) for label in maker(workplace, said, lines, code)]
    return labels_pdf(wanted, sheet, _number("The number of used labels", said.skip, 0), dpi)


def _assets(workplace: Workplace, _said: Said, lines: Lines, _code: Symbology) -> list[Label]:
    tags = _tags(lines)
    return label_lists.of_assets(workplace, tags) if tags else label_lists.of_all_assets(workplace)


def _new_assets(workplace: Workplace, said: Said, _lines: Lines, _code: Symbology) -> list[Label]:
    return label_lists.of_assets(workplace, _new_tags(said), may_be_new=True)


def _new_tags(said: Said) -> list[str]:
    count = _number("The count", said.count, 0)
    found = (tags_from(tag, count) if count else [tag] for tag in _tags(_lines(said)))
    return list(islice(chain.from_iterable(found), LABELS_MAX + 1))


def _lines(said: Said) -> Lines:
    return [line.strip() for line in said.which.splitlines() if line.strip()]


def _assets_in(workplace: Workplace, _said: Said, lines: Lines, _code: Symbology) -> list[Label]:
    return [label for case in _cases(lines) for label in label_lists.of_assets_in(workplace, case)]


def _of_slots(workplace: Workplace, _said: Said, lines: Lines, code: Symbology) -> list[Label]:
    return label_lists.of_slots(workplace, _cases(lines), code)


def _of_cases(workplace: Workplace, _said: Said, lines: Lines, code: Symbology) -> list[Label]:
    return label_lists.of_cases(workplace, _cases(lines), code)


def _of_holders(workplace: Workplace, said: Said, lines: Lines, _code: Symbology) -> list[Label]:
    number = said_values.number_beside(said.number) if lines == [said.shown] else None
    return label_lists.of_holders(workplace, lines, number)


def _of_cards(workplace: Workplace, _said: Said, lines: Lines, _code: Symbology) -> list[Label]:
    return label_lists.distinct(label_lists.rounds_of_cards(workplace, lines)[1])


_MAKERS: Mapping[str, Callable[[Workplace, Said, Lines, Symbology], list[Label]]] = MappingProxyType(
    {
        "assets": _assets,
        "new_assets": _new_assets,
        "assets_in": _assets_in,
        "slots": _of_slots,
        "cases": _of_cases,
        "holders": _of_holders,
        "cards": _of_cards,
    }
)
WHATS = tuple(_MAKERS)
"""What can be printed."""


def _tags(lines: Lines) -> list[str]:
    """Return the tags on some lines: no tag has a space or comma."""
    return said_values.asset_tags([word for line in lines for word in line.replace(",", " ").split()])


def _cases(lines: Lines) -> list[str]:
    """Return the case names on some lines, each once; no name has a comma."""
    names = (name.strip() for line in lines for name in line.split(","))
    return list(dict.fromkeys(said_values.case_name(name) for name in names if name))


def _sheet(said: Said) -> Sheet:
    """Return the sheet that a form describes."""
    if said.sheet == GRID:
        columns, rows = (_number("The grid", text, 0) for text in (said.columns, said.rows))
        return grid(columns, rows, said.page or "A4")
    if said.sheet == SINGLE:
        return single(_number("The width", said.width, 0), _number("The height", said.height, 0))
    return sheet_named(said.sheet)


def _code(text: str) -> Symbology:
    try:
        return Symbology(text)
    except ValueError as error:
        raise errors.ValueUnusable("The code", text[:40], f"it is one of {', '.join(Symbology)}") from error


def _number(what: str, text: str, blank: int) -> int:
    """Return a whole number that a field says, ``blank`` where it says nothing."""
    digits = text.strip()
    if not digits:
        return blank
    number = whole_number(digits, FIELD_MAX)
    if number is None:
        raise errors.ValueUnusable(what, text[:40], "it is a whole number")
    return number
