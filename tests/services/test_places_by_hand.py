"""What the label of a case makes of the place before it: one that was chosen by hand, and any other.

What it brings belongs elsewhere, and goes to the place before it only where somebody chose that for it.
"""

import pytest

from assettrack.domain.cards import CardKind
from assettrack.domain.queued_scans import Context, RowMeant, read_context
from assettrack.services import queues
from tests.services.printed import badge
from tests.services.test_intake_rounds import ISSUE, RETURN, UNDO, UPDATE, said, slot
from tests.services.test_queues import Taker, ben, card

__all__ = ["ben"]

PLACES_BY_HAND: dict[str, dict[str, object]] = {
    "a case": {"case_name": "CASE-02", "fills": True},
    "a slot": {"case_name": "CASE-02", "slot_position": 4},
    "no slot": {"unslotted": True},
}


def stocked(ben: Taker, event: str, *tags: str) -> None:
    """Take assets into the first case, and give them to Jane where they are to come back; make another case."""
    ben.stock(*tags)
    ben.station.case("CASE-02", 5)
    if event == "RETURN":
        ben.sets("ISSUE", holder="Jane Smith")
        ben.scan(*tags)
        ben.commit()


def put(ben: Taker) -> dict[str, str]:
    """Where the rows of the queue put their assets; blank where they say no place."""
    rows = [scan.meant.row for scan in ben.queue.scans if isinstance(scan.meant, RowMeant) and not scan.removed]
    return {row.asset_tag: str(row.place or "") for row in rows}


def own_slots(event: str, *tags: str) -> dict[str, str]:
    """Where assets are put that go home, or stay where they are: a row says it of those that come back alone."""
    return {tag: f"CASE-01 slot {at}" if event == "RETURN" else "" for at, tag in enumerate(tags, 1)}


@pytest.mark.parametrize("event", ["RETURN", "UPDATE"])
@pytest.mark.parametrize("tags", [("LT-1",), ("LT-1", "LT-2", "LT-3")], ids=["one", "several"])
def test_the_slot_of_an_asset_that_was_taken_back_ends_with_the_label_of_a_case(
    ben: Taker, event: str, tags: tuple[str, ...]
) -> None:
    """Its label said it, and nobody by hand; and no asset is missed that was taken back."""
    stocked(ben, event, *tags)
    ben.scan({"RETURN": RETURN, "UPDATE": UPDATE}[event], slot(3, "CASE-02"), tags[-1])
    ben.later(60)
    ben.scan(UNDO)
    ben.later(60)
    assert said(ben.scan("CASE-01")) == ["RowMeant"] * len(tags)
    assert put(ben) == own_slots(event, *tags)


def test_a_slot_whose_next_asset_was_given_away_is_empty_whatever_was_taken_back_before(ben: Taker) -> None:
    """As among the scans of a pocket scanner, the undo card answers for the asset that it took back alone."""
    ben.stock("LT-1", "LT-2")
    ben.scan(UPDATE, slot(3), "LT-1")
    ben.later(60)
    ben.scan(UNDO, ISSUE, badge(ben.at), "LT-2")
    assert ben.held(card(CardKind.CASE, "OUT")) == "label_without_asset"


def test_the_label_of_a_slot_whose_asset_was_taken_back_is_removed_and_brought_back(ben: Taker) -> None:
    """Removed it leaves nothing; brought back it is as it was, and no asset is missed."""
    ben.stock("LT-1")
    ben.scan(UPDATE, slot(3), "LT-1")
    ben.later(60)
    ben.scan(UNDO)
    before = ben.queue.context
    when = queues.remove(ben.at, ben.desk, ben.queue, [2])
    assert ben.queue.context == Context("UPDATE", place_removed=True)
    queues.bring_back(ben.desk, ben.queue, when)
    assert ben.queue.context == before
    assert said(ben.scan(slot(2))) == ["ContextSet"]


@pytest.mark.parametrize("event", ["RETURN", "UPDATE"])
def test_a_slot_chosen_by_hand_is_for_none_of_several_that_a_case_brings(ben: Taker, event: str) -> None:
    """Which of them nobody said: all go home, or stay; and what comes next goes there no more."""
    stocked(ben, event, "LT-1", "LT-2", "LT-3")
    ben.sets(event, case_name="CASE-02", slot_position=4)  # type: ignore[arg-type]  # one of the events
    assert said(ben.scan("CASE-01")) == ["RowMeant", "RowMeant", "RowMeant"]
    assert put(ben) == own_slots(event, "LT-1", "LT-2", "LT-3")
    assert ben.queue.context == Context(event)  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize("event", ["RETURN", "UPDATE"])
