"""How deeds are confirmed: the same options, the same rule and the same question, whichever command it is."""

from collections.abc import Iterator

import click
import pytest

from assettrack.cli import confirmation
from assettrack.cli.commands import assettrack
from assettrack.cli.confirmation import Confirmation
from tests.cli.conftest import Desk

CODE = "K7QF-2M9X"

DEEDS = {
    "commit": ("commit", "second.csv"),
    "issue": ("issue", "LT-1", "--to", "Jane Smith"),
    "return": ("return", "LT-3", "--slot", "CASE-02", "1"),
    "transfer": ("transfer", "LT-3", "--to", "Bob Lee", "--new-holders"),
    "retire": ("retire", "LT-1", "--reason", "broken"),
    "replace": ("replace", "LT-1", "LT-9", "--reason", "broken"),
    "correct": ("correct", "6", "--set", "slot_number=2", "--reason", "misread"),
    "count close": ("count", "close", "1"),
    "count check-case": ("count", "check-case", "CASE-01", "LT-1"),
    "restore": ("restore", "--at", "11", "--reason", "a trial"),
}
"""Each command that is confirmed, with what it needs at the station with a count begun."""


@pytest.fixture
def counting(stocked: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The stocked station with a count begun, and a second batch at hand."""
    stocked.tell("count", "start", "--case", "CASE-02")
    stocked.batch("LT-7,2026-02-01T08:00:00Z,SCAN,anna,,CASE-01,7,laptop,", name="second.csv")
    monkeypatch.chdir(stocked.folder)
    return stocked


def log(station: Desk) -> list[object]:
    """The entries of the log, to see whether anything was saved."""
    found = station.ask("audit", "show")["entries"]
    assert isinstance(found, list)
    return found


def leaves(group: click.Group, *above: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that is no group, with its whole name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from leaves(found, *above, name)
        else:
            yield " ".join((*above, name)), found


def test_every_confirmed_command_has_the_same_options() -> None:
    """Who has one of --confirm and --yes has both; --preview has a command of its own only for what is in a file.

    What is done to a scanner has no plan that a code could stand for: it is done with --yes, or asked.
    """
    confirmed = {}
    for name, command in leaves(assettrack):
        options = {word for option in command.params for word in option.opts} & {"--preview", "--confirm", "--yes"}
        if options:
            confirmed[name] = options
    scanner = {name: confirmed.pop(name) for name in list(confirmed) if name.startswith("scanner ")}
    for name in ("scanner pull", "scanner commit"):
        assert {"--confirm", "--yes"} <= scanner.pop(name)
    assert all(options == {"--yes"} for options in scanner.values()), scanner
    assert confirmed.keys() == DEEDS.keys()
    assert confirmed.pop("commit") == {"--confirm", "--yes"}
    assert all(options == {"--preview", "--confirm", "--yes"} for options in confirmed.values())


@pytest.mark.parametrize("name", DEEDS)
@pytest.mark.parametrize(
    "ways", [("--yes", "--confirm", CODE), ("--preview", "--yes"), ("--preview", "--confirm", CODE)]
)
def test_one_way_is_taken(counting: Desk, name: str, ways: tuple[str, ...]) -> None:
    """More than one of them: exit code 2, and nothing is saved."""
    if name == "commit" and "--preview" in ways:
        ways = ("--yes", "--confirm", "")  # a blank code was said too
    before = log(counting)
    error = counting.refuse(*DEEDS[name], *ways, exit_code=2)
    assert error["code"] == "confirmation_missing"
    assert error["message"].startswith("More than one of --preview, --confirm and --yes was given")
    assert log(counting) == before


@pytest.mark.parametrize("name", DEEDS)
def test_without_a_terminal_nobody_is_asked(counting: Desk, name: str) -> None:
    """None of them where nobody can be asked: exit code 2, and nothing is saved."""
    before = log(counting)
    error = counting.refuse(*DEEDS[name], exit_code=2)
    assert error["code"] == "confirmation_missing"
    assert error["message"].startswith("Neither --yes nor --confirm was given")
    assert log(counting) == before


@pytest.mark.parametrize("name", DEEDS)
@pytest.mark.parametrize("answer", [True, False])
def test_on_a_terminal_a_person_is_asked(
    counting: Desk, monkeypatch: pytest.MonkeyPatch, name: str, *, answer: bool
) -> None:
    """What would be done is shown, and one question asked: no saves nothing, exit code 130; yes saves that."""
    questions = []

    def asked(question: str) -> bool:
        questions.append(question)
        return answer

    monkeypatch.setattr(confirmation, "on_a_terminal", lambda: True)
    monkeypatch.setattr("click.confirm", asked)
    before = log(counting)
    said = counting.type(*DEEDS[name])
    assert [question.endswith("?") for question in questions] == [True]
    assert said.out
    if answer:
        assert said.exit_code == 0
        assert log(counting) != before
    else:
        assert said.exit_code == 130
        assert said.err.startswith("Not ")
        assert said.err.endswith(". Nothing was saved.\n")
        assert log(counting) == before


@pytest.mark.parametrize(
    ("words", "meanwhile"),
    [
        (DEEDS["issue"], ("slot", "move", "LT-1", "CASE-02", "4")),
        (DEEDS["commit"], ("slot", "assign", "LT-2", "CASE-01", "7")),
        (DEEDS["restore"], ("holder", "add", "Zoe Quill")),
    ],
)
def test_what_moved_while_a_person_thought_stops_it(
    counting: Desk, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], meanwhile: tuple[str, ...]
) -> None:
    """Yes was said to what was shown, so that anything else is refused as it is with a code: exit code 4."""

    def asked(_question: str) -> bool:
        counting.tell(*meanwhile)
        return True

    monkeypatch.setattr(confirmation, "on_a_terminal", lambda: True)
    monkeypatch.setattr("click.confirm", asked)
    before = log(counting)
    assert counting.type(*words).exit_code == 4
    assert len(log(counting)) == len(before) + 1  # what was done meanwhile, and nothing else


@pytest.mark.parametrize("name", [name for name in DEEDS if name != "commit"])
def test_a_preview_ends_with_how_to_do_it(counting: Desk, name: str) -> None:
    """Its last line tells the code, and with that code just this is done; with another one nothing is."""
    shown = counting.tell(*DEEDS[name], "--preview")
    last = shown.splitlines()[-1]
    assert last.startswith("To ")
    code = last.rpartition(", repeat the command with --confirm ")[2]
    before = log(counting)
    wrong = "0000-0000" if code != "0000-0000" else CODE
    assert counting.refuse(*DEEDS[name], "--confirm", wrong, exit_code=4)["code"] == "confirm_code_wrong"
    assert log(counting) == before
    counting.tell(*DEEDS[name], "--confirm", code)
    assert log(counting) != before


def test_what_is_said_is_known() -> None:
    """Only where none of the ways was taken there is somebody to ask."""
    assert not Confirmation(preview=False, code=None, yes=False).is_said
    assert Confirmation(preview=True, code=None, yes=False).is_said
    assert Confirmation(preview=False, code="", yes=False).is_said
    assert Confirmation(preview=False, code=None, yes=True).is_said
