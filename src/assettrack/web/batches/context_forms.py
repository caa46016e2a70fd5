"""The form by which one says by hand what the next scans of a queue mean: what it shows, and what it says.

Owns what of a form was chosen, and what only came back as its page showed it. What holds nothing, because its card or
label was removed or its slot is used, is not ended by a form that was sent for something else.
"""

from typing import NamedTuple

from assettrack.domain import errors
from assettrack.domain.plans import ACCEPTED_HOW, Acceptance
from assettrack.domain.queued_scans import Context
from assettrack.domain.said_contexts import with_event_of, with_place_of
from assettrack.domain.scans import EventType
from assettrack.domain.tags import OUT_WORD, is_out
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES
from assettrack.web import said_values
from assettrack.web.forms import Fields
from assettrack.web.station import Visit

AS_IT_IS = "-"
"""What is chosen as the case while nothing says where the next assets go, and nobody chose it yet; no case's name."""


class ContextForm(NamedTuple):
    """What the form shows of a context: the event, the case and the slot; of what does not hold nothing is chosen."""

    event: str
    case: str
    slot: str


def shown_of(context: Context) -> ContextForm:
    """Return what the form shows; a slot that was used is shown until another place is said."""
    event = "" if context.ended else context.event_type
    if context.place_removed:
        return ContextForm(event, AS_IT_IS, "")
    if context.unslotted:
        return ContextForm(event, OUT_WORD, "")
    position = context.slot_position if context.used is None else context.used.slot_position
    return ContextForm(event, context.case_name, "" if position is None else str(position))


def context_said(visit: Visit, said: Fields, now: Context) -> Context:
    """Return what a form says of the next scans, where ``now`` holds.

    Raises:
        errors.ValueUnusable: a value can't be used, or case and slot don't go together.
    """
    how = said["how"]
    context = Context(
        holder=said_values.optional("The holder", said["holder"]),
        holder_id=said_values.holder_chosen(visit, said, said["holder"]),
        equipment_type=said_values.optional("The equipment type", said["equipment_type"]),
        building_room=said_values.optional("The room", said["building_room"]),
        notes=said_values.optional("The notes", said["notes"]),
        due_on=said_values.due_date(visit, said["due_on"]),
        accepted=Acceptance(how) if how in ACCEPTED_HOW else None,
    )
    return with_place_of(with_event_of(context, _event_said(said, now)), _place_said(said, now))


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
    if not event:
        return now
    chosen = Context(event_type=event_named(event))
    return now if now.ended and event == said["event_shown"] else chosen


def _place_said(said: Fields, now: Context) -> Context:
    """Return a context with the place that a form says; where none was chosen, what holds ``now``."""
    case, slot = said["case_name"], said["slot_position"]
    unslotted = is_out(case)
    if unslotted and slot:
        raise errors.ValueUnusable("The slot", slot, "what goes into no slot has none; leave it blank")
    if slot and case in {"", AS_IT_IS}:
        raise errors.ValueUnusable("The slot", slot, "it is one of a case; choose the case too, or leave it blank")
    is_held = now.place_removed or now.used is not None
    if case == AS_IT_IS or (is_held and (case, slot) == (said["case_shown"], said["slot_shown"])):
        return now
    case = "" if unslotted else case
    place = said_values.slot(case, slot) if slot else None
    return Context(
        case_name=said_values.case_name(case) if case else "",
        slot_position=None if place is None else place.slot_position,
        fills=bool(case) and not slot,
        unslotted=unslotted,
    )
