"""Answers that break off in the middle, pipes that nobody writes into, and file systems that nobody can write to."""

import os
from pathlib import Path

import apsw
import pytest

from assettrack.cli import batch_file
from tests.cli.conftest import Desk


def tamper(desk: Desk, statement: str) -> None:
    """Change the file behind the program's back, with the one trigger that stops it out of the way."""
    connection = apsw.Connection(str(desk.database))
    (trigger,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'audit_log_keeps'").fetchall()[0]
    connection.execute("DROP TRIGGER audit_log_keeps")
    connection.execute(statement)
    connection.execute(str(trigger))
    connection.close()


@pytest.mark.parametrize("body", ["'nope'", "''", "CAST(x'ff' AS TEXT)"])
@pytest.mark.parametrize("seq", [1, 2, 3])
def test_an_answer_that_breaks_off_is_one_object_with_its_error(desk: Desk, body: str, seq: int) -> None:
    """Where an entry can't be read, the array so far is ended and the error stands beside it in the same object."""
    desk.tell("init", "--timezone", "UTC")
    for name in ("CASE-01", "CASE-02"):
        desk.tell("case", "init", name, "--slots", "2")
    tamper(desk, f"UPDATE audit_log SET body = {body} WHERE seq = {seq}")

    answer = desk.ask("audit", "show", exit_code=5)

    assert [entry["seq"] for entry in answer["entries"]] == list(range(1, seq))
    assert (answer["error"]["code"], answer["error"]["saved"]) == ("database_damaged", False)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_into_which_nobody_writes_is_a_problem(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever: after a while the pipe is a file that can't be opened."""
    monkeypatch.setattr(batch_file, "PIPE_PATIENCE_SECONDS", 0.01)
    desk.tell("init", "--timezone", "UTC")
    pipe = desk.folder / "pipe"
    os.mkfifo(pipe)

    (problem,) = desk.ask("preview", str(pipe), exit_code=3)["problems"]

    assert problem["code"] == "file_unreadable"
    assert "nothing comes out of it" in problem["message"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_the_place_of_the_key_is_no_key(desk: Desk) -> None:
    """A commit does not wait for a key to come out of a pipe."""
    desk.tell("init", "--timezone", "UTC")
    (key,) = Path(desk.folder).rglob("*.key")
    key.unlink()
    os.mkfifo(key, 0o600)

    assert desk.refuse("holder", "add", "Ann Lee", exit_code=4)["code"] == "key_unusable"


def test_a_name_that_is_no_text_is_refused(desk: Desk) -> None:
    """A database whose name the engine can't take, and one that is blank, are refused before anything is opened."""
    for name in ("\udcfe.db", " "):
        assert desk.refuse("case", "list", "--db", name, exit_code=2)["code"] == "value_unusable"


def test_a_station_keeps_its_zone_and_says_so(desk: Desk) -> None:
    """A second init with another zone changes nothing, and whoever typed it is told."""
    desk.tell("init", "--timezone", "UTC")

    answer = desk.type("init", "--timezone", "Europe/Berlin")

    assert (answer.exit_code, "keeps the time zone" in answer.err) == (0, True)
