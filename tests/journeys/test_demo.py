"""Owns the promise that the walk of `make demo` works on a bare machine and shows what it says it shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import ROOT

SECONDS_MAX = 100

# What the walk has to show, in this order.
STORY = (
    "$ assettrack init",
    "$ assettrack case init --from cases.txt",
    "$ assettrack preview mistakes.csv",
    "6 problems",
    "6 refusals",
    "[exit code 3]",
    "$ assettrack preview delivery.csv --new-holders",
    "12 scans: 8 new assets, 3 issued, 1 returned",
    "1 new holder",
    "$ assettrack commit delivery.csv --new-holders --confirm",
    "Committed 12 scans as batch 1",
    "$ assettrack commit evening.csv --confirm",
    "row 2 would do something else",
    "[exit code 4]",
    "$ assettrack case show CASE-01",
    "│  1 LT-0001 │",
    "$ assettrack asset history LT-0003",
    "in CASE-01 slot 9 → in CASE-02 slot 3",
    "$ assettrack audit verify",
    "The audit log is good: 23 entries",
    "Nothing happened: every row of this file is recorded already, in batch 1",
    "$ assettrack audit verify --db tampered.db",
    "First bad entry: 16.",
    "[exit code 5]",
    "$ assettrack audit verify --db this-afternoon.db --checkpoint checkpoint.txt",
    "Entries from 19 on are missing",
    "[exit code 5]",
    "$ assettrack scanner emulate pocket.json --scan",
    "EMULATED: this scanner is made of software",
    "$ assettrack scanner pull --emulate pocket.json",
    "Kept as ",
    "new laptop → in CASE-02 slot 12",
    "Committed 2 scans as batch 4",
    "is cleared of 6 scans, by entry ",
    "batch 4, cleared",
    "enter.sh",
    "docs/tutorial.md",
)


def walk(folder: Path, *, tools: Path = ROOT / "tools") -> "subprocess.CompletedProcess[str]":
    """Run the walk as `make demo` does, but in an environment that has next to nothing."""
    home, temporary = folder / "home", folder / "temporary"
    home.mkdir()
    temporary.mkdir()
    return subprocess.run(
        [sys.executable, str(tools / "demo.py")],
        cwd=folder,
        env={"PATH": os.defpath, "HOME": str(home), "TMPDIR": str(temporary), "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS_MAX,
        check=False,
    )


@pytest.fixture(scope="module", name="walked")
def _walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, "subprocess.CompletedProcess[str]"]:
    """The walk, done once, and the folder it was done in."""
    folder = tmp_path_factory.mktemp("walk")
    return folder, walk(folder)


def test_the_walk_tells_the_story(walked: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    """It ends well, with nothing to complain about, and shows each piece of the story in its order."""
    _, done = walked
    assert (done.returncode, done.stderr) == (0, "")
    place = 0
    for piece in STORY:
        found = done.stdout.find(piece, place)
        assert found >= 0, f"{piece!r} is not shown where it should be"
        place = found + len(piece)


def test_the_walk_fits_on_a_terminal(walked: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    """What the walk itself says, and every command it shows, stays within 100 columns."""
    _, done = walked
    own = [line for line in done.stdout.splitlines() if not line.startswith("    ") or line.startswith("    $ ")]
    assert len(own) > 50
    assert [line for line in own if len(line) > 100] == []


def test_the_walk_leaves_the_user_alone(walked: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    """Everything it makes lies in one temporary folder, which it names; the home stays empty."""
    folder, done = walked
    assert sorted(path.name for path in folder.iterdir()) == ["home", "temporary"]
    assert list((folder / "home").iterdir()) == []
    (made,) = (folder / "temporary").iterdir()
    assert f"    {made}\n" in done.stdout


def test_what_to_try_next_works(walked: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    """The commands offered at the end can be typed as they stand; the one that asks is not answered."""
    _, done = walked
    tries = re.findall(
        r"^    (\. .+|assettrack [^#\n]+?) *(?:#.*)?$", done.stdout.partition("in your shell:")[2], re.MULTILINE
    )
    assert len(tries) == 7
    entrance, *commands = tries
    script = "\n".join((entrance, *(f"{command}; echo = $?" for command in commands)))
    ended = subprocess.run(
        ["/bin/sh", "-c", script],
        env={"PATH": os.defpath},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert re.findall(r"^= (\d+)$", ended.stdout, re.MULTILINE) == ["0", "4", "2", "0", "0", "0"]
    assert "CASE-02 slot 7 is taken by asset LT-0005." in ended.stderr


def test_a_walk_that_goes_otherwise_ends(tmp_path: Path) -> None:
    """Where a command does not end as the story says, the walk stops there, says so, and ends with 1."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "examples").mkdir()
    (tmp_path / "tools" / "demo.py").write_bytes((ROOT / "tools" / "demo.py").read_bytes())
    for example in (ROOT / "examples").iterdir():
        (tmp_path / "examples" / example.name).write_bytes(example.read_bytes())
    (tmp_path / "examples" / "mistakes.csv").write_bytes((ROOT / "examples" / "delivery.csv").read_bytes())
    done = walk(tmp_path, tools=tmp_path / "tools")
    assert done.returncode == 1
    assert "assettrack preview mistakes.csv exited with 4, and not with 3" in done.stderr
    assert "commit" not in done.stdout.partition("preview mistakes.csv")[2].partition("[exit code 4]")[2]
