"""A shift: deeds drawn by chance, one after the other, each allowed in the state that those before it lead to.

Keeps its own plain account of who is where, so that it can draw; the station decides for itself. The same seed draws
the same shift. It must never hold a test.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assettrack.domain.plans import Options
from assettrack.domain.tags import Place
from assettrack.services import holders, intake, slots
from assettrack.services.ports import Workplace
from tests.store.stations import Row, batch, created, issued, returned, scanned


@dataclass(frozen=True)
class Step:
    """One deed of a shift, and the rows of the batch where it is one."""

    name: str
    do: Callable[[Workplace], object]
    rows: Sequence[Row] = ()


@dataclass
class _Account:
    """Who is where, as far as a shift has been drawn."""

    stored: dict[str, Place | None] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)
    empty: list[Place] = field(default_factory=list)
    cases: int = 0
    holders: int = 0
    assets: int = 0
    rows: int = 0

    def slotted(self) -> list[str]:
        return [tag for tag, place in self.stored.items() if place is not None]

    def unslotted(self) -> list[str]:
        return [tag for tag, place in self.stored.items() if place is None]

    def leave(self, tag: str) -> None:
        """Take an asset out of storage, and out of its slot."""
        place = self.stored.pop(tag)
        if place is not None:
            self.empty.append(place)

    def enter(self, tag: str, place: Place | None) -> None:
        """Put an asset into storage, and into its slot."""
        self.stored[tag] = place
        if place is not None:
            self.empty.remove(place)


class _Draw:
    """Draws the steps of one shift."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._account = _Account()

    def step(self) -> Step:
        """Draw any deed that is possible now; mostly batches, for they do most."""
        kinds = [self._commit] * 5 + [self._assign, self._move, self._vacate, self._register, self._initialise]
        while True:
            step = self._chance.choice(kinds)()
            if step is not None:
                return step

    def _initialise(self) -> Step:
        wanted = []
        for _ in range(self._chance.randint(1, 2)):
            self._account.cases += 1
            name, size = f"CASE {self._account.cases}", self._chance.randint(3, 9)
            self._account.empty += [Place(name, position) for position in range(1, size + 1)]
            wanted.append((name, size))
        return Step("initialise", lambda station: slots.initialise_cases(station, wanted))

    def _register(self) -> Step:
        self._account.holders += 1
        name = f"Holder Number {self._account.holders}"
        return Step("register", lambda station: holders.register(station, name))

    def _assign(self) -> Step | None:
        tags, account = self._account.unslotted(), self._account
        if not tags or not account.empty:
            return None
        tag, place = self._chance.choice(tags), self._chance.choice(account.empty)
        account.enter(tag, place)
        return Step("assign", lambda station: slots.assign(station, tag, place))

    def _move(self) -> Step | None:
        tags, account = self._account.slotted(), self._account
        if not tags or not account.empty:
            return None
        tag, place = self._chance.choice(tags), self._chance.choice(account.empty)
        account.leave(tag)
        account.enter(tag, place)
        return Step("move", lambda station: slots.move(station, tag, place))

    def _vacate(self) -> Step | None:
        tags = self._account.slotted()
        if not tags:
            return None
        tag = self._chance.choice(tags)
        place = self._account.stored[tag]
        assert place is not None
        self._account.leave(tag)
        self._account.enter(tag, None)
        if self._chance.random() < 0.5:
            return Step("vacate", lambda station: slots.vacate_asset(station, tag, "drawn by chance"))
        return Step("vacate", lambda station: slots.vacate_slot(station, place))

    def _commit(self) -> Step:
        kinds = (self._create, self._create, self._issue, self._return, self._update, self._retire, self._sight)
        rows = [row for _ in range(self._chance.randint(1, 12)) if (row := self._chance.choice(kinds)()) is not None]
        rows = [self._numbered(row) for row in rows or [self._create()]]
        return Step("commit", lambda station: commit(station, rows), rows)

    def _numbered(self, row: Row) -> Row:
        """Make a row unlike every other: the same sighting twice would be the same row."""
        self._account.rows += 1
        return {**row, "notes": f"row {self._account.rows} of the shift"}

    def _place(self) -> Place | None:
        empty = self._account.empty
        return self._chance.choice(empty) if empty and self._chance.random() < 0.8 else None

    def _create(self) -> Row:
        self._account.assets += 1
        tag, place = f"A-{self._account.assets:04}", self._place()
        self._account.enter(tag, place)
        return created(tag, place, serial_number=f"SN-{self._chance.randint(1, 99)}")

    def _issue(self) -> Row | None:
        if not self._account.stored:
            return None
        tag = self._chance.choice(list(self._account.stored))
        self._account.leave(tag)
        self._account.held.append(tag)
        return issued(tag, f"Holder {'ABCDEF'[self._chance.randrange(6)] * 4}")

    def _return(self) -> Row | None:
        place = self._place()
        if not self._account.held or place is None:
            return None
        tag = self._account.held.pop(self._chance.randrange(len(self._account.held)))
        self._account.enter(tag, place)
        return returned(tag, place)

    def _update(self) -> Row | None:
        place = self._place()
        if not self._account.stored or place is None:
            return None
        tag = self._chance.choice(list(self._account.stored))
        self._account.leave(tag)
        self._account.enter(tag, place)
        return scanned("UPDATE", tag, place, building_room=f"B {self._chance.randint(1, 9)}")

    def _retire(self) -> Row | None:
        if not self._account.stored or self._chance.random() < 0.5:
            return None
        tag = self._chance.choice(list(self._account.stored))
        self._account.leave(tag)
        return scanned("RETIRE", tag)

    def _sight(self) -> Row | None:
        if not self._account.stored:
            return None
        return scanned("SCAN", self._chance.choice(list(self._account.stored)))


_OPTIONS = Options(new_holders=True)


def commit(station: Workplace, rows: Sequence[Row]) -> intake.CommitReceipt:
    """Preview a batch and commit it with its code, as an operator does."""
    code = intake.preview(station, batch(*rows), _OPTIONS).confirm_code
    assert code is not None, "every row of a shift is allowed"
    return intake.commit(station, batch(*rows), "drawn.csv", _OPTIONS, confirm=code)


def commit_at_once(station: Workplace, rows: Sequence[Row]) -> intake.CommitReceipt:
    """Commit a batch without a preview, and so the same file once more where its answer was never seen."""
    return intake.commit(station, batch(*rows), "drawn.csv", _OPTIONS, confirm=None)


def shift(seed: int, steps: int) -> list[Step]:
    """Draw a shift."""
    draw = _Draw(seed)
    return [draw.step() for _ in range(steps)]
