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
    """What a scan says of an asset by itself: the deed, for whom, and where.

    ``unsaid`` is what nobody said: the place, or the slot in the case.
    """

    tag: str
    event: str
    who: str = ""
    slot: Slot | None = None
    seen: str = ""
    room: str = ""
    note: str = ""
    unsaid: str = ""

    def after(self, last: "Said") -> "Said":
        """Where nobody said the place, it is as in the row before; where nobody said the slot, as there in the case."""
        if self.unsaid == "place" and self.event == last.event:
            return replace(self, slot=last.slot, seen=last.seen)
        if self.unsaid != "slot" or self.slot is None:
            return self
        if last.slot and last.slot[0] == self.slot[0]:
            return replace(self, slot=last.slot)
        is_seen = self.event == last.event == "SCAN"
        return replace(self, slot=None, seen=self.slot[0]) if is_seen else self

    def repeats(self, last: "Said") -> bool:
        """Whether nothing else is said."""
        now = self.after(last)
        is_told = self.room in {"", last.room} and self.note in {"", last.note}
        return is_told and (now.event, now.who, now.slot, now.seen) == (last.event, last.who, last.slot, last.seen)


class PlainQueue:
    """The scans of a queue by number, after what is recorded; ``cases`` are the cases with their slots."""

    def __init__(self, recorded: Mapping[str, At], cases: Mapping[str, int]) -> None:
        self.recorded = dict(recorded)
        self.cases = cases
        self.scans: dict[int, Said] = {}
        self.lines: dict[int, Said | int] = {}
        self.gone: set[int] = set()
        self.follows: dict[int, int] = {}

    def scan(self, number: int, said: Said) -> None:
        """Say it after what was said of the asset before."""
        before, last = self.last(said.tag)
        self.scans[number] = said
        self.lines[number] = said if last is None else before if said.repeats(last) else said.after(last)

    def remove(self, number: int) -> None:
        """Take a scan out."""
        self.gone.add(number)
        self.walk(self.scans[number].tag)

    def bring_back(self, number: int) -> None:
        """Bring a scan back."""
        self.gone.discard(number)
        self.walk(self.scans[number].tag)

    def change(self, number: int, said: Said) -> None:
        """Say something else in place of a scan: what repeats it by then follows it from now on, it none."""
        before = self.scans[number].tag
        if said.tag == before:
            self.follows |= {each: row for each, row in self.repeats.items() if row == number}
        self.follows.pop(number, None)
        self.scans[number] = self.lines[number] = said
        self.walk(before, said.tag)

    def walk(self, *tags: str) -> None:
        """Go through the scans of assets in their order, by the one rule."""
        standing = [number for number in sorted(self.scans) if number not in self.gone]
        slots = {said.slot: said.tag for said in self.rows.values()}
        last: dict[str, tuple[int, Said]] = {}
        for number in standing:
            said, shown = self.scans[number], self.lines[number]
            if said.tag not in tags:
                continue
            before, then = last.get(said.tag, (0, said))
            if before and (said.repeats(then) or self.follows.get(number) == before):
                self.lines[number] = before
                continue
            now = said.after(then) if before else said
            if shown != said and now.event == "SCAN" and now.slot and now.slot != NOWHERE:
                is_free = slots.setdefault(now.slot, now.tag) == now.tag  # else another was put there since
                now = now if is_free else replace(now, slot=None, seen=now.slot[0])
            self.lines[number] = now
            last[said.tag] = number, now

    @property
    def repeats(self) -> dict[int, int]:
        """Which row each other scan that stands repeats."""
        return {n: line for n, line in self.lines.items() if n not in self.gone and isinstance(line, int)}

    @property
    def rows(self) -> dict[int, Said]:
        """The rows that stand, by number."""
        return {n: line for n, line in self.lines.items() if n not in self.gone and isinstance(line, Said)}

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
        is_put = last is not None and last.event == "SCAN" and last.slot is not None
        said = Said(tag, event, who, slot, room=room, note=note)
        if last is not None and last.event == event and slot is None:
            there = last.slot[0] if last.slot else last.seen
            if not case or there == case or (is_made and last.slot):
                is_said = bool(case) and (event == "UPDATE" or last.slot is None)
                said = replace(said, slot=last.slot, seen=last.seen, unsaid="slot" if is_said else "place")
                if case not in {"", there}:
                    free = self.next_free(case) if said.repeats(last) else None
                    said = replace(said, slot=free, seen="" if free else case)
                return said
        if event == "ISSUE":
            return replace(said, slot=NOWHERE)
        if event == "RETURN" and slot is None:
            return replace(said, slot=at.home if at and at.home else NOWHERE)
        if event == "SCAN" and at is not None and slot is None and not (is_made and last and not is_put):
            return replace(said, seen=case)
        if slot is None and case:
            found = self.own_slot(tag, case) or self.next_free(case)
            return replace(said, slot=found, unsaid="slot" if found else "")
        return said

    def own_slot(self, tag: str, case: str) -> Slot | None:
        """The slot of a case that an asset is in; or that it is recorded in, where no row of another asset names it."""
        named = {said.slot for number, row in self.rows.items() if row.tag != tag for said in (row, self.scans[number])}
        here, home = (at.slot if at else None for at in (self.then().get(tag), self.recorded.get(tag)))
        return next((slot for slot in (here, None if home in named else home) if slot and slot[0] == case), None)

    def is_again(self, said: Said) -> bool:
        """Whether what is said now would only repeat the asset's last row."""
        last = self.last(said.tag)[1]
        return last is not None and said.repeats(last)

    def next_free(self, case: str) -> Slot | None:
        """The first slot of a case that is free by the records, and that no row names."""
        taken = {at.slot for at in self.recorded.values()} | {said.slot for said in self.rows.values()}
        taken |= {self.scans[number].slot for number in self.rows}
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
