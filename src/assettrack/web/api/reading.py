"""The programming interface, looking: the station, assets, cases, holders, a batch, a receipt.

Each answer has the keys of the command line's ``--json``; lists come in pages.
"""

from typing import Annotated

import msgspec
from fastapi import Query
from starlette.responses import Response

from assettrack import __version__
from assettrack.domain.browsing import AssetFilter
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Asset
from assettrack.services import assets, audit, batch_papers, batches, browsing, holders, receipts, slots
from assettrack.services.slots import Case
from assettrack.services.stored_entries import decoded_body
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.api import answers
from assettrack.web.api.answers import answered
from assettrack.web.api.requests import (
    AssetsAsked,
    CaseInPath,
    CasesAsked,
    HoldersAsked,
    NameInPath,
    PathNumber,
    TagInPath,
)
from assettrack.web.assets.case_pages import read_case, read_tag
from assettrack.web.idempotency import json_answer
from assettrack.web.permissions import Permission

routes = Routes()


@routes.data("station", Permission.VIEW, **answered("The station", answers.StationAnswer))
def station(visit: CurrentVisit) -> Response:
    """Tell which station this is, how long its log is, and for whom the token acts."""
    return json_answer(
        {
            "station": visit.station.name,
            "timezone": visit.station.timezone,
            "version": __version__,
            "entries": audit.log_size(visit.workplace),
            "key": audit.verifier_key(visit.workplace),
            "account": {"name": visit.who.name, "role": visit.who.role},
        }
    )


@routes.data("assets", Permission.VIEW, **answered("Assets, by filter", answers.AssetsAnswer, 404))
def list_assets(visit: CurrentVisit, asked: Annotated[AssetsAsked, Query()]) -> Response:
    """List assets by tag, a page at a time."""
    case_name = "" if asked.case is None else read_case(asked.case)
    if case_name:
        slots.case(visit.workplace, case_name)  # an unknown case is said to be unknown, not empty
    wanted = AssetFilter(
        asked.status, case_name, asked.holder_id, asked.type or "", (asked.text or "").strip().upper(), asked.slotted
    )
    page = browsing.asset_page(visit.workplace, wanted, asked.after, limit=asked.limit)
    found = [listed._asdict() for listed in page.assets]
    return json_answer({"assets": found, "total": page.total, "next_after": page.next_after})


@routes.data("assets/{asset_tag}", Permission.VIEW, **answered("One asset", answers.AssetAnswer, 404))
def show_asset(visit: CurrentVisit, asset_tag: TagInPath) -> Response:
    """Tell where an asset is and what it is."""
    tag = read_tag(asset_tag)
    return json_answer(asset_facts(tag, assets.asset(visit.workplace, tag)))


@routes.data(
    "assets/{asset_tag}/history", Permission.VIEW, **answered("An asset's history", answers.HistoryAnswer, 404)
)
def history(visit: CurrentVisit, asset_tag: TagInPath) -> Response:
    """Tell all that the log holds about an asset, oldest first, and which of it was corrected by which entry."""
    tag = read_tag(asset_tag)
    bodies, corrections = assets.history(visit.workplace, tag)
    pairs = [{"corrected_seq": each.corrected_seq, "seq": each.seq} for each in corrections]
    return json_answer({"asset_tag": tag, "entries": list(map(stored, bodies)), "corrections": pairs})


@routes.data("cases", Permission.VIEW, **answered("Cases and their slots", answers.CasesAnswer))
def list_cases(visit: CurrentVisit, asked: Annotated[CasesAsked, Query()]) -> Response:
    """List cases by name with who is in their slots, a page at a time."""
    names = [each.case_name for each in browsing.cases(visit.workplace) if each.case_name > asked.after]
    found = [case_facts(slots.case(visit.workplace, name)) for name in names[: asked.limit]]
    return json_answer({"cases": found, "next_after": names[asked.limit - 1] if len(names) > asked.limit else None})


@routes.data("cases/{case_name}", Permission.VIEW, **answered("One case", answers.CaseAnswer, 404))
def show_case(visit: CurrentVisit, case_name: CaseInPath) -> Response:
    """Tell who is in the slots of a case."""
    return json_answer(case_facts(slots.case(visit.workplace, read_case(case_name))))


