"""A batch's way from file to log: what was previewed is what is committed, or nothing (DESIGN §5)."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC

import msgspec
import pytest

from assettrack.domain import errors
from assettrack.domain.decisions import Decision
from assettrack.domain.plans import Options
from assettrack.domain.scans import BadRow, Scan
from assettrack.domain.tags import Place
from assettrack.services import intake, slots
from assettrack.store.connection import Purpose
from tests.domain.trial_room import codes
from tests.services.desk import Desk, read, row

NEW_HOLDERS = Options(new_holders=True)
ONLY_NEW = Options(only_new=True)
C1, C2, C3, C4 = (("CASE-01", str(position)) for position in (1, 2, 3, 4))


def test_what_was_previewed_is_committed(desk: Desk, batch: str) -> None:
    """The entries of the commit hold exactly the changes of the preview, row by row, and the state is theirs.

    asset_tag, timestamp,         event_type, operator_id, issued_to_name, case_number, slot_number, equipment_type
    A1,        2026-07-01T10:00Z, SCAN,       opal,        ,               CASE-01,     1,           laptop
    A2,        2026-07-01T10:00Z, SCAN,       opal,        ,               ,            ,            laptop
    A1,        2026-07-01T10:01Z, ISSUE,      opal,        Zoe Quill,      OUT,         OUT,
    A2,        2026-07-01T10:01Z, UPDATE,     opal,        ,               CASE-01,     1,           tablet
    A1,        2026-07-01T10:02Z, SCAN,       opal,        ,               CASE-01,     4,
    """
    plan = desk.preview(batch, NEW_HOLDERS)
    assert (plan.valid, plan.rows, plan.new_holders) == (True, 5, ["Zoe Quill"])
    before = desk.log_size
    receipt = desk.commit(batch, NEW_HOLDERS, confirm=plan.confirm_code)
    rows = [json.loads(body) for body in desk.entries(before + 3)]
    expected = [json.loads(line) for block in plan.blocks for line in block.splitlines()]
    assert [(entry["row_number"], entry["before"], entry["after"]) for entry in rows] == [
        (change["row_number"], change["before"], change["after"]) for change in expected
    ]
    assert desk.where("A1", "A2") == ["in custody of Zoe Quill", "in CASE-01 slot 1"]
    assert (receipt.batch_id, receipt.committed, receipt.already_committed) == (1, 5, False)
    assert (receipt.first_seq, receipt.last_seq) == (before + 1, before + 7) == (before + 1, desk.log_size)
    assert receipt.checkpoint.splitlines()[1] == str(desk.log_size)


def test_the_batch_states_who_committed_what_file_when(desk: Desk) -> None:
    """The facts name the operator at the station, the file and its hash, the clock and the version, and the options."""
    text = row("A1")
    desk.commit(text, Options(late_reason="forgotten"))
    facts = json.loads(desk.entries()[-2])
    assert (facts["operator"], facts["version"]) == ("gcurl", desk.workplace.version)
    assert (facts["source_name"], facts["source_sha256"]) == ("scans.csv", read(text).sha256)
    assert (facts["recorded_at"][:17], facts["options"]) == ("2026-07-01T12:00:", {"late_reason": "forgotten"})


def test_preview_saves_nothing(desk: Desk) -> None:
    """However often it is asked, and whatever it finds, a preview leaves the database as it is."""
    for text in (row("A1"), row("A1", "ISSUE"), row("A 1"), "", row("A1", place=C1, issued_to_name="Zoe")):
        with desk.unchanged():
            desk.preview(text, NEW_HOLDERS)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO holders(holder_id, name, name_key) VALUES (9, 'Eve', 'eve')",
        "UPDATE assets SET model = 'XPS'",
        "UPDATE slots SET current_asset_tag = NULL",
        "DELETE FROM checkpoints",
        "INSERT INTO settings VALUES ('acceptance', 'off')",
        "UPDATE handovers SET accepted_seq = 1",
        "DELETE FROM contacts",
        "INSERT OR REPLACE INTO audit_log VALUES (1, NULL, NULL, NULL, zeroblob(32), '{}')",
        "DROP TRIGGER audit_log_keeps",
        "CREATE TEMP TABLE t(x)",
        "PRAGMA query_only = OFF",
        "PRAGMA user_version = 9",
        "ATTACH ':memory:' AS other",
        "COMMIT",
    ],
)
def test_preview_can_not_write_even_by_a_bug(desk: Desk, statement: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code of the preview that tries to write, through the very connection it reads with, is stopped."""
    desk.commit(row("A1", place=C1))
    tried = []

    class Rogue(Decision):
        def add(self, rows: Iterable[Scan | BadRow]) -> None:
            tried.append(statement)
            desk.store._open[Purpose.READ].rows(statement)  # noqa: SLF001 - the worst that a bug could do
            super().add(rows)

    monkeypatch.setattr(intake, "Decision", Rogue)
    with desk.unchanged():
        with pytest.raises(errors.AssetTrackError):
            desk.preview(row("A2"))
        monkeypatch.undo()
    assert tried
    assert desk.preview(row("A2")).valid


