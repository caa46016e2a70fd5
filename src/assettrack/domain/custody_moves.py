"""How custody of one asset changed hands in a legal history: from whom or where, to whom or where, at which entry.

Owns nothing of what is allowed; that was decided. Works on effective histories, so that what was corrected counts as it
should have been.
"""

from collections.abc import Iterable
from typing import NamedTuple

from assettrack.domain.corrections import Step
from assettrack.domain.entries.places import SlotEntry
from assettrack.domain.scans import Scan
from assettrack.domain.tags import OUT, Place


class CustodyMove(NamedTuple):
    """One change of custody. At either side holder or place is None, or both: in no slot, or retired."""

    from_holder: int | None
    to_holder: int | None
    from_place: Place | None = None
    to_place: Place | None = None


def moves_of(steps: Iterable[Step]) -> dict[int, CustodyMove]:
    """Return the changes of custody of one asset by entry; ``steps`` are its history, in the order of the log."""
    moves: dict[int, CustodyMove] = {}
    holder: int | None = None
    place: Place | None = None
    for step in steps:
        if step.scan is None:
            place = step.entry.after.place if isinstance(step.entry, SlotEntry) else place
            continue
        given_to, target = _after(step, step.scan, holder, place)
        if given_to != holder:
            moves[step.seq] = CustodyMove(holder, given_to, None if holder else place, None if given_to else target)
        holder, place = given_to, target
    return moves


def receivers(moves: Iterable[CustodyMove], holder_id: int) -> list[int]:
    """Return who accepts what changed hands between a batch and a holder, unless it is said: none is the operator.

    The holder, if anything was given to the holder. Else those to whom the holder's assets went: who gives something
    away does not answer for it any more. What was only taken back into storage is accepted by who works there.
    """
    given_to = list(dict.fromkeys(move.to_holder for move in moves if move.to_holder is not None))
    return [holder_id] if holder_id in given_to else given_to


def gave_back(moves: Iterable[CustodyMove], holder_id: int) -> bool:
    """Tell whether a holder gave something back, and was given nothing: then the holder accepts nothing of it."""
    own = [move for move in moves if holder_id in {move.from_holder, move.to_holder}]
    return any(move.to_holder is None for move in own) and all(move.to_holder != holder_id for move in own)


def all_receivers(moves: Iterable[CustodyMove]) -> list[int | None]:
    """Return who accepts what changed hands between a batch and all its holders, each once; None is the operator."""
    by_holder: dict[int, list[CustodyMove]] = {}
    for move in moves:
        for holder_id in (move.from_holder, move.to_holder):
            if holder_id is not None:
                by_holder.setdefault(holder_id, []).append(move)
    found: dict[int | None, None] = {}
    for holder_id, own in by_holder.items():
        found.update(dict.fromkeys(receivers(own, holder_id) or (None,)))
    return list(found)


def _after(step: Step, scan: Scan, holder: int | None, place: Place | None) -> tuple[int | None, Place | None]:
    """Return with whom, or in which slot, a row leaves the asset."""
    named = None if scan.place == OUT else scan.place
    match scan.event_type:
        case "ISSUE" | "TRANSFER":
            return step.holder_id, None
        case "RETURN":
            return None, named
        case "RETIRE":
            return None, None
        case "SCAN" if isinstance(step.entry, SlotEntry) or step.entry.before is not None:
            return holder, place  # a sighting
        case "UPDATE" if scan.place is None or holder is not None:
            return holder, place
        case _:
            return None, named
