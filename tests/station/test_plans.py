"""Previewed plans are kept privately, found by their code, swept when there are many, and never trusted to be whole."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.plans import Options, ShownPlan
from assettrack.station.plans import PLANS_MAX, PlanFiles

CODE = "K7QF-2M9X"
SHA256 = "ab" * 32
BLOCKS = [b'{"row_number":1,"asset_tag":"A-1"}\n{"row_number":2,"asset_tag":"A-2"}\n', b'{"row_number":3}\n']
LINES = [b'{"row_number":1,"asset_tag":"A-1"}', b'{"row_number":2,"asset_tag":"A-2"}', b'{"row_number":3}']


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Name a folder that is not there yet."""
    return tmp_path / "cache" / "plans"


@pytest.fixture
def shelf(folder: Path) -> PlanFiles:
    """Return the shelf in it, with one plan."""
    shelf = PlanFiles(folder)
    shelf.keep(CODE, SHA256, Options(new_holders=True), BLOCKS)
    return shelf


def found(plan: ShownPlan | None) -> tuple[str, Options, list[bytes]]:
    """Return what was found, which must be something."""
    assert plan is not None
    return plan.source_sha256, plan.options, list(plan.lines)


def test_a_plan_is_found_by_its_code(shelf: PlanFiles, folder: Path) -> None:
    """Its file, options and change lines come back, in another process too."""
    expected = (SHA256, Options(new_holders=True), LINES)
    assert found(shelf.find(CODE)) == expected
    assert found(PlanFiles(folder).find("K7QF2M9X")) == expected


options = st.builds(
    Options,
    defaults=st.dictionaries(st.sampled_from(["equipment_type", "model"]), st.text()),
    new_holders=st.booleans(),
    only_new=st.booleans(),
    late_reason=st.none() | st.text(),
)


@given(options)
def test_any_options_come_back(tmp_path_factory: pytest.TempPathFactory, given_options: Options) -> None:
    """Whatever an operator typed as a default or a reason is kept as it was."""
    shelf = PlanFiles(tmp_path_factory.getbasetemp() / "any options")
    shelf.keep(CODE, SHA256, given_options, [])
    assert found(shelf.find(CODE)) == (SHA256, given_options, [])


def test_an_unknown_code_finds_nothing(shelf: PlanFiles, folder: Path) -> None:
    """Neither on a shelf with other plans, nor where there is no shelf."""
    assert shelf.find("0000-0000") is None
    assert PlanFiles(folder.parent / "none").find(CODE) is None


def test_a_plan_is_private(shelf: PlanFiles, folder: Path) -> None:
    """Names of people stand in it: nobody but its owner can list or read it."""
    assert shelf.find(CODE) is not None
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()] == [0o600]


def test_the_same_code_again_replaces_the_plan(shelf: PlanFiles, folder: Path) -> None:
    """Two previews of one state show one code, and the later file is the one that is compared."""
    shelf.keep(CODE, "cd" * 32, Options(), [b'{"row_number":9}\n'])
    assert found(shelf.find(CODE)) == ("cd" * 32, Options(), [b'{"row_number":9}'])
    assert len(list(folder.iterdir())) == 1


def test_the_oldest_plans_are_swept(folder: Path) -> None:
    """However many previews there are, only the latest stay."""
    shelf = PlanFiles(folder)
    codes = [f"0000-{number:04}" for number in range(PLANS_MAX + 10)]
    for age, code in enumerate(codes):
        shelf.keep(code, SHA256, Options(), BLOCKS)
        os.utime(folder / code.replace("-", ""), (age, age))
    assert [code for code in codes if shelf.find(code)] == codes[10:]
    assert len(list(folder.iterdir())) == PLANS_MAX


def test_nobody_pushes_out_what_another_was_shown(shelf: PlanFiles, folder: Path) -> None:
    """Each account has a shelf of its own, with the same code on several, and so has the command line."""
    mine, other = shelf.of(7), shelf.of(8)
    mine.keep(CODE, "cd" * 32, Options(), [])
    for number in range(PLANS_MAX + 2):
        other.keep(f"0000-{number:04}", SHA256, Options(), BLOCKS)
        shelf.keep(f"1111-{number:04}", SHA256, Options(), BLOCKS)
    assert found(mine.find(CODE)) == ("cd" * 32, Options(), [])
    assert (other.find(CODE), shelf.find(CODE)) == (None, None)
    assert found(PlanFiles(folder).of(7).find(CODE)) == ("cd" * 32, Options(), [])
    assert found(shelf.find(f"1111-{PLANS_MAX + 1:04}")) == (SHA256, Options(), LINES)
    assert [stat.S_IMODE(each.stat().st_mode) for each in sorted(folder.iterdir()) if each.is_dir()] == [0o700] * 2


def test_a_shelf_that_cannot_be_written_loses_the_plan_and_says_nothing(tmp_path: Path) -> None:
    """A plan is worth an explanation later, and never an error now."""
    (tmp_path / "file").touch()
    shelf = PlanFiles(tmp_path / "file" / "plans")
    shelf.keep(CODE, SHA256, Options(), BLOCKS)
    assert shelf.find(CODE) is None


def test_half_a_plan_is_never_found(folder: Path) -> None:
    """Where the disk is full in the middle, there is no plan, and the one from before stays."""

    def blocks() -> Iterator[bytes]:
        yield BLOCKS[0]
        raise OSError("no space left on device")

    shelf = PlanFiles(folder)
    shelf.keep(CODE, SHA256, Options(), blocks())
    assert shelf.find(CODE) is None
    shelf.keep(CODE, SHA256, Options(), BLOCKS)
    shelf.keep(CODE, "cd" * 32, Options(), blocks())
    assert found(shelf.find(CODE)) == (SHA256, Options(), LINES)


FACTS = b'{"source_sha256":"ab","options":{}}'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"no plan at all",
        b'{"row_number":1}\n',
        b'{"row_number":1}\n{"source_sha256":1}',
        b'{"row_number":1}\n{"source_sha256":"ab"}',
        b'{"source_sha256":"\xff","options":{}}',
        FACTS[:-3],
        b"no change\n" + FACTS,
        b'{"row_number":1}\n{"row_num\n' + FACTS,
        b'{"asset_tag":"A-1"}\n' + FACTS,
        b'{"row_number":"\xff"}\n' + FACTS,
    ],
    ids=repr,
)
def test_a_damaged_plan_is_none(shelf: PlanFiles, folder: Path, content: bytes) -> None:
    """What can't be read as a plan, by any hand or accident, is no plan, and no error."""
    file = folder / "K7QF2M9X"
    file.write_bytes(b'{"row_number":1}\n' + FACTS)
    assert shelf.find(CODE) is not None
    file.write_bytes(content)
    assert shelf.find(CODE) is None


def test_a_folder_in_the_way_is_no_plan(shelf: PlanFiles, folder: Path) -> None:
    """Whatever else lies on the shelf is not taken for a plan."""
    (folder / "00000000").mkdir()
    assert shelf.find("0000-0000") is None
