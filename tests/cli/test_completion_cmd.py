"""Tests of `assettrack.cli.completion_cmd`, and of what a shell is told when it asks for completions."""

import pytest

from tests.cli.conftest import Desk


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_asks_the_program(desk: Desk, shell: str) -> None:
    """The script calls assettrack with the variable by which it recognises such a question."""
    out = desk.tell("completion", shell)
    assert "_ASSETTRACK_COMPLETE" in out
    assert f"{shell}_complete" in out


def test_another_shell_is_a_usage_error(desk: Desk) -> None:
    """A shell that is not known ends with exit code 2."""
    desk.refuse("completion", "tcsh", exit_code=2)


def test_commands_are_completed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asked for what may follow `assettrack a`, the program names its commands with an a."""
    monkeypatch.setenv("_ASSETTRACK_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "assettrack a")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit):
        desk.type()
    assert capsys.readouterr().out.split() == ["plain,acceptance", "plain,asset", "plain,audit", "plain,account"]
