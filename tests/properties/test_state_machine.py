"""Tens of thousands of steps at random: the station is always what the plain model says, and a planted bug is found."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import ClassVar

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from assettrack.domain import assets, batch_deeds, custody
from assettrack.domain.decisions import RULES, Decision
from assettrack.domain.deeds import Record
from assettrack.domain.errors import AssetTrackError
from assettrack.domain.holders import Holder, HolderRegister
from assettrack.domain.inventory import Asset, Custody, Inventory, in_custody, stored
from assettrack.domain.plans import Change, Plan
from assettrack.domain.scans import Scan
from assettrack.domain.tags import OUT
from assettrack.services import intake
from assettrack.store import lookups
from assettrack.store.sqlite import SqliteStore
from tests.conftest import Tally
from tests.properties.custody_machine import EVENTS, CustodyMachine
from tests.store.stations import first_deed, its_signer

# Never derandomized, as Hypothesis is by itself where CI is set: the same lives again would be no further steps.
USUAL = settings(
    max_examples=40,
    stateful_step_count=50,
    database=None,
    deadline=None,
    derandomize=False,
    suppress_health_check=list(HealthCheck),
)

MET = {
    "verified", "previewed", "committed", "left out", "new_holders", "accepted late", "hanging",
    "already committed", "plan_stale", "confirm_code_wrong", "batch_refused", "batch_has_problems",
    "row: already_recorded", "row: unknown_asset", "row: asset_retired", "row: already_in_custody",
    "row: not_in_custody", "row: in_custody", "row: unknown_case", "row: unknown_slot", "row: slot_taken",
    "row: unknown_holder", "row: late", "row: equipment_type_missing",
    "deed: done", "deed: case_exists", "deed: holder_exists", "deed: unknown_asset", "deed: unknown_case",
    "deed: unknown_slot", "deed: slot_taken", "deed: slot_empty", "deed: not_slotted", "deed: already_slotted",
    "deed: in_custody", "deed: asset_retired",
    "row: acceptance_missing", "row: holder_inactive", "deed: home_unknown", "deed: holder_has_assets",
    "deed: no_handover", "deed: already_accepted", "accepted later", "renamed",
    "rule: required", "rule: recorded", "rule: off",
    *(f"by command: {kind}" for kind in EVENTS),
}  # fmt: skip
"""What can happen; lives that never met some of it would prove nothing about it."""


BUSY_SECONDS_MAX = 600
"""10,000 steps take half a minute of a computer, and several minutes of one that others keep busy."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that was just set up; every life begins with a copy."""
    path = tmp_path_factory.mktemp("template") / "assettrack.db"
    store = SqliteStore(path, its_signer)
    assert store.set_up(first_deed)
    store.close()
    return path


def lived(beginning: Path, steps: int, how: settings = USUAL) -> Counter[str]:
    """Live through lives of a station until there were so many steps; return what happened in them."""

    class Life(CustodyMachine):
        seen: ClassVar[Counter[str]] = Counter()
        template: ClassVar[Path] = beginning

    with uncounted():
        while Life.seen["steps"] < steps:
            run_state_machine_as_test(Life, settings=how)
    return Life.seen


