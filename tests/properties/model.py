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
"""An asset: status, place, holder, date when it is due, and details."""

Place = Any


@dataclass(frozen=True)
class Choices:
    """The options of a batch."""

    new_holders: bool = False
    only_new: bool = False
    reason: str | None = None
    kind: str = ""
    due: str | None = None
    accepted: str | None = None


@dataclass
class Verdict:
    """What is expected of a batch: numbers of rows with what is said or done about them.

    ``receivers`` are the numbers of the holders to whom rows give something, 0 where the batch registers them.
    """

    problems: set[int] = field(default_factory=set)
    refusals: dict[int | None, str] = field(default_factory=dict)
    hanging: dict[int, int] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)
    changes: dict[int, tuple[str, Thing | None, Thing, bool]] = field(default_factory=dict)
    receivers: dict[int, int] = field(default_factory=dict)
    keys: dict[int, Any] = field(default_factory=dict)
    new_holders: list[str] = field(default_factory=list)
    all_known: bool = False

    @property
    def clean(self) -> bool:
        """Whether the batch can be committed."""
        return not self.problems and not self.refusals

    def moved(self, now: "Verdict") -> list[int]:
        """The rows that would now do something else than here."""
        return sorted(row for row in {*self.changes, *now.changes} if self.does(row) != now.does(row))

    def does(self, row: int) -> object:
        """What a row would do, and to whom."""
        return self.changes.get(row), self.receivers.get(row)


class Refused(Exception):
    """Not allowed; says the code."""


