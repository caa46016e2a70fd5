"""The intake queue: what a scan means in its context, what it will do, and what becomes of the queue."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from assettrack.domain import desk_errors
from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.plans import Options
from assettrack.domain.queued_scans import Context, ContextSet, Held, RowMeant
from assettrack.domain.scans import EventType
from assettrack.domain.tags import OUT
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import accounts, assets, custody, holders, queues
from assettrack.services.custody import TypedCommand
from assettrack.services.no_shelf import NoShelf
from assettrack.services.queue_lines import Line
from assettrack.services.queues import Queue
from tests.services.printed import badge, begin_card
from tests.web.visitors import OpenStation, open_station


class Taker:
    """Somebody who scans into their queue at a station with a case of three slots, and two holders."""

    def __init__(self, station: OpenStation) -> None:
        self.station = station
        self.at = station.workplace("ben")
        self.desk = station.web.desk
        station.account("ben", "operator")
        station.case("CASE-01", 3)
        for name in ("Jane Smith", "Tom Blank"):
            holders.register(self.at, name)
        found = accounts.named(self.at, "ben")
        assert found is not None
        self.account = found

    @property
    def queue(self) -> Queue:
        """The queue as it is now."""
        return queues.current(self.at, self.desk, self.account)

    def sets(self, event: EventType, **context: object) -> None:
        """Say by hand what the next scans mean, as the form does."""
        context.setdefault("by_hand", not {"case_name", "slot_position", "unslotted"}.isdisjoint(context))
        queues.set_context(self.desk, self.queue, Context(event, **context))  # type: ignore[arg-type]  # its own fields

    def scan(self, *typed: str) -> list[Line]:
        """Scan, and return the lines of these scans."""
        numbers = [number for each in typed for number in queues.take(self.at, self.desk, self.queue, each)]
        lines = queues.review(self.at, self.desk, self.queue).lines
        return [line for line in lines if line.scan.number in numbers]

    def held(self, typed: str) -> str:
        """Scan something that is held, and return why."""
        (line,) = self.scan(typed)
        assert isinstance(line.scan.meant, Held)
        assert line.colour == "bad"
        return line.scan.meant.reason

    def later(self, seconds: float) -> None:
        """Wait, so that what is scanned next is no second reading of what was scanned last."""
        self.station.now += timedelta(seconds=seconds)

    def commit(self) -> int:
        """Check the queue and commit it; return the batch's number."""
        review = queues.review(self.at, self.desk, self.queue, shown=True)
        assert review.plan is not None
        assert review.plan.confirm_code is not None, (review.plan.problems, review.plan.refusals)
        return queues.commit(self.at, self.desk, self.queue, review.plan.confirm_code).batch_id

    def stock(self, *tags: str) -> None:
        """Take assets into the case."""
        self.sets("SCAN", case_name="CASE-01", fills=True, equipment_type="laptop")
        self.scan(*tags)
        self.commit()


@pytest.fixture
def ben(tmp_path: Path) -> Iterator[Taker]:
    """Return somebody at a new station."""
    with open_station(tmp_path) as station:
        yield Taker(station)


def card(kind: CardKind, word: str = "", position: int = 0) -> str:
    """What a card's code types."""
    return written(Card(kind, word, position))


def places(lines: list[Line]) -> list[str]:
    """Where each row puts its asset."""
    return [str(line.scan.meant.row.place) for line in lines if isinstance(line.scan.meant, RowMeant)]


def test_scans_take_the_free_slots_in_order_and_a_full_case_is_a_stop(ben: Taker) -> None:
    """The fourth of three is held, and the batch with it; nothing is put into no slot behind anybody's back."""
    ben.sets("SCAN", case_name="CASE-01", fills=True, equipment_type="laptop")
    assert places(ben.scan("LT-1", "LT-2", "LT-3")) == [f"CASE-01 slot {slot}" for slot in (1, 2, 3)]
    assert ben.held("LT-4") == "case_full"
    review = queues.review(ben.at, ben.desk, ben.queue)
    assert review.plan is not None
    assert review.plan.confirm_code is None


def test_an_asset_that_is_there_already_is_seen_and_takes_no_slot(ben: Taker) -> None:
    """A SCAN of a known asset is a sighting, in whatever case the context fills."""
    ben.stock("LT-1")
    ben.sets("SCAN", case_name="CASE-01", fills=True)
    (line,) = ben.scan("LT-1")
    assert isinstance(line.scan.meant, RowMeant)
    assert line.scan.meant.row.place is None
    ben.commit()
    assert assets.asset(ben.at, "LT-1").where == "in CASE-01 slot 1"


