"""A list of holders: a CSV file with a header line, read whole or refused with the line that is wrong."""

from textwrap import dedent

import pytest

from assettrack.domain import errors
from assettrack.domain.people_deeds import Registration
from assettrack.formats import holder_list


def parsed(text: str) -> list[Registration]:
    """The holders of a list."""
    return holder_list.parse(dedent(text).lstrip("\n").encode(), "holders.csv")


def test_columns_are_found_by_name() -> None:
    """In any order and case; names are cleaned, blank cells are not said, blank rows are left out."""
    assert parsed("""
        Organisation, NAME ,identifier
        Fire Department, Jane   Smith ,S-17

        ,Bob Lee,
        ,,
        "Fire Department","Poe, Ann",
    """) == [
        Registration("Jane Smith", "Fire Department", "S-17"),
        Registration("Bob Lee"),
        Registration("Poe, Ann", "Fire Department"),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(separator: str) -> None:
    """Commas, semicolons and tabs do; a name alone needs none."""
    assert parsed(f"name{separator}identifier\nJane Smith{separator}S-17\n") == [
        Registration("Jane Smith", None, "S-17")
    ]
    assert parsed("name\nJane Smith") == [Registration("Jane Smith")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "holders.csv: it is empty"),
        ("name\n", "it names no holder"),
        ("name\n\n , \n", "it names no holder"),
        ("name\n\nSmith, Jane\n", "line 3: it has 2 cells, the header line has 1"),
        ("Jane Smith\nBob Lee\n", "line 1: the header line has no column called name"),
        (
            "name,phone\nJane Smith,1\n",
            "line 1: there is a column 'phone'; the columns are name, organisation, identifier",
        ),
        ("name,name\nJane,Smith\n", "line 1: a column stands there twice"),
        ("name,identifier\nJane Smith\n", "line 2: it has 1 cells, the header line has 2"),
        ("name,identifier\n,S-17\n", "line 2: the name is blank"),
        ("name\nJane Smith\nBob Lee\nJANE  smith\n", "line 4: JANE smith stands in line 2 already"),
        (f"name\n{'x' * 201}\n", "line 2: name 'xxx"),
        (f"name,identifier\nJane Smith,{'x' * 201}\n", "line 2: identifier 'xxx"),
        ('name\n"Jane Smith\n', "unexpected end of data"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, reason: str) -> None:
    """The file and the line are named, and nothing is read."""
    with pytest.raises(errors.ListFileWrong) as caught:
        holder_list.parse(text.encode(), "holders.csv")
    assert reason in str(caught.value)
    assert "Nothing was saved" in str(caught.value)


def test_what_is_no_text_or_too_large_is_refused() -> None:
    """Other encodings are never guessed; a list has at most four million bytes."""
    with pytest.raises(errors.ListFileWrong, match="UTF-8"):
        holder_list.parse("name\nZoë\n".encode("latin-1"), "holders.csv")
    with pytest.raises(errors.ListFileWrong, match="more than 4,000,000 bytes"):
        holder_list.parse(b"name\n" + b"x" * 4_000_000, "holders.csv")
