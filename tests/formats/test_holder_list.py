"""A list of holders: a CSV file with a header line, read whole or refused with the line that is wrong."""

from textwrap import dedent

import pytest

from assettrack.domain import errors
from assettrack.domain.people_deeds import Registration
from assettrack.formats import holder_list


def parsed(text: str) -> list[Registration]:
    """The holders of a list."""
    return list(by_line(text).values())


def by_line(text: str) -> dict[int, Registration]:
    """The holders of a list by their lines."""
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


def test_holders_are_told_by_their_lines() -> None:
    """The header line is line 1, and blank lines count."""
    assert by_line("name\nJane Smith\n\nBob Lee\n") == {2: Registration("Jane Smith"), 4: Registration("Bob Lee")}


def test_all_lines_that_are_wrong_are_named() -> None:
    """The first twenty with their reasons, the rest by their number."""
    with pytest.raises(errors.ListFileWrong) as caught:
        by_line("name,identifier\n,S-17\nBob Lee,1\nJane Smith\nbob lee,2\n")
    assert str(caught.value).startswith(
        "holders.csv, line 2: the name is blank; line 4: it has 1 cells, the header line has 2; "
        "line 5: bob lee stands in line 3 already. Nothing was saved."
    )
    with pytest.raises(errors.ListFileWrong, match=r"line 21: the name is blank; and 2 more\. Nothing"):
        by_line("name,identifier\n" + ",S-17\n" * 22)
    with pytest.raises(errors.ListFileWrong, match=r"line 21: the name is blank\. Nothing"):
        by_line("name,identifier\n" + ",S-17\n" * 20)


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
