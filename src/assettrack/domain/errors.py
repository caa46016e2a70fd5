"""The catalogue of errors: what can stop a whole operation, each with code, sentence and exit code.

Each class takes facts and builds the sentence: what happened, that nothing was saved,
and what to do next. The families carry the exit codes of DESIGN §10; a base class is
never raised itself. Faces look the exit code up on the class and nowhere else.

The families stand here, with the errors of calls, files, batches and deeds; those of the station's own
database, key, backups and disk stand in `domain.station_errors`.
"""

from collections.abc import Sequence
from typing import Literal

from assettrack.domain.findings import Finding, Illegal, NotAllowed
from assettrack.domain.wording import counted, look_up, quoted


class AssetTrackError(Exception):
    """Something stopped the operation. Never raised itself."""

    code = "error"
    exit_code = 1
    saved: bool | None = False
    """Whether anything was saved; None where that can't be known."""

    @property
    def as_seen(self) -> str:
        """The sentence for who only looked: nothing was to be saved, so it does not say that nothing was."""
        return str(self).replace(" Nothing was saved.", "")


class UsageError(AssetTrackError):
    """The command was not called as it is meant to be. Never raised itself."""

    exit_code = 2


class FileProblemError(AssetTrackError):
    """A file does not look right. Never raised itself."""

    exit_code = 3


class RefusedError(AssetTrackError):
    """The present state does not allow what was asked. Never raised itself."""

    exit_code = 4


class IntegrityError(AssetTrackError):
    """The database or its log is not what it should be. Never raised itself."""

    exit_code = 5


class WaitError(AssetTrackError):
    """Somebody else is at work. Never raised itself."""

    exit_code = 6


# -- usage ---------------------------------------------------------------------------------------------------------


class OperatorUnknown(UsageError):
    """A deed needs to know who does it."""

    code = "operator_unknown"

    def __init__(self) -> None:
        super().__init__(
            "Nobody is named as the operator, and nothing was saved. "
            "Name one with --operator NAME or the variable ASSETTRACK_OPERATOR.",
        )


class AssertsMissing(UsageError):
    """Python was told to leave out the asserts, which say what the program relies on."""

    code = "asserts_missing"

    def __init__(self) -> None:
        super().__init__(
            "Python runs without asserts (-O or PYTHONOPTIMIZE), and AssetTrack does not work without them. "
            "Nothing was saved. Run it as it is installed.",
        )


class ConfirmationMissing(UsageError):
    """A commit needs exactly one of the ways to say whether it is meant."""

    code = "confirmation_missing"

    def __init__(self, *, both: bool) -> None:
        what = "More than one of --preview, --confirm and --yes" if both else "Neither --yes nor --confirm"
        super().__init__(
            f"{what} was given, and nothing was saved. Preview it, then repeat its code with --confirm CODE."
        )


class ValueUnusable(UsageError):
    """An option or argument can't be used as given."""

    code = "value_unusable"

    def __init__(self, name: str, value: str, reason: str) -> None:
        super().__init__(f"{name} {quoted(value)} can't be used: {reason.rstrip('.')}. Nothing was saved.")


# -- files ---------------------------------------------------------------------------------------------------------


MadeOf = Literal["file", "download", "batch"]
"""What a batch is called in a sentence: by the file or the download that it was made of; else it is what was typed."""


class BatchHasProblems(FileProblemError):
    """The file of a batch, or what else it was made of, has problems, so nothing of it can be committed."""

    code = "batch_has_problems"

    def __init__(self, problems: Sequence[Finding], refusals: Sequence[Finding], made_of: MadeOf = "file") -> None:
        self.problems = problems
        self.refusals = refusals
        self.made_of = made_of
        also = f" and {counted(len(refusals), 'refusal')}" if refusals else ""
        next_step = {
            "file": "Mend the file and preview it again.",
            "download": "Look at what is asked of its scans, and answer it.",
            "batch": "Look at each problem: it says what is wrong.",
        }
        super().__init__(
            f"The {made_of} has {counted(len(problems), 'problem')}{also}. Nothing was saved. {next_step[made_of]}"
        )


class FileUnreadable(FileProblemError):
    """A file that was named, other than a batch, can't be opened or is not what it should be."""

    code = "file_unreadable"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} can't be read: {reason}. Nothing was saved. Check the name and the file.")


class FileUnwritable(FileProblemError):
    """A file that was to be made can't be written."""

    code = "file_unwritable"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} can't be written: {reason}. Nothing was saved. Check its folder, and the disk.")


class ListFileWrong(FileProblemError):
    """A file of names can't be read as a list."""

    code = "list_file_wrong"

    def __init__(self, name: str, line: int | None, reason: str) -> None:
        place = f", line {line}" if line else ""
        super().__init__(f"{name}{place}: {reason}. Nothing was saved. Mend the file and try again.")


class CorrectionHasProblems(FileProblemError):
    """A row or an acceptance does not look right with the corrected values in place."""

    code = "correction_has_problems"

    def __init__(self, problems: Sequence[Finding]) -> None:
        self.problems = problems
        self.refusals: Sequence[Finding] = ()
        super().__init__(
            f"With these values the entry has {counted(len(problems), 'problem')}. Nothing was saved. "
            "Mend the values and try again.",
        )


# -- refused by the present state ----------------------------------------------------------------------------------


