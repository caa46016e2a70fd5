"""The errors of the browser station: signing in, sessions, queues and drafts. A part of the catalogue.

The families and what every sentence says stand in `domain.errors`.
"""

from collections.abc import Sequence

from assettrack.domain.errors import RefusedError, UsageError


class SignInRefused(RefusedError):
    """The name, the password or the code was not right; it is not said which."""

    code = "sign_in_refused"

    def __init__(self) -> None:
        super().__init__("The name, the password or the code is not right. Nothing was saved. Try again.")


class SignInThrottled(RefusedError):
    """Signing in failed so often in a row that the next try has to wait."""

    code = "sign_in_throttled"

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            f"Signing in failed too often. Nothing was saved. Wait {seconds} seconds, then try again; "
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


class QueueClosed(RefusedError):
    """The queue became a batch, or was cleared away, meanwhile."""

    code = "queue_closed"

    def __init__(self) -> None:
        super().__init__("This queue was committed or cleared meanwhile. Nothing was saved. Open the intake page anew.")


class DraftGone(RefusedError):
    """What was checked is not known any more."""

    code = "draft_gone"

    def __init__(self) -> None:
        super().__init__("What you checked is not kept any more. Nothing was saved. Check it once more, then commit.")


class AcceptanceIncomplete(UsageError):
    """It is not said whole by whom something is accepted."""

    code = "acceptance_incomplete"

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}. Nothing was saved. Complete it, or choose another way of accepting.")


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
