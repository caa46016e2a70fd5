"""The form by which one says by hand what the next scans of a queue mean: what it shows, and what it says.

Owns what each of its fields says. What holds of a form from a page that was left open is `web.shown_forms`.
"""

from typing import NamedTuple

import msgspec

from assettrack.domain import errors
from assettrack.domain.plans import ACCEPTED_HOW, Acceptance
from assettrack.domain.queued_scans import Context, RowMeant
from assettrack.domain.said_contexts import with_event_of, with_holder_of, with_place_of
from assettrack.domain.scans import EventType
from assettrack.domain.tags import OUT_WORD, is_out
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES
from assettrack.services import chosen_holders
from assettrack.services.queues import Queue
from assettrack.web import said_values
from assettrack.web.forms import Fields
from assettrack.web.shown_forms import (
    HOLDER_CARRIED,
    Part,
    ShownForm,
    Texts,
    carried_as_stopped,
    field_in_words,
    is_withdrawn,
)
from assettrack.web.station import Visit

AS_IT_IS = "-"
"""What is chosen as the case while nothing says where the next assets go, and nobody chose it yet; no case's name."""


class ContextForm(NamedTuple):
    """The fields of the form; of what does not hold nothing is chosen."""

    event_type: str
    case_name: str
    slot_position: str
    holder: str
    holder_number: str
    stopped: str
    equipment_type: str
    building_room: str
    notes: str
    due_on: str
    how: str


_PARTS = (
    Part(("event_type",), ("event_type", "ended")),
    Part(("case_name", "slot_position"), ("case_name", "slot_position", "fills", "unslotted", "used", "place_removed")),
    Part(("holder", "holder_number"), ("holder", "holder_id")),
    Part(("equipment_type",), ("equipment_type",)),
    Part(("building_room",), ("building_room",)),
    Part(("notes",), ("notes",)),
    Part(("due_on",), ("due_on",)),
    Part(("how",), ("accepted",)),
)


def shown_of(visit: Visit, queue: Queue) -> ContextForm:
    """Return what the form shows of a queue's context; who is doubtful is shown as nobody.

    A slot that was used is shown until another place is said. Where its asset was removed it may be said once more, and
    what is shown would say nothing.
    """
    held, (name, number) = _held(queue), (queue.context.holder, queue.context.holder_id)
    if not chosen_holders.doubt(visit.workplace, name, number):
        return held
    return held._replace(holder="", holder_number="", stopped=carried_as_stopped(name, number))


def _held(queue: Queue) -> ContextForm:
    """Return a queue's context as the form says it, also where its holder is doubtful."""
    context = queue.context
    case, slot = _place_shown(queue)
    return ContextForm(
        "" if context.ended else context.event_type,
        case,
        slot,
        context.holder,
        str(context.holder_id or ""),
        "",
        context.equipment_type,
        context.building_room,
        context.notes,
        context.due_on or "",
        context.accepted.how if context.accepted else "",
    )


def kept_in(said: Fields, now: ContextForm) -> ContextForm:
    """Return what stands in the form where what it says was not done: what was chosen, and else what holds ``now``."""
    return ContextForm(**_FORM.kept_in(said, now._asdict()))


