"""A command that another process overtakes: its rows are those of the state in which it is committed (DESIGN §5).

The other deed is done through a connection of its own, in the last moment before the command has the write lock.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec
import pytest

from assettrack.domain import errors, typed_rows
from assettrack.domain.plans import Options
from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import custody, slots, verification
from assettrack.services.custody import TypedCommand
from assettrack.services.ports import Snapshot, Transaction, Workplace
from assettrack.store.sqlite import SqliteStore
from tests.services.desk import Desk, row

C1, C3 = Place("CASE-01", 1), Place("CASE-01", 3)

Between = Callable[[Desk], object]
"""What another process does."""


class OvertakenStore:
    """A station's store before whose write lock another process does its deed, once."""

    def __init__(self, store: SqliteStore, between: Callable[[], object]) -> None:
        self._store = store
        self._left = [between]

    def read(self) -> AbstractContextManager[Snapshot]:
        """Open a read-only snapshot."""
        return self._store.read()

    def write(self) -> AbstractContextManager[Transaction]:
        """Let the other process be first, then open the transaction."""
        while self._left:
            self._left.pop()()
        return self._store.write()

    def scrub(self) -> bool:
        """Scrub the store."""
        return self._store.scrub()


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """A1 is with Jane Smith and at home in slot 1, B1 is in slot 2."""
    desk.commit(row("A1", place=("CASE-01", "1")) + row("B1", place=("CASE-01", "2")))
    do(desk, issue("A1"))
    return desk


@pytest.fixture
def other(stocked: Desk, tmp_path: Path) -> Iterator[Desk]:
    """The other process: the same station with connections of its own, an hour later."""
    desk = Desk(tmp_path, set_up=False)
    desk.clock = stocked.clock.replace(hour=13)
    yield desk
    desk.store.close()


def issue(tag: str, to: str = "Jane Smith") -> TypedCommand:
    """The command that issues an asset."""
    return TypedCommand([tag], lambda _: typed_rows.issues([tag], to))


def back(tag: str, place: Place | None = None) -> TypedCommand:
    """The command that returns an asset."""
    return TypedCommand([tag], lambda found: typed_rows.returns([tag], found, place))


def replace(failed: str, successor: str) -> TypedCommand:
    """The command that replaces an asset."""
    new = TypedRow("SCAN", successor)
    return TypedCommand([failed, successor], lambda found: typed_rows.replacement(failed, new, found, "broken"))


def do(desk: Desk, *commands: TypedCommand) -> None:
    """Commit commands."""
    for command in commands:
        custody.commit(desk.workplace, command, Options(), confirm=None)


def overtaken(desk: Desk, other: Desk, between: Between) -> Workplace:
    """The desk's workplace, where the other process is quicker."""
    store = OvertakenStore(desk.store, lambda: between(other))
    desk.clock = desk.clock.replace(hour=14)
    return msgspec.structs.replace(desk.workplace, store=store)


def to_another_home(other: Desk) -> None:
    """Take A1 back into slot 3 and issue it to the same holder from there, so that slot 3 is its home."""
    do(other, back("A1", C3), issue("A1"))


def to_another_holder(other: Desk) -> None:
    """Take A1 back into slot 3 and issue it to Bob Lee from there."""
    do(other, back("A1", C3), issue("A1", to="Bob Lee"))


@pytest.mark.parametrize("between", [to_another_home, to_another_holder])
def test_a_return_goes_to_the_home_that_the_asset_has_by_then(stocked: Desk, other: Desk, between: Between) -> None:
    """With --yes: whoever had it before, it returns to the slot from which it was issued the last time."""
    custody.commit(overtaken(stocked, other, between), back("A1"), Options(), confirm=None)
    assert stocked.where("A1") == [f"in {C3}"]
    assert verification.verify(stocked.workplace).ok


