"""Holders: found by name, each with what they have; registered and changed, whoever may be the same pointed out before.

Contact data is shown to whoever operates the station, on the holder's own page, and nowhere else.
"""

from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors
from assettrack.domain.holders import AD_HOC, Holder
from assettrack.domain.people_deeds import Registration
from assettrack.domain.scans import CELL_BYTES_MAX
from assettrack.services import contacts, holder_directory, holders
from assettrack.services.holder_directory import HolderFilter
from assettrack.services.holders import HolderUpdate
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.failures import status_of
from assettrack.web.forms import Fields, FormFields, Number, whole_number
from assettrack.web.holders.paths import holder_path, name_in
from assettrack.web.once import answer_once, name_of, once
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit

routes = Routes()

STATES = ("active", "inactive")
PAGE_MAX = 999_999


class Failed(NamedTuple):
    """What a form said that failed, in which sentence and with which HTTP status; nothing failed by default.

    ``is_other`` says that the holder is not as the form showed it.
    """

    said: Fields | None = None
    sentence: str = ""
    status: int = 200
    is_other: bool = False


class Said(BaseModel):
    """The filter of the list of holders, as the address has it; blank means any."""

    text: str = ""
    organisation: str = ""
    state: str = ""
    page: str = "1"


@routes.page("/holders", Permission.VIEW)
def everybody(visit: CurrentVisit, said: Annotated[Said, Query()]) -> Response:
    """List holders by name; the filter stands in the address."""
    return _list_page(visit, said)


@routes.deed("/holders", Permission.OPERATE)
def register(visit: CurrentVisit, said: FormFields) -> Response:
    """Register a holder; whoever may be the same is pointed out first."""
    asked = Registration(said["name"], said["organisation"] or AD_HOC, said["identifier"] or None)
    alike: list[Holder] = []

    def do() -> str:
        alike.extend(holder_directory.near(visit.workplace, asked))
        if _is_news(alike, said):
            return ""
        return page_of(holders.register(visit.workplace, asked.name, **_details(asked)).holder)

    try:
        answer = answer_once(visit, name_of(said), do)
    except errors.AssetTrackError as error:
        return _list_page(visit, Said(), Failed(said, str(error), status_of(error)))
    if answer == "":
        return _near_page(visit, {"said": said, "alike": alike, "action": "/holders", "back": "/holders"})
    return RedirectResponse(answer or f"/holders?{urlencode({'text': said['name']})}", 303)


@routes.deed("/holder/{holder_id}/change", Permission.OPERATE)
def change(visit: CurrentVisit, holder_id: Number, said: FormFields) -> Response:
    """Change what is known of a holder; whoever may be the same is pointed out first.

    Where it is otherwise by now than the form showed it, nothing is changed: both are shown.
    """
    holder = holder_directory.numbered(visit.workplace, holder_id)
    asked = Registration(said["name"], said["organisation"], said["identifier"] or None)
    alike: list[Holder] = []

    def do() -> str:
        wanted = HolderUpdate(
            said["name"], said["organisation"] or None, said["identifier"],
            reason=said_values.optional("The reason", said["reason"]) or None, seen=said["seen"] or None,
        )  # fmt: skip
        alike.extend(holder_directory.near(visit.workplace, asked, holder))
        if _is_news(alike, said):
            return ""
        return page_of(holders.change(visit.workplace, holder.name, wanted).holder)

    try:
        answer = answer_once(visit, name_of(said), do)
    except errors.AssetTrackError as error:
        is_other = error.code == "holder_changed_since"
        return _holder_page(visit, holder.name, Failed(said, str(error), status_of(error), is_other))
    if answer == "":
        action = f"/holder/{holder_id}/change"
        return _near_page(visit, {"said": said, "alike": alike, "action": action, "back": page_of(holder)})
    return RedirectResponse(answer or page_of(holder), 303)


@routes.deed("/holder/{holder_id}/active", Permission.OPERATE)
def set_active(visit: CurrentVisit, holder_id: Number, said: FormFields) -> Response:
    """Make a holder inactive, so that nothing is given to them any more, or active again."""
    holder = holder_directory.numbered(visit.workplace, holder_id)

    def do() -> str:
        if not said["reason"]:
            raise errors.ValueUnusable("The reason", "", visit.station.texts["holder.reason_missing"])
        reason = said_values.text("The reason", said["reason"])
        wanted = HolderUpdate(active=said["active"] == "1", reason=reason, with_assets=said["with_assets"] == "1")
        holders.change(visit.workplace, holder.name, wanted)
        return page_of(holder)

    try:
        return once(visit, name_of(said), page_of(holder), do)
    except errors.AssetTrackError as error:
        return _holder_page(visit, holder.name, Failed(said, str(error), status_of(error)))


