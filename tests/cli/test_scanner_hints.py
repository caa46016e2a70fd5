"""The commands that are told to whoever works with a scanner: each of them works as it was printed."""

import re
import shlex
from datetime import timedelta

import pytest

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind
from tests.cli.conftest import Answer, Desk
from tests.cli.pocket import LAPTOP, TWO_LAPTOPS, Pocket
from tests.domain.trial_scans import slot

OTHER_SCANNER = "0000000000900002"
ASKED_ON_A_TERMINAL = {"clear": "--yes", "configure": "--yes", "pull": "--preview"}
"""What is said in place of the answers that a person gives there."""

WHOLE = {0, 3}
"""The exit codes of a command that did what it is for: a pull is kept although something of it is asked."""


@pytest.fixture
def pocket(station: Desk) -> Pocket:
    """A scanner with two laptops."""
    return Pocket(station)


def hints(answer: Answer) -> list[list[str]]:
    """The commands in what was printed, each as its words without the program's name."""
    found = []
    for told in re.findall(r"assettrack ((?:scanner|case) .+)", re.sub(r"\n {4}", " ", answer.out) + answer.err):
        for part in re.split(r"\bassettrack ", told):
            words = re.split(r"; or:|[,.:](?: |$)", part)[0]
            found.append(shlex.split(words))
    return found


def followed(desk: Desk, answer: Answer) -> list[Answer]:
    """Type each command that was printed, as it stands."""
    done = []
    for words in hints(answer):
        said = ASKED_ON_A_TERMINAL.get(words[1], "")
        done.append(desk.type(*words, *([said] if said and not {"--confirm", said} & {*words} else [])))
    return done


def told_once_more(pocket: Pocket) -> None:
    """Have the scanner tell scans again after it was cleared of them."""
    held = pocket.memory["scans"]
    pocket.ask("pull", *LAPTOP, "--yes", "--clear")
    pocket.desk.now += timedelta(hours=1)
    pocket.change(scans=held)


def test_a_scanner_whose_scans_were_told_before_is_cleared_by_the_command_told(pocket: Pocket) -> None:
    """What was answered about scans that no batch of theirs dealt with is a part of it; nothing else is."""
    told_once_more(pocket)
    answer = pocket.type("pull", "--same-scans", "--yes")
    assert "recorded already, in batch 1" in answer.out
    (words,) = hints(answer)
    assert words == ["scanner", "clear", "--emulate", str(pocket.path), "--same-scans"]
    (cleared,) = followed(pocket.desk, answer)
    assert (cleared.exit_code, pocket.held()) == (0, [])


