"""Issue, return, transfer, retire and replace by command: typed rows, taken in as a batch is.

Previewed, confirmed and committed by `intake`, so that a command and a file can't disagree. The rows of a command
are made from the very state on which they are decided, under the write lock where they are committed.
"""

from collections.abc import Callable, Sequence

import msgspec

from assettrack.domain import errors
from assettrack.domain.entry_wording import TYPED_NAME
from assettrack.domain.findings import Finding, finding
from assettrack.domain.inventory import Inventory
from assettrack.domain.plans import Options, Plan, read_code
from assettrack.domain.signatures import Drawing
from assettrack.domain.timestamps import utc_text
from assettrack.domain.typed_rows import TypedBatch, TypedRow
from assettrack.services.free_slots import TAKEN, with_offers
from assettrack.services.intake import CommitReceipt, commit_made, preview_made
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.typed_deeds import operator_of, refusal_raised

ANOTHER_COMMAND = "it was shown for something else"
"""Why a code does not fit a command: it is not the one that was previewed. No file was."""

RowsOf = Callable[[Inventory], Sequence[TypedRow]]
"""Makes the rows of a command from the state of the assets it names."""


class TypedCommand(msgspec.Struct, frozen=True):
    """What was asked for: the assets named, what makes rows of them, and the time that was said (None: now).

    ``drawings`` are the signatures whose hashes the options hold.
    """

    asset_tags: Sequence[str]
    rows: RowsOf
    at: str | None = None
    drawings: Sequence[Drawing] = ()


def preview(workplace: Workplace, command: TypedCommand, options: Options) -> Plan:
    """Return what the command would do to the present state. Nothing is saved.

    Raises:
        errors.DeedRefused: the command makes no rows, because of what is recorded of the assets.
        errors.ValueUnusable: the due date can't be meant.
        errors.OperatorUnknown: nobody is named.
    """
    making = _Making(workplace, command)
    plan = preview_made(workplace, making, options)
    plan.refusals = _with_free_slots(workplace, making.batch, plan.refusals)
    return plan


def commit(workplace: Workplace, command: TypedCommand, options: Options, *, confirm: str | None) -> CommitReceipt:
    """Commit the command's rows as one batch: exactly what was confirmed, or nothing.

    Raises:
        errors.AssetTrackError: as `intake.commit` and `preview`.
    """
    making = _Making(workplace, command)
    try:
        return commit_made(workplace, making, TYPED_NAME, options, confirm=confirm)
    except errors.BatchRefused as error:
        raise errors.BatchRefused(_with_free_slots(workplace, making.batch, error.refusals)) from error
    except errors.ConfirmCodeWrong as error:
        code = None if confirm is None else read_code(confirm)
        shown = None if code is None else workplace.plans.find(code)
        if code is None or shown is None or shown.source_sha256 == making.batch.sha256:
            raise
        raise errors.ConfirmCodeWrong(code, ANOTHER_COMMAND) from error


class _Making:
    """Makes the batch of a command from a state, and remembers the one that it made."""

    batch: TypedBatch

    def __init__(self, workplace: Workplace, command: TypedCommand) -> None:
        self._workplace = workplace
        self._command = command

    def __call__(self, snapshot: Snapshot) -> TypedBatch:
        """Return the command's rows as they are in this state.

        Raises:
            errors.DeedRefused: it makes no rows of it.
        """
        operator, command = operator_of(self._workplace), self._command
        with refusal_raised():
            rows = command.rows(snapshot.inventory_of(list(command.asset_tags), []))
        now = utc_text(self._workplace.now())
        self.batch = TypedBatch(rows, operator, now=now, at=command.at, drawings=command.drawings)
        return self.batch


def _with_free_slots(workplace: Workplace, batch: TypedBatch, refusals: Sequence[Finding]) -> list[Finding]:
    """Return the refusals with the free slots they offer; one command names one slot, so an offer is for one asset."""
    offered = with_offers(workplace, batch.typed, list(refusals))
    return [_for_one(refusal, batch.typed) for refusal in offered] if len(batch.typed) > 1 else offered


def _for_one(refusal: Finding, rows: Sequence[TypedRow]) -> Finding:
    """Return a refusal that offers slots with the asset for which alone one of them can be named."""
    if refusal.code != TAKEN or refusal.row_number is None:
        return refusal
    said = finding("slot_for_one", asset_tag=rows[refusal.row_number - 1].asset_tag).message
    return msgspec.structs.replace(refusal, message=f"{refusal.message} {said}")
