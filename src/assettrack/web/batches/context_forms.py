"""The form by which one says by hand what the next scans of a queue mean: what it shows, and what it says.

Owns what of a form was chosen, and what only came back as its page showed it: that says nothing. A form that was sent
for something else, from a page however old, neither ends what holds by now nor brings back what holds no more.
"""

from collections.abc import Collection
from typing import NamedTuple

from assettrack.domain import errors
from assettrack.domain.plans import ACCEPTED_HOW, Acceptance
from assettrack.domain.queued_scans import Context
from assettrack.domain.said_contexts import with_event_of, with_holder_of, with_place_of
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


def shown_of(context: Context, assets: Collection[str]) -> ContextForm:
    """Return what the form shows; ``assets`` are those of the queue.

    A slot that was used is shown until another place is said. Where its asset was removed it may be said once more, and
    what is shown would say nothing.
    """
    event = "" if context.ended else context.event_type
    if context.place_removed or (context.used is not None and context.used.used_by not in assets):
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
        equipment_type=said_values.optional("The equipment type", said["equipment_type"]),
        building_room=said_values.optional("The room", said["building_room"]),
        notes=said_values.optional("The notes", said["notes"]),
        due_on=said_values.due_date(visit, said["due_on"]),
        accepted=Acceptance(how) if how in ACCEPTED_HOW else None,
    )
    context = with_holder_of(with_event_of(context, _event_said(said, now)), _holder_said(visit, said, now))
    return with_place_of(context, _place_said(said, now))


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
    )
