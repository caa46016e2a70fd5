"""Tests of `assettrack.cli.holder_cmd`."""

import io
import sys
from contextlib import closing
from functools import partial

import apsw
import pytest

from assettrack import bootstrap
from assettrack.store.connection import DatabaseSettings
from assettrack.store.sqlite import SqliteStore
from tests.cli.conftest import Desk

JANE = {"holder_id": 1, "name": "Jane Smith", "organisation": "Ad Hoc", "identifier": None, "active": True}


@pytest.fixture
def jane(station: Desk) -> Desk:
    """The station with one holder, Jane Smith."""
    station.tell("holder", "add", "Jane Smith")
    return station


def given(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Let the standard input say something."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), "utf-8"))


def test_a_holder_is_registered_under_a_clean_name(station: Desk) -> None:
    """`holder add` answers the name with its spaces collapsed, and all other facts."""
    assert station.ask("holder", "add", "  Jane   Smith ") == {**JANE, "near": []}
    station.tell("organisation", "add", "Fire Department")
    found = station.ask("holder", "add", "Bob Lee", "--organisation", "fire department", "--identifier", "S-17")
    assert (found["organisation"], found["identifier"]) == ("Fire Department", "S-17")


def test_holders_are_listed_by_number(station: Desk) -> None:
    """`holder list` answers all holders with their numbers and facts."""
    station.tell("holder", "add", "Jane Smith", "--identifier", "S-17")
    station.tell("holder", "add", "Åsa Öst")
    station.tell("holder", "deactivate", "Åsa Öst")
    station.tell("organisation", "add", "Police")
    assert station.tell("holder", "list").splitlines() == [
        "number  holder      identifier",
        "     1  Jane Smith  S-17",
        "     2  Åsa Öst                 inactive",
    ]
    station.tell("holder", "change", "Åsa Öst", "--organisation", "Police")
    asa = {**JANE, "holder_id": 2, "name": "Åsa Öst", "organisation": "Police", "active": False}
    assert station.ask("holder", "list") == {"holders": [{**JANE, "identifier": "S-17"}, asa]}
    assert station.tell("holder", "list").splitlines()[1:] == [
        "     1  Jane Smith  Ad Hoc        S-17",
        "     2  Åsa Öst     Police                    inactive",
    ]


def test_a_list_says_only_what_there_is_to_say(jane: Desk) -> None:
    """Where everybody is active, Ad Hoc and without an identifier, it is numbers and names."""
    assert jane.tell("holder", "list").splitlines() == ["number  holder", "     1  Jane Smith"]


def test_the_same_name_in_another_spelling_is_refused(jane: Desk) -> None:
    """A name that matches a registered one ends with exit code 4 and the first spelling."""
    error = jane.refuse("holder", "add", "JANE  smith", exit_code=4)
    assert error["code"] == "holder_exists"
    assert "Jane Smith" in error["message"]


def test_an_almost_equal_name_is_pointed_out(jane: Desk) -> None:
    """A name within two letters of a known one is registered, and the likeness is told."""
    answer = jane.type("holder", "add", "Jane Smyth")
    assert (answer.exit_code, answer.out) == (0, "Registered Jane Smyth as holder 2.\n")
    assert "Jane Smith" in answer.err


@pytest.mark.parametrize("name", ["", "   ", "a\x1b[31mb", "x" * 201, "\udcff"])
@pytest.mark.parametrize(
    "command", ["add", "show", "change --identifier x", "deactivate", "activate", "contact", "contact --erase"]
)
def test_what_is_no_name_is_a_usage_error(jane: Desk, command: str, name: str) -> None:
    """A blank, unprintable or overlong name ends with exit code 2, whatever is to be done."""
    word, *options = command.split()
    assert jane.refuse("holder", word, *options, "--", name, exit_code=2)["code"] == "value_unusable"


def test_nobody_registered_is_an_empty_list_and_advice(station: Desk) -> None:
    """Without holders a machine gets an empty list, a person the command that registers one."""
    assert station.ask("holder", "list") == {"holders": []}
    assert "assettrack holder add" in station.type("holder", "list").err


def test_many_are_registered_from_a_file(station: Desk) -> None:
    """All of them or none; a machine gets them with the names that are almost the same."""
    names = station.file("holders.csv", "name,organisation,identifier", "Jane Smith,Ad Hoc,S-17", "Jane Smyth,,")
    found = station.ask("holder", "add", "--from", names)
    smyth = {**JANE, "holder_id": 2, "name": "Jane Smyth", "near": ["Jane Smith"]}
    assert found == {"holders": [{**JANE, "identifier": "S-17", "near": []}, smyth]}
    size = station.log_size()
    more = station.file("more.csv", "name,organisation", "Bob Lee,", "Zoe Quill,Police")
    assert station.refuse("holder", "add", "--from", more, exit_code=4)["code"] == "unknown_organisation"
    known = station.file("known.csv", "name,organisation", "Bob Lee,", "jane smith,", "Zoe Quill,Police")
    error = station.refuse("holder", "add", "--from", known, exit_code=4)
    assert error["code"] == "list_refused"
    assert "known.csv" in error["message"]
    assert "Line 3: Holder Jane Smith is already registered. Line 4: No organisation Police" in error["message"]
    wrong = station.file("wrong.csv", "name", "Bob Lee", "BOB lee")
    error = station.refuse("holder", "add", "--from", wrong, exit_code=3)
    assert (error["code"], "line 3" in error["message"]) == ("list_file_wrong", True)
    assert station.log_size() == size


@pytest.mark.parametrize(
    "words",
    [
        ["add"],
        ["add", "Bob Lee", "--from", "holders.csv"],
        ["add", "--from", "holders.csv", "--identifier", "S-17"],
        ["change", "Jane Smith"],
        ["change", "Jane Smith", "--reason", "none"],
        ["change", "Jane Smith", "--identifier", "S-17", "--no-identifier"],
        ["deactivate", "Jane Smith", "--with-assets"],
        ["contact", "Jane Smith", "jane@example.org", "--erase"],
    ],
)
def test_what_does_not_go_together_is_a_usage_error(jane: Desk, words: list[str]) -> None:
    """Too little, or what contradicts itself, ends with exit code 2."""
    assert jane.refuse("holder", *words, exit_code=2)["code"] == "usage"


def test_a_change_answers_how_it_is_now(jane: Desk) -> None:
    """What is not named stays; what is so already is said to be."""
    jones = {**JANE, "name": "Jane Jones", "identifier": "S-17"}
    answer = jane.ask(
        "holder", "change", "jane smith", "--name", "Jane Jones", "--identifier", "S-17", "--reason", "marriage"
    )
    assert answer == {**jones, "changed": True, "near": []}
    same = jane.ask("holder", "change", "Jane Jones", "--organisation", "ad hoc")
    assert same == {**jones, "changed": False, "near": []}
    said = jane.tell("holder", "change", "Jane Jones", "--no-identifier")
    assert said == "Holder 1 is now: Jane Jones, Ad Hoc, active.\n"
    said = jane.tell("holder", "change", "Jane Jones", "--no-identifier")
    assert said == "Holder 1 is as it was, nothing changed: Jane Jones, Ad Hoc, active.\n"
    assert jane.refuse("holder", "change", "Jane Jones", "--identifier", " ", exit_code=2)["code"] == "value_unusable"


def test_a_name_almost_that_of_another_is_pointed_out_at_a_change(jane: Desk) -> None:
    """A new name within two letters of another holder's is told of on stderr, and in JSON as `near`."""
    jane.tell("holder", "add", "Bob Lee")
    answer = jane.type("holder", "change", "Bob Lee", "--name", "Jane Smyth", "--identifier", "S-1")
    assert answer.out == "Holder 2 is now: Jane Smyth, Ad Hoc, identifier S-1, active.\n"
    assert "almost the same name or the same identifier is registered: Jane Smith." in answer.err


def test_nobody_of_that_name(jane: Desk) -> None:
    """Whoever is not registered is not found, and a name almost the same is offered."""
    error = jane.refuse("holder", "show", "Jane Smyth", exit_code=4)
    assert (error["code"], "Jane Smith" in error["message"]) == ("not_found", True)


def test_who_has_assets_is_made_inactive_only_with_a_reason(stocked: Desk) -> None:
    """Jane Smith has LT-3: it is refused with that, and done when it is said, with a reason."""
    error = stocked.refuse("holder", "deactivate", "Jane Smith", exit_code=4)
    assert (error["code"], "1 asset: LT-3" in error["message"]) == ("holder_has_assets", True)
    answer = stocked.ask("holder", "deactivate", "Jane Smith", "--with-assets", "--reason", "left")
    assert answer == {**JANE, "active": False, "changed": True, "near": []}
    assert stocked.tell("holder", "activate", "Jane Smith") == "Holder 1 is now: Jane Smith, Ad Hoc, active.\n"
    shown = stocked.tell("audit", "show", "--last", "2")
    assert "holder 1: active: yes to no, with 1 asset (left)" in shown
    assert "holder 1: active: no to yes" in shown


def test_the_page_of_a_holder(stocked: Desk) -> None:
    """`holder show` has facts, assets and open acceptances, with times in the station's zone, and no contact data."""
    stocked.tell("holder", "contact", "Jane Smith", "jane@example.org")
    asset = {"asset_tag": "LT-3", "equipment_type": "tablet", "serial_number": None, "due_on": None}
    waiting = {"batch_id": 1, "recorded_at": "2026-03-01T12:00:00.000000Z"}
    found = stocked.ask("holder", "show", "jane smith")
    assert found == {**JANE, "has_contact": True, "assets": [asset], "open_acceptances": [waiting]}
    assert stocked.tell("holder", "show", "Jane Smith").splitlines() == [
        "Jane Smith: holder 1",
        "  organisation    Ad Hoc",
        "  contact data    kept; holder contact shows it",
        "1 asset in custody",
        "  asset  type    due",
        "  LT-3   tablet",
        "Not accepted yet: batch 1, recorded 2026-03-01 13:00:00+01:00 (Europe/Berlin)",
    ]


def test_the_page_of_who_has_nothing(jane: Desk) -> None:
    """An inactive holder with an identifier and without assets is shown as that."""
    jane.tell("holder", "change", "Jane Smith", "--identifier", "S-17")
    jane.tell("holder", "deactivate", "Jane Smith")
    assert jane.tell("holder", "show", "Jane Smith").splitlines() == [
        "Jane Smith: holder 1, inactive",
        "  organisation    Ad Hoc",
        "  identifier      S-17",
        "  contact data    none",
        "0 assets in custody",
    ]


def test_contact_data_is_written_shown_and_erased(jane: Desk) -> None:
    """Its answers say what is kept now, whether it changed and whether what was before is gone."""
    jane_ = {"holder_id": 1, "name": "Jane Smith"}
    assert jane.ask("holder", "contact", "Jane Smith") == {**jane_, "contact": None}
    assert jane.tell("holder", "contact", "Jane Smith") == "No contact data of Jane Smith is kept.\n"
    written = jane.ask("holder", "contact", "Jane Smith", "  jane@example.org,  Tel. 7 ")
    assert written == {**jane_, "contact": "jane@example.org, Tel. 7", "changed": True, "is_gone": True}
    again = jane.tell("holder", "contact", "Jane Smith", "jane@example.org, Tel. 7")
    assert again == "The contact data of Jane Smith is as it was, nothing changed.\n"
    assert jane.ask("holder", "contact", "jane smith") == {**jane_, "contact": "jane@example.org, Tel. 7"}
    assert jane.tell("holder", "contact", "Jane Smith") == "jane@example.org, Tel. 7\n"
    assert jane.tell("holder", "contact", "Jane Smith", "--erase") == "The contact data of Jane Smith is erased.\n"
    assert jane.ask("holder", "contact", "Jane Smith")["contact"] is None
    assert jane.refuse("holder", "contact", "Jane Smith", "--erase", exit_code=4)["code"] == "contact_missing"
    files = [file for file in jane.folder.rglob("*") if file.is_file()]
    assert [file for file in files if b"jane@" in file.read_bytes()] == []
    assert "contact data of holder 1 erased: Jane Smith" in jane.tell("audit", "show", "--last", "1")
    assert jane.ask("audit", "verify")["ok"]


def test_erasing_answers_in_json(jane: Desk) -> None:
    """An erased contact is null."""
    jane.tell("holder", "contact", "Jane Smith", "jane@example.org")
    answer = jane.ask("holder", "contact", "Jane Smith", "--erase")
    assert (answer["contact"], answer["changed"], answer["is_gone"]) == (None, True, True)


def test_contact_data_comes_from_the_standard_input(jane: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With - nothing of it stands on the command line; lines become one."""
    given(monkeypatch, "jane@example.org\nZoë's phone\n".encode())
    assert jane.tell("holder", "contact", "Jane Smith", "-") == "The contact data of Jane Smith is written.\n"
    assert jane.tell("holder", "contact", "Jane Smith") == "jane@example.org Zoë's phone\n"


@pytest.mark.parametrize("content", [b"", b" \n", b"x" * 4097, b"\xff", b"a\x1b[31m"])
def test_contact_data_that_can_not_be_kept(jane: Desk, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Blank, too long, no UTF-8 or not printable: exit code 2, and nothing is saved."""
    size = jane.log_size()
    given(monkeypatch, content)
    answer = jane.type("holder", "contact", "Jane Smith", "-")
    assert (answer.exit_code, "Nothing was saved" in answer.err) == (2, True)
    assert jane.log_size() == size


def test_without_a_standard_input_nothing_is_written(jane: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is none it is blank."""
    monkeypatch.setattr(sys, "stdin", None)
    assert jane.type("holder", "contact", "Jane Smith", "-").exit_code == 2


def test_the_longest_contact_data(jane: Desk) -> None:
    """Four KiB are kept, one byte more is refused."""
    jane.tell("holder", "contact", "Jane Smith", "x" * 4096)
    assert jane.refuse("holder", "contact", "Jane Smith", "y" * 4097, exit_code=2)["code"] == "value_unusable"


def test_while_somebody_reads_the_answer_says_that_traces_are_left(jane: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The data is erased, and a note tells where its bytes still lie and when they go."""
    impatient = partial(SqliteStore, settings=DatabaseSettings(busy_seconds=0))
    monkeypatch.setattr(bootstrap, "SqliteStore", impatient)
    jane.tell("holder", "contact", "Jane Smith", "jane@example.org")
    with closing(apsw.Connection(str(jane.database))) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM holders").fetchall()
        answer = jane.type("holder", "contact", "Jane Smith", "--erase")
        reader.execute("ROLLBACK")
    assert (answer.exit_code, answer.out) == (0, "The contact data of Jane Smith is erased.\n")
    assert "still lie in its files" in answer.err
