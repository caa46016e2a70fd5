"""The errors of the browser station: signing in, sessions, queues and drafts. A part of the catalogue.

The families and what every sentence says stand in `domain.errors`.
"""

from collections.abc import Sequence
from typing import Literal

from assettrack.domain.errors import AssetTrackError, RefusedError, UsageError
from assettrack.domain.tags import Place
from assettrack.domain.wording import counted

ASSETS_NAMED = 10
"""So many assets are named of those that came on a list."""


class DeskNotKept(AssetTrackError):
    """The disk failed while something was stored at the desk: a scan, a list, a session. No deed was being saved."""

    code = "desk_not_kept"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"This could not be stored at the station: {reason}. Nothing was saved. Check the station's disk (free "
            "space, rights, cable), then do it again. Only a scan that was not taken because of this has to be scanned "
            "again: what the station had taken before is kept."
        )


class SignInRefused(RefusedError):
    """The name, the password or the code was not right; it is not said which.

    Named is only what was asked for: whoever is signed in already gives no name.
    """

    code = "sign_in_refused"

    def __init__(self, asked: str = "The name, the password or the code") -> None:
        super().__init__(f"{asked} is not right. Nothing was saved. Try again.")


class SignInThrottled(RefusedError):
    """Signing in failed so often in a row that the next try has to wait."""

    code = "sign_in_throttled"

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            f"Signing in failed too often. Nothing was saved. Wait {counted(seconds, 'second')}, then try again; "
            "an admin can give you a one-time password."
        )


class SetupLinkUnusable(RefusedError):
    """The one-time link was used, is too old, or was never made."""

    code = "setup_link_unusable"

    def __init__(self) -> None:
        super().__init__(
            "This setup link was used before, is too old, or was never made. Nothing was saved. "
            "Start assettrack serve anew: it prints a link for as long as there is no account."
        )


class CallerBarred(RefusedError):
    """Whoever asked for a deed lost the right to it before it was written."""

    code = "caller_barred"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} may not do this any more: the account, its role, its password or its token was changed while this "
            "was being done. Nothing was saved. Try to sign in anew, or ask an admin."
        )


class QueueClosed(RefusedError):
    """The queue became a batch, or was cleared away, meanwhile."""

    code = "queue_closed"

    def __init__(self) -> None:
        super().__init__("This queue was committed or cleared meanwhile. Nothing was saved. Open the intake page anew.")


class QueueCommitting(RefusedError):
    """The scans of the queue are being committed, so that they can't be changed."""

    code = "queue_committing"

    def __init__(self) -> None:
        super().__init__(
            "This queue is being committed. Nothing was saved. "
            "Wait until it is done, then look at the queue and at the batch that it became."
        )


class QueueChanged(RefusedError):
    """The queue changed in another tab while something was to be done with all of it."""

    code = "queue_changed"

    def __init__(self) -> None:
        super().__init__(
            "This queue changed meanwhile, perhaps in another tab. Nothing was saved. "
            "Look at the queue as it is now, then do it again."
        )


class ScanGone(RefusedError):
    """The scan is not in the open queue any more."""

    code = "scan_gone"

    def __init__(self, numbers: Sequence[int]) -> None:
        named = f"Scan {numbers[0]} is" if len(numbers) == 1 else f"Scans {', '.join(map(str, numbers))} are"
        super().__init__(
            f"{named} not in your queue any more: removed, cleared or committed meanwhile. Nothing was saved. "
            "Look at the queue as it is now."
        )


class ScanChanged(RefusedError):
    """The scan is not any more what the page showed of it."""

    code = "scan_changed"

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Scan {number} is not as it was shown: it was changed meanwhile, perhaps in another tab. "
            "Nothing was saved. Look at the queue as it is now, then do it again."
        )


class ScanNotAsShown(RefusedError):
    """A scan was made on a page that showed other than where scans go by now, because another page changed that."""

    code = "scan_not_as_shown"

    def __init__(self, shown: str, now: str) -> None:
        super().__init__(
            f"This page showed {shown}; scans go to {now} by now, perhaps because of another tab. Nothing was saved. "
            "Look where scans go now, then send this one again or scan it again."
        )


