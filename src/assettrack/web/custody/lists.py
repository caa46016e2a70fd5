"""The page of a list that is handed over: what is on it, what the last scan did, and what stops it.

Owns how the list is shown, whole or the part that a scan changes. What a scan does is `services.handover_scans`.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors
from assettrack.domain.custody_drafts import HandoverEvent
from assettrack.domain.desk_errors import ListNotAsShown
from assettrack.domain.holders import normal_name
from assettrack.domain.shown_contexts import ShownContext
from assettrack.services import chosen_holders, custody_drafts, handover_choices, holders
from assettrack.services.custody_drafts import AtDesk
from assettrack.services.desk_care import DESK_DAYS
from assettrack.services.handover_scans import Taken
from assettrack.services.holders import HolderPage
from assettrack.services.reviewed_lists import Review, ReviewedLine
from assettrack.services.shown_lists import ShownList
from assettrack.web.change_words import change_words
from assettrack.web.custody.shown import with_what_moved
from assettrack.web.failures import status_of
from assettrack.web.rendering import render
from assettrack.web.station import Visit

_COLOURS = ("bad", "note", "ok")
"""From the worst to the best."""


class Answer(NamedTuple):
    """What the last scan did, in one colour: that of its worst line, or ``plain`` where it is about no asset.

    What was not understood is not in it: that is said until somebody has seen it.
    """

    colour: str
    taken: Taken
    added: Sequence[ReviewedLine]
    already: Sequence[ReviewedLine]

    @property
    def says_something(self) -> bool:
        """Whether the scan did anything but not being understood."""
        taken = self.taken
        return bool(self.added or self.already or taken.named or taken.place or taken.to_homes or taken.undone)


class PlaceForm(NamedTuple):
    """What stands in the form by which an asset that comes back is put elsewhere, open or not.

    Which slots of the case are free is said by what stops the line.
    """

    case_name: str
    slot: str
    is_open: bool = False


def at_desk(visit: Visit) -> AtDesk:
    """Return whoever is signed in, at the desk."""
    return AtDesk(visit.workplace, visit.station.desk, visit.who)


def word_of(event: HandoverEvent) -> str:
    """Return the word with which the address of an event's pages begins."""
    return event.lower()


def list_page(
    visit: Visit, event: HandoverEvent, shown: Mapping[str, object], *, status: int = 200, is_part: bool = False
) -> Response:
    """Show the list, or (``is_part``) what of the page a scan changes; ``taken`` of ``shown`` is what a scan did."""
    desk = at_desk(visit)
    review = custody_drafts.review(desk, custody_drafts.current(desk, event))
    if review.kept.batch_id is not None:  # its answer was lost; the next list begins
        review = custody_drafts.review(desk, custody_drafts.current(desk, event))
    visit.station.memory.lists.remember(visit.who.account_id, review.draft)
    asked, failed = str(shown.get("asked_holder", "")), str(shown.get("failed", ""))
    doubt = "" if asked else chosen_holders.doubt(visit.workplace, review.draft.holder, review.draft.holder_id)
    try:
        of_holder = _of_holder(visit, event, asked or ("" if doubt else review.draft.holder))
    except errors.AssetTrackError as error:
        of_holder = None
        if asked:
            failed, status, shown = str(error), status_of(error), {**shown, "asked_holder": ""}
        else:  # kept with the list, which is shown all the same, and scans are answered as they are kept
            doubt = error.as_seen
    taken = shown.get("taken")
    facts = {
        "area": word_of(event),
        "word": word_of(event),
        "event": event,
        "review": review,
        "draft": review.draft,
        "shown_next": ShownContext.of_draft(review.draft).text,
        "aside": custody_drafts.put_aside(desk, event),
        "aside_days": DESK_DAYS,
        "answer": _answer(review, taken) if isinstance(taken, Taken) else None,
        "wrong": [line for line in review.lines if line.stops],
        "is_part": is_part,
        "of_holder": of_holder,
        "holder_doubt": doubt,
        "asked_number": None,
        "cases": handover_choices.case_names(visit.workplace) if event == "RETURN" else [],
        "place_forms": _place_forms(visit, review, shown.get("place_said")),
        "rule": handover_choices.acceptance_rule(visit.workplace),
        "change_words": change_words,
        "asked_tag": "",
        "asked_holder": "",
        "stopped": False,
        **people_facts(visit, event, str(shown.get("find", ""))),
        **shown,
        "failed": failed,
    }
    return render(visit, "custody/list.html" if is_part else "custody/custody.html", facts, status=status)


