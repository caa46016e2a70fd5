"""What the cards of a download stand for changes between its preview and its commit: somebody is called otherwise."""

from collections.abc import Callable

import pytest

from assettrack.domain import errors
from assettrack.domain.downloads import Download
from assettrack.domain.plans import Options
from assettrack.domain.scan_answers import Answers
from assettrack.services import holders
from assettrack.services.holders import HolderUpdate
from tests.domain.trial_scans import event
from tests.services.field import LAPTOP, MORNING, Field, MakeField
from tests.services.printed import badge

MAIER, SCHULZ = "Anna Maier", "Anna Schulz"
RENAMED = f"Holder 3 was called {MAIER} when it was shown, and is called {SCHULZ} now."
SAID = Answers(holder="Bob Lee")


def rename(day: Field) -> None:
    """Anna Maier is Anna Schulz from now on."""
    holders.change(day.workplace, MAIER, HolderUpdate(name=SCHULZ, reason="marriage"))


def moved(day: Field) -> None:
    """Anna Maier is Anna Schulz from now on, and somebody else is registered as Anna Maier."""
    rename(day)
    holders.register(day.workplace, MAIER)


def issued(fields: MakeField) -> tuple[Field, Download]:
    """A day on which LT-1 and LT-2 are given to whoever was said to get them, LT-2 to whose badge was scanned."""
    day = fields()
    for name in ("Jane Smith", "Bob Lee", MAIER):
        holders.register(day.workplace, name)
    day.commit(day.pull().download)
    day.clear()
    day.scan(MORNING[0], event("ISSUE"), "LT-1", badge(day.workplace, MAIER), "LT-2")
    return day, day.pull().download


def commit(day: Field, download: Download, code: str, answers: Answers = SAID, options: Options = LAPTOP) -> int:
    """Commit what was shown with a code; return how many rows were."""
    return day.downloads.commit_download(download, answers, options, confirm=code).committed


def shown(day: Field, download: Download) -> str:
    """Preview a download, and return the code of what is shown."""
    code = day.preview(download, SAID)[1].confirm_code
    assert code is not None
    return code


@pytest.mark.parametrize("becomes", [rename, moved])
def test_a_badge_whose_holder_was_renamed_since_the_preview_is_told_with_its_rows(
    fields: MakeField, becomes: Callable[[Field], None]
) -> None:
    """Nobody said other options: the row is named, who is called otherwise, and what to do; then it is committed."""
    day, download = issued(fields)
    code = shown(day, download)
    becomes(day)
    with day.desk.unchanged(), pytest.raises(errors.PlanStale) as caught:
        commit(day, download, code)
    assert (caught.value.moved, caught.value.people) == ([2], [RENAMED])
    assert str(caught.value) == (
        "The state moved since the preview: row 2 would do something else than was shown. "
        f"{RENAMED} Nothing was saved. Preview it again."
    )
    assert commit(day, download, shown(day, download)) == 2
    assert day.desk.where("LT-2") == [f"in custody of {SCHULZ}"]


def test_other_options_are_still_told_as_such(fields: MakeField) -> None:
    """Also where a card's holder was renamed too: what a person said is told first."""
    day, download = issued(fields)
    code = shown(day, download)
    rename(day)
    for answers, options in ((Answers(holder="Jane Smith"), LAPTOP), (SAID, Options(due_on="2099-01-31"))):
        with day.desk.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match="with other options"):
            commit(day, download, code, answers, options)


def test_a_card_that_no_row_follows_from_is_told_as_a_card(fields: MakeField) -> None:
    """Nothing would be done otherwise, yet the code is of other cards: that is said, and not that options differ."""
    day, download = issued(fields)
    day.scan(badge(day.workplace, "Jane Smith"))
    download = day.pull().download
    code = shown(day, download)
    holders.change(day.workplace, "Jane Smith", HolderUpdate(name="Jane Jones", reason="marriage"))
    with (
        day.desk.unchanged(),
        pytest.raises(errors.ConfirmCodeWrong, match="its cards and codes stand for was changed"),
    ):
        commit(day, download, code)
    assert commit(day, download, shown(day, download)) == 2


def test_a_name_said_at_the_preview_and_given_to_another_since_stops(fields: MakeField) -> None:
    """As on the command line, where it is said anew with each command: the code is bound to the number."""
    day, download = issued(fields)
    code = shown(day, download)
    holders.change(day.workplace, "Bob Lee", HolderUpdate(name="Bob Long", reason="marriage"))
    with day.desk.unchanged(), pytest.raises(errors.BatchRefused):
        commit(day, download, code)
    holders.register(day.workplace, "Bob Lee")
    with day.desk.unchanged(), pytest.raises(errors.PlanStale) as caught:
        commit(day, download, code)
    assert caught.value.people == ["Bob Lee was holder 2 when it was shown, and is holder 4 now."]
