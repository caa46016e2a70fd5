"""Random queues at a real store: they leave in the log what a plain model says that was written from the rule."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from assettrack.domain.cards import CardKind
from assettrack.domain.queued_scans import Held, Repeated, RowMeant
from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import queues
from assettrack.services.queued_whereabouts import QueuedWhereabouts, Whereabouts
from assettrack.services.scan_reading import ScanReader
from tests.conftest import Tally
from tests.sampling import Sample
from tests.services.plain_queue import NOWHERE, At, PlainQueue, Slot
from tests.services.printed import badge, begin_card
from tests.services.test_queues import Taker, card
from tests.web.visitors import open_station

CASES = {"CASE-01": 3, "CASE-02": 4, "CASE-03": 2}
PEOPLE = ["Jane Smith", "Tom Blank"]
TAGS = [f"LT-{number}" for number in range(1, 8)]
BURSTS = 14
UNDO, NO_SLOT = card(CardKind.UNDO), card(CardKind.CASE, "OUT")


class Walk:
    """Somebody who scans this and that, half a minute apart, and the plain model of the same scans."""

    def __init__(self, ben: Taker, chance: Random) -> None:
        self.ben, self.chance = ben, chance
        self.plain = PlainQueue(recorded(ben), CASES)
        self.story: list[str] = []
        self.moments: dict[int, str] = {}

    def burst(self) -> None:
        """Begin anew, say what is done, and scan an asset or two, or the label of a case; some are taken back."""
        events = {"SCAN": self.take_in, "UPDATE": self.move, "ISSUE": self.give, "RETURN": self.take_back}
        event = self.chance.choice(list(events))
        self.cards(begin_card(self.ben.at, "ben"), card(CardKind.EVENT, event))
        events[event]()
        standing = sorted(set(self.plain.scans) - self.plain.gone)
        if self.chance.random() < 0.5 and standing:
            self.remove(self.chance.choice(standing))
        if self.chance.random() < 0.3 and self.moments:
            self.bring_back(self.chance.choice(sorted(self.moments)))
        if self.chance.random() < 0.3:
            self.change()
        self.mend()

    def take_in(self) -> None:
        """Scan assets under the label of a case, new ones and others."""
        case = self.chance.choice(["", *CASES])
        self.ben.sets("SCAN", equipment_type="laptop")
        if case:
            self.cards(case)
        for _ in range(self.chance.randint(1, 3)):
            tag = self.chance.choice(TAGS)
            said = self.plain.says(tag, "SCAN", case=case)
            if not case or said.slot is not None or said.seen:
                self.asset(tag, "SCAN", case=case)

    def move(self) -> None:
        """Put assets that are in storage into free slots, or into none; or say a room, a note or a case by hand."""
        there = [tag for tag, at in self.plain.then().items() if not at.holder]
        if self.chance.random() < 0.5:
            case, room, note = (self.chance.choice(each) for each in (["", *CASES], ["", "R1", "R2"], ["", "N1", "N2"]))
            self.ben.sets("UPDATE", case_name=case, fills=bool(case), building_room=room, notes=note)
            self.story.append(f"case {case}, room {room}, note {note}")
            for tag in self.chance.sample(there, min(len(there), 2)):
                said = self.plain.says(tag, "UPDATE", case=case, room=room, note=note)
                if not case or said.slot is not None:
                    self.take(tag, [tag], "UPDATE", case=case, room=room, note=note)
            return
        for tag in self.chance.sample(there, min(len(there), 2)):
            taken = {at.slot for other, at in self.plain.then().items() if other != tag}
            free = [slot for case in CASES for slot in self.plain.slots(case) if slot not in taken]
            slot = self.chance.choice([*free, NOWHERE, NOWHERE])
            self.cards(NO_SLOT if slot == NOWHERE else card(CardKind.SLOT, *slot))
            stays = self.asset(tag, "UPDATE", slot=slot)
            if stays and slot != NOWHERE and self.chance.random() < 0.3:
                self.asset(tag, "UPDATE")  # read once more, without a label

    def give(self) -> None:
        """Issue assets, or a whole case."""
        who = self.chance.choice(PEOPLE)
        self.cards(badge(self.ben.at, who))
        if self.chance.random() < 0.5:
            self.case("ISSUE", who)
            return
        there = [tag for tag, at in self.plain.then().items() if at.holder in {"", who}]
        for tag in self.chance.sample(there, min(len(there), 2)):
            if not self.plain.then()[tag].holder or self.plain.is_again(self.plain.says(tag, "ISSUE", who)):
                self.asset(tag, "ISSUE", who)

    def take_back(self) -> None:
        """Let assets come back, or all that is out of a case."""
        if self.chance.random() < 0.4:
            self.case("RETURN")
            return
        then = self.plain.then()
        for tag in sorted(then):
            home = then[tag].home
            is_free = home is None or home not in {at.slot for at in self.plain.then().values()}
            if then[tag].holder and is_free and self.chance.random() < 0.6:
                self.asset(tag, "RETURN")
                if self.chance.random() < 0.3:
                    self.asset(tag, "RETURN")

    def cards(self, *texts: str) -> None:
        """Scan cards and labels that are of no asset."""
        for text in texts:
            self.ben.later(30)
            queues.take(self.ben.at, self.ben.desk, self.ben.queue, text)
        self.story += texts

    def case(self, event: str, who: str = "") -> None:
        """Scan the label of a case of which there is something, once or twice."""
        case = self.chance.choice(list(CASES))
        for _ in range(self.chance.choice([1, 1, 2])):
            if tags := self.plain.brings(case, event, who):
                self.take(case, tags, event, who)

    def asset(self, tag: str, event: str, who: str = "", slot: Slot | None = None, case: str = "") -> bool:
        """Scan an asset; some are taken back by an undo card. Tell whether it stays."""
        number = self.take(tag, [tag], event, who, slot=slot, case=case)
        if self.chance.random() >= 0.15:
            return True
        self.cards(UNDO)
        self.plain.remove(number)
        return False

    def take(self, text: str, tags: list[str], event: str, who: str = "", **context: Any) -> int:  # noqa: ANN401 - as `PlainQueue.says` has it
        """Scan what brings these assets; return the last scan's number."""
        self.ben.later(30)
        self.story.append(text)
        numbers = queues.take(self.ben.at, self.ben.desk, self.ben.queue, text)
        assert len(numbers) == len(tags), self.told(f"{text} brings {tags}")
        for number, tag in zip(numbers, tags, strict=True):
            self.plain.scan(number, self.plain.says(tag, event, who, **context))
        self.compare()
        return numbers[-1]

    def remove(self, number: int) -> None:
        """Take a scan out, as a person does."""
        self.moments[number] = queues.remove(self.ben.at, self.ben.desk, self.ben.queue, [number])
        self.story.append(f"remove {number}")
        self.plain.remove(number)
        self.compare()

    def bring_back(self, number: int) -> None:
        """Bring back what a person took out."""
        assert queues.bring_back(self.ben.desk, self.ben.queue, self.moments.pop(number)) == 1
        self.story.append(f"bring {number} back")
        self.plain.bring_back(number)
        self.compare()

    def change(self) -> None:
        """Say by hand where something is moved, or in which room it is."""
        meants = {scan.number: scan.meant for scan in self.ben.queue.scans if not scan.removed}
        moves = [
            number for number in meants if number in self.plain.scans and self.plain.scans[number].event == "UPDATE"
        ]
        if not moves:
            return
        number = self.chance.choice(moves)
        said, meant = self.plain.scans[number], meants[number]
        assert isinstance(meant, RowMeant | Repeated)
        assert meant.row is not None
        slot = self.chance.choice([said.slot, NOWHERE, *self.plain.slots("CASE-02")])
        room = self.chance.choice([said.room, "R3"])
        place = None if slot is None else Place(*slot)
        row = replace(meant.row, place=place, building_room=room, from_state=())
        queues.change(self.ben.desk, self.ben.queue, number, row)
        self.story.append(f"change {number}: {slot}, {room}")
        shown = self.plain.rows.get(number, said)
        changed = dataclasses.replace(said, room=room)
        if slot != shown.slot:  # left as it is shown, nobody said it
            changed = dataclasses.replace(changed, slot=slot, seen="", unsaid="")
        self.plain.change(number, changed)
        self.compare()

    def mend(self) -> None:
        """Remove the rows that stop the batch, until there is none: what was before them was removed."""
        while stops := [line for line in queues.review(self.ben.at, self.ben.desk, self.ben.queue).lines if line.stops]:
            assert not [line for line in stops if isinstance(line.scan.meant, Held)], self.told("nothing is held")
            self.remove(stops[0].scan.number)
        self.compare()

    def compare(self) -> None:
        """Make sure that the rows of the queue are those of the model, and its repeats too."""
        rows, repeats = {}, {}
        for scan in self.ben.queue.scans:
            if not scan.removed and isinstance(scan.meant, RowMeant):
                row = scan.meant.row
                where = (row.place and tuple(row.place), row.seen_in, row.building_room, row.notes)
                rows[scan.number] = (row.event_type, row.asset_tag, row.issued_to_name, *where)
            elif not scan.removed and isinstance(scan.meant, Repeated):
                repeats[scan.number] = scan.meant.number
        plain, said_again = self.plain.rows, self.plain.repeats
        wanted = {
            number: (said.event, said.tag, said.who, said.slot, said.seen, said.room, said.note)
            for number, said in plain.items()
        }
        assert rows == wanted, self.told("the rows")
        assert repeats == said_again, self.told("the repeats")

    def commit(self) -> int:
        """Commit what there is; the log leaves each asset where the model says. Return how many rows it had."""
        if rows := len(self.plain.rows):
            self.ben.commit()
        assert recorded(self.ben) == self.plain.then(), self.told("where the assets are")
        return rows

    def told(self, what: str) -> str:
        """Say what was to be the same, and after which scans it is not."""
        return f"{what}: " + " · ".join(self.story)


