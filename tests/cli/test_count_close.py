"""`count close`: a count is signed off as it was shown, once, for people and for machines."""

import pytest

from assettrack.cli import confirmation
from assettrack.domain import counts as rules
from tests.cli.conftest import Desk


def test_a_stale_end_names_what_moved(stocked: Desk) -> None:
    """Exit code 4 and the tags that would end otherwise than was shown; nothing is saved."""
    stocked.tell("count", "start", "--everything")
    code = stocked.ask("count", "close", "1", "--preview")["confirm"]
    stocked.tell("count", "scan", "1", "LT-2")
    answer = stocked.ask("count", "close", "1", "--confirm", code, exit_code=4)
    error = answer["error"]
    assert (error["code"], error["saved"], answer["moved"]) == ("count_stale", False, ["LT-2"])
    assert "preview: LT-2 would end otherwise than was shown. Nothing was saved." in error["message"]
    assert stocked.ask("count", "show", "1")["closed"] is None


def test_a_lost_answer_of_an_end(stocked: Desk) -> None:
    """Closed again with the same code, or in one go: exit code 0, the same entry, and nothing happens."""
    stocked.tell("count", "start", "--everything")
    code = stocked.ask("count", "close", "1", "--preview")["confirm"]
    closed = stocked.ask("count", "close", "1", "--remark", "with Bob", "--confirm", code)
    stocked.tell("slot", "vacate", "--asset", "LT-1")
    size = stocked.log_size()
    for words in (("--remark", "with Bob", "--confirm", code), ("--yes",)):
        again = stocked.ask("count", "close", "1", *words)
        assert again == {**closed, "committed": 0, "already_committed": True}
    assert stocked.tell("count", "close", "1", "--yes") == (
        "Nothing happened: count 1 is signed off already, by entry 13: 2 missing.\n"
    )
    shown = stocked.ask("count", "close", "1", "--preview")
    assert (shown["already_committed"], shown["confirm"]) == (True, code)
    assert "--confirm" not in stocked.tell("count", "close", "1", "--preview")
    assert stocked.log_size() == size


@pytest.mark.parametrize(("typed", "exit_code"), [("y", 0), ("n", 130)])
def test_a_person_is_asked_whether_to_sign_off(
    stocked: Desk, monkeypatch: pytest.MonkeyPatch, typed: str, exit_code: int
) -> None:
    """On a terminal the result is shown and asked for; with no nothing is saved. What is done needs no question."""
    monkeypatch.setattr(confirmation, "on_a_terminal", lambda: True)
    asked: list[str] = []

    def prompt(question: str) -> str:
        asked.append(question)
        return typed

    monkeypatch.setattr("click.termui.visible_prompt_func", prompt)
    stocked.tell("count", "start", "--everything")
    answer = stocked.type("count", "close", "1")
    assert answer.exit_code == exit_code
    assert answer.out.startswith("Count 1: everything in storage\n")
    assert ("Not signed off. Nothing was saved." in answer.err) is (typed == "n")
    assert asked == ["Sign count 1 off? [y/N]: "]
    stocked.tell("count", "close", "1", "--yes")
    again = stocked.type("count", "close", "1")
    assert (again.exit_code, len(asked)) == (0, 1)
    assert again.out.endswith("Nothing happened: count 1 is signed off already, by entry 13: 2 missing.\n")


def test_a_result_that_several_entries_tell(stocked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told in the log entry by entry, and the answer names the first and the last of them."""
    monkeypatch.setattr(rules, "EXCEPTIONS_PER_ENTRY_MAX", 1)
    stocked.tell("count", "start", "--everything")
    closed = stocked.ask("count", "close", "1", "--yes")
    assert (closed["committed"], closed["first_seq"], closed["last_seq"]) == (1, 13, 14)
    lines = stocked.tell("audit", "show", "--from", "13").splitlines()[1:]
    assert [line.partition("gcurl  ")[2] for line in lines] == [
        "count 1 signed off: 2 missing",
        "count 1 signed off, continued: 1 more not simply found",
    ]
    assert stocked.ask("audit", "verify")["ok"] is True
