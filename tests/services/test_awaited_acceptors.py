"""Who has to accept what a batch exchanged with a holder: never whoever gave it back."""

from contextlib import closing

import pytest

from assettrack.domain import typed_rows
from assettrack.domain.plans import Options
from assettrack.domain.station_errors import DatabaseDamaged
from assettrack.services import acceptances, corrections, custody
from assettrack.services.acceptances import OpenAcceptance
from assettrack.services.awaited_acceptors import AwaitedSaid
from assettrack.services.custody import TypedCommand
from assettrack.services.names import require_named
from tests.services.desk import Desk, row
from tests.services.insider import Insider

JANE, BOB = "Jane Smith", "Bob Lee"


@pytest.fixture
def held(desk: Desk) -> Desk:
    """Batch 1 creates A1 to A4, and batch 2 issues A1 to A3 to Jane."""
    desk.commit(row("A1") + row("A2") + row("A3") + row("A4"))
    desk.commit("".join(row(tag, "ISSUE", at="10:05") for tag in ("A1", "A2", "A3")))
    return desk


def said(desk: Desk, batch_id: int) -> dict[str, str]:
    """What is said of what a batch left open, by holder."""
    return {each.holder: each.words for each in acceptances.all_open(desk.workplace).open if each.batch_id == batch_id}


def test_what_was_issued_waits_for_the_holder(held: Desk) -> None:
    """The holder was given it."""
    assert said(held, 2) == {JANE: "Jane Smith has not accepted what was issued"}


def test_what_came_back_waits_for_an_operator(held: Desk) -> None:
    """Into a slot or retired: nobody is named, and least of all whoever gave it back."""
    held.commit(row("A1", "RETURN", at="10:10", place=("OUT", "OUT")))
    held.commit(row("A2", "RETIRE", at="10:10", notes="broken"))
    words = "an operator has to accept what came back from Jane Smith; nobody has yet"
    assert (said(held, 3), said(held, 4)) == ({JANE: words}, {JANE: words})
    found = [each for each in acceptances.all_open(held.workplace, JANE).open if each.batch_id == 3]
    assert [(each.deed, list(each.acceptors)) for each in found] == [("RETURN", [])]


def test_what_was_transferred_waits_for_whoever_has_it_now(held: Desk) -> None:
    """Said on the part of who passed it on too; the list of one holder names the other."""
    command = TypedCommand(["A1"], lambda _: typed_rows.transfers(["A1"], BOB))
    custody.commit(held.workplace, command, Options(), confirm=None)
    words = {
        BOB: "Bob Lee has not accepted what was transferred",
        JANE: "Bob Lee has not accepted what was transferred from Jane Smith",
    }
    assert said(held, 3) == words
    only = [each for each in acceptances.all_open(held.workplace, JANE).open if each.batch_id == 3]
    assert [(each.deed, list(each.acceptors)) for each in only] == [("TRANSFER", [BOB])]


def test_who_is_given_anything_accepts_whatever_else_came_back(held: Desk) -> None:
    """A batch may give to and take from the same holder, in any order of its rows."""
    held.commit(row("A1", "RETURN", at="10:10", place=("OUT", "OUT")) + row("A4", "ISSUE", at="10:11"))
    assert said(held, 3) == {JANE: "Jane Smith has not accepted what was issued"}


def test_it_is_said_as_it_should_have_been(held: Desk) -> None:
    """A row that was corrected to be another's waits for the other."""
    last = held.commit(row("A4", "ISSUE", at="10:10")).last_seq
    corrections.correct(held.workplace, last, {"issued_to_name": BOB}, "wrong person", confirm=None)
    assert said(held, 3) == {BOB: "Bob Lee has not accepted what was issued"}
    assert said(held, 2) == {JANE: "Jane Smith has not accepted what was issued"}


