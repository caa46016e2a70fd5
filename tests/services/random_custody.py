"""A station's random custody: assets come, go out, change hands, come back, are counted, and rows are corrected.

Owns chance. Looks at the present state only to find deeds that are often allowed; those that are refused do nothing.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random

from assettrack.domain import errors, typed_rows
from assettrack.domain.inventory import Asset
from assettrack.domain.plans import Acceptance as Accepted
from assettrack.domain.plans import Options
from assettrack.domain.tags import OUT, Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import (
    acceptances,
    assets,
    corrections,
    count_endings,
    counts,
    custody,
    holders,
    organisations,
    settings,
    slots,
)
from assettrack.services.acceptances import SaidAcceptance
from assettrack.services.count_reading import Scans, Spotted
from assettrack.services.counts import AskedScope
from assettrack.services.custody import TypedCommand
from assettrack.services.holders import HolderUpdate
from tests.services.desk import Desk

TAGS = tuple(f"T{number}" for number in range(1, 25))
NAMES = ("ann Ox", "Bob Lee", "Cy Young", "Dee Fox")
TYPES = ("laptop", "Tablet")
DATES = ("2026-06-01", "2026-06-30", "2026-07-02", None)
CASES = (("C1", 3), ("C2", 2))


class RandomCustody:
    """A station's life; every deed is done by the services, as a person would do it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.desk = Desk(folder)
        self._chance = Random(seed)
        self._rows: list[int] = []
        at = self.desk.workplace
        slots.initialise_cases(at, CASES)
        organisations.register(at, "Fire Department")
        for name in NAMES:
            holders.register(at, name, organisation="Fire Department" if name in NAMES[:2] else None)

    def live(self, deeds: int) -> None:
        """Try so many deeds."""
        for _ in range(deeds):
            with suppress(errors.AssetTrackError, IndexError):  # the latter: there is nothing yet to choose from
                self._chance.choice(self._deeds())()

    def _deeds(self) -> Sequence[Callable[[], object]]:
        chance, at = self._chance, self.desk.workplace
        stored, held = self._with("STORAGE"), self._with("IN_CUSTODY")
        tag, name, place = chance.choice(TAGS), chance.choice(NAMES), self._place()
        some = chance.sample(stored, min(len(stored), chance.randrange(1, 4)))
        return (
            *[lambda: self._do(TypedRow("SCAN", tag, place=place, equipment_type=chance.choice(TYPES)))] * 3,
            *[lambda: self._do(*typed_rows.issues(some, name))] * 3,
            *[lambda: self._do(*typed_rows.transfers([chance.choice(held)], name))] * 4,
            *[lambda: self._do(TypedRow("RETURN", chance.choice(held), place=chance.choice([place or OUT, OUT])))] * 5,
            *[lambda: self._do(TypedRow("UPDATE", chance.choice(stored), place=place or OUT), TypedRow("SCAN", tag))]
            * 2,
            *[self._retire] * (chance.random() < 0.3),
            *[self._correct] * 5,
            lambda: slots.move(at, tag, place or Place("C1", 1)),
            lambda: slots.vacate_asset(at, tag, "tidied up"),
            lambda: holders.change(
                at, name, HolderUpdate(active=chance.random() < 0.7, reason="asked", with_assets=True)
            ),
            lambda: acceptances.record(at, chance.randrange(1, 30), name, SaidAcceptance("paper")),
            lambda: settings.set_rule(at, "acceptance", chance.choice(["off", "recorded", "recorded"])),
            lambda: counts.start(at, AskedScope()),
            lambda: counts.add_scans(at, chance.randrange(1, 4), Scans([Spotted(each) for each in stored[:4]])),
            lambda: count_endings.close(at, chance.randrange(1, 4)),
        )

    def _do(self, *rows: TypedRow) -> None:
        tags = [row.asset_tag for row in rows]
        accepted = Accepted("typed") if self._chance.random() < 0.3 else None
        options = Options(due_on=self._chance.choice(DATES), accepted=accepted)
        receipt = custody.commit(self.desk.workplace, TypedCommand(tags, lambda _: rows), options, confirm=None)
        self._rows += range(receipt.first_seq + 1, receipt.last_seq + 1)

    def _correct(self) -> None:
        """Correct a row, often one of the last, or what corrects it."""
        earlier = self.desk.clock - timedelta(seconds=self._chance.randrange(60))
        values = self._chance.choice(
            [
                {"issued_to_name": self._chance.choice(NAMES)},
                {"timestamp": earlier.isoformat()},
                {"case_number": "OUT", "slot_number": "OUT"},
                {"case_number": "C2", "slot_number": str(self._chance.randrange(1, 3))},
                {"issued_to_name": self._chance.choice(NAMES), "notes": "mixed up"},
            ]
        )
        seq = self._chance.choice(self._rows[-6:] if self._chance.random() < 0.5 else self._rows)
        receipt = corrections.correct(self.desk.workplace, seq, values, "mistaken", confirm=None)
        self._rows.append(receipt.seq)

    def _retire(self) -> None:
        tag = self._chance.choice([*self._with("STORAGE"), *self._with("IN_CUSTODY")])
        self._do(TypedRow("RETIRE", tag, notes="worn"))

    def _with(self, status: str) -> list[str]:
        return [tag for tag, asset in self._assets() if asset.status == status]

    def _assets(self) -> list[tuple[str, Asset]]:
        return list(assets.all_assets(self.desk.workplace))

    def _place(self) -> Place | None:
        case, size = self._chance.choice(CASES)
        return Place(case, self._chance.randrange(1, size + 1)) if self._chance.random() < 0.7 else None
