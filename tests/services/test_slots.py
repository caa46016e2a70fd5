"""The slot integrity layer at work: each deed one transaction with its entry, each conflict a hard stop (DESIGN §7)."""

import json
from collections.abc import Callable

import pytest

from assettrack.domain import errors, place_deeds
from assettrack.domain.tags import Place
from assettrack.services import slots, verification
from assettrack.services.ports import Workplace
from assettrack.services.slots import Case, CaseSummary
from assettrack.services.typed_deeds import signoff
from tests.services.desk import Desk, row

C1, C2, C3, C4, C5 = (Place("CASE-01", position) for position in range(1, 6))
NO_CASE = Place("CASE-99", 1)

Deed = Callable[[Workplace], object]


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """SLOTTED in slot 1, OTHER in slot 2, FREE in none, HELD by Jane Smith, GONE retired."""
    desk.commit(
        row("SLOTTED", place=("CASE-01", "1"))
        + row("OTHER", place=("CASE-01", "2"))
        + row("FREE")
        + row("HELD")
        + row("HELD", "ISSUE")
        + row("GONE")
        + row("GONE", "RETIRE")
    )
    return desk


REFUSALS: list[tuple[Deed, str, str]] = [
    (lambda at: slots.assign(at, "FREE", C2), "slot_taken", "CASE-01 slot 2 is taken by asset OTHER."),
    (lambda at: slots.assign(at, "SLOTTED", C3), "already_slotted", "Asset SLOTTED is already in CASE-01 slot 1."),
    (lambda at: slots.assign(at, "HELD", C3), "in_custody", "in custody of Jane Smith"),
    (lambda at: slots.assign(at, "GONE", C3), "asset_retired", "Asset GONE is retired"),
    (lambda at: slots.assign(at, "NEW", C3), "unknown_asset", "No asset NEW is known."),
    (lambda at: slots.assign(at, "FREE", C5), "unknown_slot", "has slots 1 to 4; there is no slot 5."),
    (lambda at: slots.assign(at, "FREE", NO_CASE), "unknown_case", "There is no case CASE-99."),
    (lambda at: slots.move(at, "SLOTTED", C2), "slot_taken", "CASE-01 slot 2 is taken by asset OTHER."),
    (lambda at: slots.move(at, "FREE", C3), "not_slotted", "Asset FREE is in no slot."),
    (lambda at: slots.move(at, "HELD", C3), "in_custody", "in custody of Jane Smith"),
    (lambda at: slots.move(at, "NEW", C3), "unknown_asset", "No asset NEW is known."),
    (lambda at: slots.move(at, "SLOTTED", C5), "unknown_slot", "has slots 1 to 4; there is no slot 5."),
    (lambda at: slots.move(at, "SLOTTED", NO_CASE), "unknown_case", "There is no case CASE-99."),
    (lambda at: slots.vacate_slot(at, C3), "slot_empty", "CASE-01 slot 3 is already empty."),
    (lambda at: slots.vacate_slot(at, C5), "unknown_slot", "has slots 1 to 4; there is no slot 5."),
    (lambda at: slots.vacate_slot(at, NO_CASE), "unknown_case", "There is no case CASE-99."),
    (
        lambda at: slots.move(at, "SLOTTED", C3, expected=C2),
        "asset_moved_since",
        "Asset SLOTTED is in CASE-01 slot 1 by now, and not in CASE-01 slot 2.",
    ),
    (
        lambda at: slots.vacate_slot(at, C2, "dirty", expected="SLOTTED"),
        "slot_other_asset",
        "Asset OTHER is in CASE-01 slot 2 by now, and not SLOTTED.",
    ),
    (lambda at: slots.vacate_slot(at, C3, expected="OTHER"), "slot_empty", "CASE-01 slot 3 is already empty."),
    (lambda at: slots.vacate_asset(at, "FREE"), "not_slotted", "Asset FREE is in no slot."),
    (lambda at: slots.vacate_asset(at, "HELD"), "in_custody", "in custody of Jane Smith"),
    (lambda at: slots.vacate_asset(at, "GONE"), "asset_retired", "Asset GONE is retired"),
    (lambda at: slots.vacate_asset(at, "NEW"), "unknown_asset", "No asset NEW is known."),
    (lambda at: slots.initialise_cases(at, [("CASE-01", 4)]), "case_exists", "CASE-01 already exists, with 4 slots."),
    (lambda at: slots.initialise_cases(at, [("CASE-02", 8), ("CASE-01", 8)]), "case_exists", "CASE-01 already exists"),
    (lambda at: slots.initialise_cases(at, [("CASE-02", 8), ("CASE-02", 8)]), "case_exists", "CASE-02 already exists"),
    (lambda at: slots.initialise_cases(at, [("CASE-02", 0)]), "case_size_invalid", "a case has 1 to 500."),
    (
        lambda at: slots.initialise_cases(at, [("CASE-02", 1), ("BOX", 501)]),
        "case_size_invalid",
        "a case has 1 to 500.",
    ),
    (lambda at: slots.occupant(at, C5), "unknown_slot", "has slots 1 to 4; there is no slot 5."),
    (lambda at: slots.occupant(at, NO_CASE), "unknown_case", "There is no case CASE-99."),
]