@routes.deed("/holder/{holder_id}/contact", Permission.OPERATE)
def write_contact(visit: CurrentVisit, holder_id: Number, said: FormFields) -> Response:
    """Write contact data, in the place of what the form showed; it is kept beside the log."""
    holder = holder_directory.numbered(visit.workplace, holder_id)
    text = " ".join(said["contact"].split())

    def do() -> str:
        if not text.isprintable() or not 0 < len(text.encode()) <= CELL_BYTES_MAX:
            raise errors.ValueUnusable("The contact data", "", visit.station.texts["holder.contact_rule"])
        done = contacts.write(visit.workplace, holder.name, text, seen=said["seen"] or None)
        return _after_contact(holder, is_gone=done.is_gone)

    try:
        return once(visit, name_of(said), _after_contact(holder, is_gone=True), do)
    except errors.AssetTrackError as error:
        return _holder_page(visit, holder.name, Failed(said, str(error), status_of(error)))


@routes.deed("/holder/{holder_id}/contact/erase", Permission.OPERATE)
def erase_contact(visit: CurrentVisit, holder_id: Number, said: FormFields) -> Response:
    """Erase the contact data that the form showed for good."""
    holder = holder_directory.numbered(visit.workplace, holder_id)

    def do() -> str:
        done = contacts.erase(visit.workplace, holder.name, seen=said["seen"] or None)
        return _after_contact(holder, is_gone=done.is_gone)

    try:
        return once(visit, name_of(said), _after_contact(holder, is_gone=True), do)
    except errors.AssetTrackError as error:
        return _holder_page(visit, holder.name, Failed(None, str(error), status_of(error)))


@routes.page("/holders/{name:path}", Permission.VIEW)
def one(visit: CurrentVisit, name: str, after: str = "", left: str = "") -> Response:
    """Show a holder: what they have, what waits for them, their receipts."""
    return _holder_page(visit, name_in(name), Failed(), after, is_left=bool(left))


def page_of(holder: Holder) -> str:
    """Return the path of a holder's page."""
    return holder_path(holder.name)


def _details(asked: Registration) -> dict[str, str | None]:
    return {"organisation": asked.organisation, "identifier": asked.identifier}


def _is_news(alike: list[Holder], said: Fields) -> bool:
    """Tell whether somebody is alike who was not shown yet."""
    return not {str(holder.holder_id) for holder in alike} <= set(said.all("shown"))


def _near_page(visit: Visit, facts: dict[str, object]) -> Response:
    return render(visit, "holders/near.html", {"area": "holders", **facts})


def _after_contact(holder: Holder, *, is_gone: bool) -> str:
    return page_of(holder) + ("#contact" if is_gone else "?left=1#contact")


def _list_page(visit: Visit, said: Said, failed: Failed | None = None) -> Response:
    failed = failed or Failed()
    wanted = HolderFilter(said.text[:200], said.organisation, said.state if said.state in STATES else "")
    number = whole_number(said.page, PAGE_MAX)  # where it is none, it is the first
    found = holder_directory.page(visit.workplace, wanted, 1 if number is None else number)
    same = said.model_dump(exclude={"page"})
    facts = {
        "area": "holders",
        "found": found,
        "said": said,
        "typed": failed.said,
        "states": STATES,
        "organisations": holder_directory.organisations(visit.workplace),
        "failed": failed.sentence,
        "earlier": f"/holders?{urlencode({**same, 'page': found.number - 1})}" if found.number > 1 else "",
        "later": f"/holders?{urlencode({**same, 'page': found.number + 1})}" if found.number < found.pages else "",
    }
    return render(visit, "holders/holders.html", facts, status=failed.status)


def _holder_page(visit: Visit, name: str, failed: Failed, after: str = "", *, is_left: bool = False) -> Response:
    card = holder_directory.card(visit.workplace, name, after, visit.station.memory.remembered.awaited_said)
    may_operate = visit.may(Permission.OPERATE)
    contact = contacts.contact_of(visit.workplace, card.holder.name)[1] if may_operate else None
    facts = {
        "area": "holders",
        "card": card,
        "said": failed.said,
        "path": page_of(card.holder),
        "organisations": holder_directory.organisations(visit.workplace) if may_operate else [],
        "contact": contact,
        "contact_mark": contacts.contact_mark(contact),
        "details_mark": holders.details_mark(card.holder),
        "is_other": failed.is_other,
        "is_left": is_left,
        "next": f"{page_of(card.holder)}?{urlencode({'after': card.next_after})}" if card.next_after else "",
        "failed": failed.sentence,
    }
    return render(visit, "holders/holder.html", facts, status=failed.status)
