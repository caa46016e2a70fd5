"""Taking in a batch: preview it against the present state, then commit exactly that, or nothing.

Preview has a snapshot and no way to write. Commit validates a file before it takes the write lock,
decides again under it, and saves the plan only if it is the one that was confirmed. Rows that are made
from the present state (those of a command) are made anew under the lock: they must never be older than
what they are decided on.
"""

from collections.abc import Callable, Sequence
from datetime import tzinfo
from itertools import islice
from typing import NamedTuple

import msgspec

from assettrack.domain import batch_deeds, errors, station_errors
from assettrack.domain.batch_deeds import BatchFacts
from assettrack.domain.decisions import Decision
from assettrack.domain.deeds import BatchRow
from assettrack.domain.due_dates import why_not_meant
from assettrack.domain.findings import Finding
from assettrack.domain.plans import Options, Plan, moved_rows, people_moved
from assettrack.domain.scans import BLOCK_ROWS, BadRow, Scan, timeless_identity
from assettrack.domain.validation import Validator
from assettrack.services.batch_acceptors import givers_accepting, near_givers
from assettrack.services.chosen_holders import load_chosen
from assettrack.services.confirm_codes import require_code, require_previewed
from assettrack.services.ports import BatchSource, Snapshot, Transaction, Workplace
from assettrack.services.typed_deeds import operator_of, signoff

SourceOf = Callable[[Snapshot], BatchSource]
"""Makes a batch from the present state."""


class CommitReceipt(msgspec.Struct, frozen=True):
    """What became of a commit. ``committed`` counts rows and is 0 where all were committed before.

    ``first_seq`` to ``last_seq`` are the batch's entries, ``checkpoint`` the signed note that covers them.
    ``recorded_in`` names every batch that holds rows of the file now; ``batch_id`` is the latest of them.
    """

    batch_id: int
    committed: int
    already_committed: bool
    first_seq: int
    last_seq: int
    checkpoint: str
    recorded_in: Sequence[int]


def preview(workplace: Workplace, source: BatchSource, options: Options) -> Plan:
    """Return what the file would do to the present state. Nothing is saved.

    A plan that can be committed is kept on the shelf, so that a stale commit can name the rows that moved.

    Raises:
        errors.ValueUnusable: the due date can't be meant.
    """
    return preview_made(workplace, lambda _: source, options)


def preview_made(workplace: Workplace, make: SourceOf, options: Options) -> Plan:
    """Return what a batch would do that is made from the same state on which it is decided; else as `preview`."""
    with workplace.store.read() as snapshot:
        _require_due_date(workplace, snapshot, options.due_on)
        source = make(snapshot)
        validator = _validator(workplace, snapshot, source)
        inventory = snapshot.inventory()
        decision = Decision(inventory, options, keep_scans=source.is_timeless, zone=_zone(workplace, snapshot))
        decision.are_typed, decision.holders_chosen = source.is_typed, source.holders_chosen
        rows = validator.scans(source.rows())
        while block := list(islice(rows, BLOCK_ROWS)):
            snapshot.load(inventory, block)
            load_chosen(snapshot, inventory.holders, source.holders_chosen)
            decision.add(block)
    source.release()
    plan = decision.conclude([*source.problems, *validator.problems], [*source.notices, *validator.notices])
    _judge_acceptor(plan, workplace.operator or "")
    _without_time(plan, source)
    code = plan.confirm_code
    if code is not None:
        workplace.plans.keep(code, source.sha256, options, plan.blocks)
    workplace.done_with(decision)
    return plan


