"""The pictures of the station: the list, the walk that takes them, the folder and its page agree."""

import importlib
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture import ROOT

FOLDER = ROOT / "docs" / "screenshots"


@pytest.fixture(name="tool")
def _tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The command's own module."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    return importlib.import_module("screenshots")


def test_the_pictures_are_those_of_the_list(tool: ModuleType) -> None:
    """Each picture on the list is there, of the right measure and small, and no other is."""
    assert tool.faults(FOLDER) == []


def test_the_page_lists_the_pictures(tool: ModuleType) -> None:
    """The page beside the pictures is the one that the command writes, a sentence for each."""
    assert (FOLDER / "README.md").read_text("utf-8") == tool.readme()


def test_the_walk_takes_the_pictures_of_the_list() -> None:
    """Each picture is taken once on the walk."""
    source = (ROOT / "tools" / "screenshots.py").read_text("utf-8")
    taken = re.findall(r'walk\.shoot\("([\w-]+)"\)', source)
    taken += [f"{name}-dark" for name in re.findall(r'walk\.shoot_dark\("([\w-]+)"\)', source)]
    listed = re.findall(r'^    "([\w-]+)": "', source, re.MULTILINE)
    assert sorted(taken) == sorted(listed)


def test_a_fault_of_the_pictures_is_noticed(tool: ModuleType, tmp_path: Path) -> None:
    """One that is missing, one too many, one of another measure and one too large are said."""
    for picture in FOLDER.glob("*.png"):
        shutil.copyfile(picture, tmp_path / picture.name)
    (tmp_path / "intake.png").unlink()
    shutil.copyfile(FOLDER / "case.png", tmp_path / "suitcase.png")
    shutil.copyfile(FOLDER / "case-dark.png", tmp_path / "case.png")
    with (tmp_path / "check.png").open("ab") as large:
        large.write(bytes(tool.BYTES_MAX))
    assert tool.faults(tmp_path) == [
        "intake.png is missing",
        "case.png is 820 by 1180",
        "check.png has more than 150,000 bytes",
        "suitcase.png is not on the list",
    ]


@pytest.mark.soak
def test_the_walk_still_goes(tool: ModuleType, tmp_path: Path) -> None:
    """The pictures can be taken of the station as it is today."""
    pytest.importorskip("playwright.sync_api", reason="NO PLAYWRIGHT: no pictures are taken.")
    if not any(map(shutil.which, tool.CHROMIUM)):
        pytest.skip("NO CHROMIUM: no pictures are taken.")
    tool.walk_through(tmp_path)
    assert tool.faults(tmp_path) == []
