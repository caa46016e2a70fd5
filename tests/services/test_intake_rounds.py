"""Cards mean in the intake queue what they mean among the scans of a pocket scanner, or are held for that reason."""

import pytest

from assettrack.domain.cards import CardKind
from assettrack.domain.queued_scans import Context, ContextSet, Held, RowMeant, Undone, UsedSlot, read_context
from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import accounts, queues
from assettrack.services.queue_lines import Line
from assettrack.services.scan_reading import ScanReader
from tests.services.printed import badge, begin_card
from tests.services.test_queues import Taker, ben, card, places

__all__ = ["ben"]

UNDO = card(CardKind.UNDO)
END = card(CardKind.END)
RETURN, ISSUE, SCAN, UPDATE = (card(CardKind.EVENT, event) for event in ("RETURN", "ISSUE", "SCAN", "UPDATE"))


def slot(position: int, case: str = "CASE-01") -> str:
    """What a slot's label types."""
    return card(CardKind.SLOT, case, position)


def said(lines: list[Line]) -> list[str]:
    """What each scan is: why it is held, or else what it means in a word, and what an undo took back."""
    found = []
    for line in lines:
        meant = line.scan.meant
        undone = f" {line.tag_before}".rstrip() if isinstance(meant, Undone) else ""
        found.append(meant.reason if isinstance(meant, Held) else f"{type(meant).__name__}{undone}")
    return found


def message(line: Line) -> str:
    """What is said about the only thing that stops a scan."""
    (found,) = line.problems
    return found.message


@pytest.fixture
def issued(ben: Taker) -> Taker:
    """Return somebody at a station where Jane has LT-11 of the first case and LT-41 of a second."""
    ben.station.case("CASE-02", 3)
    ben.stock("LT-11")
    ben.sets("SCAN", case_name="CASE-02", fills=True, equipment_type="laptop")
    ben.scan("LT-41")
    ben.commit()
    ben.sets("ISSUE", holder="Jane Smith")
    ben.scan("LT-11", "LT-41")
    ben.commit()
    return ben


# Slots


def test_after_its_label_was_used_the_next_asset_is_held(issued: Taker) -> None:
    """It would go to its home in another case, or into no slot, while the page showed the case of the label."""
    issued.scan(RETURN, slot(3))
    assert places(issued.scan("LT-11")) == ["CASE-01 slot 3"]
    (line,) = issued.scan("LT-41")
    assert said([line]) == ["slot_used"]
    assert message(line).startswith("The label of CASE-01 slot 3 was for asset LT-11 alone, and LT-41 came without")
    assert issued.queue.context.used_place == Place("CASE-01", 3)
    issued.scan(slot(1, "CASE-02"))
    assert places(issued.scan("LT-41")) == ["CASE-02 slot 1"]


@pytest.mark.parametrize("event", [SCAN, UPDATE])
def test_every_event_that_places_an_asset_needs_a_label_of_its_own(ben: Taker, event: str) -> None:
    """A new one, one that is moved, and one that is only seen, as among the scans of a pocket scanner."""
    ben.stock("LT-1", "LT-2")
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan(event, slot(3), "LT-1")
    assert ben.held("LT-2") == "slot_used"


@pytest.mark.parametrize("event", [SCAN, RETURN, UPDATE])
def test_a_slot_is_still_for_the_asset_that_was_removed(issued: Taker, event: str) -> None:
    """Scanned again it goes there, as its label said; any other is held, and so is it where a label came since.

    While it is there it needs a label for another deed, as every other asset.
    """
    issued.scan(event, slot(3), "LT-11")
    queues.remove(issued.at, issued.desk, issued.queue, [3])
    assert issued.held("LT-41") == "slot_used"
    assert places(issued.scan("LT-11")) == ["CASE-01 slot 3"]
    assert said(issued.scan("LT-11", "LT-41")) == ["Repeated", "slot_used"]
    issued.scan(UPDATE if event == SCAN else SCAN)
    assert issued.held("LT-11") == "slot_used"
    issued.scan(event)
    queues.remove(issued.at, issued.desk, issued.queue, [5, 6])
    issued.held(slot(99))
    assert issued.held("LT-11") == "place_removed"


