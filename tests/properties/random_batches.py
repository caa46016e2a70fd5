"""Batches at random: rows that the model's world allows, rows that say anything, and files in which they are written.

Owns chance. Most rows fit the present state, so that whole batches are committed, and enough of them don't, so that
everything is refused as well. Must never look into the program to know what fits.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from assettrack.domain.scans import COLUMNS
from tests.properties.model import Choices, Place, Row, World

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
TAGS = ("A1", "A2", "A3", "A4", "A5", "A6", "A7")
CASES = ("C1", "C2", "C3")
NAMES = ("Ann Ox", "ann ox", "Bob Lee", "Zoë Quill", "ZOË QUILL", "Nobody Known")
PLACES: tuple[Place, ...] = (("C1", 1), ("C1", 2), ("C1", 3), ("C2", 1), ("C2", 2), ("C1", 8), ("C1", 9), ("C9", 1))
FLAWS = ("tag", "time", "operator", "event", "half a place")
FIT = {
    None: ("SCAN",),
    "STORAGE": ("ISSUE", "ISSUE", "ISSUE", "UPDATE", "UPDATE", "UPDATE", "SCAN", "RETIRE"),
    "IN_CUSTODY": ("RETURN", "RETURN", "RETURN", "RETURN", "RETURN", "UPDATE", "SCAN", "RETIRE"),
    "RETIRED": ("SCAN",),
}
"""What can happen to an asset in each state; what happens often is there several times."""


def empty_slots(world: World) -> list[Place]:
    """Every slot that nobody is in."""
    slots = [(case, slot) for case, size in world.cases.items() for slot in range(1, size + 1)]
    return [place for place in slots if world.occupant(place) is None]


def row_that_fits(chance: Random, world: World, now: int, made: Choices) -> Row:
    """A row that the world allows, for nearly any tag."""
    tag = chance.choice(TAGS)
    thing = world.assets.get(tag)
    event = chance.choice(FIT[thing["status"] if thing else None])
    place: Place = chance.choice([*empty_slots(world), "OUT"])
    if event == "ISSUE" or (event == "UPDATE" and thing is not None and thing["status"] == "IN_CUSTODY"):
        place = "OUT"
    if event in {"SCAN", "UPDATE", "RETIRE"} and chance.random() < 0.4:
        place = None
    latest = world.latest.get(tag, 0)
    minute = min(max(latest, now - chance.randrange(3)), now + 5)
    if made.reason is not None and chance.random() < 0.2:
        minute = latest - 1
    return {
        "tag": tag,
        "minute": max(minute, 0),
        "event": event,
        "operator": "gcurl",
        "holder": chance.choice(NAMES if made.new_holders else list(world.holders) or NAMES)
        if event == "ISSUE"
        else "",
        "place": place,
        "details": {"equipment_type": "laptop" if event == "SCAN" and not made.kind else ""} | some_details(chance),
        "notes": "worn" if event == "RETIRE" else "",
        "flaw": "",
    }


def row_gone_wrong(chance: Random, world: World, now: int, made: Choices) -> Row:
    """A row that would fit, with one thing in it that may not."""
    row = row_that_fits(chance, world, now, made)
    thing = world.assets.get(row["tag"])
    taken = [other["place"] for other in world.assets.values() if other["place"] is not None]
    wrong = chance.choice(["place", "place", "event", "kind", "holder", "flaw"])
    place = chance.choice([*taken, *PLACES[-3:]])
    changes = {
        "place": {"place": place, "event": "UPDATE" if row["event"] in {"ISSUE", "RETURN"} else row["event"]},
        "event": {"event": "ISSUE", "place": "OUT", "holder": NAMES[0]},
        "kind": {"details": some_details(chance)},
        "holder": {"holder": chance.choice(NAMES)},
        "flaw": {"flaw": chance.choice(FLAWS)},
    }
    if wrong == "event" and thing is not None and thing["status"] == "STORAGE":
        return {**row, "event": "RETURN", "place": "OUT"}
    return {**row, **changes[wrong]}


def row_at_random(chance: Random, _world: World, now: int, _made: Choices) -> Row:
    """A row that may say anything."""
    event = chance.choice(["SCAN", "ISSUE", "RETURN", "UPDATE", "RETIRE"])
    return {
        "tag": chance.choice(TAGS),
        "minute": now + chance.randrange(-4, 6),
        "event": event,
        "operator": chance.choice(["gcurl", "mjones"]),
        "holder": chance.choice(["", *NAMES]),
        "place": "OUT" if event == "ISSUE" and chance.random() < 0.9 else chance.choice([None, "OUT", *PLACES]),
        "details": {"equipment_type": chance.choice(["", "laptop", "tablet"])} | some_details(chance),
        "notes": chance.choice(["", "worn"]),
        "flaw": chance.choice(FLAWS) if chance.random() < 0.15 else "",
    }


def some_details(chance: Random) -> dict[str, str]:
    """Descriptive fields, mostly blank."""
    return {"model": chance.choice(["", "", "XPS", "Yoga"]), "serial_number": chance.choice(["", "", "S1", "S2"])}


def some_rows(chance: Random, world: World, now: int, made: Choices) -> list[Row]:
    """The rows of a file, each fitting what those before it have made, or at random."""
    trial, rows = world.copy(), list[Row]()
    wild = chance.choice([0.0, 0.0, 0.2, 0.5, 0.8])
    for _ in range(chance.randrange(1, 5)):
        if rows and chance.random() < 0.05:
            rows.append(rows[-1])  # scanned twice
            continue
        make = chance.choice([row_gone_wrong, row_at_random]) if chance.random() < wild else row_that_fits
        row = make(chance, trial, now, made)
        rows.append(row)
        verdict = trial.decide([row], made)
        if verdict.clean and not verdict.all_known:
            trial.commit(verdict, [row], made)
    return rows


def written(rows: Sequence[Row], chance: Random) -> bytes:
    """The file with these rows, written in one of the ways in which people write them."""
    lines = [",".join(COLUMNS)]
    for row in rows:
        loose = chance.random() < 0.3
        case, slot = (
            ("", "") if row["place"] is None else (row["place"],) * 2 if row["place"] == "OUT" else row["place"]
        )
        offset = "+01:00" if loose else "Z"
        moment = BEGIN + timedelta(minutes=row["minute"], hours=1 if loose else 0)
        cells = dict(row["details"]) | {
            "asset_tag": f" {row['tag'].lower()} " if loose else row["tag"],
            "timestamp": f"{moment:%Y-%m-%d %H:%M}{offset}" if loose else f"{moment:%Y-%m-%dT%H:%M:%S}{offset}",
            "event_type": row["event"].title() if loose else row["event"],
            "operator_id": row["operator"],
            "issued_to_name": row["holder"].replace(" ", "  ") if loose else row["holder"],
            "case_number": case.lower() if loose else case,
            "slot_number": f"SLOT-0{slot}" if loose and isinstance(slot, int) else str(slot),
            "notes": row["notes"],
        }
        spoil(cells, row["flaw"])
        lines.append(",".join(cells.get(column, "") for column in COLUMNS))
    return ("\r\n" if chance.random() < 0.2 else "\n").join([*lines, ""]).encode()


def spoil(cells: dict[str, str], flaw: str) -> None:
    """Write a flaw into a row."""
    cells |= {
        "": {},
        "tag": {"asset_tag": "A 1"},
        "time": {"timestamp": "yesterday"},
        "operator": {"operator_id": " "},
        "event": {"event_type": "LOSE"},
        "half a place": {"case_number": "C1", "slot_number": ""},
    }[flaw]


def some_deed(chance: Random, world: World) -> tuple[str, tuple[Any, ...]]:
    """A typed deed, and what it is about: mostly one that the world allows."""
    kind = chance.choice(["prepare", "register", "assign", "assign", "move", "move", "vacate", "vacate_slot"])
    if kind == "prepare":
        return kind, (chance.choice(CASES), chance.randrange(1, 4))
    if kind == "register":
        return kind, (chance.choice(NAMES),)
    groups: dict[str, list[str]] = {
        "slotted": [],
        "STORAGE": [],
        "IN_CUSTODY": [],
        "RETIRED": [],
        "unknown": list(TAGS),
    }
    for tag, thing in world.assets.items():
        groups["slotted" if thing["place"] is not None else thing["status"]].append(tag)
    fits = chance.random() < 0.6
    group = groups["STORAGE" if kind == "assign" else "slotted"] if fits else chance.choice(list(groups.values()))
    tag = chance.choice(group or TAGS)
    taken = [thing["place"] for thing in world.assets.values() if thing["place"] is not None]
    place = chance.choice(chance.choice([empty_slots(world), empty_slots(world), taken, PLACES]) or PLACES)
    if kind == "vacate_slot":
        return kind, (chance.choice(taken) if taken and fits else place,)
    return kind, (tag,) if kind == "vacate" else (tag, place)
