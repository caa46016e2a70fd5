"""A holder is renamed while others are at work: what was previewed is stale, what was written stays as it was."""

import json
from typing import Any

import pytest

from assettrack.domain import errors
from assettrack.domain.plans import Options
from assettrack.services import holders, verification
from assettrack.services.holders import HolderUpdate
from tests.services.desk import Desk, row

NEW_HOLDERS = Options(new_holders=True)


@pytest.fixture
def issued(desk: Desk) -> Desk:
    """Jane Smith has A1 and A2, Bob Lee has A3, nobody has A4."""
    desk.commit("".join(map(row, ("A1", "A2", "A3", "A4"))))
    desk.commit(
        row("A1", "ISSUE", at="10:05")
        + row("A2", "ISSUE", at="10:05")
        + row("A3", "ISSUE", at="10:05", issued_to_name="Bob Lee")
    )
    return desk


def latest_about(desk: Desk, tag: str) -> dict[str, Any]:
    """The latest entry about an asset."""
    entry: dict[str, Any] = [each for each in map(json.loads, desk.entries()) if each.get("asset_tag") == tag][-1]
    return entry


def rename(desk: Desk) -> None:
    """Jane Smith is called Jane Jones from now on."""
    holders.change(desk.workplace, "Jane Smith", HolderUpdate(name="Jane Jones", reason="marriage"))


def test_the_new_name_is_that_of_all_the_holder_has(issued: Desk) -> None:
    """The state of each asset names the new name at once; history and log keep the name that was true then."""
    before = issued.entries()
    rename(issued)
    assert issued.where("A1", "A2", "A3") == ["in custody of Jane Jones"] * 2 + ["in custody of Bob Lee"]
    assert latest_about(issued, "A1")["after"]["holder"] == "Jane Smith"
    assert issued.entries()[:-1] == before
    assert verification.verify(issued.workplace).ok


def test_what_was_previewed_before_a_rename_is_stale(issued: Desk) -> None:
    """The commit is refused, nothing is saved, and just the rows about what the holder has are named."""
    text = (
        row("A3", "RETURN", at="10:10", place=("CASE-01", "3"))
        + row("A1", "RETURN", at="10:10", place=("CASE-01", "1"))
        + row("A4", at="10:10")
        + row("A2", "RETIRE", at="10:10")
    )
    plan = issued.preview(text)
    rename(issued)
    with issued.unchanged(), pytest.raises(errors.PlanStale) as caught:
        issued.commit(text, confirm=plan.confirm_code)
    assert (caught.value.moved, caught.value.exit_code) == ([2, 4], 4)
    issued.commit(text, confirm=issued.preview(text).confirm_code)
    assert latest_about(issued, "A1")["before"]["holder"] == "Jane Jones"
    assert verification.verify(issued.workplace).ok


def test_a_batch_that_names_the_old_name_is_refused(issued: Desk) -> None:
    """Nobody is called that any more: the row is named, and nothing is saved."""
    text = row("A3", "RETURN", at="10:10", place=("CASE-01", "1")) + row("A4", "ISSUE", at="10:10")
    code = issued.preview(text).confirm_code
    rename(issued)
    with issued.unchanged(), pytest.raises(errors.BatchRefused) as caught:
        issued.commit(text, confirm=code)
    assert [(each.row_number, each.code) for each in caught.value.refusals] == [(2, "unknown_holder")]
    assert caught.value.exit_code == 4


@pytest.mark.parametrize(
    ("options", "registered_anew"),
    [(Options(), ["Jane Smith"]), (NEW_HOLDERS, ["Jane Smith"]), (NEW_HOLDERS, [])],
    ids=["somebody else", "somebody else, new holders accepted", "new holders accepted"],
)
def test_the_old_name_never_comes_to_mean_somebody_else(
    issued: Desk, options: Options, registered_anew: list[str]
) -> None:
    """A batch previewed for Jane Smith is not committed for another Jane Smith, nor for one it would register anew."""
    text = row("A3", "RETURN", at="10:10", place=("CASE-01", "1")) + row("A4", "ISSUE", at="10:10")
    code = issued.preview(text, options).confirm_code
    rename(issued)
    for name in registered_anew:
        holders.register(issued.workplace, name)
    with issued.unchanged(), pytest.raises(errors.PlanStale) as caught:
        issued.commit(text, options, confirm=code)
    assert caught.value.moved == [2]
    now = "holder 3" if registered_anew else "to be registered"
    assert f"Jane Smith was holder 1 when it was shown, and is {now} now. Nothing was saved." in str(caught.value)


def test_a_name_that_was_to_be_registered_and_is_by_now_is_told_with_what_moved(issued: Desk) -> None:
    """Somebody else registered it: the rows say the same as before, and only the sentence says that it is otherwise."""
    text = row("A4", "ISSUE", at="10:10", issued_to_name="Ada Okri") + row("A1", "RETIRE", at="10:10")
    code = issued.preview(text, NEW_HOLDERS).confirm_code
    rename(issued)
    holders.register(issued.workplace, "Ada Okri")
    with pytest.raises(
        errors.PlanStale, match=r"rows 1, 2 would.*Ada Okri was to be registered when it was shown"
    ) as it:
        issued.commit(text, NEW_HOLDERS, confirm=code)
    assert it.value.people == ["Ada Okri was to be registered when it was shown, and is holder 3 now."]


def test_a_name_that_was_given_up_is_free(issued: Desk) -> None:
    """Somebody else can be registered under it; each keeps what is theirs, and the log stays legal."""
    rename(issued)
    holders.register(issued.workplace, "Jane Smith")
    issued.commit(row("A4", "ISSUE", at="10:10"))
    assert issued.where("A1", "A4") == ["in custody of Jane Jones", "in custody of Jane Smith"]
    holders.change(issued.workplace, "Jane Smith", HolderUpdate(name="Jane Quill"))
    holders.change(issued.workplace, "Jane Jones", HolderUpdate(name="Jane Smith"))
    assert issued.where("A1", "A2", "A4") == ["in custody of Jane Smith"] * 2 + ["in custody of Jane Quill"]
    assert verification.verify(issued.workplace).ok
