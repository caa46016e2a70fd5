"""Owns the promise that the service files call the program as it can be called, and shut it in as they say."""

import plistlib
import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from assettrack.cli.commands import assettrack
from tests import documents
from tests.architecture import ROOT

UNIT = ROOT / "packaging" / "assettrack.service"
AGENT = ROOT / "packaging" / "assettrack.plist"
INSTALLED = "/opt/assettrack/bin/assettrack"
EXPOSURE_MAX = 1.5
"""How exposed systemd may find the service, of 10; what is left of it are its sockets."""


@cache
def systemd_knows_offline() -> bool:
    """Whether a systemd is here that judges a file without a running one (250 or newer)."""
    if shutil.which("systemd-analyze") is None:
        return False
    said = subprocess.run(["systemd-analyze", "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S607 - where it lies differs
    version = re.search(r"systemd (\d+)", said)
    return version is not None and int(version[1]) >= 250


def judged(text: str, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """What systemd says of the unit, with a program that is there; a test without systemd ends here."""
    if not systemd_knows_offline():
        pytest.skip("NOT TESTED: there is no systemd here to check the service file with")
    unit = folder / UNIT.name
    unit.write_text(text.replace(INSTALLED, str(Path(sys.executable).with_name("assettrack"))), "utf-8")
    return subprocess.run(
        ["systemd-analyze", *words, str(unit)],  # noqa: S607 - where it lies differs
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_systemd_takes_the_service_file(tmp_path: Path) -> None:
    """Every section, key and value is one that systemd knows, and it finds nothing to complain about."""
    checked = judged(UNIT.read_text("utf-8"), tmp_path, "verify")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_a_key_that_systemd_does_not_know_is_noticed(tmp_path: Path) -> None:
    """A misspelt key, which systemd would pass over, is complained about by the same check."""
    checked = judged(UNIT.read_text("utf-8").replace("ProtectHome=", "ProtectHomes="), tmp_path, "verify")
    assert "ProtectHomes" in checked.stderr


def test_the_service_is_shut_in(tmp_path: Path) -> None:
    """By systemd's own measure there is next to nothing that the service could harm."""
    threshold = ("--offline=true", f"--threshold={EXPOSURE_MAX * 10:.0f}", "--no-pager")
    checked = judged(UNIT.read_text("utf-8"), tmp_path, "security", *threshold)
    assert checked.returncode == 0, checked.stdout


def test_the_service_writes_in_its_own_folder_alone() -> None:
    """The whole system is read-only but the folder of the station, which is the user's home."""
    keys = re.findall(r"^(\w+)=(.*)$", UNIT.read_text("utf-8"), re.MULTILINE)
    assert {("ProtectSystem", "strict"), ("NoNewPrivileges", "true"), ("StateDirectory", "assettrack")} <= {*keys}
    assert [value for key, value in keys if key == "ReadWritePaths"] == ["/var/lib/assettrack"]
    assert ("Environment", "HOME=/var/lib/assettrack") in keys


def calls() -> list[str]:
    """Every way in which the service files call the program, the one in a comment too."""
    commands = re.findall(r"^#?\s*ExecStart=(\S.*)$", UNIT.read_text("utf-8"), re.MULTILINE)
    return [*commands, shlex.join(plistlib.loads(AGENT.read_bytes())["ProgramArguments"])]


def test_the_program_can_be_called_as_the_service_files_do() -> None:
    """Each call is `assettrack serve` with options that it has; by default it is reached from this machine alone."""
    assert len(calls()) == 3
    assert all(line.startswith(f"{INSTALLED} serve") for line in calls())
    assert [
        documents.unknown_words(line.removeprefix(INSTALLED[: -len("assettrack")]), assettrack) for line in calls()
    ] == [None] * 3
    assert [line for line in calls() if "--listen" in line and "--tls-key" not in line] == []
    assert sum("--listen" in line for line in calls()) == 1
