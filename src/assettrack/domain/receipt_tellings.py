"""Tellings: what the log says of a row for which there is a receipt, first and after each correction since.

Owns which corrections change what a receipt states of a row: from whom or where the asset came and to whom or where it
went, what it is, its condition, when it is due. It makes no difference whether the row itself was corrected or one
before it, on which that rests. Must never judge whether any of it was allowed: that was decided.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from assettrack.domain.audit_log import AnyEntry
from assettrack.domain.corrections import Step
from assettrack.domain.custody_exchanges import sides
from assettrack.domain.custody_moves import CustodyMove, moves_of
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.custody import CorrectionEntry
from assettrack.domain.inventory import Asset


class Telling(NamedTuple):
    """What is stated of a row; ``move`` is None where nothing changed hands. Blank texts are not known."""

    move: CustodyMove | None
    equipment_type: str
    serial_number: str
    manufacturer: str
    model: str
    condition: str
    due_on: str | None


class Retelling(NamedTuple):
    """That correction ``seq`` of row ``corrects`` told another row, or the same, otherwise; or the same of itself."""

    corrects: int
    seq: int
    before: Telling
    after: Telling


class Void(NamedTuple):
    """That a row should not have named a holder, by correction ``seq``, but ``instead``; None is nobody."""

    instead: int | None
    seq: int


class Told(NamedTuple):
    """All that was ever stated of a row, in the order of the log; ``last`` is what counts."""

    first: Telling
    last: Telling
    retellings: Sequence[Retelling] = ()

    def at(self, moment: int) -> Telling:
        """Return what was stated once the log had its first ``moment`` entries, the row among them or not."""
        return next((each.after for each in reversed(self.retellings) if each.seq <= moment), self.first)

    @property
    def corrected_by(self) -> int | None:
        """The latest correction that changed it, or corrected the row itself."""
        return self.retellings[-1].seq if self.retellings else None

    def holders(self) -> dict[int, Telling]:
        """Return whom the row concerns or was ever said to concern, each with the last telling that names them."""
        found: dict[int, Telling] = {}
        for telling in (self.first, *(retelling.after for retelling in self.retellings)):
            for holder_id in sides(telling.move):
                found[holder_id] = telling
        return found

    def void_for(self, holder_id: int) -> Void | None:
        """Return who should have been in the place of a holder who was named by mistake; None where that counts."""
        if holder_id in sides(self.last.move):
            return None
        move = self.holders()[holder_id].move
        was_given = move is not None and move.to_holder == holder_id
        sides_told = [
            (retelling.seq, _side(retelling.before, given=was_given), _side(retelling.after, given=was_given))
            for retelling in self.retellings
        ]
        seq = max(seq for seq, before, after in sides_told if before != after)
        return Void(_side(self.last, given=was_given), seq)


def _side(telling: Telling, *, given: bool) -> int | None:
    """Return who was given an asset by a row, or had it before."""
    if telling.move is None:
        return None
    return telling.move.to_holder if given else telling.move.from_holder


def telling_of(move: CustodyMove | None, described: Asset, notes: str, due_on: str | None) -> Telling:
    """Return what is stated of a row, of the asset as it is ``described``."""
    return Telling(
        move,
        described.equipment_type,
        described.serial_number or "",
        described.manufacturer or "",
        described.model or "",
        notes.replace("\n", " ").replace("\t", " "),
        due_on,
    )


Deciding = Callable[[Sequence[AnyEntry]], tuple[dict[int, Step], dict[int, Asset]]]
"""Tells the effective history of these entries about one asset: its steps, and the asset after each of them."""


class Tellings:
    """What was stated of the rows about one asset; ``entries`` are all about it, in the order of the log."""

    def __init__(self, entries: Iterable[AnyEntry], decide: Deciding) -> None:
        self._entries = list(entries)
        self._decide = decide
        self._known: dict[tuple[int, ...], Telling] = {}
        self._rows: dict[int, int] = {}
        for entry in self._entries:
            if isinstance(entry, CorrectionEntry):
                self._rows[entry.seq] = self._rows.get(entry.corrects, entry.corrects)

    def told(self, seq: int, described_at: int | None = None) -> Told:
        """Return all that was stated of row ``seq``, and the asset described as it was after it.

        Or (``described_at``) as it was after the latest entry up to that one, as a receipt of what is held states it.

        Raises:
            NotAnEntry: the row is not there.
        """
        until = seq if described_at is None else described_at
        corrections = [(row, by) for by, row in self._rows.items() if by > seq and row <= until]
        first = self._telling(seq, min(until, corrections[0][1] - 1) if corrections else until, seq)
        retellings = []
        for row, by in corrections:
            described = min(until, by - 1)
            before = self._telling(seq, described, by - 1)
            after = self._telling(seq, described, by)
            if before != after or row == seq:
                retellings.append(Retelling(row, by, before, after))
        return Told(first, self._telling(seq, until, sys.maxsize), retellings)

    def _telling(self, seq: int, until: int, known: int) -> Telling:
        """Return what the entries up to ``known`` said of row ``seq`` and of the asset after those up to ``until``."""
        rows = [each.seq for each in self._entries if each.seq not in self._rows and each.seq <= until]
        corrections = [by for by, row in self._rows.items() if by <= known and row <= until]
        key = (seq, len(rows), *corrections)
        if key not in self._known:
            wanted = {*rows, *corrections}
            steps, assets = self._decide([entry for entry in self._entries if entry.seq in wanted])
            step = steps.get(seq)
            if step is None or step.scan is None or rows[-1] not in assets:
                raise NotAnEntry(f"entry {seq} is not filed under its asset")
            in_order = [steps[each] for each in sorted(steps)]
            move = moves_of(in_order).get(seq)
            self._known[key] = telling_of(move, assets[rows[-1]], step.scan.notes, step.due_on)
        return self._known[key]
