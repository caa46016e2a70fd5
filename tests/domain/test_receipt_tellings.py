"""Tellings: what was stated of a row at first and after each correction since, and who is void then."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from assettrack.domain.audit_log import AnyEntry
from assettrack.domain.corrections import Step, decided, effective_history
from assettrack.domain.custody_moves import CustodyMove
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Asset
from assettrack.domain.plans import Options
from assettrack.domain.receipt_tellings import Retelling, Telling, Tellings, Told, Void
from assettrack.domain.tags import Place

JANE, BOB, ZOE = 1, 2, 3
SLOT = Place("CASE-01", 1)


def telling(holder: int | None, *, from_holder: int | None = None, serial: str = "") -> Telling:
    """A row that gave an asset from its slot, or from a holder, to a holder; without any nothing changed hands."""
    move = None if holder is None else CustodyMove(from_holder, holder, None if from_holder else SLOT)
    return Telling(move, "laptop", serial, "", "", "", None)


def retold(*tellings: Telling) -> Told:
    """A row that was told so; each time by a correction of itself, entries 21, 22 and so on."""
    pairs = enumerate(pairwise(tellings), 21)
    return Told(tellings[0], tellings[-1], [Retelling(5, seq, before, after) for seq, (before, after) in pairs])


def test_who_was_never_wrong_is_not_void() -> None:
    """Uncorrected, or corrected in something else, a row counts for whom it names."""
    assert retold(telling(JANE)).corrected_by is None
    for told in (retold(telling(JANE)), retold(telling(JANE), telling(JANE, serial="S9"))):
        assert list(told.holders()) == [JANE]
        assert told.void_for(JANE) is None


def test_everybody_ever_named_is_concerned() -> None:
    """Each by the last telling that names them; void for all but the last, by the latest correction of that side."""
    told = retold(telling(JANE), telling(BOB, serial="S1"), telling(ZOE), telling(ZOE, serial="S9"))
    assert told.holders() == {JANE: telling(JANE), BOB: telling(BOB, serial="S1"), ZOE: telling(ZOE, serial="S9")}
    assert (told.void_for(JANE), told.void_for(BOB), told.void_for(ZOE)) == (Void(ZOE, 22), Void(ZOE, 22), None)
    assert told.corrected_by == 23


def test_the_place_of_a_giver_is_taken_by_a_giver() -> None:
    """Who should not have had the asset before is void, for who should have; for who was given it nothing changes."""
    told = retold(telling(BOB, from_holder=JANE), telling(BOB, from_holder=ZOE))
    assert (told.void_for(JANE), told.void_for(BOB), told.void_for(ZOE)) == (Void(ZOE, 21), None, None)


def test_what_changed_no_hands_after_all_is_nobodys() -> None:
    """Where nothing changes hands any more, there is nobody who should have been named instead."""
    assert retold(telling(JANE), telling(None)).void_for(JANE) == Void(None, 21)


def decide(entries: Sequence[AnyEntry]) -> tuple[dict[int, Step], dict[int, Asset]]:
    """Tell a history in a station with one case and no batch options."""
    steps = effective_history(entries, lambda _: Options())
    holders = [Holder(JANE, "Jane Smith"), Holder(BOB, "Bob Lee")]
    states = ((step.seq, at.assets.get("A1")) for step, at, _ in decided(steps.values(), {"CASE-01": 4}, holders))
    return steps, {seq: asset for seq, asset in states if asset is not None}


def test_a_row_that_is_not_filed_there_is_damage() -> None:
    """A row that is asked for and not among the entries about its asset is not made up."""
    with pytest.raises(NotAnEntry, match="entry 7 is not filed under its asset"):
        Tellings([], decide).told(7)
