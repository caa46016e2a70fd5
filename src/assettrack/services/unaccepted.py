"""What corrections added to a hand-over, or redated of it, after it was accepted: nobody has accepted that.

Owns how it is found at a station. The rule is `domain.accepted_rows`. Writes nothing.
"""

from collections.abc import Mapping, Sequence

import msgspec

from assettrack.domain.accepted_rows import AcceptedRows, AddedRow
from assettrack.domain.correction_histories import Histories
from assettrack.services.corrections import refusals_raised
from assettrack.services.exchanges import StoredExchanges
from assettrack.services.ports import Snapshot

Added = Mapping[tuple[int, int], Sequence[AddedRow]]
"""The rows that were added and that nobody accepted, in the log's order, by the batch and the holder's number."""


class _Changed(msgspec.Struct, frozen=True, gc=False):
    """What of a correction tells until when an asset should have been due; None where it corrects something else."""

    due_on: str | None = None


class _Corrected(msgspec.Struct, frozen=True, gc=False):
    """What of a correction tells whom a row should have named, and until when; nobody and nothing of anything else."""

    asset_tag: str
    changed: _Changed = _Changed()
    holder_id: int | None = None

    def may_concern(self, holder_id: int | None) -> bool:
        """Tell whether something may be otherwise by it for a holder, or (None) for anybody."""
        names = self.holder_id is not None and holder_id in {None, self.holder_id}
        return names or self.changed.due_on is not None  # which does not say whose it is


_read = msgspec.json.Decoder(_Corrected).decode


def accepted_rows(snapshot: Snapshot) -> AcceptedRows:
    """Return what tells which rows were accepted, of the log as it stands."""
    return AcceptedRows(snapshot, Histories(snapshot, StoredExchanges(snapshot), snapshot.log_size + 1))


def unaccepted(snapshot: Snapshot, holder_id: int | None = None) -> Added:
    """Return what was added to accepted hand-overs and nobody accepted; or (``holder_id``) to those with one holder.

    Read are the corrections of the log, and the histories of those assets alone of which one named somebody else, or
    another due date.

    Raises:
        station_errors.DatabaseDamaged: one of these can't be read.
    """
    corrected = map(_read, snapshot.reports.correction_bodies())
    named = [each for each in corrected if each.may_concern(holder_id)]
    found: dict[tuple[int, int], list[AddedRow]] = {}
    if named:
        rows = accepted_rows(snapshot)
        with refusals_raised():
            for tag in dict.fromkeys(each.asset_tag for each in named):
                for row in rows.added_of(tag):
                    if holder_id in {None, row.holder_id}:
                        found.setdefault((row.batch_id, row.holder_id), []).append(row)
    return {key: sorted(found[key]) for key in sorted(found)}


def held_unaccepted(snapshot: Snapshot) -> dict[str, int]:
    """Return the assets that their holders have by a row which was added and nobody accepted, each with that row."""
    given = {row.seq: row.asset_tag for rows in unaccepted(snapshot).values() for row in rows if row.given}
    custody = snapshot.inventory_of(sorted({*given.values()}), []).custody if given else {}
    return {tag: seq for seq, tag in given.items() if tag in custody and custody[tag].seq == seq}