@contextmanager
def uncounted() -> Iterator[None]:
    """Run the block without counting lines for the coverage: that would double its time, and other tests walk them."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


@pytest.mark.timeout(BUSY_SECONDS_MAX)
@pytest.mark.parametrize("half", ["first", "second"])
def test_the_station_is_always_what_the_model_says(template: Path, half: str, tally: Tally) -> None:
    """After each of 10,000 steps, refused ones too, tables and log are just what the model expects; and once more."""
    seen = lived(template, 10_000)
    for _ in range(10):  # what happens seldom may need a longer life to be met
        if all(seen[what] for what in MET):
            break
        seen += lived(template, 1_000)
    tally("random steps held against the plain model", seen["steps"])
    assert seen["steps"] >= 10_000
    assert {what for what in MET if not seen[what]} == set(), half


@pytest.mark.soak
def test_the_station_stays_what_the_model_says(template: Path) -> None:
    """As many steps as are asked for, or 100,000."""
    steps = int(os.environ.get("ASSETTRACK_SOAK_N", "100000"))
    assert lived(template, steps)["steps"] >= steps


def returns_anywhere(scan: Scan, asset: Asset | None, inventory: Inventory, _note: object) -> Asset:
    """RETURN, without asking whether the slot is empty or there at all."""
    asset = assets.require_living(scan, asset)
    place = None if scan.place == OUT else scan.place
    if place is not None:
        inventory.slots[place] = None
    return stored(asset, place)


def issue_keeps_the_slot(scan: Scan, asset: Asset | None, inventory: Inventory, note: assets.Note) -> Asset:
    """ISSUE, without taking the asset out of its slot."""
    after = custody.issue(scan, asset, inventory, note)
    assert asset is not None
    return msgspec.structs.replace(after, case_name=asset.case_name, slot_position=asset.slot_position)


def issue_twice(scan: Scan, asset: Asset | None, inventory: Inventory, _note: object) -> Asset:
    """ISSUE, even of what somebody has."""
    return in_custody(assets.require_living(scan, asset), inventory.holders.accountable(scan.issued_to_name).name)


def update_erases(scan: Scan, asset: Asset | None, inventory: Inventory, note: assets.Note) -> Asset:
    """UPDATE, whose blank cells erase."""
    return msgspec.structs.replace(assets.update(scan, asset, inventory, note), model=scan.model or None)


def scan_overwrites(scan: Scan, asset: Asset | None, inventory: Inventory, note: assets.Note) -> Asset:
    """SCAN, which describes a known asset anew."""
    seen = assets.sight_or_create(scan, asset, inventory, note)
    return msgspec.structs.replace(seen, model=scan.model) if scan.model and seen.model != scan.model else seen


def drops_the_last(entries: Callable[..., Iterator[Record]]) -> Callable[..., Iterator[Record]]:
    """The entries of a batch's rows without the last."""

    def fewer(plan: Plan, *others: object) -> Iterator[Record]:
        return islice(entries(plan, *others), len(plan.changes) - 1)

    return fewer


def exactly(register: HolderRegister, name: str) -> Holder | None:
    """The holder of this very spelling."""
    return next((holder for holder in register.all if holder.name == name), None)


def transfer_from_storage(scan: Scan, asset: Asset | None, inventory: Inventory, _note: object) -> Asset:
    """TRANSFER, even of what nobody has."""
    return in_custody(assets.require_living(scan, asset), inventory.holders.accountable(scan.issued_to_name).name)


def forgets_the_home(handovers: batch_deeds.Handovers, changes: Iterable[Change], first_seq: int) -> None:
    """Takes note of who got what, but not from which slot it came."""
    ADD(handovers, changes, first_seq)
    held = handovers._custody  # noqa: SLF001 - the bug is in its own business
    held.update({tag: Custody(seq, None) for tag, (seq, _) in held.items()})


ADD = batch_deeds.Handovers.add


BUGS: dict[str, tuple[object, str, object]] = {
    "a return does not check the slot": (RULES, "RETURN", returns_anywhere),
    "an issue keeps the slot": (RULES, "ISSUE", issue_keeps_the_slot),
    "an issue takes from the holder": (RULES, "ISSUE", issue_twice),
    "a transfer takes from storage": (RULES, "TRANSFER", transfer_from_storage),
    "the way home is forgotten": (batch_deeds.Handovers, "add", forgets_the_home),
    "what is handed over waits for nobody": (batch_deeds.Handovers, "facts", lambda *_: []),
    "nobody need accept": (Decision, "lacks_acceptance", False),
    "due dates are forgotten": (Decision, "_due", lambda _self, _scan, _before, after: after),
    "a blank cell erases": (RULES, "UPDATE", update_erases),
    "a sighting overwrites": (RULES, "SCAN", scan_overwrites),
    "a row is dropped from the log": (batch_deeds, "row_records", drops_the_last(batch_deeds.row_records)),
    "late rows are let through": (Decision, "_is_late", lambda *_: False),
    "rows that hang are decided": (Decision, "_hangs", lambda *_: False),
    "known rows are not looked up": (lookups, "_add_recorded", lambda *_: None),
    "stale codes are accepted": (intake, "_require_confirmed", lambda *_: None),
    "spellings are different people": (HolderRegister, "named", exactly),
    "defaults are forgotten": (Decision, "_with_defaults", lambda _, scan: scan),
    "slots are read once too often": (lookups, "_add_places", lambda *_: None),
    "refusals stop nothing": (intake, "_require_clean", lambda *_: None),
}


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(template: Path, bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one rule broken some life differs from the model, or ends in an error that no life may end in."""
    where, name, broken = BUGS[bug]
    if isinstance(where, dict):
        monkeypatch.setitem(where, name, broken)
    else:
        monkeypatch.setattr(where, name, broken)
    found = settings(USUAL, max_examples=2_000, phases=[Phase.generate])
    with pytest.raises((AssertionError, AssetTrackError, LookupError)):
        lived(template, 1, found)
