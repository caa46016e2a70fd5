"""Owns how a test that could go through all points of something goes through some of them in the usual run.

It must never leave out a kind of point, nor draw what can't be drawn again: the seed is that of the random order.
"""

import random
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

Point = TypeVar("Point")


class Sample:
    """Draws some of all points in `make test`, others in each run; takes all of them in `make soak`.

    Args:
        seed: What is drawn follows from it and from the test.
        test: The test's own name, so that no two tests with the same points draw the same ones.
        most: How many points are taken at most, whatever is asked for; None is for the usual run.
    """

    def __init__(self, seed: int, test: str, most: int | None = None) -> None:
        self._seed = seed
        self._most = most
        self.chance = random.Random(f"{seed} {test}")  # for what is not one of a number of points

    @property
    def takes_all(self) -> bool:
        """Whether this is the long run."""
        return self._most is not None

    def __call__(
        self, points: Sequence[Point], count: int, kind: Callable[[Point], Hashable] | None = None
    ) -> list[Point]:
        """Return so many of the points in their order, at least one of each kind, even where there are more kinds.

        In the long run as many as `make soak N=...` asks for, or all. Which were drawn is repeated with the seed that
        a red test shows.
        """
        wanted = min(len(points), count if self._most is None else self._most)
        places = self.chance.sample(range(len(points)), len(points))
        drawn = {kind(points[place]): place for place in places} if kind and wanted < len(points) else {}
        taken = set(drawn.values())
        taken.update([place for place in places if place not in taken][: max(0, wanted - len(taken))])
        said = f"{len(taken)} of {len(points)} points, repeated with --randomly-seed={self._seed}"
        print(said)  # noqa: T201 - pytest shows it where the test fails
        return [points[place] for place in sorted(taken)]
