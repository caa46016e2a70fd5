"""What every request meets before any route: by which name it came, from which page, how large it is.

Owns the allow-list of hosts (against DNS rebinding), the check of Origin and Sec-Fetch-Site (against forged requests),
the limit of a body, and the headers of every answer. Rules after OWASP ASVS 5.0, chapter 3 and 4, and the Fetch
Metadata design. Must never look at who is signed in: that is `access`.
"""

import time
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response

from assettrack.web.api_errors import ApiError, api_failure
from assettrack.web.static_files import static_folder

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES_MAX = 1024 * 1024
UPLOAD_BYTES_MAX = 256 * 1024 * 1024 + BODY_BYTES_MAX
"""A batch file of the largest size that is read, and the form around it."""

API = "/api/"
KEPT_STATUSES = frozenset({200, 206, 304})
"""A file that is not there may be there later: only what was found is kept by browsers."""

SAFE_METHODS = frozenset({"GET", "HEAD"})

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with "no-referrer" browsers say "null" for the origin of their own forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class BodyTooLarge(Exception):
    """A body went on beyond its limit."""


class Guard:
    """Lets a request through to the application, or answers it at once."""

    def __init__(self, app: "ASGIApp", origins: tuple[str, ...], upload_paths: tuple[str, ...] = ()) -> None:
        self._app = app
        self._origins = frozenset(origins)
        self._hosts = frozenset(urlsplit(origin).netloc for origin in origins)
        self._upload_paths = frozenset(upload_paths)
        self._static = f"{static_folder()}/"

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Judge one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        reason = self._refusal(scope["method"], headers, is_program=scope["path"].startswith(API))
        limit = UPLOAD_BYTES_MAX if scope["path"] in self._upload_paths else BODY_BYTES_MAX
        if reason is None and _stated_length(headers) > limit:
            reason = (413, f"The request is larger than {limit} bytes. Nothing was saved.")
        sending = _with_headers(send, is_static=scope["path"].startswith(self._static))
        if reason is not None:
            await _told(*reason, is_program=scope["path"].startswith(API))(scope, receive, sending)
            return
        await self._app(scope, _limited(receive, limit), sending)

    def _refusal(self, method: str, headers: Headers, *, is_program: bool) -> tuple[int, str] | None:
        """Return status and sentence where the request is not let through.

        Every browser of today says from where a form comes, in one header or both. A program that sends its token
        need not: no browser adds that by itself.
        """
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return 421, "The station is not known by this name. Open it by the address that it printed when it started."
        if method in SAFE_METHODS:
            return None
        if method != "POST":
            return 405, "The station takes GET and POST only. Nothing was saved."
        wrong = self._wrong_origin(headers, is_program=is_program)
        return None if wrong is None else (403, f"{wrong} Nothing was saved.")

    def _wrong_origin(self, headers: Headers, *, is_program: bool) -> str | None:
        """Return what is wrong with where a request says it comes from, or None."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if not self._origins.issuperset(headers.getlist("origin")):  # none, or any of them another's
            return "The request came from another page than the station's own."
        if site is not None and site not in {"same-origin", "none"}:
            return "The request came from another site."
        if origin is None and site is None and not is_program:
            return "The request does not say from which page it came."
        return None


def _told(status: int, sentence: str, *, is_program: bool) -> Response:
    """Return a refusal as a person reads it, or as the programming interface tells errors (DESIGN §10)."""
    if not is_program:
        return PlainTextResponse(sentence, status)
    return api_failure(status, ApiError(_CODES[status], sentence))


_CODES = MappingProxyType(
    {403: "origin_refused", 405: "method_not_allowed", 413: "request_too_large", 421: "host_unknown"}
)


def _stated_length(headers: Headers) -> int:
    stated = headers.get("content-length", "0")
    return int(stated) if stated.isdecimal() else 0


def _limited(receive: "Receive", limit: int) -> "Receive":
    seen = 0

    async def receiving() -> "Message":
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise BodyTooLarge
        return message

    return receiving


def _with_headers(send: "Send", *, is_static: bool) -> "Send":
    """Add to an answer what keeps a browser safe, and how long the server took for it."""
    begun = time.perf_counter()

    async def sending(message: "Message") -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers["server-timing"] = f"total;dur={(time.perf_counter() - begun) * 1000:.1f}"
            kept = is_static and message["status"] in KEPT_STATUSES
            headers.setdefault("cache-control", "public, max-age=31536000, immutable" if kept else "no-store")
        await send(message)

    return sending
