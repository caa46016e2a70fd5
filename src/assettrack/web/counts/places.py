"""Where the next scans of a count are seen, as the address of its page says it.

Owns how an address says it, so that it stays whatever is done on the page and wherever that leads back from. Must never
decide where a scan is seen: that is what its own form says.
"""

from contextlib import suppress
from urllib.parse import parse_qsl, urlencode, urlsplit

from assettrack.domain import errors
from assettrack.domain.tags import NotATag, parse_case_name, parse_slot_position
from assettrack.services.count_scans import Where

REMOVED = "?"
"""Stands for a case where nobody knows any more where the next scans are seen; no case can be called so."""


def place(case: str, slot: str) -> Where:
    """Return where the next scans are seen, as a form says it; blank is not said.

    Beside `REMOVED` a slot says nothing, for nobody knows of which case.

    Raises:
        errors.ValueUnusable: case or slot can't be one.
    """
    if case == REMOVED:
        return Where(removed=True)
    try:
        return Where(parse_case_name(case) if case else "", parse_slot_position(slot) if slot else None)
    except NotATag as error:
        raise errors.ValueUnusable("The place", f"{case} {slot}".strip()[:60], error.reason) from error


def place_kept(case: str, slot: str) -> Where:
    """Return as much of it as can be a place: a slot that can't be one takes no case away."""
    for said in (slot, ""):
        with suppress(errors.ValueUnusable):
            return place(case, said)
    return Where()


def place_in(address: str) -> Where:
    """Return what the address of a page says of it, as much as can be a place."""
    said = dict(parse_qsl(urlsplit(address).query))
    return place_kept(said.get("case", ""), said.get("slot", ""))


def place_query(where: Where, **more: str) -> str:
    """Return what says it, and ``more``, at the end of an address, with the question mark; blank for nothing."""
    said = {"case": REMOVED if where.removed else where.case_name, "slot": str(where.slot or ""), **more}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"?{query}" if query else ""
