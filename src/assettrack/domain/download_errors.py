"""The errors of downloads: keeping what a scanner held, finding it again, clearing it. A part of the catalogue.

The families and what every sentence says stand in `domain.errors`.
"""

import re
from collections.abc import Sequence

from assettrack.domain.errors import AssetTrackError, FileProblemError, RefusedError
from assettrack.domain.findings import Finding
from assettrack.domain.station_errors import CommitUncertain
from assettrack.domain.wording import batches_named, counted

QUESTIONS_NAMED = 3
"""So many questions are told in one sentence."""

BY_HAND = (
    "If such a scan is to count, write a row for it, with its time, into a batch file. Preview that file, then commit "
    "it."
)
"""What to do about a scan that was left out, wherever it is said."""


class SpoolUnusable(FileProblemError):
    """The place where downloads are kept can't be read or written, so no scanner is cleared.

    ``is_reading`` says that what is kept was only to be looked at: no scanner may be concerned then.
    """

    code = "spool_unusable"

    def __init__(self, path: str, reason: str, *, is_reading: bool = False) -> None:
        what, next_step = "used", "The scanner still holds its scans. Mend that, then pull again."
        if is_reading:
            what, next_step = "read", "No scanner is cleared as long as that is so. Mend that, then try again."
        super().__init__(
            f"{path}, where the scans of a scanner are kept, can't be {what}: {reason}. Nothing was saved. {next_step}"
        )


class DownloadDamaged(FileProblemError):
    """The kept file of a download is damaged; ``is_latest`` says that none is named, and this one may be meant."""

    code = "download_damaged"

    def __init__(self, name: str, reason: str, *, is_latest: bool = False) -> None:
        what = f"{name}, the latest of its scanner, is damaged" if is_latest else f"{name} is damaged"
        other = " Or name the download that you mean: the list of downloads has them all." if is_latest else ""
        super().__init__(
            f"Download {what}: {reason}. No other is taken instead. Nothing was saved. Put a good copy of it in its "
            f"place, or pull again while the scanner still holds its scans.{other}"
        )


class ScannerEmpty(RefusedError):
    """The scanner holds no scans; ``download`` is what it is still to be cleared of by the log, blank where nothing."""

    code = "scanner_empty"

    def __init__(
        self,
        serial: str,
        what: str = "holds no scans",
        next_step: str = "Check that it is the right one.",
        *,
        download: str = "",
    ) -> None:
        super().__init__(f"Scanner {serial} {what}. Nothing was saved. {next_step}")
        self.download = download

    @classmethod
    def cleared(cls, serial: str, seq: int) -> "ScannerEmpty":
        """Return the error of one that was cleared of what was pulled from it last, by an entry of the log."""
        what = f"is cleared already (entry {seq:,} of the log), it holds no scans"
        return cls(serial, what, "Start the next round: it can go out again.")

    @classmethod
    def to_be_cleared(cls, serial: str, name: str, how: str) -> "ScannerEmpty":
        """Return the error of one of which only the clear is wanting; ``how`` says what became of that download."""
        what = f"holds no scans. What was pulled from it last, {name}, is {how}, and the log has no clear of it"
        return cls(serial, what, "Complete and log the clear with: assettrack scanner clear.", download=name)


class ClearTooEarly(RefusedError):
    """What the scanner holds is not in the database yet, so that clearing it could lose scans.

    ``questions`` are those that are to be answered before it is known whether it is.
    """

    code = "clear_too_early"

    def __init__(self, reason: str, questions: Sequence[Finding] = ()) -> None:
        self.questions = tuple(questions)
        next_step = "Look at them, and commit all of them first."
        if questions:
            next_step = "Answer what is asked, commit what is still to be committed, then clear it."
        super().__init__(
            f"The scanner was not cleared: {reason}. Nothing was saved. It still holds its scans. {next_step}"
        )

    @classmethod
    def asking(cls, questions: Sequence[Finding]) -> "ClearTooEarly":
        """Return the error of scans about which something is still asked."""
        things = f"{counted(len(questions), 'thing')} {'is' if len(questions) == 1 else 'are'}"
        named = " ".join(each.message for each in questions[:QUESTIONS_NAMED])
        return cls(f"{things} still to be looked at ({named})", questions)


