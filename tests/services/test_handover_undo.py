"""What an undo card takes off a hand-over list: the one asset just scanned, or nothing; with a walk by that rule."""

from collections.abc import Callable
from itertools import count
from random import Random

import msgspec
import pytest

from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.custody_drafts import CustodyDraft, HandoverEvent, read_draft, written_draft
from assettrack.domain.desk_errors import ScanNotAsShown
from assettrack.domain.shown_contexts import ShownContext
from assettrack.domain.tags import OUT, Place
from assettrack.services import custody_drafts, handover_scans, slots
from assettrack.services.custody_drafts import AtDesk
from assettrack.services.handover_scans import Taken
from assettrack.services.shown_lists import ShownList
from tests.services.desk import Desk, row
from tests.services.printed import badge

UNDO = written(Card(CardKind.UNDO))
SLOT_4 = written(Card(CardKind.SLOT, "CASE-01", 4))
NO_SLOT_OURS = written(Card(CardKind.SLOT, "CASE-01", 99))
NO_SLOT = written(Card(CardKind.CASE, "OUT"))
JUNK = "00:1A:2B:3C:4D:5E"
HELD, FOUR = Taken(unseen=1), Place("CASE-01", 4)
HOMES = {"A1": ("CASE-01", "1"), "A2": ("CASE-01", "2"), "A3": ("CASE-01", "3"), "B1": ("CASE-02", "1")}
IN_CASE = {"CASE-01": ["A1", "A2", "A3"], "CASE-02": ["B1"]}


@pytest.fixture
def ben(desk: Desk, at_desk: AtDesk) -> AtDesk:
    """Somebody whose every list has a name of its own, where CASE-01 holds three assets and CASE-02 one."""
    slots.initialise_cases(desk.workplace, [("CASE-02", 2)])
    desk.commit("".join(row(tag, place=home) for tag, home in HOMES.items()))
    numbers = count(1)
    salted = msgspec.structs.replace(at_desk.workplace, salt=lambda: next(numbers).to_bytes(16, "big"))
    return at_desk._replace(workplace=salted)


@pytest.fixture
def back(desk: Desk, ben: AtDesk) -> AtDesk:
    """The same, where all of them were issued to one person."""
    desk.commit("".join(row(tag, "ISSUE", "10:30") for tag in HOMES))
    return ben


def listed(at: AtDesk, event: HandoverEvent) -> CustodyDraft:
    """The list as it is."""
    return custody_drafts.current(at, event).draft


def scan(at: AtDesk, event: HandoverEvent, *texts: str) -> Taken:
    """Scan one after the other; return what came of the last."""
    return [handover_scans.take(at, event, text) for text in texts][-1]


@pytest.mark.parametrize("event", ["ISSUE", "RETURN", "TRANSFER"])
def test_an_undo_card_takes_off_the_asset_just_scanned_and_no_other(back: AtDesk, event: HandoverEvent) -> None:
    """Read twice, it takes off one: the second is held until somebody has seen it."""
    assert scan(back, event, "A1", "A2", UNDO) == Taken(undone="A2")
    assert scan(back, event, UNDO) == HELD
    draft = listed(back, event)
    assert draft.tags == ["A1"]
    assert [(each.typed, each.held.reason) for each in draft.unseen] == [(UNDO, "undo_of_what")]
    assert draft.unseen[0].held.finding.message == (
        "The undo card came after no scan that had just put one asset on the list. Whether an asset is meant, and "
        "which, is not clear. Remove the card; if an asset is meant, remove that too."
    )


@pytest.mark.parametrize("event", ["ISSUE", "RETURN"])
@pytest.mark.parametrize(
    "between", ["A1", "A2", "badge", SLOT_4, NO_SLOT, NO_SLOT_OURS, JUNK, "CASE-01", "B1\n" + JUNK]
)
def test_after_any_other_scan_an_undo_card_takes_nothing_off(
    desk: Desk, ben: AtDesk, event: HandoverEvent, between: str
) -> None:
    """Also an asset that was on the list already, whichever it was, and a case that brought several or none."""
    if event == "RETURN":
        desk.commit("".join(row(tag, "ISSUE", "10:30") for tag in HOMES))
    scan(ben, event, "A1", "A2", badge(ben.workplace) if between == "badge" else between)
    before = listed(ben, event).tags
    assert scan(ben, event, UNDO) == HELD
    assert listed(ben, event).tags == before


