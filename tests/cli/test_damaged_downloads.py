"""`scanner` where the kept file of a download is damaged: it is named, and nothing older is taken in its place."""

import pytest

from tests.cli.conftest import Desk
from tests.cli.pocket import LAPTOP, Pocket


@pytest.fixture
def pocket(station: Desk) -> Pocket:
    """A scanner with two laptops."""
    return Pocket(station)


def damage(pocket: Pocket, name: str) -> None:
    """Cut the kept file of a download."""
    (path,) = pocket.desk.folder.rglob(name)
    path.write_bytes(path.read_bytes()[:-20])


def test_a_damaged_download_is_shown_and_committed_by_no_command(pocket: Pocket) -> None:
    """Without a name an older one is not taken, and with its name it is not said that none is kept."""
    pocket.pull()
    pocket.scan("LT-3")
    name = str(pocket.ask("pull", "--preview", *LAPTOP, exit_code=3)["download"])
    damage(pocket, name)
    commands = (
        ["preview", *LAPTOP],
        ["commit", *LAPTOP, "--yes"],
        ["show"],
        ["show", name],
        ["leave-out", name, "--reason", "x"],
    )
    for words in commands:
        found = pocket.desk.type("scanner", *words)
        assert found.exit_code == 3, words
        assert f"{name} is damaged" in " ".join(found.err.replace(", the latest of its scanner,", "").split())
        assert "Nothing was saved" in " ".join(found.err.split())
    assert "LT-1" not in pocket.desk.type("asset", "list").out


def test_where_only_a_damaged_download_is_kept_it_is_not_called_nothing(pocket: Pocket) -> None:
    """The list names it, and says what can be done."""
    name = pocket.pull()
    damage(pocket, name)
    found = pocket.desk.type("scanner", "downloads")
    assert found.exit_code == 0
    assert name in found.err
    assert "Nothing is kept" not in found.err
    assert "pull again" in " ".join(found.err.split())
    assert "is damaged" in " ".join(pocket.desk.type("scanner", "preview", *LAPTOP).err.replace("which ", "").split())