def test_a_slot_typed_by_hand_is_for_one_asset_too(ben: Taker) -> None:
    """Nobody labelled it, so one into which nothing was put is no question."""
    ben.sets("SCAN", case_name="CASE-01", slot_position=2, equipment_type="laptop")
    assert places(ben.scan("LT-1")) == ["CASE-01 slot 2"]
    assert ben.held("LT-2") == "slot_used"
    ben.sets("SCAN", case_name="CASE-01", slot_position=1, equipment_type="laptop")
    assert said(ben.scan(slot(3), "LT-3")) == ["ContextSet", "RowMeant"]


def test_what_goes_into_no_slot_needs_no_label(ben: Taker) -> None:
    """An asset that is given away goes to whoever gets it, and the card of no slot or a case says another place."""
    ben.stock("LT-1")
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan(slot(3), "LT-3", ISSUE, badge(ben.at))
    assert said(ben.scan("LT-1")) == ["RowMeant"]
    ben.scan(SCAN, card(CardKind.CASE, "OUT"))
    assert places(ben.scan("LT-4")) == ["OUT"]
    ben.scan(slot(3), "LT-5", "CASE-01")
    assert places(ben.scan("LT-6")) == ["CASE-01 slot 2"]


def test_an_asset_that_the_queue_has_already_changes_nothing(ben: Taker) -> None:
    """It stays where its first scan puts it, whatever label was used since."""
    ben.sets("SCAN", equipment_type="laptop")
    assert said(ben.scan(slot(1), "LT-1", slot(2), "LT-2", "LT-1", "LT-2")) == [
        "ContextSet", "RowMeant", "ContextSet", "RowMeant", "Repeated", "Repeated",
    ]  # fmt: skip


def test_a_label_after_one_that_nothing_was_put_into_is_held_and_holds(ben: Taker) -> None:
    """Perhaps an asset is missing; the same label once more is fine, and so is one whose asset was taken back."""
    ben.sets("SCAN", equipment_type="laptop")
    assert said(ben.scan(slot(1), slot(1))) == ["ContextSet", "ContextSet"]
    (line,) = ben.scan(slot(2))
    assert message(line).startswith("No asset was put into CASE-01 slot 1 after its label")
    assert places(ben.scan("LT-1")) == ["CASE-01 slot 2"]
    ben.scan(UNDO)
    assert said(ben.scan(slot(3))) == ["ContextSet"]
    assert ben.held(card(CardKind.CASE, "OUT")) == "label_without_asset"
    assert ben.queue.context.unslotted


def test_a_label_whose_asset_was_given_away_had_none_put_into_it(ben: Taker) -> None:
    """The slot is as empty as after a label without an asset; said of it once."""
    ben.stock("LT-1")
    ben.scan(ISSUE, badge(ben.at), slot(3), "LT-1")
    assert ben.held(slot(3)) == "label_without_asset"
    assert ben.queue.context.used is None
    assert said(ben.scan(slot(3))) == ["ContextSet"]


def test_a_case_ends_the_label_of_a_slot_before_it(issued: Taker) -> None:
    """It says where the next ones go, or brings its assets, each to its own place; an unknown one changes nothing."""
    issued.scan(RETURN, slot(3))
    assert issued.held(card(CardKind.CASE, "CASE-77")) == "case_not_known"
    assert issued.queue.context.slot_position == 3
    assert said(issued.scan("CASE-02")) == ["label_without_asset", "RowMeant"]
    assert places(list(queues.review(issued.at, issued.desk, issued.queue).lines)) == ["CASE-02 slot 1"]
    assert [scan.number for scan in issued.queue.scans] == list(range(1, 6))
    issued.station.case("CASE-03", 2)
    issued.scan(slot(2), "LT-11")
    assert issued.held("CASE-03") == "case_has_nothing"
    assert issued.queue.context.used == UsedSlot(2, "LT-11")
    issued.scan(SCAN, slot(3))
    assert issued.held("CASE-03") == "label_without_asset"
    assert (issued.queue.context.case_name, issued.queue.context.fills) == ("CASE-03", True)