@pytest.mark.parametrize("text", [UNDO, f"Jane Smith\n{UNDO}", f"A1\n{UNDO}\n{UNDO}"])
def test_where_nothing_is_on_the_list_it_is_held_too(ben: AtDesk, text: str) -> None:
    """Somebody meant something by it: a person that was scanned, or an asset that went already."""
    assert scan(ben, "ISSUE", text).unseen == 1
    assert listed(ben, "ISSUE").tags == []


def test_the_one_asset_that_a_case_brings_is_taken_off_and_one_of_several_never(ben: AtDesk) -> None:
    """As in a queue; nor is it where all but one of the case are on the list already."""
    assert scan(ben, "ISSUE", "CASE-02", UNDO) == Taken(undone="B1")
    assert scan(ben, "ISSUE", "A1", "A2", "CASE-01", UNDO) == HELD
    assert listed(ben, "ISSUE").tags == ["A1", "A2", "A3"]


DEEDS: dict[str, Callable[[AtDesk, HandoverEvent], object]] = {
    "removed another": lambda at, event: custody_drafts.change(at, event, lambda draft: draft.without(["A1"])),
    "removed nothing": lambda at, event: custody_drafts.change(at, event, lambda draft: draft.without(["B1"])),
    "put": lambda at, event: custody_drafts.change(at, event, lambda draft: draft.put("A2", OUT)),
    "seen": lambda at, event: custody_drafts.change(at, event, lambda draft: draft.seen([1])),
    "named": lambda at, event: custody_drafts.name_holder(at, event, "Jane Smith"),
    "chosen": lambda at, event: custody_drafts.change(at, event, lambda draft: draft.with_assets(["A3"])),
    "checked": custody_drafts.fix_time,
}


@pytest.mark.parametrize("deed", DEEDS)
def test_after_anything_done_by_hand_an_undo_card_takes_nothing_off(back: AtDesk, deed: str) -> None:
    """Also where it changed nothing else: what is meant by the card then, nobody knows."""
    scan(back, "RETURN", "Jane Smith", "A1", "A2")
    DEEDS[deed](back, "RETURN")
    before = listed(back, "RETURN").tags
    assert scan(back, "RETURN", UNDO) == HELD
    assert listed(back, "RETURN").tags == before


def test_a_deed_asked_for_twice_is_done_all_the_same(back: AtDesk) -> None:
    """A second click on what was done already is no deed on another list, whatever was scanned meanwhile."""
    scan(back, "RETURN", "A1")
    kept = custody_drafts.current(back, "RETURN")
    shown = ShownList(kept.draft_id, kept.draft.mark_of(["A1"]), ["A1"])
    custody_drafts.change(back, "RETURN", lambda draft: draft.without(["A1"]), shown=shown)
    scan(back, "RETURN", "A2")
    custody_drafts.change(back, "RETURN", lambda draft: draft.without(["A1"]), shown=shown)
    assert listed(back, "RETURN").tags == ["A2"]


def test_of_a_list_that_was_put_aside_nothing_was_just_scanned(ben: AtDesk) -> None:
    """It may be of another day."""
    scan(ben, "ISSUE", "A1", "A2")
    aside = custody_drafts.current(ben, "ISSUE").draft_id
    custody_drafts.start_anew(ben, "ISSUE")
    custody_drafts.bring_back(ben, "ISSUE", aside)
    assert scan(ben, "ISSUE", UNDO) == HELD
    assert listed(ben, "ISSUE").tags == ["A1", "A2"]


def test_a_slot_waits_for_the_next_asset_once_its_own_is_taken_back(back: AtDesk) -> None:
    """As in a queue; what was said of no slot still holds, and after what went home the next goes home."""
    assert scan(back, "RETURN", SLOT_4, "A1", UNDO) == Taken(undone="A1")
    assert listed(back, "RETURN").place == FOUR
    scan(back, "RETURN", "A2", "A3", UNDO, "B1")
    assert [(line.asset_tag, line.place) for line in listed(back, "RETURN").lines] == [("A2", FOUR), ("B1", None)]
    assert scan(back, "RETURN", NO_SLOT, "A1", UNDO, "A3") == Taken(added=("A3",))
    assert listed(back, "RETURN").lines[-1].place == OUT


