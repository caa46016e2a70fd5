"""Power cuts at every point of a workload, and what they broke.

Owns the loop and the count; what a workload does and what counts as broken is handed in. It must never report fewer
cuts than were judged, nor more certainty than they give.

One run without cuts records what the disk was asked to do and when each answer was given. The record is then replayed
step by step, and at each chosen step the power is cut once per seed: what is left of the disk is mounted, checked, and,
to hit the recovery as well, cut once more in the middle of that check.
"""

import collections
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar

import apsw

from tests.faults.simulated_disk import Operation, SimulatedDisk, mounted

Answer = TypeVar("Answer")
"""What a workload acknowledges: whatever lets the check recognise a batch that was answered "committed"."""

Workload = Callable[[str, Callable[[Answer], None]], None]
"""Works on the VFS it is given by name, and calls back at once with each answer it gives."""


class Damage(Enum):
    """What a power cut must never do."""

    LOST = "an acknowledged batch is missing"
    PARTIAL = "a part of a batch is there"
    CORRUPT = "the database cannot be opened or is not sound"


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing found broken after a cut."""

    damage: Damage
    detail: str


Check = Callable[[str, Sequence[Answer]], Sequence[Violation]]
"""Opens what is left, on the VFS it is given by name, and compares it with the answers given before the cut."""


Draw = Callable[[Sequence[tuple[int, Operation]]], Sequence[tuple[int, Operation]]]


@dataclass(frozen=True, slots=True)
class Cuts:
    """Which cuts to make."""

    seeds: Sequence[int] = range(3)
    """Each seed is another fate of what was not synced."""
    points: int | None = None
    """At most so many of a workload's points, drawn by the first seed; None means all of them."""
    draw: Draw | None = None
    """What draws the points instead, from the number and the operation of each."""
    second_cuts: int = 1
    """How often the check of what is left, and SQLite's recovery in it, is itself cut, at points drawn by chance."""
    unusable: tuple[type[Exception], ...] = (apsw.Error, UnicodeDecodeError)
    """What the check raises when it cannot open the database, or reads text that was never one: counted as CORRUPT."""


@dataclass(frozen=True, slots=True)
class CutReport:
    """How many power cuts were judged and how many of them broke what. One cut can count in several columns."""

    cuts: int = 0
    lost: int = 0
    partial: int = 0
    corrupt: int = 0
    examples: tuple[str, ...] = ()
    points: int = 0
    all_points: int = 0
    seeds: int = 0
    second_cuts: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether no cut broke anything."""
        return not (self.lost or self.partial or self.corrupt)

    def __add__(self, other: "CutReport") -> "CutReport":
        """Put two workloads' reports together."""
        return CutReport(
            cuts=self.cuts + other.cuts,
            lost=self.lost + other.lost,
            partial=self.partial + other.partial,
            corrupt=self.corrupt + other.corrupt,
            examples=self.examples + other.examples,
            points=self.points + other.points,
            all_points=self.all_points + other.all_points,
            seeds=max(self.seeds, other.seeds),
            second_cuts=self.second_cuts + other.second_cuts,
        )

    def __str__(self) -> str:
        broken = ((self.lost, "lost an acknowledged batch"), (self.partial, "left a part"), (self.corrupt, "corrupted"))
        found = ", ".join(f"{count} {what} ({count / max(self.cuts, 1):.1%})" for count, what in broken)
        lines = [f"{self.cuts} power cuts, {self.second_cuts} of them second cuts during recovery: {found}"]
        if self.is_clean and self.points == self.all_points:
            lines.append(f"all {self.points} of {self.all_points} points x {self.seeds} seeds")
        elif self.is_clean and self.cuts:
            drawn = f"{self.points} of {self.all_points} points x {self.seeds} seeds"
            lines.append(f"{drawn}; at 95 % confidence fewer than {3 / self.cuts:.1e} of cuts break anything (3/N)")
        return "\n".join([*lines, *self.examples])