# Rounds


def test_after_an_end_card_nothing_goes_to_the_last_person(issued: Taker) -> None:
    """What comes next is held until an event is said, whatever else is; what is of the whole batch stays."""
    issued.sets("RETURN", due_on="2099-01-01")
    issued.scan("LT-11", "LT-41")
    issued.commit()
    issued.sets("SCAN", due_on="2099-01-01", equipment_type="laptop")
    (line,) = issued.scan(ISSUE, badge(issued.at), "LT-11", card(CardKind.END, "1"))[3:]
    assert isinstance(line.scan.meant, ContextSet)
    assert issued.queue.context == Context(due_on="2099-01-01", equipment_type="laptop", ended=True)
    (line,) = issued.scan("LT-41")
    assert said([line]) == ["round_ended"]
    assert message(line).startswith("Asset LT-41 was scanned while no event held")
    issued.scan(badge(issued.at))
    assert issued.held("LT-41") == "round_ended"
    issued.scan(ISSUE)
    assert said(issued.scan("LT-41")) == ["RowMeant"]


def test_an_end_card_counts_different_assets_of_its_round(ben: Taker) -> None:
    """Held ones and each once, those of the round before not; read twice at once it is one card, later another."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-1", "LT-2", "LT-1", "no tag!", END)
    ben.scan(SCAN, "LT-3", ISSUE, "LT-4")
    one, two = card(CardKind.END, "1"), card(CardKind.END, "02")
    assert said(ben.scan(two, two)) == ["ContextSet", "ContextSet"]
    assert ben.held(one) == "end_count_differs"
    ben.later(11)
    assert ben.held(one) == "end_count_differs"
    assert ben.queue.context.ended


def test_an_end_card_that_was_held_and_removed_ended_nothing_that_counts(ben: Taker) -> None:
    """Whoever finds the missing asset removes the card, scans the asset and the card again."""
    ben.sets("SCAN", equipment_type="laptop")
    end = card(CardKind.END, "2")
    ben.scan("LT-1")
    (line,) = ben.scan(end)
    assert "{said}" not in message(line)
    assert "Scanned since the last begin or end card: 1." in message(line)
    queues.remove(ben.at, ben.desk, ben.queue, [line.scan.number])
    ben.later(11)
    assert said(ben.scan(SCAN, "LT-2", end)) == ["ContextSet", "RowMeant", "ContextSet"]


def test_an_end_card_ends_the_label_before_it(ben: Taker) -> None:
    """Both are said where the number is wrong too."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-1", slot(1))
    assert said(ben.scan(card(CardKind.END, "3"))) == ["label_without_asset", "end_count_differs"]


def test_the_begin_card_of_nobody_here_is_held(ben: Taker) -> None:
    """A card of another station, or of a number or name that nobody has: rows would be said to be ben's."""
    ben.scan(ISSUE, badge(ben.at))
    for begun in ("KIM", "99", str(10**20)):
        (line,) = ben.scan(card(CardKind.BEGIN, begun))
        assert said([line]) == ["begin_of_nobody"]
        assert f"names account {begun}, which this station does not know" in message(line)
    own = begin_card(ben.at, "ben")
    number = str(ben.account.account_id)
    assert own.startswith(f"AT B{number}")
    assert ben.held(card(CardKind.BEGIN, number)) == "begin_not_ours"
    assert ben.queue.context.ended
    assert ben.held("LT-1") == "round_ended"


