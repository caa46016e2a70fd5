"""Cases: how full they are, what is in each slot as the foam lies, and moving without dragging."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import Form
from starlette.responses import Response

from assettrack.domain import errors
from assettrack.domain.tags import SLOTS_PER_CASE_MAX, NotATag, Place, parse_asset_tag, parse_case_name
from assettrack.domain.wording import quoted
from assettrack.services import browsing, slots
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.failures import status_of
from assettrack.web.forms import FormFields, Number, whole_number
from assettrack.web.once import name_of, once
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit

routes = Routes()

TextField = Annotated[str, Form()]
NumberField = Annotated[Number, Form()]

NOTHING_TYPED: Mapping[str, object] = MappingProxyType({"name": "", "count": ""})
"""What the form for a new case holds before anybody typed."""

COLUMNS_MAX = 8
"""With more in a row a tag of eight letters would not fit into its slot, beside what is said of the chosen one."""


def columns_of(count: int) -> int:
    """Return how many slots of a case are drawn in a row: as foam lies, somewhat wider than high, all rows full."""
    wide = next(width for width in range(1, COLUMNS_MAX + 1) if width * width * 2 >= count * 3 or width == COLUMNS_MAX)
    return next((width for width in (*range(wide, COLUMNS_MAX + 1), wide - 1) if width and count % width == 0), wide)


def read_case(text: str) -> str:
    """Return the case name that an address or a form says.

    Raises:
        errors.NotFound: it can't be one.
    """
    try:
        return parse_case_name(text)
    except NotATag as error:
        raise errors.NotFound("case", quoted(text, 40)) from error


def read_tag(text: str) -> str:
    """Return the asset tag that an address or a form says.

    Raises:
        errors.NotFound: it can't be one.
    """
    try:
        return parse_asset_tag(text)
    except NotATag as error:
        raise errors.NotFound("asset", quoted(text, 40)) from error


@routes.page("/cases", Permission.VIEW)
def cases(visit: CurrentVisit, name: str = "") -> Response:
    """Show all cases and how full they are; ``name`` is that of one that is to be prepared."""
    return _cases(visit, "", {**NOTHING_TYPED, "name": name})


@routes.deed("/cases", Permission.ADMIN)
def prepare(visit: CurrentVisit, said: FormFields, name: TextField, count: NumberField) -> Response:
    """Prepare a case with empty slots."""
    try:
        if not 1 <= count <= SLOTS_PER_CASE_MAX:
            raise errors.ValueUnusable("The number of slots", str(count), f"it is from 1 to {SLOTS_PER_CASE_MAX}")
        prepared = said_values.case_name(name)

        def do() -> str:
            slots.initialise_cases(visit.workplace, [(prepared, count)])
            return f"/cases/{prepared}"

        return once(visit, name_of(said), "/cases", do)
    except errors.AssetTrackError as error:
        return _cases(visit, str(error), {"name": name, "count": count}, status=status_of(error))


@routes.page("/cases/{case_name}", Permission.VIEW)
def case(visit: CurrentVisit, case_name: str, slot: Number = 0) -> Response:
    """Show a case as its foam, and one slot of it."""
    return _case(visit, read_case(case_name), slot, "")


@routes.deed("/cases/{case_name}/move", Permission.OPERATE)
def move(visit: CurrentVisit, case_name: str, said: FormFields, to_slot: NumberField) -> Response:
    """Move an asset into an empty slot, of this case or another; it must be in the slot in which it was shown."""
    name, target = read_case(case_name), Place(read_case(said["to_case"]), to_slot)
    there = f"/cases/{target.case_name}?slot={to_slot}"
    shown = whole_number(said["slot"])

    def do() -> str:
        expected = None if shown is None else Place(name, shown)
        slots.move(visit.workplace, read_tag(said["tag"]), target, expected=expected)
        return there

    try:
        return once(visit, name_of(said), there, do)
    except errors.AssetTrackError as error:
        return _case(visit, name, shown or 0, str(error), status=status_of(error))


@routes.deed("/cases/{case_name}/assign", Permission.OPERATE)
def assign(visit: CurrentVisit, case_name: str, said: FormFields, slot: NumberField) -> Response:
    """Put an asset that is in no slot into this one."""
    name = read_case(case_name)
    there = f"/cases/{name}?slot={slot}"

    def do() -> str:
        slots.assign(visit.workplace, read_tag(said["tag"]), Place(name, slot))
        return there

    try:
        return once(visit, name_of(said), there, do)
    except errors.AssetTrackError as error:
        return _case(visit, name, slot, str(error), status=status_of(error))


@routes.deed("/cases/{case_name}/vacate", Permission.ADMIN)
def vacate(visit: CurrentVisit, case_name: str, said: FormFields, slot: NumberField) -> Response:
    """Take the asset that was shown in a slot out of it, for a reason; nobody else who came into it since."""
    name = read_case(case_name)
    there = f"/cases/{name}?slot={slot}"

    def do() -> str:
        if not said["reason"]:
            raise errors.ValueUnusable("The reason", "", visit.station.texts["case.reason_missing"])
        reason = said_values.text("The reason", said["reason"])
        slots.vacate_slot(visit.workplace, Place(name, slot), reason, expected=read_tag(said["tag"]))
        return there

    try:
        return once(visit, name_of(said), there, do)
    except errors.AssetTrackError as error:
        return _case(visit, name, slot, str(error), status=status_of(error))


def _cases(visit: Visit, failed: str, typed: Mapping[str, object] = NOTHING_TYPED, *, status: int = 200) -> Response:
    facts = {"area": "cases", "cases": browsing.cases(visit.workplace), "failed": failed, "typed": typed}
    return render(visit, "cases/cases.html", facts, status=status)


def _case(visit: Visit, name: str, slot: int, failed: str, *, status: int = 200) -> Response:
    found = browsing.case(visit.workplace, name)
    chosen = next((each for each in found if each.slot_position == slot), None)
    facts = {
        "area": "cases",
        "case_name": name,
        "slots": found,
        "taken": sum(each.asset_tag is not None for each in found),
        "columns": columns_of(len(found)),
        "chosen": chosen,
        "free": [each.slot_position for each in found if each.asset_tag is None],
        "case_names": [each.case_name for each in browsing.cases(visit.workplace)] if chosen else [],
        "failed": failed,
    }
    return render(visit, "cases/case.html", facts, status=status)