def commit(
    workplace: Workplace, source: BatchSource, source_name: str, options: Options, *, confirm: str | None
) -> CommitReceipt:
    """Commit the file as one unit: decide again under the write lock, and save exactly what was confirmed.

    ``confirm`` is the code of a preview, or None to decide and commit in one go.

    Raises:
        errors.ValueUnusable: the due date can't be meant.
        errors.BatchHasProblems: the file does not look right.
        errors.BatchRefused: the present state refuses rows.
        errors.PlanStale: the commit would do something else than the preview showed.
        errors.ConfirmCodeWrong: the code belongs to no preview of this file with these options.
    """
    operator_of(workplace)
    with workplace.store.read() as snapshot:
        validator = _validator(workplace, snapshot, source)
    judged = _judge(source, validator)
    return _commit(workplace, lambda _: judged, source_name, options, confirm=confirm)


def commit_made(
    workplace: Workplace, make: SourceOf, source_name: str, options: Options, *, confirm: str | None
) -> CommitReceipt:
    """Commit a batch that is made from the state under the write lock, and decided on the same; else as `commit`.

    Raises:
        errors.AssetTrackError: as `commit`.
    """
    operator_of(workplace)

    def judged(transaction: Transaction) -> _Judged:
        source = make(transaction)
        return _judge(source, _validator(workplace, transaction, source))

    return _commit(workplace, judged, source_name, options, confirm=confirm)


class _Judged(NamedTuple):
    """A batch after validation: its rows, and all that is to be said of it so far."""

    source: BatchSource
    rows: list[Scan | BadRow]
    problems: list[Finding]
    notices: list[Finding]


def _commit(
    workplace: Workplace,
    judged: Callable[[Transaction], _Judged],
    source_name: str,
    options: Options,
    *,
    confirm: str | None,
) -> CommitReceipt:
    with workplace.store.write() as transaction:
        _require_due_date(workplace, transaction, options.due_on)
        source, rows, problems, notices = judged(transaction)
        signed = signoff(workplace)
        inventory = transaction.inventory()
        decision = Decision(inventory, options, zone=_zone(workplace, transaction))
        decision.are_typed, decision.holders_chosen = source.is_typed, source.holders_chosen
        for start in range(0, len(rows), BLOCK_ROWS):
            block = rows[start : start + BLOCK_ROWS]
            transaction.load(inventory, block)
            load_chosen(transaction, inventory.holders, source.holders_chosen)
            decision.add(block)
        plan = decision.conclude(problems, notices)
        _judge_acceptor(plan, signed.operator)
        _without_time(plan, source)
        if plan.already_committed:
            return _earlier_receipt(transaction, plan.recorded_in)
        _require_clean(plan, source)
        if confirm is not None:
            _require_confirmed(workplace, plan, source, confirm)
        facts = BatchFacts(transaction.last_batch_id() + 1, source_name, source.sha256, source.drawings)
        deed = batch_deeds.commit_batch(plan, inventory, facts, transaction.log_size + 1, signed)
        transaction.save(deed)
        assert deed.batch is not None
    workplace.done_with((rows, decision))
    recorded_in = [*plan.recorded_in, deed.batch.batch_id]
    return _receipt(deed.batch, transaction.checkpoint, recorded_in, committed=len(plan.changes))


def _judge_acceptor(plan: Plan, operator: str) -> None:
    """Say of a plan what there is to say of who accepts it."""
    plan.refusals[:0] = [each.at_row(None) for each in givers_accepting(plan, operator)]
    plan.notices[:0] = near_givers(plan, operator)


def _validator(workplace: Workplace, snapshot: Snapshot, source: BatchSource) -> Validator:
    return Validator(_zone(workplace, snapshot), workplace.now(), source.event_types)


def _zone(workplace: Workplace, snapshot: Snapshot) -> tzinfo:
    return workplace.zone(snapshot.station().timezone)


def require_due_date(workplace: Workplace, due_on: str) -> None:
    """Make sure that a due date (``YYYY-MM-DD``) can be meant; nobody but who typed it knows what else it should be.

    Raises:
        errors.ValueUnusable: it can't.
    """
    with workplace.store.read() as snapshot:
        _require_due_date(workplace, snapshot, due_on)


