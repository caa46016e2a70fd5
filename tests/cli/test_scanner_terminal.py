"""`scanner` on a real terminal: what is asked, in which order, what is said on Ctrl-C, and what a kill leaves."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Sequence

import pytest

from tests.cli.conftest import Desk
from tests.cli.pocket import LAPTOP, Pocket
from tests.cli.test_terminal import SECONDS_MAX, assettrack

pty = pytest.importorskip("pty", reason="only POSIX has pseudo-terminals")

COMMIT, CLEAR = "Commit 2 scans? [y/N]:", "Clear the scanner? [y/N]:"
KILL = "kill"
END_OF_INPUT = "\x04"
"""As Ctrl-C, also where the shell that started the tests lets its children ignore that."""

SCAN = "scan"
SWAP = "swap"


class Dialogue:
    """A program on a terminal, and what is answered to each of its questions in turn."""

    def __init__(self, pocket: Pocket, *options: str, command: str = "pull") -> None:
        self.pocket = pocket
        self.screen = ""
        self._ours, theirs = pty.openpty()
        words = assettrack(*pocket.words(command, *options))
        self._process = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ.copy())
        os.close(theirs)

    def goes(self, *answers: tuple[str, str]) -> int:
        """Answer each question when it stands there, and return the exit code; a kill is an answer, too."""
        left = list(answers)
        end = time.monotonic() + SECONDS_MAX
        seen = 0
        while time.monotonic() < end and self._hears():
            if left and left[0][0] in self.screen[seen:]:
                seen = len(self.screen)
                self._answers(left.pop(0)[1])
        os.close(self._ours)
        code = self._process.wait(SECONDS_MAX)
        assert left == [], self.screen
        return code

    def _answers(self, answer: str) -> None:
        if answer == KILL:
            self._process.kill()
        elif answer == SCAN:
            self.pocket.scan("LT-9")
            os.write(self._ours, b"y\n")
        elif answer == SWAP:
            self.pocket.change(serial_field="0000000000900002")
            os.write(self._ours, b"y\n")
        else:
            os.write(self._ours, answer.encode())

    def _hears(self) -> bool:
        """Take what is written next; tell whether there is more to come."""
        if not select.select([self._ours], [], [], 0.05)[0]:
            return True
        try:
            piece = os.read(self._ours, 65536)
        except OSError:  # how Linux says that the other side is closed
            return False
        self.screen += piece.decode()
        return bool(piece)


@pytest.fixture
def pocket(station: Desk) -> Pocket:
    """A scanner with two laptops, scanned now: a program of its own has this computer's time."""
    station.tell("case", "list")
    return Pocket(station)


def in_order(screen: str, pieces: Sequence[str]) -> bool:
    """Whether each piece stands on the screen, after the one before it."""
    places = [screen.find(piece) for piece in pieces]
    return -1 not in places and places == sorted(places)


def test_a_person_is_asked_before_the_commit_and_before_the_clear(pocket: Pocket) -> None:
    """Kept, shown, asked, committed, asked again, cleared: in this order."""
    talk = Dialogue(pocket, *LAPTOP)
    assert talk.goes((COMMIT, "y\n"), (CLEAR, "y\n")) == 0
    told = (
        "EMULATED", "Kept as ", "Check these scans", COMMIT, "Committed 2 scans as batch 1", CLEAR,
        "is cleared of 6 scans, by entry 7 of the log. It holds nothing now.",
    )  # fmt: skip
    assert in_order(talk.screen, told)
    assert pocket.held() == []


def test_no_leaves_the_rest_as_it_is(pocket: Pocket) -> None:
    """No to the commit: exit code 130, kept and held. No to the clear: done, and still held."""
    talk = Dialogue(pocket, *LAPTOP)
    assert talk.goes((COMMIT, "n\n")) == 130
    assert "Not committed. Nothing was saved." in talk.screen
    assert CLEAR not in talk.screen
    talk = Dialogue(pocket, *LAPTOP)
    assert talk.goes((COMMIT, "y\n"), (CLEAR, "n\n")) == 0
    assert "Clear it with: assettrack scanner clear" in talk.screen
    assert len(pocket.held()) == 6


def test_what_is_held_is_shown_once_and_nothing_is_asked(pocket: Pocket) -> None:
    """The page says what is held; there is nothing to confirm."""
    pocket.scan("???")
    talk = Dialogue(pocket, *LAPTOP)
    assert talk.goes() == 3
    assert talk.screen.count("??? is no tag") == 1
    assert "[y/N]" not in talk.screen


def test_what_the_state_refuses_is_shown_once_too(pocket: Pocket) -> None:
    """The same, where the present state refuses a row."""
    pocket.desk.tell("commit", pocket.desk.batch("LT-7,2026-02-01T08:00:00Z,SCAN,anna,,CASE-01,1,laptop,"), "--yes")
    talk = Dialogue(pocket, *LAPTOP)
    assert talk.goes() == 4
    assert talk.screen.count("CASE-01 slot 1 is taken by asset LT-7") == 1


def test_an_interrupted_pull_says_what_is_kept_and_what_to_do(pocket: Pocket) -> None:
    """Broken off at the first question: kept, not committed. At the second: committed, not cleared."""
    talk = Dialogue(pocket, *LAPTOP)
    assert talk.goes((COMMIT, END_OF_INPUT)) == 130
    assert "Interrupted. Nothing was saved. The scans are kept as " in talk.screen
    assert "go on with: assettrack scanner pull" in talk.screen
    talk = Dialogue(pocket, *LAPTOP)
    assert talk.goes((COMMIT, "y\n"), (CLEAR, END_OF_INPUT)) == 130
    assert "Interrupted. The scans are committed, in batch 1, and kept." in talk.screen
    assert "Clear it with: assettrack scanner clear" in talk.screen


