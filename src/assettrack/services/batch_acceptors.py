"""Who accepts what a batch exchanges with all its holders, before it is committed and after it: one answer for a page.

Owns how that is read of a plan, and of the log as it was recorded; that nobody accepts what they gave back, and when it
is asked whether somebody does under a name with a slip. Who accepts what was exchanged with one holder is
`domain.custody_moves`'. Writes nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from assettrack.domain import station_errors
from assettrack.domain.custody_exchanges import read_exchanged, recorded_move
from assettrack.domain.custody_moves import CustodyMove, all_receivers, gave_back, receivers
from assettrack.domain.deeds import BatchRow
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.findings import Finding, NotAllowed, finding
from assettrack.domain.holders import Holder, name_key
from assettrack.domain.look_alikes import alike_among, looks_like
from assettrack.domain.plans import Change, Plan
from assettrack.services.names import name_of
from assettrack.services.ports import Snapshot
from assettrack.services.receipt_lines import handed_over
from assettrack.services.stored_entries import records_between

TAGS_NAMED = 10
"""So many assets are named of those that somebody gave back."""


class Said(NamedTuple):
    """By whom something was said to be accepted, and who is at work."""

    by: str
    operator: str


def of_plan(plan: Plan, operator: str) -> list[str]:
    """Return who accepts what a plan exchanges, where the operator commits it; nobody where nothing changes hands."""
    moves, names = _moves_of_plan(plan)
    said = None if plan.options.accepted is None else plan.options.accepted.by
    if said and moves:
        return [said]
    return _names(moves, names, operator)


def givers_accepting(plan: Plan, operator: str) -> list[NotAllowed]:
    """Return what is refused of a plan because whoever gives something back would accept it.

    Every spelling of the name is the same one, and so is one that was typed and looks like it.

    It is refused before it is recorded, and no rule of the log: what was recorded before stays as it is.
    """
    accepted = plan.options.accepted
    if accepted is None:
        return []
    moves, names = _moves_of_plan(plan)
    givers = []
    for number, name in names.items():
        if gave_back(moves, number):
            usual = [names[each] for each in receivers(_of(moves, number), number)] or [operator]
            if looks_like(name, accepted.by) if accepted.by else name_key(name) in map(name_key, usual):
                givers.append(name)
    return [_refusal(name, _given_back(plan, name)) for name in givers]


def near_givers(plan: Plan, operator: str) -> list[Finding]:
    """Return a notice for each holder who gives something back that somebody of almost the same name would accept.

    That may be somebody else, so it is refused to nobody (ADR 6). Of the operator it is known who it is.
    """
    by = None if plan.options.accepted is None else plan.options.accepted.by
    if not by or name_key(by) == name_key(operator):
        return []
    moves, names = _moves_of_plan(plan)
    near = [name for number, name in names.items() if _is_near(by, name) and gave_back(moves, number)]
    return [_near_giver(by, name, _given_back(plan, name)) for name in near]


def require_no_giver(
    snapshot: Snapshot, batch: BatchRow, holder: Holder, by: str, added: Sequence[CustodyMove] = ()
) -> None:
    """Make sure that what a batch exchanged with a holder is not accepted by that one as whoever gave it back.

    Where it was accepted before, it is what was ``added`` since.

    Raises:
        NotAllowed: it would be.
    """
    if looks_like(by, holder.name) and _gave_back(snapshot, batch, holder, added):
        raise _refusal(holder.name, _taken_in(batch))


def near_giver(
    snapshot: Snapshot, batch: BatchRow, holder: Holder, said: Said, added: Sequence[CustodyMove] = ()
) -> list[Finding]:
    """Return a notice where who accepts what a batch exchanged with a holder is almost of the name of who gave it back.

    It is due as by `near_givers`; ``added`` is as for `require_no_giver`.
    """
    if name_key(said.by) == name_key(said.operator):
        return []
    is_near = _is_near(said.by, holder.name) and _gave_back(snapshot, batch, holder, added)
    return [_near_giver(said.by, holder.name, _taken_in(batch))] if is_near else []


def of_batch(snapshot: Snapshot, batch: BatchRow, facts: BatchEntry, holders: Mapping[int, str]) -> list[str]:
    """Return who accepted, with the batch, what it exchanged with ``holders`` (by number); nobody where it was open.

    Rows are read as far as it takes, and none where the batch says who it was.

    Raises:
        station_errors.DatabaseDamaged: an entry of the batch is gone, or can't be read.
    """
    if facts.options.accepted is None or not holders:
        return []
    if facts.options.accepted.by:
        return [facts.options.accepted.by]
    return _names(dict.fromkeys(_moves(snapshot, batch, holders)), holders, facts.operator)


def _refusal(holder: str, what: str) -> NotAllowed:
    return NotAllowed("accepted_by_giver", "accepted_by", holder=holder, what=what)


def _near_giver(by: str, holder: str, what: str) -> Finding:
    return finding("accepted_by_near_giver", None, "accepted_by", by=by, holder=holder, what=what)


def _is_near(by: str, holder: str) -> bool:
    """Tell whether a name is almost that of a holder, and can be told from it."""
    return not looks_like(by, holder) and bool(alike_among(by, [holder]))


def _gave_back(snapshot: Snapshot, batch: BatchRow, holder: Holder, added: Sequence[CustodyMove]) -> bool:
    """Tell whether a holder gave something back by a batch, or by what was ``added`` to it, where something was."""
    moves = added
    if not moves:
        found = handed_over(snapshot, batch, only=holder.holder_id).get(holder.holder_id)
        moves = [] if found is None else found.moves
    return gave_back(moves, holder.holder_id)


def _given_back(plan: Plan, holder: str) -> str:
    """Return the first of the assets that a plan takes from a holder."""
    return ", ".join([change.asset_tag for change in plan.changes if _holder_before(change) == holder][:TAGS_NAMED])


def _taken_in(batch: BatchRow) -> str:
    return f"what batch {batch.batch_id} took in"


def _moves_of_plan(plan: Plan) -> tuple[Collection[CustodyMove], Mapping[int, str]]:
    """Return the changes of custody of a plan, each once, and the names of the holders by the numbers that they have.

    The numbers are of this plan alone: whoever the batch registers has none in the register yet.
    """
    numbers: dict[str, int] = {}
    moves: dict[CustodyMove, None] = {}
    for change in plan.changes:
        before, after = _holder_before(change), change.after.holder
        if before != after:
            had, has = (None if name is None else numbers.setdefault(name, len(numbers)) for name in (before, after))
            moves[CustodyMove(had, has)] = None
    return moves, {number: name for name, number in numbers.items()}


def _holder_before(change: Change) -> str | None:
    return None if change.before is None else change.before.holder


def _of(moves: Iterable[CustodyMove], number: int) -> Sequence[CustodyMove]:
    return [move for move in moves if number in {move.from_holder, move.to_holder}]


def _moves(snapshot: Snapshot, batch: BatchRow, holders: Collection[int]) -> Iterator[CustodyMove]:
    """Yield the changes of custody of a batch as they were recorded, until it is sure for each holder who accepts."""
    unsure = set(holders)
    for record in records_between(snapshot, batch.first_seq + 1, batch.last_seq):
        try:
            move = recorded_move(read_exchanged(record.seq, record.body))
        except NotAnEntry as error:
            raise station_errors.DatabaseDamaged(f"entry {record.seq} of the log can't be read ({error})") from error
        if move is not None:
            yield move
            unsure.discard(move.to_holder or 0)  # whoever was given anything accepts, whatever else there is
            if not unsure:
                return


def _names(moves: Iterable[CustodyMove], names: Mapping[int, str], operator: str) -> list[str]:
    """Return by name who accepts what changed hands so, each once."""
    found = (operator if each is None else name_of("holder", names, each) for each in all_receivers(moves))
    return list(dict.fromkeys(found))
