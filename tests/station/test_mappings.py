"""Mappings in a file beside the database: kept as they were said, readable by people, and refused where broken."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain import errors
from assettrack.domain.column_mapping import clean_heading, mapping_of
from assettrack.station.mappings import MappingFile

OLD = mapping_of({"asset_tag": 'The "Tag", \\ really', "model": "Modèle 🧰"}, {"event_type": "SCAN"})


def test_mappings_come_back_by_name(tmp_path: Path) -> None:
    """What was kept is there, in order of names, until it is removed; only the owner can read the file."""
    path = tmp_path / "station.db.mappings.toml"
    kept = MappingFile(path)
    assert kept.all() == {}
    kept.keep("old", OLD)
    kept.keep("older", OLD)
    assert MappingFile(path).all() == {"old": OLD, "older": OLD}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert '[old.columns]\nasset_tag = "The \\"Tag\\", \\\\ really"\nmodel = "Modèle 🧰"\n' in path.read_text("utf-8")
    kept.remove("old")
    kept.remove("nobody")
    assert list(kept.all()) == ["older"]


HEADINGS = st.text(max_size=30).filter(lambda text: bool(clean_heading(text)) and clean_heading(text).isprintable())


@given(heading=HEADINGS)
def test_any_heading_comes_back(tmp_path_factory: pytest.TempPathFactory, heading: str) -> None:
    """Whatever can be printed is written so that TOML says it again."""
    kept = MappingFile(tmp_path_factory.mktemp("kept") / "m.toml")
    try:
        heading.encode()
    except UnicodeEncodeError:
        return
    mapping = mapping_of({"asset_tag": heading}, {"notes": heading})
    kept.keep("a", mapping)
    assert kept.all() == {"a": mapping}


@pytest.mark.parametrize(
    "text",
    [
        b"not toml",
        b"\xff",
        b"a = 1",
        b"[a.columns]\nasset_tag = 1",
        b'[a.columns]\nmodel = "x"',
        b'["A B".columns]\nasset_tag = "x"',
        b'[a]\nmore = "x"',
        b"a = " + b"[" * 5000,
        b"#" * 1_000_001,
    ],
)
def test_a_file_that_somebody_broke_is_told_and_not_overwritten(tmp_path: Path, text: bytes) -> None:
    """It is unreadable with its reason, and keeping another mapping does not replace it."""
    path = tmp_path / "m.toml"
    path.write_bytes(text)
    with pytest.raises(errors.FileUnreadable):
        MappingFile(path).all()
    with pytest.raises(errors.FileUnreadable):
        MappingFile(path).keep("old", OLD)
    assert path.read_bytes() == text


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """What can't be written is an error of ours."""
    with pytest.raises(errors.FileUnwritable):
        MappingFile(tmp_path / "nowhere" / "m.toml").keep("old", OLD)
