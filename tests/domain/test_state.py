"""The state that the replay rebuilds finds facts, batches and holders as a store does: by key, in the order of keys."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.deeds import BatchRow
from assettrack.domain.facts import (
    FIRST_FACTS,
    BuildingUse,
    CountScans,
    Fact,
    Handover,
    Organisation,
    Setting,
    key_of,
)
from assettrack.domain.holders import Holder
from assettrack.domain.state import State

small = st.integers(1, 3)
facts: st.SearchStrategy[Fact] = st.one_of(
    st.builds(Handover, small, small, st.none() | small),
    st.builds(CountScans, small, small),
    st.builds(Setting, st.sampled_from("ab"), st.sampled_from("xy")),
    st.builds(BuildingUse, small, st.sampled_from("bc"), st.integers(0, 1)),
)
KINDS = (Handover, CountScans, Setting, BuildingUse)


@given(st.lists(facts, max_size=20))
def test_the_latest_fact_of_a_key_is_what_is_known(put: list[Fact]) -> None:
    """Facts of one key replace one another; those of a kind, or that begin so, are told in the order of their keys."""
    state = State()
    expected = dict[tuple[type[Fact], Any], Fact]()
    for fact in put:
        state.put(fact)
        expected[type(fact), key_of(fact)] = fact
    for kind in KINDS:
        keys = sorted(key for of, key in expected if of is kind)
        known = [expected[kind, key] for key in keys]
        assert list(state.facts(kind)) == known
        assert state.last(kind) == (known[-1] if known else None)
        assert [state.fact(kind, *key) for key in keys] == known
        for first in {key[0] for key in keys}:
            assert list(state.facts(kind, first)) == [expected[kind, key] for key in keys if key[0] == first]
    assert (state.fact(Handover, 1, 9), list(state.facts(Handover, 9))) == (None, [])


def test_every_station_knows_one_organisation_from_the_start() -> None:
    """Nothing else is known before the first entry."""
    state = State()
    assert tuple(state.facts(Organisation)) == FIRST_FACTS == (Organisation(1, "Ad Hoc", "ad hoc"),)
    assert (state.station, state.batches, state.inventory.assets, state.all_cases()) == (None, [], {}, {})
    assert (state.fact(Setting, "acceptance"), state.last(Setting), state.holder(1)) == (None, None, None)


def test_holders_and_batches_are_found_by_number() -> None:
    """And by no number that is not there."""
    state = State()
    state.inventory.holders.add(Holder(1, "Jane Smith"))
    state.batches += [BatchRow(1, 4, 9), BatchRow(2, 13, 16)]
    assert (state.holder(1), state.holder(2)) == (Holder(1, "Jane Smith"), None)
    assert state.holders_named(["Bob Lee"]).all == [Holder(1, "Jane Smith")]
    assert [state.batch(number) for number in range(4)] == [None, BatchRow(1, 4, 9), BatchRow(2, 13, 16), None]