def _require_due_date(workplace: Workplace, snapshot: Snapshot, due_on: str | None) -> None:
    if due_on is not None:
        reason = why_not_meant(due_on, workplace.now().astimezone(_zone(workplace, snapshot)).date())
        if reason is not None:
            raise errors.ValueUnusable("The due date", due_on, reason)


def _without_time(plan: Plan, source: BatchSource) -> None:
    """Leave the time of rows that have none yet out of what is confirmed."""
    if source.is_timeless:
        plan.identities = list(map(timeless_identity, plan.scans))


def _judge(source: BatchSource, validator: Validator) -> _Judged:
    """Validate a whole batch."""
    rows = list(validator.scans(source.rows()))
    source.release()
    problems, notices = [*source.problems, *validator.problems], [*source.notices, *validator.notices]
    return _Judged(source, rows, problems, notices)


def made_of(source: BatchSource, options: Options) -> errors.MadeOf:
    """Return what a batch is called in a sentence about what is wrong with it."""
    if options.scanner is not None:
        return "file" if options.scanner.read_as else "download"
    return "batch" if source.is_typed else "file"


def _require_clean(plan: Plan, source: BatchSource) -> None:
    if plan.problems:
        raise errors.BatchHasProblems(plan.problems, plan.refusals, made_of(source, plan.options))
    if plan.refusals:
        raise errors.BatchRefused(plan.refusals, made_of(source, plan.options))


def _require_confirmed(workplace: Workplace, plan: Plan, source: BatchSource, confirm: str) -> None:
    """Make sure that the plan is the one that was shown with this code, or say what differs."""
    code = require_code(confirm)
    if code == plan.confirm_code:
        return
    shown = require_previewed(workplace, code)
    if shown.source_sha256 != source.sha256:
        raise errors.ConfirmCodeWrong(code, "it was shown for another file, or the file was changed since")
    if _catalogue_aside(shown.options) != _catalogue_aside(plan.options):
        raise errors.ConfirmCodeWrong(code, "the preview was made with other options")
    moved = moved_rows(shown.lines, _lines(plan))
    if not moved and shown.options != plan.options:
        raise errors.ConfirmCodeWrong(code, "something that its cards and codes stand for was changed since")
    if not moved:
        raise errors.ConfirmCodeWrong(code, "it was shown for another station, which reads the rows' times otherwise")
    raise errors.PlanStale(moved, people=people_moved(shown.lines, _lines(plan), set(moved)))


def _catalogue_aside(options: Options) -> Options:
    """Return options without what moves with the state, and nobody says.

    That is what the cards among scans stand for, and which questions about them are there to be answered.
    """
    if options.scanner is None:
        return options
    scanner = msgspec.structs.replace(options.scanner, catalogue="", taken_on="")
    return msgspec.structs.replace(options, scanner=scanner)


def _lines(plan: Plan) -> list[bytes]:
    return [line for block in plan.blocks for line in block.splitlines()]


def receipt_of_recorded(workplace: Workplace, recorded_in: Sequence[int]) -> CommitReceipt:
    """Return the receipt of the latest of the batches that already hold all rows of a file; nothing is saved."""
    with workplace.store.read() as snapshot:
        return _earlier_receipt(snapshot, recorded_in)


def _earlier_receipt(snapshot: Snapshot, recorded_in: Sequence[int]) -> CommitReceipt:
    batch = snapshot.batch(recorded_in[-1])
    note = None if batch is None else snapshot.checkpoint_at_least(batch.last_seq)
    if batch is None or note is None:
        raise station_errors.DatabaseDamaged(f"batch {recorded_in[-1]} or its checkpoint is gone")
    return _receipt(batch, note, recorded_in, committed=0)


def _receipt(batch: BatchRow, checkpoint: str, recorded_in: Sequence[int], *, committed: int) -> CommitReceipt:
    return CommitReceipt(
        batch_id=batch.batch_id,
        committed=committed,
        already_committed=committed == 0,
        first_seq=batch.first_seq,
        last_seq=batch.last_seq,
        checkpoint=checkpoint,
        recorded_in=recorded_in,
    )
