"""Counts: which there are, and beginning one. The page of a count is `count_live_pages`. Nothing moves by counting."""

from collections.abc import Sequence

import msgspec
from fastapi import Request
from starlette.responses import Response

from assettrack.domain import errors
from assettrack.domain.desk_errors import CountScopeMissing
from assettrack.domain.findings import Finding
from assettrack.services import browsing, chosen_holders, count_scans, counts, named_cards
from assettrack.services.counts import AskedScope, Sheet, Summary
from assettrack.services.named_cards import Command, Named
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.failures import status_of
from assettrack.web.forms import FormFields
from assettrack.web.once import name_of, once
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit
from assettrack.web.texts import worded

routes = Routes()

COUNTS_SHOWN = 50
SCOPES = ("cases", "room", "holder", "everything")


@routes.page("/counts", Permission.VIEW)
def everything(visit: CurrentVisit, older: str = "") -> Response:
    """List the counts, the latest first; those that go on stand before."""
    found = list(counts.all_counts(visit.workplace))[::-1]
    ended = [each for each in found if not goes_on(each)]
    shown = ended if older else ended[:COUNTS_SHOWN]
    facts = {
        "area": "counts",
        "open": [each for each in found if goes_on(each)],
        "ended": shown,
        "older": len(ended) - len(shown),
    }
    return render(visit, "counts/counts.html", facts)


@routes.page("/counts/new", Permission.OPERATE)
def ask(visit: CurrentVisit, request: Request) -> Response:
    """Ask what is to be counted; once that is said, show what would be expected. Nothing is saved."""
    said = request.query_params
    of, chosen = said.get("of", ""), [each.strip().upper() for each in said.getlist("case") if each.strip()]
    beginning, number, failed, status = None, None, "", 200
    if of:
        try:
            asked = _scope(visit, of, chosen, said.get("room", ""), said.get("holder", ""))
            number = chosen_holders.number_meant(visit.workplace, asked.holder or "")
            asked = msgspec.structs.replace(asked, holder_id=number)
            beginning, chosen = count_scans.beginning(visit.workplace, asked), list(asked.cases)
        except errors.AssetTrackError as error:
            failed, status = str(error), status_of(error)
    facts = {
        "area": "counts",
        "said": {"of": of or "cases", "room": said.get("room", ""), "holder": said.get("holder", "")},
        "scopes": SCOPES,
        "chosen": chosen,
        "cases": [each.case_name for each in browsing.cases(visit.workplace)],
        "beginning": beginning,
        "number": number,
        "failed": failed,
    }
    return render(visit, "counts/new.html", facts, status=status)


@routes.deed("/counts", Permission.OPERATE)
def start(visit: CurrentVisit, said: FormFields) -> Response:
    """Begin a count: what is recorded in its scope at this moment is what it expects.

    Of a holder it is of whom the page showed, by number: the name may be another's since.
    """
    asked = _scope(visit, said["of"], said.all("case"), said["room"], said["holder"])
    asked = msgspec.structs.replace(asked, holder_id=said_values.number_beside(said["number"]))

    def do() -> str:
        return f"/counts/{counts.start(visit.workplace, asked).count_id}"

    return once(visit, name_of(said), "/counts", do)


def goes_on(count: Summary | Sheet) -> bool:
    """Tell whether a count is neither signed off nor abandoned."""
    return count.closed is None and count.abandoned is None


def _scope(visit: Visit, of: str, cases: Sequence[str], room: str, holder: str) -> AskedScope:
    """Return what a form says is to be counted.

    Raises:
        CountScopeMissing: nothing is said.
        errors.ValueUnusable: what is said can't be what it should be.
    """
    if of == "cases" and not cases:  # whoever typed a room or a name, and left the choice above as it was, meant that
        of = "room" if room.strip() else "holder" if holder.strip() else of
    if of == "everything":
        return AskedScope()
    if of == "cases" and cases:
        return AskedScope(cases=tuple(dict.fromkeys(_case(visit, each) for each in cases)))
    if of == "room" and room.strip():
        return AskedScope(room=said_values.person(room, "The room"))
    if of == "holder" and holder.strip():
        return AskedScope(holder=said_values.person(holder, "The holder"))
    raise CountScopeMissing


def _case(visit: Visit, typed: str) -> str:
    """Return the case that was typed by its name, or scanned by its label.

    Raises:
        errors.ValueUnusable: it is neither; a card of something else says what it is.
    """
    card = named_cards.read_card(visit.workplace, typed)
    if card is None:
        return said_values.case_name(typed)
    if isinstance(card, Named) and card.kind == "case" and card.position is None:
        return card.name
    if isinstance(card, Finding):
        raise errors.ValueUnusable("The case", typed, card.message)
    texts = visit.station.texts
    if isinstance(card, Command):
        reason = texts["count_new.card_scanned"]
    elif card.kind == "case":
        reason = worded(texts, "count_new.slot_scanned", card._asdict())
    else:
        reason = worded(texts, "count_new.holder_scanned", card._asdict())
    raise errors.ValueUnusable("The case", typed, reason)
