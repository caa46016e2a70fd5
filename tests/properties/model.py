"""The rules of DESIGN §3, §5 and §7 once more, in the plainest words: dictionaries, numbers and ifs.

Owns what the state machine expects. Written from the design, not from the program: it imports nothing of it, knows no
database, no hashes and no texts of messages. An asset is a dictionary; a time is a minute; a place is None (nothing
said), "OUT", or a pair of case and slot; a name is folded by comparing small letters. Must never be used to decide
anything but what a test expects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

Row = Mapping[str, Any]
"""A row: tag, minute, event, operator, holder, place, details, notes, and a flaw or none."""

Thing = dict[str, Any]
"""An asset: status, place, holder and details."""

Place = Any


@dataclass(frozen=True)
class Choices:
    """The options of a batch."""

    new_holders: bool = False
    only_new: bool = False
    reason: str | None = None
    kind: str = ""


@dataclass
class Verdict:
    """What is expected of a batch: numbers of rows with what is said or done about them."""

    problems: set[int] = field(default_factory=set)
    refusals: dict[int, str] = field(default_factory=dict)
    hanging: dict[int, int] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)
    changes: dict[int, tuple[str, Thing | None, Thing, bool]] = field(default_factory=dict)
    keys: dict[int, Any] = field(default_factory=dict)
    new_holders: list[str] = field(default_factory=list)
    all_known: bool = False

    @property
    def clean(self) -> bool:
        """Whether the batch can be committed."""
        return not self.problems and not self.refusals

    def moved(self, now: "Verdict") -> list[int]:
        """The rows that would now do something else than here."""
        rows = {*self.changes, *now.changes}
        return sorted(row for row in rows if self.changes.get(row) != now.changes.get(row))


class Refused(Exception):
    """Not allowed; says the code."""


@dataclass
class World:
    """One station as it should be."""

    assets: dict[str, Thing] = field(default_factory=dict)
    latest: dict[str, int] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    holders: dict[str, str] = field(default_factory=dict)
    recorded: dict[Any, int] = field(default_factory=dict)
    batches: list[tuple[int, int]] = field(default_factory=list)
    log_size: int = 1

    def copy(self) -> "World":
        """The same world, to try things out in. Assets are never changed, only replaced."""
        return replace(
            self,
            assets=dict(self.assets),
            latest=dict(self.latest),
            holders=dict(self.holders),
            recorded=dict(self.recorded),
            batches=list(self.batches),
        )

    def occupant(self, place: Place) -> str | None:
        """Who is in a slot."""
        return next((tag for tag, thing in self.assets.items() if thing["place"] == place), None)

    def must_be_empty(self, place: Place) -> None:
        """Refuse a place that isn't there or is taken."""
        case, slot = place
        if case not in self.cases:
            raise Refused("unknown_case")
        if slot > self.cases[case]:
            raise Refused("unknown_slot")
        if self.occupant(place) is not None:
            raise Refused("slot_taken")

    # -- typed deeds -------------------------------------------------------------------------------------------------

    def prepare(self, case: str, slots: int) -> None:
        """Prepare a case."""
        if case in self.cases:
            raise Refused("case_exists")
        self.cases[case] = slots
        self.log_size += 1

    def register(self, name: str) -> None:
        """Register a holder."""
        if name.lower() in self.holders:
            raise Refused("holder_exists")
        self.holders[name.lower()] = name
        self.log_size += 1

    def stored_thing(self, tag: str) -> Thing:
        """An asset that is in storage, in a slot or in none."""
        if tag not in self.assets:
            raise Refused("unknown_asset")
        thing = self.assets[tag]
        if thing["status"] != "STORAGE":
            raise Refused("in_custody" if thing["status"] == "IN_CUSTODY" else "asset_retired")
        return thing

    def assign(self, tag: str, place: Place, minute: int) -> None:
        """Put an asset that is in no slot into an empty one."""
        thing = self.stored_thing(tag)
        if thing["place"] == place:
            return
        try:
            self.must_be_empty(place)
        except Refused as refusal:
            if thing["place"] is None or refusal.args != ("slot_taken",):
                raise
        if thing["place"] is not None:
            raise Refused("already_slotted")
        self.put(tag, place, minute)

    def move(self, tag: str, place: Place, minute: int) -> None:
        """Put an asset that is in a slot into an empty one."""
        thing = self.stored_thing(tag)
        if thing["place"] is None:
            raise Refused("not_slotted")
        if thing["place"] != place:
            self.must_be_empty(place)
            self.put(tag, place, minute)

    def vacate(self, tag: str, minute: int) -> None:
        """Take an asset out of its slot."""
        if self.stored_thing(tag)["place"] is None:
            raise Refused("not_slotted")
        self.put(tag, None, minute)

    def vacate_slot(self, place: Place, minute: int) -> None:
        """Take whoever is there out of a slot."""
        try:
            self.must_be_empty(place)
        except Refused as refusal:
            if refusal.args != ("slot_taken",):
                raise
            self.vacate(self.occupant(place) or "", minute)
        else:
            raise Refused("slot_empty")

    def put(self, tag: str, place: Place, minute: int) -> None:
        """Move an asset by a typed deed."""
        self.assets[tag] = self.assets[tag] | {"place": place}
        self.latest[tag] = max(self.latest[tag], minute)
        self.log_size += 1

    # -- batches -----------------------------------------------------------------------------------------------------

    def decide(self, rows: Sequence[Row], choices: Choices) -> Verdict:
        """What the file would do. The world stays as it is."""
        world, verdict = self.copy(), Verdict()
        bad_tags: dict[str, int] = {}
        bad_places: dict[Place, int] = {}

        def spoil(row: Row, root: int) -> None:
            tag = None if row["flaw"] == "tag" else row["tag"]
            if tag is not None:
                bad_tags.setdefault(tag, root)
            event = None if row["flaw"] == "event" else row["event"]
            named = None if row["flaw"] == "half a place" else row["place"]
            own = world.assets.get(tag or "", {}).get("place")
            enters = (
                tag not in world.assets if event == "SCAN" else event in {"RETURN", "UPDATE", None} and own != named
            )
            leaves = event in {"ISSUE", "RETIRE", None} or (event == "UPDATE" and named is not None)
            for place, is_open in ((named, enters), (own, leaves)):
                if is_open and place not in {None, "OUT"}:
                    bad_places.setdefault(place, root)

        for number, row in enumerate(rows, 1):
            if is_wrong(row):
                verdict.problems.add(number)
                spoil(row, number)
                continue
            key = name_of(row, [name for name, _ in verdict.keys.values()])
            verdict.keys[number] = key
            if key in self.recorded:
                verdict.known[number] = self.recorded[key]
                continue
            root = bad_tags.get(row["tag"])
            if root is None and row["place"] in bad_places and world.would_enter(row):
                root = bad_places[row["place"]]
            if root is not None:
                verdict.hanging[number] = root
                spoil(row, root)
                continue
            try:
                world.take(number, row, choices, verdict)
            except Refused as refusal:
                verdict.refusals[number] = refusal.args[0]
                spoil(row, number)
        verdict.all_known = len(verdict.known) == len(rows)
        if not verdict.all_known and not choices.only_new:
            verdict.refusals |= dict.fromkeys(verdict.known, "already_recorded")
        return verdict

    def would_enter(self, row: Row) -> bool:
        """Whether a row would put its asset into the slot that it names."""
        thing = self.assets.get(row["tag"])
        if row["event"] == "SCAN":
            return thing is None
        return row["event"] in {"RETURN", "UPDATE"} and (thing is None or thing["place"] != row["place"])

    def take(self, number: int, row: Row, choices: Choices, verdict: Verdict) -> None:
        """Let one row happen."""
        tag, minute, event = row["tag"], row["minute"], row["event"]
        before = self.assets.get(tag)
        late = before is not None and minute < self.latest[tag] and event != "SCAN"
        if late and choices.reason is None:
            raise Refused("late")
        if event == "SCAN":
            after = self.scan(row, before, choices)
        else:
            if before is None:
                raise Refused("unknown_asset")
            if before["status"] == "RETIRED":
                raise Refused("asset_retired")
            happen = {"ISSUE": self.issue, "RETURN": self.take_back, "UPDATE": self.update, "RETIRE": self.retire}[
                event
            ]
            after = happen(row, before, choices, verdict)
        self.assets[tag] = after
        self.latest[tag] = max(self.latest.get(tag, minute), minute)
        verdict.changes[number] = (tag, before, after, late)

    def scan(self, row: Row, before: Thing | None, choices: Choices) -> Thing:
        """Create what is not known; a known asset is only seen."""
        if before is not None:
            return before
        details = {"equipment_type": choices.kind} | {name: text for name, text in row["details"].items() if text}
        if not details["equipment_type"]:
            raise Refused("equipment_type_missing")
        place = None if row["place"] == "OUT" else row["place"]
        if place is not None:
            self.must_be_empty(place)
        return {"status": "STORAGE", "place": place, "holder": None, "details": details}

    def issue(self, row: Row, before: Thing, choices: Choices, verdict: Verdict) -> Thing:
        """Out of storage, to a holder."""
        if before["status"] == "IN_CUSTODY":
            raise Refused("already_in_custody")
        name = row["holder"]
        if name.lower() not in self.holders:
            if not choices.new_holders:
                raise Refused("unknown_holder")
            self.holders[name.lower()] = name
            verdict.new_holders.append(name)
        return before | {"status": "IN_CUSTODY", "place": None, "holder": self.holders[name.lower()]}

    def take_back(self, row: Row, before: Thing, _choices: Choices, _verdict: Verdict) -> Thing:
        """From its holder, into a slot or none."""
        if before["status"] != "IN_CUSTODY":
            raise Refused("not_in_custody")
        place = None if row["place"] == "OUT" else row["place"]
        if place is not None:
            self.must_be_empty(place)
        return before | {"status": "STORAGE", "place": place, "holder": None}

    def update(self, row: Row, before: Thing, _choices: Choices, _verdict: Verdict) -> Thing:
        """To another slot, and described anew; blank cells never erase."""
        place = before["place"]
        if row["place"] is not None:
            if before["status"] == "IN_CUSTODY" and row["place"] != "OUT":
                raise Refused("in_custody")
            place = None if row["place"] == "OUT" else row["place"]
            if place is not None and place != before["place"]:
                self.must_be_empty(place)
        given = {name: text for name, text in row["details"].items() if text}
        return before | {"place": place, "details": before["details"] | given}

    def retire(self, _row: Row, before: Thing, _choices: Choices, _verdict: Verdict) -> Thing:
        """The end."""
        return before | {"status": "RETIRED", "place": None, "holder": None}

    def commit(self, verdict: Verdict, rows: Sequence[Row]) -> None:
        """Let a clean batch happen."""
        self.batches.append((self.log_size + 1, self.log_size + 1 + len(verdict.new_holders) + len(verdict.changes)))
        self.log_size = self.batches[-1][1]
        for name in verdict.new_holders:
            self.holders[name.lower()] = name
        for number, (tag, _, after, _) in verdict.changes.items():
            minute = rows[number - 1]["minute"]
            self.assets[tag] = after
            self.latest[tag] = max(self.latest.get(tag, minute), minute)
            self.recorded[verdict.keys[number]] = len(self.batches)


def is_wrong(row: Row) -> bool:
    """Whether a row does not look right by itself."""
    if row["flaw"]:
        return True
    return {
        "SCAN": False,
        "ISSUE": not row["holder"] or row["place"] != "OUT",
        "RETURN": row["place"] is None,
        "UPDATE": False,
        "RETIRE": not row["notes"],
    }[row["event"]]


def name_of(row: Row, earlier: list[Any]) -> Any:  # noqa: ANN401 - whatever names a row
    """What names a row: all that it says, and how many like it came before it in the file."""
    said = (*(row[name] for name in ("tag", "minute", "event", "operator", "holder", "place", "notes")),)
    named = (*said, *sorted((name, text) for name, text in row["details"].items() if text))
    return named, earlier.count(named)
