"""A scanner at somebody's own computer, read through their browser: what it said comes here, byte for byte.

The browser is a pipe: it is given the questions, and what it brings back is read by the same parsers as a cable's.
There is no question among them that erases anything.
"""

import base64
import binascii
from datetime import timedelta

from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors
from assettrack.services import scanner_sessions
from assettrack.services.scanner_ports import ReadableScanner
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.forms import Fields, FormFields
from assettrack.web.permissions import Permission
from assettrack.web.station import Visit

routes = Routes()

AGE_MS_MAX = 3_600_000
SPREAD_MS_MAX = 60_000
REPLY_LETTERS_MAX = 960_000
"""Of an answer in base64: twice what ten thousand scans of the greatest length take."""


@routes.deed("/scanner/browser-check", Permission.OPERATE)
def check(visit: CurrentVisit, said: FormFields) -> Response:
    """Look at what a scanner answered so far; only if nothing stands against it may the browser ask for its scans."""
    _heard(visit, said)
    return Response(status_code=204)


@routes.deed("/scanner/browser-download", Permission.OPERATE)
def keep(visit: CurrentVisit, said: FormFields) -> Response:
    """Keep what a scanner told, if every answer is whole, and lead to it."""
    scanner = _heard(visit, said)
    pulled = scanner_sessions.keep_heard(visit.workplace, visit.station.scanners, scanner)
    again = "" if pulled.is_new else "?again=1"
    return RedirectResponse(f"/scanner/downloads/{pulled.download.name}{again}", 303)


def _heard(visit: Visit, said: Fields) -> ReadableScanner:
    """Return the scanner whose answers were sent; that with its scans comes last, if they were asked for.

    Raises:
        errors.ValueUnusable: they are not as many as were asked for, or no bytes.
        errors.AssetTrackError: as `BrowserCable.heard`.
    """
    cable, texts = visit.station.scanners.browser, said.all("said")
    if not len(cable.questions) <= len(texts) <= len(cable.questions) + 1:
        raise errors.ValueUnusable("What the scanner said", "", f"it can't be {len(texts)} answers")
    age, spread = _milliseconds(said["clock_age"], AGE_MS_MAX), _milliseconds(said["clock_spread"], SPREAD_MS_MAX)
    clock_at = visit.station.workplace.now() - timedelta(milliseconds=age)
    return cable.heard([_bytes(text) for text in texts], clock_at, spread / 1000)


def _bytes(text: str) -> bytes:
    """Return the bytes that a text in base64 (RFC 4648 §5, no padding) holds."""
    if len(text) > REPLY_LETTERS_MAX:
        raise errors.ValueUnusable("What the scanner said", text[:20], "it is longer than what any scanner holds")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise errors.ValueUnusable("What the scanner said", text[:20], "it was not sent as it came") from error


def _milliseconds(text: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and int(text) <= most):
        raise errors.ValueUnusable("The time that passed", text[:20], f"it is 0 to {most} milliseconds")
    return int(text)
