"""What corrections added to a hand-over after it was accepted: nobody has accepted that, and it is open.

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


class _Renamed(msgspec.Struct, frozen=True, gc=False):
    """What of a correction tells whom a row should have named; nobody, where it corrects something else."""

    asset_tag: str
    holder_id: int | None = None


_read = msgspec.json.Decoder(_Renamed).decode


def accepted_rows(snapshot: Snapshot) -> AcceptedRows:
    """Return what tells which rows were accepted, of the log as it stands."""
    return AcceptedRows(snapshot, Histories(snapshot, StoredExchanges(snapshot), snapshot.log_size + 1))


def unaccepted(snapshot: Snapshot, holder_id: int | None = None) -> Added:
    """Return what was added to accepted hand-overs and nobody accepted; or (``holder_id``) to those with one holder.

    Read are the corrections of the log, and the histories of those assets alone of which one named somebody else.

    Raises:
        station_errors.DatabaseDamaged: one of these can't be read.
    """
    renamed = map(_read, snapshot.reports.correction_bodies())
    named = [each for each in renamed if each.holder_id is not None and holder_id in {None, each.holder_id}]
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
