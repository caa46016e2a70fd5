"""Owns what every test starts from: nothing of this machine's user, and random input that is never hurried.

It must never hold fixtures of one part of the program; those stand in that part's own folder.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# No deadline and no complaint about slow input: a busy machine is not a bug.
settings.register_profile("assettrack", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("assettrack")

USER_FOLDERS = (
    "HOME",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "LOCALAPPDATA",
    "APPDATA",
)


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_this_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Lead the user's folders into a temporary one and drop our settings, so that no test meets a real database."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ASSETTRACK_") and name != "ASSETTRACK_SOAK_N"]:
            patch.delenv(name)
        for name in USER_FOLDERS:
            patch.setenv(name, str(tmp_path_factory.mktemp(name.lower())))
        yield
