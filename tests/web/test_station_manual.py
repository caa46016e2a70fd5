"""Owns the promise that the manual of the station says what its pages say, and what its roles may do."""

import re
import tomllib
from collections.abc import Iterator

import pytest

from assettrack.domain import passwords
from assettrack.services import sessions, throttle
from assettrack.station import uploads
from assettrack.web.permissions import ROLES, Permission
from assettrack.web.serving import Listening
from tests.architecture import ROOT

MANUAL = (ROOT / "docs" / "how-to" / "station.md").read_text("utf-8")
NOT_A_BUTTON = {"in bold"}


def table(text: str) -> dict[str, set[str]]:
    """What each role may do by the table of roles."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    start = next(index for index, cells in enumerate(lines) if cells[0] == "role")
    names = lines[start][1:]
    rows = lines[start + 2 : start + 2 + len(ROLES)]
    return {role: {name for name, said in zip(names, cells, strict=True) if said == "yes"} for role, *cells in rows}


def test_the_table_of_roles_is_that_of_the_program() -> None:
    """Each role may do what the table says, and nothing else."""
    assert table(MANUAL) == {role: {permission.value for permission in allowed} for role, allowed in ROLES.items()}


def test_another_table_of_roles_is_noticed() -> None:
    """One yes too many is seen."""
    other = MANUAL.replace("| viewer | yes | | | |", "| viewer | yes | yes | | |")
    assert table(other)["viewer"] == {Permission.VIEW.value, Permission.OPERATE.value} != {*ROLES["viewer"]}


def texts(values: dict[str, object]) -> Iterator[str]:
    """Every text of a file of words."""
    for value in values.values():
        if isinstance(value, dict):
            yield from texts(value)
        else:
            yield str(value)


def unknown_words(text: str) -> list[str]:
    """The words in bold that stand on no page."""
    files = (ROOT / "src" / "assettrack" / "web" / "texts").glob("*.toml")
    known = [said for file in files for said in texts(tomllib.loads(file.read_text("utf-8")))]
    patterns = [re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(said))) for said in known]
    named = {" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)} - NOT_A_BUTTON
    return sorted(words for words in named if not any(each.fullmatch(words) for each in patterns))


def test_the_words_in_bold_stand_on_the_pages() -> None:
    """Whoever looks for a button that the manual names finds it by that name."""
    assert unknown_words(MANUAL) == []


def test_a_word_that_stands_on_no_page_is_noticed() -> None:
    """A button of another name is seen, one with a number in it is found."""
    assert unknown_words("**Commit 7 scans**, **Store 7 scans**") == ["Store 7 scans"]


@pytest.mark.parametrize(
    "said",
    [
        f"http://{Listening().address}:{Listening().port}",
        f"for {sessions.SETUP_LINK_HOURS} hours",
        f"of {passwords.LENGTH_MIN} characters or more",
        f"After {sessions.IDLE_SECONDS // 60} minutes",
        f"After {sessions.SESSION_HOURS} hours a session ends",
        f"up to {throttle.WAIT_SECONDS_MAX // 60} minutes",
        f"more than {throttle.FREE_FAILURES_OF_ADDRESS}",
        f"{uploads.BYTES_MAX // 2**20} MiB of each account",
    ],
)
def test_the_figures_are_those_of_the_program(said: str) -> None:
    """Addresses, lengths and times that the manual names are what the program does."""
    assert said in " ".join(MANUAL.split())


def test_the_third_failure_costs_a_wait() -> None:
    """The manual says in words from which failed sign-in on there is a wait, and that the next one doubles it."""
    assert "from the third in a row on there is a wait, which each further one doubles" in " ".join(MANUAL.split())
    waits = [throttle.wait_seconds("name ben", failures) for failures in (1, 2, 3, 4)]
    assert waits == [0, 0, waits[2], 2 * waits[2]]
    assert waits[2] > 0
