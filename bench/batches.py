"""Makes the batch files and case lists that the measurements use. All names in them are made up."""

import csv
from collections.abc import Iterator
from pathlib import Path

from assettrack.domain.scans import COLUMNS

SLOTS_PER_CASE = 100
_FIRST_NAMES = ("Ada", "Bruno", "Chandra", "Dagny", "Emil", "Farida", "Gustav", "Hiroko", "Ilse", "Jamal")
_LAST_NAMES = ("Ashworth", "Brandvold", "Castellanos", "Dubrovnik", "Eriksson", "Fairweather", "Grünwald", "Hollister",
               "Ibarra", "Jankowski", "Kirchner", "Lindqvist", "Montgomery", "Nakamura", "Oyelaran", "Petrović",
               "Quintero", "Rasmussen", "Sandoval", "Thorvaldsen")  # fmt: skip


def write_mixed_batch(path: Path, rows: int) -> None:
    """Write a batch of which one third creates assets into slots, one third issues them, one third returns them."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(rows // 3):
            writer.writerows(_life_of_asset(number))


def write_cases(path: Path, rows: int) -> None:
    """Write the list of cases whose slots the batch of this size fills."""
    cases = -(-(rows // 3) // SLOTS_PER_CASE)
    path.write_text("".join(f"{_case(case)},{SLOTS_PER_CASE}\n" for case in range(cases)), encoding="utf-8")


def _life_of_asset(number: int) -> Iterator[list[str]]:
    tag, time = f"LT-{number:07d}", f"T{8 + number // 3600 % 10:02d}:{number // 60 % 60:02d}:{number % 60:02d}Z"
    case, slot = _case(number // SLOTS_PER_CASE), str(number % SLOTS_PER_CASE + 1)
    holder = f"{_FIRST_NAMES[number % 10]} {_LAST_NAMES[number // 10 % 20]}"
    details = ["BQ26-101", "laptop", f"SN{number:08d}", "Examplar", "Latitude 5440", "L5440", ""]
    blank = [""] * 7
    yield [tag, f"2026-02-02{time}", "SCAN", "jdoe", "", case, slot, *details]
    yield [tag, f"2026-02-03{time}", "ISSUE", "jdoe", holder, "OUT", "OUT", *blank]
    yield [tag, f"2026-02-04{time}", "RETURN", "jdoe", "", case, slot, *blank]


def _case(number: int) -> str:
    return f"CASE-{number + 1:05d}"
