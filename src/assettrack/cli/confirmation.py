"""How a deed is confirmed that shows first what it would do: by its code, in one go, or asked on a terminal.

Owns the options `--preview`, `--confirm` and `--yes`, the rule that exactly one way is taken (DESIGN §5), the question
a person is asked, and what is said of a code. What is shown and saved is the command's own. Must never save anything
that was not confirmed in one of these ways.
"""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

import click
import msgspec

from assettrack.cli import exit_codes, output
from assettrack.cli.invocation import Invocation
from assettrack.domain import errors


class Confirmation(msgspec.Struct, frozen=True):
    """How a deed is confirmed: only previewed, by the code of a preview, in one go, or (none of these) asked."""

    preview: bool
    code: str | None
    yes: bool

    @property
    def is_said(self) -> bool:
        """Whether one of the ways was taken."""
        return self.preview or self.yes or self.code is not None

    def words(self) -> list[str]:
        """Return it as words of a command line."""
        said = (("--preview", self.preview), ("--yes", self.yes))
        return [word for word, is_so in said if is_so] + (["--confirm", self.code] if self.code is not None else [])


class Shown(NamedTuple):
    """What a person was shown before the question: its code, and the question; None where nothing is left to ask."""

    code: str | None
    question: str | None


def confirmation_options(*, yes: str, preview: str | None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what gives a command the options of a confirmation, handed over as one ``how``.

    ``yes`` and ``preview`` are the help of these two; a command that is previewed by another one has no ``preview``.
    More than one of them stops the command before it begins (errors.ConfirmationMissing).
    """

    def giving(function: Callable[..., Any]) -> Callable[..., Any]:
        shows = "--preview" if preview else "the preview"
        options = [
            click.option("--confirm", metavar="CODE", help=f"The code that {shows} showed."),
            click.option("--yes", is_flag=True, help=yes),
        ]
        if preview is not None:
            options.insert(0, click.option("--preview", is_flag=True, help=preview))

        @wraps(function)
        def gathering(*args: object, confirm: str | None, yes: bool, preview: bool = False, **rest: object) -> object:
            if preview + yes + (confirm is not None) > 1:
                raise errors.ConfirmationMissing(both=True)
            return function(*args, how=Confirmation(preview, confirm, yes), **rest)

        taking: Callable[..., Any] = gathering
        for option in reversed(options):
            taking = option(taking)
        return taking

    return giving


def carry_out(
    call: Invocation,
    how: Confirmation,
    *,
    show: Callable[[], Shown],
    save: Callable[[str | None], None],
    undone: str,
) -> int:
    """Save what is confirmed, and return the exit code; where no way is taken, show it and ask a person first.

    ``save`` is handed the code of what was shown, or None where it is to be decided and saved in one go. ``undone``
    says what it is not where the answer is no, as in "Not committed".

    Raises:
        errors.ConfirmationMissing: no way is taken, and there is nobody to ask.
    """
    assert not how.preview, "a preview is not carried out"
    code = how.code
    if not how.is_said:
        if call.json or not on_a_terminal():
            raise errors.ConfirmationMissing(both=False)
        shown = show()
        if shown.question is not None and not click.confirm(shown.question):
            output.tell(f"{undone}. Nothing was saved.")
            return exit_codes.INTERRUPTED
        code = shown.code
    save(code)
    return exit_codes.DONE


def how_to_confirm(deed: str, code: str | None) -> str:
    """Return the line at the end of a preview that says how to do ``deed``, exactly as it was shown."""
    return f"To {deed}, repeat the command with --confirm {code}"


def on_a_terminal() -> bool:
    """Tell whether a person can be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