def test_the_begin_card_of_somebody_else_is_held(ben: Taker) -> None:
    """Each row carries whoever is signed in, and that is said; the own card begins, by number or by name."""
    accounts.register(ben.at, "mara", role="operator")
    (line,) = ben.scan(begin_card(ben.at, "mara"))
    assert said([line]) == ["begin_of_other"]
    assert "is of mara, and ben is signed in: what is scanned here is recorded as scanned by ben." in message(line)
    assert ben.held(card(CardKind.BEGIN, "MARA")) == "begin_of_other"
    for own in (begin_card(ben.at, "ben"), card(CardKind.BEGIN, "BEN")):
        assert said(ben.scan(own)) == ["ContextSet"]
        assert ben.held("LT-1") == "round_ended"


@pytest.mark.parametrize("before", ["", SCAN, ISSUE], ids=["nothing", "scan", "issue"])
def test_after_the_own_begin_card_the_event_has_to_be_said(ben: Taker, before: str) -> None:
    """As among the scans of a pocket scanner, whatever held before; by a card or by hand, and then it holds."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan(*[each for each in (before, badge(ben.at)) if each], begin_card(ben.at, "ben"), badge(ben.at))
    (line,) = ben.scan("LT-1")
    assert said([line]) == ["round_ended"]
    assert message(line).startswith("Asset LT-1 was scanned while no event held")
    assert said(ben.scan(SCAN, "LT-1")) == ["ContextSet", "RowMeant"]
    ben.scan(begin_card(ben.at, "ben"))
    ben.sets("SCAN", equipment_type="laptop")
    assert said(ben.scan("LT-2")) == ["RowMeant"]


def test_the_begin_card_forgets_what_the_next_scans_were_and_not_what_is_of_the_batch(ben: Taker) -> None:
    """A day on which all of it is due back was said of the scans before it too; a label before it is ended."""
    ben.sets("ISSUE", holder="Jane Smith", due_on="2099-01-01", notes="x", equipment_type="laptop")
    ben.scan(slot(1))
    assert ben.held(begin_card(ben.at, "ben")) == "label_without_asset"
    assert ben.queue.context == Context(due_on="2099-01-01", equipment_type="laptop", ended=True)


# Undo


def test_an_undo_card_with_nothing_before_it_says_so(ben: Taker) -> None:
    """Nothing was taken back, and the line says nothing else."""
    (line,) = ben.scan(UNDO)
    assert line.scan.meant == Undone(None)
    ben.sets("SCAN", equipment_type="laptop")
    ben.later(11)
    assert said(ben.scan("LT-1", UNDO)) == ["RowMeant", "Undone LT-1"]
    ben.later(11)
    assert said(ben.scan(UNDO)) == ["Undone"]


@pytest.mark.parametrize("between", [UPDATE, "no tag!", "CASE-01", "AT UX", END])
def test_an_undo_card_after_anything_else_takes_back_no_asset(ben: Taker, between: str) -> None:
    """The asset before it is not the scan before: whether it is meant nobody can tell."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-1", between)
    (line,) = ben.scan(UNDO)
    assert message(line).startswith(f"The undo card came after '{between}'. Whether an asset is meant, and which, is")
    ben.later(11)
    assert ben.held(UNDO) == "undo_of_what"
    assert not any(scan.removed for scan in ben.queue.scans)


def test_an_undo_card_read_twice_at_once_takes_back_one(ben: Taker) -> None:
    """Later it takes back the asset before, and whether it was held does not matter."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-1", "LT-2", ISSUE)
    ben.scan("LT-3")
    assert said(ben.scan(UNDO, UNDO, UNDO)) == ["Undone LT-3", "undo_again", "undo_again"]
    assert [scan.typed for scan in ben.queue.scans if scan.removed] == ["LT-3"]
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-4", "LT-5\n" + UNDO)
    ben.later(11)
    assert said(ben.scan(UNDO)) == ["Undone LT-4"]


def test_what_was_removed_by_hand_is_not_what_an_undo_card_passes_over(ben: Taker) -> None:
    """Nor one that was brought back since; what an undo card took back is passed over."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-1", "LT-2")
    queues.remove(ben.at, ben.desk, ben.queue, [2])
    (line,) = ben.scan(UNDO)
    assert "came after 'LT-2', which is removed" in message(line)
    ben.scan("LT-3", UNDO)
    (gone,) = [scan for scan in ben.queue.scans if scan.typed == "LT-3"]
    assert gone.removed_at is not None
    queues.bring_back(ben.desk, ben.queue, gone.removed_at)
    ben.later(11)
    assert said(ben.scan(UNDO)) == ["Undone LT-3"]