_MAX_EXAMPLES = 5


@dataclass(slots=True)
class _Judge(Generic[Answer]):
    """Mounts what cuts have left, has it checked, and keeps count."""

    check: Check[Answer]
    cuts: Cuts
    broken: collections.Counter[Damage] = field(default_factory=collections.Counter)
    judged: int = 0
    second_cuts: int = 0
    examples: list[str] = field(default_factory=list)

    def judge(self, contents: Mapping[str, bytes], answers: Sequence[Answer], place: str) -> Sequence[Operation]:
        """Check one surviving disk; answer what the check did to it."""
        disk = SimulatedDisk(contents)
        with mounted(disk) as vfs:
            try:
                violations = self.check(vfs, answers)
            except self.cuts.unusable as error:
                violations = [Violation(Damage.CORRUPT, f"{type(error).__name__}: {error}")]
        self.judged += 1
        self.broken.update({violation.damage for violation in violations})
        if violations and len(self.examples) < _MAX_EXAMPLES:
            found = "; ".join(f"{violation.damage.name} {violation.detail:.120}" for violation in violations[:3])
            self.examples.append(f"{place}: {found}")
        return disk.history

    def judge_twice(self, contents: Mapping[str, bytes], answers: Sequence[Answer], place: str) -> None:
        """Check one surviving disk, then cut the power again during that check and check what is left now."""
        recovery = self.judge(contents, answers, place)
        chance = random.Random(place)
        for _ in range(self.cuts.second_cuts if recovery else 0):
            point = chance.randint(1, len(recovery))
            replayed = SimulatedDisk(contents)
            for operation in recovery[:point]:
                replayed.perform(operation)
            again = f"{place}, then in recovery after operation {point} ({recovery[point - 1]})"
            self.judge(replayed.survivor(chance.randrange(1 << 30)), answers, again)
            self.second_cuts += 1


def power_cuts(
    workload: Workload[Answer],
    check: Check[Answer],
    cuts: Cuts | None = None,
    *,
    contents: Mapping[str, bytes] | None = None,
) -> CutReport:
    """Run `workload` on a disk that starts with `contents`, cut its power as `cuts` says, and `check` what is left.

    A batch that was in flight, not yet answered, may be there whole or not at all: the check decides. The workload runs
    once, without a cut, so an exception from it is a fault of its own and is passed on.
    """
    cuts = cuts or Cuts()
    disk = SimulatedDisk(contents)
    given: list[tuple[int, Answer]] = []
    with mounted(disk) as vfs:
        workload(vfs, lambda answer: given.append((len(disk.history), answer)))
        history = list(disk.history)
    points = _points(history, cuts)
    judge: _Judge[Answer] = _Judge(check, cuts)
    replayed = SimulatedDisk(contents)
    for point, operation in enumerate(history, start=1):
        replayed.perform(operation)
        if point not in points:
            continue
        answers = [answer for before, answer in given if before <= point]
        for seed in cuts.seeds:
            place = f"cut after operation {point} of {len(history)} ({operation}), seed {seed}"
            judge.judge_twice(replayed.survivor(seed), answers, place)
    return CutReport(
        cuts=judge.judged,
        lost=judge.broken[Damage.LOST],
        partial=judge.broken[Damage.PARTIAL],
        corrupt=judge.broken[Damage.CORRUPT],
        examples=tuple(judge.examples),
        points=len(points),
        all_points=len(history),
        seeds=len(cuts.seeds),
        second_cuts=judge.second_cuts,
    )


def _points(history: Sequence[Operation], cuts: Cuts) -> set[int]:
    points = range(1, len(history) + 1)
    if cuts.draw is not None:
        return {point for point, _ in cuts.draw(list(enumerate(history, 1)))}
    if cuts.points is None or cuts.points >= len(history):
        return set(points)
    return set(random.Random(cuts.seeds[0]).sample(points, cuts.points))