@pytest.mark.parametrize(("deed", "code", "said"), REFUSALS)
def test_a_conflict_is_a_hard_stop(filled: Desk, deed: Deed, code: str, said: str) -> None:
    """Each says who is where and that nothing was saved, ends with the refusals' exit code, and changes nothing."""
    with filled.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        deed(filled.workplace)
    assert (caught.value.code, caught.value.exit_code) == (code, 4)
    assert said in str(caught.value)
    assert str(caught.value).endswith("Nothing was saved.")


@pytest.mark.parametrize("deed", [lambda at: slots.assign(at, "SLOTTED", C1), lambda at: slots.move(at, "SLOTTED", C1)])
def test_an_asset_into_its_own_slot_is_no_deed(filled: Desk, deed: Deed) -> None:
    """Nothing happens and nothing is logged; not even a checkpoint is made."""
    with filled.unchanged():
        deed(filled.workplace)


def said_by(desk: Desk, before: int) -> dict[str, object]:
    """What the one entry says that was added since the log had this size."""
    (body,) = desk.entries(before + 1)
    entry = json.loads(body)
    places = {when: (entry[when]["case_name"], entry[when]["slot_position"]) for when in ("before", "after")}
    kept = {name: entry[name] for name in ("event_type", "asset_tag", "operator", "reason") if name in entry}
    return kept | places


@pytest.mark.parametrize(
    ("deed", "entry", "occupants"),
    [
        (
            lambda at: slots.assign(at, "FREE", C3),
            {"event_type": "SLOT_ASSIGN", "asset_tag": "FREE", "before": (None, None), "after": C3},
            ["SLOTTED", "OTHER", "FREE", None],
        ),
        (
            lambda at: slots.move(at, "SLOTTED", C4),
            {"event_type": "SLOT_MOVE", "asset_tag": "SLOTTED", "before": C1, "after": C4},
            [None, "OTHER", None, "SLOTTED"],
        ),
        (
            lambda at: slots.vacate_slot(at, C2, "dirty"),
            {"event_type": "SLOT_VACATE", "asset_tag": "OTHER", "before": C2, "after": (None, None), "reason": "dirty"},
            ["SLOTTED", None, None, None],
        ),
        (
            lambda at: slots.vacate_asset(at, "SLOTTED"),
            {"event_type": "SLOT_VACATE", "asset_tag": "SLOTTED", "before": C1, "after": (None, None)},
            [None, "OTHER", None, None],
        ),
    ],
)
def test_a_deed_is_one_entry_and_its_state(
    filled: Desk, deed: Deed, entry: dict[str, object], occupants: list[str | None]
) -> None:
    """What was done stands in one entry with who did it; slots and asset agree with it, and the log verifies."""
    before = filled.log_size
    deed(filled.workplace)
    assert said_by(filled, before) == entry | {"operator": "gcurl"}
    assert [occupant for _, occupant in slots.case(filled.workplace, "CASE-01").slots] == occupants
    after = filled.asset(str(entry["asset_tag"]))
    assert (after.case_name, after.slot_position, after.status) == (*entry["after"], "STORAGE")  # type: ignore[misc]  # always a pair
    assert verification.verify(filled.workplace).ok


def test_vacating_says_which_slot_it_was(filled: Desk) -> None:
    """Both ways of vacating answer with the slot that is now empty."""
    assert slots.vacate_asset(filled.workplace, "SLOTTED") == C1
    assert slots.vacate_slot(filled.workplace, C2) == C2
    assert slots.occupant(filled.workplace, C1) is slots.occupant(filled.workplace, C2) is None


def test_what_is_as_expected_is_done(filled: Desk) -> None:
    """The asset that was shown is taken out, and moved from where it was shown; where it is already, nothing is."""
    slots.move(filled.workplace, "SLOTTED", C3, expected=C1)
    with filled.unchanged():
        slots.move(filled.workplace, "SLOTTED", C3, expected=C1)
    slots.vacate_slot(filled.workplace, C2, expected="OTHER")
    expected = Case("CASE-01", [(1, None), (2, None), (3, "SLOTTED"), (4, None)])
    assert slots.case(filled.workplace, "CASE-01") == expected


