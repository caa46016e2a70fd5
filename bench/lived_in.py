"""What is done at a station of `bench.custody` so that its reports have something to say.

Of every 100 assets 30 go out to holders, of whom there is one for every 50 assets: 27 accepted, three of which nobody
has accepted, one in ten of those overdue; one is taken out of its slot. Everything in storage is counted twice: once to
the end, with one asset in a thousand missing and one in a thousand in another slot; the second count goes on, and half
of it has been scanned. Some rows are corrected.
"""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

from assettrack.domain.scans import COLUMNS
from bench.measuring import Cost

PER_HOLDER = 50
"""So many assets there are for each holder."""

ODD_ONE_IN = 1_000
CORRECTIONS = 10


def live_in(folder: Path, assets: int, assettrack: Callable[..., Cost]) -> None:
    """Do all that; the assets are in the slots in which `bench.custody` has left them."""
    issued = {"accepted": range(27), "open": range(27, 30)}
    late = [number for number in range(assets) if number % ODD_ONE_IN in range(27, 30)]
    of = {name: [n for n in range(assets) if n % 100 in part] for name, part in issued.items()}
    rows = {
        "accepted": [_issue(number, assets) for number in of["accepted"]],
        "open": [_issue(number, assets) for number in sorted({*of["open"]} - {*late})],
        "late": [_issue(number, assets) for number in late],
        "unslotted": [_row(number, "UPDATE") for number in range(30, assets, 100)],
    }
    options = {"accepted": ["--accepted", "paper"], "open": ["--due", "2035-06-30"], "late": ["--due", "2026-06-30"]}
    for name, batch in rows.items():
        path = _written(folder / f"{name}.csv", [COLUMNS, *batch])
        assettrack("commit", path, "--new-holders", "--yes", *options.get(name, ()))
    stored = [number for number in range(assets) if number % 100 >= 30]
    seen = _written(folder / "seen.csv", (_seen(number) for number in stored if number % ODD_ONE_IN != 31))
    half = _written(folder / "half.csv", (_seen(number) for number in stored[::2]))
    assettrack("count", "start", "--everything")
    assettrack("count", "scan", "1", "--from", seen)
    assettrack("count", "close", "1", "--yes")
    assettrack("count", "start", "--everything")
    assettrack("count", "scan", "2", "--from", half)
    last = assets * 10 - 1
    for seq in range(last, last - CORRECTIONS, -1):
        assettrack("correct", str(seq), "--set", "notes=seen twice", "--reason", "mistaken", "--yes")


def _issue(number: int, assets: int) -> list[str]:
    holder = number // 100 % max(assets // PER_HOLDER // 2, 1) * 2 + number % 2
    return _row(number, "ISSUE", f"Holder number {holder:05d}")


def _row(number: int, kind: str, holder: str = "") -> list[str]:
    """Return a row that takes an asset out of its slot."""
    return [f"LT-{number:07d}", "2026-03-01T10:00:00Z", kind, "jdoe", holder, "OUT", "OUT", *[""] * 7]


def _seen(number: int) -> tuple[str, str, int]:
    """Return where an asset is seen: where it is recorded, or else the odd one in the slot of its neighbour."""
    slot = number % 100 + 1 + (number % ODD_ONE_IN == 32)
    return f"LT-{number:07d}", f"C-{number // 100:05d}", slot


def _written(path: Path, rows: Iterable[Iterable[object]]) -> str:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return str(path)
