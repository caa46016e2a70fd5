"""A database or a desk that is swapped under a running server: whoever is at work is told, and nothing is lost."""

import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

import apsw
import pytest

from assettrack import bootstrap
from assettrack.domain import station_errors
from assettrack.services import accounts
from assettrack.settings import Settings
from tests.web.api_callers import Caller
from tests.web.visitors import OpenStation, open_station

NOW = "2026-07-01T12:00:00.000000Z"


def remove(path: Path) -> None:
    """Take the file away."""
    path.unlink()


def rename_over(path: Path) -> None:
    """Rename a copy over it."""
    copy = path.with_name("copy")
    shutil.copy(path, copy)
    copy.replace(path)


SWAPS = pytest.mark.parametrize("swap", [remove, rename_over])


@SWAPS
def test_pages_and_forms_say_that_the_database_was_replaced(station: OpenStation, swap: Callable[[Path], None]) -> None:
    """A page, a form, signing in and the programming interface: each says so, and nothing is written anywhere."""
    ada, ann = station.visitor("ada", "admin"), Caller(station)
    ada.get("/cases")
    path = station.folder / "station.db"
    lost = station.folder / "lost"
    os.link(path, lost)
    swap(path)
    before = lost.read_bytes()
    for answer in (ada.post("/holders", {"name": "Jane Smith"}), ada.get("/cases"), station.visitor().sign_in("ada")):
        assert answer.status_code == 503
        assert "was replaced or taken away" in answer.text
        assert ("Nothing was saved" in answer.text) == (answer.request.method == "POST")
        assert "start the station again" in answer.text
    told = ann.request("POST", "/api/holders", key="k", json={"name": "Jane Smith"})
    assert (told.status_code, told.json()["error"]["code"], told.json()["error"]["saved"]) == (
        503, "database_replaced", False,
    )  # fmt: skip
    assert lost.read_bytes() == before


@SWAPS
def test_no_scan_is_taken_into_a_desk_that_was_replaced(station: OpenStation, swap: Callable[[Path], None]) -> None:
    """It is not shown as accepted, because nobody would find it again."""
    ben = station.visitor("ben")
    ben.get("/intake")
    swap(station.folder / "station.db.desk")
    answer = ben.post("/intake/scans", {"typed": "LT-1"})
    assert answer.status_code == 503
    assert "was replaced or taken away" in answer.text


def reopened(folder: Path) -> AbstractContextManager[bootstrap.ForBrowsers]:
    """Start the server anew."""
    return bootstrap.open_for_browsers(Settings(folder / "station.db", folder / "keys", folder / "plans", "mara"))


def put_back(folder: Path) -> None:
    """Put the copy in the place of the database, and let nothing be known of the later one."""
    for file in folder.glob("station.db-*"):
        file.unlink()
    shutil.copy(folder / "old", folder / "station.db")
    shutil.rmtree(folder / "checkpoints")


@pytest.mark.parametrize("goes_back", [False, True])
def test_what_a_desk_remembers_counts_beside_its_own_history_alone(tmp_path: Path, *, goes_back: bool) -> None:
    """Beside a restored database nobody is signed in, and no deed counts as done that its log has not."""
    with open_station(tmp_path) as before:
        ann = Caller(before)
        before.visitor("ada", "admin")
        with closing(apsw.Connection(str(tmp_path / "station.db"))) as connection:
            connection.execute("VACUUM INTO ?", (str(tmp_path / "old"),))
        ann.send("/api/holders", key="k", name="Jane Smith")
    if goes_back:
        put_back(tmp_path)
    with reopened(tmp_path) as lent:
        ada = accounts.require(lent.workplace, "ada").account_id
        kept = lent.desk.begin_answer(accounts.require(lent.workplace, "ann").account_id, "k", bytes(32), NOW, 1)
        assert (kept is None, lent.desk.sessions_of(ada) == []) == (goes_back, goes_back)


def test_the_desk_of_another_station_is_not_used(tmp_path: Path) -> None:
    """Beside another database the server does not begin with the queues of the old one; moved away, with none."""
    with open_station(tmp_path) as before:
        before.visitor("ben").post("/intake/scans", {"typed": "LT-1"})
    for file in tmp_path.glob("station.db*"):
        if ".desk" not in file.name:
            file.unlink()
    bootstrap.set_up_station(Settings(tmp_path / "station.db", tmp_path / "keys", tmp_path / "plans", "mara"), "UTC")
    with pytest.raises(station_errors.DeskForeign, match="move the desk away"), reopened(tmp_path):
        pytest.fail("it is another station's")
    (tmp_path / "station.db.desk").rename(tmp_path / "moved away")
    with reopened(tmp_path) as lent:
        assert lent.desk.open_queues() == []
