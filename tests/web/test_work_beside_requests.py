"""What the server keeps in memory and does beside the requests: texts told once, verifying, downloads."""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import msgspec
import pytest

from assettrack.domain import station_errors
from assettrack.services.ports import Snapshot, Transaction
from assettrack.web.accounts.one_time_texts import OneTimeText, OneTimeTexts
from assettrack.web.audit import log_download
from assettrack.web.audit.log_download import DownloadBroken, LogDownloads
from assettrack.web.audit.verification_run import VerificationRun
from assettrack.web.background import Background
from assettrack.web.permissions import Permission
from tests.web.visitors import NOW, OpenStation

NAME = "0" * 32
MINE, THEIRS = b"mine", b"theirs"


def wait_for(holds: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(600):
        if holds():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it never was so")


class BusyStore:
    """A store that somebody else keeps busy from the second look on."""

    def __init__(self, station: OpenStation) -> None:
        self._store = station.web.workplace.store
        self._looks = 0

    def read(self) -> AbstractContextManager[Snapshot]:
        """Open a read-only snapshot, once."""
        self._looks += 1
        if self._looks > 1:
            raise station_errors.DatabaseBusy(30)
        return self._store.read()

    def write(self) -> AbstractContextManager[Transaction]:
        """Open the one transaction that may write."""
        return self._store.write()

    def scrub(self) -> bool:
        """Leave nothing that was erased."""
        return self._store.scrub()


def test_a_text_is_told_to_the_session_that_had_it_made_only() -> None:
    """Another session can neither see it nor forget it; after its time it is gone for good."""
    texts = OneTimeTexts()
    texts.keep(
        NAME,
        NOW,
        OneTimeText("password", "Ben", "secret", MINE, NOW + timedelta(minutes=5), "/people", Permission.ADMIN),
    )
    assert texts.find(NAME, NOW, THEIRS) is None
    texts.forget(NAME, THEIRS)
    found = texts.find(NAME, NOW, MINE)
    assert found is not None
    assert found.text == "secret"
    assert texts.find(NAME, NOW + timedelta(minutes=5), MINE) is None
    later = NOW + timedelta(minutes=6)
    until = later + timedelta(minutes=5)
    texts.keep("1" * 32, later, OneTimeText("token", "Ben", "another", MINE, until, "/account", Permission.VIEW))
    assert texts.find(NAME, NOW, MINE) is None


def test_what_breaks_beside_the_requests_stands_in_the_servers_log(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody waits for such work, so nobody else would ever see it."""

    def break_off() -> None:
        raise ZeroDivisionError("planted")

    background = Background(1, "trial")
    with caplog.at_level(logging.ERROR, "assettrack.web"):
        background.run(break_off)
        background.close()
    assert "planted" in caplog.text


def test_a_verification_that_can_not_read_says_why(station: OpenStation) -> None:
    """It ends, nothing is said of the log, and the next one can be started."""
    run = VerificationRun()
    workplace = station.workplace()
    assert run.start(msgspec.structs.replace(workplace, store=BusyStore(station)), [])
    wait_for(lambda: run.latest is not None and not run.latest.is_going_on)
    assert run.latest is not None
    assert run.latest.found is None
    assert "did not finish within 30 seconds" in run.latest.failed
    assert run.start(workplace, [])
    run.close()
    assert not run.latest.is_going_on


def test_a_download_that_nobody_takes_is_given_up(station: OpenStation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is let go after a while; who comes back later learns that the file is not whole."""
    monkeypatch.setattr(log_download, "BLOCKS_AHEAD", 1)
    monkeypatch.setattr(log_download, "STALL_TURNS", 2)
    monkeypatch.setattr(log_download, "_TURN_SECONDS", 0.01)
    downloads = LogDownloads()
    download = downloads.start(station.workplace())
    assert download is not None
    wait_for(lambda: download.has_ended)
    assert download.first().startswith(b"{")
    with pytest.raises(DownloadBroken):
        download.first()
    downloads.close()