def moved_asset(desk: Desk) -> None:
    """Move A2 to another slot."""
    slots.move(desk.workplace, "A2", Place("CASE-01", 4))


def described_asset(desk: Desk) -> None:
    """Write another model of A3."""
    desk.commit("asset_tag,timestamp,event_type,operator_id,model\nA3,2026-07-01T10:00Z,UPDATE,gcurl,XPS")


def issued_and_filled(desk: Desk) -> None:
    """Bring A2 back to another slot, and A3 into the one where it was."""
    desk.commit(row("A2", "ISSUE") + row("A2", "RETURN", place=C3) + row("A3", "UPDATE", place=C2))


STATE = row("A1", at="09:00", place=C1) + row("A2", at="09:00", place=C2) + row("A3", at="09:00")
LABELS = "asset_tag,timestamp,event_type,operator_id,building_room\n" + "".join(
    f"{tag},2026-07-01T12:03Z,UPDATE,gcurl,B9\n" for tag in ("A1", "A2", "A3")
)


@pytest.mark.parametrize(("deed", "rows"), [(moved_asset, [2]), (described_asset, [3]), (issued_and_filled, [2, 3])])
def test_a_stale_code_is_refused_and_the_rows_that_moved_are_named(
    desk: Desk, deed: Callable[[Desk], None], rows: list[int]
) -> None:
    """When the state moved so that rows would do something else, nothing is saved, and exactly these are named."""
    desk.commit(STATE)
    code = desk.preview(LABELS).confirm_code
    deed(desk)
    with desk.unchanged(), pytest.raises(errors.PlanStale) as caught:
        desk.commit(LABELS, confirm=code)
    assert caught.value.moved == rows
    again = desk.preview(LABELS).confirm_code
    assert again != code
    assert desk.commit(LABELS, confirm=again).committed == 3


def test_a_code_outlives_everything_that_does_not_touch_its_rows(desk: Desk) -> None:
    """Time passing, the log growing, other assets moving, another operator: the commit is still what was shown."""
    desk.commit(STATE)
    text = row("A1", "ISSUE")
    code = desk.preview(text).confirm_code
    slots.move(desk.workplace, "A2", Place("CASE-01", 4))
    desk.commit(row("B1", place=C3))
    desk.clock = desk.clock.replace(day=9)
    source, other = read(text), desk.manned_by("mjones")
    assert intake.commit(other, source, "other.csv", Options(), confirm=code).committed == 1
    assert desk.asset("A1").holder == "Jane Smith"


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_a_code_may_be_typed_loosely(desk: Desk, typed: Callable[[str], str]) -> None:
    """Case, dash and spaces around don't matter."""
    code = desk.preview(row("A1")).confirm_code
    assert code
    assert desk.commit(row("A1"), confirm=typed(code)).committed == 1


def test_a_code_of_something_else_is_refused(desk: Desk) -> None:
    """What is no code, was never shown, or was shown for another file or other options, is told apart."""
    shown = desk.preview(row("A1")).confirm_code
    shown_with_reason = desk.preview(row("A2"), Options(late_reason="x")).confirm_code
    for code, said in (
        ("confirm", "a code has 8 letters"),
        ("0000-0000", "no preview on this station is known"),
        (shown, "it was shown for another file"),
        (shown_with_reason, "other options"),
    ):
        with desk.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match=said):
            desk.commit(row("A2"), confirm=code)


def test_a_code_of_a_station_elsewhere_is_refused(desk: Desk) -> None:
    """Times without a zone are read in the station's own: the same file is other rows where that is another."""
    text = "asset_tag,timestamp,event_type,operator_id,equipment_type\nA1,2026-07-01 10:30,SCAN,gcurl,laptop\n"
    elsewhere = msgspec.structs.replace(desk.workplace, zone=lambda _: UTC)
    code = intake.preview(elsewhere, read(text), Options()).confirm_code
    with desk.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match="another station"):
        desk.commit(text, confirm=code)