@dataclass
class World:
    """One station as it should be.

    ``holders`` are in the order of their numbers, by small letters. ``custody`` is the entry by which, and the slot
    from which, each asset came to its holder; ``handovers`` is the entry by which what a batch exchanged with a holder
    was accepted, and whether that is asked for at all, by their numbers; ``inactive`` are numbers of holders.
    """

    assets: dict[str, Thing] = field(default_factory=dict)
    latest: dict[str, int] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    holders: dict[str, str] = field(default_factory=dict)
    recorded: dict[Any, int] = field(default_factory=dict)
    batches: list[tuple[int, int]] = field(default_factory=list)
    custody: dict[str, tuple[int, Place]] = field(default_factory=dict)
    handovers: dict[tuple[int, int], tuple[int | None, bool]] = field(default_factory=dict)
    inactive: set[int] = field(default_factory=set)
    rule: str = "recorded"
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
            custody=dict(self.custody),
            handovers=dict(self.handovers),
        )

    def number(self, name: str) -> int:
        """The number of a holder, counted from 1."""
        return list(self.holders).index(name.lower()) + 1

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
        self.conclude(verdict, choices)
        return verdict

    def conclude(self, verdict: Verdict, choices: Choices) -> None:
        """Say what is to be said when all rows are known: about those of earlier batches, and about acceptance."""
        hands_over = any(holder_of(before) != after["holder"] for _, before, after, _ in verdict.changes.values())
        if self.rule == "required" and choices.accepted is None and hands_over:
            verdict.refusals[None] = "acceptance_missing"
        if not verdict.all_known and not choices.only_new:
            verdict.refusals |= dict.fromkeys(verdict.known, "already_recorded")

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
            happen = {
                "ISSUE": self.issue,
                "RETURN": self.take_back,
                "TRANSFER": self.transfer,
                "UPDATE": self.update,
                "RETIRE": self.retire,
            }[event]
            after = happen(row, before, choices, verdict)
        self.assets[tag] = after
        self.latest[tag] = max(self.latest.get(tag, minute), minute)
        verdict.changes[number] = (tag, before, after, late)
        if after["holder"] not in {None, holder_of(before)}:
            is_new = after["holder"] in verdict.new_holders
            verdict.receivers[number] = 0 if is_new else self.number(after["holder"])

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
        return {"status": "STORAGE", "place": place, "holder": None, "due": None, "details": details}

    def issue(self, row: Row, before: Thing, choices: Choices, verdict: Verdict) -> Thing:
        """Out of storage, to a holder."""
        if before["status"] == "IN_CUSTODY":
            raise Refused("already_in_custody")
        holder = self.receiver(row["holder"], choices, verdict)
        return before | {"status": "IN_CUSTODY", "place": None, "holder": holder, "due": choices.due}

    def transfer(self, row: Row, before: Thing, choices: Choices, verdict: Verdict) -> Thing:
        """From one holder to another."""
        if before["status"] != "IN_CUSTODY":
            raise Refused("not_in_custody")
        holder = self.receiver(row["holder"], choices, verdict)
        if holder == before["holder"]:
            raise Refused("already_in_custody")
        return before | {"holder": holder, "due": choices.due}

    def receiver(self, name: str, choices: Choices, verdict: Verdict) -> str:
        """Who gets something: known and active, or registered by that."""
        if name.lower() not in self.holders:
            if not choices.new_holders:
                raise Refused("unknown_holder")
            self.holders[name.lower()] = name
            verdict.new_holders.append(name)
        if self.number(name) in self.inactive:
            raise Refused("holder_inactive")
        return self.holders[name.lower()]

    def take_back(self, row: Row, before: Thing, _choices: Choices, _verdict: Verdict) -> Thing:
        """From its holder, into a slot or none."""
        if before["status"] != "IN_CUSTODY":
            raise Refused("not_in_custody")
        place = None if row["place"] == "OUT" else row["place"]
        if place is not None:
            self.must_be_empty(place)
        return before | {"status": "STORAGE", "place": place, "holder": None, "due": None}

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
        return before | {"status": "RETIRED", "place": None, "holder": None, "due": None}

    def commit(self, verdict: Verdict, rows: Sequence[Row], choices: Choices) -> None:
        """Let a clean batch happen."""
        first = self.log_size + 1
        self.batches.append((first, first + len(verdict.new_holders) + len(verdict.changes)))
        self.log_size = self.batches[-1][1]
        for name in verdict.new_holders:
            self.holders[name.lower()] = name
        for seq, (number, change) in enumerate(verdict.changes.items(), first + 1 + len(verdict.new_holders)):
            tag, before, after, _ = change
            minute = rows[number - 1]["minute"]
            self.assets[tag] = after
            giver, receiver = holder_of(before), after["holder"]
            for name in {giver, receiver} - {None} if giver != receiver else ():
                accepted = first if choices.accepted else None
                self.handovers[len(self.batches), self.number(name)] = accepted, self.rule != "off"
            if receiver is None:
                self.custody.pop(tag, None)
            elif giver != receiver:
                assert before is not None
                self.custody[tag] = (seq, before["place"] if giver is None else self.custody[tag][1])
            self.latest[tag] = max(self.latest.get(tag, minute), minute)
            self.recorded[verdict.keys[number]] = len(self.batches)


def holder_of(thing: Thing | None) -> str | None:
    """Who has an asset, if it is there at all."""
    return None if thing is None else thing["holder"]


def is_wrong(row: Row) -> bool:
    """Whether a row does not look right by itself."""
    if row["flaw"]:
        return True
    return {
        "SCAN": False,
        "ISSUE": not row["holder"] or row["place"] != "OUT",
        "TRANSFER": not row["holder"] or row["place"] != "OUT",
        "RETURN": row["place"] is None,
        "UPDATE": False,
        "RETIRE": not row["notes"],
    }[row["event"]]


def name_of(row: Row, earlier: list[Any]) -> Any:  # noqa: ANN401 - whatever names a row
    """What names a row: all that it says, and how many like it came before it in the file."""
    said = (*(row[name] for name in ("tag", "minute", "event", "operator", "holder", "place", "notes")),)
    named = (*said, *sorted((name, text) for name, text in row["details"].items() if text))
    return named, earlier.count(named)
