"""A hand-over list while it is committed: what comes then is refused by name, and never shown as if it were on it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from assettrack.domain import desk_errors, errors
from assettrack.domain.custody_drafts import CustodyDraft
from assettrack.services import accounts, committed_codes, custody_drafts, handover_scans
from assettrack.services.custody_drafts import AtDesk
from tests.services.desk import Desk, row
from tests.web.handing_over import JANE, size, stocked, where
from tests.web.visitors import OpenStation, open_station

GUARD_SECONDS = 30
"""After so long a test that would hang fails instead."""


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[OpenStation]:
    """Return a stocked station with one operator."""
    with open_station(tmp_path) as station:
        stocked(station)
        station.account("ben", "operator")
        yield station


@pytest.fixture
def ben(open_desk: OpenStation) -> AtDesk:
    """Return somebody who has listed one asset for somebody."""
    at = open_desk.workplace("ben")
    found = accounts.named(at, "ben")
    assert found is not None
    desk = AtDesk(at, open_desk.web.desk, found)
    custody_drafts.name_holder(desk, "ISSUE", JANE)
    handover_scans.take(desk, "ISSUE", "LT-1")
    return desk


def checked(ben: AtDesk) -> tuple[str, str]:
    """Check the list; return its draft and the code that was shown."""
    custody_drafts.change(ben, "ISSUE", lambda draft: msgspec.structs.replace(draft, how="paper"))
    kept = custody_drafts.fix_time(ben, "ISSUE")
    shown = custody_drafts.review(ben, kept, shown=True).confirm_code
    assert shown is not None
    return kept.draft_id, shown


def commit_while(ben: AtDesk, meanwhile: Callable[[], object], was: tuple[str, str] | None = None) -> int:
    """Commit the list as it was checked; when it is in the log, something else happens. Return the batch's number."""
    draft_id, confirm = was or checked(ben)
    answer = ben.shelf.answer_draft

    def answer_after(draft: str, batch: str) -> None:
        meanwhile()
        answer(draft, batch)

    ben.shelf.answer_draft = answer_after  # type: ignore[method-assign,assignment]  # the step is put in here
    try:
        return custody_drafts.commit(ben, "ISSUE", draft_id, confirm)
    finally:
        del ben.shelf.answer_draft


def test_a_list_that_there_never_was_is_not_committed(ben: AtDesk) -> None:
    """Nor one by the name of a list of another deed."""
    draft_id, confirm = checked(ben)
    for event, draft in (("ISSUE", "0" * len(draft_id)), ("TRANSFER", draft_id)):
        with pytest.raises(desk_errors.DraftGone):
            custody_drafts.commit(ben, event, draft, confirm)  # type: ignore[arg-type]  # the tuple widens the words
    assert custody_drafts.commit(ben, "ISSUE", draft_id, confirm) > 0


def test_what_comes_during_a_commit_is_said_not_to_be_on_the_list(ben: AtDesk, open_desk: OpenStation) -> None:
    """The asset is named; on the next list it has its place."""
    said: list[str] = []

    def meddle() -> None:
        for do in (
            lambda: handover_scans.take(ben, "ISSUE", "LT-2"),
            lambda: custody_drafts.change(ben, "ISSUE", lambda draft: draft.without(["LT-1"])),
            lambda: custody_drafts.start_anew(ben, "ISSUE"),
        ):
            with pytest.raises(desk_errors.ListCommitted) as refused:
                do()
            said.append(str(refused.value))
        custody_drafts.change(ben, "ISSUE", lambda draft: draft)  # what changes nothing is refused nothing

    commit_while(ben, meddle)
    assert ["LT-2 is not on it" in each for each in said] == [True, False, False]
    assert where(open_desk, "LT-1") == "in custody of Jane Smith"
    handover_scans.take(ben, "ISSUE", "LT-2")
    assert custody_drafts.current(ben, "ISSUE").draft.tags == ["LT-2"]
    custody_drafts.start_anew(ben, "ISSUE")
    assert custody_drafts.current(ben, "ISSUE").draft.tags == []


def test_a_change_that_was_not_kept_is_no_success(ben: AtDesk) -> None:
    """Where the list had its answer by the time that it was to be kept, that is said."""
    draft_id, _ = checked(ben)

    def too_late(draft: CustodyDraft) -> CustodyDraft:
        ben.shelf.answer_draft(draft_id, "1")
        return draft.with_assets(["LT-2", "LT-3"])

    with pytest.raises(desk_errors.ListCommitted, match="LT-2, LT-3 are not on it"):
        custody_drafts.change(ben, "ISSUE", too_late)