def test_a_stale_code_of_a_forgotten_preview_is_refused(desk: Desk) -> None:
    """Without the plan that was shown the commit is refused as well; it only can't say which rows moved."""
    desk.commit(STATE)
    code = desk.preview(LABELS).confirm_code
    moved_asset(desk)
    for plan in (desk.folder / "plans").iterdir():
        plan.unlink()
    with desk.unchanged(), pytest.raises(errors.ConfirmCodeWrong):
        desk.commit(LABELS, confirm=code)


def test_a_valid_code_needs_no_memory(desk: Desk) -> None:
    """The code is compared with the plan decided anew: a shelf that was lost hinders nobody."""
    code = desk.preview(row("A1")).confirm_code
    for plan in (desk.folder / "plans").iterdir():
        plan.unlink()
    assert desk.commit(row("A1"), confirm=code).committed == 1


@pytest.mark.parametrize("confirm", [None, "shown"])
def test_a_refused_batch_leaves_nothing(desk: Desk, confirm: str | None) -> None:
    """One refused row, and no row of the file is saved, with a code that was right before or without."""
    desk.commit(STATE)
    text = row("A3", "ISSUE", at="10:00") + row("B1", place=C3) + row("A1", "ISSUE", at="10:00")
    code = desk.preview(text).confirm_code if confirm else None
    desk.commit(row("A1", "ISSUE", at="09:30"))
    with desk.unchanged(), pytest.raises(errors.BatchRefused) as caught:
        desk.commit(text, confirm=code)
    assert codes(caught.value.refusals) == [(3, "already_in_custody")]


def test_a_batch_with_problems_leaves_nothing(desk: Desk) -> None:
    """A row that does not look right stops the file; problems and refusals are both told."""
    text = row("A1") + row("A 2") + row("A3", "ISSUE")
    with desk.unchanged(), pytest.raises(errors.BatchHasProblems) as caught:
        desk.commit(text)
    assert codes(caught.value.problems) == [(2, "asset_tag_invalid")]
    assert codes(caught.value.refusals) == [(3, "unknown_asset")]


def test_a_file_that_is_none_leaves_nothing(desk: Desk) -> None:
    """A file that can't be read as a batch has problems and no rows, in preview and commit."""
    plan = desk.preview("asset_tag,when\nA1,now\n")
    assert (codes(plan.problems), plan.rows, plan.confirm_code) == ([(None, "header_missing")], 0, None)
    assert not plan.already_committed
    with desk.unchanged(), pytest.raises(errors.BatchHasProblems):
        desk.commit("asset_tag,when\nA1,now\n")


def test_what_reading_and_validation_noticed_is_in_the_plan(desk: Desk) -> None:
    """Notices about the file, about its rows and from the decision stand together."""
    desk.commit(STATE)
    rows = "A1,2026-07-01 11:30,SCAN,gcurl,red\nA1,2026-07-01 10:30,SCAN,gcurl,\n"
    text = "asset_tag,timestamp,event_type,operator_id,colour\n" + rows
    found = [(None, "unknown_columns"), (None, "timestamp_local"), (2, "late_sighting")]
    assert codes(desk.preview(text).notices) == found


RETRIES = [Options(), ONLY_NEW, NEW_HOLDERS, Options(late_reason="x", defaults={"model": "XPS"})]


@pytest.mark.parametrize("options", RETRIES)
@pytest.mark.parametrize("confirm", [None, "shown", "0000-0000", "nonsense"])
def test_the_same_file_again_does_nothing(desk: Desk, confirm: str | None, options: Options) -> None:
    """A commit retried after its answer was lost, with whatever code and options: it says what had happened before."""
    text = row("A1", place=C1) + row("A1", "ISSUE")
    code = desk.preview(text).confirm_code
    first = desk.commit(text, confirm=code)
    desk.commit(row("A1", "RETURN", at="11:00", place=C2))
    plan = desk.preview(text, options)
    assert (plan.already_committed, codes(plan.notices)) == (True, [(None, "already_committed")])
    with desk.unchanged():
        again = desk.commit(text, options, confirm=code if confirm == "shown" else confirm)
    assert again == msgspec.structs.replace(first, committed=0, already_committed=True)