def recorded(ben: Taker) -> dict[str, At]:
    """Where each asset is by the log, and the slot that it was issued from."""
    with ben.at.store.read() as snapshot:
        homes = {tag: custody.home and (custody.home[0], custody.home[1]) for tag, custody in snapshot.all_custody()}
        return {
            tag: At(asset.holder or "", asset.place and (*asset.place,), homes.get(tag))
            for tag, _, asset in snapshot.all_assets()
        }


def walked(folder: Path, chance: Random, queues_committed: int) -> int:
    """Walk through so many queues at a new station; return how many rows they had."""
    with open_station(folder) as station:
        ben = Taker(station)
        for case, slots in CASES.items():
            if case != "CASE-01":
                station.case(case, slots)
        rows = 0
        for _ in range(queues_committed):
            walk = Walk(ben, chance)
            for _ in range(BURSTS):
                walk.burst()
            rows += walk.commit()
    return rows


def test_a_queue_leaves_in_the_log_what_its_scans_say_in_their_order(
    tmp_path: Path, sample: Sample, tally: Tally
) -> None:
    """Scan by scan its rows are those of the model; committed, each asset is where the model says."""
    for seed in sample(range(60), 2):
        folder = tmp_path / str(seed)
        folder.mkdir()
        tally("rows committed", walked(folder, Random(seed), 3))