class ClearNotLogged(AssetTrackError):
    """The scanner was cleared of what had been committed, and the entry that says so could not be written."""

    code = "clear_not_logged"

    def __init__(self, serial: str, reason: str, *, is_certain: bool = True) -> None:
        """Take why, without a full stop; ``is_certain`` is False where the entry may have been written all the same."""
        entry = f"the entry that says so could not be written ({reason}), and nothing was saved."
        if not is_certain:
            self.saved = None
            entry = (
                f"the entry that says so may be missing ({reason}). Either all of it was saved or nothing was saved."
            )
        super().__init__(
            f"Scanner {serial} was cleared of scans that are all committed and kept, so that none is lost. Only "
            f"{entry} Mend that, then clear the scanner once more, before anything is scanned: it is empty, and only "
            "the entry is written."
        )

    @classmethod
    def because_of(cls, serial: str, error: AssetTrackError) -> "ClearNotLogged":
        """Return the error of an entry that could not be written, without what the other says of its own deed."""
        if isinstance(error, CommitUncertain):
            return cls(serial, error.reason, is_certain=False)
        return cls(serial, re.split(r"(?:, and)? nothing was saved", str(error), flags=re.IGNORECASE)[0].rstrip("."))


class AnswersUnusable(RefusedError):
    """Answers were given about scans that the download does not have."""

    code = "answers_unusable"

    def __init__(self, numbers: Sequence[int], scans: int) -> None:
        named = ", ".join(map(str, numbers[:10]))
        super().__init__(
            f"There is no scan {named}: this download has scans 1 to {scans}. Nothing was saved. Look at their numbers "
            "again."
        )


class NothingScanned(RefusedError):
    """No row comes of a download's scans, so that there is nothing to commit."""

    code = "nothing_scanned"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"No asset was scanned in {name}, or all are left out: there is nothing to commit. Nothing was saved. Look "
            "at its scans; if that is right, the scanner can be cleared."
        )


class AnswersTooLate(RefusedError):
    """Something else is answered about scans than what they were committed with."""

    code = "answers_too_late"

    def __init__(self, numbers: Sequence[int], batch_id: int, left_out: Sequence[tuple[int, str]] = ()) -> None:
        """Take the scans, their batch, and those among them that it left out, each with the reason given then."""
        named = ", ".join(map(str, numbers[:10]))
        which = "; ".join(f"scan {number} (because: {reason})" for number, reason in left_out[:10])
        by_hand = f" That batch left out {which}, and did not record it. {BY_HAND}" if left_out else ""
        super().__init__(
            f"Scan {named} was dealt with in batch {batch_id} and stays as it was then. Nothing was saved. Name "
            f"other scans only in the answers; what is wrong in a batch is corrected there.{by_hand}"
        )


class LeftOutBefore(RefusedError):
    """Nothing of a download is open, and what is answered now would take a scan that was left out for good."""

    code = "left_out_before"

    def __init__(self, said: str) -> None:
        """Take the sentence that names the scans, as `left_out_scans.left_out_said` makes it."""
        super().__init__(
            f"{said} These answers would take what was left out, and it stays as it was then. Nothing was saved. "
            f"{BY_HAND} To go on without it, say it without these answers, or leave the same scans out again."
        )


class DownloadMoved(RefusedError):
    """What is recorded of a scanner's scans changed while its download was being committed."""

    code = "download_moved"

    def __init__(self, serial: str) -> None:
        super().__init__(
            f"Scans of scanner {serial} were committed by somebody else just now. Nothing was saved. Preview the "
            "download again."
        )


class FileMoved(RefusedError):
    """What is recorded of a file's scans changed while it was being committed."""

    code = "file_moved"

    def __init__(self) -> None:
        super().__init__(
            "Scans of this file were committed by somebody else just now. Nothing was saved. Preview the file again."
        )


class ConfirmedOtherwise(RefusedError):
    """The scans of a download were committed otherwise than somebody confirmed: other scans, or with other options."""

    code = "confirmed_otherwise"

    def __init__(self, numbers: Sequence[int], batches: Sequence[int], options: Sequence[str] = ()) -> None:
        named = ", ".join(map(str, numbers[:10]))
        self.recorded_in = tuple(batches)
        what = "; ".join([*([f"scan {named} became something else"] if numbers else []), *options])
        super().__init__(
            f"The scans of this download were committed meanwhile, in {batches_named(batches)}, and otherwise than you "
            f"confirmed: {what}. Nothing was saved. Look at that batch, and at the download once more; what is "
            "wrong in the batch is corrected there."
        )


class ConfirmedUnknown(RefusedError):
    """The scans of a download are committed, and nobody can tell any more whether as somebody confirmed."""

    code = "confirmed_unknown"

    def __init__(self, confirm: str, batches: Sequence[int]) -> None:
        self.recorded_in = tuple(batches)
        super().__init__(
            f"The scans of this download are committed, in {batches_named(batches)}. Whether that is what you "
            f"confirmed can't be compared any more: what was shown with the code {confirm[:20]} is not known here. "
            "Nothing was saved. Look at that batch, and at the download once more; what is wrong in the batch "
            "is corrected there."
        )


