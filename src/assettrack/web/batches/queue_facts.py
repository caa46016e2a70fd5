"""What the part of the page of a queue shows that each scan replaces: its scans, and what can be done about them.

Owns which of it is shown. Decides nothing about a scan.
"""

from assettrack.domain.queued_scans import Context, Repeated, RowMeant
from assettrack.domain.shown_contexts import ShownContext
from assettrack.services import chosen_holders, freed_slots, next_free_slots
from assettrack.services.coming_back import coming_back
from assettrack.services.queue_lines import Line, general_of
from assettrack.services.queues import Review
from assettrack.services.unprepared_cases import held_labels_settled
from assettrack.web.batches.context_forms import shown_of
from assettrack.web.batches.paths import LEFT
from assettrack.web.change_words import change_words
from assettrack.web.station import Visit

LINES_SHOWN = 25
"""So many of the latest scans are on the page; a link shows all."""

_SIGHTED = ("sighted_in_custody", "sighted_retired", "sighted_elsewhere")
"""Notices that say where an asset is by the records, and that it stays so."""


def queue_facts(visit: Visit, review: Review, *, everything: bool) -> dict[str, object]:
    """Return what the queue's part of the page shows."""
    context = review.queue.context
    present = [line for line in review.lines if not line.scan.removed]
    shown = present if everything else present[-LINES_SHOWN:]
    settled = held_labels_settled(review.queue.scans)
    gone = [line for line in review.lines if line.scan.number not in settled]
    removed = sorted({line.scan.removed_at for line in gone if line.scan.removed_at})
    return {
        "queue": review.queue,
        "context": context,
        "holder_doubt": chosen_holders.doubt(visit.workplace, context.holder, context.holder_id),
        "in_form": shown_of(visit, review.queue),
        "now_into": into_of(context),
        "shown_next": ShownContext.of_queue(context).text,
        "general": general_of(review.queue.batch(), review.plan),
        "lines": shown[::-1],
        "older": len(present) - len(shown),
        "tally": {
            "to_commit": sum(isinstance(line.scan.meant, RowMeant) and line.colour != "bad" for line in present),
            "untyped": sum(line.shade != line.colour for line in present),
            "to_mend": sum(line.shade == "bad" for line in present),
            "twice": sum(isinstance(line.scan.meant, Repeated) for line in present),
        },
        "words_of": words_of,
        "lacking": [line for line in present if line.lacks_type],
        "left": visit.here.endswith(f"?{LEFT}"),
        "slot_offer": next_free_slots.offer(visit.workplace, visit.station.desk, review),
        "removed_at": removed[-1] if removed else "",
        "removed": [line for line in gone if removed and line.scan.removed_at == removed[-1]],
        "coming": coming_back(review.queue, removed[-1]) if removed else None,
        "freed": freed_slots.freed_by(visit.workplace, review.queue, removed[-1]) if removed else None,
    }


def into_of(context: Context) -> str:
    """Return which words say where the next scan goes; blank where nobody said it, or what is scanned goes nowhere."""
    if context.event_type not in {"SCAN", "RETURN", "UPDATE"}:
        return ""
    if context.place_removed or context.used is not None:
        return "removed" if context.place_removed else "used"
    if context.slot_position is not None:
        return "slot"
    if context.unslotted:
        return "none"
    if context.event_type == "RETURN":
        return "home"
    return "free" if context.fills else ""


def words_of(line: Line) -> str:
    """Return what a line does; blank where a notice says already that the asset was seen and nothing changes."""
    change = line.change
    if change is None or (change.before == change.after and any(each.code in _SIGHTED for each in line.notices)):
        return ""
    return change_words(change)