def repeats_any(reader: ScanReader, row: TypedRow) -> int | None:
    """The old reading: what was said by any row of the asset is not said again, whatever was said after it."""
    for number, earlier in reader._rows.get(row.asset_tag, {}).items():  # noqa: SLF001 - in place of its own
        slot = reader._context.slot_position  # noqa: SLF001 - in place of its own
        same = earlier.event_type == row.event_type and earlier.is_for_same(row)
        if same and (slot is None or earlier.place == row.place):
            return number
    return None


def as_recorded(places: QueuedWhereabouts, asset_tag: str, *, but_last: bool = False) -> Whereabouts:  # noqa: ARG001 - in place of its own
    """The old reading: assets are where the records have them, whatever the queue did to them."""
    return places.recorded(asset_tag)


def brought_as_recorded(places: QueuedWhereabouts, case_name: str, event_type: str, _: object) -> list[str]:
    """The old reading: the label of a case brings what the records have in it."""
    snapshot = places._snapshot  # noqa: SLF001 - in place of its own
    if event_type == "RETURN":
        return [tag for tag, custody in snapshot.all_custody() if custody.home and custody.home[0] == case_name]
    return [tag for _, tag in snapshot.slots_of(case_name) if tag is not None]


@pytest.mark.parametrize(
    ("of", "name", "old"),
    [
        (ScanReader, "_same", repeats_any),
        (QueuedWhereabouts, "of", as_recorded),
        (QueuedWhereabouts, "brought", brought_as_recorded),
    ],
    ids=["a repeat of any row", "homes as recorded", "cases as recorded"],
)
@pytest.mark.parametrize("looks", [True, False], ids=["scan by scan", "in the log"])
def test_the_old_reading_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: type, name: str, old: Callable[..., object], *, looks: bool
) -> None:
    """Scan by scan; and where only the log and what a label brings is looked at, too."""
    monkeypatch.setattr(of, name, old)
    if not looks:
        monkeypatch.setattr(Walk, "compare", lambda _: None)
    with pytest.raises(AssertionError, match=r"rows|repeats|brings|where the assets are|nothing is held"):
        walked(tmp_path, Random(1), 12)
