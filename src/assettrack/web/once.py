"""Doing what a form asks for once, however often it is sent: a double click, a refresh, the back button.

Owns the name that a form is given when its page is drawn, and where the answer to it is. What was begun and never
answered, because the server ended meanwhile, is not done again: whoever sent it is led to where it can be looked up.
Where the desk can't keep the answer to what was done, that is no failure of the deed.
"""

import re
import threading
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256

import msgspec
from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors, station_errors
from assettrack.domain.timestamps import utc_text
from assettrack.services import audit
from assettrack.services.after_deeds import after_deed
from assettrack.web.forms import Fields
from assettrack.web.station import Visit

NAME_BYTES = 16
_NAME = re.compile("[0-9a-f-]{32,64}")
_SESSION_FIELD = "form_token"
"""It says whose session sends the form, and so may differ where the same is sent again."""

_LOCKS = [threading.Lock() for _ in range(64)]


def form_name(visit: Visit) -> str:
    """Return the name of a form that is about to be drawn."""
    return visit.station.chance(NAME_BYTES).hex()


def name_of(said: Fields) -> str:
    """Return the name under which a form that was sent is done once: it stands for where it was sent and all it says.

    So whoever goes back to a form that was answered, and says something else in it, is not led to the old answer: not
    even to one that is told only to whoever gave the right password with it. What is kept is the hash of it all with
    the name that the form was drawn with, which is chance and kept nowhere, so that no password can be guessed from it.

    Raises:
        errors.ValueUnusable: it is no form that was drawn here.
    """
    _require_name(said["form"])
    pairs = [pair for pair in said.everything() if pair[0] != _SESSION_FIELD]
    return sha256(msgspec.json.encode([said.path, pairs])).hexdigest()


def once(visit: Visit, name: str, look: str, do: Callable[[], str]) -> Response:
    """Do what a form asks for and lead to the answer, whose path ``do`` returns; sent again, lead to the same.

    ``look`` is the path where one sees whether it was done, where that is not known.

    Raises:
        errors.ValueUnusable: no form has such a name.
        errors.AssetTrackError: whatever ``do`` raises; it can be sent again then.
    """
    return RedirectResponse(answer_once(visit, name, do) or look, 303)


def answer_once(visit: Visit, name: str, do: Callable[[], str]) -> str | None:
    """Do what was sent under a name and return the answer, sent again the same; None where it may have been done.

    Where ``do`` returns blank it did nothing: that is returned, and it can be sent again.

    Raises:
        errors.ValueUnusable, errors.AssetTrackError: as `once`.
    """
    _require_name(name)
    workplace, shelf, account = visit.station.workplace, visit.station.desk, visit.who.account_id
    digest = sha256(name.encode()).digest()
    key = f"form\n{name}"  # no program can send such a key of its own
    with _LOCKS[digest[0] % len(_LOCKS)]:
        size = audit.log_size(workplace)
        kept = shelf.begin_answer(account, key, digest, utc_text(workplace.now()), size)
        if kept is not None and (kept.answer is not None or kept.log_size != size):
            return kept.answer
        try:
            answer = do()
        except station_errors.CommitUncertain:
            raise
        except errors.AssetTrackError:
            with suppress(errors.AssetTrackError):  # what is not forgotten is done again, or looked up
                shelf.forget_answer(account, key)
            raise
        with after_deed("where the answer to a form is was not noted"):
            if answer:
                shelf.keep_answer(account, key, 303, answer)
            else:
                shelf.forget_answer(account, key)
    return answer


def _require_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise errors.ValueUnusable("The form", name[:40], "it is not one of the station's; open the page anew")
