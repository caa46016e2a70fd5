"""One server at a station: the second is refused while the first is at work, and let in when it has ended."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from assettrack import bootstrap
from assettrack.domain.station_errors import AlreadyServed, StorageFailed
from assettrack.settings import Settings
from assettrack.station.one_server import the_only_server

HOLD = """
import sys
from pathlib import Path
from assettrack.station.one_server import the_only_server

with the_only_server(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_server_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    """Two servers at one database would not know of each other's work."""
    settings = Settings(tmp_path / "station.db", tmp_path / "keys", tmp_path / "plans", "mara")
    bootstrap.set_up_station(settings, "UTC")
    with bootstrap.open_for_browsers(settings):
        with pytest.raises(AlreadyServed), bootstrap.open_for_browsers(settings):
            pytest.fail("two servers are at work on one database")
        assert (tmp_path / "station.db.desk.lock").read_bytes() == b""
    with bootstrap.open_for_browsers(settings) as lent:
        assert lent.workplace.store is not None


def test_another_station_may_be_served_beside_it(tmp_path: Path) -> None:
    """The lock is that of one database."""
    with the_only_server(tmp_path / "one.lock"), the_only_server(tmp_path / "two.lock"):
        pass


def test_the_lock_is_released_with_the_process_that_held_it(tmp_path: Path) -> None:
    """A server that is killed leaves the file behind, and nothing that stands in the way of the next one."""
    lock = tmp_path / "station.db.desk.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyServed), the_only_server(lock):
            pytest.fail("another process holds it")
        holder.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        holder.wait()
        assert lock.exists()
        with the_only_server(lock):
            pass
    finally:
        holder.kill()
        holder.communicate()


def test_a_lock_that_can_not_be_made_is_told_with_its_name(tmp_path: Path) -> None:
    """What the system says of the file is handed on, and it is not said that another server were there."""
    (tmp_path / "station.lock").mkdir()
    told = pytest.raises(StorageFailed, match=r"station\.lock could not be read or written")
    with told, the_only_server(tmp_path / "station.lock"):
        pytest.fail("a folder can't be locked as a file")
