"""Downloads that somebody left out whole, as the log has them.

Owns what the log says of them, and no more: such a download is out of the way, and nothing of it is settled by that.
Its file stays, and it can be committed all the same.
"""

from collections.abc import Mapping

import msgspec

from assettrack.domain.entries.scanner import ScansLeftOutEntry
from assettrack.services.ports import Snapshot
from assettrack.services.scanner_history import Fill
from assettrack.services.stored_entries import decoded_body


def left_out_whole(snapshot: Snapshot) -> Mapping[str, ScansLeftOutEntry]:
    """Return the entries of downloads that were left out whole, by the names of the downloads."""
    entries = [decoded_body(body) for body in snapshot.deeds_of_kind("SCANS_LEFT_OUT")]
    return {entry.download: entry for entry in entries if isinstance(entry, ScansLeftOutEntry)}


def without_left_out(snapshot: Snapshot, fill: Fill) -> Fill:
    """Return a fill without its downloads that were left out whole: nobody waits for their scans any more."""
    committed = {batch.source_name for batch in fill.batches}
    out = left_out_whole(snapshot).keys() - committed
    return msgspec.structs.replace(fill, downloads=[each for each in fill.downloads if each.name not in out])
