"""What a card or label said holds no more once it is removed from the queue, and nothing goes back to an earlier one.

As where a pocket scanner read it and it was left out (`test_scan_doubts`).
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assettrack.domain.cards import CardKind
from assettrack.domain.queued_scans import Context, ContextSet, Held, RowMeant
from assettrack.domain.said_contexts import has_place
from assettrack.domain.tags import OUT
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import holders, queues
from tests.services.printed import badge, begin_card, elsewhere, misread
from tests.services.test_intake_rounds import END, ISSUE, RETURN, SCAN, UNDO, UPDATE, message, said, slot
from tests.services.test_queues import Taker, ben, card, places

__all__ = ["ben"]

RETIRE, NO_SLOT = card(CardKind.EVENT, "RETIRE"), card(CardKind.CASE, "OUT")


def remove(ben: Taker, *numbers: int) -> str:
    """Take scans out; return when it was."""
    return queues.remove(ben.at, ben.desk, ben.queue, numbers)


def rows(ben: Taker) -> list[TypedRow]:
    """Return the rows of the queue."""
    return [scan.meant.row for scan in ben.queue.scans if isinstance(scan.meant, RowMeant) and not scan.removed]


def test_after_a_badge_was_removed_nobody_is_named(ben: Taker) -> None:
    """Neither the removed one nor, as a guess, the one before; what was scanned for them stays theirs."""
    ben.stock("LT-1", "LT-2")
    ben.scan(ISSUE, badge(ben.at), badge(ben.at, "Tom Blank"), "LT-1")
    remove(ben, 3)
    assert (ben.queue.context.holder, ben.queue.context.holder_id) == ("", None)
    assert ben.held("LT-2") == "holder_not_said"
    assert [(row.asset_tag, row.issued_to_name) for row in rows(ben)] == [("LT-1", "Tom Blank")]
    ben.scan("jane smith")
    remove(ben, 5)
    ben.scan("LT-2")
    assert [row.issued_to_name for row in rows(ben)] == ["Tom Blank", "Jane Smith"]


@pytest.mark.parametrize("how", ["name", "badge"])
def test_the_name_of_a_person_is_as_good_as_the_badge(ben: Taker, how: str) -> None:
    """Removed, either holds no more; an earlier one that is removed ends nothing."""
    ben.scan(ISSUE, badge(ben.at), "tom blank" if how == "name" else badge(ben.at, "Tom Blank"))
    remove(ben, 2)
    assert ben.queue.context.holder == "Tom Blank"
    remove(ben, 3)
    assert ben.queue.context.holder == ""


@pytest.mark.parametrize(
    "label", ["CASE-01", "case-01", "CASE-01 SLOT 2", slot(2), card(CardKind.CASE, "CASE-01"), NO_SLOT]
)
@pytest.mark.parametrize("event", [SCAN, RETURN, UPDATE])
def test_after_a_label_was_removed_the_next_asset_is_held(ben: Taker, label: str, event: str) -> None:
    """Whatever it named, and whatever is scanned: its place is asked, and not its home or no slot taken for it."""
    ben.stock("LT-1")
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("CASE-01", label)
    remove(ben, 2)
    ben.scan(event)
    assert ben.held("LT-1") == "place_removed"
    assert (ben.queue.context.case_name, ben.queue.context.unslotted) == ("", False)
    (line,) = [line for line in queues.review(ben.at, ben.desk, ben.queue).lines if line.problems]
    assert message(line).startswith("What said where asset LT-1 goes was held or removed, and nothing said it since")


@pytest.mark.parametrize("again", ["CASE-01 SLOT 2", NO_SLOT])
def test_another_label_says_it_anew(ben: Taker, again: str) -> None:
    """So does the form; and what is given to somebody needs no place."""
    ben.stock("LT-1")
    ben.sets("UPDATE")
    ben.scan("CASE-01 SLOT 3")
    remove(ben, 1)
    ben.scan(ISSUE, badge(ben.at))
    assert said(ben.scan("LT-1")) == ["RowMeant"]
    remove(ben, 4)
    ben.scan(UPDATE, again)
    assert places(ben.scan("LT-1")) == ["OUT" if again == NO_SLOT else "CASE-01 slot 2"]


def test_a_case_that_is_returned_whole_after_a_label_was_removed(ben: Taker) -> None:
    """Its label says where each belongs: nothing of it is held."""
    ben.stock("LT-1", "LT-2")
    ben.sets("ISSUE", holder="Jane Smith")
    ben.scan("LT-1", "LT-2")
    ben.commit()
    ben.scan(RETURN, "CASE-01 SLOT 3")
    remove(ben, 2)
    assert places(ben.scan("CASE-01")) == ["CASE-01 slot 1", "CASE-01 slot 2"]


def test_a_label_that_was_used_is_removed_and_its_asset_stays(ben: Taker) -> None:
    """The row is as its line said; the next asset needs a label, and the slot is not missed as one left empty."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("CASE-01 SLOT 2", "LT-1")
    when = remove(ben, 1)
    assert [str(row.place) for row in rows(ben)] == ["CASE-01 slot 2"]
    assert ben.held("LT-2") == "place_removed"
    queues.bring_back(ben.desk, ben.queue, when)
    assert ben.held("LT-3") == "slot_used"
    remove(ben, 1)
    assert said(ben.scan("CASE-01 SLOT 3")) == ["ContextSet"]