def test_the_way_of_a_slot(filled: Desk) -> None:
    """Deeds follow on each other: what one has emptied the next can fill."""
    at = filled.workplace
    slots.vacate_slot(at, C1)
    slots.move(at, "OTHER", C1)
    slots.assign(at, "FREE", C2)
    slots.assign(at, "SLOTTED", C3)
    expected = Case("CASE-01", [(1, "OTHER"), (2, "FREE"), (3, "SLOTTED"), (4, None)])
    assert slots.case(at, "CASE-01") == expected
    assert slots.occupant(at, C3) == "SLOTTED"


def test_cases_are_prepared_together_or_not_at_all(bare: Desk) -> None:
    """Several cases are one transaction with an entry each; all their slots are there, and empty."""
    before = bare.log_size
    made = slots.initialise_cases(bare.workplace, [("B", 2), ("A 1", 500)])
    assert made == [Case("B", [(1, None), (2, None)]), Case("A 1", [(position, None) for position in range(1, 501)])]
    assert slots.cases(bare.workplace) == [CaseSummary("A 1", 500, 0), CaseSummary("B", 2, 0)]
    assert [slots.case(bare.workplace, case.case_name) for case in made] == made
    entries = [json.loads(body) for body in bare.entries(before + 1)]
    assert [(entry["event_type"], entry["case_name"], entry["slots"]) for entry in entries] == [
        ("CASE", "B", 2),
        ("CASE", "A 1", 500),
    ]
    with bare.store.read() as snapshot:
        assert [size for size, _ in snapshot.checkpoints()] == [1, 3]


@pytest.mark.parametrize("name", ["AT 7", "AT ESCANC", "CASE-01 SLOT-02", "A SLOT 2", "BOX SLOT7"])
def test_no_new_case_is_named_like_a_card_or_a_label(filled: Desk, name: str) -> None:
    """Its plain name would be read as that. A case that has such a name from before stays, works and verifies."""
    for cases in ([(name, 2)], [("CASE-02", 2), (name, 2)]):
        with filled.unchanged(), pytest.raises(errors.ValueUnusable, match="choose another name"):
            slots.initialise_cases(filled.workplace, cases)
    with filled.store.write() as transaction:
        signed = signoff(filled.workplace)
        transaction.save(place_deeds.prepare_case(name, 2, transaction.log_size + 1, signed))
    slots.assign(filled.workplace, "FREE", Place(name, 2))
    assert slots.occupant(filled.workplace, Place(name, 2)) == "FREE"
    assert verification.verify(filled.workplace).ok


@pytest.mark.parametrize("name", ["AT", "AT7", "AT-7 B", "SLOT-02", "CASE-01 SLOT", "A SLOT-1000", "CASE_SLOT-1"])
def test_a_case_may_have_a_name_that_is_no_card_and_no_label(bare: Desk, name: str) -> None:
    """Only what would be taken for one is refused."""
    assert slots.initialise_cases(bare.workplace, [(name, 1)])[0].case_name == name


def test_cases_and_who_is_in_them(filled: Desk) -> None:
    """Cases are listed by name with how many slots are taken; each can be shown, and all can be walked through."""
    slots.initialise_cases(filled.workplace, [("BOX", 1)])
    assert slots.cases(filled.workplace) == [CaseSummary("BOX", 1, 0), CaseSummary("CASE-01", 4, 2)]
    expected = [
        Case("BOX", [(1, None)]),
        Case("CASE-01", [(1, "SLOTTED"), (2, "OTHER"), (3, None), (4, None)]),
    ]
    assert list(slots.all_cases(filled.workplace)) == expected
    with pytest.raises(errors.NotFound, match="There is no case CASE-99"):
        slots.case(filled.workplace, "CASE-99")


@pytest.mark.parametrize(
    "deed",
    [
        lambda at: slots.initialise_cases(at, [("CASE-02", 1)]),
        lambda at: slots.assign(at, "FREE", C3),
        lambda at: slots.move(at, "SLOTTED", C3),
        lambda at: slots.vacate_slot(at, C1),
        lambda at: slots.vacate_asset(at, "SLOTTED"),
    ],
)
def test_a_deed_needs_somebody_who_does_it(filled: Desk, deed: Deed) -> None:
    """Without an operator no deed is done."""
    with filled.unchanged(), pytest.raises(errors.OperatorUnknown):
        deed(filled.manned_by(None))
