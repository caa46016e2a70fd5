"""A scanner at somebody's own computer, read through their browser: what it said comes here, byte for byte.

The browser is a pipe: it is given the questions, and what it brings back is read by the same parsers as a cable's.
There is no question among them that erases anything.
"""

import base64
import binascii
from datetime import UTC, datetime, timedelta

from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors
from assettrack.domain.timestamps import utc_text
from assettrack.services import scanner_sessions
from assettrack.services.scanner_ports import ReadableScanner
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.forms import Fields, FormFields, whole_number
from assettrack.web.permissions import Permission
from assettrack.web.station import Visit

routes = Routes()

ASKED_MS_MAX = 3_600_000
"""What a scanner said more than an hour ago is not taken: nobody knows what became of it since."""

CLOCK_AT = "Clock-At"
"""In which header the check says when the scanner was asked (UTC text); the form brings it back as ``clock_at``."""

SPREAD_MS_MAX = 60_000
REPLY_LETTERS_MAX = 960_000
"""Of an answer in base64: twice what ten thousand scans of the greatest length take."""


@routes.deed("/scanner/browser-check", Permission.OPERATE)
def check(visit: CurrentVisit, said: FormFields) -> Response:
    """Look at what a scanner answered so far; only if nothing stands against it may the browser ask for its scans.

    The answer says when its clock was asked, by the station's own clock.
    """
    age = timedelta(milliseconds=_milliseconds(said["clock_age"], ASKED_MS_MAX))
    at = visit.station.workplace.now() - age
    _heard(visit, said, at)
    return Response(status_code=204, headers={CLOCK_AT: utc_text(at)})


@routes.deed("/scanner/browser-download", Permission.OPERATE)
def keep(visit: CurrentVisit, said: FormFields) -> Response:
    """Keep what a scanner told, if every answer is whole, and lead to it.

    When its clock was asked is what the check said, and no time that passed since: a browser sends a form again as it
    was, however much later.
    """
    scanner = _heard(visit, said, _asked_at(visit, said["clock_at"]))
    pulled = scanner_sessions.pull(visit.workplace, visit.station.scanners, scanner)
    again = "" if pulled.is_new else "?again=1"
    return RedirectResponse(f"/scanner/downloads/{pulled.download.name}{again}", 303)


def _heard(visit: Visit, said: Fields, clock_at: datetime) -> ReadableScanner:
    """Return the scanner whose answers were sent; that with its scans comes last, if they were asked for.

    Raises:
        errors.ValueUnusable: they are not as many as were asked for, or no bytes.
        errors.AssetTrackError: as `BrowserCable.heard`.
    """
    cable, texts = visit.station.scanners.browser, said.all("said")
    if not len(cable.questions) <= len(texts) <= len(cable.questions) + 1:
        raise errors.ValueUnusable("What the scanner said", "", f"it can't be {len(texts)} answers")
    spread = _milliseconds(said["clock_spread"], SPREAD_MS_MAX)
    return cable.heard([_bytes(text) for text in texts], clock_at, spread / 1000)


def _asked_at(visit: Visit, text: str) -> datetime:
    """Return the time that the check said.

    Raises:
        errors.ValueUnusable: it is none of the last hour.
    """
    now = visit.station.workplace.now()
    try:
        at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC) if text.isascii() else None
    except ValueError:
        at = None
    if at is None or not timedelta() <= now - at <= timedelta(milliseconds=ASKED_MS_MAX):
        raise errors.ValueUnusable(
            "The time at which the scanner was asked", text[:30], "it is not of the last hour. Read the scanner again"
        )
    return at


def _bytes(text: str) -> bytes:
    """Return the bytes that a text in base64 (RFC 4648 §5, no padding) holds."""
    if len(text) > REPLY_LETTERS_MAX:
        raise errors.ValueUnusable("What the scanner said", text[:20], "it is longer than what any scanner holds")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise errors.ValueUnusable("What the scanner said", text[:20], "it was not sent as it came") from error


def _milliseconds(text: str, most: int) -> int:
    number = whole_number(text, most)
    if number is None:
        raise errors.ValueUnusable("The time that passed", text[:20], f"it is 0 to {most} milliseconds")
    return number
