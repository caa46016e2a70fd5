"""Corrections at random: the tables are what the corrected history says, told once more from its beginning."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random

import pytest

from assettrack.domain import errors
from assettrack.domain.corrections import STILL, Stay
from assettrack.domain.plans import Options
from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import transfers
from assettrack.services import corrections, custody, holders, slots, verification
from assettrack.services.custody import TypedCommand
from tests.conftest import Tally
from tests.properties.retold_history import Retold, retold
from tests.sampling import Sample
from tests.services.desk import Desk, row
from tests.services.insider import quick_folder

TAGS = ("A1", "A2", "A3")
SLOTS = (("C1", "1"), ("C1", "2"), ("C2", "1"))
PLACES = (*SLOTS, *SLOTS, ("OUT", "OUT"), ("C9", "1"))
NAMES = ["Jane Smith", "Bob Lee", "Zoë Quill"]
FIT = {
    None: ("SCAN",),
    "STORAGE": ("ISSUE", "ISSUE", "ISSUE", "UPDATE", "UPDATE", "SCAN"),
    "IN_CUSTODY": ("RETURN", "RETURN", "RETURN", "UPDATE", "SCAN", "RETIRE"),
    "RETIRED": ("SCAN",),
}
"""What can happen to an asset in each state; what happens often is there several times."""

LIVES, LIVES_MAX, STEPS = 20, 400, 60
"""How many lives there are in the usual run, at least and at most, and how many steps each has."""

MET = {
    "corrected", "corrected again", "nothing_changes", "already_corrected", "entry_not_correctable", "unknown_entry",
    "correction_has_problems", "unknown_holder_then", "due_not_correctable", "another stay in the past",
    "illegal: slot_taken", "illegal: late_in_history", "illegal: unknown_case",
    "illegal: already_in_custody", "illegal: not_in_custody",
    "illegal: equipment_type_missing", "illegal: holder_inactive",
}  # fmt: skip
"""What can become of a correction; lives that never met some of it would prove nothing about it."""


class Life:
    """A station to which things happen at random."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk = desk
        self.chance = Random(seed)
        self.seen = Counter[str]()
        self.minute = 0
        slots.initialise_cases(desk.workplace, [("C1", 2), ("C2", 1)])
        for name in NAMES:
            holders.register(desk.workplace, name)
        self.names = list(NAMES)

    def step(self) -> None:
        """Let one thing happen, or be refused, in which case nothing changes."""
        deed = self.chance.choices((self.batch, self.slot, self.transfer, self.holder, self.correct), (8, 2, 1, 1, 8))[
            0
        ]
        before = self.desk.everything()
        refused = None
        try:
            deed()
        except errors.AssetTrackError as error:
            refused = error
        if refused is not None:
            assert self.desk.everything() == before, refused
        if refused is not None and deed == self.correct:
            illegal = getattr(refused, "illegal", ())
            self.seen.update(f"illegal: {found.code}" for found in illegal)
            self.seen[refused.code] += not illegal

    def batch(self) -> None:
        """A batch of one to three rows; some are late, with a reason or without."""
        reason = self.chance.choice([None, None, "forgotten"])
        kind = self.chance.choice([{}, {"equipment_type": "laptop"}])
        due = self.chance.choice([None, "2027-01-31"])
        rows = "".join(self.row(tag) for tag in self.chance.sample(TAGS, self.chance.choice((1, 1, 2))))
        self.desk.commit(rows, Options(defaults=kind, late_reason=reason, due_on=due))

    def row(self, tag: str) -> str:
        """A row that is likely to fit."""
        event = self.chance.choice(FIT[self.status(tag)])
        self.minute += self.chance.choice((0, 1, 1, 1, -1))
        blank = self.chance.random() < (0 if event == "RETURN" else 0.4)
        place = ("", "") if blank else self.chance.choice((*SLOTS, *SLOTS, ("OUT", "OUT")))
        kind = self.chance.choice(("laptop", "tablet", "")) if event in {"SCAN", "UPDATE"} else ""
        cells = {"equipment_type": kind} | (
            {"issued_to_name": self.chance.choice(self.names)} if event == "ISSUE" else {}
        )
        minute = max(self.minute, 0)
        return row(tag, event, at=f"{minute // 60:02d}:{minute % 60:02d}", place=place, **cells)

    def status(self, tag: str) -> str | None:
        """The status of an asset, None where nobody knows it."""
        with self.desk.store.read() as snapshot:
            asset = snapshot.asset(tag)
        return None if asset is None else asset.status

    def slot(self) -> None:
        """A typed deed about a slot."""
        tag, (case, position) = self.chance.choice(TAGS), self.chance.choice(SLOTS)
        deed = self.chance.choice((slots.assign, slots.move, slots.vacate_asset))
        if deed is slots.vacate_asset:
            slots.vacate_asset(self.desk.workplace, tag)
        else:
            (slots.assign if deed is slots.assign else slots.move)(self.desk.workplace, tag, Place(case, int(position)))

    def transfer(self) -> None:
        """An asset goes from one holder to another."""
        tag, name = self.chance.choice(TAGS), self.chance.choice(self.names)
        command = TypedCommand([tag], lambda _: transfers([tag], name), "2026-07-01T12:00Z")
        custody.commit(self.desk.workplace, command, Options(late_reason="typed"), confirm=None)

    def holder(self) -> None:
        """A holder gets another name, or is made inactive or active again."""
        index = self.chance.randrange(len(self.names))
        if self.chance.random() < 0.5:
            active = self.chance.random() < 0.5
            wanted = holders.HolderUpdate(active=active, reason="left", with_assets=True)
            holders.change(self.desk.workplace, self.names[index], wanted)
        else:
            new = f"{NAMES[index]} {self.chance.randrange(9)}"
            holders.change(self.desk.workplace, self.names[index], holders.HolderUpdate(name=new))
            self.names[index] = new

    def correct(self) -> None:
        """Some entry is corrected in one field or two."""
        seq = self.entry()
        values = self.values(self.desk.entries(seq)[0] if seq <= self.desk.log_size else b"")
        code = None
        if self.chance.random() < 0.5:
            code = corrections.preview(self.desk.workplace, seq, values).confirm_code
        done = corrections.correct(self.desk.workplace, seq, values, "as it was", confirm=code).proposal
        self.seen["corrected"] += 1
        self.seen["corrected again"] += b'"CORRECTION"' in self.desk.entries(seq)[0]
        new = [stay for stay in done.after.stays if not any(old.covers(stay) for old in done.before.stays)]
        self.seen["another stay in the past"] += any(stay.end != STILL for stay in new)

    def entry(self) -> int:
        """The number of an entry, most often of a row or correction, or one that there isn't."""
        last = self.desk.log_size
        if self.chance.random() < 0.1:
            return self.chance.randrange(1, last + 2)
        about = [seq for seq, body in enumerate(self.desk.entries(), 1) if b'"asset_tag"' in body]
        with self.desk.store.read() as snapshot:
            superseded = corrections.superseded(snapshot, about)
        return self.chance.choice([seq for seq in about if seq not in superseded] or [last])

    def values(self, body: bytes) -> dict[str, str]:
        """What a correction of an entry says."""
        chance = self.chance
        if b'"ISSUE"' in body and chance.random() < 0.5:
            return {"issued_to_name": chance.choice([*self.names, "Nobody"])}
        minute = max(self.minute - chance.randrange(-2, 6), 0)
        case, position = chance.choice((*PLACES, ("", ""), ("C1", "")))
        return chance.choice(
            (
                {"case_number": case, "slot_number": position},
                {"case_number": case, "slot_number": position},
                {"timestamp": f"2026-07-01T{minute // 60:02d}:{minute % 60:02d}Z"},
                {"equipment_type": chance.choice(("", "laptop", "phone"))},
                {"due_on": chance.choice(("", "2027-01-31", "2027-02-28", "soon"))},
                {"notes": chance.choice(("", "dented", "worn")), "operator_id": chance.choice(("mara", ""))},
            )
        )


