"""Answers about a download, and the scanner is read once more with more scans: they go on, or it is said that not."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assettrack.scanner.parameters import Parameter
from tests.domain.trial_scans import end, event
from tests.web.scanning import BEGIN, Cable, commit, places, read, served
from tests.web.visitors import OpenStation, Visitor

OUT = {"deed": "leave-out", "reason": "belongs to the neighbours"}


@pytest.fixture
def cable() -> Cable:
    """Return the cable at the station's computer; a scanner with two assets and a code that is nothing is on it."""
    cable = Cable()
    cable.plug((BEGIN, event("SCAN"), "LT-1", "LT-2", "<b>"))
    return cable


@pytest.fixture
def station(tmp_path: Path, cable: Cable) -> Iterator[OpenStation]:
    """Return a station, and the cable."""
    with served(tmp_path, cable) as opened:
        assert cable.scanner.records
        yield opened


def answered(ben: Visitor) -> str:
    """Read the scanner, leave two of its scans out, and return the path of the download."""
    path = read(ben)
    ben.get(path)
    for number in ("4", "5"):
        assert ben.post(f"{path}/answer", {**OUT, "number": number}).status_code == 303
    return path


def test_what_was_left_out_stays_so_when_more_was_scanned(station: OpenStation, cable: Cable) -> None:
    """The same scan is left out for the same reason, the page says since when, and nobody but who answered sees it."""
    ben = station.visitor("ben")
    first = answered(ben)
    cable.scan("LT-3")
    read(ben)  # looked at only, and read once more
    cable.scan("LT-4")
    path = read(ben)
    ben.get(path)
    assert "2 answers about scans are taken over from the download before" in ben.words
    assert "not taken over" not in ben.words
    assert f'href="{first}"' in ben.page
    assert re.search(r"Answered .*Scan 4: LT-2 left out: belongs to the neighbours", ben.words), ben.words
    other = station.visitor("ann")
    other.get(path)
    assert "taken over" not in other.words
    ben.get(f"{path}/check")
    assert "2 answers about scans are taken over" in ben.words
    ben.follow(commit(ben, path))
    assert places(station).keys() == {"LT-1", "LT-3", "LT-4"}
    cable.scan("LT-5")
    ben.get(read(ben))
    assert "taken over" not in ben.words


def test_what_was_taken_back_since_stays_so(station: OpenStation, cable: Cable) -> None:
    """Once somebody answers here, this download has its own answers; an earlier page changes nothing any more."""
    ben = station.visitor("ben")
    first = answered(ben)
    cable.scan("LT-3")
    path = read(ben)
    ben.get(path)
    ben.follow(ben.post(f"{path}/answer", {"number": "4", "deed": "ask-again"}))
    ben.follow(ben.post(f"{first}/answer", {**OUT, "number": "3"}))
    ben.get(path)
    assert not re.search(r"Answered .*Scan [34]:", ben.words)
    assert re.search(r"Answered .*Scan 5:", ben.words)
    assert "taken over" in ben.words


def test_what_is_not_taken_over_is_said(station: OpenStation, cable: Cable) -> None:
    """What was said for all, and about scans that are gone or not told by a time: the page names it, and where."""
    ben = station.visitor("ben")
    first = answered(ben)
    ben.post(f"{first}/options", {"equipment_type": "laptop"})
    gone = cable.scanner.records.pop(3)
    assert gone
    cable.scan("LT-3")
    ben.get(read(ben))
    assert "1 answer about a scan is taken over" in ben.words
    assert "about scan 4 is not taken over" in ben.words
    assert "about the whole batch, is not taken over" in ben.words
    assert re.search(r"Answered .*Scan 4: <b> left out: belongs", ben.words), ben.words
    cable.scanner.parameters[Parameter.STORE_STAMPS] = b"\0"
    ben.get(read(ben))
    assert "about scans 4, 5 are not taken over" in ben.words
    assert not re.search(r"Answered .*Scan 4:", ben.words)


def test_a_scan_that_is_meant_as_it_is_is_so_among_the_same_scans_alone(station: OpenStation, cable: Cable) -> None:
    """It goes on as long as all scans before it are told; of a download that is left alone nothing is said."""
    ben = station.visitor("ben")
    cable.scan(end(9))
    path = read(ben)
    ben.get(path)
    cable.scan("LT-3")
    ben.get(read(ben))
    assert "taken over" not in ben.words
    ben.get(path)
    assert "Is one missing, or one too many?" in ben.words
    ben.follow(ben.post(f"{path}/answer", {"number": "6", "deed": "take"}))
    assert re.search(r"Answered .*Scan 6:", ben.words)
    cable.scan("LT-4")
    ben.get(read(ben))
    assert "1 answer about a scan is taken over" in ben.words
    assert re.search(r"Answered .*Scan 6:", ben.words)
    gone = cable.scanner.records.pop(3)
    assert gone
    cable.scan("LT-5")
    ben.get(read(ben))
    assert "about scan 6 is not taken over" in ben.words


def test_without_times_no_scan_is_known_to_be_the_same(station: OpenStation, cable: Cable) -> None:
    """Equal codes may have been scanned anew: the page says which answers are not taken over."""
    ben = station.visitor("ben")
    cable.scanner.parameters[Parameter.STORE_STAMPS] = b"\0"
    answered(ben)
    cable.scan("LT-3")
    ben.get(read(ben))
    assert "about scans 4, 5 are not taken over" in ben.words
    assert "Answered Scan" not in ben.words
