"""`python -m bench.custody`: what issuing, returning and receipts cost at a small station and at a large one.

The large station has 100,000 assets and 1,000,000 entries, the small one 1,000 assets and 10,000 entries. CPU seconds
of whole processes, as in `bench.run`; what a receipt costs after the start is measured in this process.
"""

import argparse
import csv
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from assettrack.domain.scans import COLUMNS
from assettrack.paper.receipt_pdf import receipt_pdf
from bench.measuring import Cost, environment_in, run
from bench.run import ASSETTRACK

SLOTS_PER_CASE = 100
EVENTS_PER_ASSET = 9
TYPED = 1_000
RECEIPT_LINES = 40
HELD = 10_000
ROUNDS = 3


class Figures(NamedTuple):
    """CPU seconds of issuing and of returning 1,000 assets by command; medians of three rounds."""

    issue: float
    back: float


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, nargs=2, default=[1_000, 100_000], metavar=("SMALL", "LARGE"))
    small, large = parser.parse_args().assets
    print(f"issue and return of {TYPED:,} assets by command, CPU s of a whole process (medians of {ROUNDS})")
    print("   assets     entries  issue s  return s")
    costs = [_station(assets) for assets in (small, large)]
    for what in Figures._fields:
        few, many = (getattr(figures, what) for figures in costs)
        named = "return" if what == "back" else what
        print(f"{named}: {many / few:.2f} times at {large:,} assets what it is at {small:,}")


def _station(assets: int) -> Figures:
    with tempfile.TemporaryDirectory(prefix="assettrack-bench-") as name:
        folder = Path(name)
        environment = environment_in(folder)

        def assettrack(*words: str, output: Path | None = None) -> Cost:
            return run([*ASSETTRACK, *words], environment=environment, output=output)

        set_up_station(folder, assets, assettrack)
        rounds = []
        for first in range(0, ROUNDS * TYPED, TYPED):
            tags = [_tag(number % assets) for number in range(first, first + TYPED)]
            issue = assettrack("issue", *tags, "--to", "Ada Ashworth", "--yes").cpu_seconds
            back = assettrack("return", *tags, "--yes").cpu_seconds
            rounds.append(Figures(issue, back))
        figures = Figures(*(statistics.median(each) for each in zip(*rounds, strict=True)))
        entries = assets * (1 + EVENTS_PER_ASSET)
        print(f"{assets:>9,} {entries:>11,} {figures.issue:>8.2f} {figures.back:>9.2f}", flush=True)
        if assets >= HELD:
            _receipts(folder, assettrack)
    return figures


def set_up_station(folder: Path, assets: int, assettrack: Callable[..., Cost]) -> None:
    """Make a station: every asset created into a slot, then issued and returned until it has ten entries."""
    cases = folder / "cases.csv"
    cases.write_text("".join(f"C-{case:05d},{SLOTS_PER_CASE}\n" for case in range(-(-assets // SLOTS_PER_CASE))))
    batch = folder / "batch.csv"
    with batch.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for event in range(1 + EVENTS_PER_ASSET - EVENTS_PER_ASSET % 2):
            writer.writerows(_row(number, event) for number in range(assets))
        writer.writerows(_row(number, 0, at="2026-02-20T10:00:00Z") for number in range(assets))  # seen once more
    assettrack("init", "--timezone", "UTC")
    assettrack("case", "init", "--from", str(cases))
    assettrack("holder", "add", "Ada Ashworth")
    assettrack("commit", str(batch), "--yes")


def _row(number: int, event: int, at: str | None = None) -> list[str]:
    """Return the row of one event: the first creates the asset, then it is issued and returned in turn."""
    case, slot = f"C-{number // SLOTS_PER_CASE:05d}", str(number % SLOTS_PER_CASE + 1)
    time_ = at or f"2026-02-{event + 1:02d}T10:00:00Z"
    kind = "SCAN" if event == 0 else "ISSUE" if event % 2 else "RETURN"
    holder = "Ada Ashworth" if kind == "ISSUE" else ""
    place = ["OUT", "OUT"] if kind == "ISSUE" else [case, slot]
    details = ["", "laptop", f"SN{number:08d}", "Examplar", "Latitude 5440", "", ""] if kind == "SCAN" else [""] * 7
    return [_tag(number), time_, kind, "jdoe", holder, *place, *details]


def _tag(number: int) -> str:
    return f"LT-{number:07d}"


def _receipts(folder: Path, assettrack: Callable[..., Cost]) -> None:
    """Print what a receipt of 40 lines costs after the start, and the hand receipt of 10,000 lines as a whole."""
    tags = [_tag(number) for number in range(HELD)]
    for first in range(0, HELD, TYPED):
        assettrack("issue", *tags[first : first + TYPED], "--to", "Ada Ashworth", "--yes")
    answer = folder / "answer.json"
    issue = assettrack("receipt", "issue", "--holder", "Ada Ashworth", "--json", output=answer)
    number = json.loads(answer.read_bytes())["receipts"][0]["receipt_id"]
    paper = folder / "hand-receipt.pdf"
    printed = assettrack("receipt", "print", str(number), str(paper))
    print(
        f"hand receipt of {HELD:,} lines: issued in {issue.cpu_seconds:.2f} CPU s, printed in "
        f"{printed.cpu_seconds:.2f} CPU s, {paper.stat().st_size / 1e6:.1f} MB, peak {printed.peak_mb:.0f} MB"
    )
    assettrack("return", *tags[:RECEIPT_LINES], "--yes", "--json", output=answer)
    batch = json.loads(answer.read_bytes())["batch_id"]
    assettrack("receipt", "issue", "--batch", str(batch), "--json", output=answer)
    number = json.loads(answer.read_bytes())["receipts"][0]["receipt_id"]
    assettrack("receipt", "show", str(number), "--json", output=answer)
    shown = json.loads(answer.read_bytes())
    print(
        f"receipt of {RECEIPT_LINES} lines: {_after_start(shown['text'], shown['payload']) * 1000:.1f} ms after start"
    )
    print(f"its code: {len(shown['payload']):,} characters, {_payload_bytes(shown['payload']):,} bytes")


def _after_start(text: str, payload: str) -> float:
    """Return the CPU seconds of making the PDF once everything is imported; the median of five."""
    receipt_pdf(text, payload)
    taken = []
    for _ in range(5):
        begun = time.process_time()
        receipt_pdf(text, payload)
        taken.append(time.process_time() - begun)
    return statistics.median(taken)


def _payload_bytes(payload: str) -> int:
    """Return how many bytes the code's text stands for: Base45 writes two bytes as three letters."""
    return (len(payload) - len("AT1:.")) * 2 // 3


if __name__ == "__main__":
    main()