def tables_of(desk: Desk) -> dict[str, object]:
    """What the tables say, in the words of the retelling."""
    with desk.store.read() as snapshot:
        ids = {holder.name: holder.holder_id for holder in snapshot.all_holders()}
        how = dict(snapshot.all_custody())
        things = {}
        for tag, latest, asset in snapshot.all_assets():
            details = {
                name: getattr(asset, name) for name in ("equipment_type", "building_room") if getattr(asset, name)
            }
            held = how.get(tag)
            things[tag] = {
                "status": asset.status,
                "place": None if asset.place is None else tuple(asset.place),
                "holder": None if asset.holder is None else ids[asset.holder],
                "due": asset.due_on,
                "custody": None if held is None else (held.seq, None if held.home is None else tuple(held.home)),
                "latest": latest,
                "details": details,
            }
        filled = {tuple(place): tag for place, tag in snapshot.all_slots() if tag is not None}
    return {"things": things, "slots": filled}


def told(station: Retold) -> dict[str, object]:
    """What the retelling says."""
    return {"things": station.things, "slots": station.slots}


@contextmanager
def life(seed: int) -> Iterator[Life]:
    """A station in memory, at the beginning of its life."""
    with quick_folder() as folder:
        desk = Desk(folder)
        yield Life(desk, seed)
        desk.store.close()


def lived(seeds: Sequence[int]) -> Counter[str]:
    """Live these lives; after each correction the tables are what the corrected history says, and verifying agrees."""
    seen = Counter[str]()
    for seed in seeds:
        with life(seed) as one:
            for _ in range(STEPS):
                done = one.seen["corrected"]
                one.step()
                if one.seen["corrected"] > done:
                    assert tables_of(one.desk) == told(retold(one.desk.entries())), seed
            found = verification.verify(one.desk.workplace)
            assert found.ok, (seed, found)
            seen += one.seen
    return seen


def test_the_tables_are_what_the_corrected_history_says(tally: Tally, sample: Sample) -> None:
    """Retold from the beginning a corrected history gives the tables exactly, with one asset a slot at every point.

    A refused correction leaves everything as it was. In `make test` these are some lives of the 1,000, others in each
    run and as many as it takes to meet everything; in `make soak` all of them.
    """
    seeds = sample(range(1_000), LIVES_MAX)
    sample.chance.shuffle(seeds)
    seen = Counter[str]()
    for number, seed in enumerate(seeds):
        if number >= LIVES and all(seen[what] for what in MET) and not sample.takes_all:
            break
        seen += lived([seed])
    tally("corrections made at random", seen["corrected"])
    tally("corrections refused at random", sum(seen.values()) - seen["corrected"])
    assert seen["corrected"] > 0
    if not sample.takes_all:
        assert {what for what in MET if not seen[what]} == set()


def test_it_matters_that_stays_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without that check two assets would have been in one slot at once, and the retelling says so."""
    monkeypatch.setattr(Stay, "overlaps", lambda *_: False)
    with pytest.raises(AssertionError, match="are both in"):
        lived(range(60))
