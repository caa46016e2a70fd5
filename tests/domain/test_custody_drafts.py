"""A hand-over at the desk before it is committed."""

import msgspec
import pytest

from assettrack.domain import errors
from assettrack.domain.custody_drafts import (
    LINES_MAX,
    CustodyDraft,
    read_draft,
    read_place,
    written_draft,
)
from assettrack.domain.custody_signings import LostSignature, SaidSigner, SaidSigning
from assettrack.domain.desk_errors import AcceptanceIncomplete, ListNotAsShown
from assettrack.domain.draft_lines import DraftLine
from assettrack.domain.inventory import Asset, Custody, Inventory
from assettrack.domain.plans import Acceptance
from assettrack.domain.queued_scans import Held
from assettrack.domain.signatures import Drawing, strokes_sha256
from assettrack.domain.tags import OUT, Place

ISSUE, RETURN = CustodyDraft("ISSUE"), CustodyDraft("RETURN")
STROKES = "M0 0l1 1"


def for_two() -> CustodyDraft:
    """A draft that issues one asset to Ada and one to Bo."""
    return ISSUE.named("Ada").with_assets(["A-1"]).named("Bo").with_assets(["A-2"])


def test_each_asset_is_for_whoever_was_named_before_it() -> None:
    """What came before anybody was named is for the first who is."""
    draft = ISSUE.with_assets(["A-1"]).named("Ada").with_assets(["A-2"]).named("Bo").with_assets(["A-3", "A-1"])
    assert [(line.asset_tag, line.holder) for line in draft.lines] == [("A-1", "Ada"), ("A-2", "Ada"), ("A-3", "Bo")]
    assert (draft.receivers, draft.signers("mara")) == (["Ada", "Bo"], ["Ada", "Bo"])


def test_what_comes_back_is_of_nobody_in_particular_and_accepted_by_the_operator() -> None:
    """By a return the person named is whose list is shown, and nothing more."""
    draft = RETURN.named("Ada").with_assets(["A-1"])
    assert (draft.lines, draft.receivers, draft.signers("mara")) == ((DraftLine("A-1"),), [], ["mara"])


def test_a_slot_that_was_named_is_of_the_next_asset_alone() -> None:
    """Those after it go to their homes; it is used up too by one that is on the list already, and goes there then."""
    first = RETURN.with_assets(["A-0"])
    draft = msgspec.structs.replace(first, place=Place("C", 7)).with_assets(["A-1", "A-0", "A-2"])
    assert [line.place for line in draft.lines] == [None, Place("C", 7), None]
    assert draft.place is None
    draft = msgspec.structs.replace(first, place=Place("C", 7)).with_assets(["A-0", "A-1"])
    assert [line.place for line in draft.lines] == [Place("C", 7), None]
    assert draft.place is None


def test_no_slot_is_of_all_that_come_on_the_list_after_it() -> None:
    """What is on it already stays where it goes."""
    draft = msgspec.structs.replace(RETURN.with_assets(["A-0"]), place=OUT).with_assets(["A-1", "A-0", "A-2"])
    assert [line.place for line in draft.lines] == [None, OUT, OUT]
    assert draft.place == OUT


def test_what_is_on_the_list_already_changes_nothing() -> None:
    """Nor is it to be checked anew for that; nor does what is empty use up a slot."""
    for place in (None, OUT):
        draft = msgspec.structs.replace(RETURN.with_assets(["A-0"]), place=place, at="2026-07-01T10:00:00Z")
        assert draft.with_assets(["A-0"]) == draft
    draft = msgspec.structs.replace(RETURN, place=Place("C", 7))
    assert draft.with_assets([]) == draft


def test_a_draft_has_room_for_so_many() -> None:
    """More of them come as a file."""
    full = ISSUE.with_assets([f"A-{number}" for number in range(LINES_MAX)])
    assert len(full.with_assets(["A-0"]).lines) == LINES_MAX
    with pytest.raises(errors.ValueUnusable, match=str(LINES_MAX)):
        full.with_assets(["B-1"])