def test_commands_told_are_of_the_same_database_and_operator(pocket: Pocket, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was said for all commands is said again: to commit, and then to clear."""
    monkeypatch.delenv("ASSETTRACK_DB")
    monkeypatch.delenv("ASSETTRACK_OPERATOR")
    of_all = ("--db", str(pocket.desk.database), "--operator", "anna")
    preview = pocket.type("pull", "--preview", *LAPTOP, *of_all)
    (committed,) = followed(pocket.desk, preview)
    assert "Committed 2 scans as batch 1" in committed.out
    (cleared,) = followed(pocket.desk, committed)
    assert (cleared.exit_code, pocket.held()) == (0, [])


@pytest.mark.parametrize(
    ("parameter", "command", "options"),
    [
        (None, "set-clock", ()),
        ("0F", "pull", ("--preview",)),
        ("0F", "info", ()),
        ("04", "configure", ("--yes",)),
        (None, "clear", ("--yes",)),
    ],
)
def test_what_an_error_says_to_do_works(
    pocket: Pocket, parameter: str | None, command: str, options: tuple[str, ...]
) -> None:
    """Its command names the scanner that it is about, however that is connected."""
    pocket.ask("pull", *LAPTOP, "--yes")
    pocket.desk.now += timedelta(minutes=1)
    pocket.scan(*TWO_LAPTOPS[:2], "LT-2")
    if parameter is not None:
        pocket.set(parameter, "01")
    answer = pocket.type(command, *options)
    done = followed(pocket.desk, answer)
    assert {each.exit_code for each in done} <= WHOLE, done
    assert done or command == "clear"
    assert all(("--emulate", str(pocket.path)) == (*words[2:4],) for words in hints(answer))


def pulled_two(pocket: Pocket) -> None:
    """Pull from two scanners, and commit neither."""
    pocket.ask("pull", "--preview", *LAPTOP)
    pocket.change(serial_field=OTHER_SCANNER, scans=[])
    pocket.desk.now += timedelta(hours=1)
    pocket.scan(*(text.replace("LT-", "LX-") for text in TWO_LAPTOPS[:2]), "LX-1")
    pocket.ask("pull", "--preview", *LAPTOP)


def test_with_downloads_of_two_scanners_each_is_named_with_its_command(pocket: Pocket) -> None:
    """One is left lying: which is meant is asked, and each command told does it with that one."""
    pulled_two(pocket)
    for command, said in (("show", ()), ("preview", LAPTOP), ("commit", (*LAPTOP, "--yes"))):
        answer = pocket.desk.type("scanner", command, *said)
        assert answer.exit_code == 4
        assert "several scanners were pulled" in answer.err
        named, left_out = ([each for each in hints(answer) if each[1] == word] for word in (command, "leave-out"))
        assert len({words[2] for words in named}) == len(named) == 2
        assert [words[2] for words in left_out] == [words[2] for words in named]
        assert [words[3:] for words in named] == [list(said)] * 2
        assert [pocket.desk.type(*words).exit_code for words in named] == [0, 0]
    assert pocket.desk.ask("asset", "show", "LX-1")["asset_tag"] == "LX-1"


@pytest.mark.parametrize("is_committed", [True, False])
def test_a_download_that_is_never_to_be_committed_is_left_out_by_the_command_told(
    pocket: Pocket, *, is_committed: bool
) -> None:
    """Only what waits for its commit is offered to be left out, and after that the other one needs no name."""
    pulled_two(pocket)
    trial, mine = (each["name"] for each in pocket.desk.ask("scanner", "downloads")["downloads"])
    if is_committed:
        pocket.desk.ask("scanner", "commit", mine, *LAPTOP, "--yes")
    offered = [each for each in hints(pocket.desk.type("scanner", "show")) if each[1] == "leave-out"]
    assert [each[2] for each in offered] == ([trial] if is_committed else [trial, mine])
    (done,) = [pocket.desk.type(*each[:-1], "a trial") for each in offered if each[2] == trial]
    assert "left out whole" in done.out
    assert pocket.desk.ask("scanner", "show")["download"] == mine


def test_a_case_that_is_not_known_is_prepared_by_the_command_told(pocket: Pocket) -> None:
    """It names the case; how many slots it has a person says. For a slot that is not known all cases are looked at."""
    pocket.scan(cards.written(Card(CardKind.CASE, "OUR CASE 9")), "LT-3", slot("CASE-01", 13), "LT-4")
    prepared, looked_at = hints(pocket.type("pull", "--preview", *LAPTOP))
    assert prepared == ["case", "init", "OUR CASE 9", "--slots", "N"]
    assert pocket.desk.type(*prepared[:-1], "2").exit_code == 0
    assert looked_at == ["case", "list"]
    assert pocket.desk.type(*looked_at).exit_code == 0


def test_what_looks_like_a_case_is_prepared_or_taken_by_the_command_told(station: Desk) -> None:
    """It is no new asset unless somebody says so: then the same scans go through, one way or the other."""
    pocket = Pocket(station, [*TWO_LAPTOPS[:2], "LT-1", "CASE-77"])
    size = station.log_size()
    asked = pocket.type("pull", "--preview", *LAPTOP)
    assert asked.exit_code == 3
    assert pocket.ask("pull", *LAPTOP, "--yes", exit_code=3)["error"]["code"] == "batch_has_problems"
    assert station.log_size() == size
    assert "Or answer with --take 4 if it is an asset, or --leave-out 4=REASON." in " ".join(asked.out.split())
    assert pocket.ask("pull", "--preview", *LAPTOP, "--take", "4")["rows"] == 2
    (prepared,) = hints(asked)
    assert prepared == ["case", "init", "CASE-77", "--slots", "N"]
    assert station.type(*prepared[:-1], "2").exit_code == 0
    assert pocket.ask("pull", *LAPTOP, "--yes")["committed"] == 1


def test_a_clear_that_asks_something_names_the_option_that_answers_it(pocket: Pocket) -> None:
    """The file of an earlier download that is committed is lost: the refusal says so, and clears with that option."""
    first = pocket.ask("pull", *LAPTOP, "--yes")["download"]
    pocket.desk.now += timedelta(hours=1)
    pocket.scan(slot("CASE-01", 3), "LT-9")
    pocket.ask("pull", *LAPTOP, "--yes")
    (kept,) = pocket.desk.database.parent.rglob(f"{first}*")
    kept.unlink()
    for words in (("clear",), ("pull", "--clear")):
        refused = pocket.type(*words, "--yes")
        assert (refused.exit_code, len(pocket.held())) in {(4, 8), (3, 8)}
        assert "answer with --gaps-looked-at" in refused.err, refused.err
    assert "1 thing is still to be looked at" in pocket.type("clear", "--yes").err
    assert pocket.type("clear", "--yes", "--gaps-looked-at").exit_code == 0
    assert pocket.held() == []


def test_a_return_behind_a_card_that_is_left_out_is_answered_as_the_question_says(station: Desk) -> None:
    """That it is in no slot: with the answer that is printed, nothing of the reading is open any more."""
    scans = [cards.written(Card(CardKind.EVENT, "RETURN")), cards.written(Card(CardKind.CASE, "OUT")), "AT UX", "LT-1"]
    said = ("--scanned-by", "kim", "--event", "RETURN", "--leave-out", "3=misread", "--preview")
    pocket = Pocket(station, scans)
    (asked,) = pocket.ask("pull", *said, exit_code=3)["problems"]
    assert (asked["code"], "Answer with --take 4" in asked["message"]) == ("place_left_out", True)
    taken = pocket.ask("pull", *said, "--take", "4", exit_code=4)
    assert (taken["problems"], [each["code"] for each in taken["refusals"]]) == ([], ["unknown_asset"])
