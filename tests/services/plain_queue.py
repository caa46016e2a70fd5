"""A plain model of a queue, written from the rule: what each scan of an asset is, and where the rows leave the assets.

Each scan says something by itself, and repeats the asset's last row that stands where that says the same, or said so
before it was changed by hand; rows apply in the order of the scans. What the label of a case brings, and where a return
goes, is judged after the rows before it. It shares no code with the program.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

Slot = tuple[str, int]

NOWHERE: Slot = ("OUT", 0)


class At(NamedTuple):
    """Where an asset is: in a slot, with a holder (then with the slot it was issued from), or in none."""

    holder: str = ""
    slot: Slot | None = None
    home: Slot | None = None


@dataclass(frozen=True)
class Said:
    """What a scan says of an asset by itself: the deed, for whom, and where; ``unsaid`` where nobody said the slot."""

    tag: str
    event: str
    who: str = ""
    slot: Slot | None = None
    seen: str = ""
    room: str = ""
    note: str = ""
    unsaid: bool = False

    def repeats(self, last: "Said") -> bool:
        """Whether nothing else is said."""
        is_there = self.unsaid or (self.slot, self.seen) == (last.slot, last.seen)
        is_told = self.room in {"", last.room} and self.note in {"", last.note}
        return is_there and is_told and (self.event, self.who) == (last.event, last.who)


class PlainQueue:
    """The scans of a queue by number, after what is recorded; ``cases`` are the cases with their slots."""

    def __init__(self, recorded: Mapping[str, At], cases: Mapping[str, int]) -> None:
        self.recorded = dict(recorded)
        self.cases = cases
        self.scans: dict[int, Said] = {}
        self.gone: set[int] = set()
        self.follows: set[tuple[int, int]] = set()
        self.repeated: dict[int, int] = {}

    def change(self, number: int, said: Said) -> None:
        """Say something else in place of a scan: what repeated it follows, for as long as it is the last row before."""
        self.scans[number] = said
        self.follows = {(each, row) for each, row in self.follows if each != number}
        self.follows |= {(each, row) for each, row in self.repeated.items() if row == number and each not in self.gone}

    def settle(self) -> None:
        """Remember what repeats what: what is a row by now follows none any more; what is gone does still."""
        rows, repeats = self.meant
        self.repeated = {each: row for each, row in self.repeated.items() if each in self.gone} | repeats
        self.follows = {(each, row) for each, row in self.follows if each not in rows and self.repeated[each] == row}

    @property
    def meant(self) -> tuple[dict[int, Said], dict[int, int]]:
        """The rows that stand, by number, and which of them each other scan repeats: the one rule."""
        rows: dict[int, Said] = {}
        repeats: dict[int, int] = {}
        last: dict[str, int] = {}
        for number, said in sorted(self.scans.items()):
            if number in self.gone:
                continue
            before = last.get(said.tag)
            if before is not None and (said.repeats(rows[before]) or (number, before) in self.follows):
                repeats[number] = before
            else:
                rows[number], last[said.tag] = said, number
        return rows, repeats

    @property
    def rows(self) -> dict[int, Said]:
        """The rows that stand, by number."""
        return self.meant[0]

    def then(self, *, but: int = 0) -> dict[str, At]:
        """Where each asset is after the rows, ``but`` one."""
        assets = dict(self.recorded)
        for number, said in self.rows.items():
            if number == but:
                continue
            now = assets.get(said.tag)
            slot = None if said.slot == NOWHERE else said.slot
            if said.event == "SCAN":
                assets.setdefault(said.tag, At(slot=slot))
            elif said.event == "ISSUE" and now is not None and not now.holder:
                assets[said.tag] = At(holder=said.who, home=now.slot)
            elif now and (
                now.holder if said.event == "RETURN" else said.event == "UPDATE" and said.slot and not now.holder
            ):
                assets[said.tag] = At(slot=slot)
        return assets

    def last(self, tag: str) -> tuple[int, Said | None]:
        """The asset's last row, and its number."""
        return max(((number, said) for number, said in self.rows.items() if said.tag == tag), default=(0, None))

    def says(  # noqa: PLR0913, PLR0917 - all that a context says
        self,
        tag: str,
        event: str,
        who: str = "",
        slot: Slot | None = None,
        case: str = "",
        room: str = "",
        note: str = "",
    ) -> Said:
        """What a scan of an asset says in a context; ``case`` is one of which the free slots are taken in order."""
        number, last = self.last(tag)
        at = self.then().get(tag)
        is_made = event == "SCAN" and tag not in self.then(but=number)  # nothing but the last row makes it
        said = Said(tag, event, who, slot, room=room, note=note)
        if last is not None and last.event == event and slot is None:
            there = last.slot[0] if last.slot else last.seen
            if not case or there == case or (is_made and last.slot):
                is_said = bool(case) and (event == "UPDATE" or last.slot is None)
                said = replace(said, slot=last.slot, seen=last.seen, unsaid=not is_said)
                if case not in {"", there} and said.repeats(last):
                    said = replace(said, slot=self.next_free(case) or last.slot)
                return said
        if event == "ISSUE":
            return replace(said, slot=NOWHERE)
        if event == "RETURN" and slot is None:
            return replace(said, slot=at.home if at and at.home else NOWHERE)
        if event == "SCAN" and at is not None and slot is None and not (is_made and last and last.slot is None):
            return replace(said, seen=case)
        if slot is None and case:
            return replace(said, slot=at.slot if at and at.slot and at.slot[0] == case else self.next_free(case))
        return said

    def is_again(self, said: Said) -> bool:
        """Whether what is said now would only repeat the asset's last row."""
        last = self.last(said.tag)[1]
        return last is not None and said.repeats(last)

    def next_free(self, case: str) -> Slot | None:
        """The first slot of a case that is free by the records, and that no row names."""
        taken = {at.slot for at in self.recorded.values()} | {said.slot for said in self.rows.values()}
        return next((each for each in self.slots(case) if each not in taken), None)

    def slots(self, case: str) -> list[Slot]:
        """The slots of a case."""
        return [(case, position) for position in range(1, self.cases[case] + 1)]

    def brings(self, case: str, event: str, who: str = "") -> list[str]:
        """The assets that a case's label brings: in it, or out of it; and those that it brought before, once more."""
        found: dict[str, Slot] = {}
        for tag in sorted({*self.recorded, *(said.tag for said in self.rows.values())}):
            number = self.last(tag)[0]
            again = self.is_again(self.says(tag, event, who))
            for then in [self.then(), *([self.then(but=number)] if again else [])]:
                at = then.get(tag, At())
                slot = at.home if event == "RETURN" else at.slot
                if slot is not None and slot[0] == case:
                    found.setdefault(tag, slot)
        return list(found) if event == "RETURN" else sorted(found, key=found.__getitem__)