def test_homes_are_fixed_with_the_time_and_told_only_while_it_stands() -> None:
    """After the commit the log alone knows the home; a list that was changed asks for it anew."""
    inventory = Inventory()
    inventory.custody["A-1"] = Custody(3, ("C", 4))
    inventory.custody["A-2"] = Custody(3, None)
    draft = RETURN.with_assets(["A-1", "A-2", "A-3"]).put("A-2", OUT).checked("2026-07-01T10:00:00Z", inventory, {})
    assert [row.place for row in draft.rows(Inventory()).rows] == [Place("C", 4), OUT, OUT]
    later = draft.without(["A-3"])
    assert later.at is None
    assert later.rows(Inventory()).rows[0].place == OUT


@pytest.mark.parametrize(
    ("was", "now", "is_other"),
    [
        ((None, None), ("Ada", 1), False),
        (("Ada", 1), ("Ada", 1), False),
        (("Ada", 1), (None, None), True),
        (("Ada", 1), ("Bo", 1), True),
        (("Ada", 1), ("Ada", 2), True),
        (("Ada", None), ("Ada", 2), False),
        (("Ada", None), ("Bo", 2), True),
    ],
)
def test_whom_an_asset_comes_from_is_told_by_name_and_number(
    was: tuple[str | None, int | None], now: tuple[str | None, int | None], *, is_other: bool
) -> None:
    """A line that an earlier version kept has the name alone, and one that was never looked at has neither."""
    lines = [DraftLine("A-1", had_by=name, had_by_id=number) for name, number in (was, now)]
    assert lines[0].comes_from_other(lines[1]) == is_other
    assert lines[0].mark == lines[1].mark


def test_a_line_that_makes_no_row_is_told_by_its_number() -> None:
    """Nobody named, or no home: the others are rows all the same."""
    draft = CustodyDraft("TRANSFER", (DraftLine("A-1"), DraftLine("A-2", "Ada"), DraftLine("A-3")))
    inventory = Inventory()
    inventory.assets["A-1"] = Asset("STORAGE", None, None, None, "laptop")
    found = draft.rows(inventory)
    assert (found.numbers, [row.event_type for row in found.rows]) == ([2], ["TRANSFER"])
    assert [(each.row_number, each.code) for each in found.held] == [(1, "receiver_not_said"), (3, "unknown_asset")]
    inventory.custody["A-1"] = Custody(3, None)
    assert [each.code for each in RETURN.with_assets(["A-1"]).rows(inventory).held] == ["home_unknown"]


def test_whoever_signed_for_other_assets_did_not_sign_for_these() -> None:
    """A change of one's own lines takes the signature away, a change of another's does not."""
    signed = msgspec.structs.replace(for_two(), strokes={"Ada": STROKES, "Bo": STROKES}, at="x")
    changed = signed.without(["A-2"])
    assert (changed.strokes, changed.at) == ({"Ada": STROKES}, None)
    back = msgspec.structs.replace(RETURN.with_assets(["A-1"]), strokes={"mara": STROKES})
    assert back.with_assets(["A-2"]).strokes == {}


def test_nothing_is_accepted_where_nobody_says_so() -> None:
    """A due date is of what is given, and of nothing that comes back."""
    draft = msgspec.structs.replace(for_two(), due_on="2026-12-31", new_holders=True)
    options = draft.options("mara")
    assert (options.accepted, options.due_on, options.new_holders) == (None, "2026-12-31", True)
    assert msgspec.structs.replace(RETURN.with_assets(["A-1"]), due_on="2026-12-31").options("mara").due_on is None