def test_what_was_given_back_meanwhile_still_waits_as_it_was_given(held: Desk) -> None:
    """The holder has none of it any more; what was given was given."""
    held.commit("".join(row(tag, "RETURN", at="10:10", place=("OUT", "OUT")) for tag in ("A1", "A2", "A3")))
    assert said(held, 2) == {JANE: "Jane Smith has not accepted what was issued"}


def test_who_passed_all_of_it_on_waits_for_each_who_got_any(held: Desk) -> None:
    """Two got it of one: both are named, in the order of the rows."""
    rows = [typed_rows.transfers(["A1"], BOB), typed_rows.transfers(["A2"], "Cy Doe")]
    command = TypedCommand(["A1", "A2"], lambda _: [*rows[0], *rows[1]])
    custody.commit(held.workplace, command, Options(new_holders=True), confirm=None)
    assert said(held, 3)[JANE] == "Bob Lee and Cy Doe have not accepted what was transferred from Jane Smith"


@pytest.mark.parametrize("of", [None, JANE])
def test_what_is_remembered_is_what_is_read(held: Desk, of: str | None) -> None:
    """After every deed, a correction among them; with nothing new no entry of a batch is read again."""
    remembered = AwaitedSaid()

    def opened(said: AwaitedSaid) -> list[OpenAcceptance]:
        with held.workplace.store.read() as snapshot:
            holder = None if of is None else require_named(snapshot, of)
            return acceptances.open_of(snapshot, None if holder is None else holder.holder_id, said)

    last = held.commit(row("A4", "ISSUE", at="10:10")).last_seq
    shown = [opened(remembered)]
    assert shown[-1] == opened(AwaitedSaid())
    corrections.correct(held.workplace, last, {"issued_to_name": BOB}, "wrong person", confirm=None)
    shown.append(opened(remembered))
    assert shown[-1] == opened(AwaitedSaid())
    held.commit("".join(row(tag, "RETURN", at="10:20", place=("OUT", "OUT")) for tag in ("A1", "A2", "A3")))
    shown.append(opened(remembered))
    assert shown[-1] == opened(AwaitedSaid())
    assert len({str(each) for each in shown}) == 3, "each deed changes what is open"
    with closing(Insider(held, [])) as insider:
        insider.do("UPDATE audit_log SET body = '{}' WHERE batch_id = 2 AND identity IS NOT NULL")
        assert opened(remembered) == shown[-1]
        with pytest.raises(DatabaseDamaged, match="disagree about whom batch 2 names"):
            opened(AwaitedSaid())


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("UPDATE assets SET custody_seq = {other} WHERE asset_tag = 'A4'", "disagree about whom batch 4 names"),
        ("UPDATE audit_log SET body = '\"holder_id\":1,' WHERE seq = {last}", "entry {last} of the log can't be read"),
    ],
)
def test_what_cannot_be_told_is_damage(held: Desk, damage: str, words: str) -> None:
    """A row that is of somebody else, and one that is none."""
    held.commit(row("A5"))
    last = held.commit(row("A4", "ISSUE", at="10:10") + row("A5", "ISSUE", at="10:11", issued_to_name=BOB)).last_seq
    if "audit_log" in damage:  # what is held no more is looked for in the whole batch
        held.commit(row("A4", "RETURN", at="10:20", place=("OUT", "OUT")))
    with closing(Insider(held, [])) as insider:
        insider.do(damage.format(other=last, last=last - 1))
        with pytest.raises(DatabaseDamaged, match=words.format(last=last - 1)):
            acceptances.all_open(held.workplace)


def test_other_rows_of_a_batch_tell_nothing_of_it(held: Desk) -> None:
    """A row that only creates the asset, and was corrected; nothing of the batch is held any more."""
    made = held.commit(row("A9") + row("A9", "ISSUE", at="10:10"))
    corrections.correct(held.workplace, made.last_seq - 1, {"equipment_type": "tablet"}, "wrong type", confirm=None)
    held.commit(row("A9", "RETURN", at="10:20", place=("OUT", "OUT")))
    assert said(held, made.batch_id) == {JANE: "Jane Smith has not accepted what was issued"}
