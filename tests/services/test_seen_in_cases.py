"""The label of a case says where an asset is seen: elsewhere than recorded it is told, as with the label of a slot."""

import msgspec
import pytest

from assettrack.domain.cards import CardKind
from assettrack.domain.queued_scans import Held, Repeated
from assettrack.domain.scans import EventType
from assettrack.domain.tags import OUT, Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import assets, queues
from assettrack.services.queue_lines import Line
from tests.services.test_next_free_slots import colleague
from tests.services.test_queues import Taker, ben, card

__all__ = ["ben"]

ELSEWHERE = "Asset LT-1 was seen in CASE-02, but is recorded {where}. Nothing changes."


@pytest.fixture
def stocked(ben: Taker) -> Taker:
    """Return somebody at a station with LT-1 and LT-2 in one case of two."""
    ben.station.case("CASE-02", 3)
    ben.stock("LT-1", "LT-2")
    return ben


def lines(ben: Taker) -> list[Line]:
    """The lines of all rows as they are now."""
    return [line for line in queues.review(ben.at, ben.desk, ben.queue).lines if line.change]


def notices(line: Line) -> list[str]:
    """What is said about a line."""
    return [found.message for found in line.notices if found.code != "late_sighting"]


def test_after_the_label_of_another_case_it_is_told_where_the_asset_is_recorded(stocked: Taker) -> None:
    """In the words that a slot's label brings, on the scan's line; it stays where it is recorded, and the log too."""
    stocked.sets("SCAN")
    (line,) = stocked.scan("CASE-02", "LT-1")[1:]
    assert line.colour == "note"
    assert notices(line) == [ELSEWHERE.format(where="in CASE-01 slot 1")]
    review = queues.review(stocked.at, stocked.desk, stocked.queue)
    assert review.plan is not None
    assert [(found.code, found.row_number) for found in review.plan.notices] == [("sighted_elsewhere", 1)]
    stocked.commit()
    assert assets.asset(stocked.at, "LT-1").where == "in CASE-01 slot 1"


def test_a_case_and_its_slot_are_told_alike(stocked: Taker) -> None:
    """The same finding, of the case where that alone is known."""
    stocked.sets("SCAN")
    lines = stocked.scan("CASE-02 SLOT-03", "LT-1", "CASE-02", "LT-2")
    assert [[found.code for found in line.notices] for line in lines] == [
        [], ["sighted_elsewhere"], [], ["sighted_elsewhere"],
    ]  # fmt: skip
    assert [notices(lines[1])[0].split(" but ")[0], notices(lines[3])[0].split(" but ")[0]] == [
        "Asset LT-1 was seen in CASE-02 slot 3,",
        "Asset LT-2 was seen in CASE-02,",
    ]


def test_after_the_label_of_its_own_case_nothing_is_told(stocked: Taker) -> None:
    """In whatever slot of it, nobody said another."""
    stocked.sets("SCAN")
    (line,) = stocked.scan("CASE-01", "LT-2")[1:]
    assert (line.colour, notices(line)) == ("ok", [])


@pytest.mark.parametrize(
    ("event", "said", "where"),
    [
        ("ISSUE", {"holder": "Jane Smith"}, "in custody of Jane Smith"),
        ("RETIRE", {"notes": "broken"}, "retired"),
        ("UPDATE", {"unslotted": True}, "in storage, in no slot"),
    ],
)
def test_it_is_told_of_what_is_recorded_in_no_slot(
    stocked: Taker, event: EventType, said: dict[str, object], where: str
) -> None:
    """With a holder, retired or unslotted: what this notice says of that is not said a second time."""
    stocked.sets(event, **said)
    stocked.scan("LT-1")
    stocked.commit()
    stocked.sets("SCAN")
    (line,) = stocked.scan("CASE-02", "LT-1")[1:]
    assert notices(line) == [ELSEWHERE.format(where=where)]


def test_it_is_judged_by_what_is_recorded_when_it_is_looked_at(stocked: Taker) -> None:
    """Moved by somebody meanwhile, one is where it was seen, and the other is not any more."""
    stocked.scan("CASE-02", "LT-1", "CASE-01", "LT-2")
    assert [notices(line) for line in lines(stocked)] == [[ELSEWHERE.format(where="in CASE-01 slot 1")], []]
    pia = colleague(stocked, "pia")
    pia.sets("UPDATE")
    pia.scan("CASE-02 SLOT-01", "LT-1", "CASE-02 SLOT-02", "LT-2")
    pia.commit()
    seen = "Asset LT-2 was seen in CASE-01, but is recorded in CASE-02 slot 2. Nothing changes."
    assert [notices(line) for line in lines(stocked)] == [[], [seen]]


