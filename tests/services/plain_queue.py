"""A plain model of a queue, written from the rule: what each scan of an asset is, and where the rows leave the assets.

A scan repeats the asset's last row that stands, where it says the same; rows apply in the order of the scans. What the
label of a case brings, and where a return goes, is judged after the rows before it. It shares no code with the program.
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
    """What a scan says of an asset: the deed, for whom, and where; ``repeats`` the scan of a row, 0 where it is one."""

    tag: str
    event: str
    who: str = ""
    slot: Slot | None = None
    seen: str = ""
    repeats: int = 0

    @property
    def row(self) -> "Said":
        """The same as a row of its own."""
        return replace(self, repeats=0)


class PlainQueue:
    """The scans of a queue by number, after what is recorded; ``cases`` are the cases with their slots."""

    def __init__(self, recorded: Mapping[str, At], cases: Mapping[str, int]) -> None:
        self.recorded = dict(recorded)
        self.cases = cases
        self.scans: dict[int, Said] = {}

    @property
    def rows(self) -> dict[int, Said]:
        """The rows that stand, by number."""
        return {number: said for number, said in sorted(self.scans.items()) if not said.repeats}

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
            elif said.event == "ISSUE" and now is not None:
                assets[said.tag] = At(holder=said.who, home=now.slot)
            elif said.event == "RETURN" or (said.event == "UPDATE" and said.slot and now and not now.holder):
                assets[said.tag] = At(slot=slot)
        return assets

    def last(self, tag: str) -> tuple[int, Said | None]:
        """The asset's last row, and its number."""
        return max(((number, said) for number, said in self.rows.items() if said.tag == tag), default=(0, None))

    def says(self, tag: str, event: str, who: str = "", slot: Slot | None = None, case: str = "") -> Said:
        """What a scan of an asset is in a context; ``case`` is one of which the free slots are taken in order."""
        number, last = self.last(tag)
        is_same = last is not None and (last.event, last.who) == (event, who) and slot in {None, last.slot}
        if is_same and last is not None:
            is_sighting = event == "SCAN" and tag in self.then(but=number)
            if not is_sighting or case in {"", last.slot[0] if last.slot else last.seen}:
                return replace(last, repeats=number)
        at = self.then().get(tag)
        if event == "ISSUE":
            slot = NOWHERE
        elif event == "RETURN" and slot is None:
            slot = at.home if at and at.home else NOWHERE
        elif event == "SCAN" and at is not None and slot is None:
            return Said(tag, event, who, seen=case)
        elif slot is None and case:
            slot = at.slot if at and at.slot and at.slot[0] == case else self.next_free(case)
        return Said(tag, event, who, slot)

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
            again = bool(self.says(tag, event, who).repeats)
            for then in [self.then(), *([self.then(but=number)] if again else [])]:
                at = then.get(tag, At())
                slot = at.home if event == "RETURN" else at.slot
                if slot is not None and slot[0] == case:
                    found.setdefault(tag, slot)
        return list(found) if event == "RETURN" else sorted(found, key=found.__getitem__)

    def remove(self, number: int) -> int:
        """Take a scan out; the first that repeated it stands for it, and the others repeat that. Return it, or 0."""
        gone = self.scans.pop(number)
        heirs = [each for each, said in sorted(self.scans.items()) if said.repeats == number]
        for each in heirs:
            self.scans[each] = gone.row if each == heirs[0] else replace(self.scans[each], repeats=heirs[0])
        return heirs[0] if heirs else 0
