"""Where things lie: what is given, else the environment, else the platform's folders, and never a guess."""

from pathlib import Path

import pytest

from assettrack.domain import station_errors
from assettrack.settings import read_settings


def test_a_home_that_is_not_known_is_never_a_folder_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Earlier versions of the library that knows the platform's folders leave a tilde where the home is not known."""
    for name in ("user_data_dir", "user_cache_dir"):
        with monkeypatch.context() as patch:
            patch.setattr(f"platformdirs.{name}", lambda *_words, **_more: "~/.local/share/assettrack")
            with pytest.raises(station_errors.HomeFolderUnknown):
                read_settings(environment={})


def test_only_the_database_lies_where_it_is_named(tmp_path: Path) -> None:
    """The key lies in the platform's folder, wherever the database does."""
    usual = read_settings(environment={})
    named = read_settings(environment={"ASSETTRACK_DB": str(tmp_path / "a.db")})
    assert named.database == tmp_path / "a.db"
    assert (named.keys, named.plans) == (usual.keys, usual.plans)
    assert read_settings(str(tmp_path / "b.db"), environment={"ASSETTRACK_DB": "a.db"}).database == tmp_path / "b.db"
