"""Assets: found by anything, listed by filter, and each with its whole history."""

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Query
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from assettrack.domain.audit_log import AnyEntry, event_type
from assettrack.domain.browsing import AssetFilter
from assettrack.domain.corrected_rows import Superseded
from assettrack.domain.entries.custody import CorrectionEntry
from assettrack.domain.entries.places import SlotEntry
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.inventory import Status
from assettrack.domain.receipt_proofs import PREFIX
from assettrack.services import browsing, count_doubts, named_cards, receipt_scans
from assettrack.services.browsing import AssetCard
from assettrack.services.correctable import may_be_corrected
from assettrack.services.count_doubts import SeenInCount
from assettrack.services.effective_history import superseded_about
from assettrack.services.named_cards import Command, Named
from assettrack.services.stored_entries import decoded_body
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.assets.case_pages import read_case, read_tag
from assettrack.web.entry_lines import superseded_on_page, what_on_page
from assettrack.web.forms import Number
from assettrack.web.holders.paths import holder_path
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit

routes = Routes()


class Said(BaseModel):
    """The filter of a list of assets, as the address has it; blank means any."""

    status: str = ""
    case: str = ""
    type: str = ""
    text: str = ""
    after: str = ""


STATUSES: tuple[Status, ...] = ("STORAGE", "IN_CUSTODY", "RETIRED")


@routes.page("/search", Permission.VIEW)
def search(visit: CurrentVisit, q: str = "") -> Response:
    """Find whatever a text means; what it names exactly is shown at once, and a receipt's code leads to its check."""
    if receipt_scans.payload_of(q).startswith(PREFIX):
        return RedirectResponse(f"/audit/receipt?{urlencode({'code': q.strip()})}", 303)
    card = named_cards.read_card(visit.workplace, q)
    if isinstance(card, Named):
        there = _path_of(card.kind, card.name)
        return RedirectResponse(there if card.position is None else f"{there}?slot={card.position}", 303)
    found = browsing.search(visit.workplace, q)
    if found.only is not None:
        return RedirectResponse(_path_of(*found.only), 303)
    command, unread = (card, None) if isinstance(card, Command) else (None, card)
    facts = {"found": found, "searched": q.strip()[:200], "command": command, "unread": unread}
    return render(visit, "assets/search.html", facts)


def _path_of(kind: str, name: str) -> str:
    return holder_path(name) if kind == "holder" else f"/{kind}s/{quote(name, safe='')}"


@routes.page("/assets", Permission.VIEW)
def assets(visit: CurrentVisit, said: Annotated[Said, Query()]) -> Response:
    """List assets by filter; the filter stands in the address."""
    wanted = AssetFilter(
        status=next((each for each in STATUSES if each == said.status), None),
        case_name=read_case(said.case) if said.case else "",
        equipment_type=said.type,
        text=said.text.strip().upper(),
    )
    page = browsing.asset_page(visit.workplace, wanted, said.after)
    same = said.model_dump(exclude={"after"})
    facts = {
        "area": "assets",
        "page": page,
        "said": said,
        "statuses": STATUSES,
        "types": visit.station.memory.types.find(visit.workplace),
        "cases": [each.case_name for each in browsing.cases(visit.workplace)],
        "next": f"/assets?{urlencode({**same, 'after': page.next_after})}" if page.next_after else "",
    }
    return render(visit, "assets/assets.html", facts)


@routes.page("/assets/{asset_tag}", Permission.VIEW)
def asset(visit: CurrentVisit, asset_tag: str, corrected: Number = 0) -> Response:
    """Show an asset: where it is, what it is, and everything that happened to it, the latest first.

    ``corrected`` is the entry of a correction that was made just now: it is said that it was.
    """
    card = browsing.asset(visit.workplace, read_tag(asset_tag))
    made = next((each for each in card.corrections if each.seq == corrected), None)
    counted = count_doubts.of_asset(visit.workplace, card.asset_tag, visit.station.memory.remembered.counts_said)
    facts = {
        "area": "assets",
        "card": card,
        "doubt": counted.doubt,
        "timeline": _timeline(visit, card),
        "correction": made,
        "proven": _proven(card, counted.seen),
    }
    return render(visit, "assets/asset.html", facts)


def _timeline(visit: Visit, card: AssetCard) -> list[dict[str, object]]:
    """Return what happened to an asset, the latest first."""
    superseded = {each.corrected_seq: each.seq for each in card.corrections}
    counts = superseded_about(visit.workplace, card.asset_tag) if superseded else {}
    entries = [decoded_body(body) for body in card.bodies]
    return [
        {
            "seq": entry.seq,
            "event": event_type(entry),
            "at": _time_of(entry),
            "by": entry.operator_id if isinstance(entry, RowEntry) else entry.operator,
            "what": _what(visit, entry, card.asset_tag),
            "batch_id": entry.batch_id if isinstance(entry, RowEntry) else None,
            "corrected": superseded_on_page(visit, counts, entry.seq),
            "corrected_as": _corrected_as(counts.get(entry.seq)),
            "may_be_corrected": may_be_corrected(entry, superseded),
            "is_sighting": isinstance(entry, RowEntry | SlotEntry) and entry.before == entry.after,
        }
        for entry in reversed(entries)
    ]


def _corrected_as(superseded: Superseded | None) -> str:
    """Return how an entry is drawn of which something counts no longer; blank where all of it does."""
    if superseded is None or not superseded.fields:
        return ""
    return "superseded" if superseded.is_whole else "corrected"


def _what(visit: Visit, entry: AnyEntry, asset_tag: str) -> str:
    """Return what happened; what was corrected is a sentence of its own here."""
    what = what_on_page(visit, entry).removeprefix(f"{asset_tag}: ")
    return what[0].upper() + what[1:] if isinstance(entry, CorrectionEntry) else what


def _proven(card: AssetCard, seen: SeenInCount | None) -> dict[str, object]:
    """Return when the asset was there for sure, and the entry that says so, which may be of a count that saw it later.

    It is the latest time of all, and not that of the latest entry: a sighting may be recorded late. Where what was done
    then was corrected, it is the correction that counts, for the time that it states.
    """
    entries = {entry.seq: entry for entry in map(decoded_body, card.bodies)}
    superseded = {each.corrected_seq: each.seq for each in card.corrections}
    at, seq = "", 0
    for entry in entries.values():
        if isinstance(entry, CorrectionEntry):
            continue
        stands_at, stands = _time_of(entry), entry.seq
        while stands in superseded:
            stands = superseded[stands]
            correction = entries[stands]
            assert isinstance(correction, CorrectionEntry), "nothing else supersedes a row"
            stands_at = correction.changed.get("timestamp", stands_at)
        at, seq = max((at, seq), (stands_at, stands))
    if seen is not None and seen.seen_at > at:
        return {"at": seen.seen_at, "seq": seen.seq, "count_id": seen.count_id}
    return {"at": at, "seq": seq, "count_id": None}


def _time_of(entry: AnyEntry) -> str:
    return entry.occurred_at if isinstance(entry, RowEntry) else entry.recorded_at