@pytest.mark.parametrize("event", [SCAN, ISSUE, RETURN, UPDATE, RETIRE])
def test_after_the_card_of_an_event_was_removed_nothing_is_known(ben: Taker, event: str) -> None:
    """It is not the event with which a queue begins, nor the one before."""
    ben.stock("LT-1")
    ben.scan(event)
    remove(ben, 1)
    assert ben.queue.context == Context(ended=True)
    assert ben.held("LT-1") == "round_ended"
    ben.scan(UPDATE)
    assert said(ben.scan("LT-1")) == ["RowMeant"]


def test_a_card_that_ended_or_began_a_round_leaves_nothing_when_it_is_removed(ben: Taker) -> None:
    """What held before it is not known to hold again; what was scanned after it does."""
    for border in (END, begin_card(ben.at, "ben")):
        ben.scan(ISSUE, badge(ben.at), "CASE-01", border)
        number = ben.queue.scans[-1].number
        ben.scan(badge(ben.at, "Tom Blank"))
        remove(ben, number)
        assert ben.queue.context == Context(ended=True, holder="Tom Blank", holder_id=2)
        ben.later(60)


def test_what_was_said_by_hand_since_stays(ben: Taker) -> None:
    """The form says all of it again: what it says otherwise is by hand, and what it repeats is still the card's."""
    ben.scan(RETIRE, badge(ben.at))
    ben.sets("ISSUE", holder="Jane Smith", holder_id=1, notes="for the lab")
    when = remove(ben, 1, 2)
    assert ben.queue.context == Context("ISSUE", notes="for the lab")
    ben.sets("ISSUE", holder="Tom Blank", holder_id=2)
    assert queues.bring_back(ben.desk, ben.queue, when) == 2
    assert ben.queue.context == Context("ISSUE", holder="Tom Blank", holder_id=2)


def test_a_held_label_holds_when_it_is_removed_as_its_line_says(ben: Taker) -> None:
    """Removing it answers that none is missing; the label before it does not end it."""
    ben.sets("SCAN", equipment_type="laptop")
    assert said(ben.scan("CASE-01 SLOT 1", "CASE-01 SLOT 2")) == ["ContextSet", "label_without_asset"]
    remove(ben, 2)
    remove(ben, 1)
    assert places(ben.scan("LT-1")) == ["CASE-01 slot 2"]


@pytest.mark.parametrize("before", ["CASE-01 SLOT 1", NO_SLOT])
def test_a_case_of_which_nothing_is_meant_ends_the_place_before_it(ben: Taker, before: str) -> None:
    """What comes next goes neither there nor home: removed with all that holds it up, the label asks again where."""
    ben.scan(RETURN, before)
    lines = ben.scan("CASE-01")
    assert said(lines)[-1] == "case_has_nothing"
    assert ben.queue.context.place_removed
    remove(ben, *(line.scan.number for line in lines))
    assert ben.queue.context.place_removed
    when = remove(ben, 2)
    queues.bring_back(ben.desk, ben.queue, when)
    assert ben.queue.context.place_removed
    assert ben.held("LT-1") == "place_removed"


