"""Tests of `assettrack.cli.main` and `assettrack.cli.failures`: whatever goes wrong is an exit code and a sentence."""

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from assettrack import __version__, bootstrap
from assettrack.domain import errors
from assettrack.settings import Settings
from assettrack.store.connection import DatabaseSettings
from assettrack.store.sqlite import SqliteStore
from tests.cli.conftest import Desk

FULL_DISK = Path("/dev/full")


def run(*words: str, stdout: IO[str] | int = subprocess.PIPE, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the program as its users do, in a process of its own."""
    command = [sys.executable, "-m", "assettrack", *words]
    environment = {**os.environ, **environ}
    environment.pop("PYTHONUNBUFFERED", None)  # what is written late, as usual, is what fails late
    return subprocess.run(
        command, check=False, text=True, encoding="utf-8", stderr=subprocess.PIPE, stdout=stdout, env=environment
    )


def unexpected(_: object) -> None:
    """Fail as no catalogue foresees, with a text that would colour the screen."""
    raise ZeroDivisionError("\x1b[31mred")


@pytest.mark.parametrize("words", [["--json", "case", "list"], ["case", "--json", "list"], ["case", "list", "--json"]])
def test_json_works_wherever_it_stands(station: Desk, words: list[str]) -> None:
    """--json before the command, in its middle and after it gives the same answer."""
    assert station.tell(*words) == station.tell("--json", "case", "list")


def test_database_and_operator_work_before_and_after(station: Desk) -> None:
    """--db and --operator mean the same before the command and after it; the last one counts."""
    other = str(station.folder / "other.db")
    station.tell("--db", other, "init")
    station.tell("--operator", "first", "holder", "add", "Jane", "--db", other, "--operator", "second")
    assert station.ask("audit", "show", "--db", other)["entries"][-1]["operator"] == "second"
    assert station.log_size() == 3


def test_help_says_of_each_command_what_it_says_of_itself(desk: Desk) -> None:
    """The root's help lists each command with its own first sentence."""
    listed = dict(
        line.strip().split("  ", 1)
        for line in desk.tell("--help").splitlines()
        if line.startswith("  ") and "  " in line.strip()
    )
    commands = [name for name in listed if not name.startswith("-")]
    assert {"init", "case", "slot", "holder", "preview", "commit", "asset", "audit", "doctor"} < set(commands)
    for name in commands:
        page = " ".join(desk.tell(name, "--help").split())
        assert listed[name].strip() in page


def test_no_help_stops_in_the_middle_of_a_sentence(desk: Desk) -> None:
    """Half a sentence may say the opposite: a group's list has what each command says of itself, whole."""
    for name in ("scanner", "case", "holder", "count", "audit", "account"):
        listed = desk.tell(name, "--help").partition("Commands:")[2].partition("Examples:")[0]
        assert "..." not in listed, name
    assert "it erases, drops and deletes nothing" in " ".join(desk.tell("scanner", "--help").split())


def test_help_imports_nothing_heavy() -> None:
    """`assettrack --help` does not import what only work needs."""
    script = (
        "import sys; from assettrack.cli.main import main; main(['--help']);"
        "sys.exit(', '.join({'apsw', 'rich', 'cryptography', 'msgspec', 'tzlocal'} & sys.modules.keys()) or 0)"
    )
    command = [sys.executable, "-c", script]
    found = subprocess.run(command, check=False, text=True, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert (found.returncode, found.stderr) == (0, "")


def test_the_version_is_told(desk: Desk) -> None:
    """--version tells program and version."""
    assert desk.tell("--version") == f"assettrack, version {__version__}\n"


@pytest.mark.parametrize("words", [[], ["case"], ["audit"]])
def test_a_command_alone_shows_its_help_as_a_usage_error(desk: Desk, words: list[str]) -> None:
    """Without a command the help goes to stderr, exit code 2; a machine is told that a command is missing."""
    answer = desk.type(*words)
    assert (answer.exit_code, answer.out) == (2, "")
    assert "Commands:" in answer.err
    assert desk.ask(*words, exit_code=2)["error"]["code"] == "usage"


@pytest.mark.parametrize("words", [["lend"], ["case", "burn"], ["--colour"], ["case", "list", "extra"]])
def test_what_is_no_command_is_a_usage_error(desk: Desk, words: list[str]) -> None:
    """Unknown commands, options and arguments end with exit code 2, as an object with --json."""
    error = desk.refuse(*words, exit_code=2)
    assert error["code"] == "usage"
    assert error["message"].endswith("Nothing was saved.")


def test_json_behind_a_usage_error_counts(desk: Desk) -> None:
    """--json is honoured even where the command line could not be read that far, but not after a bare --."""
    assert desk.type("case", "--bogus", "--json").out.startswith('{"error":{"code":"usage"')
    assert desk.type("asset", "show", "--", "--json").out == ""


def test_a_name_for_a_server_is_refused(desk: Desk) -> None:
    """A database named by a URL is a usage error in this version."""
    assert desk.refuse("case", "list", "--db", "postgresql://host/db", exit_code=2)["code"] == "value_unusable"


@pytest.mark.parametrize("command", [["case", "list"], ["audit", "verify"], ["doctor"]])
def test_a_foreign_database_ends_with_four(desk: Desk, command: list[str]) -> None:
    """A file that is no database of ours ends with exit code 4 whatever is asked of it."""
    desk.database.write_bytes(b"no database at all, but long enough to be taken for one" * 100)
    assert desk.type(*command).exit_code == 4


def test_a_busy_database_ends_with_six(station: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody else writes, a deed ends with exit code 6 and a sentence; reading goes on."""

    def impatient(settings: Settings) -> SqliteStore:
        """Open the store as always, but wait a moment only."""
        return SqliteStore(settings.database, real(settings)._signer_of, DatabaseSettings(busy_seconds=0.05))  # noqa: SLF001 - the figure alone is another

    real = bootstrap.open_store
    other = real(Settings(station.database, station.folder / "xdg_data_home/assettrack/keys", station.folder, None))
    with monkeypatch.context() as patch, other.write():
        patch.setattr(bootstrap, "open_store", impatient)
        assert station.refuse("holder", "add", "Jane", exit_code=6)["code"] == "database_busy"
        assert station.type("case", "list").exit_code == 0
    other.close()


def test_the_unexpected_is_a_sentence_with_a_place(station: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error nobody foresaw ends with exit code 1, a sentence, the place and no traceback; the text is inert."""
    monkeypatch.setattr("assettrack.services.slots.cases", unexpected)
    answer = station.type("case", "list")
    assert (answer.exit_code, answer.out) == (1, "")
    assert answer.err.count("\n") == 1
    assert "ZeroDivisionError: \\x1b[31mred (in cli/test_main.py, line " in answer.err
    monkeypatch.setattr("assettrack.services.slots.all_cases", unexpected)
    error = station.ask("case", "list", exit_code=1)["error"]
    assert (error["code"], error["saved"]) == ("unexpected", False)


def test_a_failure_after_the_deed_does_not_deny_it(station: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the answer fails after the deed was saved, the sentence says that it was."""
    monkeypatch.setattr("assettrack.cli.holder_cmd.output.write_json", unexpected)
    with monkeypatch.context() as patch:
        patch.setattr("assettrack.cli.output.lines", unexpected)
        answer = station.type("holder", "add", "Jane Smith")
    assert answer.exit_code == 1
    assert "is done and saved" in answer.err
    assert station.tell("holder", "list").splitlines()[1].startswith("     1  Jane Smith")


def test_an_interrupt_ends_with_130(station: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while something is read ends with 130 and says that nothing was saved."""

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("assettrack.services.slots.cases", interrupted)
    answer = station.type("case", "list")
    assert answer.exit_code == 130
    assert answer.err.endswith("Error: Interrupted. Nothing was saved.\n")


def test_without_asserts_the_program_refuses(desk: Desk) -> None:
    """Under PYTHONOPTIMIZE nothing runs: exit code 2 and a sentence."""
    answer = run("init", "--json", PYTHONOPTIMIZE="1")
    assert answer.returncode == 2
    assert '"code":"asserts_missing"' in answer.stdout
    assert not desk.database.exists()


@pytest.mark.parametrize("words", [["audit", "show"], ["case", "show", "CASE-03"], ["case", "list", "--json"]])
def test_a_reader_who_goes_away_is_no_error(station: Desk, words: list[str]) -> None:
    """A pipe whose reader is gone ends quietly, whether little or much was still to be written."""
    station.tell("case", "init", "CASE-03", "--slots", "500")
    reading, writing = os.pipe()
    os.close(reading)
    answer = run(*words, stdout=writing)
    os.close(writing)
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.skipif(not FULL_DISK.exists(), reason="only Linux has a disk that is always full")
@pytest.mark.usefixtures("station")
def test_a_full_disk_behind_stdout_is_said() -> None:
    """When the answer can't be written, a sentence says so, exit code 1, and the deed's fate is told."""
    with FULL_DISK.open("w") as full:
        answer = run("holder", "add", "Jane Smith", stdout=full)
    assert answer.returncode == 1
    assert "No space left on device" in answer.stderr
    assert "is done and saved" in answer.stderr
    assert answer.stderr.count("\n") == 1
    with FULL_DISK.open("w") as full:
        answer = run("asset", "show", "LT-1", "--json", stdout=full)
    assert answer.returncode == 4
    assert answer.stderr == (
        "Error: There is no asset LT-1. Nothing was saved. Look at what there is with: assettrack asset list.\n"
    )


def test_a_terminal_without_unicode_is_no_trouble(stocked: Desk) -> None:
    """Where stdout knows only ASCII, frames and arrows are written in ASCII and other letters escaped."""
    stocked.tell("holder", "add", "Åsa Öst")
    case, log = (
        run(*words, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
        for words in (["case", "show", "CASE-01"], ["audit", "show"])
    )
    assert (case.returncode, case.stderr, log.returncode, log.stderr) == (0, "", 0, "")
    assert case.stdout.isascii()
    assert "\\xc5sa \\xd6st" in log.stdout
    assert "in CASE-01 slot 3 -> in custody" in log.stdout


def test_every_error_of_the_catalogue_has_an_exit_code_of_the_contract() -> None:
    """Each error's exit code is one of those that the command line promises, and never 0."""

    def all_of(kind: type[errors.AssetTrackError]) -> set[type[errors.AssetTrackError]]:
        return {kind}.union(*map(all_of, kind.__subclasses__()))

    assert {kind.exit_code for kind in all_of(errors.AssetTrackError)} == {1, 2, 3, 4, 5, 6}