_NAMED = 5
"""So many downloads are named in one sentence."""


def _either(commands: Sequence[str]) -> str:
    return "; or: ".join(commands[:_NAMED])


class DownloadMissing(RefusedError):
    """No download of this name is kept, or (None) none at all."""

    code = "download_missing"

    def __init__(self, name: str | None) -> None:
        if name is None:
            what = "Nothing is kept that was pulled from a scanner"
            next_step = "Start with: assettrack scanner pull."
        else:
            what = f"No download is kept, or more than one, that is named {name} or begins so"
            next_step = "Look at what is kept with: assettrack scanner downloads."
        super().__init__(f"{what}. Nothing was saved. {next_step}")


class DownloadUnnamed(RefusedError):
    """No download is named, and those of several scanners can be meant; ``commands`` name each of them, in order.

    Those of ``waiting`` are still to be committed; ``leaving_out`` are the commands that put these out of the way.
    """

    code = "download_unnamed"

    def __init__(
        self,
        names: Sequence[str],
        commands: Sequence[str] = (),
        *,
        waiting: Sequence[str] = (),
        leaving_out: Sequence[str] = (),
    ) -> None:
        self.names = tuple(names)
        self.waiting = tuple(waiting)
        named, more = ", ".join(names[:_NAMED]), len(names) - _NAMED
        others = f" and {more:,} more" if more > 0 else ""
        how = f": {_either(commands)}." if commands else ": the list of downloads has them all."
        out = f" One that will never be committed is left out with: {_either(leaving_out)}." if leaving_out else ""
        all_of_them = " They are all listed by: assettrack scanner downloads." if commands and others else ""
        super().__init__(
            f"Which download is meant can't be told, for several scanners were pulled: {named}{others}. Nothing was "
            f"saved. Name one of them{how}{out}{all_of_them}"
        )


class ClockSetTooEarly(RefusedError):
    """The scanner holds scans that were not pulled, whose times are told by its clock as it is."""

    code = "clock_set_too_early"

    def __init__(self, serial: str, scans: int) -> None:
        super().__init__(
            f"The clock of scanner {serial} was not set: it holds {counted(scans, 'scan')}, not all of them pulled, "
            "and their times could not be told any more. Nothing was saved. Start with: assettrack scanner pull."
        )


class ConfiguredTooEarly(RefusedError):
    """The scanner drops repeated scans and holds some that were not pulled: how it is set is all that tells of it."""

    code = "configured_too_early"

    def __init__(self, serial: str, scans: int) -> None:
        super().__init__(
            f"Scanner {serial} was not set to keep repeated scans: it holds {counted(scans, 'scan')}, not all of them "
            "pulled since, and nobody could see any more that cards among them may have been dropped. Nothing was "
            "saved. Start with: assettrack scanner pull."
        )


class DownloadDealtWith(RefusedError):
    """A download was dealt with already, so that it can't be left out whole, or isn't meant where none is named."""

    code = "download_dealt_with"

    def __init__(self, name: str, how: str, next_step: str) -> None:
        super().__init__(f"Download {name} {how}. Nothing was saved. {next_step}")

    @classmethod
    def committed(cls, name: str, batch_id: int) -> "DownloadDealtWith":
        """Return the error of one that became a batch."""
        return cls(name, f"is committed, as batch {batch_id}", "Look at that batch: what is wrong is corrected there.")

    @classmethod
    def elsewhere(cls, name: str, batches: Sequence[int]) -> "DownloadDealtWith":
        """Return the error of one that became no batch, though batches have all of its scans."""
        how = f"became no batch itself, and all of its scans are dealt with in {batches_named(batches)}"
        return cls(name, how, "Look there: what is wrong in a batch is corrected there.")

    @classmethod
    def cleared(cls, name: str, seq: int) -> "DownloadDealtWith":
        """Return the error of one that the scanner was cleared of."""
        how = f"is out of the way already: its scanner was cleared of it, by entry {seq:,} of the log"
        return cls(name, how, "Look at that entry.")

    @classmethod
    def left_out(cls, name: str, said: str, command: str = "") -> "DownloadDealtWith":
        """Return the error of one that is left out whole, where none is named; ``command`` commits it all the same.

        ``said`` is when it was left out, by which entry and why.
        """
        how = f"is the latest, and was left out whole {said}"
        by_name = f"If it is to count after all, commit it by its name: {command}."
        return cls(name, how, by_name if command else "Name the one you mean.")
