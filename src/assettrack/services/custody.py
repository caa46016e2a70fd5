"""Issue, return, transfer, retire and replace by command: typed rows, taken in as a batch is.

Previewed, confirmed and committed by `intake`, so that a command and a file can't disagree.
"""

from collections.abc import Callable, Sequence

import msgspec

from assettrack.domain import errors
from assettrack.domain.findings import Finding, finding
from assettrack.domain.inventory import Inventory
from assettrack.domain.plans import Options, Plan
from assettrack.domain.timestamps import utc_text
from assettrack.domain.typed_rows import TypedBatch, TypedRow
from assettrack.services.intake import CommitReceipt
from assettrack.services.intake import commit as commit_batch
from assettrack.services.intake import preview as preview_batch
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff

SOURCE_NAME = "typed"
FREE_SLOTS_SHOWN = 10

RowsOf = Callable[[Inventory], Sequence[TypedRow]]
"""Makes the rows of a command from the state of the assets it names."""


class TypedCommand(msgspec.Struct, frozen=True):
    """What was asked for: the assets named, what makes rows of them, and the time that was said (None: now)."""

    asset_tags: Sequence[str]
    rows: RowsOf
    at: str | None = None


def preview(workplace: Workplace, command: TypedCommand, options: Options) -> Plan:
    """Return what the command would do to the present state. Nothing is saved.

    Raises:
        errors.DeedRefused: the command makes no rows, because of what is recorded of the assets.
        errors.OperatorUnknown: nobody is named.
    """
    batch = _batch(workplace, command)
    plan = preview_batch(workplace, batch, options)
    plan.refusals = _with_free_slots(workplace, batch, plan.refusals)
    return plan


def commit(workplace: Workplace, command: TypedCommand, options: Options, *, confirm: str | None) -> CommitReceipt:
    """Commit the command's rows as one batch: exactly what was confirmed, or nothing.

    Raises:
        errors.AssetTrackError: as `intake.commit` and `preview`.
    """
    batch = _batch(workplace, command)
    try:
        return commit_batch(workplace, batch, SOURCE_NAME, options, confirm=confirm)
    except errors.BatchRefused as error:
        raise errors.BatchRefused(_with_free_slots(workplace, batch, error.refusals)) from error


def _batch(workplace: Workplace, command: TypedCommand) -> TypedBatch:
    signed = signoff(workplace)
    with workplace.store.read() as snapshot, refusal_raised():
        rows = command.rows(snapshot.inventory_of(list(command.asset_tags), []))
    return TypedBatch(rows, signed.operator, now=utc_text(workplace.now()), at=command.at)


def _with_free_slots(workplace: Workplace, batch: TypedBatch, refusals: Sequence[Finding]) -> list[Finding]:
    """Return the refusals; to one that a slot is taken, the free slots of its case are added."""
    if all(refusal.code != "slot_taken" for refusal in refusals):
        return list(refusals)
    with workplace.store.read() as snapshot:
        return [
            _offering(snapshot, refusal, batch) if refusal.code == "slot_taken" else refusal for refusal in refusals
        ]


def _offering(snapshot: Snapshot, refusal: Finding, batch: TypedBatch) -> Finding:
    place = batch.place(refusal.row_number)
    wanted = set(batch.places())
    free = [
        position
        for position, occupant in snapshot.slots_of(place.case_name)
        if occupant is None and (place.case_name, position) not in wanted
    ]
    if not free:
        offer = finding("no_free_slot", case_name=place.case_name)
    else:
        more = f" and {len(free) - FREE_SLOTS_SHOWN} more" if len(free) > FREE_SLOTS_SHOWN else ""
        shown = ", ".join(map(str, free[:FREE_SLOTS_SHOWN])) + more
        offer = finding("free_slots", case_name=place.case_name, slots=shown)
    return msgspec.structs.replace(refusal, message=f"{refusal.message} {offer.message}")