def test_each_signs_or_types_the_name() -> None:
    """What is missing of anybody is told, by name, and asked for by whoever commits; looking never fails for it."""
    not_bo = "Among several people each accepts for themselves, and 'Cy' is not Bo."
    for how, names, strokes, said in (
        ("typed", {"Ada": "Ada"}, {}, ["Bo did not type the name yet."]),
        ("screen", {}, {"Bo": STROKES}, ["Ada did not sign for this yet."]),
        ("typed", {"Ada": "Ada", "Bo": "Cy"}, {}, [not_bo]),
        ("paper", {"Bo": "Cy"}, {}, [not_bo]),
        ("screen", {"Bo": "Cy"}, {"Bo": STROKES}, ["Ada did not sign for this yet.", not_bo]),
        ("screen", {"Bo": "Cy"}, {"Ada": STROKES}, ["Cy did not sign for this yet.", not_bo]),
    ):
        draft = msgspec.structs.replace(for_two(), how=how, names=names, strokes=strokes)
        assert [each.message for each in draft.lacking("mara")] == said
        assert draft.options("mara").accepted is not None
        assert {drawn.strokes for drawn in draft.drawings("mara")} == set(strokes.values())
        with pytest.raises(AcceptanceIncomplete, match=said[0].removesuffix(".")):
            draft.require_whole("mara")


def test_whoever_did_not_accept_yet_is_told_apart_from_who_did() -> None:
    """By the name under which it would be: alone somebody else may accept it, among several only each themselves."""
    alone = ISSUE.named("Ada").with_assets(["A-1"])
    for draft, how, names, strokes, unsaid in (
        (for_two(), None, {}, {}, set()),
        (for_two(), "paper", {}, {}, set()),
        (for_two(), "paper", {"Bo": "Cy"}, {}, {"Bo"}),
        (for_two(), "typed", {"Ada": "Ada"}, {}, {"Bo"}),
        (for_two(), "typed", {}, {}, {"Ada", "Bo"}),
        (for_two(), "typed", {"Ada": "Ada", "Bo": "Cy"}, {}, {"Bo"}),
        (for_two(), "screen", {"Bo": "Cy"}, {"Ada": STROKES}, {"Bo"}),
        (alone, "typed", {"Ada": "Cy"}, {}, set()),
        (alone, "screen", {"Ada": "Cy"}, {}, {"Cy"}),
        (alone, "screen", {}, {}, {"Ada"}),
        (RETURN.with_assets(["A-1"]), "typed", {}, {}, {"mara"}),
    ):
        said = msgspec.structs.replace(draft, how=how, names=names, strokes=strokes)
        assert said.unsaid("mara") == unsaid


def test_nothing_is_lacking_where_no_way_of_accepting_is_chosen_or_all_is_said() -> None:
    """Names that were typed before nobody chose a way say nothing."""
    for how, names, strokes in (
        (None, {"Bo": "Cy"}, {}),
        ("paper", {}, {}),
        ("typed", {"Ada": "ADA", "Bo": "Bo"}, {}),
        ("screen", {"Bo": " bo "}, {"Ada": STROKES, "Bo": STROKES}),
    ):
        draft = msgspec.structs.replace(for_two(), how=how, names=names, strokes=strokes)
        assert draft.lacking("mara") == []
        draft.require_whole("mara")


def test_an_acceptance_says_how_by_whom_and_what_was_drawn() -> None:
    """Another spelling is the same person; somebody else who accepts alone is named."""
    two = msgspec.structs.replace(for_two(), how="typed", names={"Ada": "ADA", "Bo": " bo "})
    assert two.options("mara").accepted == Acceptance("typed")
    drawn = msgspec.structs.replace(for_two(), how="screen", strokes={"Ada": STROKES, "Bo": "M1 1l2 2"})
    assert drawn.drawings("mara") == (Drawing("Ada", STROKES), Drawing("Bo", "M1 1l2 2"))
    hashes = {"Ada": strokes_sha256(STROKES), "Bo": strokes_sha256("M1 1l2 2")}
    assert drawn.options("mara").accepted == Acceptance("screen", None, hashes)
    other = msgspec.structs.replace(drawn.without(["A-2"]), names={"Ada": "Cy"})
    assert other.options("mara").accepted == Acceptance("screen", "Cy", {"Cy": strokes_sha256(STROKES)})
    paper = msgspec.structs.replace(drawn, how="paper")
    assert (paper.drawings("mara"), paper.options("mara").accepted) == ((), Acceptance("paper"))


def test_a_draft_is_kept_whole() -> None:
    """What is read is what was written."""
    draft = msgspec.structs.replace(for_two().put("A-1", Place("C", 1)), how="typed", names={"Ada": "x"}, at="y")
    assert read_draft(written_draft(draft)) == draft