class FormNotAsShown(RefusedError):
    """A form with several fields says something over what its page did not show, because another page changed that."""

    code = "form_not_as_shown"

    def __init__(self, shown: str, now: str) -> None:
        super().__init__(
            f"This page showed {shown}; by now it is {now}, perhaps because of another tab. Nothing was saved. "
            "Look at what is said now. What you chose stands in the form still, to be sent once more."
        )


class QueueOther(RefusedError):
    """The page showed an earlier queue: what is asked there is not meant for the scans of the present one."""

    code = "queue_other"

    def __init__(self) -> None:
        super().__init__(
            "The page that you came from showed an earlier queue, which was committed or cleared meanwhile. "
            "Nothing was saved. Look at the queue as it is now, then do what is still to be done."
        )


class SlotsTooFew(RefusedError):
    """A case has fewer free slots than rows of the queue were to be put into."""

    code = "slots_too_few"

    def __init__(self, case_name: str, rows: int, free: int) -> None:
        missing = rows - free
        super().__init__(
            f"{case_name} has {counted(free, 'free slot')} for {counted(rows, 'scan')} of your queue: {missing:,} "
            f"{'is' if missing == 1 else 'are'} missing. Nothing was saved. Choose another case for so many of these "
            "scans, or remove them, then do it again."
        )


class SlotTakenMeanwhile(RefusedError):
    """A slot that was free when the page was shown is not any more."""

    code = "slot_taken_meanwhile"

    def __init__(self, place: Place) -> None:
        super().__init__(
            f"{place} was free when it was shown to you, and is not any more. Nothing was saved. "
            "Look at the slots as they are now, then do it again."
        )


class ListCommitted(RefusedError):
    """A hand-over list was committed, or is being committed, so that it takes nothing more."""

    code = "list_committed"

    def __init__(self, asset_tags: Sequence[str]) -> None:
        left = f"{', '.join(asset_tags)} {'is' if len(asset_tags) == 1 else 'are'} not on it. " if asset_tags else ""
        super().__init__(
            f"This list was committed meanwhile, or is being committed. {left}Nothing was saved. "
            "Open the page anew and begin a new list."
        )


class ListChanged(RefusedError):
    """A hand-over list changed since it was checked."""

    code = "list_changed"

    def __init__(self) -> None:
        super().__init__("This list changed since you checked it. Nothing was saved. Check it once more, then commit.")


_CHANGED_SINCE = "it was changed since, perhaps in another tab"


class CommittedOtherwise(RefusedError):
    """A queue, a list or a file is a batch already, and not with what somebody checked and now confirms."""

    code = "committed_otherwise"

    def __init__(
        self, what: Literal["queue", "list", "file"], batch_id: int, by: str = "", differing: Sequence[str] = ()
    ) -> None:
        self.recorded_in = (batch_id,)
        whose = f" by {by}" if by else ""
        unknown = "its rows are others, or do something else there" if what == "file" else _CHANGED_SINCE
        super().__init__(
            f"This {what} is committed already{whose}, as batch {batch_id}, and not as you checked it here: "
            f"{'; '.join(differing) or unknown}. Nothing was saved. Look at that batch; what is wrong in it is "
            "corrected there, and what is missing is taken in and checked anew."
        )


class CommittedBatchGone(RefusedError):
    """A queue, a list or a file became a batch that the database does not hold any more."""

    code = "committed_batch_gone"

    def __init__(self, what: Literal["queue", "list", "file"], batch_id: int) -> None:
        super().__init__(
            f"This {what} was committed as batch {batch_id}, which this database does not hold: an older state of it "
            "was put back since. Nothing was saved. Look at what is recorded now; what is missing is taken in and "
            "checked anew."
        )


class ListNotAsShown(RefusedError):
    """A hand-over list is not the one that a page showed any more, and something was to be done with all of that."""

    code = "list_not_as_shown"

    def __init__(self, came: Sequence[str] = ()) -> None:
        """Say which assets ``came`` on it, where that is what matters."""
        more = f" and {len(came) - ASSETS_NAMED:,} more" if len(came) > ASSETS_NAMED else ""
        said = f": {', '.join(came[:ASSETS_NAMED])}{more} came on it" if came else ""
        super().__init__(
            f"This list changed meanwhile, perhaps in another tab{said}. Nothing was saved. "
            "Look at the list as it is now, then do it again."
        )


