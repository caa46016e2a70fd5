"""The catalogue of errors: what can stop a whole operation, each with code, sentence and exit code.

Each class takes facts and builds the sentence: what happened, that nothing was saved,
and what to do next. The families carry the exit codes of DESIGN §10; a base class is
never raised itself. Faces look the exit code up on the class and nowhere else.
"""

from collections.abc import Sequence

from assettrack.domain.findings import Finding, Illegal, NotAllowed
from assettrack.domain.wording import counted, look_up


class AssetTrackError(Exception):
    """Something stopped the operation. Never raised itself."""

    code = "error"
    exit_code = 1
    saved = False


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
        super().__init__(f"{name} {value!r} can't be used: {reason}. Nothing was saved.")


# -- files ---------------------------------------------------------------------------------------------------------


class BatchHasProblems(FileProblemError):
    """The file of a batch has problems, so nothing of it can be committed."""

    code = "batch_has_problems"

    def __init__(self, problems: Sequence[Finding], refusals: Sequence[Finding]) -> None:
        self.problems = problems
        self.refusals = refusals
        also = f" and {counted(len(refusals), 'refusal')}" if refusals else ""
        super().__init__(
            f"The file has {counted(len(problems), 'problem')}{also}. Nothing was saved. "
            "Mend the file and preview it again.",
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
    """A row with the corrected values in place does not look right."""

    code = "correction_has_problems"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The corrected row does not look right: {reason} Nothing was saved. Mend the values and try again."
        )


# -- refused by the present state ----------------------------------------------------------------------------------


class BatchRefused(RefusedError):
    """The present state refuses rows of a batch, so nothing of it can be committed."""

    code = "batch_refused"

    def __init__(self, refusals: Sequence[Finding]) -> None:
        self.problems: Sequence[Finding] = ()
        self.refusals = refusals
        super().__init__(
            f"{counted(len(refusals), 'row')} {'is' if len(refusals) == 1 else 'are'} refused by the present state. "
            "Nothing was saved. Preview it to see why.",
        )


class DeedRefused(RefusedError):
    """The present state refuses a typed deed; the code is the refusal's own."""

    code = "deed_refused"

    def __init__(self, refusal: NotAllowed) -> None:
        self.code = refusal.code
        super().__init__(f"{refusal.sentence} Nothing was saved.")


class NotFound(RefusedError):
    """What was asked for does not exist."""

    code = "not_found"

    def __init__(self, what: str, name: str, near: Sequence[str] = ()) -> None:
        hint = f" Known and written almost like it: {', '.join(near)}." if near else ""
        super().__init__(f"There is no {what} {name}.{hint} Nothing was saved. {look_up(what)}")


class PlanStale(RefusedError):
    """The state moved between preview and commit, so the commit would do something else than was shown."""

    code = "plan_stale"

    def __init__(self, moved: Sequence[int]) -> None:
        self.problems: Sequence[Finding] = ()
        self.refusals: Sequence[Finding] = ()
        self.moved = moved
        shown = ", ".join(str(row) for row in moved[:20])
        more = f" and {len(moved) - 20} more" if len(moved) > 20 else ""  # noqa: PLR2004 - the 20 above
        rows = "row" if len(moved) == 1 else "rows"
        super().__init__(
            f"The state moved since the preview: {rows} {shown}{more} would do something else than was shown. "
            "Nothing was saved. Preview it again.",
        )


class ConfirmCodeWrong(RefusedError):
    """The confirm code does not belong to this file, these options and this state."""

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
    """The state moved between preview and correction, so that it would do something else than was shown."""

    code = "correction_stale"

    def __init__(self, seq: int) -> None:
        super().__init__(
            f"The state moved since the preview: correcting entry {seq} would do something else than was shown. "
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


class DatabaseMissing(RefusedError):
    """There is no database where one was expected."""

    code = "database_missing"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"There is no AssetTrack database at {path}. Make one with: assettrack init. Nothing was saved."
        )


class DatabaseForeign(RefusedError):
    """The file is not an AssetTrack database."""

    code = "database_foreign"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"{path} is not an AssetTrack database: {reason}. Nothing was saved. Name the right file with --db.",
        )


class DatabaseVersionDiffers(RefusedError):
    """The database was made by an older or newer version of this program."""

    code = "database_version_differs"

    def __init__(self, path: str, found: int, expected: int) -> None:
        advice = (
            "Run init to bring it up to date (a backup is made first)"
            if found < expected
            else "It was made by a newer AssetTrack: install that version, or run init with it"
        )
        super().__init__(f"{path} has schema {found}, this program works with {expected}. {advice}. Nothing was saved.")


class KeyUnusable(RefusedError):
    """The station's signing key is not there or can't be used, so nothing can be committed."""

    code = "key_unusable"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"The signing key {path} can't be used: {reason}. Nothing was saved. Put the key back from its backup; "
            "without it this station can read and verify, but not commit.",
        )


class StorageFailed(AssetTrackError):
    """The disk or the operating system failed a read or write; the database is as it was."""

    code = "storage_failed"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The database could not be read or written: {reason}. Nothing was saved. "
            "Check the disk (free space, rights, cable), then run doctor.",
        )


class CommitUncertain(AssetTrackError):
    """The disk failed in the very moment of saving: all of it may be there, or nothing, but never a part."""

    code = "commit_uncertain"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The disk failed in the moment of saving ({reason}). Either all of it was saved or nothing was saved. "
            "Check the disk, then look with asset show or audit show; a batch can simply be committed again, and the "
            "answer says whether it already was.",
        )


class BackupNotLogged(AssetTrackError):
    """A backup was made and is good, but its entry could not be written."""

    code = "backup_not_logged"

    def __init__(self, file: str, error: AssetTrackError) -> None:
        super().__init__(
            f"The backup {file} is made and good, but nothing was saved about it in the log ({error.code}). "
            "Keep it; it can be restored like any other. Run doctor, then make the next one.",
        )


class DatabaseDamaged(IntegrityError):
    """The database file is damaged."""

    code = "database_damaged"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The database is damaged: {reason}. Nothing was saved. Keep the file as it is and restore a backup.",
        )


class DatabaseOlder(IntegrityError):
    """The database does not hold what this station is known to have signed: another copy stands in its place."""

    code = "database_older"

    def __init__(self, entries: int, known: int) -> None:
        super().__init__(
            f"This database of {entries} entries does not hold what a checkpoint of {known} entries states that is "
            "known here: it is an older or another copy. Nothing was saved. Put the right one back with restore; if "
            f"this one is meant, say so: assettrack restore --at {entries} --reason WHY.",
        )


class BackupDamaged(IntegrityError):
    """A backup is not what its manifest says, or its manifest is none."""

    code = "backup_damaged"

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"The backup {file} is not good: {reason}. Nothing was changed. Use another backup.")


class StateImpossible(IntegrityError):
    """The database refused to store an impossible state: the program and its constraints disagree."""

    code = "state_impossible"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The database refused an impossible state ({reason}). Nothing was saved. Run audit verify.",
        )


class DatabaseBusy(WaitError):
    """Another process is writing and did not finish in time."""

    code = "database_busy"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"Another process is writing to the database and did not finish within {seconds:g} seconds. "
            "Nothing was saved. Try again in a moment.",
        )
