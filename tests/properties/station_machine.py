"""The state machine: the real services on a real database, driven at random beside the plain model.

Owns the steps and what is compared after each. Must never look into the program to know what to expect: that is the
model's business.
"""

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import ClassVar, NamedTuple

import msgspec
import pytest
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from assettrack.domain import errors, replay
from assettrack.domain import tags as domain_tags
from assettrack.domain.facts import Handover
from assettrack.domain.plans import Options, Plan
from assettrack.formats import scan_csv
from assettrack.services import custody, holders, intake, slots, verification
from assettrack.services.custody import TypedCommand
from assettrack.services.intake import CommitReceipt
from assettrack.station.plans import PlanFiles
from assettrack.store.sqlite import SqliteStore
from tests.properties.model import Choices, Refused, Row, Verdict, World
from tests.properties.model_words import numbers_of, options_of, thing_of, thing_said, utc
from tests.properties.random_batches import BEGIN, CASES, some_deed, some_rows, written
from tests.store import stations
from tests.store.stations import its_signer

RAM = Path("/dev/shm")  # noqa: S108 - where files are in memory, so that tens of thousands of steps are quick
REASON = "forgotten"

chances = st.integers(0, 2**32 - 1)
choices = st.sampled_from(
    [
        Choices(new_holders, only_new, reason, kind, due, accepted)
        for new_holders, only_new in ((False, False), (True, False), (False, True), (True, True))
        for reason in (None, REASON)
        for kind in ("", "tablet")
        for due in (None, "2026-05-01")
        for accepted in (None, "paper")
    ]
)


Source = bytes | TypedCommand
"""What is taken in as a batch: a file, or a command."""


class Shown(NamedTuple):
    """A preview that was shown with a code."""

    rows: list[Row]
    source: Source
    choices: Choices
    verdict: Verdict
    code: str