def test_a_case_of_which_nothing_is_meant_leaves_it_where_no_place_was_said(ben: Taker) -> None:
    """What comes back goes into its own slot, as before."""
    ben.scan(RETURN, "CASE-01")
    assert ben.queue.context == Context("RETURN")


@pytest.mark.parametrize("event", [UPDATE, ISSUE, RETIRE])
@pytest.mark.parametrize("before", ["CASE-02", "CASE-02 SLOT 3", NO_SLOT])
def test_the_label_of_a_case_ends_the_place_before_it(ben: Taker, before: str, event: str) -> None:
    """Its assets don't go there, nor does what is scanned after them; only a place chosen by hand is theirs too."""
    ben.stock("LT-1")
    ben.station.case("CASE-02", 3)
    ben.scan(before, badge(ben.at), event)
    *_, line = ben.scan("CASE-01")
    assert isinstance(line.scan.meant, RowMeant)
    assert (line.scan.meant.row.asset_tag, line.scan.meant.row.place) == ("LT-1", OUT if event == ISSUE else None)
    assert not has_place(ben.queue.context)


def test_a_card_brought_back_says_what_it_said(ben: Taker) -> None:
    """All of it that nobody said since."""
    ben.scan(ISSUE, badge(ben.at), NO_SLOT)
    when = remove(ben, 1, 2, 3)
    assert ben.queue.context == Context(ended=True, place_removed=True)
    ben.scan(RETURN)
    queues.bring_back(ben.desk, ben.queue, when)
    assert ben.queue.context == Context("RETURN", holder="Jane Smith", holder_id=1, unslotted=True)


UNKNOWN = {
    "ELSEWHERE": ("holder",),
    "SLOT 99": ("place",),
    "CASE-77": ("place",),
    "MISREAD": ("event", "holder", "place"),
}
"""Cards and labels that name nothing known here, and what nobody knows then; of a plain name too."""

WORDS = ("SCAN", "RETURN", "ISSUE", "JANE", "TOM", "CASE", "SLOT 1", "SLOT 2", "OUT", "END", "BEGIN", *UNKNOWN)
DEEDS = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(
        ["LT-1", "LT-2", "LT-7", "LT-8", "UNDO", "back", "by hand event", "by hand holder", "by hand case"]
    ),
    st.integers(0, 9),
)
"""What may happen: a card, an asset, or the number of a line from below that is removed."""

NOTHING: dict[str, object] = {"event": None, "holder": "", "place": ("", False, None)}


