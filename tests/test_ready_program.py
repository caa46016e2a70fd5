"""Owns the promise that a process from `ready_program` is one of its own: what tests start by it is the program."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ready_program

SECONDS_MAX = 60
WORDS = (
    ("--version",),
    ("case", "list", "--json"),
    ("case", "init", "A", "--slots", "0"),
    ("commit", "there is none.csv", "--yes"),
)


def surroundings(folder: Path) -> dict[str, str]:
    """What the program finds in a home folder, and the path to it."""
    kept = {name: os.environ[name] for name in ready_program.ENVIRONMENT_KEPT if name in os.environ}
    return kept | {"HOME": str(folder), "ASSETTRACK_OPERATOR": "mara"}


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words[0])
def test_it_says_and_ends_as_one_that_starts_from_nothing(words: tuple[str, ...], tmp_path: Path) -> None:
    """Both write the same to both streams, and end with the same code."""
    environment = surroundings(tmp_path)
    ready = ready_program.run(["assettrack", *words], environment, SECONDS_MAX)
    command = [sys.executable, "-m", "assettrack", *words]
    fresh = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (ready.returncode, ready.stdout, ready.stderr) == (fresh.returncode, fresh.stdout, fresh.stderr)


def test_a_shell_is_told_how_a_command_ended(tmp_path: Path) -> None:
    """Between pipes it reads, writes and ends as the program does, in the shell's folder."""
    programs, home = tmp_path / "programs", tmp_path / "home"
    programs.mkdir()
    home.mkdir()
    program = ready_program.in_shell(programs)
    script = "assettrack init >said && echo B,3 >cases && assettrack case init --from cases; assettrack case show C"
    script += ' 2>&1 | tr a-z A-Z; assettrack case show C 2>told; echo "ended: $?"'
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    shell = subprocess.run(
        ["/bin/sh", "-c", script], cwd=home, env=surroundings(home) | {"PATH": path}, pass_fds=[program],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Made a new station." in (home / "said").read_text()
    assert "Case B is prepared with 3 empty slots." in shell.stdout
    assert "ended: 4\n" in shell.stdout
    assert (home / "told").read_text().upper() in shell.stdout


def test_nothing_of_one_is_there_for_the_next(tmp_path: Path) -> None:
    """Each has the surroundings it was given and no others, and works in its own home folder."""
    words = ["timeit", "-n1", "-r1", "import os; print(dict(os.environ))"]
    assert ready_program.run(words, {"ALONE": "1"}, SECONDS_MAX).stdout.startswith("{'ALONE': '1'}\n")
    homes = [tmp_path / name for name in ("one", "other")]
    for home in homes:
        home.mkdir()
        assert ready_program.run(["assettrack", "init"], surroundings(home), SECONDS_MAX).returncode == 0
    ready_program.run(["assettrack", "case", "init", "A", "--slots", "1"], surroundings(homes[0]), SECONDS_MAX)
    said = [ready_program.run(["assettrack", "case", "list"], surroundings(home), SECONDS_MAX).stdout for home in homes]
    assert "A" in said[0].split()
    assert "A" not in said[1].split()


def test_it_can_be_killed(tmp_path: Path) -> None:
    """By SIGKILL it dies at once, and its port is nobody's; by SIGTERM it ends calmly."""
    assert ready_program.run(["assettrack", "init"], surroundings(tmp_path), SECONDS_MAX).returncode == 0
    numbers = {os.getpid()}
    for end, code in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 0)):
        server = ready_program.start(["assettrack", "serve", "--port", "0"], surroundings(tmp_path))
        assert server.stderr is not None
        with server.stderr:
            assert "The station is at" in server.stderr.readline()
            assert server.poll() is None
            server.send_signal(end)
            assert server.wait(SECONDS_MAX) == code
        numbers.add(server.pid)
    assert len(numbers) == 3