def test_two_commits_at_once_give_one_batch(ben: AtDesk, open_desk: OpenStation) -> None:
    """The second waits for the first, and answers the same; not so one that confirms what was checked before."""
    old, (draft_id, confirm) = checked(ben), checked(ben)
    before = size(open_desk)
    asked: list[Future[int]] = []
    with ThreadPoolExecutor(2) as threads:

        def meanwhile() -> None:
            asked.extend(
                threads.submit(custody_drafts.commit, ben, "ISSUE", draft_id, each) for each in (confirm, old[1])
            )

        batch = commit_while(ben, meanwhile, (draft_id, confirm))
        assert asked[0].result(GUARD_SECONDS) == batch
        with pytest.raises(desk_errors.CommittedOtherwise, match=f"as batch {batch}, and not as you checked it"):
            asked[1].result(GUARD_SECONDS)
    assert size(open_desk) == before + 2


def test_a_list_whose_answer_was_lost_is_known_by_its_code_only(ben: AtDesk, open_desk: OpenStation) -> None:
    """Its rows are in the log: sent again it is that batch, and with another code it is said not to be."""
    draft_id, confirm = checked(ben)
    ben.shelf.answer_draft = lambda *_: None  # type: ignore[method-assign]  # the power goes here
    try:
        batch = custody_drafts.commit(ben, "ISSUE", draft_id, confirm)
        before = size(open_desk)
        with pytest.raises(desk_errors.CommittedOtherwise, match=f"as batch {batch}, and not as you checked it"):
            custody_drafts.commit(ben, "ISSUE", draft_id, "AAAA-AAAA")
        assert custody_drafts.commit(ben, "ISSUE", draft_id, confirm) == batch
    finally:
        del ben.shelf.answer_draft
    assert size(open_desk) == before


def test_a_list_that_changed_since_it_was_checked_is_not_committed(ben: AtDesk, open_desk: OpenStation) -> None:
    """It is to be checked once more; after that the next commit is not hindered."""
    draft_id, confirm = checked(ben)
    handover_scans.take(ben, "ISSUE", "LT-2")
    before = size(open_desk)
    with pytest.raises(desk_errors.ListChanged):
        custody_drafts.commit(ben, "ISSUE", draft_id, confirm)
    assert size(open_desk) == before
    commit_while(ben, lambda: None)
    assert where(open_desk, "LT-2") == "in custody of Jane Smith"


def test_a_list_with_a_line_for_nobody_is_not_committed(at_desk: AtDesk, desk: Desk) -> None:
    """Whatever code is sent: the line is named, nothing is saved, and the list stays as it was."""
    desk.commit(row("A1"))
    handover_scans.take(at_desk, "ISSUE", "A1")
    kept = custody_drafts.fix_time(at_desk, "ISSUE")
    with desk.unchanged(), pytest.raises(errors.BatchHasProblems) as caught:
        custody_drafts.commit(at_desk, "ISSUE", kept.draft_id, "AAAA-AAAA")
    assert [(each.code, each.row_number) for each in caught.value.problems] == [("receiver_not_said", 1)]
    assert custody_drafts.current(at_desk, "ISSUE") == kept


def test_a_list_that_changed_since_it_was_read_is_not_answered(ben: AtDesk) -> None:
    """Where an answer was lost and the list has another asset by now, looking at the old one closes nothing."""
    draft_id, confirm = checked(ben)
    old = custody_drafts.numbered(ben, "ISSUE", draft_id)
    ben.shelf.answer_draft = lambda *_: None  # type: ignore[method-assign]  # the power goes here
    batch = custody_drafts.commit(ben, "ISSUE", draft_id, confirm)
    del ben.shelf.answer_draft
    handover_scans.take(ben, "ISSUE", "LT-2")
    assert custody_drafts.review(ben, old).kept.batch_id == batch
    assert custody_drafts.current(ben, "ISSUE").draft.tags == ["LT-1", "LT-2"]


def test_a_batch_that_an_older_state_does_not_hold_is_said_to_be_gone(ben: AtDesk) -> None:
    """Whatever was put back, the database is not called damaged, and nothing is saved."""
    with pytest.raises(desk_errors.CommittedBatchGone, match="batch 99, which this database does not hold"):
        committed_codes.require_committed_with(ben.workplace, 99, "AAAA-AAAA", "list")
