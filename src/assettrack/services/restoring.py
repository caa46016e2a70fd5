"""Restoring: put the station's database back to what a backup holds, or to an earlier point of its history.

What will be there is made and verified whole, apart from the station's database, before that is touched. Then nobody
else may write, what would be given up is looked at once more, and the new database, which already tells of its own
restoring, takes the place of the old one. Must never replace a database without keeping it, and never take a history
for an older state of this one that is another.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from assettrack.domain import backup_deeds, errors, station_errors
from assettrack.domain.backup_deeds import RestoreFacts, written_root
from assettrack.domain.checkpoints import Checkpoint
from assettrack.domain.deeds import Station
from assettrack.domain.findings import NotAllowed
from assettrack.domain.restore_plans import ContactsThen, RestorePlan, contacts_then, newest_known
from assettrack.services import backups, verification
from assettrack.services.backup_ports import BackupFiles, Scratch
from assettrack.services.confirm_codes import require_code
from assettrack.services.contacts import marks
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.present_log import PresentLog, present_log, root_at
from assettrack.services.typed_deeds import refusal_raised, signoff
from assettrack.services.verification import Progress


class RestoreOrder(msgspec.Struct, frozen=True):
    """What is to be restored and why: the backup ``file``, or the point ``at`` of it or, without file, of the log."""

    reason: str
    file: str | None = None
    at: int | None = None


class Restored(msgspec.Struct, frozen=True):
    """What was restored: size and root (base64) of the log that was put back, and the entry that tells of it.

    ``replaced`` is the file in which the database that was there is kept, or None where there was none; ``contacts``
    is what became of contact data.
    """

    entries: int
    root: str
    lost_entries: int
    seq: int
    checkpoint: str
    replaced: str | None
    contacts: ContactsThen


class _Point(NamedTuple):
    """What is to be there: a point of a history, made and verified in the scratch."""

    station: Station
    entries: int
    root: bytes
    made_at: str | None


def preview(
    workplace: Workplace, files: BackupFiles, order: RestoreOrder, progress: Progress | None = None
) -> RestorePlan:
    """Return what a restore would do and what it would give up. Nothing is saved.

    Raises:
        station_errors.BackupDamaged, errors.FileUnreadable: the backup is not good, or none.
        station_errors.DatabaseVersionDiffers: the backup is of another version.
        errors.DeedRefused: it is another station's or another history, or the log can't end there.
        station_errors.KeyUnusable: the station's key is not there.
    """
    with refusal_raised(), _prepared(workplace, files, order, progress) as (scratch, point):
        return _plan(workplace, files, order, scratch, point)


def restore(
    workplace: Workplace,
    files: BackupFiles,
    order: RestoreOrder,
    *,
    confirm: str | None,
    progress: Progress | None = None,
) -> Restored:
    """Restore what was confirmed: decide again while nobody else writes, keep what is there, and replace it.

    ``confirm`` is the code of a preview, or None to decide and restore in one go.

    Raises:
        errors.ConfirmCodeWrong: this would do or give up something else than was shown.
        station_errors.DatabaseBusy: somebody is writing, and goes on.
        errors.AssetTrackError: as for `preview`.
    """
    signoff(workplace)  # who can't be named later is told now
    with refusal_raised(), _prepared(workplace, files, order, progress) as (scratch, point):
        _require_confirmed(
            _plan(workplace, files, order, scratch, point), confirm
        )  # refused before anything is touched
        with scratch.holding() as held:
            plan = _plan(workplace, files, order, scratch, point)
            _require_confirmed(plan, confirm)
            if plan.now_entries is not None and not held.opened:
                raise station_errors.StorageFailed("the database can be read, but not opened for writing")
            facts = RestoreFacts(point.entries, plan.newest_entries, plan.newest_root, order.reason)
            with scratch.store.write() as transaction:
                signed = signoff(workplace)
                seq = transaction.log_size + 1
                transaction.save(backup_deeds.record_restore(facts, seq, signed))
            scratch.close()
            replaced = held.replace(_label(signed.recorded_at, plan))
        files.remember(point.station.station, transaction.checkpoint)
    root = written_root(point.root)
    return Restored(point.entries, root, plan.lost_entries, seq, transaction.checkpoint, replaced, plan.contacts)


# -- what will be there --------------------------------------------------------------------------------------------


@contextmanager
def _prepared(
    workplace: Workplace, files: BackupFiles, order: RestoreOrder, progress: Progress | None
) -> Iterator[tuple[Scratch, _Point]]:
    """Lend a scratch with what is to be there, verified whole.

    Raises:
        NotAllowed: it is another station's, or the log can't end there.
    """
    with files.scratch(beside=True) as scratch:
        if order.file is None:
            with workplace.store.read() as snapshot:
                station = snapshot.station()
                backups.signer_of(files, station)
                _rebuild(snapshot, scratch, order)
            yield scratch, _verified(workplace, scratch, progress)
            return
        manifest = backups.manifest_of(workplace, files, order.file, own=present_log(files, workplace.verify).station)
        backups.signer_of(files, Station(manifest.station, "", manifest.public_key))
        if order.at is None:
            backups.take(workplace, scratch, order.file, manifest, progress=progress)
            with scratch.store.read() as snapshot:
                point = _point_of(snapshot)
        else:
            with files.scratch(beside=True) as whole:
                backups.take(workplace, whole, order.file, manifest, progress=progress)
                with whole.store.read() as snapshot:
                    _rebuild(snapshot, scratch, order)
            point = _verified(workplace, scratch, progress)
        yield scratch, point._replace(made_at=manifest.made_at)


def _rebuild(source: Snapshot, scratch: Scratch, order: RestoreOrder) -> None:
    """Make the database of the point that is asked for.

    Raises:
        NotAllowed: no transaction ended there.
    """
    at = order.at
    assert at is not None, "without a backup there is a point of the log"
    sizes = [size for size, _ in source.checkpoints()]
    if at not in sizes:
        near = [*(size for size in sizes if size < at)][-1:] + [size for size in sizes if size > at][:1]
        raise NotAllowed("point_unknown", None, at=at, near=" or ".join(map(str, near)))
    scratch.rebuild(source, at)


def _verified(workplace: Workplace, scratch: Scratch, progress: Progress | None) -> _Point:
    """Verify a database that was rebuilt, whole."""
    found = verification.verify(msgspec.structs.replace(workplace, store=scratch.store), (), progress)
    if not found.ok:
        raise station_errors.DatabaseDamaged(f"this point of its log can't be restored: {found.message.rstrip('.')}")
    with scratch.store.read() as snapshot:
        return _point_of(snapshot)


def _point_of(snapshot: Snapshot) -> _Point:
    size = snapshot.log_size
    return _Point(snapshot.station(), size, root_at(snapshot, size), None)


# -- what is there now, and would be given up ----------------------------------------------------------------------


def _plan(
    workplace: Workplace, files: BackupFiles, order: RestoreOrder, scratch: Scratch, point: _Point
) -> RestorePlan:
    """Return what a restore would do now.

    Raises:
        NotAllowed: what is to be there is another history than what is there.
    """
    now = present_log(files, workplace.verify, point.entries)
    known = files.known(point.station)
    with scratch.store.read() as made:

        def is_held(checkpoint: Checkpoint) -> bool:
            return checkpoint.size <= point.entries and root_at(made, checkpoint.size) == checkpoint.root

        if not _is_same_history(made, point, now, known):
            raise NotAllowed("backup_forked", None, file=order.file, entries=point.entries)
        candidates = [checkpoint for checkpoint in (now.signed, known) if checkpoint is not None]
        contacts = contacts_then(now.contacts, marks(made))
        newest = newest_known(candidates, is_held) or Checkpoint(point.station.station, point.entries, point.root)
    return RestorePlan(
        station=point.station.station,
        file=order.file,
        at=order.at,
        made_at=point.made_at,
        entries=point.entries,
        root=written_root(point.root),
        now_entries=now.entries,
        now_root=None if now.root is None else written_root(now.root),
        damage=now.damage,
        newest_entries=newest.size,
        newest_root=written_root(newest.root),
        lost_entries=max(newest.size, now.entries or 0, point.entries) - point.entries,
        lost=now.after,
        contacts=contacts,
        reason=order.reason,
    )


def _is_same_history(made: Snapshot, point: _Point, now: PresentLog, known: Checkpoint | None) -> bool:
    """Tell whether one of the two logs is the beginning of the other; without a log, what is known stands for it."""
    if now.entries is None:
        return known is None or known.size > point.entries or root_at(made, known.size) == known.root
    if now.entries >= point.entries:
        return point.root in now.roots
    stated = {(now.entries, now.root)} | ({(now.signed.size, now.signed.root)} if now.signed else set())
    return any(size <= point.entries and root_at(made, size) == root for size, root in stated)


def _require_confirmed(plan: RestorePlan, confirm: str | None) -> None:
    """Make sure that the plan is the one that was shown with this code, where there is one."""
    if confirm is None:
        return
    code = require_code(confirm)
    if code != plan.confirm_code:
        reason = "it was shown for another backup, point or reason, or something else would be given up by now"
        raise errors.ConfirmCodeWrong(code, reason)


def _label(recorded_at: str, plan: RestorePlan) -> str:
    """Return what the kept database is called by: when it was replaced, and how many entries it has."""
    moment = recorded_at[:19].replace("-", "").replace(":", "")
    return f"{moment}Z-{'damaged' if plan.now_entries is None else plan.now_entries}"
