"""Killed at any step from pull to clear, and started again: no scan is lost, and none is doubled."""

import random
import shutil
from pathlib import Path

import pytest

from assettrack.scanner.emulated_faults import Fault
from tests.conftest import Figure, soak_n
from tests.domain.trial_scans import end, event, slot
from tests.services.field import MORNING
from tests.services.killed_field import (
    EqualRounds,
    Flow,
    KilledField,
    as_it_should_be,
    cleared_before_commit,
    cleared_before_kept,
    left_out_instead,
)

BEGIN = MORNING[0]
DISTURBANCES = (
    *("swallowed", "reappears", "low-battery", "bad-checksum", "flip-serial", "flip-length", "flip-symbology"),
    *("flip-stamp", "byte-by-byte", "split", "stops", "unplugged-in-upload", "unplugged-before-clear"),
    *("unplugged-after-clear", "error-05", "error-07", "error-08", "error-09", "stale-bytes", "other-serial"),
    *("no-stamps", "stamp-zero", "clock-2065", "clock-back", "clock-weak", "late-scan", "clear-ignored"),
)
"""What can go wrong besides, once, in a conversation."""


BY_LOG = "assettrack.services.scanner_clearing.cleared_before"
BY_SPOOL = "assettrack.station.spool.SpoolFolder.is_clear_begun"
"""What says that a scanner which holds what it was cleared of may have been filled anew."""


def some_scans(chance: random.Random) -> list[str]:
    """A day's scans: up to four laptops, in slots or not, each scanned once."""
    scans = [BEGIN, event("SCAN")]
    slots = chance.sample(range(1, 5), 4)
    laptops = [f"LT-{number}" for number in chance.sample(range(100, 999), chance.randint(1, 4))]
    placed = chance.random() < 0.7
    for position, laptop in zip(slots, laptops, strict=False):
        scans += [slot("CASE-01", position), laptop] if placed else [laptop]
    return [*scans, end(len(laptops))]


def a_day(folder: Path, seed: int, flow: Flow = as_it_should_be) -> int:
    """Live a day that a seed tells, with a kill at a step of it; return how often the program was killed: 1 or 0."""
    chance = random.Random(seed)
    scans = some_scans(chance)
    faults = [Fault(name) for name in chance.sample(DISTURBANCES, chance.choice((0, 0, 1, 1, 2)))]
    faults.append(Fault("clock-phase", value=random.Random(f"{seed}, phase").randint(1, 999)))
    folder.mkdir()
    field = KilledField(folder, scans, *faults)
    try:
        return int(field.day(flow, chance.randint(1, 60)))
    except AssertionError as error:
        raise AssertionError(f"seed {seed}, {scans}, {faults}: {error}") from error


def killed_days(folder: Path, seed: int, kills: int, flow: Flow = as_it_should_be) -> int:
    """Live days from a seed on until the program was killed so often; return how many days that took."""
    first = seed
    while kills > 0:
        kills -= a_day(folder / "day", seed, flow)
        shutil.rmtree(folder / "day")
        seed += 1
    return seed - first


def test_every_step_of_a_day_can_be_the_last(tmp_path: Path) -> None:
    """An undisturbed day is killed at each of its steps in turn, until there is no further one."""
    step = 0
    while True:
        step += 1
        folder = tmp_path / str(step)
        folder.mkdir()
        if not KilledField(folder, MORNING).day(as_it_should_be, step):
            break
    assert step > 40


def test_disturbed_days_lose_nothing(tmp_path: Path) -> None:
    """Days with faults of the scanner, with two hundred kills: everything is there, each scan once."""
    assert killed_days(tmp_path, 0, 200) >= 200


def equal_rounds(folder: Path, seed: int, flow: Flow) -> bool:
    """Live days that a seed tells, with equal rounds and a kill at a step of them; return whether it came to that."""
    chance = random.Random(f"{seed}, rounds")
    folder.mkdir()
    try:
        return EqualRounds(folder, some_scans(chance)).rounds(flow, chance.randint(1, 120), chance)
    except AssertionError as error:
        raise AssertionError(f"rounds of seed {seed}: {error}") from error
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("flow", [as_it_should_be, left_out_instead])
def test_equal_rounds_without_times_are_each_there(tmp_path: Path, flow: Flow) -> None:
    """A scanner that keeps no times tells the same bytes for each round: none is cleared for the one before it."""
    assert sum(equal_rounds(tmp_path / "days", seed, flow) for seed in range(20)) > 10


@pytest.mark.parametrize(
    ("flow", "unasked"),
    [(as_it_should_be, (BY_LOG, BY_SPOOL)), (left_out_instead, (BY_LOG, BY_SPOOL)), (left_out_instead, (BY_SPOOL,))],
)
def test_a_clear_that_compares_bytes_alone_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flow: Flow, unasked: tuple[str, ...]
) -> None:
    """The same days catch a program that does not ask whether the scanner was cleared, or whether that was begun."""
    for question in unasked:
        monkeypatch.setattr(question, lambda *_: None)
    days = (equal_rounds(tmp_path / "days", seed, flow) for seed in range(40))
    with pytest.raises(AssertionError, match=r"round \d (is nowhere|was cleared before)"):
        list(days)


@pytest.mark.parametrize("flow", [cleared_before_commit, cleared_before_kept])
def test_a_clear_that_comes_too_early_is_caught(tmp_path: Path, flow: Flow) -> None:
    """The same days catch a program that clears before it committed, and one that clears before it kept."""
    with pytest.raises(AssertionError, match=r"cleared before it was committed|is nowhere"):
        killed_days(tmp_path, 0, 60, flow)


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_many_disturbed_days_lose_nothing(tmp_path: Path, figure: Figure) -> None:
    """As many kills as are asked for, each on a day of its own."""
    kills = soak_n(10_000)
    days = killed_days(tmp_path, 1000, kills)
    figure(f"pull to clear: killed {kills:,} times on {days:,} days, every scan there and each once")


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_many_equal_rounds_without_times_are_each_there(tmp_path: Path, figure: Figure) -> None:
    """As many days of three equal rounds as are asked for, each with a kill at a step of it."""
    days = soak_n(1_000)
    kills = sum(
        equal_rounds(tmp_path / "days", seed, flow)
        for seed in range(1000, 1000 + days // 2)
        for flow in (as_it_should_be, left_out_instead)
    )
    figure(f"equal rounds without times: killed {kills:,} times on {days:,} days, each round there")
