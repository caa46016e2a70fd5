"""`make bench`: what a batch costs from file to commit, beside the floor, and what verifying costs.

Everything is measured in one run on one machine, as CPU seconds of whole processes, because
absolute times say little: the ratios do. Medians of several rounds, except for the largest size.
"""

import argparse
import mmap
import re
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from bench import batches, floor
from bench.measuring import Cost, environment_in, run

ASSETTRACK = [sys.executable, "-m", "assettrack"]


class Round(NamedTuple):
    """One batch taken in once: the costs of the floor (None without a sqlite3 shell), preview, commit and verify."""

    floor: Cost | None
    preview: Cost
    commit: Cost
    verify: Cost


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=3, help="rounds for each size but those over 500,000 rows")
    arguments = parser.parse_args()
    print(f"assettrack --help: {_median_help():.3f} CPU s (median of 5)")
    if not floor.available():
        print("There is no sqlite3 shell on this machine, so the floor is left out. Install it to compare.")
    print("CPU seconds of whole processes; peak memory of preview / commit")
    print("     rows    floor s  preview s  commit s  x floor  rows/s  us/row                 peak MB  verify s")
    cost_per_row: dict[int, float] = {}
    for rows in arguments.rows:
        rounds = [_round(rows) for _ in range(1 if rows > 500_000 else arguments.rounds)]
        cost_per_row[rows] = _print_line(rows, rounds)
    smallest = min(cost_per_row)
    for rows, cost in cost_per_row.items():
        print(f"cost per row at {rows:,}: {cost / cost_per_row[smallest]:.2f} times that at {smallest:,}")


def _round(rows: int) -> Round:
    with tempfile.TemporaryDirectory(prefix="assettrack-bench-") as name:
        folder = Path(name)
        environment = environment_in(folder)
        batch, cases = folder / "batch.csv", folder / "cases.csv"
        batches.write_mixed_batch(batch, rows)
        batches.write_cases(cases, rows)
        run([*ASSETTRACK, "init", "--timezone", "UTC"], environment=environment)
        run([*ASSETTRACK, "case", "init", "--from", str(cases)], environment=environment)
        cost = floor.floor(batch, folder / "floor.db") if floor.available() else None
        options = [str(batch), "--new-holders", "--json"]
        plan = folder / "plan.json"
        preview = run([*ASSETTRACK, "preview", *options], environment=environment, output=plan)
        commit = run([*ASSETTRACK, "commit", *options, "--confirm", _code_in(plan)], environment=environment)
        verify = run([*ASSETTRACK, "audit", "verify", "--json"], environment=environment)
    return Round(cost, preview, commit, verify)


def _code_in(plan: Path) -> str:
    """Find the confirm code in a preview's answer without taking the whole of it into memory."""
    with plan.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as answer:
        found = re.search(rb'"confirm": ?"([0-9A-Z]{4}-[0-9A-Z]{4})"', answer)
        if found is None:
            raise RuntimeError("the preview gave no confirm code")
        return found[1].decode()


def _print_line(rows: int, rounds: list[Round]) -> float:
    """Print one size's line and return its CPU seconds per row, process starts included."""
    preview = statistics.median(one.preview.cpu_seconds for one in rounds)
    commit = statistics.median(one.commit.cpu_seconds for one in rounds)
    verify = statistics.median(one.verify.cpu_seconds for one in rounds)
    floors = [one.floor.cpu_seconds for one in rounds if one.floor is not None]
    lowest = statistics.median(floors) if floors else float("nan")
    peaks = f"{max(r.preview.peak_mb for r in rounds):.0f} / {max(r.commit.peak_mb for r in rounds):.0f}"
    both = preview + commit
    print(
        f"{rows:>9,} {lowest:>10.2f} {preview:>10.2f} {commit:>9.2f} {both / lowest:>8.1f} {rows / both:>7,.0f} "
        f"{both / rows * 1e6:>7.1f}  {peaks:>22}  {verify:.2f}",
        flush=True,
    )
    return both / rows


def _median_help() -> float:
    with tempfile.TemporaryDirectory(prefix="assettrack-bench-") as name:
        environment = environment_in(Path(name))
        run([*ASSETTRACK, "--help"], environment=environment)  # the first start after an install compiles the program
        return statistics.median(run([*ASSETTRACK, "--help"], environment=environment).cpu_seconds for _ in range(5))


if __name__ == "__main__":
    main()
