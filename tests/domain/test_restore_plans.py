"""Restore plans: the code binds what will be there and what is given up, and what is given up is found."""

import msgspec
import pytest

from assettrack.domain.checkpoints import Checkpoint
from assettrack.domain.plans import read_code
from assettrack.domain.restore_plans import ContactMark, ContactsThen, RestorePlan, contacts_then, newest_known

PLAN = RestorePlan(
    station="s",
    file="monday.backup",
    at=None,
    made_at="2026-03-02T09:30:00.000000Z",
    entries=18,
    root="A",
    now_entries=21,
    now_root="B",
    damage=None,
    newest_entries=21,
    newest_root="B",
    lost_entries=3,
    lost=[b"{}"],
    contacts=ContactsThen((), (), ()),
    reason="the disk failed",
)


@pytest.mark.parametrize(
    "change",
    [
        {"station": "t"},
        {"at": 18},
        {"entries": 17},
        {"root": "C"},
        {"now_entries": 22},
        {"now_entries": None},
        {"now_root": "C"},
        {"damage": "it is gone"},
        {"newest_entries": 22},
        {"newest_root": "C"},
        {"lost_entries": 4},
        {"reason": "training"},
    ],
    ids=str,
)
def test_the_code_binds_the_plan(change: dict[str, object]) -> None:
    """Anything else that would be there, be given up or be told leads to another code."""
    assert msgspec.structs.replace(PLAN, **change).confirm_code != PLAN.confirm_code


def test_the_code_does_not_bind_names() -> None:
    """The same backup under another name, and how much of what is lost is shown, lead to the same code."""
    other = msgspec.structs.replace(PLAN, file="copy.backup", made_at=None, lost=[])
    assert other.confirm_code == PLAN.confirm_code == read_code(PLAN.confirm_code)


def test_contact_data_is_told_apart_by_its_hash() -> None:
    """Of the same hash it stays; of another, or of none now, it is put back; what will be no more is dropped."""
    now = {1: ContactMark("Ann", b"a"), 2: ContactMark("Bob", b"b"), 3: ContactMark("Cid", b"c")}
    then = {1: ContactMark("Ann", b"a"), 2: ContactMark("Bob", b"B"), 4: ContactMark("Dan", b"c")}
    assert contacts_then(now, then) == ContactsThen(["Ann"], ["Bob", "Dan"], ["Cid"])
    assert contacts_then({}, {}) == ContactsThen([], [], [])


SMALL, MIDDLE, LARGE = (Checkpoint("s", size, bytes(32)) for size in (3, 5, 8))


@pytest.mark.parametrize(
    ("known", "held", "newest"),
    [
        ((), (), None),
        ((SMALL,), (SMALL,), SMALL),
        ((SMALL, LARGE), (SMALL,), LARGE),
        ((SMALL, LARGE), (SMALL, LARGE), LARGE),
        ((MIDDLE, SMALL), (MIDDLE,), SMALL),
        ((SMALL, MIDDLE), (), MIDDLE),
    ],
)
def test_what_is_given_up_comes_first(
    known: tuple[Checkpoint, ...], held: tuple[Checkpoint, ...], newest: Checkpoint | None
) -> None:
    """The newest of what will not be held any more is told, and only where all is held the newest of all."""
    assert newest_known(known, held.__contains__) == newest
