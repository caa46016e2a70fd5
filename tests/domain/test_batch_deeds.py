"""The deed of a batch: with whom it exchanges assets, and by which entry and from which slot each came to its holder.

What its entries say is in `test_deeds`.
"""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.batch_deeds import BatchFacts, Handovers, commit_batch
from assettrack.domain.decisions import decide
from assettrack.domain.deeds import Deed, Signoff
from assettrack.domain.facts import Handover
from assettrack.domain.inventory import Custody, Inventory
from assettrack.domain.plans import Acceptance, Change, Options
from assettrack.domain.scans import Scan
from assettrack.domain.tags import OUT, Place
from tests.domain.trial_room import BOB, EMPTY, HOME, JANE, OWN, TAKEN, decided, room, scan

SIGNOFF = Signoff("gcurl", "2026-03-01T09:00:00.000000Z", "0.1.0")
FIRST = 20
"""The number of the batch's first entry; its rows follow, from the next on."""


def committed(rows: list[Scan], options: Options | None = None, inventory: Inventory | None = None) -> Deed:
    """The deed that commits these rows as batch 7."""
    inventory = inventory or room()
    plan = decide(rows, inventory, options or Options())
    assert plan.valid, plan.refusals
    return commit_batch(plan, inventory, BatchFacts(7, "scans.csv", "ab" * 32), FIRST, SIGNOFF)


def given_to(name: str, event: str, tag: str) -> Scan:
    """One row that gives an asset to somebody."""
    return scan(event, tag, OUT, issued_to_name=name)


class Told(NamedTuple):
    """What a deed says of custody: who has each asset by which entry from which slot, and who exchanged something."""

    custody: dict[str, Custody | None]
    handovers: list[Handover]


def told(deed: Deed) -> Told:
    """What a deed says of custody."""
    handovers = [fact for fact in deed.facts if isinstance(fact, Handover)]
    return Told({row.asset_tag: row.custody for row in deed.assets}, handovers)


def test_custody_remembers_its_entry_and_the_slot_it_began_from() -> None:
    """An ISSUE is remembered with the slot that it frees; a TRANSFER keeps that slot; a RETURN ends it."""
    rows = [
        given_to(BOB.name, "ISSUE", "SLOTTED"),
        given_to(JANE.name, "ISSUE", "FREE"),
        given_to(BOB.name, "TRANSFER", "HELD"),
        scan("UPDATE", "OTHER", EMPTY),
    ]
    assert told(committed(rows)).custody == {
        "SLOTTED": Custody(FIRST + 1, OWN),
        "FREE": Custody(FIRST + 2, None),
        "HELD": Custody(FIRST + 3, HOME),
        "OTHER": None,
    }
    for end in (scan("RETURN", "HELD", EMPTY), scan("RETURN", "HELD", OUT), scan("RETIRE", "HELD")):
        assert told(committed([end])).custody == {"HELD": None}


def test_an_asset_may_change_hands_often_in_one_batch() -> None:
    """Its last entry counts, and the slot it was in before it was last issued; everybody who had it is named once."""
    rows = [
        given_to("Zoe Quill", "ISSUE", "SLOTTED"),
        given_to(JANE.name, "TRANSFER", "SLOTTED"),
        given_to("Zoe Quill", "TRANSFER", "SLOTTED"),
        scan("RETURN", "SLOTTED", EMPTY),
        given_to(BOB.name, "ISSUE", "SLOTTED"),
        given_to(JANE.name, "TRANSFER", "SLOTTED"),
    ]
    found = told(committed(rows, Options(new_holders=True)))
    zoe = 3
    assert found.custody == {"SLOTTED": Custody(FIRST + 1 + len(rows), EMPTY)}  # an entry for Zoe comes before the rows
    assert sorted(found.handovers) == [Handover(7, holder, None) for holder in (JANE.holder_id, BOB.holder_id, zoe)]


@pytest.mark.parametrize(("how", "accepted"), [(Acceptance("paper"), FIRST), (None, None)])
def test_an_acceptance_with_the_batch_is_of_its_first_entry(how: Acceptance | None, accepted: int | None) -> None:
    """What a batch brings is accepted by the entry that states it, for everybody; else it waits to be accepted."""
    rows = [given_to(BOB.name, "ISSUE", "FREE"), scan("RETURN", "HELD", EMPTY)]
    expected = [Handover(7, BOB.holder_id, accepted), Handover(7, JANE.holder_id, accepted)]
    assert told(committed(rows, Options(accepted=how))).handovers == expected


def test_who_gets_and_gives_nothing_is_not_named() -> None:
    """Sightings, updates and the end of what is in storage concern no holder, whomever their rows name."""
    rows = [
        scan("SCAN", "HELD", issued_to_name=BOB.name),
        scan("UPDATE", "HELD", model="XPS"),
        scan("RETIRE", "FREE", issued_to_name=JANE.name),
        scan("SCAN", "NEW", equipment_type="laptop", issued_to_name=JANE.name),
    ]
    deed = told(committed(rows, Options(accepted=Acceptance("paper"))))
    assert deed.handovers == []
    assert deed.custody == {"HELD": Custody(9, HOME), "FREE": None, "NEW": None}


ROWS = st.lists(
    st.one_of(
        st.builds(
            given_to,
            st.sampled_from([JANE.name, BOB.name]),
            st.sampled_from(["ISSUE", "TRANSFER"]),
            st.sampled_from(["FREE", "HELD", "OTHER"]),
        ),
        st.builds(
            lambda tag, place: scan("RETURN", tag, place),
            st.sampled_from(["FREE", "HELD", "OTHER"]),
            st.sampled_from([OUT, OWN, TAKEN, EMPTY, HOME]),
        ),
    ),
    max_size=10,
)


@given(ROWS, st.integers(0, 10))
def test_custody_is_what_the_rows_lead_to(rows: list[Scan], cut: int) -> None:
    """However rows are divided into blocks: each asset with a holder is there, with its last entry and last home."""
    inventory = room()
    changes = decided(rows, inventory).changes
    homes: dict[str, Place | None] = {"HELD": HOME}
    seqs = {"HELD": 9}
    holders = set()
    for seq, change in enumerate(changes, 100):
        before, after = holder_before(change), change.after.holder
        if before != after:
            holders |= {before, after} - {None}
            seqs[change.asset_tag] = seq
        if change.event_type == "ISSUE":
            assert change.before is not None
            homes[change.asset_tag] = change.before.place
    handovers = Handovers(inventory)
    handovers.add(changes[:cut], 100)
    handovers.add(changes[cut:], 100 + len(changes[:cut]))
    held = [tag for tag, asset in inventory.assets.items() if asset.holder is not None]
    assert inventory.custody == {tag: Custody(seqs[tag], homes[tag]) for tag in held}
    numbers = {JANE.name: JANE.holder_id, BOB.name: BOB.holder_id}
    assert sorted(handovers.facts(7, Options(), FIRST)) == sorted(Handover(7, numbers[n], None) for n in holders if n)


def holder_before(change: Change) -> str | None:
    """Who had an asset before a change."""
    return None if change.before is None else change.before.holder