class BatchRefused(RefusedError):
    """The present state refuses rows of a batch, so nothing of it can be committed."""

    code = "batch_refused"

    def __init__(self, refusals: Sequence[Finding], made_of: MadeOf = "file") -> None:
        self.problems: Sequence[Finding] = ()
        self.refusals = refusals
        self.made_of = made_of
        what = counted(len(refusals), "scan" if made_of == "download" else "row")
        super().__init__(
            f"{what} {'is' if len(refusals) == 1 else 'are'} refused by the present state. "
            "Nothing was saved. Look at each refusal: it says why.",
        )


class DeedRefused(RefusedError):
    """The present state refuses a typed deed; the code is the refusal's own."""

    code = "deed_refused"

    def __init__(self, refusal: NotAllowed) -> None:
        self.code = refusal.code
        super().__init__(f"{refusal.sentence} Nothing was saved.")


class ListRefused(RefusedError):
    """The present state refuses lines of a list, so nothing of it is taken; has the code that the refusals share."""

    code = "list_refused"

    def __init__(self, name: str, refused: Sequence[tuple[int, NotAllowed]]) -> None:
        codes = {refusal.code for _, refusal in refused}
        self.code = codes.pop() if len(codes) == 1 else ListRefused.code
        named = " ".join(f"Line {line}: {refusal.sentence}" for line, refusal in refused[:20])
        more = f" And {len(refused) - 20:,} more." if len(refused) > 20 else ""  # noqa: PLR2004 - the 20 above
        super().__init__(
            f"{counted(len(refused), 'line')} of {name} can't be taken. {named}{more} Nothing was saved. "
            "Mend the file and try again.",
        )


class NotFound(RefusedError):
    """What was asked for does not exist."""

    code = "not_found"

    def __init__(self, what: str, name: str, near: Sequence[str] = ()) -> None:
        hint = f" Known and written almost like it: {', '.join(near)}." if near else ""
        super().__init__(f"There is no {what} {name}.{hint} Nothing was saved. {look_up(what)}")


class PlanStale(RefusedError):
    """The state moved between preview and commit, so the commit would do something else than was shown.

    ``moved`` numbers rows, or (``of``) scans of a download. ``people`` says in a sentence each of whom a name means
    another person by now: of those nothing else would be seen.
    """

    code = "plan_stale"

    def __init__(self, moved: Sequence[int], of: str = "row", people: Sequence[str] = ()) -> None:
        self.problems: Sequence[Finding] = ()
        self.refusals: Sequence[Finding] = ()
        self.moved, self.people = moved, people
        shown = ", ".join(str(row) for row in moved[:20])
        more = f" and {len(moved) - 20} more" if len(moved) > 20 else ""  # noqa: PLR2004 - the 20 above
        rows = of if len(moved) == 1 else f"{of}s"
        super().__init__(
            f"The state moved since the preview: {rows} {shown}{more} would do something else than was shown. "
            f"{''.join(f'{each} ' for each in people)}Nothing was saved. Preview it again.",
        )


class ConfirmCodeWrong(RefusedError):
    """The confirm code does not belong to this file or deed, these options and this state."""

    code = "confirm_code_wrong"

    def __init__(self, code: str, reason: str) -> None:
        self.problems: Sequence[Finding] = ()
        self.refusals: Sequence[Finding] = ()
        super().__init__(f"The confirm code {code} does not fit: {reason}. Nothing was saved. Preview it again.")


class CorrectionRefused(RefusedError):
    """With a correction the history would not be legal any more; names the entries that would not."""

    code = "correction_refused"

    def __init__(self, illegal: Sequence[Illegal]) -> None:
        self.illegal = illegal
        named = " ".join(f"Entry {found.seq}: {found.message}" for found in illegal[:20])
        more = f" And {len(illegal) - 20} more." if len(illegal) > 20 else ""  # noqa: PLR2004 - the 20 above
        super().__init__(
            f"With this correction {counted(len(illegal), 'entry', 'entries')} would not be legal any more. "
            f"{named}{more} Nothing was saved. Check the values, or correct those entries first.",
        )


class CorrectionStale(RefusedError):
    """The state moved between preview and correction, so that it would do something else than was shown.

    ``people`` says in a sentence whom the new name meant then, where it means another person by now.
    """

    code = "correction_stale"

    def __init__(self, seq: int, people: Sequence[str] = ()) -> None:
        super().__init__(
            f"The state moved since the preview: correcting entry {seq} would do something else than was shown. "
            f"{''.join(f'{each} ' for each in people)}Nothing was saved. Preview it again.",
        )


class CountStale(RefusedError):
    """Something moved between the preview of how a count ends and its signing off, so that it would end otherwise."""

    code = "count_stale"

    def __init__(self, moved: Sequence[str]) -> None:
        self.moved = moved
        shown = ", ".join(moved[:20])
        more = f" and {len(moved) - 20:,} more" if len(moved) > 20 else ""  # noqa: PLR2004 - the 20 above
        super().__init__(
            f"Something moved since the preview: {shown}{more} would end otherwise than was shown. "
            "Nothing was saved. Preview it again.",
        )


class FileExists(RefusedError):
    """A file was to be made where one already is."""

    code = "file_exists"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is there already, and was left as it is. Nothing was saved. "
            "Name another file, or replace this one with --force.",
        )