def test_an_asset_read_twice_is_not_taken_back_by_one_card(ben: Taker) -> None:
    """Whether both readings are meant is not clear; scanned again later, the repeat is taken back."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-1", "LT-1")
    (line,) = ben.scan(UNDO)
    assert "came after 'LT-1', read twice" in message(line)
    ben.scan("LT-2")
    ben.later(11)
    assert said(ben.scan("LT-2", UNDO)) == ["Repeated", "Undone LT-2"]
    assert [scan.meant for scan in ben.queue.scans if scan.typed == "LT-2" and not scan.removed] == [
        RowMeant(TypedRow("SCAN", "LT-2", equipment_type="laptop"))
    ]


def test_a_case_that_brought_several_assets_is_not_taken_back_in_part(ben: Taker) -> None:
    """One undo card can't mean all of them; where the case brought one, it is that one."""
    ben.station.case("CASE-02", 1)
    ben.stock("LT-1", "LT-2")
    ben.scan(ISSUE, badge(ben.at), "CASE-01")
    (line,) = ben.scan(UNDO)
    assert "came after 'CASE-01', which brought several assets" in message(line)
    ben.sets("UPDATE")
    ben.scan(slot(1, "CASE-02"), "LT-1")
    assert said(ben.scan(UNDO)) == ["Undone LT-1"]


def test_the_slot_of_an_asset_that_was_taken_back_waits_for_the_next(ben: Taker) -> None:
    """As if that one had not been scanned; what was repeated is there still, and its slot with it."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan(slot(2), "LT-1", UNDO)
    assert places(ben.scan("LT-2")) == ["CASE-01 slot 2"]
    ben.later(11)
    ben.scan("LT-2")
    assert said(ben.scan(UNDO)) == ["Undone LT-2"]
    assert ben.held("LT-3") == "slot_used"


def test_where_no_rounds_are_scanned_their_cards_mean_nothing(ben: Taker) -> None:
    """On the pages of a count or of a list to hand over; what an undo card takes back there is theirs to say."""
    own = begin_card(ben.at, "ben")
    with ben.at.store.read() as snapshot:
        reader = ScanReader(snapshot, (), Context("ISSUE", holder="Jane Smith"), read_gs1=ben.at.read_gs1)
        for typed in (END, own):
            assert reader.understand(typed)[0] == [Held("card_not_here", {"card": typed})]
        assert reader.understand(UNDO) == ([Undone(None)], Context("ISSUE", holder="Jane Smith"))


# Queues that an earlier version kept


def test_a_queue_of_before_means_what_it_meant(ben: Taker) -> None:
    """Its context knows no label that was used and no round that ended; the next scans are taken as they were then."""
    assert read_context('{"event_type":"RETURN","case_name":"CASE-01"}') == Context("RETURN", "CASE-01")
    ben.desk.add_scans(
        ben.queue.row.queue_id,
        [
            ("2026-01-01T10:00:00.000000Z", "LT-1", '{"type":"row","row":{"event_type":"SCAN","asset_tag":"LT-1"}}'),
            ("2026-01-01T10:00:01.000000Z", card(CardKind.END, "1"), '{"type":"context","context":{}}'),
            ("2026-01-01T10:00:02.000000Z", "LT-1", '{"type":"repeated","number":1}'),
            ("2026-01-01T10:00:03.000000Z", UNDO, '{"type":"undone","number":null}'),
        ],
        '{"case_name":"CASE-01","type_of_next":"laptop"}',
    )
    assert said(ben.scan(UNDO)) == ["undo_of_what"]
    assert places(ben.scan("LT-2")) == ["None"]
    assert said(ben.scan(card(CardKind.END, "2"))) == ["ContextSet"]