def test_a_slot_chosen_by_hand_is_for_the_only_asset_that_a_case_brings(ben: Taker, event: str) -> None:
    """It is the one that comes next; then the slot is used, and the label of a case ends it."""
    stocked(ben, event, "LT-1")
    ben.sets(event, case_name="CASE-02", slot_position=4)  # type: ignore[arg-type]  # one of the events
    ben.scan("CASE-01")
    assert put(ben) == {"LT-1": "CASE-02 slot 4"}
    queues.remove(ben.at, ben.desk, ben.queue, [1])
    ben.scan("CASE-01")
    assert put(ben) == own_slots(event, "LT-1")


@pytest.mark.parametrize("event", ["RETURN", "UPDATE"])
@pytest.mark.parametrize("where", ["a case", "no slot"])
def test_a_case_or_no_slot_chosen_by_hand_is_for_all_that_a_case_brings(ben: Taker, event: str, where: str) -> None:
    """So it was chosen; what comes back into a case that was chosen goes home, as without it."""
    stocked(ben, event, "LT-1", "LT-2")
    ben.sets(event, **PLACES_BY_HAND[where])  # type: ignore[arg-type]  # one of the events
    chosen = ben.queue.context
    ben.scan("CASE-01")
    there = {"LT-1": "CASE-02 slot 1", "LT-2": "CASE-02 slot 2"}
    home = own_slots("RETURN", "LT-1", "LT-2")
    into_case = there if event == "UPDATE" else home
    assert put(ben) == (into_case if where == "a case" else {"LT-1": "OUT", "LT-2": "OUT"})
    assert ben.queue.context == chosen


def test_a_place_chosen_by_hand_ends_with_a_label_and_what_that_said_is_not_by_hand(ben: Taker) -> None:
    """The label of a case after it ends what the label said."""
    stocked(ben, "UPDATE", "LT-1", "LT-2")
    ben.sets("UPDATE", **PLACES_BY_HAND["a case"])
    ben.scan(card(CardKind.CASE, "OUT"), "CASE-01")
    assert put(ben) == own_slots("UPDATE", "LT-1", "LT-2")


def test_a_place_chosen_by_hand_that_a_label_not_known_may_have_ended_is_for_no_case(ben: Taker) -> None:
    """Where the next assets go nobody knows then; the label of a case answers it."""
    stocked(ben, "UPDATE", "LT-1", "LT-2")
    ben.sets("UPDATE", **PLACES_BY_HAND["a case"])
    assert ben.held(slot(99)) == "slot_not_known"
    ben.scan("CASE-01")
    assert put(ben) == own_slots("UPDATE", "LT-1", "LT-2")


# Queues that an earlier version kept


@pytest.mark.parametrize("kept", ['"fills":true', '"fills":true,"labelled":true', '"slot_position":4'])
def test_a_place_of_which_an_older_queue_does_not_say_who_said_it_ends_with_the_label_of_a_case(
    ben: Taker, kept: str
) -> None:
    """What the label brings is not moved on a guess; ``labelled`` says nothing any more."""
    stocked(ben, "UPDATE", "LT-1", "LT-2")
    text = f'{{"event_type":"UPDATE","case_name":"CASE-02",{kept}}}'
    assert read_context(text) == read_context(text.replace(',"labelled":true', ""))
    ben.desk.add_scans(ben.queue.row.queue_id, [], text)
    ben.scan("CASE-01")
    assert put(ben) == own_slots("UPDATE", "LT-1", "LT-2")


@pytest.mark.parametrize("kept", ["", ',"labelled":true'])
def test_a_slot_of_an_older_queue_into_which_nothing_was_put_is_asked_about(ben: Taker, kept: str) -> None:
    """Whether a label said it, it does not say."""
    text = f'{{"event_type":"UPDATE","case_name":"CASE-01","slot_position":2{kept}}}'
    ben.desk.add_scans(ben.queue.row.queue_id, [], text)
    assert ben.held(slot(3)) == "label_without_asset"