def test_the_same_rows_written_otherwise_do_nothing(desk: Desk) -> None:
    """What counts is the rows: other line ends, columns, time zones and order of the file make no new rows."""
    first, second = "A1,2026-07-01T10:00Z,SCAN,g,laptop", "A2,2026-07-01T11:00Z,SCAN,g,laptop"
    desk.commit(f"asset_tag,timestamp,event_type,operator_id,equipment_type\n{first}\n{second}\n")
    with desk.unchanged():
        again = desk.commit(
            "asset_tag;equipment_type;operator_id;timestamp;event_type\r\n"
            "a2;laptop;g;2026-07-01 13:00+02:00;scan\r\na1;laptop;g;2026-07-01 12:00:00.000+02:00;Scan\r\n;;;;\r\n"
        )
    assert again.already_committed


def test_rows_of_several_batches_together_do_nothing(desk: Desk) -> None:
    """A file whose rows are all known, from several batches, was committed already; the latest of them answers."""
    desk.commit(row("A1"))
    second = desk.commit(row("A2"))
    desk.commit(row("A3"))
    with desk.unchanged():
        again = desk.commit(row("A1") + row("A2"))
    assert (again.batch_id, again.checkpoint, again.committed) == (2, second.checkpoint, 0)
    assert desk.preview(row("A1") + row("A2")).recorded_in == [1, 2]


def test_a_scanner_that_was_not_cleared(desk: Desk) -> None:
    """Old rows in a longer file are refused with their batch; with only-new the others are committed, once."""
    old, new = row("A1", place=C1) + row("A2"), row("A1", "ISSUE") + row("A3")
    desk.commit(old)
    plan = desk.preview(old + new)
    assert codes(plan.refusals) == [(1, "already_recorded"), (2, "already_recorded")]
    assert [change.row_number for change in plan.changes] == [3, 4]
    with desk.unchanged(), pytest.raises(errors.BatchRefused):
        desk.commit(old + new)
    shown = desk.preview(old + new, ONLY_NEW)
    assert codes(shown.notices) == [(None, "skipped_recorded")]
    receipt = desk.commit(old + new, ONLY_NEW, confirm=shown.confirm_code)
    assert (receipt.committed, receipt.last_seq - receipt.first_seq) == (2, 2)
    assert [json.loads(body)["row_number"] for body in desk.entries()[-2:]] == [3, 4]
    with desk.unchanged():
        assert desk.commit(old + new, ONLY_NEW).already_committed


def test_identical_rows_are_told_apart_by_their_number(desk: Desk) -> None:
    """The second of two identical rows is a row of its own: a longer file with it is not wholly known."""
    desk.commit(row("A1"))
    plan = desk.preview(row("A1") * 2)
    assert codes(plan.refusals) == [(1, "already_recorded")]
    assert desk.commit(row("A1") * 2, ONLY_NEW).committed == 1
    assert desk.commit(row("A1") * 2).already_committed


def test_rows_that_became_known_since_the_preview_make_a_code_stale(desk: Desk) -> None:
    """With only-new, rows that another file brought in meanwhile are no longer committed: that is named, not done."""
    text = row("A1") + row("A2") + row("A3")
    code = desk.preview(text, ONLY_NEW).confirm_code
    desk.commit(row("A2"))
    with desk.unchanged(), pytest.raises(errors.PlanStale) as caught:
        desk.commit(text, ONLY_NEW, confirm=code)
    assert caught.value.moved == [2]


def test_a_code_is_good_once(desk: Desk) -> None:
    """Two commits with one code: the second finds everything done."""
    text = row("A1", place=C1)
    code = desk.preview(text).confirm_code
    first, second = (desk.commit(text, confirm=code) for _ in range(2))
    assert (first.committed, second.committed, second.batch_id) == (1, 0, first.batch_id)


@pytest.mark.parametrize("operator", [None, "", "   ", "x" * 65, "gc\u200burl"])
def test_a_commit_needs_somebody_who_does_it(desk: Desk, operator: str | None) -> None:
    """Without an operator, or with one whose name can't be kept, nothing is saved; a preview needs nobody."""
    nobody = desk.manned_by(operator)
    assert intake.preview(nobody, read(row("A1")), Options()).valid
    with desk.unchanged(), pytest.raises(errors.UsageError):
        intake.commit(nobody, read(row("A1")), "scans.csv", Options(), confirm=None)


def test_the_name_of_the_operator_is_trimmed(desk: Desk) -> None:
    """Spaces around and within the operator's name are collapsed; 64 letters are allowed."""
    somebody = desk.manned_by(f"  Grace   {'x' * 58} ")
    intake.commit(somebody, read(row("A1")), "scans.csv", Options(), confirm=None)
    assert json.loads(desk.entries()[-2])["operator"] == f"Grace {'x' * 58}"
