"""Owns the promise that every test is handed out once, and that each worker begins with long ones."""

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import LONG, spread

KINDS = st.lists(st.sampled_from(["domain", "web", "cli", *LONG[0], *LONG[1]]), max_size=60)


@given(KINDS, st.integers(1, 8))
def test_every_test_is_handed_out_once(kinds: list[str], workers: int) -> None:
    """Whatever there is, and however many do it."""
    assert sorted(spread(kinds, workers)) == list(range(len(kinds)))


def test_each_worker_begins_with_long_ones_of_one_kind() -> None:
    """Of four, two begin with those that wait for a browser, the others with those that work; then come the short."""
    kinds = ["domain", "browser", "faults", "web"] * 15
    order = [kinds[place] for place in spread(kinds, 4)]
    short = {"domain", "web"}
    for begin, long in zip(range(0, 60, 15), ["browser", "browser", "faults", "faults"], strict=True):
        part = order[begin : begin + 15]
        assert {*part[:7]} == {long}
        assert {*part[8:]} <= short


def test_whoever_is_alone_begins_with_all_that_is_long() -> None:
    """Nothing is handed out then; the order stays simple."""
    kinds = ["web", "faults", "domain", "browser"]
    assert [kinds[place] for place in spread(kinds, 1)][:2] == ["browser", "faults"]
