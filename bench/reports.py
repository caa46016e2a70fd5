"""`python -m bench.reports`: what reports cost at a station whose log has a million entries.

The station is made by `bench.batches`: a third of a million assets, each scanned into a slot, issued and returned; then
one in thirty is issued once more, and one in thirty taken out of its slot. CPU seconds of whole processes, as in
`bench.run`, each report written into nowhere; medians of three.
"""

import argparse
import csv
import json
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from assettrack.domain.scans import COLUMNS
from bench import batches
from bench.measuring import Cost, environment_in, run
from bench.run import ASSETTRACK

ROUNDS = 3
ONE_IN = 30
HOLDER, ASSET = "Ada Ashworth", "LT-0000030"

REPORTS = (
    ("custody", ()),
    ("custody", ("--details",)),
    ("custody", ("--details", "--format", "csv")),
    ("overdue", ()),
    ("holders", ()),
    ("organisations", ()),
    ("cases", ()),
    ("types", ()),
    ("unslotted", ()),
    ("problems", ()),
    ("intervals", ("--asset", ASSET)),
    ("intervals", ("--holder", HOLDER)),
    ("intervals", ()),
    ("intervals", ("--details",)),
    ("accountability", ()),
    ("activity", ()),
    ("activity", ("--by", "nobody")),
)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=980_000, help="rows of the batch that makes the station")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds for each report")
    parser.add_argument("--folder", type=Path, help="keep the station here, and use it again if it is here already")
    arguments = parser.parse_args()
    with nullcontext(arguments.folder) if arguments.folder else _temporary() as folder:
        environment = environment_in(folder)
        entries = _entries_of(folder) or _set_up(folder, arguments.rows, environment)
        print(f"reports over {entries:,} entries, medians of {arguments.rounds}")
        print("   CPU s  peak MB  report")
        for report, options in REPORTS:
            costs = [_cost([*ASSETTRACK, "report", report, *options], environment) for _ in range(arguments.rounds)]
            middle = statistics.median(cost.cpu_seconds for cost in costs)
            peak = max(cost.peak_mb for cost in costs)
            print(f"{middle:>8.2f} {peak:>8.0f}  {' '.join((report, *options))}", flush=True)


@contextmanager
def _temporary() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="assettrack-bench-") as name:
        yield Path(name)


def _cost(command: list[str], environment: dict[str, str]) -> Cost:
    """Return what a report costs; that not everything is accounted for is no failure of the measurement."""
    allowed = (0, 4) if "accountability" in command else (0,)
    return run(command, environment=environment, allowed=allowed)


def _set_up(folder: Path, rows: int, environment: dict[str, str]) -> int:
    """Make the station, and return how many entries its log has."""
    folder.mkdir(parents=True, exist_ok=True)
    first, cases, second = folder / "first.csv", folder / "cases.csv", folder / "second.csv"
    batches.write_mixed_batch(first, rows)
    batches.write_cases(cases, rows)
    _write_second_batch(second, rows // 3)
    run([*ASSETTRACK, "init", "--timezone", "Europe/Berlin"], environment=environment)
    run([*ASSETTRACK, "case", "init", "--from", str(cases)], environment=environment)
    run([*ASSETTRACK, "commit", str(first), "--new-holders", "--yes"], environment=environment)
    run([*ASSETTRACK, "commit", str(second), "--yes", "--json"], environment=environment, output=_answer_in(folder))
    return _entries_of(folder)


def _entries_of(folder: Path) -> int:
    """Return how many entries the log of the station here has; 0 where there is none."""
    answer = _answer_in(folder)
    return int(json.loads(answer.read_bytes())["last_seq"]) if answer.exists() else 0


def _answer_in(folder: Path) -> Path:
    """Return the file that is written last when a station is made."""
    return folder / "answer.json"


def _write_second_batch(path: Path, assets: int) -> None:
    """Write a batch that issues one asset in thirty once more, and takes the next one out of its slot."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(0, assets - 1, ONE_IN):
            blank = [""] * 7
            time = "2026-02-20T10:00:00Z"
            writer.writerow([f"LT-{number:07d}", time, "ISSUE", "jdoe", HOLDER, "OUT", "OUT", *blank])
            writer.writerow([f"LT-{number + 1:07d}", time, "UPDATE", "jdoe", "", "OUT", "OUT", *blank])


if __name__ == "__main__":
    main()
