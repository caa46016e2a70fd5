"""The programming interface, deeds about holders, cases, slots and receipts: each one transaction, answered at once."""

from starlette.responses import Response

from assettrack.domain import desk_errors
from assettrack.domain.tags import Place
from assettrack.services import holders, receipts, slots
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.api import answers
from assettrack.web.api.answers import done
from assettrack.web.api.reading import case_facts, holder_facts
from assettrack.web.api.requests import CaseSent, HolderSent, ReceiptSent, SlotSent, VacateSent
from assettrack.web.idempotency import Repeatable
from assettrack.web.permissions import Permission

routes = Routes()

Answer = dict[str, object]


@routes.data_deed("holders", Permission.OPERATE, **done("Register a holder", answers.RegisteredAnswer))
def register(visit: CurrentVisit, sent: HolderSent, repeatable: Repeatable) -> Response:
    """Register a holder. Names match whatever their case and spacing; the first spelling is kept."""
    name = said_values.person(sent.name, "The name")
    organisation = None if sent.organisation is None else said_values.person(sent.organisation, "The organisation")
    identifier = None if sent.identifier is None else said_values.person(sent.identifier, "The identifier")
    known = holders.organisation_names(visit.workplace)  # before the deed: nothing after it may fail

    def work() -> Answer:
        made = holders.register(visit.workplace, name, organisation=organisation, identifier=identifier)
        called = known.get(made.holder.organisation_id, organisation or "")
        return {**holder_facts(made.holder, called), "near": made.near}

    return repeatable.answer(work)


@routes.data_deed("cases", Permission.ADMIN, **done("Prepare a case", answers.CaseAnswer))
def prepare(visit: CurrentVisit, sent: CaseSent, repeatable: Repeatable) -> Response:
    """Prepare a new case with empty slots from 1 on."""
    name = said_values.case_name(sent.case_name)
    return repeatable.answer(lambda: case_facts(slots.initialise_cases(visit.workplace, [(name, sent.slots)])[0]))


@routes.data_deed("slots/assign", Permission.OPERATE, **done("Put an asset into a slot", answers.SlotAnswer))
def assign(visit: CurrentVisit, sent: SlotSent, repeatable: Repeatable) -> Response:
    """Put an asset that is in no slot into an empty one."""
    tag, place = _asked(sent)

    def work() -> Answer:
        slots.assign(visit.workplace, tag, place)
        return _slot(place, tag)

    return repeatable.answer(work)


@routes.data_deed("slots/move", Permission.OPERATE, **done("Move an asset", answers.SlotAnswer))
def move(visit: CurrentVisit, sent: SlotSent, repeatable: Repeatable) -> Response:
    """Move an asset from its slot into an empty one."""
    tag, place = _asked(sent)

    def work() -> Answer:
        slots.move(visit.workplace, tag, place)
        return _slot(place, tag)

    return repeatable.answer(work)


@routes.data_deed("slots/vacate", Permission.ADMIN, **done("Empty a slot", answers.SlotAnswer))
def vacate(visit: CurrentVisit, sent: VacateSent, repeatable: Repeatable) -> Response:
    """Take an asset out of its slot, named by the slot (case_name and slot_position) or by the asset."""
    is_slot = sent.case_name is not None or sent.slot_position is not None
    said_values.one_way({"case_name with slot_position": is_slot, "asset_tag": sent.asset_tag is not None})
    reason = said_values.text("The reason", sent.reason)
    if sent.asset_tag is not None:
        tag = said_values.asset_tag(sent.asset_tag)
        return repeatable.answer(lambda: _slot(slots.vacate_asset(visit.workplace, tag, reason), None))
    place = said_values.named_place(sent.case_name, sent.slot_position)
    return repeatable.answer(lambda: _slot(slots.vacate_slot(visit.workplace, place, reason), None))


@routes.data_deed("receipts", Permission.OPERATE, **done("Issue receipts", answers.ReceiptsAnswer))
def issue_receipts(visit: CurrentVisit, sent: ReceiptSent, repeatable: Repeatable) -> Response:
    """Issue the receipts of a batch, one for each holder or for one; or, with a holder alone, of all that is held.

    What says the same as an earlier one is not issued again.
    """
    name = None if sent.holder is None else said_values.person(sent.holder, "The name in holder")
    batch_id = sent.batch_id
    if batch_id is not None:
        return repeatable.answer(lambda: receipts.issue_for_batch(visit.workplace, batch_id, name))
    if name is None:
        raise desk_errors.RequestUnclear(["batch_id", "holder", "both"], [])
    return repeatable.answer(lambda: receipts.issue_hand_receipt(visit.workplace, name))


def _asked(sent: SlotSent) -> tuple[str, Place]:
    return said_values.asset_tag(sent.asset_tag), said_values.place(sent.case_name, sent.slot_position)


def _slot(place: Place, tag: str | None) -> Answer:
    return {"case_name": place.case_name, "slot_position": place.slot_position, "current_asset_tag": tag}