@routes.data("holders", Permission.VIEW, **answered("Holders", answers.HoldersAnswer))
def list_holders(visit: CurrentVisit, asked: Annotated[HoldersAsked, Query()]) -> Response:
    """List holders by number, a page at a time."""
    found = [each for each in holders.all_holders(visit.workplace) if each.holder_id > asked.after]
    names = holders.organisation_names(visit.workplace)
    page = [holder_facts(each, holders.organisation_of(each, names)) for each in found[: asked.limit]]
    more = found[asked.limit - 1].holder_id if len(found) > asked.limit else None
    return json_answer({"holders": page, "next_after": more})


@routes.data("holders/{name:path}", Permission.VIEW, **answered("One holder", answers.HolderAnswer, 404))
def show_holder(visit: CurrentVisit, name: NameInPath) -> Response:
    """Tell what is known of a holder, named in any spelling, and what the holder has."""
    page = holders.page(visit.workplace, name)
    held = [
        {
            "asset_tag": tag,
            "equipment_type": asset.equipment_type,
            "serial_number": asset.serial_number,
            "due_on": asset.due_on,
        }
        for tag, asset in page.assets
    ]
    waiting = [{"batch_id": each.batch_id, "recorded_at": each.recorded_at} for each in page.open_acceptances]
    facts = holder_facts(page.holder, page.organisation)
    return json_answer({**facts, "has_contact": page.has_contact, "assets": held, "open_acceptances": waiting})


@routes.data("batches/{batch_id}", Permission.VIEW, **answered("One batch", answers.BatchAnswer, 404))
def show_batch(visit: CurrentVisit, batch_id: PathNumber) -> Response:
    """Tell what a batch states of itself, and whom it exchanged assets with; its rows are entries of the log."""
    found = batches.batch(visit.workplace, batch_id)
    facts, added = found.facts, batch_papers.added_to(visit.workplace, batch_id)
    exchanged = [
        {
            "holder_id": fact.holder_id,
            "holder": name,
            "accepted_seq": fact.accepted_seq,
            "added": added.get(fact.holder_id, ()),
        }
        for fact, name in found.handovers
    ]
    return json_answer(
        {
            "batch_id": batch_id,
            "rows": facts.rows,
            "first_seq": found.first_seq,
            "last_seq": found.last_seq,
            "checkpoint": found.checkpoint,
            "recorded_at": facts.recorded_at,
            "committed_by": facts.operator,
            "source_name": facts.source_name,
            "source_sha256": facts.source_sha256,
            "new_holders": facts.new_holders,
            "options": facts.options,
            "handovers": exchanged,
        }
    )


@routes.data("receipts/{receipt_id}", Permission.VIEW, **answered("One receipt", answers.ReceiptAnswer, 404))
def show_receipt(visit: CurrentVisit, receipt_id: PathNumber) -> Response:
    """Tell the text of a receipt, byte for byte as it was hashed, and the code that proves it."""
    return json_answer(receipts.printed(visit.workplace, receipt_id))


def stored(body: bytes) -> msgspec.Raw:
    """Return an entry as it is stored, once it is sure that it is one.

    Raises:
        station_errors.DatabaseDamaged: it is none.
    """
    decoded_body(body)
    return msgspec.Raw(body)


def asset_facts(tag: str, asset: Asset) -> dict[str, object]:
    """Return an asset as it is answered."""
    return {"asset_tag": tag, **msgspec.structs.asdict(asset)}


def case_facts(case: Case) -> dict[str, object]:
    """Return a case as it is answered."""
    found = [{"slot_position": position, "current_asset_tag": tag} for position, tag in case.slots]
    return {"case_name": case.case_name, "slots": found}


def holder_facts(holder: Holder, organisation: str) -> dict[str, object]:
    """Return a holder as it is answered."""
    return {
        "holder_id": holder.holder_id,
        "name": holder.name,
        "organisation": organisation,
        "identifier": holder.identifier,
        "active": bool(holder.active),
    }
