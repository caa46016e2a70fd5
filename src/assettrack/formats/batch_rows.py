"""Rows of the batch contract as a file: the way back from cells to CSV, for batches that the program proposes.

Owns the form: UTF-8, commas, LF, the contract's header line; optional columns that are blank in every row are left out.
Judges no cell: what is written is previewed like any other batch.
"""

import csv
import io
from collections.abc import Sequence

from assettrack.domain.scans import COLUMNS, REQUIRED_COLUMNS


def batch_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    """Return the batch file with these rows, each of cells in the order of `scans.COLUMNS`."""
    kept = [index for index, name in enumerate(COLUMNS) if name in REQUIRED_COLUMNS or any(row[index] for row in rows)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS[index] for index in kept)
    writer.writerows([row[index] for index in kept] for row in rows)
    return text.getvalue().encode()
