"""Amendments: which rows were corrected by which entries, looked up quickly while a whole log is read.

Owns only what follows from the corrections themselves: the chain from a row to the entry that says last how it should
have been. Whether a correction may be made, and what a history leads to with it, is `corrections`.
"""

from collections.abc import Iterable, Sequence

from assettrack.domain.correction_wording import COLUMN_WORDS
from assettrack.domain.corrections import DUE, cells_of
from assettrack.domain.entries.base import Entry
from assettrack.domain.entries.custody import CorrectionEntry
from assettrack.domain.entries.rows import RowEntry, scan_of

TIME_COLUMN = "timestamp"

_WORDS = {**COLUMN_WORDS, "case_number": "case", "slot_number": "slot"}
"""What people call each column that can be corrected."""


class Amendments:
    """For each row that was corrected its corrections, in the order in which they were made.

    ``entries`` are all corrections of a log, or of an asset, in the order of the log; ``by_row`` holds those of each
    row by the row's entry.
    """

    def __init__(self, entries: Iterable[CorrectionEntry] = ()) -> None:
        rows: dict[int, int] = {}
        self.by_row: dict[int, list[CorrectionEntry]] = {}
        for entry in entries:
            row = rows[entry.seq] = rows.get(entry.corrects, entry.corrects)
            self.by_row.setdefault(row, []).append(entry)

    @property
    def asset_tags(self) -> frozenset[str]:
        """The assets in whose histories something was corrected."""
        return frozenset(chain[0].asset_tag for chain in self.by_row.values())

    @property
    def all(self) -> list[CorrectionEntry]:
        """All corrections, in the order of the log."""
        return sorted((entry for chain in self.by_row.values() for entry in chain), key=lambda entry: entry.seq)

    def of(self, seq: int) -> Sequence[CorrectionEntry]:
        """Return the corrections of a row, nothing where there are none."""
        return self.by_row.get(seq, ())

    def occurred_at(self, seq: int, recorded: str) -> str:
        """Return when a row took place (UTC text), after all its corrections."""
        for entry in reversed(self.of(seq)):
            if TIME_COLUMN in entry.changed:
                return entry.changed[TIME_COLUMN]
        return recorded

    def words(self, entry: Entry) -> str | None:
        """Return what was corrected in an entry, each value with the one it had before; None where nothing was."""
        if not isinstance(entry, RowEntry) or entry.seq not in self.by_row:
            return None
        cells = cells_of(scan_of(entry)) | {DUE: entry.after.due_on or ""}
        said = []
        for each in self.by_row[entry.seq]:
            changes = (
                f"{_WORDS[column]} {_cell(value)}, was {_cell(cells[column])}" for column, value in each.changed.items()
            )
            said.append(f"entry {each.seq} corrects entry {each.corrects}: {', '.join(changes)}")
            cells.update(each.changed)
        return "; ".join(said)


def _cell(value: str) -> str:
    return value or "(blank)"
