"""A station at which anything may happen: deeds of many kinds at random, most of them allowed, the rest refused.

Owns chance. Yields after every transaction, so that whoever watches can remember what was there. Must never look into
the database to know what fits.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random

import apsw

from assettrack.domain import errors
from assettrack.domain.plans import Options
from assettrack.domain.tags import Place
from assettrack.services import (
    acceptances,
    accounts,
    contacts,
    corrections,
    count_endings,
    counts,
    holders,
    organisations,
    receipts,
    settings,
    slots,
)
from assettrack.services.acceptances import SaidAcceptance
from assettrack.services.accounts import WantedAccount
from assettrack.services.count_reading import Scans, Spotted
from assettrack.services.counts import AskedScope
from assettrack.services.holders import HolderUpdate
from tests.services.desk import Desk, row
from tests.services.front_door import ANNS, PASSWORDS, made_up_chance

TAGS = tuple(f"T{number}" for number in range(1, 8))
CASES = ("C1", "C2", "C3")
NAMES = ("Ann Ox", "Bob Lee", "Zoë Quill", "Cy Young")

Tables = dict[str, list[tuple[object, ...]]]
"""Every row of every table, and the schema, by name."""


def tables_of(path: Path) -> Tables:
    """Return all that is in a database file, read past the store."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        schema = connection.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
        rows = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}
    finally:
        connection.close()
    return {name: sorted(found, key=repr) for name, found in rows.items()} | {"sqlite_schema": sorted(schema)}


class RandomStation:
    """A station's random life; ``seen`` holds what was there after each transaction, by the log's size."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.desk = Desk(folder)
        self.seen: dict[int, Tables] = {}
        self._chance = Random(seed)
        self._remember()

    def live(self, transactions: int) -> None:
        """Go on until so many transactions are there."""
        while len(self.seen) < transactions:
            deed = self._chance.choice(self._deeds())
            with suppress(errors.AssetTrackError):
                deed()
            self._remember()

    def _remember(self) -> None:
        size = self.desk.log_size
        if size not in self.seen:
            self.seen[size] = tables_of(self.desk.store.path)

    def _deeds(self) -> Sequence[Callable[[], object]]:
        chance, at = self._chance, self.desk.workplace
        name, tag, place = chance.choice(NAMES), chance.choice(TAGS), self._place()
        drawn = SaidAcceptance("screen", strokes="M1 1l2 2")
        return (
            *[lambda: self.desk.commit("".join(self._rows()), Options(new_holders=True, late_reason="found"))] * 6,
            lambda: slots.initialise_cases(at, [(place.case_name, chance.randrange(1, 5))]),
            lambda: slots.assign(at, tag, place),
            lambda: slots.move(at, tag, place),
            lambda: slots.vacate_asset(at, tag, "tidied up"),
            lambda: holders.register(at, name),
            lambda: holders.change(
                at, name, HolderUpdate(active=chance.random() < 0.5, reason="asked", with_assets=True)
            ),
            lambda: organisations.register(at, f"{name} Ltd"),
            lambda: contacts.write(at, name, chance.choice(["a@example.org", "b@example.org"])),
            lambda: contacts.erase(at, name),
            lambda: receipts.issue_hand_receipt(at, name),
            *[lambda: acceptances.record(at, chance.randrange(1, 6), name, drawn)] * 3,
            lambda: settings.set_rule(at, "acceptance", chance.choice(["off", "recorded"])),
            lambda: counts.start(at, AskedScope()),
            lambda: counts.add_scans(at, chance.randrange(1, 4), Scans([Spotted(tag)])),
            lambda: count_endings.close(at, chance.randrange(1, 4)),
            lambda: accounts.set_up_first_admin(at, PASSWORDS, name, ANNS),
            lambda: accounts.register(at, name, role=chance.choice(["viewer", "admin"])),
            lambda: accounts.change(at, name, WantedAccount(chance.choice(["admin", "auditor"]), reason="asked")),
            lambda: accounts.set_password(at, PASSWORDS, name=name, password=ANNS),
            lambda: accounts.take_password_away(at, name),
            lambda: accounts.make_token(at, name=name, label="x", chance=made_up_chance(str(chance.random()))),
            lambda: accounts.revoke_token(at, chance.randrange(1, 4)),
            lambda: accounts.record_security_event(at, "access_denied", account=accounts.named(at, name)),
            lambda: corrections.correct(at, chance.randrange(1, 60), {"notes": "mended"}, "mistaken", confirm=None),
        )

    def _rows(self) -> Iterator[str]:
        for _ in range(self._chance.randrange(1, 4)):
            event = self._chance.choice(["SCAN", "SCAN", "ISSUE", "ISSUE", "RETURN", "UPDATE", "RETIRE"])
            place = self._place()
            cells = {"issued_to_name": self._chance.choice(NAMES)} if event == "ISSUE" else {}
            if event == "RETIRE" and self._chance.random() < 0.7:
                continue
            minute = self._chance.randrange(60)
            where = (place.case_name, str(place.slot_position)) if self._chance.random() < 0.7 else ("", "")
            where = where if event in {"SCAN", "UPDATE"} or where[0] else ("OUT", "OUT")
            yield row(self._chance.choice(TAGS), event, at=f"10:{minute:02d}", place=where, **cells)

    def _place(self) -> Place:
        return Place(self._chance.choice(CASES), self._chance.randrange(1, 5))
