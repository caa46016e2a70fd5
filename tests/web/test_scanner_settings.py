"""The scanner's page after its settings were changed in part: it shows the scanner as it is then."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.parameters import Parameter
from tests.web.scanning import Cable, ended, served
from tests.web.visitors import OpenStation


@pytest.fixture
def cable() -> Cable:
    """Return the cable at the station's computer; nothing is on it yet."""
    return Cable()


@pytest.fixture
def station(tmp_path: Path, cable: Cable) -> Iterator[OpenStation]:
    """Return a station, and the cable."""
    with served(tmp_path, cable) as opened:
        yield opened


def test_what_is_set_right_beside_a_setting_that_is_left_is_no_danger_any_more(
    station: OpenStation, cable: Cable
) -> None:
    """Its scans hang on one setting, which is left and said; the others are set, and nobody has to look again."""
    scanner = cable.plug(("LT-1",), Fault("auto-clear"), Fault("no-stamps"))
    ben = station.visitor("ben")
    ben.get("/scanner")
    ended(ben, ben.post("/scanner/look"))
    assert "It erases its scans by being read." in ben.words
    assert "It keeps no times" in ben.words
    ended(ben, ben.post("/scanner/make-safe"))
    assert "Its other settings are set right." in ben.words
    assert scanner.parameters[Parameter.AUTO_CLEAR] == scanner.parameters[Parameter.STORE_STAMPS] == b"\0"
    ben.get("/scanner")
    assert "It erases its scans" not in ben.words
    assert "It keeps no times" in ben.words