def refused(
    visit: Visit,
    event: HandoverEvent,
    error: errors.AssetTrackError,
    shown: ShownList | None = None,
    *,
    place_said: tuple[str, str, str] | None = None,
) -> Response:
    """Show the list as it is, of which something was asked that is not done; what moved since it was ``shown``.

    ``place_said`` is the asset, and the case and slot that were said for it, which stand in its form once more.
    """
    failed = str(error)
    if shown is not None and isinstance(error, ListNotAsShown):
        failed = what_moved(visit, event, shown)
    return list_page(visit, event, {"failed": failed, "place_said": place_said}, status=status_of(error))


def what_moved(visit: Visit, event: HandoverEvent, shown: ShownList) -> str:
    """Return the sentence by which a form is refused that was meant for another list."""
    return with_what_moved(at_desk(visit), event, shown, visit.station.memory.lists, visit.station.texts)


def after_scan(visit: Visit, event: HandoverEvent, taken: Taken) -> Response:
    """Go on with the list; where something was not understood, or did not come on it, that is shown at once."""
    if taken.unseen or taken.others:
        return list_page(visit, event, {"taken": taken}, status=422 if taken.unseen else 200)
    last = {"put": taken.added[-1:], "again": taken.already[-1:]}
    query = urlencode([(name, tag) for name, tags in last.items() for tag in tags])
    return RedirectResponse(f"/{word_of(event)}{f'?{query}' if query else ''}#typed", 303)


def people_facts(visit: Visit, event: HandoverEvent, find: str) -> dict[str, object]:
    """Return the people that may be chosen, and whether another may be registered."""
    found = handover_choices.people(visit.workplace, find, active=event != "RETURN")
    return {"people": found, "find": normal_name(find)[:200], "may_be_new": event != "RETURN"}


def _answer(review: Review, taken: Taken) -> Answer:
    """Return what is said of a scan."""
    added = [line for line in review.lines if line.line.asset_tag in taken.added]
    already = [line for line in review.lines if line.line.asset_tag in taken.already]
    colours = {line.colour for line in added}
    if already or taken.lost or taken.others:
        colours.add("note")
    return Answer(next((each for each in _COLOURS if each in colours), "plain"), taken, added, already)


def _of_holder(visit: Visit, event: HandoverEvent, name: str) -> HolderPage | None:
    """Return what somebody has who gives something back."""
    return holders.page(visit.workplace, name) if event == "RETURN" and name else None


def _place_forms(visit: Visit, review: Review, said: object) -> dict[str, PlaceForm]:
    """Return what stands in the form of each asset that comes back; ``said`` is tag, case and slot of one refused."""
    forms: dict[str, PlaceForm] = {}
    for line in review.lines if review.draft.event_type == "RETURN" else ():
        tag, place = line.line.asset_tag, line.line.place
        is_taken = any(stop.code == "slot_taken" for stop in line.stops)
        position = place.slot_position if place is not None else None
        forms[tag] = PlaceForm(_case_of(visit, line), str(position or ""), is_taken)
        if isinstance(said, tuple) and said[0] == tag:
            forms[tag] = PlaceForm(said[1], said[2], is_open=True)
    return forms


def _case_of(visit: Visit, line: ReviewedLine) -> str:
    """Return the case into which an asset goes back as its line stands, or would, if its slot were free; else blank."""
    if line.line.place is None and line.change is not None:
        return line.change.after.case_name or ""
    place = line.line.place or handover_choices.home_of(visit.workplace, line.line.asset_tag)
    return "" if place is None else place.case_name
