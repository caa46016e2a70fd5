"""Tests of `assettrack.cli.init_cmd`."""

import os
import stat
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from tests import store
from tests.cli.conftest import Desk


def key_of(desk: Desk) -> Path:
    """Return the only key in the station's folder of keys."""
    (key,) = (desk.folder / "xdg_data_home" / "assettrack" / "keys").glob("*.key")
    return key


def test_init_makes_database_and_key_and_answers_where(desk: Desk) -> None:
    """The first init answers with the database and that it was created."""
    answer = {"database": str(desk.database), "created": True, "upgraded_from": None, "copy": None}
    assert desk.ask("init", "--timezone", "Europe/Berlin") == answer
    assert desk.database.is_file()
    assert key_of(desk).is_file()


def test_a_second_init_changes_nothing(station: Desk) -> None:
    """Init on a station that is there answers so, and leaves log and key as they are."""
    key = key_of(station).read_bytes()
    answer = {"database": str(station.database), "created": False, "upgraded_from": None, "copy": None}
    assert station.ask("init", "--timezone", "Asia/Tokyo") == answer
    assert station.log_size() == 3
    assert key_of(station).read_bytes() == key


@pytest.fixture
def older(desk: Desk) -> Desk:
    """A station whose database is of schema 1; its key is not at hand, and init needs none."""
    with closing(apsw.Connection(str(desk.database))) as connection:
        connection.execute((Path(store.__file__).parent / "samples" / "schema-1.sql").read_text(encoding="utf-8"))
    return desk


def test_an_older_database_is_said_to_be_brought_up_to_date(older: Desk) -> None:
    """The answer names the schema it had and the copy that was made; a second run changes nothing."""
    copy = f"{older.database}.before-schema-2"
    answer = older.ask("init")
    assert answer == {"database": str(older.database), "created": False, "upgraded_from": 1, "copy": copy}
    assert Path(copy).is_file()
    answer = older.ask("init")
    assert (answer["upgraded_from"], answer["copy"]) == (None, None)


def test_a_person_is_told_of_the_upgrade(older: Desk) -> None:
    """From which schema to which, and where the database is kept as it was; not that nothing was changed."""
    said = older.tell("init")
    assert "brought up to date, from schema 1 to schema 3." in said
    assert f"{older.database}.before-schema-2" in said
    assert "nothing was changed" not in said


def test_a_copy_in_the_way_is_named(older: Desk) -> None:
    """Exit code 4: the file that has the copy's name is named, and is to be moved away."""
    copy = Path(f"{older.database}.before-schema-2")
    copy.write_text("my diary")
    error = older.refuse("init", exit_code=4)
    assert error["code"] == "copy_in_the_way"
    assert error["message"].startswith(f"{copy} is there already")
    assert "Move that file away" in error["message"]
    assert copy.read_text() == "my diary"


def test_init_tells_a_person_where_things_are_and_what_to_do(desk: Desk) -> None:
    """A person reads where database and key lie, that the key is to be backed up apart, and what comes next."""
    out = desk.tell("init")
    assert str(desk.database) in out
    assert str(key_of(desk)) in out
    assert "Back up the key now, apart from the database" in out
    assert "assettrack case init" in out
    assert "already" in desk.tell("init")


def test_the_zone_is_kept_and_used(desk: Desk) -> None:
    """The zone given at init is the one in which a batch's local times are read."""
    desk.tell("init", "--timezone", "Asia/Tokyo")
    batch = desk.batch("LT-1,2026-02-01 09:00,SCAN,anna,,,,laptop,")
    desk.tell("commit", batch, "--yes")
    (entry,) = desk.ask("asset", "history", "LT-1")["entries"]
    assert entry["occurred_at"] == "2026-02-01T00:00:00.000000Z"


def test_a_zone_that_does_not_exist_is_a_usage_error(desk: Desk) -> None:
    """An unknown zone ends with exit code 2, before anything is made."""
    assert desk.refuse("init", "--timezone", "Mars/Olympus", exit_code=2)["code"] == "value_unusable"
    assert not desk.database.exists()


def test_a_file_of_another_kind_is_left_alone(desk: Desk) -> None:
    """Init on a file that is no database of ours refuses with exit code 4 and does not touch it."""
    desk.database.write_text("my diary")
    assert desk.refuse("init", exit_code=4)["code"] == "database_foreign"
    assert desk.database.read_text() == "my diary"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes of files")
def test_database_and_key_are_private(desk: Desk) -> None:
    """Nobody but the owner may read the database and the key."""
    desk.tell("init")
    for path in (desk.database, key_of(desk)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