def test_a_slot_label_is_for_the_next_scan_alone(ben: Taker) -> None:
    """After it the next asset is held, until another label comes; a label of no slot is held."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("CASE-01 SLOT-03")
    assert places(ben.scan("LT-1")) == ["CASE-01 slot 3"]
    assert ben.held("LT-2") == "slot_used"
    ben.scan(card(CardKind.SLOT, "CASE-01", 2))
    assert places(ben.scan("LT-3")) == ["CASE-01 slot 2"]
    assert ben.held("CASE-01 SLOT-09") == "slot_not_known"
    assert ben.held("?! SLOT-1") == "card_unreadable"


def test_a_slot_is_not_for_the_asset_after_one_that_takes_none(ben: Taker) -> None:
    """What is retired, given away or there already uses up the label before it: the next asset is held."""
    ben.stock("LT-1", "LT-2")
    for event in ("RETIRE", "ISSUE"):
        ben.sets("SCAN", notes="broken hinge", equipment_type="laptop")
        ben.scan(card(CardKind.EVENT, event), badge(ben.at))
        ben.scan("CASE-01 SLOT-03", "LT-1", card(CardKind.EVENT, "SCAN"))
        assert ben.held(f"{event}-2") == "slot_used"
    ben.scan("CASE-01 SLOT-03", "LT-3", "CASE-01 SLOT-03", "LT-3")
    assert ben.held("LT-4") == "slot_used"


def test_cards_say_what_the_next_scans_mean(ben: Taker) -> None:
    """Event, holder and case; BEGIN forgets all but the type; a card that names nothing known is held."""
    ben.stock("LT-1", "LT-2")
    ben.scan(card(CardKind.EVENT, "ISSUE"), badge(ben.at))
    assert (ben.queue.context.event_type, ben.queue.context.holder) == ("ISSUE", "Jane Smith")
    (line,) = ben.scan("LT-1")
    assert isinstance(line.scan.meant, RowMeant)
    assert (line.scan.meant.row.issued_to_name, line.scan.meant.row.place) == ("Jane Smith", OUT)
    ben.scan(begin_card(ben.at, "ben"))
    assert ben.queue.context == Context(ended=True)
    badges = [card(CardKind.HOLDER, number) for number in ("9", "9" * 20)]
    for unknown in (*badges, card(CardKind.EVENT, "DANCE"), "AT C1Q"):
        assert ben.held(unknown) == "card_unreadable"
    assert ben.held(card(CardKind.CASE, "CASE-77")) == "case_not_known"
    ben.scan(card(CardKind.CASE, "CASE-01"))
    assert (ben.queue.context.case_name, ben.queue.context.fills) == ("CASE-01", True)


def test_the_undo_card_takes_back_the_asset_before_it(ben: Taker) -> None:
    """One at a time; with nothing before it nothing happens, and that is seen."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-1", "LT-2", card(CardKind.UNDO))
    assert [scan.typed for scan in ben.queue.scans if scan.removed] == ["LT-2"]
    ben.later(11)
    ben.scan(card(CardKind.UNDO))
    ben.later(11)
    ben.scan(card(CardKind.UNDO))
    assert [scan.typed for scan in ben.queue.scans if scan.removed] == ["LT-1", "LT-2"]


