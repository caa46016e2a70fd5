"""What a process that looks more than once need not read again: what was gathered from the log and the present state.

Owns when what was gathered is gathered anew. Nothing of it is state of the station: whoever remembers nothing is told
the same, and waits longer.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Concatenate, ParamSpec, TypeVar, cast

import msgspec

from assettrack.services.accountability import CountsSaid
from assettrack.services.awaited_acceptors import AwaitedSaid
from assettrack.services.reports import Basis

Gathered = TypeVar("Gathered")
Asked = ParamSpec("Asked")

KEPT = 16
"""So much is remembered of one present state: more than the reports that anybody looks at in turn."""


class Passes:
    """Remembers passes over the present state until an entry is added or a day begins; for all threads of a process.

    A report made from 100,000 assets reads all of them for its figures, whichever of its lines are shown.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._of = ("", "")
        self._gathered: dict[Hashable, object] = {}

    def find(
        self,
        basis: Basis,
        gather: Callable[Concatenate[Basis, Asked], Gathered],
        *asked: Asked.args,
        **named: Asked.kwargs,
    ) -> Gathered:
        """Return what a function gathers for these arguments; nobody may change it.

        What it gathers must follow from the log and the date at the station alone.
        """
        of, key = (basis.root, basis.today), (gather, asked, tuple(named.items()))
        with self._guard:
            if self._of == of and key in self._gathered:
                return cast("Gathered", self._gathered[key])
        fresh = gather(basis, *asked, **named)
        with self._guard:
            if self._of != of:
                self._of, self._gathered = of, {}
            self._gathered[key] = fresh
            while len(self._gathered) > KEPT:
                del self._gathered[next(iter(self._gathered))]
        return fresh


class Remembered(msgspec.Struct, frozen=True):
    """All that is remembered for reports, by one process and of one station."""

    counts_said: CountsSaid = msgspec.field(default_factory=CountsSaid)
    awaited_said: AwaitedSaid = msgspec.field(default_factory=AwaitedSaid)
    passes: Passes = msgspec.field(default_factory=Passes)