def test_a_move_before_it_in_the_queue_counts(stocked: Taker) -> None:
    """By then it is recorded there."""
    stocked.sets("UPDATE")
    stocked.scan("CASE-02 SLOT-01", "LT-1")
    stocked.sets("SCAN")
    stocked.scan("CASE-02", "LT-1")
    assert [notices(line) for line in lines(stocked)] == [[], []]


def test_seen_in_two_cases_it_is_two_sightings(stocked: Taker) -> None:
    """As with the labels of two slots; seen twice in one it is one, also where the slot was said first.

    Seen in the first again after that, it is a third: rows apply in the order of the scans.
    """
    stocked.sets("SCAN")
    stocked.scan("CASE-01", "LT-1", "CASE-02", "LT-1", "LT-1", "CASE-01", "LT-1")
    assert [notices(line) for line in lines(stocked)] == [[], [ELSEWHERE.format(where="in CASE-01 slot 1")], []]
    (line,) = stocked.scan("CASE-02 SLOT-03", "LT-2", "CASE-02", "LT-2")[3:]
    assert isinstance(line.scan.meant, Repeated)


def test_of_two_sightings_each_comes_back_as_it_went(stocked: Taker) -> None:
    """They don't repeat one another: they were seen in two cases."""
    stocked.sets("SCAN")
    stocked.scan("CASE-01", "LT-1", "CASE-02", "LT-1")
    removed_at = queues.remove(stocked.at, stocked.desk, stocked.queue, [4])
    queues.bring_back(stocked.desk, stocked.queue, removed_at)
    assert [notices(line) for line in lines(stocked)] == [[], [ELSEWHERE.format(where="in CASE-01 slot 1")]]


def test_a_scan_changed_by_hand_was_seen_where_it_was_scanned(stocked: Taker) -> None:
    """Notes added, or another asset said; not where a slot is said, or that it is no sighting."""
    stocked.sets("SCAN")
    stocked.scan("CASE-02", "LT-2")
    queues.change(stocked.desk, stocked.queue, 2, TypedRow("SCAN", "LT-2", notes="dusty"))
    assert [found.code for found in lines(stocked)[0].notices] == ["sighted_elsewhere"]
    queues.change(stocked.desk, stocked.queue, 2, TypedRow("SCAN", "LT-1"))
    assert notices(lines(stocked)[0]) == [ELSEWHERE.format(where="in CASE-01 slot 1")]
    queues.change(stocked.desk, stocked.queue, 2, TypedRow("SCAN", "LT-1", place=Place("CASE-01", 1)))
    assert notices(lines(stocked)[0]) == []
    queues.change(stocked.desk, stocked.queue, 2, TypedRow("ISSUE", "LT-1", "Jane Smith", OUT))
    assert notices(lines(stocked)[0]) == []


def test_a_held_scan_that_is_an_asset_by_hand_was_seen_where_it_was_scanned(stocked: Taker) -> None:
    """Whichever it is, it lay in that case."""
    stocked.sets("SCAN")
    (line,) = stocked.scan("CASE-02", "LT 1")[1:]
    assert isinstance(line.scan.meant, Held)
    queues.change(stocked.desk, stocked.queue, 2, TypedRow("SCAN", "LT-1"))
    assert notices(lines(stocked)[0]) == [ELSEWHERE.format(where="in CASE-01 slot 1")]


def test_after_a_label_that_is_not_known_no_case_is_said(stocked: Taker) -> None:
    """Nobody knows where the asset was that is held then, and nobody says it who makes a row of it by hand."""
    stocked.sets("SCAN")
    (line,) = stocked.scan("CASE-02", "CASE-02 SLOT-99", "LT-1")[2:]
    assert isinstance(line.scan.meant, Held)
    queues.change(stocked.desk, stocked.queue, 3, TypedRow("SCAN", "LT-1"))
    assert notices(lines(stocked)[0]) == []


def test_after_the_card_of_no_slot_no_case_is_said(stocked: Taker) -> None:
    """In no slot is as much as blank, for a sighting."""
    stocked.sets("SCAN")
    (line,) = stocked.scan("CASE-02", card(CardKind.CASE, "OUT"), "LT-1")[2:]
    assert notices(line) == []


def test_a_queue_of_before_says_no_case() -> None:
    """Its rows were kept without."""
    kept = msgspec.json.encode(TypedRow("SCAN", "LT-1")).replace(b',"seen_in":""', b"")
    assert b"seen_in" not in kept
    assert msgspec.json.decode(kept, type=TypedRow) == TypedRow("SCAN", "LT-1")