def test_a_label_that_a_case_ended_does_not_wait_again(back: AtDesk) -> None:
    """The slot was not for what the case brought: after it what comes next goes home."""
    assert scan(back, "RETURN", SLOT_4, "CASE-02", UNDO) == Taken(undone="B1")
    assert (listed(back, "RETURN").place, listed(back, "RETURN").place_removed) == (None, False)


def test_a_page_that_showed_no_slot_to_wait_puts_nothing_into_it(back: AtDesk) -> None:
    """The asset for which it was is taken back in another tab."""
    scan(back, "RETURN", SLOT_4, "A1")
    stale = ShownContext.of_draft(listed(back, "RETURN"))
    scan(back, "RETURN", UNDO)
    with pytest.raises(ScanNotAsShown, match="showed the slot it came from; scans go to CASE-01 slot 4 by now"):
        handover_scans.take(back, "RETURN", "A2", shown=stale)


def test_the_page_of_another_person_takes_nothing_off(desk: Desk, ben: AtDesk) -> None:
    """Whoever looked at it chose a person since the scan. On the page of the same person the asset is taken off."""
    jane, bob = (custody_drafts.registered(desk.workplace, name) for name in ("Jane Smith", "Bob Lee"))
    for text in ("A1", "A2", "A3"):
        handover_scans.take(ben, "ISSUE", text, holder=jane)
    assert handover_scans.take(ben, "ISSUE", UNDO, holder=jane) == Taken(undone="A3")
    handover_scans.take(ben, "ISSUE", "A3", holder=jane)
    assert handover_scans.take(ben, "ISSUE", UNDO, holder=bob) == HELD
    assert listed(ben, "ISSUE").tags == ["A1", "A2", "A3"]


def test_a_list_that_an_earlier_version_kept_has_no_asset_just_scanned(ben: AtDesk) -> None:
    """It has no such field, and one that has nothing to say in it has none either."""
    scan(ben, "ISSUE", "A1")
    now = listed(ben, "ISSUE")
    assert '"just_scanned":"A1"' in written_draft(now)
    earlier = written_draft(now).replace(',"just_scanned":"A1"', "")
    assert earlier == written_draft(now.gone_on())
    assert read_draft(earlier).just_scanned == ""


# A walk against the rule


class Plain:
    """The list by the rule alone: what is on it and where it goes, what waits, and the one asset just scanned."""

    def __init__(self, event: HandoverEvent) -> None:
        self.gives = event != "RETURN"
        self.lines: dict[str, Place | None] = {}
        self.place: Place | None = None
        self.asked = False
        self.just = ""
        self.waits = False  # whether a scan that was held is on the page
        self.holder = ""

    def scan(self, text: str, holder: str) -> tuple[str, int]:
        """Return which asset is taken off, and how many scans are held."""
        if holder and holder != self.holder:
            self.holder, self.just = holder, ""
        just, self.just = self.just, ""
        if text == UNDO and just:
            self.place = self.lines.pop(just)
            return just, 0
        is_held = self._means(text)
        self.waits |= is_held
        return "", int(is_held)

    def _means(self, text: str) -> bool:
        """Do what a scan means; tell whether it is held."""
        if text in HOMES:
            if not self.asked:
                self._add([text], self.place)
            return self.asked
        if text in IN_CASE:
            if not self.asked:
                self.place = None
                self._add(IN_CASE[text], None)
            self.asked = False
            return False
        if text in {"Jane Smith", "Bob Lee"}:
            self.holder = text
            return False
        if text in {SLOT_4, NO_SLOT} and not self.gives:
            self.place, self.asked = FOUR if text == SLOT_4 else OUT, False
            return False
        if text == NO_SLOT_OURS and not self.gives:
            self.place, self.asked = None, True
        return True

    def _add(self, tags: list[str], place: Place | None) -> None:
        self.just = tags[0] if len(tags) == 1 and tags[0] not in self.lines else ""
        for tag in tags:
            if tag not in self.lines or place not in {None, OUT}:
                self.lines[tag] = place
        self.place = OUT if place == OUT else None

    def by_hand(self, deed: str) -> None:
        """Do what is done by hand."""
        self.just = ""
        if deed == "aside" and not self.lines and not self.waits:  # a new list begins
            self.place, self.asked, self.holder = None, False, ""
        if deed == "seen":
            self.waits = False
        if deed == "remove":
            self.lines.pop("A1", None)
        if deed == "put" and "A2" in self.lines:
            self.lines["A2"] = OUT
        if deed == "name":
            self.holder = "Jane Smith"