def test_a_place_is_a_slot_or_none_or_not_said() -> None:
    """Case and slot as people write them; OUT in the place of the slot is into no slot."""
    assert read_place("case-1", "SLOT-07") == Place("CASE-1", 7)
    assert (read_place("", ""), read_place("C", "out")) == (None, OUT)
    assert read_place(" ", " ") is None
    said = {("C", " "): "case 'C'", (" ", "1"): "slot '1'", ("C", "x"): "place 'C x'"}
    for (case, slot), word in said.items():
        with pytest.raises(errors.ValueUnusable, match=word):
            read_place(case, slot)


def test_a_signature_that_goes_is_remembered_with_its_reason() -> None:
    """Only of those whose own part of the list changed; said once each, however often it changes."""
    lines = (DraftLine("LT-1", "Jane"), DraftLine("LT-2", "Ben"))
    draft = CustodyDraft("ISSUE", lines, strokes={"Jane": "j", "Ben": "b"})
    after = draft.without(["LT-1"]).without(["LT-1"])
    assert (after.strokes, after.lost) == ({"Ben": "b"}, (LostSignature("Jane", "list"),))
    assert after.named("Ines").lost == after.lost


def test_what_is_drawn_counts_for_the_list_the_terms_and_the_way_that_were_shown() -> None:
    """Else it is remembered as lost, each for its own reason; what nobody drew is not."""
    draft = CustodyDraft("ISSUE", (DraftLine("LT-1", "Jane"), DraftLine("LT-2", "Ben")), notes="dented")
    jane = SaidSigner("Jane", draft.signed_list("Jane"), strokes=STROKES, kept_strokes=strokes_sha256(STROKES))
    ben = SaidSigner("Ben", "another list", strokes=STROKES)
    said = SaidSigning("screen", "", "dented", draft.terms, [jane, ben])
    after = draft.accepted_as(said, "mara")
    assert (after.strokes, after.lost) == ({"Jane": STROKES}, (LostSignature("Ben", "list"),))
    other = draft.accepted_as(msgspec.structs.replace(said, notes="whole", signers=[jane]), "mara")
    assert (other.strokes, other.lost, other.notes) == ({}, (LostSignature("Jane", "terms"),), "whole")
    nobody_yet = msgspec.structs.replace(said, how=None, signers=[jane])
    assert draft.accepted_as(nobody_yet, "mara").lost == (LostSignature("Jane", "way"),)
    with pytest.raises(ListNotAsShown):
        draft.accepted_as(msgspec.structs.replace(said, how="paper"), "mara")


def test_what_stands_for_a_signed_list_changes_with_the_signers_part_alone() -> None:
    """Of an issue that of each person; of a return all of it, because the operator signs for that."""
    given = CustodyDraft("ISSUE", (DraftLine("LT-1", "Jane"), DraftLine("LT-2", "Ben")))
    assert given.signed_list("Jane") == given.without(["LT-2"]).signed_list("Jane")
    assert given.signed_list("Ben") != given.without(["LT-2"]).signed_list("Ben")
    back = CustodyDraft("RETURN", (DraftLine("LT-1"), DraftLine("LT-2")))
    assert back.signed_list("mara") != back.without(["LT-2"]).signed_list("mara")


def test_a_scan_that_was_not_understood_has_a_number_of_its_own_for_good() -> None:
    """Saying twice that one was seen does not hide the next; it changes neither lines nor what was signed."""
    held = Held("scan_unreadable", {"scan": "'?'"})
    draft = CustodyDraft("ISSUE", (DraftLine("LT-1", "Jane"),), strokes={"Jane": "j"}, at="2026-07-01T12:00:00Z")
    first = draft.not_understood("?", held)
    second = first.seen([1]).not_understood("??", held).seen([1])
    assert [(each.number, each.typed) for each in second.unseen] == [(2, "??")]
    assert (second.lines, second.strokes, second.at) == (draft.lines, draft.strokes, draft.at)
    assert read_draft(written_draft(second)) == second
