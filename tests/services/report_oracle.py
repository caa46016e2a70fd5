"""What reports must say, found in another way: the log's bodies read as plain JSON and replayed into dictionaries.

Owns the second opinion. It knows no type, rule or query of the program: only what the entries are documented to hold.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

Entry = dict[str, Any]
Row = tuple[Any, ...]

GIVING = {"ISSUE", "TRANSFER"}
ROWS = {"SCAN", "ISSUE", "RETURN", "TRANSFER", "UPDATE", "RETIRE"}


class Oracle:
    """A log that was read to its end."""

    def __init__(self, bodies: Iterable[bytes], today: str) -> None:
        self.entries: list[Entry] = [json.loads(body) for body in bodies]
        self.today = today
        self.assets: dict[str, Entry] = {}
        self.holders: dict[int, Entry] = {}
        self.organisations = {1: "Ad Hoc"}
        self.slots: dict[tuple[str, int], str | None] = {}
        self.rule = "recorded"
        self._accepted: dict[tuple[int, int], bool] = {}
        self._asked: dict[tuple[int, int], bool] = {}
        self._batches: dict[int, Entry] = {}
        self._chains: dict[int, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            self._read(entry)
            if entry["event_type"] == "CORRECTION":
                self._chains[self.root(entry)].append(entry)

    def _read(self, entry: Entry) -> None:
        kind = entry["event_type"]
        if "after" in entry and "asset_tag" in entry:
            self.assets[entry["asset_tag"]] = entry["after"]
        if kind == "CASE":
            self.slots.update({(entry["case_name"], number): None for number in range(1, entry["slots"] + 1)})
        elif kind == "HOLDER":
            self.holders[entry["holder_id"]] = {
                "name": entry["name"],
                "organisation_id": entry.get("organisation_id", 1),
            }
        elif kind == "HOLDER_CHANGE":
            self.holders[entry["holder_id"]] = entry["after"]
        elif kind == "ORGANISATION":
            self.organisations[entry["organisation_id"]] = entry["name"]
        elif kind == "SETTING":
            self.rule = entry["after"]
        elif kind == "BATCH":
            self._batches[entry["batch_id"]] = entry
        elif kind == "ACCEPTANCE":
            self._accepted[entry["batch_id"], entry["holder_id"]] = True
        elif kind in ROWS:
            self._hand_over(entry)
        elif kind == "CORRECTION" and "holder_id" in entry:
            self._hand_over_anew(entry)

    def root(self, entry: Entry) -> int:
        """The row that an entry corrects, through other corrections or not."""
        while entry["event_type"] == "CORRECTION":
            entry = self.entries[entry["corrects"] - 1]
        return int(entry["seq"])

    def _hand_over(self, row: Entry) -> None:
        before, after = row["before"] or {}, row["after"]
        if before.get("holder") != after["holder"]:
            by_batch = "accepted" in self._batches[row["batch_id"]].get("options", {})
            for name in {before.get("holder"), after["holder"]} - {None}:
                self._accepted[row["batch_id"], self._number(name)] = by_batch
                self._asked[row["batch_id"], self._number(name)] = self.rule != "off"

    def _hand_over_anew(self, correction: Entry) -> None:
        """Another holder is meant: in the row's batch, and in the one by which the asset left the holder."""
        row = self.entries[self.root(correction) - 1]
        mistaken, meant = self.effective(row)["holder_id"], correction["holder_id"]
        later = [each for each in self.about(row["asset_tag"]) if row["seq"] < each["seq"] < correction["seq"]]
        leaving = [each for each in later if each["event_type"] in {"RETURN", "TRANSFER", "RETIRE"}][:1]
        closed = []
        for each in (row, *leaving):
            named = {
                other.get(field)
                for other in self.entries
                if other.get("batch_id") == each["batch_id"] and other["seq"] != each["seq"]
                if other["event_type"] in ROWS
                for field in ("holder_id", "from_holder_id")
            }
            if mistaken not in named and self._asked.get((each["batch_id"], mistaken)):
                closed.append((each["batch_id"], mistaken))
        for each in (row, *leaving):
            key = each["batch_id"], meant
            if not self._accepted.get(key, False):
                self._accepted[key], self._asked[key] = False, self.rule != "off"
        for key in closed:
            if not self._accepted[key]:
                self._asked[key] = False

    def _number(self, name: str) -> int:
        return next(number for number, holder in self.holders.items() if holder["name"] == name)

    def effective(self, row: Entry) -> Entry:
        """A row after all its corrections: what it says in each column, and its holder."""
        now = {**row, "timestamp": row["occurred_at"]}
        for entry in self._chains[row["seq"]]:
            now |= entry["changed"]
            now["holder_id"] = entry.get("holder_id", now.get("holder_id"))
        return now

    def about(self, tag: str) -> list[Entry]:
        """Rows and slot deeds of an asset, in the order of the log."""
        return [
            entry
            for entry in self.entries
            if entry.get("asset_tag") == tag and "after" in entry and entry["event_type"] != "CORRECTION"
        ]

    # -- custody ---------------------------------------------------------------------------------------------------

    def giver(self, tag: str) -> Entry:
        """The row by which an asset is with its holder."""
        return [entry for entry in self.about(tag) if entry["event_type"] in GIVING][-1]

    def custody(self) -> list[Row]:
        """Each holder with how many assets, and how many of them overdue."""
        held = [asset for asset in self.assets.values() if asset["status"] == "IN_CUSTODY"]
        counts = Counter(asset["holder"] for asset in held)
        late = Counter(asset["holder"] for asset in held if asset.get("due_on", "9") < self.today)
        return [(name, self.organisation(name), counts[name], late[name]) for name in sorted(counts, key=str.lower)]

    def organisation(self, name: str) -> str:
        """The name of a holder's organisation."""
        return self.organisations[self.holders[self._number(name)].get("organisation_id", 1)]

    def details(self) -> list[Row]:
        """Each asset in custody: tag, type, holder, since when, due when, batch, acceptance, entry."""
        found = []
        for tag, asset in self.assets.items():
            if asset["status"] == "IN_CUSTODY":
                row = self.giver(tag)
                key = row["batch_id"], self._number(asset["holder"])
                asked = self._asked[key] and self.rule != "off"
                acceptance = "accepted" if self._accepted[key] else "open" if asked else "not asked"
                since = self.effective(row)["timestamp"]
                found.append(
                    (
                        tag,
                        asset["equipment_type"],
                        asset["holder"],
                        since,
                        asset.get("due_on"),
                        row["batch_id"],
                        acceptance,
                        row["seq"],
                    )
                )
        return sorted(found, key=lambda row: (row[2].lower(), row[0]))

    def is_open(self, batch_id: int, name: str) -> bool:
        """Whether nobody has accepted what a batch exchanged with a holder."""
        key = batch_id, self._number(name)
        return self._asked[key] and not self._accepted[key]

    def open_of(self, name: str) -> int:
        """How many batches wait for an acceptance of a holder."""
        number = self._number(name)
        return sum(self._asked[key] and not accepted for key, accepted in self._accepted.items() if key[1] == number)

    # -- places ----------------------------------------------------------------------------------------------------

    def unslotted(self) -> list[Row]:
        """Each asset in storage in no slot: tag, and when and by which entry it came to be so."""
        found = []
        for tag, asset in self.assets.items():
            if asset["status"] == "STORAGE" and asset["case_name"] is None:
                where, since = "nowhere", (0, "")
                for entry in self.about(tag):
                    now = self._where_after(entry, where)
                    if now == "unslotted" != where:
                        since = (entry["seq"], self.effective(entry)["timestamp"])
                    where = now
                found.append((tag, *since))
        return sorted(found)

    def _where_after(self, entry: Entry, before: str) -> str:
        """In which slot an asset is after an entry with its corrections, or that it is in none, out or retired."""
        kind, now = entry["event_type"], self.effective(entry)
        if kind in GIVING:
            return "out"
        if kind == "RETIRE":
            return "retired"
        if kind.startswith("SLOT"):
            after = entry["after"]
            return "unslotted" if after["case_name"] is None else f"{after['case_name']} {after['slot_position']}"
        case = now.get("case_number", "")
        named = "unslotted" if case in {"", "OUT"} else f"{case} {now['slot_number']}"
        if kind == "RETURN" or before == "nowhere":
            return named
        return named if kind == "UPDATE" and case and before not in {"out", "retired"} else before

    def case_fills(self) -> list[Row]:
        """Each case: slots, taken, empty, whole percent."""
        taken = Counter(asset["case_name"] for asset in self.assets.values() if asset["case_name"])
        sizes = Counter(case for case, _ in self.slots)
        return [
            (case, sizes[case], taken[case], sizes[case] - taken[case], int(taken[case] / sizes[case] * 100))
            for case in sorted(sizes)
        ]

    def types(self) -> list[Row]:
        """Each type: in slots, in none, in custody, retired, all."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for asset in self.assets.values():
            where = "slot" if asset["case_name"] else asset["status"]
            counts[asset["equipment_type"]][where] += 1
        keys = ("slot", "STORAGE", "IN_CUSTODY", "RETIRED")
        return [
            (name, *(counts[name][key] for key in keys), counts[name].total()) for name in sorted(counts, key=str.lower)
        ]

    # -- intervals -------------------------------------------------------------------------------------------------

    def intervals(self) -> list[Row]:
        """Each interval that holds: tag, holder, from, until, began, ended, first entry, last entry."""
        found: list[Row] = []
        for tag in sorted(self.assets):
            begun: Entry | None = None
            for entry in [*self.about(tag), None]:
                kind = None if entry is None else entry["event_type"]
                if begun and (entry is None or kind in {"RETURN", "RETIRE", "TRANSFER"}):
                    now, end = self.effective(begun), {} if entry is None else self.effective(entry)
                    name = self.holders[now["holder_id"]]["name"]
                    found.append(
                        (
                            tag,
                            name,
                            now["timestamp"],
                            end.get("timestamp"),
                            begun["event_type"],
                            kind,
                            begun["seq"],
                            end.get("seq"),
                        )
                    )
                    begun = None
                if kind in GIVING:
                    begun = entry
        return found

    def held_after(self, seq: int) -> dict[str, str]:
        """Who has which asset after an entry, by the corrected rows: for each asset in custody its holder."""
        held: dict[str, str] = {}
        for entry in self.entries[:seq]:
            if entry["event_type"] in GIVING:
                held[entry["asset_tag"]] = self.holders[self.effective(entry)["holder_id"]]["name"]
            elif entry["event_type"] in {"RETURN", "RETIRE"}:
                held.pop(entry["asset_tag"], None)
        return held

    def statuses_after(self, seq: int) -> dict[str, str]:
        """The status of each asset after an entry, as the entries say it."""
        return {
            entry["asset_tag"]: entry["after"]["status"]
            for entry in self.entries[:seq]
            if "after" in entry and "asset_tag" in entry and entry["event_type"] != "CORRECTION"
        }