def test_a_pull_that_is_killed_anywhere_goes_on(pocket: Pocket) -> None:
    """Killed at both questions and started again: kept once, committed once, cleared."""
    talk = Dialogue(pocket, *LAPTOP)
    assert talk.goes((COMMIT, KILL)) == -signal.SIGKILL
    talk = Dialogue(pocket, *LAPTOP)
    assert talk.goes((COMMIT, "y\n"), (CLEAR, KILL)) == -signal.SIGKILL
    talk = Dialogue(pocket, *LAPTOP)
    assert talk.goes((CLEAR, "y\n")) == 0
    told = ("Pulled before, and kept as ", "Nothing happened: every row is recorded already, in batch 1.", "is cleared")
    assert in_order(talk.screen, told)
    assert "not committed yet" not in talk.screen
    assert "No asset was scanned" not in talk.screen
    assert pocket.held() == []
    assert len(list((pocket.desk.folder / "station.db.scans").glob("*.scans.json"))) == 1
    assert pocket.desk.ask("audit", "verify")["ok"]
    kinds = [each["event_type"] for each in pocket.desk.ask("audit", "show")["entries"]]
    assert (kinds.count("BATCH"), kinds.count("SCAN"), kinds.count("SCANNER_CLEARED")) == (1, 2, 1)


def test_a_scan_made_since_is_not_cleared(pocket: Pocket) -> None:
    """A scan more when the clear is confirmed: committed, not cleared, and both are said."""
    talk = Dialogue(pocket, *LAPTOP)
    assert talk.goes((COMMIT, "y\n"), (CLEAR, SCAN)) == 4
    assert "Error: The scans are committed and kept. The scanner was not cleared" in talk.screen
    assert "nothing was saved" not in talk.screen
    assert len(pocket.held()) == 7


def test_only_the_scanner_is_cleared_of_which_was_asked(pocket: Pocket) -> None:
    """Another one is connected when the clear is confirmed: it keeps its scans."""
    talk = Dialogue(pocket, *LAPTOP)
    assert talk.goes((COMMIT, "y\n"), (CLEAR, SWAP)) == 4
    assert "Scanner 900002 answered in place of scanner 900001." in talk.screen
    assert len(pocket.held()) == 6


def test_a_clear_says_that_the_kept_file_is_damaged(pocket: Pocket) -> None:
    """Its batch is in the log: not that nothing was pulled. It is said before anything is asked."""
    pocket.ask("pull", *LAPTOP, "--yes")
    (kept,) = (pocket.desk.folder / "station.db.scans").glob("*.scans.json")
    kept.write_bytes(b"")
    talk = Dialogue(pocket, command="clear")
    assert talk.goes() == 4
    said = " ".join(talk.screen.split())
    assert f"{kept.name} was pulled from it, and its kept file is missing or can't be read" in said
    assert len(pocket.held()) == 6


def test_a_clear_is_asked(pocket: Pocket) -> None:
    """`scanner clear` says what is proven, then asks; no leaves all as it was."""
    talk = Dialogue(pocket, command="clear")
    assert talk.goes() == 4
    assert "nothing was pulled from it yet" in talk.screen
    pocket.ask("pull", *LAPTOP, "--yes")
    talk = Dialogue(pocket, command="clear")
    assert talk.goes((CLEAR, "n\n")) == 130
    assert "is kept, and all rows are committed, in batch 1." in talk.screen
    assert "Not cleared. Nothing was saved." in talk.screen
    talk = Dialogue(pocket, command="clear")
    assert talk.goes((CLEAR, "y\n")) == 0
    assert pocket.held() == []
    talk = Dialogue(pocket, command="clear")
    assert talk.goes() == 0  # nobody is asked about what the log says is done
    assert "Nothing happened: scanner 900001 is cleared already (entry 7 of the log), it holds nothing." in talk.screen
    pocket.scan("LT-9")
    talk = Dialogue(pocket, command="clear")
    assert talk.goes() == 4
    assert "if it holds anything now, that was scanned since" in " ".join(talk.screen.split())


def test_setting_a_scanner_right_is_asked(pocket: Pocket) -> None:
    """`scanner configure` shows what it would set, then asks."""
    question = "Set the scanner right? [y/N]:"
    talk = Dialogue(pocket, command="configure")
    assert talk.goes((question, "n\n")) == 130
    assert "Not set. The scanner is as it was." in talk.screen
    talk = Dialogue(pocket, command="configure")
    assert talk.goes((question, "y\n")) == 0
    assert "is set right" in talk.screen


def test_a_setting_that_is_left_as_it_is_is_said(pocket: Pocket) -> None:
    """Times are switched on only while it holds nothing: that is said before and after, and all else is set."""
    pocket.set("23", "00")
    assert "only while it holds no scans" in pocket.type("configure", "--dry-run").out
    assert pocket.ask("configure", "--yes", exit_code=4)["error"]["code"] == "scanner_setting_left"
    assert "was not set to keep times with its scans: it holds 6 scans" in pocket.type("configure", "--yes").err
    assert len(pocket.held()) == 6
    assert (pocket.memory["parameters"]["23"], pocket.memory["parameters"]["21"]) == ("00", "00")
