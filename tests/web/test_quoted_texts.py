"""What somebody typed or a file says is repeated on a page as it is: quoted once, and never as a program writes it."""

import pytest

from tests.web.handing_over import JANE, issued, stocked
from tests.web.test_correction_pages import described, seq_of
from tests.web.visitors import OpenStation


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("due_on", "mañana", "'mañana'"),
        ("building_room", "Zoë's Büro", 'building_room "Zoë\'s Büro" is no room'),
        ("notes", "a\u202eb", "'a⟨U+202E⟩b'"),
    ],
)
def test_a_correction_repeats_what_was_typed(station: OpenStation, field: str, typed: str, said: str) -> None:
    """In a problem and in a notice; letters that can't be seen are shown by their number."""
    stocked(station)
    issued(station, "LT-1")
    ada = station.visitor("ada", "admin")
    ada.post("/organisations/buildings", {"building": "A"})
    answer = described(ada, seq_of(ada, "Issued"), **{field: typed})
    if answer.status_code == 303:
        ada.follow(answer)
    assert said in ada.words
    assert "\\" not in ada.words


def test_a_name_that_can_not_be_one_is_shown_as_typed(station: OpenStation) -> None:
    """A name that can't be one is repeated as it can be read."""
    stocked(station)
    ada = station.visitor("ada", "admin")
    ada.post("/holders", {"name": JANE + "\u202e"})
    assert "\\" not in ada.words
    assert "⟨U+202E⟩" in ada.words


def test_a_file_is_named_by_its_own_words(station: OpenStation) -> None:
    """Its headings and lines stand in the sentence as they stand in the file."""
    stocked(station)
    ben = station.visitor("ben")
    ben.post("/counts", {"of": "cases", "case": "CASE-01"})
    ben.upload("/counts/1/file", "list.txt", "Müller's,x,y\nB,Büro,3\n".encode())
    assert "\\" not in ben.words
    assert '"Müller\'s,x,y"' in ben.words
