"""Tests of what happens on a real terminal only: the question before a commit, colour, the bar on long work."""

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Desk

pty = pytest.importorskip("pty", reason="only POSIX has pseudo-terminals")

NEW = "LT-7,2026-02-01T08:00:00Z,SCAN,anna,,CASE-01,7,laptop,"
SECONDS_MAX = 60
SLOW = (
    "import sys, time; from assettrack.cli import progress; from assettrack.services import verification;"
    "progress.PATIENCE_SECONDS = 0.0; good = verification.verify;"
    "verification.verify = lambda *words: (time.sleep(1), good(*words))[1];"
    "from assettrack.cli.main import main; sys.exit(main(sys.argv[1:]))"
)


def converse(command: list[str], question: str, answer: str) -> tuple[int, str]:
    """Run a program on a terminal, type the answer once the question stands there, and return code and screen."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ.copy())
    os.close(theirs)
    screen, end, asked = "", time.monotonic() + SECONDS_MAX, not question
    while time.monotonic() < end:
        if not select.select([ours], [], [], 0.05)[0]:
            continue
        try:
            piece = os.read(ours, 65536)
        except OSError:  # how Linux says that the other side is closed
            break
        if not piece:
            break
        screen += piece.decode()
        if not asked and question in screen:
            asked = True
            os.write(ours, answer.encode())
    os.close(ours)
    return process.wait(SECONDS_MAX), screen


def assettrack(*words: str) -> list[str]:
    """Return the command that runs the program."""
    return [sys.executable, "-m", "assettrack", *words]


def test_yes_commits_what_was_shown(station: Desk) -> None:
    """On a terminal commit shows the preview and asks; yes commits it."""
    code, screen = converse(assettrack("commit", station.batch(NEW)), "Commit 1 scan? [y/N]:", "y\n")
    assert code == 0
    assert screen.index("Check this batch before you commit it") < screen.index("Commit 1 scan?")
    assert "Committed 1 scan as batch 1" in screen
    assert station.ask("asset", "show", "LT-7")["slot_position"] == 7


@pytest.mark.parametrize(
    ("answer", "told"), [("n\n", "Not committed."), ("\n", "Not committed."), ("\x04", "Interrupted.")]
)
def test_anything_but_yes_commits_nothing(station: Desk, answer: str, told: str) -> None:
    """No, nothing and the end of input all mean no: exit code 130, and nothing is saved."""
    code, screen = converse(assettrack("commit", station.batch(NEW)), "Commit 1 scan? [y/N]:", answer)
    assert code == 130
    assert f"{told} Nothing was saved." in screen
    assert station.log_size() == 3


def test_what_is_refused_is_not_asked(station: Desk) -> None:
    """A batch that can't be committed is shown with its refusals, and no question is asked."""
    code, screen = converse(assettrack("commit", station.batch(NEW.replace(",7,", ",77,"))), "", "")
    assert code == 4
    assert "there is no slot 77" in screen
    assert "[y/N]" not in screen


def test_what_is_recorded_already_is_not_asked(stocked: Desk) -> None:
    """A file that is recorded whole is answered without a question."""
    code, screen = converse(assettrack("commit", str(stocked.folder / "first.csv")), "", "")
    assert code == 0
    assert "Nothing happened: every row of this file is recorded already, in batch 1" in screen


def test_json_is_never_asked(station: Desk) -> None:
    """A machine that has a terminal is not asked either: exit code 2."""
    code, screen = converse(assettrack("commit", station.batch(NEW), "--json"), "", "")
    assert code == 2
    assert "confirmation_missing" in screen


def test_colour_is_for_terminals_that_want_it(station: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets styles; with NO_COLOR no colour, with TERM=dumb no escape sequence at all."""
    command = assettrack("case", "show", "CASE-01")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[1mCASE-01: 12 slots" in converse(command, "", "")[1]
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in converse(command, "", "")[1]
    assert "\x1b" not in station.tell("case", "show", "CASE-01")


def test_long_work_shows_that_it_goes_on(stocked: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that takes its time shows a bar on a terminal, which is gone at the end; elsewhere nothing is shown."""
    monkeypatch.setenv("TERM", "xterm-256color")
    command = [sys.executable, "-c", SLOW, "audit", "verify"]
    code, screen = converse(command, "", "")
    assert code == 0
    assert "Verifying the log" in screen
    assert "\x1b[1A\x1b[2KThe audit log is good" in screen  # up a line, erase it, then the answer
    quiet = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path, env=os.environ.copy())
    assert quiet.stderr == ""
    assert stocked.log_size() == 11


def test_a_typed_command_asks_too(station: Desk) -> None:
    """On a terminal a command that changes custody shows what it will do and asks; no leaves all as it was."""
    station.tell("commit", station.batch(NEW), "--yes")
    words = assettrack("retire", "LT-7", "--reason", "broken")
    code, screen = converse(words, "Commit 1 row? [y/N]:", "n\n")
    assert (code, "Not committed. Nothing was saved." in screen) == (130, True)
    code, screen = converse(words, "Commit 1 row? [y/N]:", "y\n")
    assert (code, "Committed: retire 1 asset, as batch 2" in screen) == (0, True)
    assert station.ask("asset", "show", "LT-7")["status"] == "RETIRED"
    code, screen = converse(words, "", "")
    assert (code, "Asset LT-7 is retired" in screen) == (4, True)