class ListsAsideFull(RefusedError):
    """As many hand-over lists of one account are put aside as are kept."""

    code = "lists_aside_full"

    def __init__(self, lists_max: int) -> None:
        super().__init__(
            f"{lists_max} lists are put aside already, and no more are kept. Nothing was saved. "
            "Complete this list, or take off what is on it; then bring back those that were put aside."
        )


class CountNotAsShown(RefusedError):
    """A count has other scans than a page showed to whoever wants to abandon it."""

    code = "count_not_as_shown"

    def __init__(self, count_id: int, scans: int) -> None:
        super().__init__(
            f"Count {count_id} is not as the page showed it: it has {counted(scans, 'scan')} by now. Nothing was "
            "saved. Look at the count as it is now, then go on with it or abandon it."
        )


class AcceptanceNotAsShown(RefusedError):
    """What is accepted after a batch is not the list that a page showed to whoever accepts."""

    code = "acceptance_not_as_shown"

    def __init__(self, batch_id: int, holder: str) -> None:
        super().__init__(
            f"What batch {batch_id} exchanged with {holder} is not as the page showed it: something was corrected or "
            "renamed meanwhile. Nothing was saved. Look at the list as it is now, then have it accepted anew."
        )


class DraftGone(RefusedError):
    """What was checked is not known any more."""

    code = "draft_gone"

    def __init__(self) -> None:
        super().__init__("What you checked is not kept any more. Nothing was saved. Check it once more, then commit.")


class UploadsFull(RefusedError):
    """More files of one account wait to be checked than the station keeps."""

    code = "uploads_full"

    def __init__(self, bytes_max: int) -> None:
        super().__init__(
            f"Files that you sent and did not commit yet would take more than {bytes_max // 2**20} MiB. Nothing was "
            "saved. Wait, or commit those that are checked: what was not committed is removed after a day."
        )


class StationBusyChecking(RefusedError):
    """The station checks one PDF of a receipt at a time, and is at another one."""

    code = "receipt_check_busy"

    def __init__(self, *, own: bool) -> None:
        whose = "Another receipt of yours" if own else "Somebody else's receipt"
        super().__init__(
            f"{whose} is being checked, and the station checks one PDF at a time. Nothing was saved. "
            "Wait a few seconds, then send the file again."
        )


class AcceptanceIncomplete(UsageError):
    """It is not said whole by whom something is accepted."""

    code = "acceptance_incomplete"

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}. Nothing was saved. Complete it, or choose another way of accepting.")


class CountScopeMissing(UsageError):
    """Nobody said what is to be counted."""

    code = "count_scope_missing"

    def __init__(self) -> None:
        super().__init__(
            "It is not said what is to be counted. Nothing was saved. Choose cases, or name a room or a holder."
        )


class KeyInUse(RefusedError):
    """An idempotency key came with another request, or with one that is being worked on."""

    code = "idempotency_key_in_use"

    def __init__(self, reason: str) -> None:
        super().__init__(f"This idempotency key can't be used, and nothing was saved by this request: {reason}.")


class AnswerLost(RefusedError):
    """The station stopped while it worked on a request with an idempotency key; whether it was saved is not known."""

    code = "answer_lost"
    saved = None

    def __init__(self, first_seq: int) -> None:
        super().__init__(
            "The station stopped while it worked on this request. Either all of it was saved or nothing was saved. "
            f"Look at the audit log from entry {first_seq} on; if it is not there, send it again with another key."
        )


class RequestUnclear(UsageError):
    """A program says something in several ways of which one is needed, or in none."""

    code = "request_unclear"

    def __init__(self, ways: Sequence[str], taken: Sequence[str]) -> None:
        said = " and ".join(taken) if taken else "none of them"
        super().__init__(
            f"The request must say exactly one of {', '.join(ways)}, and it says {said}. Nothing was saved. "
            "Put it right, then send it again."
        )
