"""Requests that may come twice: a program that did not hear the answer asks again, and nothing is done twice.

Owns the header ``Idempotency-Key`` (after the draft of the IETF's HTTPAPI group): the first answer under a key is kept,
for each account its own, and given again. Where the station stopped in the middle it is said what is known, and nothing
more. Must never forget a key whose deed may have been saved.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from typing import Annotated

import msgspec
from fastapi import Depends, Header, Request
from starlette.responses import Response

from assettrack.domain import desk_errors, errors, station_errors
from assettrack.domain.timestamps import utc_text
from assettrack.services import audit
from assettrack.web.access import CurrentVisit
from assettrack.web.api_errors import api_failure, told
from assettrack.web.station import Visit

KEY_LENGTH_MAX = 64
REPLAYED = "idempotency-replayed"

_log = logging.getLogger("assettrack.web")

Work = Callable[[], object]
"""Does one deed and returns its answer. After the deed it must do nothing that can fail: an error of the catalogue says
that nothing was saved, but for ``CommitUncertain``."""

KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=KEY_LENGTH_MAX,
        pattern=r"^[\x20-\x7E]+$",
        description=(
            "A text of your own for this one deed, such as a UUID. Send the request again with the same key where the "
            "answer was lost: the deed is done once, and the answer is the same."
        ),
        examples=["6f1c2a9e-0d7b-4b8e-9a5d-2f3c4e5a6b7c"],
    ),
]


class MayRepeat:
    """A request as it may come again: whose it is, its key (None: it has none), and what it says."""

    def __init__(self, visit: Visit, key: str | None, said: tuple[bytes, bytes]) -> None:
        self._visit = visit
        self._key = key
        self._said = said

    def answer(self, work: Work, *, known_by_rows: bool = False) -> Response:
        """Do a deed and answer, or give the answer that was given before.

        ``known_by_rows`` says that the rows of the deed tell themselves whether they are recorded already, so that it
        can be done again at any time.

        Raises:
            errors.AssetTrackError: the deed was not done; the key is free again, unless that is not sure.
        """
        if self._key is None:
            return json_answer(work())
        digest = sha256(b"".join(sha256(part).digest() for part in self._said)).digest()
        at_work, account_id = self._visit.station.memory.at_work, self._visit.who.account_id
        other = at_work.begin(account_id, self._key, digest)
        if other is not None:
            busy = "its request is being worked on; ask again in a moment"
            return _in_use(busy, 409) if other == digest else _in_use_by_other()
        try:
            return self._answered(self._key, digest, work, known_by_rows=known_by_rows)
        finally:
            at_work.end(account_id, self._key)

    def _answered(self, key: str, digest: bytes, work: Work, *, known_by_rows: bool) -> Response:
        workplace, desk = self._visit.workplace, self._visit.station.desk
        size = audit.log_size(workplace)
        kept = desk.begin_answer(self._visit.who.account_id, key, digest, utc_text(workplace.now()), size)
        if kept is None:
            return self._done(key, work)
        if kept.request_sha256 != digest:
            return _in_use_by_other()
        if kept.status is not None:
            return Response(kept.answer, kept.status, {REPLAYED: "true"}, "application/json")
        if size == kept.log_size or known_by_rows:  # nothing was saved since it began, or the rows will tell
            return self._done(key, work)
        return api_failure(409, told(desk_errors.AnswerLost(kept.log_size + 1)))

    def _done(self, key: str, work: Work) -> Response:
        """Do the deed and keep its answer; the answer is given even where it can't be kept."""
        account_id, desk = self._visit.who.account_id, self._visit.station.desk
        try:
            answer = json_answer(work())
        except station_errors.CommitUncertain:
            raise
        except errors.AssetTrackError:
            with suppress(errors.AssetTrackError):  # a key that is not free says "look at the log", which is no lie
                desk.forget_answer(account_id, key)
            raise
        try:
            desk.keep_answer(account_id, key, answer.status_code, bytes(answer.body).decode())
        except errors.AssetTrackError:
            _log.exception("the answer to a deed that was done could not be kept")
        return answer


def json_answer(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return a value as JSON."""
    return Response(msgspec.json.encode(value), status, headers, "application/json")


def _in_use(reason: str, status: int) -> Response:
    return api_failure(status, told(desk_errors.KeyInUse(reason)))


def _in_use_by_other() -> Response:
    return _in_use("another request came with it before; give each deed a key of its own", 422)


async def _may_repeat(request: Request, visit: CurrentVisit, key: KeyHeader = None) -> MayRepeat:
    place = f"{request.url.path}?{request.url.query}".encode()
    return MayRepeat(visit, key, (place, await request.body() if key is not None else b""))


Repeatable = Annotated[MayRepeat, Depends(_may_repeat)]
"""A parameter of this type is the request as it may come again; the route's deed is done through it."""