def test_the_end_card_counts(ben: Taker) -> None:
    """The right number is noted, another is a stop."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-1", "LT-2")
    (line,) = ben.scan(card(CardKind.END, "2"))
    assert isinstance(line.scan.meant, ContextSet)
    assert ben.held(card(CardKind.END, "3")) == "end_count_differs"
    (line,) = ben.scan(card(CardKind.END, ""))
    assert isinstance(line.scan.meant, ContextSet)


def test_the_card_of_no_slot_holds_until_a_place_is_said(ben: Taker) -> None:
    """After it returns and moves go into no slot; a slot's label or a case's says another place."""
    ben.stock("LT-1", "LT-2")
    ben.sets("UPDATE")
    (line,) = ben.scan(card(CardKind.CASE, "OUT"))
    assert isinstance(line.scan.meant, ContextSet)
    assert line.scan.meant.context.unslotted
    assert places(ben.scan("LT-1", "LT-2")) == ["OUT", "OUT"]
    ben.scan(card(CardKind.SLOT, "CASE-01", 3))
    assert not ben.queue.context.unslotted


def test_a_case_label_takes_the_whole_case(ben: Taker) -> None:
    """For an ISSUE all that is in it, for a RETURN all that belongs into it; where there is nothing, that is said."""
    ben.stock("LT-1", "LT-2")
    ben.sets("ISSUE", holder="Tom Blank")
    assert [line.change.asset_tag for line in ben.scan("case-01") if line.change] == ["LT-1", "LT-2"]
    ben.commit()
    ben.sets("UPDATE")
    assert ben.held("CASE-01") == "case_has_nothing"
    queues.clear(ben.at, ben.desk, ben.queue)
    ben.sets("RETURN")
    assert places(ben.scan("CASE-01")) == ["CASE-01 slot 1", "CASE-01 slot 2"]
    ben.commit()
    assert assets.asset(ben.at, "LT-2").where == "in CASE-01 slot 2"


def test_a_name_in_any_case_is_the_holder(ben: Taker) -> None:
    """Caps Lock inverts what a wedge types; without a holder nothing is given to anybody."""
    ben.stock("LT-1")
    ben.sets("ISSUE")
    assert ben.held("LT-1") == "holder_not_said"
    ben.scan("jANE sMITH\r\n")
    assert ben.queue.context.holder == "Jane Smith"


def test_what_is_an_asset_and_a_case_is_not_guessed(ben: Taker) -> None:
    """The same name on two things is held."""
    ben.station.case("LT-1", 2)
    ben.stock("LT-9")
    custody.commit(
        ben.at, TypedCommand([], lambda _: [TypedRow("SCAN", "LT-1", equipment_type="laptop")]), Options(), confirm=None
    )
    assert ben.held("LT-1") == "scan_ambiguous"


def test_what_is_retired_or_moved_names_its_place_only_where_one_is_meant(ben: Taker) -> None:
    """RETIRE names none, UPDATE takes the next free slot of the case that is filled."""
    ben.station.case("CASE-02", 1)
    ben.stock("LT-1", "LT-2")
    ben.sets("RETIRE", notes="broken")
    assert places(ben.scan("LT-1")) == ["None"]
    ben.sets("UPDATE", case_name="CASE-02", fills=True)
    assert places(ben.scan("LT-2")) == ["CASE-02 slot 1"]


def test_the_same_again_changes_nothing_and_is_seen(ben: Taker) -> None:
    """A repeated scan is kept, named after the first, and is no row."""
    ben.sets("SCAN", equipment_type="laptop")
    first, second = ben.scan("LT-1", "lt-1")
    assert (first.colour, second.colour) == ("ok", "note")
    assert len(ben.queue.batch().queued) == 1
    ben.sets("RETIRE", notes="broken")
    (third,) = ben.scan("LT-1")
    assert isinstance(third.scan.meant, RowMeant)  # the same asset, and something else about it


def test_two_scans_at_once_are_two(ben: Taker) -> None:
    """What a scanner sends in one go is taken apart at its ends; what can't be printed is held."""
    ben.sets("SCAN", equipment_type="laptop")
    assert len(ben.scan("LT-1\r\nLT-2\tLT-3")) == 3
    assert ben.held("LT\x07-4") == "scan_unreadable"


def test_an_empty_queue_is_no_batch_and_anothers_is_nobodys(ben: Taker) -> None:
    """There is nothing to commit, and a queue is found by its owner alone."""
    assert queues.review(ben.at, ben.desk, ben.queue).plan is None
    with pytest.raises(desk_errors.QueueClosed):
        queues.commit(ben.at, ben.desk, ben.queue, "K7QF-2M9X")
    with pytest.raises(desk_errors.QueueClosed):
        queues.numbered(ben.desk, 99, ben.account)
    other = ben.account._replace(name="Ben's namesake")
    with pytest.raises(desk_errors.QueueClosed):
        queues.numbered(ben.desk, ben.queue.row.queue_id, other)


def test_what_is_shown_while_scanning_is_on_no_shelf() -> None:
    """Only a plan that was shown to be checked can be confirmed; nor is anything kept for an account."""
    for shelf in (NoShelf(), NoShelf().of(1)):
        shelf.keep("K7QF-2M9X", "00", Options(), [])
        assert shelf.find("K7QF-2M9X") is None


def test_what_was_scanned_twice_and_removed_once_is_there(ben: Taker) -> None:
    """The scan that repeated the removed one stands for it; a third still repeats."""
    ben.sets("SCAN", equipment_type="laptop")
    first, second, third = ben.scan("LT-1", "LT-1", "LT-1")
    queues.remove(ben.at, ben.desk, ben.queue, [first.scan.number])
    lines = {line.scan.number: line.colour for line in queues.review(ben.at, ben.desk, ben.queue).lines}
    assert (lines[second.scan.number], lines[third.scan.number]) == ("ok", "note")
    assert [scan.number for scan in ben.queue.batch().queued] == [second.scan.number]
