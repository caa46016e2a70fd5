"""A name said or scanned at a preview means another person by the commit: the code is bound to who was meant."""

import json

import pytest

from tests.cli.conftest import Desk
from tests.cli.pocket import BEGIN, Pocket
from tests.domain.trial_scans import event

KURZ = "Ben Kurz"
TO_BEN = ("--to", KURZ)
WAS = f"{KURZ} was holder 2 when it was shown, and is holder 3 now."
SAID = ("--scanned-by", "kim", "--event", "issue", "--at", "2026-03-01T12:00")


@pytest.fixture
def ready(stocked: Desk) -> Desk:
    """A station with two assets that nobody has, and Ben Kurz, holder 2."""
    stocked.tell("holder", "add", KURZ)
    return stocked


def rename(station: Desk, name: str = KURZ, to: str = "Ben Lang") -> None:
    """Somebody is called otherwise from now on."""
    station.tell("holder", "change", name, "--name", to, "--reason", "marriage")


def pulled(station: Desk, *scans: str) -> str:
    """Pull what a scanner holds, and return the name of the download."""
    return str(Pocket(station, scans).ask("pull", "--preview", *TO_BEN)["download"])


def test_a_name_said_of_a_download_at_its_preview_stops_once_it_is_anothers(ready: Desk) -> None:
    """It is said anew at the commit, letter by letter the same: the code says for whom it was."""
    name = pulled(ready, BEGIN, event("ISSUE"), "LT-1", "LT-2")
    code = ready.ask("scanner", "preview", name, *TO_BEN)["confirm"]
    rename(ready)
    ready.refuse("scanner", "commit", name, *TO_BEN, "--confirm", code, exit_code=4)
    ready.tell("holder", "add", KURZ)
    size = ready.log_size()
    answer = ready.type("scanner", "commit", name, *TO_BEN, "--confirm", code, "--json")
    assert (answer.exit_code, '"plan_stale"' in answer.out, WAS in answer.out) == (4, True, True), answer
    assert ready.log_size() == size
    code = ready.ask("scanner", "preview", name, "--to", "Ben Lang")["confirm"]
    assert ready.ask("scanner", "commit", name, "--to", "Ben Lang", "--confirm", code)["committed"] == 2
    assert ready.ask("asset", "show", "LT-1")["holder"] == "Ben Lang"


def test_a_name_said_of_a_file_of_scans_at_its_preview_stops_once_it_is_anothers(ready: Desk) -> None:
    """As of a download."""
    file = ready.file("codes.txt", "LT-1", "LT-2")
    code = ready.ask("preview", file, *SAID, *TO_BEN)["confirm"]
    rename(ready)
    ready.tell("holder", "add", KURZ)
    answer = ready.type("commit", file, *SAID, *TO_BEN, "--confirm", code, "--json")
    assert (answer.exit_code, '"plan_stale"' in answer.out, WAS in answer.out) == (4, True, True), answer
    assert ready.ask("asset", "show", "LT-1")["holder"] is None


@pytest.mark.parametrize("also", ["nobody", KURZ])
def test_a_badge_whose_holder_was_renamed_is_told_by_its_scans(ready: Desk, also: str) -> None:
    """Who is called otherwise, which scans that moves, and what to do; nothing of options, which nobody changed."""
    pocket = Pocket(ready, (BEGIN, event("ISSUE")))
    cards = json.loads(ready.type("scanner", "emulate", "--cards", str(pocket.path), "--json").out)["cards"]
    badge = next(card["text"] for card in cards if card["card"] == f"badge of {KURZ}")
    pocket.scan(badge, "LT-2")
    code = pocket.ask("pull", "--preview")["confirm"]
    rename(ready)
    if also == KURZ:
        ready.tell("holder", "add", KURZ)
    answer = pocket.type("pull", "--confirm", code)
    assert answer.exit_code == 4
    said = " ".join(answer.err.split())
    assert "scan 4 would do something else than was shown. Holder 2 was called Ben Kurz when it was shown" in said
    assert "and is called Ben Lang now. Nothing was saved. Preview it again." in said
    code = pocket.ask("pull", "--preview")["confirm"]
    assert pocket.ask("pull", "--confirm", code)["committed"] == 1
    assert ready.ask("asset", "show", "LT-2")["holder"] == "Ben Lang"
