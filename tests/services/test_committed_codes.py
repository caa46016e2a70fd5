"""The code with which a batch was confirmed is told by the log, and by nothing else."""

import msgspec
import pytest

from assettrack.domain import station_errors
from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.services import custody
from assettrack.services.committed_codes import is_committed_with
from assettrack.services.custody import TypedCommand
from tests.services.desk import Desk, row
from tests.services.field import LAPTOP, MakeField
from tests.services.test_custody import back, issue, transfer
from tests.services.test_damaged_state import tamper

UNKNOWN = "ZZZZ-ZZZZ"
EVERYTHING = Options(
    {"manufacturer": "Lenovo"}, new_holders=True, late_reason="read in the evening", due_on="2026-08-01"
)
ROWS = (
    row("A1", place=("CASE-01", "1"))
    + row("A2")
    + row("A2", "UPDATE", "10:01", place=("CASE-01", "2"))
    + row("A2", at="10:02")
    + row("A1", "ISSUE", "09:00", issued_to_name="Ada N\N{LATIN SMALL LETTER U WITH DIAERESIS}rnberg")
    + row("A1", "RETURN", "10:04", place=("OUT", "OUT"))
    + row("A2", "RETIRE", "10:05")
)


def test_a_batch_of_every_event_is_known_by_the_code_that_confirmed_it(desk: Desk) -> None:
    """New assets, a new holder, defaults, a late row and the end of one: the code is made again from the entries."""
    code = desk.preview(ROWS, EVERYTHING).confirm_code or ""
    first = desk.commit(ROWS, EVERYTHING, code)
    assert is_committed_with(desk.workplace, first.batch_id, code)
    assert is_committed_with(desk.workplace, first.batch_id, code.lower().replace("-", ""))
    assert not is_committed_with(desk.workplace, first.batch_id, UNKNOWN)
    assert not is_committed_with(desk.workplace, first.batch_id, "no code")
    later = row("A1", "ISSUE", "11:00", issued_to_name="ada n\N{LATIN SMALL LETTER U WITH DIAERESIS}rnberg")
    again = desk.preview(later).confirm_code or ""
    second = desk.commit(later, confirm=again)
    assert is_committed_with(desk.workplace, second.batch_id, again)
    assert not is_committed_with(desk.workplace, first.batch_id, again)
    assert not is_committed_with(desk.workplace, second.batch_id, code)


def test_another_option_or_another_state_has_another_code(desk: Desk) -> None:
    """The same rows committed with another kind, or from where the asset was not when it was shown, are otherwise."""
    bare = row("A1", equipment_type="")
    shown = desk.preview(bare, Options({"equipment_type": "tablet"})).confirm_code or ""
    receipt = desk.commit(bare, LAPTOP)
    assert not is_committed_with(desk.workplace, receipt.batch_id, shown)
    moved = row("A1", "UPDATE", "11:00", place=("CASE-01", "1"))
    shown = desk.preview(moved).confirm_code or ""
    desk.commit(row("A1", "UPDATE", "10:30", place=("CASE-01", "2")))
    receipt = desk.commit(moved)
    assert not is_committed_with(desk.workplace, receipt.batch_id, shown)


@pytest.mark.parametrize("at", [None, "2026-07-01T11:30:00Z"])
def test_typed_batches_are_known_by_their_codes(desk: Desk, at: str | None) -> None:
    """With a time of their own or without, accepted or not: given, handed on, taken back into its slot."""
    desk.commit(row("A1", place=("CASE-01", "1")) + row("A2", place=("CASE-01", "2")))
    for command, options in (
        (issue("A1", "A2"), Options(accepted=Acceptance("typed", "Jane Smith"))),
        (transfer("A1"), Options(due_on="2026-08-01")),
        (back("A1", "A2"), Options()),
    ):
        timed = TypedCommand(command.asset_tags, command.rows, at)
        code = custody.preview(desk.workplace, timed, options).confirm_code or ""
        receipt = custody.commit(desk.workplace, timed, options, confirm=code)
        assert is_committed_with(desk.workplace, receipt.batch_id, code)
        assert not is_committed_with(desk.workplace, receipt.batch_id - 1, code)


def test_a_batch_of_scans_is_known_by_its_code(fields: MakeField) -> None:
    """What was answered is part of it: with another answer it is another code."""
    day = fields()
    download = day.pull().download
    answers = Answers(left_out=tuple(LeftOut(number, "on the table") for number in (5, 6, 7)))
    plans = [
        day.downloads.preview(download, each, LAPTOP)[1]
        for each in (answers, msgspec.structs.replace(answers, taken=(4,)))
    ]
    codes = [plan.confirm_code or "" for plan in plans]
    receipt = day.downloads.commit_download(download, answers, LAPTOP, confirm=codes[0])
    assert [is_committed_with(day.workplace, receipt.batch_id, code) for code in codes] == [True, False]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("DELETE FROM batches WHERE batch_id = 1", "batch 1 is gone"),
        (
            "UPDATE audit_log SET body = (SELECT body FROM audit_log WHERE seq = 1) WHERE seq = {row}",
            "entry {row} of the log is not what it should be",
        ),
        (
            "UPDATE audit_log SET body = json_set(body, '$.case_number', 'CASE-01') WHERE seq = {row}",
            "entry {row} of the log can't be read",  # a case without a slot is no place
        ),
    ],
)
def test_of_a_damaged_batch_no_code_is_told(desk: Desk, damage: str, said: str) -> None:
    """Whether it was confirmed so is neither said nor denied: what is damaged is named."""
    code = desk.preview(row("A1")).confirm_code or ""
    receipt = desk.commit(row("A1"), confirm=code)
    assert is_committed_with(desk.workplace, receipt.batch_id, code)
    tamper(desk, damage.format(row=receipt.last_seq))
    with pytest.raises(station_errors.DatabaseDamaged, match=said.format(row=receipt.last_seq)):
        is_committed_with(desk.workplace, receipt.batch_id, code)
