"""A row for a holder who was chosen before: it is theirs by number, and never by name alone."""

import pytest

from assettrack.domain.chosen_holders import TO_REGISTER, doubt_of_next, require_as_chosen
from assettrack.domain.draft_lines import DraftLine
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import Holder, HolderRegister

JONES, OTHER = Holder(1, "Jane Jones"), Holder(2, "Jane Smith")


@pytest.mark.parametrize(
    ("name", "chosen"),
    [("Jane Smith", None), ("Nobody", None), ("JANE smith", 2), ("Jane Jones", 1), ("Nobody", TO_REGISTER)],
)
def test_a_name_that_means_who_was_chosen_is_let_by(name: str, chosen: int | None) -> None:
    """So is one of which nobody knows who was chosen, and one that nobody has yet who is to be registered."""
    holders = HolderRegister([JONES, OTHER])
    require_as_chosen(name, chosen, holders)
    assert not chosen or doubt_of_next(name, chosen, holders) is None


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ([JONES, OTHER], "and is called Jane Jones now; Jane Smith now means another person, holder 2. For the same"),
        ([JONES], "and is called Jane Jones now; nobody has that name by now. For the same person choose Jane Jones."),
        ([OTHER], "and is not registered any more; Jane Smith now means another person, holder 2. For another"),
        ([], "and is not registered any more; nobody has that name by now. For another, remove this"),
    ],
)
def test_a_name_that_means_another_or_nobody_is_refused(known: list[Holder], said: str) -> None:
    """The sentence says who the one is that was chosen, and who has the name; for the next scans it says the same."""
    holders = HolderRegister(known)
    with pytest.raises(NotAllowed) as caught:
        require_as_chosen("Jane Smith", 1, holders)
    assert said in caught.value.sentence
    doubt = doubt_of_next("Jane Smith", 1, holders)
    assert doubt is not None
    assert said.partition(". ")[0] in doubt.message


def test_who_is_to_be_registered_by_the_same_batch_is_nobody_else() -> None:
    """The first row registers them, the second is for the same; a third for somebody registered is for another."""
    holders = HolderRegister([JONES])
    holders.register("Jane Smith")
    require_as_chosen("Jane Smith", TO_REGISTER, holders)
    with pytest.raises(NotAllowed, match="holder_other_now"):
        require_as_chosen("Jane Smith", 1, holders)
    with pytest.raises(NotAllowed, match="holder_registered_since"):
        require_as_chosen("Jane Jones", TO_REGISTER, holders)


@pytest.mark.parametrize(
    ("line", "chosen", "after"),
    [
        (("", None), ("Ada", 7), ("Ada", 7)),
        (("Eve", 7), ("Ada", 7), ("Ada", 7)),
        (("ada", TO_REGISTER), ("Ada", 7), ("Ada", 7)),
        (("Eve", TO_REGISTER), ("Ada", 7), ("Eve", TO_REGISTER)),
        (("Ada", 5), ("Ada", 7), ("Ada", 5)),
        (("Ada", None), ("Ada", 7), ("Ada", None)),
        (("Ada", TO_REGISTER), ("Eve", TO_REGISTER), ("Ada", TO_REGISTER)),
        (("Ada", None), ("Eve", None), ("Ada", None)),
    ],
)
def test_a_line_follows_its_person_and_goes_over_to_no_other(
    line: tuple[str, int | None], chosen: tuple[str, int | None], after: tuple[str, int | None]
) -> None:
    """Choosing somebody says whose the lines of nobody are, and what those of the same person are called."""
    made = DraftLine("A-1", line[0], holder_id=line[1]).chosen_for(*chosen)
    assert (made.holder, made.holder_id) == after