@pytest.mark.parametrize("between", [to_another_home, to_another_holder])
def test_a_return_that_was_shown_with_another_home_is_stale(stocked: Desk, other: Desk, between: Between) -> None:
    """With the code: what was shown is another change by now, and the row is named."""
    code = custody.preview(stocked.workplace, back("A1"), Options()).confirm_code
    with pytest.raises(errors.PlanStale) as caught:
        custody.commit(overtaken(stocked, other, between), back("A1"), Options(), confirm=code)
    assert caught.value.moved == [1]
    assert stocked.asset("A1").status == "IN_CUSTODY"


def test_an_asset_that_has_no_home_by_then_is_not_returned_to_the_one_it_had(stocked: Desk, other: Desk) -> None:
    """Issued from no slot meanwhile, it has no slot to return to, with --yes and with a code."""
    code = custody.preview(stocked.workplace, back("A1"), Options()).confirm_code

    def without_home(there: Desk) -> None:
        do(there, back("A1", C3))
        slots.vacate_asset(there.workplace, "A1")
        do(there, issue("A1"))

    with pytest.raises(errors.DeedRefused) as caught:
        custody.commit(overtaken(stocked, other, without_home), back("A1"), Options(), confirm=None)
    assert caught.value.code == "home_unknown"
    with pytest.raises(errors.DeedRefused):
        custody.commit(stocked.workplace, back("A1"), Options(), confirm=code)
    assert stocked.asset("A1").status == "IN_CUSTODY"


def moved(other: Desk) -> None:
    """Move B1 from slot 2 to slot 3."""
    slots.move(other.workplace, "B1", C3)


def renamed_type(other: Desk) -> None:
    """Say that B1 is a tablet."""
    other.commit(row("B1", "UPDATE", at="11:00", equipment_type="tablet"))


def test_a_successor_takes_the_slot_that_the_failed_asset_has_by_then(stocked: Desk, other: Desk) -> None:
    """With --yes the successor is where the failed asset was in the end, and of its type."""
    custody.commit(overtaken(stocked, other, moved), replace("B1", "B2"), Options(), confirm=None)
    assert stocked.where("B1", "B2") == ["retired", f"in {C3}"]


@pytest.mark.parametrize(("between", "rows"), [(moved, [1, 2]), (renamed_type, [1, 2])])
def test_a_replacement_that_was_shown_otherwise_is_stale(
    stocked: Desk, other: Desk, between: Between, rows: list[int]
) -> None:
    """With the code: the failed asset is another, and so is its successor; both rows are named."""
    code = custody.preview(stocked.workplace, replace("B1", "B2"), Options()).confirm_code
    with pytest.raises(errors.PlanStale) as caught:
        custody.commit(overtaken(stocked, other, between), replace("B1", "B2"), Options(), confirm=code)
    assert caught.value.moved == rows
    assert stocked.asset("B1").status == "STORAGE"


def test_a_command_takes_place_when_it_has_the_lock(stocked: Desk, other: Desk) -> None:
    """What was done while it waited is not later than the command, so that nothing of it is refused as late."""

    def while_it_waits(there: Desk) -> None:
        to_another_holder(there)
        stocked.clock = there.clock

    at = overtaken(stocked, other, while_it_waits)
    stocked.clock = other.clock.replace(hour=12)
    custody.commit(at, back("A1"), Options(), confirm=None)
    assert stocked.where("A1") == [f"in {C3}"]


def test_a_code_of_another_command_is_not_called_stale(stocked: Desk) -> None:
    """Nothing moved: the code is that of a return with a slot named, and of another asset."""
    do(stocked, issue("B1"))
    for shown in (back("A1", C3), back("B1")):
        code = custody.preview(stocked.workplace, shown, Options()).confirm_code
        with stocked.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match="shown for something else"):
            custody.commit(stocked.workplace, back("A1"), Options(), confirm=code)
    same = custody.preview(stocked.workplace, back("A1", C1), Options()).confirm_code
    assert custody.commit(stocked.workplace, back("A1"), Options(), confirm=same).committed == 1