def context_said(visit: Visit, said: Fields, queue: Queue) -> Context:
    """Return what a form says of the next scans of a queue.

    Raises:
        errors.ValueUnusable: a value can't be used, or case and slot don't go together.
        desk_errors.FormNotAsShown: something is chosen over what the page did not show.
    """
    if is_withdrawn(said, queue.context.holder, queue.context.holder_id):
        queue = msgspec.structs.replace(queue, context=with_holder_of(queue.context, Context()))
    now = queue.context
    context = with_holder_of(with_event_of(now, _event_said(said, now)), _holder_said(visit, said, now))
    context = with_place_of(context, _place_said(said, now))
    if said["equipment_type"] != said["equipment_type_shown"]:
        kind = said_values.optional("The equipment type", said["equipment_type"])
        context = msgspec.structs.replace(context, equipment_type=kind)
    if said["building_room"] != said["building_room_shown"]:
        room = said_values.optional("The room", said["building_room"])
        context = msgspec.structs.replace(context, building_room=room)
    if said["notes"] != said["notes_shown"]:
        context = msgspec.structs.replace(context, notes=said_values.optional("The notes", said["notes"]))
    if said["due_on"] != said["due_on_shown"]:
        context = msgspec.structs.replace(context, due_on=said_values.due_date(visit, said["due_on"]))
    how = said["how"]
    if how != said["how_shown"]:
        context = msgspec.structs.replace(context, accepted=Acceptance(how) if how in ACCEPTED_HOW else None)
    _FORM.require_as_shown(said, _held(queue)._asdict(), now, context)
    return context


def event_named(said: str) -> EventType:
    """Return the event that a form names.

    Raises:
        errors.ValueUnusable: there is none such.
    """
    if said not in TYPED_EVENT_TYPES:
        raise errors.ValueUnusable("The event", said, "choose one of those shown")
    return said


def _event_said(said: Fields, now: Context) -> Context:
    """Return a context with the event that a form says; where none was chosen, what holds ``now``."""
    event = said["event_type"]
    return now if event in {"", said["event_shown"]} else Context(event_type=event_named(event))


def _holder_said(visit: Visit, said: Fields, now: Context) -> Context:
    """Return a context with the holder that a form says; where none was chosen, who holds ``now``."""
    name = said_values.optional("The holder", said["holder"])
    chosen = Context(holder=name, holder_id=said_values.holder_chosen(visit, said, said["holder"]))
    return now if said["holder"] == said["holder_shown"] else chosen


def _place_said(said: Fields, now: Context) -> Context:
    """Return a context with the place that a form says; where none was chosen, what holds ``now``."""
    case, slot = said["case_name"], said["slot_position"]
    unslotted = is_out(case)
    if unslotted and slot:
        raise errors.ValueUnusable("The slot", slot, "what goes into no slot has none; leave it blank")
    if slot and case in {"", AS_IT_IS}:
        raise errors.ValueUnusable("The slot", slot, "it is one of a case; choose the case too, or leave it blank")
    if case == AS_IT_IS or (case, slot) == (said["case_shown"], said["slot_shown"]):
        return now
    case = "" if unslotted else case
    place = said_values.slot(case, slot) if slot else None
    return Context(
        case_name=said_values.case_name(case) if case else "",
        slot_position=None if place is None else place.slot_position,
        fills=bool(case) and not slot,
        unslotted=unslotted,
        by_hand=True,
    )


def _place_shown(queue: Queue) -> tuple[str, str]:
    """Return the case and the slot that the form shows."""
    context = queue.context
    rows = [scan.meant.row for scan in queue.scans if not scan.removed and isinstance(scan.meant, RowMeant)]
    used = context.used
    if context.place_removed or (used is not None and used.used_by not in {row.asset_tag for row in rows}):
        return AS_IT_IS, ""
    if context.unslotted:
        return OUT_WORD, ""
    position = context.slot_position if used is None else used.slot_position
    return context.case_name, "" if position is None else str(position)


def _in_words(part: Part, form: Texts, other: Texts) -> str:
    """Return in words what a form shows of a part, beside another form."""
    name = part.fields[0]
    is_place = name == "case_name"
    return _place_in_words(form[name], form["slot_position"]) if is_place else field_in_words(name, form, other)


def _place_in_words(case: str, slot: str) -> str:
    if is_out(case):
        return "no slot"
    if case == AS_IT_IS:
        return "no place any more"
    return f"{case} slot {slot}" if slot else case or "no case"


_CARRIED = {**HOLDER_CARRIED, "event_type": "event_shown", "case_name": "case_shown", "slot_position": "slot_shown"}
_FORM = ShownForm(_PARTS, _in_words, _CARRIED)
