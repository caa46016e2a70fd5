"""The station as browsers see it: the real application on a real database, and people who sign in there.

Owns the short way to visit a page in a test. Only the clock is set by hand, hashing passwords is made cheap, and no
socket is between the browser and the application.
"""

import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx2 as httpx
import msgspec
from anyio import to_thread
from anyio.from_thread import BlockingPortal, start_blocking_portal
from argon2 import PasswordHasher

from assettrack import bootstrap
from assettrack.domain import scanner_errors
from assettrack.services import accounts, slots
from assettrack.services.ports import Workplace
from assettrack.services.scanner_desk import Lend
from assettrack.services.scanner_ports import ConnectedScanner
from assettrack.services.sessions import Reception
from assettrack.settings import Settings
from assettrack.station.passwords import ArgonPasswords
from assettrack.web.app import create_app
from assettrack.web.station import StationWeb
from assettrack.web.texts import english

ORIGIN = "http://127.0.0.1:8642"
TIMEZONE = "Europe/Berlin"
PASSWORD = "correct horse battery"
NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


class Visitor:
    """One browser at the station: its cookies, and the page it is on."""

    def __init__(self, open_station: "OpenStation", address: str = "127.0.0.1") -> None:
        self._transport = _ToTheStation(open_station, (address, 50000))
        self._client = httpx.Client(base_url=ORIGIN, transport=self._transport)
        self.page = ""

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Look at a page."""
        return self._seen(self.ask("GET", path, headers=_dashed(headers)))

    def post(self, path: str, fields: Mapping[str, object] | None = None, **headers: str) -> httpx.Response:
        """Send a form as a page drawn for it would: with its token and origin, under a name of its own.

        Where the form is bound to the list or queue that the page shows, so is this, unless the fields say otherwise.
        """
        given = {"form_token": self.form_token, "form": secrets.token_hex(16), **(fields or {})}
        given = {**_bound(self.page, path, given), **given}
        return self._seen(self.ask("POST", path, data=given, headers={"origin": ORIGIN} | _dashed(headers)))

    def upload(
        self, path: str, name: str, content: bytes, fields: dict[str, str] | None = None, **headers: str
    ) -> httpx.Response:
        """Send a form with a file."""
        data = {"form_token": self.form_token, **(fields or {})}
        return self._seen(
            self.ask(
                "POST", path, data=data, files={"file": (name, content)}, headers={"origin": ORIGIN} | _dashed(headers)
            )
        )

    def ask(self, method: str, path: str, **asked: object) -> httpx.Response:
        """Send a request as it is, with nothing added."""
        request = self._client.build_request(method, path, **asked)  # type: ignore[arg-type]  # handed on as they are
        answer = self._transport.handle_request(request)
        answer.read()
        answer.request, answer.elapsed = request, timedelta(0)  # Schemathesis wants to know
        if "set-cookie" in answer.headers:
            self._client.cookies.extract_cookies(answer)
        return answer

    def send_slowly(
        self, path: str, meanwhile: Callable[[], object], *, headers: dict[str, str] | None = None, **said: object
    ) -> httpx.Response:
        """Send the head and the beginning of a body, then the rest of it once ``meanwhile`` was done."""
        whole = self._client.build_request("POST", path, headers=headers, **said)  # type: ignore[arg-type]  # as above
        answer = self._transport.handle_slowly(whole, meanwhile)
        answer.read()
        return answer

    def follow(self, answer: httpx.Response) -> httpx.Response:
        """Go where an answer leads."""
        assert answer.status_code == 303, (answer.status_code, answer.text)
        return self.get(answer.headers["location"])

    def sign_in(self, name: str, password: str = PASSWORD, code: str = "") -> httpx.Response:
        """Sign in, and look at the first page."""
        answer = self.post("/sign-in", {"name": name, "password": password, "code": code})
        if answer.status_code == 303:
            self.follow(answer)
        return answer

    @property
    def form_token(self) -> str:
        """The token of the page the browser is on."""
        found = re.search(r'name="form_token" value="([0-9a-f]+)"', self.page)
        return found[1] if found else ""

    @property
    def words(self) -> str:
        """What the page says, without its marks."""
        return words(self.page)

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        if answer.headers.get("content-type", "").startswith("text/html") and "<html" in answer.text:
            self.page = answer.text
        return answer


class _ToTheStation(httpx.BaseTransport):
    """Hands each request to the application in the station's event loop; an error there is answered with 500."""

    def __init__(self, open_station: "OpenStation", address: tuple[str, int]) -> None:
        self._loop = open_station.loop
        self._app = httpx.ASGITransport(open_station.app, raise_app_exceptions=False, client=address)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the whole answer."""
        request.read()
        status, headers, content = self._loop.call(self._answered, request)
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))

    def handle_slowly(self, request: httpx.Request, meanwhile: Callable[[], object]) -> httpx.Response:
        """Return the answer to a request whose body comes in two parts; ``meanwhile`` is done between them."""
        body = request.read()

        async def parts() -> AsyncIterator[bytes]:
            yield body[:5]
            await to_thread.run_sync(meanwhile)
            yield body[5:]

        slow = httpx.Request(request.method, request.url, headers=request.headers, content=parts())
        status, headers, content = self._loop.call(self._answered, slow)
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))

    async def _answered(self, request: httpx.Request) -> tuple[int, httpx.Headers, bytes]:
        answer = await self._app.handle_async_request(request)
        content = b"".join([part async for part in answer.aiter_raw()])
        return answer.status_code, answer.headers, content


class OpenStation:
    """A station that is served, its clock, and the event loop that serves it."""

    def __init__(self, workplace: Workplace, web: StationWeb, folder: Path, loop: BlockingPortal) -> None:
        self.now = NOW
        self.loop = loop
        self.folder = folder
        self.web = msgspec.structs.replace(web, workplace=msgspec.structs.replace(workplace, now=self.tick))
        self.app = create_app(self.web)

    def tick(self) -> datetime:
        """What the clock says; each time it is asked a millisecond later."""
        self.now += timedelta(milliseconds=1)
        return self.now

    def workplace(self, operator: str = "mara") -> Workplace:
        """The station for the services."""
        return msgspec.structs.replace(self.web.workplace, operator=operator)

    def account(self, name: str, role: str) -> None:
        """Register somebody who can sign in."""
        if not accounts.all_accounts(self.workplace()) and role != "admin":
            self.account("root", "admin")
        accounts.register(self.workplace(), name, role=role)
        accounts.set_password(self.workplace(), self.web.reception.passwords, name=name, password=PASSWORD)

    def visitor(self, name: str | None = None, role: str = "operator", address: str = "127.0.0.1") -> Visitor:
        """A browser, signed in where somebody is named; the account is made where there is none of that name."""
        visitor = Visitor(self, address)
        if name is not None:
            if accounts.named(self.workplace(), name) is None:
                self.account(name, role)
            answer = visitor.sign_in(name)
            assert answer.status_code == 303, answer.text
        return visitor

    def case(self, name: str, count: int) -> None:
        """Prepare a case."""
        slots.initialise_cases(self.workplace(), [(name, count)])


def settings_in(folder: Path) -> Settings:
    """Where the files of a station in this folder lie."""
    return Settings(folder / "station.db", folder / "keys", folder / "plans", "mara")


@contextmanager
def open_station(folder: Path, idle_seconds: int = 600, lend: Lend | None = None) -> Iterator[OpenStation]:
    """Open a new station for browsers; by default no scanner is connected, whatever hangs on this computer."""
    settings = settings_in(folder)
    if not settings.database.exists():
        bootstrap.set_up_station(settings, TIMEZONE)
    with bootstrap.open_for_browsers(settings, lend or no_scanner) as lent:
        workplace, desk, reception, chance, uploads, scanners = lent
        quick = Reception(desk, cheap_passwords(), reception.second_factor, reception.chance, idle_seconds)
        with workplace.store.read() as snapshot:
            name = snapshot.station().station
        web = StationWeb(
            workplace, desk, quick, (ORIGIN,), name, TIMEZONE, english(), chance, uploads, scanners,
            mappings=bootstrap.saved_mappings(settings).all,
        )  # fmt: skip
        try:
            with start_blocking_portal() as loop:
                yield OpenStation(workplace, web, folder, loop)
        finally:
            web.memory.close()


def no_scanner() -> AbstractContextManager[ConnectedScanner]:
    """Find no scanner."""
    raise scanner_errors.ScannerNotFound


def cheap_passwords() -> ArgonPasswords:
    """The real hashing, made cheap: a test has no secrets."""
    return ArgonPasswords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def words(page: str) -> str:
    """What a page says, without its marks."""
    bare = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", bare))).strip()


def drawn(page: str, action: str) -> dict[str, object]:
    """What the form of a page that is sent to an address says as it is drawn; ``shows`` is a list."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    found: dict[str, object] = {}
    for field in re.findall(r"<input\b[^>]*>", form):
        name, value = (re.search(rf'\b{each}="([^"]*)"', field) for each in ("name", "value"))
        is_chosen = not re.search(r'type="(radio|checkbox)"', field) or " checked" in field
        if name is not None and name[1] != "shows" and is_chosen:
            found[name[1]] = unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select name="(\w+)">(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        found[str(name)] = "" if chosen is None else unescape(chosen[1] or chosen[2])
    shows = re.findall(r'name="shows" value="(\w+)"', form)
    return {**found, "shows": shows} if shows else found


_BOUND_FORMS = re.compile(
    r"/(issue|return|transfer)/\w[\w-]*|/intake/(context|clear)|/counts/\d+/abandon"
    r"|/scanner/downloads/[^/]+/(options|answers)"
)
_BINDING = re.compile(r"list|mark|queue_id|revision|(signer|list)[.]\d+|scans|\w+_shown")


def _bound(page: str, path: str, given: Mapping[str, object]) -> dict[str, str]:
    """What the form with this address says on a page of what it shows, or what any form says of the list there.

    Of several with the address it is the one about what is given.
    """
    if not _BOUND_FORMS.fullmatch(path) or {"list", "queue_id"} & given.keys():
        return {}
    for action in (path, f"/{path.split('/')[1]}/holder"):
        for form in re.findall(rf'<form[^>]* action="{re.escape(action)}" method="post".*?</form>', page, re.DOTALL):
            hidden = re.findall(r'type="hidden" name="([\w.]+)" value="([^"]*)"', form)
            said = {name: unescape(value) for name, value in hidden}
            if all(said.get(name, given.get(name)) == given.get(name) for name in ("tag", "number")):
                return {name: value for name, value in said.items() if _BINDING.fullmatch(name)}
    return {}


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
