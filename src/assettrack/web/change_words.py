"""What a change did or will do, in the words of a page: before and after, and all else that is kept of it.

Owns that a plan, a queue, a list and a batch say it alike. The wording is `domain.change_wording`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from assettrack.domain.change_wording import all_said, before_and_after
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.inventory import Asset
from assettrack.domain.plans import Change
from assettrack.web.texts import ARROW


def change_words(change: Change, notes: Mapping[int, str] = MappingProxyType({})) -> str:
    """Return what a change does; ``notes`` are by the row."""
    return _words(change.before, change.after, notes.get(change.row_number, ""))


def row_words(row: RowEntry) -> str:
    """Return what a row did."""
    return _words(row.before, row.after, row.notes)


def _words(before: Asset | None, after: Asset, notes: str) -> str:
    return all_said(before_and_after(before, after, ARROW), before, after, notes)
