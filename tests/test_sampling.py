"""Owns the promise that a sample has every kind of point, differs in each run, and is all of them in the long run."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sampling import Sample

SEEDS = st.integers(0, 2**32 - 1)
LIMIT = 10**6


@given(SEEDS, st.lists(st.integers(0, 9), max_size=50), st.integers(0, 60))
def test_a_sample_is_some_of_the_points_in_their_order(seed: int, points: list[int], count: int) -> None:
    """As many as are asked for, each at most as often as it is there; all where there are no more."""
    drawn = Sample(seed, "test")(list(enumerate(points)), count)
    assert len(drawn) == min(count, len(points))
    assert drawn == sorted(set(drawn))
    assert set(drawn) <= set(enumerate(points))


@given(SEEDS, st.lists(st.integers(0, 9), max_size=50), st.integers(0, 60))
def test_every_kind_is_met(seed: int, points: list[int], count: int) -> None:
    """At least once, even if that makes more points than were asked for, and then no more than that."""
    drawn = Sample(seed, "test")(list(enumerate(points)), count, kind=lambda point: point[1])
    assert {kind for _, kind in drawn} == set(points)
    assert len(drawn) == max(min(count, len(points)), len(set(points)))


def test_the_same_seed_draws_the_same_again() -> None:
    """So a red run can be repeated; another seed, and another test, draw others."""
    points = range(1000)
    drawn = [Sample(seed, test)(points, 20) for seed, test in ((1, "one"), (1, "one"), (2, "one"), (1, "two"))]
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2] != drawn[3] != drawn[0]


def test_over_many_runs_every_point_is_met() -> None:
    """No point is left out for good, whether its kind is a common one or not."""
    draws = [Sample(seed, "test") for seed in range(300)]
    assert {point for draw in draws for point in draw(range(40), 4)} == set(range(40))
    assert {point for draw in draws for point in draw(range(40), 4, lambda point: point < 30)} == set(range(40))


def test_the_long_run_takes_all() -> None:
    """Or as many as it is told to, whatever the usual run takes."""
    points = random.Random(1).sample(range(1000), 100)
    assert Sample(1, "test", LIMIT)(points, 5) == points
    assert Sample(1, "test", LIMIT).takes_all
    assert len(Sample(1, "test", 30)(points, 5)) == 30
    assert len(Sample(1, "test", 3)(points, 5)) == 3
    assert not Sample(1, "test").takes_all


def test_a_red_test_shows_how_it_is_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    """With how many there were of all, in the words of the command line."""
    Sample(4711, "test")(range(100), 7)
    assert capsys.readouterr().out == "7 of 100 points, repeated with --randomly-seed=4711\n"


def test_who_asks_for_a_sample_is_a_long_test_too(sample: Sample, request: pytest.FixtureRequest) -> None:
    """This test runs in the usual run with some points, and in the long run, for which it is marked, with more."""
    is_long = request.node.get_closest_marker("soak") is not None
    assert sample.takes_all == is_long
    assert is_long or len(sample(range(1000), 5)) == 5