class StationMachine(RuleBasedStateMachine):
    """One station, lived through at random."""

    seen: ClassVar[Counter[str]] = Counter()
    """What happened, and how often."""

    template: ClassVar[Path]
    """A database that was just set up."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(dir=RAM if RAM.is_dir() else None)
        folder = Path(self.folder.name)
        shutil.copyfile(self.template, folder / "assettrack.db")
        self.store = SqliteStore(folder / "assettrack.db", its_signer)
        self.minute = 100
        self.workplace = msgspec.structs.replace(
            stations.workplace(self.store, folder / "plans"),
            now=lambda: BEGIN + timedelta(minutes=self.minute),
            plans=PlanFiles(folder / "plans"),
        )
        self.world = World()
        self.files: list[list[Row]] = []
        self.shown: list[Shown] = []
        self.patch = pytest.MonkeyPatch()
        self.numbers = count(1)

    def teardown(self) -> None:
        """Verify the whole log at the end of the life."""
        try:
            self.verify()
        finally:
            self.patch.undo()
            self.store.close()
            self.folder.cleanup()

    def verify(self) -> None:
        """Make sure that log, history, tables and schema agree."""
        found = verification.verify(self.workplace)
        assert found.ok, found.message
        self.seen["verified"] += 1
        assert found.entries == self.world.log_size

    @initialize(block=st.sampled_from([1, 2, 1000]), sizes=st.sampled_from([(1,), (3,), (2, 3), (3, 2)]))
    def begin(self, block: int, sizes: tuple[int, ...]) -> None:
        """Prepare some cases; rows are looked up so many at a time."""
        self.patch.setattr(intake, "BLOCK_ROWS", block)
        self.patch.setattr(replay, "BLOCK_ROWS", block)
        slots.initialise_cases(self.workplace, list(zip(CASES, sizes, strict=False)))
        for case, size in zip(CASES, sizes, strict=False):
            self.world.prepare(case, size)

    @invariant()
    def tables_are_the_model(self) -> None:
        """After every step, refused ones too, the tables say just what the model says; now and then all is verified."""
        self.seen["steps"] += 1
        world = self.world
        with self.store.read() as snapshot:
            assert snapshot.log_size == world.log_size
            assert [batch[1:] for batch in snapshot.all_batches()] == world.batches
            assert snapshot.all_cases() == world.cases
            holders_ = list(snapshot.all_holders())
            custody_ = dict(snapshot.all_custody())
            handovers = {fact[:2]: (fact.accepted_seq, fact.asked == 1) for fact in snapshot.facts(Handover)}
            assert snapshot.inventory().acceptance == world.rule
            assets = {tag: (thing_of(asset), latest) for tag, latest, asset in snapshot.all_assets()}
            occupied = {tuple(place): tag for place, tag in snapshot.all_slots() if tag is not None}
        assert assets == {tag: (thing, utc(world.latest[tag])) for tag, thing in world.assets.items()}
        placed = [(thing["place"], tag) for tag, thing in world.assets.items() if thing["place"] is not None]
        assert len(occupied) == len(placed), "one asset a slot, one slot an asset"
        assert occupied == dict(placed)
        assert [holder.name for holder in holders_] == list(world.holders.values())
        assert {holder.holder_id for holder in holders_ if not holder.active} == world.inactive
        assert custody_ == world.custody
        assert handovers == world.handovers
        for tag, thing in world.assets.items():
            has_holder, is_stored = thing["holder"] is not None, thing["status"] == "STORAGE"
            assert [has_holder, is_stored, thing["status"] == "RETIRED"].count(True) == 1, "one holder, or one storage"
            assert has_holder == (thing["status"] == "IN_CUSTODY") == (tag in custody_)
            assert thing["place"] is None or is_stored
            assert thing["due"] is None or has_holder
        if self.seen["steps"] % 50 == 0:
            self.verify()

    # -- typed deeds -------------------------------------------------------------------------------------------------

    def deed(self, do: Callable[[], object], expect: Callable[[], None]) -> None:
        """Do a typed deed; it is done, or refused with the code that the model says."""
        expected = refused = ""
        try:
            expect()
        except Refused as refusal:
            expected = refusal.args[0]
        try:
            do()
        except errors.DeedRefused as refusal:
            refused = refusal.code
        assert refused == expected
        self.seen[f"deed: {refused or 'done'}"] += 1

    @rule(chance=chances)
    def typed_deed(self, chance: int) -> None:
        """Prepare a case, register a holder, or assign, move or vacate an asset."""
        kind, about = some_deed(self.random(chance), self.world)
        note(f"{kind} {about}")
        if kind == "prepare":
            self.deed(lambda: slots.initialise_cases(self.workplace, [about]), lambda: self.world.prepare(*about))
        elif kind == "register":
            self.deed(lambda: holders.register(self.workplace, *about), lambda: self.world.register(*about))
        else:
            service = getattr(slots, "vacate_asset" if kind == "vacate" else kind)
            given = [domain_tags.Place(*one) if isinstance(one, tuple) else one for one in about]
            expected = getattr(self.world, kind)
            self.deed(lambda: service(self.workplace, *given), lambda: expected(*about, self.minute))

    def random(self, chance: int) -> Random:
        """Chance for one step: with the step's number, because the same numbers are drawn again and again."""
        return Random(f"{chance} {next(self.numbers)}")

    @rule(minutes=st.integers(1, 4))
    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.minute += minutes

    # -- batches -----------------------------------------------------------------------------------------------------

    def preview(self, rows: list[Row], source: Source, made: Choices) -> tuple[Verdict, Plan]:
        """Preview a file or a command; what is shown is what the model says, to the row."""
        note(f"{made} {rows}")
        verdict = self.world.decide(rows, made)
        if isinstance(source, TypedCommand):
            plan = custody.preview(self.workplace, source, options_of(made))
        else:
            plan = intake.preview(self.workplace, scan_csv.parse(source), options_of(made))
        assert numbers_of(plan.problems) == verdict.problems
        assert {refusal.row_number: refusal.code for refusal in plan.refusals} == verdict.refusals
        hanging = {
            notice.row_number: int(re.findall(r"hangs on row (\d+)", notice.message)[0])
            for notice in plan.notices
            if notice.code == "hangs_on_row"
        }
        assert hanging == verdict.hanging
        self.seen["hanging"] += len(hanging)
        changes = {
            change.row_number: (change.asset_tag, thing_of(change.before), thing_of(change.after), change.late)
            for change in plan.changes
        }
        assert changes == verdict.changes
        given = {change.row_number: change.holder_id for change in plan.changes if change.holder_id is not None}
        assert given == verdict.receivers
        assert (plan.rows, plan.new_holders) == (len(rows), verdict.new_holders)
        assert (plan.valid, plan.already_committed) == (verdict.clean, verdict.all_known)
        assert (plan.confirm_code is not None) == verdict.clean
        self.seen["previewed"] += 1
        self.seen.update(f"row: {code}" for code in verdict.refusals.values())
        if plan.confirm_code is not None and isinstance(source, bytes):
            self.shown = [*self.shown[-9:], Shown(rows, source, made, verdict, plan.confirm_code)]
        return verdict, plan

    def commit(
        self, rows: list[Row], source: Source, made: Choices, *, shown: Shown | None = None, code: str | None
    ) -> None:
        """Commit a file or a command; it is committed, or refused with what the model says."""
        note(f"{made} {rows} {code}")
        verdict = self.world.decide(rows, made)
        try:
            receipt = self.take_in(source, options_of(made), code)
        except errors.AssetTrackError as refused:
            self.must_be_refused(refused, verdict, shown, code)
            return
        assert receipt.already_committed == verdict.all_known
        if verdict.all_known:
            self.seen["already committed"] += 1
            latest = max(verdict.known.values())
            span = self.world.batches[latest - 1]
            assert (receipt.batch_id, receipt.committed, receipt.first_seq, receipt.last_seq) == (latest, 0, *span)
            return
        assert verdict.clean
        self.seen["committed"] += 1
        self.seen["committed rows"] += len(rows)
        self.seen["left out"] += len(verdict.known)
        self.seen["new_holders"] += len(verdict.new_holders)
        self.seen["accepted late"] += sum(late for *_, late in verdict.changes.values())
        assert code is None or (shown is not None and not shown.verdict.moved(verdict))
        self.world.commit(verdict, rows, made)
        if isinstance(source, bytes):
            self.files.append(rows)
        expected = (len(self.world.batches), len(verdict.changes), *self.world.batches[-1])
        assert (receipt.batch_id, receipt.committed, receipt.first_seq, receipt.last_seq) == expected
        self.log_holds(receipt.first_seq, verdict, made)

    def take_in(self, source: Source, options: Options, code: str | None) -> CommitReceipt:
        """Commit by the service whose business it is."""
        if isinstance(source, TypedCommand):
            return custody.commit(self.workplace, source, options, confirm=code)
        return intake.commit(self.workplace, scan_csv.parse(source), "scans.csv", options, confirm=code)

    def must_be_refused(
        self, refused: errors.AssetTrackError, verdict: Verdict, shown: Shown | None, code: str | None
    ) -> None:
        """Make sure that a commit was refused for the reason that the model gives."""
        assert not verdict.all_known, refused
        self.seen[refused.code] += 1
        self.seen.update(f"row: {found.code}" for found in getattr(refused, "refusals", ()))
        match refused:
            case errors.BatchHasProblems():
                assert numbers_of(list(refused.problems)) == verdict.problems != set()
            case errors.BatchRefused():
                assert {found.row_number: found.code for found in refused.refusals} == verdict.refusals != {}
                assert not verdict.problems
            case errors.PlanStale():
                assert shown is not None
                assert (verdict.clean, list(refused.moved)) == (True, shown.verdict.moved(verdict))
                assert refused.moved
            case errors.ConfirmCodeWrong():
                assert (verdict.clean, shown) == (True, None)
                assert code is not None
            case _:
                raise AssertionError(refused)

    def log_holds(self, first_seq: int, verdict: Verdict, made: Choices) -> None:
        """Make sure that the log holds the batch: its facts, its new holders, its rows with before and after."""
        with self.store.read() as snapshot:
            facts, *entries = (json.loads(record.body) for record, _ in snapshot.records(first_seq))
        assert (facts["event_type"], facts["rows"]) == ("BATCH", len(verdict.changes))
        said = facts["options"]
        assert (said.get("due_on"), said.get("accepted", {}).get("how")) == (made.due, made.accepted)
        new_holders = entries[: len(verdict.new_holders)]
        assert [entry["name"] for entry in new_holders] == verdict.new_holders
        found = {
            entry["row_number"]: (
                entry["asset_tag"],
                thing_said(entry["before"]),
                thing_said(entry["after"]),
                "late_reason" in entry,
            )
            for entry in entries[len(verdict.new_holders) :]
        }
        assert found == verdict.changes
        assert {entry["late_reason"] for entry in entries if "late_reason" in entry} <= {made.reason}

    @rule(chance=chances, made=choices, how=st.sampled_from(["preview", "yes"]))
    def new_file(self, chance: int, made: Choices, how: str) -> None:
        """A new file: only previewed, or committed in one go."""
        draw = self.random(chance)
        self.bring(some_rows(draw, self.world, self.minute, made), made, how, draw)

    @rule(chance=chances, made=choices)
    def new_file_previewed_and_confirmed(self, chance: int, made: Choices) -> None:
        """A new file, taken the usual way."""
        draw = self.random(chance)
        self.bring(some_rows(draw, self.world, self.minute, made), made, "confirm", draw)

    def bring(self, rows: list[Row], made: Choices, how: str, draw: Random) -> None:
        """Bring a file to the station."""
        data = written(rows, draw)
        if how == "yes":
            self.commit(rows, data, made, code=None)
            return
        _, plan = self.preview(rows, data, made)
        if how == "confirm" and plan.confirm_code is not None:
            self.commit(rows, written(rows, draw), made, shown=self.shown[-1], code=plan.confirm_code)

    @precondition(lambda self: self.shown)
    @rule(chance=chances)
    def commit_with_an_older_code(self, chance: int) -> None:
        """Commit a file with the code of a preview that was shown some time ago."""
        shown = self.random(chance).choice(self.shown)
        self.commit(shown.rows, shown.source, shown.choices, shown=shown, code=shown.code)

    @precondition(lambda self: self.shown)
    @rule(chance=chances, made=choices, code=st.sampled_from(["0000-0000", "not a code", None]))
    def commit_with_a_wrong_code(self, chance: int, made: Choices, code: str | None) -> None:
        """Commit a file with no code at all, one never shown, or one that was shown for other options."""
        shown = self.random(chance).choice(self.shown)
        if code is None and made == shown.choices:
            made = Choices(new_holders=not made.new_holders, reason="another")
        self.commit(shown.rows, shown.source, made, code=code or shown.code)

    @precondition(lambda self: self.files)
    @rule(chance=chances, made=choices, how=st.sampled_from(["preview", "confirm", "yes"]))
    def bring_a_file_again(self, chance: int, made: Choices, how: str) -> None:
        """A file that was committed before comes again, as it was, in part, or with new rows."""
        draw = self.random(chance)
        rows = list(draw.choice(self.files))
        if draw.random() < 0.3:
            rows = draw.sample(rows, draw.randrange(1, len(rows) + 1))
        if draw.random() < 0.6:
            rows += some_rows(draw, self.world, self.minute, made)
        self.bring(rows, made, how, draw)
