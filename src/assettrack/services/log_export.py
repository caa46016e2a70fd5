"""Exporting the audit log with all its proofs, and checking such an export.

Reads one unchanging view of the log, so that others may commit meanwhile. Checking needs no station: an auditor may
have none. Must never export what does not lead to the signed root; where files lie is not known here.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from assettrack.domain import station_errors
from assettrack.domain.log_export import (
    ExportFault,
    ExportHeader,
    LogUnsound,
    StoredEntry,
    check_entries,
    check_header,
    export_blocks,
    header_of,
    read_header,
)
from assettrack.domain.merkle import LEVEL_WIDTH
from assettrack.domain.signed_notes import Verify
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.verification import Progress, Verification


class Export(NamedTuple):
    """An export in the making: its header, and the blocks of bytes that the file consists of, header included."""

    header: ExportHeader
    blocks: Iterator[bytes]


@contextmanager
def exporting(workplace: Workplace, progress: Progress | None = None) -> Iterator[Export]:
    """Lend the export of the whole log as it is now; its blocks can be read while the block runs.

    Raises:
        station_errors.DatabaseDamaged: the log, its hashes and its checkpoint don't agree; while blocks are read, too.
    """
    with workplace.store.read() as snapshot:
        header = _header(snapshot, workplace.verify)
        yield Export(header, _blocks(snapshot, header, progress))


def check(
    lines: Iterable[bytes], verify: Verify, key: str | None = None, progress: Progress | None = None
) -> Verification:
    """Check an export line by line, line ends included; ``key`` is the station's public key known from elsewhere.

    Stops at the first fault. ``entries`` and ``root`` of the outcome are what the header says.

    Raises:
        NotAnExport: it is no export.
    """
    remaining = iter(lines)
    header = read_header(next(remaining, b""))
    try:
        check_header(header, verify, key)
        for seq in check_entries(header, remaining):
            if progress is not None and seq % LEVEL_WIDTH == 0:
                progress(seq)
    except ExportFault as fault:
        return Verification(
            ok=False, entries=header.size, root=header.root, first_bad_seq=fault.seq, message=fault.message
        )
    message = f"{header.size} entries, each with its proof, signed by {header.key}."
    return Verification(ok=True, entries=header.size, root=header.root, first_bad_seq=None, message=message)


def _header(snapshot: Snapshot, verify: Verify) -> ExportHeader:
    """Return the header for the whole log, once its checkpoint is known to be good."""
    station, size = snapshot.station(), snapshot.log_size
    note = snapshot.checkpoint_at_least(size)
    if note is None:
        raise station_errors.DatabaseDamaged("the log has no checkpoint that covers it")
    try:
        return header_of(station.station, station.public_key, size, note=note, verify=verify)
    except LogUnsound as error:
        raise station_errors.DatabaseDamaged(str(error)) from error


def _blocks(snapshot: Snapshot, header: ExportHeader, progress: Progress | None) -> Iterator[bytes]:
    entries = (StoredEntry(record.seq, record.body, leaf) for record, leaf in snapshot.records())
    try:
        for number, block in enumerate(export_blocks(header, entries, snapshot.hashes)):
            yield block
            if progress is not None:
                progress(number * LEVEL_WIDTH)
    except LogUnsound as error:
        raise station_errors.DatabaseDamaged(str(error)) from error