class Told:
    """The rule, told again: of each kind the last that was said holds, unless the scan that said it is removed."""

    def __init__(self, ben: Taker) -> None:
        self.ben = ben
        self.latest: dict[str, tuple[int, object]] = {
            "event": (0, "SCAN"),
            "holder": (0, ""),
            "place": (0, ("", False, None)),
        }
        self.texts = {
            "SCAN": SCAN, "RETURN": RETURN, "ISSUE": ISSUE, "JANE": badge(ben.at), "TOM": "tom blank",
            "CASE": "CASE-01", "SLOT 1": "CASE-01 SLOT 1", "SLOT 2": slot(2), "OUT": NO_SLOT, "END": END,
            "UNDO": UNDO, "BEGIN": begin_card(ben.at, "ben"), "ELSEWHERE": elsewhere(badge(ben.at)),
            "SLOT 99": slot(99), "MISREAD": misread(ISSUE),
        }  # fmt: skip

    def says(self, word: str) -> dict[str, object]:
        """What a card or label says."""
        if word in {"END", "BEGIN"}:
            return dict(NOTHING)
        if word in {"SCAN", "RETURN", "ISSUE"}:
            return {"event": word}
        if word in {"JANE", "TOM"}:
            return {"holder": {"JANE": "Jane Smith", "TOM": "Tom Blank"}[word]}
        where = {"CASE": ("CASE-01", False, None), "SLOT 1": ("CASE-01", False, 1), "SLOT 2": ("CASE-01", False, 2)}
        return {"place": where.get(word, ("", True, None))}

    @property
    def removed(self) -> set[int]:
        """The scans that are removed."""
        return {scan.number for scan in self.ben.queue.scans if scan.removed}

    def scans(self, word: str) -> None:
        """Scan, and note what that said: nobody takes it back but by removing a line that says it."""
        before, context = self.holding(), self.ben.queue.context
        lines = self.ben.scan(self.texts.get(word, word))
        first = lines[0].scan
        if word not in WORDS:
            return
        if word in UNKNOWN:
            is_held = isinstance(first.meant, Held)  # else CASE-77 is an asset: for a SCAN alone it may be a case too
            self.latest |= {kind: (0, NOTHING[kind]) for kind in UNKNOWN[word] if is_held}
        elif isinstance(first.meant, ContextSet):
            self.latest |= {kind: (first.number, value) for kind, value in self.says(word).items()}
        elif isinstance(first.meant, Held) and first.meant.reason in {"label_without_asset", "end_count_differs"}:
            is_whole = word == "CASE" and before["event"] not in {"SCAN", None}
            told = {"place": NOTHING["place"]} if is_whole else self.says(word)
            self.latest |= {kind: (0, value) for kind, value in told.items()}
        elif word == "CASE":
            brings_nothing = said(lines) == ["case_has_nothing"]
            is_label = has_place(context) and not context.by_hand
            if has_place(context) if brings_nothing else is_label or context.used:
                self.latest["place"] = (0, NOTHING["place"])  # any place is ended, or what a label or card said

    def by_hand(self, deed: str) -> None:
        """Say one thing in the form, which says all else again as its page showed it."""
        context = self.ben.queue.context
        told: dict[str, object] = {"holder": "Anna Hill", "holder_id": 3} if deed == "by hand holder" else {}
        if deed == "by hand case":
            told = {"case_name": "CASE-02", "slot_position": None, "fills": True, "unslotted": False, "by_hand": True}
        event = "UPDATE" if deed == "by hand event" else context.event_type
        kept = {
            name: getattr(context, name)
            for name in ("holder_id", "case_name", "slot_position", "unslotted", "holder", "fills", "by_hand")
        }
        kept["fills"] = bool(kept["case_name"]) and not kept["slot_position"]
        self.ben.sets(event, **(kept | told))
        now, before = shown(self.ben.queue.context), shown(context)
        self.latest |= {kind: (0, now[kind]) for kind in now if now[kind] != before[kind]}
        if context.place_removed:
            self.latest["place"] = (0, now["place"])

    def holding(self) -> dict[str, object]:
        """What holds by the rule."""
        gone = self.removed
        return {kind: NOTHING[kind] if number in gone else value for kind, (number, value) in self.latest.items()}


def shown(context: Context) -> dict[str, object]:
    """What holds by the queue."""
    used = None if context.used is None else context.used.slot_position
    place = (context.case_name, context.unslotted, context.slot_position or used)
    return {
        "event": None if context.ended else context.event_type,
        "holder": context.holder,
        "place": NOTHING["place"] if context.place_removed else place,
    }


@pytest.fixture
def room(ben: Taker) -> Taker:
    """Return somebody at a station with assets in a case, another case, and another holder."""
    ben.station.case("CASE-02", 3)
    holders.register(ben.at, "Anna Hill")
    ben.stock("LT-1", "LT-2")
    return ben


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(deeds=st.lists(DEEDS, min_size=2, max_size=14))
def test_whatever_is_scanned_removed_and_brought_back_the_context_is_as_the_rule_says(
    room: Taker, deeds: list[str | int]
) -> None:
    """Of event, person and place the last that was said holds; where that was removed, nothing does."""
    ben, told = room, Told(room)
    queues.clear(ben.at, ben.desk, ben.queue)
    for deed in deeds:
        ben.later(60)
        present = [scan for scan in ben.queue.scans if not scan.removed]
        if isinstance(deed, int):
            if deed < len(present):
                remove(ben, present[-1 - deed].number)
        elif deed == "back":
            moments = sorted({scan.removed_at for scan in ben.queue.scans if scan.removed_at})
            if moments:
                queues.bring_back(ben.desk, ben.queue, moments[-1])
        elif deed.startswith("by hand"):
            told.by_hand(deed)
        else:
            told.scans(deed)
        assert shown(ben.queue.context) == told.holding(), deed
