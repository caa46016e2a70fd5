"""The scanner's pages once it holds nothing, or may: they say what is known of it, and lead to its clear."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.tags import OUT_WORD
from assettrack.scanner.emulated_faults import Fault
from assettrack.services import audit
from tests.domain.trial_scans import event
from tests.web.scanning import BEGIN, Cable, commit, ended, places, read, served, spooled
from tests.web.visitors import OpenStation

LAPTOPS = (BEGIN, event("SCAN"), cards.written(Card(CardKind.CASE, OUT_WORD)), "LT-1", "LT-2")


@pytest.fixture
def cable() -> Cable:
    """Return the cable at the station's computer; nothing is on it yet."""
    return Cable()


@pytest.fixture
def station(tmp_path: Path, cable: Cable) -> Iterator[OpenStation]:
    """Return a station with a case, and the cable."""
    with served(tmp_path, cable) as opened:
        opened.case("CASE-01", 4)
        yield opened


def test_reading_after_a_clear_whose_answer_was_lost_leads_to_the_clear(station: OpenStation, cable: Cable) -> None:
    """The sentence of the command line with a link in place of the command; cleared by it, its entry is named."""
    scanner, ben = cable.plug(LAPTOPS), station.visitor("ben")
    path = read(ben)
    ben.follow(commit(ben, path))
    scanner.arm(Fault("unplugged-after-clear"))
    ben.get(f"{path}/clear")
    ended(ben, ben.post(f"{path}/clear"))
    assert "either all of its scans were cleared, or nothing was changed" in ben.words
    scanner.faults.clear()
    cable.bus.plug(scanner)
    assert scanner.records == []
    ben.get("/scanner")
    ended(ben, ben.post("/scanner/read"))
    (name,) = spooled(station)
    assert f"What was pulled from it last, {name}, is in batch 1, and the log has no clear of it." in ben.words
    assert "Clear the scanner: that completes and logs the clear." in ben.words
    assert ("right one" in ben.words, "assettrack " in ben.words) == (False, False)
    assert f'<a role="button" href="{path}/clear">Clear the scanner</a>' in ben.page
    ben.get(path)
    assert "The scanner still holds these scans" not in ben.words
    assert "The log has no clear of it yet. Clear the scanner before it goes out again." in ben.words
    ben.get(f"{path}/clear")
    ended(ben, ben.post(f"{path}/clear"))
    assert "The scanner was cleared of these scans." in ben.words
    size = audit.log_size(station.workplace())
    ben.get("/scanner")
    ended(ben, ben.post("/scanner/read"))
    assert f"is cleared already (entry {size} of the log), it holds no scans." in ben.words
    assert "right one" not in ben.words
    assert 'role="button"' not in ben.page.partition("<main")[2]


def test_an_answer_that_can_be_taken_back_is_not_called_final(station: OpenStation, cable: Cable) -> None:
    """Until the commit the page says that it can be asked again; after it that it stays, and what else there is."""
    cable.plug(LAPTOPS)
    ben = station.visitor("ben")
    path = read(ben)
    final, open_still = (
        "Here it stays left out.",
        "is committed yet: until then “Ask again” below takes such an answer back",
    )
    ben.follow(ben.post(f"{path}/answer", {"number": "5", "deed": "leave-out", "reason": "was on the table"}))
    ben.follow(ben.post(f"{path}/options", {"equipment_type": "laptop"}))
    assert (final in ben.words, open_still in ben.words) == (False, True), ben.words
    ben.follow(commit(ben, path))
    ben.get(path)
    assert (final in ben.words, open_still in ben.words) == (True, False)
    cable.scan("LT-3", "LT-4")
    later = read(ben)
    ben.follow(ben.post(f"{later}/options", {"equipment_type": "laptop"}))
    assert (final in ben.words, open_still in ben.words) == (True, False), ben.words
    ben.follow(ben.post(f"{later}/answer", {"number": "6", "deed": "leave-out", "reason": "too"}))
    assert (final in ben.words, open_still in ben.words) == (True, True), ben.words


def test_leaving_out_the_last_open_scan_can_be_taken_back(station: OpenStation, cable: Cable) -> None:
    """Nothing of the download is open then, and no batch and no clear has that answer: asked again, the scan counts."""
    cable.plug(LAPTOPS)
    ben = station.visitor("ben")
    ben.follow(commit(ben, read(ben)))
    cable.scan("LT-3")
    path = read(ben)
    ben.follow(ben.post(f"{path}/answer", {"number": "6", "deed": "leave-out", "reason": "was on the table"}))
    assert "What was not left out is committed." in ben.words, ben.words
    assert ("Here it stays left out." in ben.words, "“Ask again” below takes such an answer back" in ben.words) == (
        False, True,
    )  # fmt: skip
    forms = re.findall(rf'action="{path}/answer".*?</form>', ben.page, re.DOTALL)
    (again,) = [each for each in forms if 'value="ask-again"' in each]
    assert 'name="number" value="6"' in again
    ben.follow(ben.post(f"{path}/answer", {"number": "6", "deed": "ask-again"}))
    ben.follow(commit(ben, path))
    assert sorted(places(station)) == ["LT-1", "LT-2", "LT-3"]
    ben.get(path)
    assert 'value="ask-again"' not in ben.page


def test_the_card_of_no_slot_is_called_what_stands_on_it(station: OpenStation, cable: Cable) -> None:
    """It is no case named OUT."""
    cable.plug(LAPTOPS)
    ben = station.visitor("ben")
    read(ben)
    assert "Noted No slot" in ben.words
    assert "Case OUT" not in ben.words


@pytest.mark.parametrize("is_back", [True, False])
def test_what_was_committed_is_shown_and_cleared_though_a_lost_file_came_back_since(
    station: OpenStation, cable: Cable, *, is_back: bool
) -> None:
    """Scans that it left out, as recorded by the lost one, are that batch's by now: no answer came too late."""
    cable.plug(LAPTOPS)
    ben = station.visitor("ben")
    first = read(ben)
    ben.follow(commit(ben, first))
    kept = station.folder / "station.db.scans" / first.rpartition("/")[2]
    lost = kept.read_bytes()
    kept.unlink()
    cable.scan("LT-3")
    second = read(ben)
    ben.post(f"{second}/answers", {"shows": "gaps_looked_at", "gaps_looked_at": "1"})
    for number in ("4", "5"):
        ben.get(second)
        ben.post(f"{second}/answer", {"number": number, "deed": "leave-out", "reason": "recorded"})
    ben.follow(commit(ben, second))
    if is_back:
        kept.write_bytes(lost)
    ben.get(second)
    assert "dealt with already" not in ben.words
    clear = f"{second}/clear{'' if is_back else '?said=gaps_looked_at'}"
    ben.get(clear)
    ended(ben, ben.post(clear))
    assert "The scanner was cleared of these scans." in ben.words
    assert cable.scanner.records == []
