"""How open counts stand, remembered until the log goes on: many browsers look at the same count at once.

Owns for how long a tally may be shown that is not of this moment: a count of a hundred thousand assets takes a second
to compare, and then stays on the pages for some times as long. Nothing is decided by it.
"""

import threading
import time
from typing import NamedTuple

from assettrack.services import counts
from assettrack.services.counts import Line, Sheet
from assettrack.services.ports import Workplace

QUICK_SECONDS = 0.25
REST = 20
"""What took longer than that is made anew after so many times as long."""

KEPT_MAX = 8


class Tally(NamedTuple):
    """A count as it stood with a log of ``size`` entries, lines of all results; ``is_now`` where that is the present.

    ``by_tag`` are the lines by their assets.
    """

    sheet: Sheet
    by_tag: dict[str, Line]
    size: int
    taken: float
    made: float
    is_now: bool = True


class CountTallies:
    """The tallies that were asked for lately; for all threads of a process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._kept: dict[int, Tally] = {}

    def find(self, workplace: Workplace, count_id: int) -> Tally:
        """Return how a count stands, or how it ended.

        Raises:
            errors.DeedRefused: there is no such count.
        """
        with workplace.store.read() as snapshot:
            size = snapshot.log_size
        kept = self._kept.get(count_id)
        if kept is not None:
            if kept.size == size:
                return kept
            if kept.taken > QUICK_SECONDS and time.monotonic() < kept.made + REST * kept.taken:
                return kept._replace(is_now=False)
        began = time.monotonic()
        sheet = counts.sheet(workplace, count_id, with_found=True)
        ended = time.monotonic()
        made = Tally(sheet, {line.asset_tag: line for line in sheet.lines}, size, ended - began, ended)
        with self._guard:
            self._kept.pop(count_id, None)
            while len(self._kept) >= KEPT_MAX:
                del self._kept[next(iter(self._kept))]
            self._kept[count_id] = made
        return made
