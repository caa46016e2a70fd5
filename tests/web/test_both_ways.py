"""A scanner's scans that come in a file as well: asked about on the page of either, and answered there."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assettrack.domain.downloads import read_download
from assettrack.domain.dumped_scans import Dump
from assettrack.domain.plans import Options
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.formats import scanner_dump
from assettrack.formats.scanner_dump import Asked
from assettrack.scanner.pocket import read_scans
from assettrack.services import scan_files
from assettrack.services.downloads import with_reading
from assettrack.services.scan_files import SaidOfFile
from tests.domain.trial_scans import event
from tests.web.scanning import BEGIN, Cable, commit, confirm_code, ended, read, served
from tests.web.visitors import OpenStation, Visitor

ASKED = "2 of them, such as scan 3, would not be the same rows now"


@pytest.fixture
def cable() -> Cable:
    """Return the cable at the station's computer; a scanner with two assets is on it, its clock 7 seconds slow."""
    cable = Cable()
    cable.plug(())
    cable.scanner.clock_offset -= timedelta(seconds=7)
    cable.scan(BEGIN, event("SCAN"), "LT-1", "LT-2")
    return cable


@pytest.fixture
def station(tmp_path: Path, cable: Cable) -> Iterator[OpenStation]:
    """Return a station, and the cable."""
    with served(tmp_path, cable) as opened:
        assert cable.scanner.records
        yield opened


def filed(station: OpenStation, path: str) -> bytes:
    """Return what the maker's program writes of the scans of a download."""
    kept = read_download((station.folder / "station.db.scans" / path.rpartition("/")[2]).read_bytes())
    lines = [
        f"{each.text},003278,{datetime.fromisoformat(each.stamp):%H:%M:%S,%d/%m/%Y}\r\n"
        for each in read_scans(kept.reply, with_stamps=True)
    ]
    return "".join(lines).encode()


def sent(ben: Visitor, content: bytes) -> str:
    """Send a file, say how it is read, and return where it is."""
    ben.get("/intake/upload")
    path = ben.upload("/intake/upload", "SCANNED.TXT", content).headers["location"]
    ben.follow(ben.post(f"{path}/options", {"order": "dmy", "equipment_type": "laptop"}))
    return str(path)


def rows_of(station: OpenStation, tag: str) -> int:
    """Return how many rows an asset has in the log."""
    with station.workplace().store.read() as snapshot:
        return len(snapshot.bodies_about(tag))


def test_a_download_of_what_a_file_told_is_asked_about_and_cleared(station: OpenStation, cable: Cable) -> None:
    """As the same scans there is nothing to commit, and the scanner is cleared on the batch of the file."""
    ben = station.visitor("ben")
    path = read(ben)
    sent(ben, filed(station, path))
    action = re.search(r'action="(/intake/files/[0-9a-f]+/commit)"', ben.page)
    assert action is not None, ben.words
    ben.follow(ben.post(action[1], {"confirm": confirm_code(ben.page)}))
    ben.get(path)
    assert ASKED in ben.words
    assert 'name="same_scans"' in ben.page
    assert "All of its scans are in Batch 1 (from a file)" in ben.words
    assert f'href="{path}/clear"' in ben.page
    ben.get("/scanner")
    assert "All of it in Batch 1 from a file Clear the scanner" in ben.words
    ben.get(path)
    ben.follow(ben.post(f"{path}/answers", {"shows": ["same_scans", "scanned_anew"], "same_scans": "1"}))
    assert "All of it is committed" in ben.words
    ben.get(f"{path}/clear")
    ended(ben, ben.post(f"{path}/clear"))
    assert (cable.scanner.records, rows_of(station, "LT-1")) == ([], 1)


def test_a_file_of_what_was_pulled_is_asked_about(station: OpenStation, cable: Cable) -> None:
    """As the same scans the page leads to the batch of the download."""
    ben = station.visitor("ben")
    path = read(ben)
    done = commit(ben, path)
    ben.follow(done)
    assert cable.scanner.records
    where = sent(ben, filed(station, path))
    assert ASKED in ben.words
    assert '<details class="no-print" open>' in ben.page
    answers = {"order": "dmy", "shows": ["same_scans"], "same_scans": "1"}
    answered = ben.follow(ben.post(f"{where}/options", answers))
    assert answered.headers["location"] == done.headers["location"]
    assert rows_of(station, "LT-1") == 1


