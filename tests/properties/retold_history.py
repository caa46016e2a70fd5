"""The history of a whole station retold with its corrections in place: dictionaries and ifs, once from the beginning.

Owns what the tables must say after corrections. It reads the stored JSON and nothing else of the program: it knows no
rules' code, no order of checks, no single histories. All assets are retold together, entry by entry, so that two in
one slot are met wherever that would have been. Must never be used to decide anything but what a test expects.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Thing = dict[str, Any]
"""An asset: where, with whom (by number), details, latest, due, and how it came to its holder."""

DETAILS = ("equipment_type", "building_room", "serial_number", "manufacturer", "model", "model_code")


@dataclass
class Retold:
    """The station as it stands after its history was retold."""

    things: dict[str, Thing] = field(default_factory=dict)
    slots: dict[tuple[str, int], str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    options: dict[int, Mapping[str, Any]] = field(default_factory=dict)

    def tell(self, entry: Mapping[str, Any]) -> None:
        """Let one entry happen; a correction has happened in the row that it corrects."""
        match entry["event_type"]:
            case "CASE":
                self.sizes[entry["case_name"]] = entry["slots"]
            case "HOLDER":
                self.names[entry["holder_id"]] = entry["name"]
            case "HOLDER_CHANGE":
                self.names[entry["holder_id"]] = entry["after"]["name"]
            case "BATCH":
                self.options[entry["batch_id"]] = entry.get("options", {})
            case "SLOT_ASSIGN" | "SLOT_MOVE" | "SLOT_VACATE":
                self.deed(entry)
            case "SCAN" | "ISSUE" | "RETURN" | "TRANSFER" | "UPDATE" | "RETIRE":
                self.row(entry)
            case other:
                assert other in {"STATION", "CORRECTION"}, other

    def deed(self, entry: Mapping[str, Any]) -> None:
        """A typed deed about a slot."""
        tag, after = entry["asset_tag"], entry["after"]
        thing = self.things[tag]
        assert thing["status"] == "STORAGE", entry
        target = None if after["case_name"] is None else (after["case_name"], after["slot_position"])
        is_there = thing["place"] is not None and thing["place"] == target  # by a correction: then it changes nothing
        assert is_there or (thing["place"] is None) == (entry["event_type"] == "SLOT_ASSIGN"), entry
        self.put(tag, target)
        thing["latest"] = max(thing["latest"], entry["occurred_at"])

    def row(self, entry: Mapping[str, Any]) -> None:
        """A row of a batch, corrected or not."""
        tag, event, seq = entry["asset_tag"], entry["event_type"], entry["seq"]
        thing = self.things.get(tag)
        options = self.options[entry["batch_id"]]
        place = named_place(entry)
        given = {column: entry[column] for column in DETAILS if entry.get(column)}
        if thing is None:
            assert event == "SCAN", entry
            given = {**options.get("defaults", {}), **given}
            assert given["equipment_type"], entry
            self.things[tag] = {
                "status": "STORAGE", "place": None, "holder": None, "due": None, "custody": None,
                "latest": entry["occurred_at"], "details": given,
            }  # fmt: skip
            self.put(tag, None if place == "OUT" else place)
            return
        if event != "SCAN":
            assert entry["occurred_at"] >= thing["latest"] or entry.get("late_reason"), entry
        thing["latest"] = max(thing["latest"], entry["occurred_at"])
        if event == "SCAN":
            return
        assert thing["status"] != "RETIRED", entry
        if event in {"ISSUE", "TRANSFER"}:
            assert thing["status"] == ("STORAGE" if event == "ISSUE" else "IN_CUSTODY"), entry
            assert entry["holder_id"] in self.names, entry
            assert entry["holder_id"] != thing["holder"], entry
            home = thing["place"] if event == "ISSUE" else thing["custody"][1]
            self.put(tag, None)
            thing |= {"status": "IN_CUSTODY", "holder": entry["holder_id"], "custody": (seq, home)}
            thing["due"] = entry.get("due_on", options.get("due_on")) or None
        elif event == "RETURN":
            assert thing["status"] == "IN_CUSTODY", entry
            self.leave_custody(thing, "STORAGE")
            self.put(tag, None if place == "OUT" else place)
        elif event == "RETIRE":
            self.put(tag, None)
            self.leave_custody(thing, "RETIRED")
        else:
            assert thing["status"] == "STORAGE" or place in {None, "OUT"}, entry
            if place is not None and thing["status"] == "STORAGE":
                self.put(tag, None if place == "OUT" else place)
            thing["details"] = thing["details"] | given

    def leave_custody(self, thing: Thing, status: str) -> None:
        """The holder has it no longer."""
        thing |= {"status": status, "holder": None, "due": None, "custody": None}

    def put(self, tag: str, place: tuple[str, int] | None) -> None:
        """Move an asset to a slot, or to none: a slot is there, and has one asset at every point of the history."""
        thing = self.things[tag]
        if thing["place"] is not None:
            assert self.slots.pop(thing["place"]) == tag
        if place is not None:
            assert 1 <= place[1] <= self.sizes[place[0]], (tag, place)
            assert place not in self.slots, f"{tag} and {self.slots[place]} are both in {place}"
            self.slots[place] = tag
        thing["place"] = place


def named_place(entry: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a pair, "OUT", or None
    """The place that a row names."""
    case, slot = entry.get("case_number", ""), entry.get("slot_number", "")
    if case == "":
        return None
    return "OUT" if case == "OUT" else (case, int(slot))


def retold(bodies: Iterable[bytes]) -> Retold:
    """Retell a log: first put every correction into its row, then let the entries happen in their order.

    Cases and holders are those there are at the end, as a correction may name one that came later than its row.
    """
    entries = [json.loads(body) for body in bodies]
    rows = {entry["seq"]: entry for entry in entries}
    for entry in entries:
        if entry["event_type"] == "CORRECTION":
            row = rows[entry["seq"]] = rows[entry["corrects"]]
            row |= entry["changed"]
            row["occurred_at"] = entry["changed"].get("timestamp", row["occurred_at"])
            row["holder_id"] = entry.get("holder_id", row.get("holder_id"))
    station = Retold()
    first = [entry for entry in entries if entry["event_type"] in {"CASE", "HOLDER", "HOLDER_CHANGE"}]
    for entry in [*first, *entries]:
        station.tell(entry)
    return station