def aside_and_back(at: AtDesk, event: HandoverEvent) -> None:
    """Put the list aside, and go on with it."""
    now = custody_drafts.current(at, event)
    custody_drafts.start_anew(at, event)
    if not now.draft.is_empty:
        custody_drafts.bring_back(at, event, now.draft_id)


BY_HAND: dict[str, Callable[[AtDesk, HandoverEvent], object]] = {
    "remove": lambda at, event: custody_drafts.change(at, event, lambda draft: draft.without(["A1"])),
    "put": lambda at, event: custody_drafts.change(at, event, lambda draft: draft.put("A2", OUT)),
    "name": DEEDS["named"],
    "seen": lambda at, event: custody_drafts.change(at, event, lambda draft: draft.seen(range(99))),
    "check": DEEDS["checked"],
    "aside": aside_and_back,
}


def walk(at: AtDesk, event: HandoverEvent, seed: int) -> list[str]:
    """Go on a walk with a new list; return the steps up to the first after which the list is not as by the rule."""
    random, plain, steps = Random(seed), Plain(event), list[str]()
    at.shelf.keep_preference(at.account.account_id, f"draft of {event}", "")
    people = ["Jane Smith", "Bob Lee"] if plain.gives else ["Jane Smith"]
    texts = [*HOMES, *IN_CASE, *people, SLOT_4, NO_SLOT, NO_SLOT_OURS, JUNK, *[UNDO] * 6]
    deeds = [each for each in BY_HAND if each != "put" or not plain.gives]
    for _ in range(24):
        if random.random() < 0.15:
            steps.append(random.choice(deeds))
            BY_HAND[steps[-1]](at, event)
            plain.by_hand(steps[-1])
        else:
            steps.append(random.choice(texts))
            name = random.choice(["", "", "", *people])
            holder = custody_drafts.registered(at.workplace, name) if name else None
            came = handover_scans.take(at, event, steps[-1], holder=holder)
            if (came.undone, came.unseen) != plain.scan(steps[-1], name):
                return steps
        now = listed(at, event)
        found = ({line.asset_tag: line.place for line in now.lines}, now.place, now.place_removed, now.just_scanned)
        if found != (plain.lines, plain.place, plain.asked, plain.just):
            return steps
    return []


SEEDS = range(30)


@pytest.mark.parametrize("event", ["ISSUE", "RETURN"])
def test_a_walk_goes_by_the_rule(desk: Desk, ben: AtDesk, event: HandoverEvent) -> None:
    """Scans, cards, deeds by hand and pages of a person in any order; an undo card is every fourth step or so."""
    if event == "RETURN":
        desk.commit("".join(row(tag, "ISSUE", "10:30") for tag in HOMES))
    for seed in SEEDS:
        assert walk(ben, event, seed) == [], seed


def _takes_the_last(draft: CustodyDraft, part: str) -> tuple[CustodyDraft, Taken]:  # noqa: ARG001 - in its place
    """Do as before the rule: whatever came last on the list goes."""
    last = draft.tags[-1:]
    return draft.without(last), Taken(undone="".join(last))


@pytest.mark.parametrize("twin", ["takes the last", "remembers for ever", "keeps the slot"])
def test_the_walk_finds_what_is_not_by_the_rule(back: AtDesk, monkeypatch: pytest.MonkeyPatch, twin: str) -> None:
    """An undo that guesses, one that nothing ends, and one that leaves the slot used."""
    if twin == "takes the last":
        monkeypatch.setattr(handover_scans, "_without_just_scanned", _takes_the_last)
    elif twin == "remembers for ever":
        monkeypatch.setattr(CustodyDraft, "gone_on", lambda self: self)
    else:
        monkeypatch.setattr(CustodyDraft, "taken_back", lambda self: self.without([self.just_scanned]).gone_on())
    assert any(_fails(back, seed) for seed in SEEDS)


def _fails(at: AtDesk, seed: int) -> bool:
    """Tell whether a walk is not by the rule; one that can't even go on is not."""
    try:
        return walk(at, "RETURN", seed) != []
    except KeyError:
        return True