def test_what_was_left_out_of_a_pull_is_asked_about_on_the_page_of_a_file(station: OpenStation) -> None:
    """With its reason and batch, and the other way round the download does not say that all of it is in the batch."""
    ben = station.visitor("ben")
    path = read(ben)
    ben.get(path)
    ben.follow(ben.post(f"{path}/answer", {"number": "4", "deed": "leave-out", "reason": "not ours"}))
    ben.follow(commit(ben, path))
    there = sent(ben, filed(station, path))
    assert "rows now: scan 4, LT-2 (in batch 1, because: not ours)." in ben.words
    ben.follow(ben.post(f"{there}/options", {"order": "dmy", "shows": ["same_scans"], "same_scans": "1"}))
    assert "recorded already" in ben.words
    assert rows_of(station, "LT-2") == 0


def test_what_was_left_out_whole_is_asked_about_on_the_page_of_a_file(station: OpenStation) -> None:
    """With its reason and download; as the same scans there is nothing to commit, and the page says why."""
    ben = station.visitor("ben")
    path = read(ben)
    ben.get(path)
    ben.follow(ben.post(f"{path}/leave-out", {"reason": "only tried"}))
    there = sent(ben, filed(station, path))
    name = path.rpartition("/")[2]
    assert f"rows now: scan 3, LT-1 (with {name}, because: only tried); scan 4, LT-2 (with {name}," in ben.words
    assert 'name="same_scans"' in ben.page
    ben.follow(ben.post(f"{there}/options", {"order": "dmy", "shows": ["same_scans"], "same_scans": "1"}))
    assert "Scan 3, LT-1, is left out: only tried." in ben.words
    assert f'action="{there}/commit"' not in ben.page
    assert rows_of(station, "LT-1") == 0


def test_a_list_without_times_of_what_was_left_out_whole_is_asked_about_on_its_page(station: OpenStation) -> None:
    """The kept download tells its codes in order."""
    ben = station.visitor("ben")
    path = read(ben)
    ben.get(path)
    ben.follow(ben.post(f"{path}/leave-out", {"reason": "only tried"}))
    there = sent(ben, "\n".join((BEGIN, event("SCAN"), "LT-1", "LT-2")).encode())
    ben.follow(ben.post(f"{there}/options", {"order": "dmy", "at": "2026-02-01T08:00:00Z"}))
    assert f"rows now: scan 3, LT-1 (with {path.rpartition('/')[2]}, because: only tried);" in ben.words


def test_what_a_file_recorded_is_not_said_to_be_left_out_with_the_rest(station: OpenStation, cable: Cable) -> None:
    """Neither before the clear nor after it: the page names the file's batch, and only what is in none as left out."""
    ben = station.visitor("ben")
    path = read(ben)
    sent(ben, filed(station, path))
    action = re.search(r'action="(/intake/files/[0-9a-f]+/commit)"', ben.page)
    assert action is not None, ben.words
    ben.follow(ben.post(action[1], {"confirm": confirm_code(ben.page)}))
    cable.scan("LT-3")
    path = read(ben)
    ben.get(path)
    ben.follow(ben.post(f"{path}/leave-out", {"reason": "only tried"}))
    ben.get(f"{path}/clear")
    assert "What was not left out is committed, read anew from the database just now: Batch 1" in ben.words
    assert "1 scan is left out, and not recorded from this scanner" in ben.words
    assert "Scan 5: LT-3 left out: only tried" in ben.words
    ended(ben, ben.post(f"{path}/clear"))
    ben.get(path)
    assert "Recorded in batch 1" in ben.words
    assert cable.scanner.records == []


def test_a_download_of_which_a_file_left_something_out_does_not_say_that_all_is_recorded(station: OpenStation) -> None:
    """Neither its page nor the list does: what was left out is in no batch."""
    ben = station.visitor("ben")
    path = read(ben)
    found = scanner_dump.read(filed(station, path), Asked(order="dmy"))
    assert isinstance(found, Dump)
    said = SaidOfFile(Answers(left_out=(LeftOut(4, "not ours"),)))
    workplace = station.workplace()
    batch = scan_files.batch_of(workplace, found, said)
    options = with_reading(Options({"equipment_type": "laptop"}), batch)
    scan_files.commit_file(workplace, batch, "SCANNED.TXT", options, confirm=None)
    ben.get("/scanner")
    assert "What was not left out, in Batch 1 from a file" in ben.words
    ben.get(path)
    assert "What was not left out of it is in Batch 1 (from a file)" in ben.words
    assert "left out before" in ben.words.lower()
