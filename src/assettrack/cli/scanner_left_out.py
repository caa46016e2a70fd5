"""What is said on the command line of scans that were left out: that they are not recorded, and how they come in.

Owns those lines, wherever scans are spoken of as dealt with. Which scans they are is `domain.left_out_scans`.
"""

from collections.abc import Iterable

from assettrack.cli.invocation import Invocation
from assettrack.cli.scanner_connection import command
from assettrack.domain.download_errors import BY_HAND
from assettrack.domain.left_out_scans import LeftOutScan, left_out_said, left_out_scans, recorded_said
from assettrack.domain.pulled_batch import PulledBatch


def left_out_lines(call: Invocation, batch: PulledBatch) -> list[str]:
    """Return which scans of a batch are left out, why, and how one is recorded after all; nothing if none is."""
    said = left_out_said(left_out_scans(batch), "file" if batch.reading.read_as else "scanner")
    return [said, f"{BY_HAND} Start with: {command(call, 'preview', 'FILE.csv')}"] if said else []


def left_out_told(scans: Iterable[LeftOutScan]) -> list[dict[str, object]]:
    """Return scans that are left out, for machines: each with the batch that left it out, null where none did."""
    return [
        {
            "number": each.number,
            "text": each.text,
            "reason": each.reason,
            "batch_id": each.batch_id or None,
        }
        for each in scans
    ]


def left_out_of_file(call: Invocation, source: object) -> list[str]:
    """Return the same of a file; nothing where it is none of scans."""
    return left_out_lines(call, source) if isinstance(source, PulledBatch) else []


def recorded_of_file(source: object) -> str:
    """Return what is said of a file of which nothing is open, before the batches that it is in."""
    if isinstance(source, PulledBatch):
        return recorded_said(source, "every row", " of this file", already=" already")
    return "every row of this file is recorded already"
