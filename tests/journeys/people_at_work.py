"""Those who work at a served station over HTTP: what they send, and what its pages show them.

Owns how a page is read in these tests: by its forms and their fields, not by its words. Must never decide what is
right: that is `day_work` and `day_model`.
"""

import re
import secrets
from collections.abc import Mapping
from html import unescape

import httpx2 as httpx

from tests.journeys.served_station import PASSWORD, SECONDS_MAX, Lost, ServedStation

Fields = Mapping[str, object]

_TOKEN = re.compile(r'data-form-token="([0-9a-f]+)"')


class Person:
    """Somebody with a browser, and with a token for programs."""

    def __init__(self, station: ServedStation, name: str) -> None:
        self.station = station
        self.name = name
        self._client = httpx.Client(timeout=SECONDS_MAX, follow_redirects=False, trust_env=False)
        self._form_token = ""

    def close(self) -> None:
        """Close the browser."""
        self._client.close()

    def request(self, method: str, path: str, **asked: object) -> httpx.Response:
        """Send a request once, to whichever server is there; no answer may be a failure of the server.

        Raises:
            Lost: the server died before it had answered.
        """
        origin, generation = self.station.origin()
        headers = {"origin": origin, **asked.pop("headers", {})}  # type: ignore[dict-item]  # callers give a dict
        try:
            answer = self._client.request(method, f"{origin}{path}", headers=headers, **asked)  # type: ignore[arg-type]  # handed on
        except httpx.TransportError as error:
            raise Lost(generation) from error
        assert answer.status_code < 500, (method, path, answer.text)
        return answer

    def post(self, path: str, fields: Fields, file: tuple[str, bytes] | None = None) -> httpx.Response:
        """Send a form once, with a file where there is one.

        Raises:
            Lost: as `request`.
        """
        data = {"form_token": self._form_token, **fields}
        files = None if file is None else {"file": file}
        return self.request("POST", path, data=data, files=files)

    def page(self, path: str) -> str:
        """Look at a page until it is there; whoever has to sign in for it is no longer in a session."""
        while True:
            try:
                answer = self.request("GET", path)
            except Lost as lost:
                self.station.wait_after(lost.generation)
                continue
            assert answer.status_code == 200, (self.name, path, answer.status_code, answer.headers.get("location"))
            found = _TOKEN.search(answer.text)
            self._form_token = found[1] if found else self._form_token
            return answer.text

    def status(self, path: str) -> int:
        """Look at a page until there is an answer; return its status."""
        while True:
            try:
                return self.request("GET", path).status_code
            except Lost as lost:
                self.station.wait_after(lost.generation)

    def sign_in(self) -> httpx.Response:
        """Sign in once.

        Raises:
            Lost: as `request`.
        """
        return self.request("POST", "/sign-in", data={"name": self.name, "password": PASSWORD})

    def call(self, path: str, key: str, sent: Fields) -> httpx.Response:
        """Send a deed once as a program does, under an idempotency key.

        Raises:
            Lost: as `request`.
        """
        return self.request("POST", f"/api/{path}", json=sent, headers={**self._bearer, "idempotency-key": key})

    def ask(self, path: str) -> dict[str, object]:
        """Ask the programming interface until it answers."""
        while True:
            try:
                answer = self.request("GET", f"/api/{path}", headers=self._bearer)
            except Lost as lost:
                self.station.wait_after(lost.generation)
                continue
            assert answer.status_code == 200, (path, answer.text)
            found: dict[str, object] = answer.json()
            return found

    @property
    def holds_session(self) -> bool:
        """Whether an answer ever let this browser in."""
        return bool(self._client.cookies)

    @property
    def _bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.station.tokens[self.name]}"}


def new_name() -> str:
    """Return a name under which something is sent, the same each time it is tried."""
    return secrets.token_hex(16)


def hidden(page: str, action: str) -> dict[str, str]:
    """What the form with this action carries unseen."""
    found = re.search(rf'<form[^>]* action="{re.escape(action)}" method="post".*?</form>', page, re.DOTALL)
    assert found is not None, (action, re.sub(r"<[^>]+>", " ", page)[-2000:])
    fields = re.findall(r'type="hidden" name="([\w.]+)" value="([^"]*)"', found[0])
    return {name: unescape(value) for name, value in fields if name != "form_token"}


def queue_of(page: str) -> list[str]:
    """The tags in a queue, the first scan first."""
    return re.findall(r'<li id="scan-\d+".*?class="tag">([^<]+)<', page, re.DOTALL)[::-1]


def numbers_of(page: str) -> dict[str, str]:
    """The numbers of the scans in a queue, by tag."""
    found = re.findall(r'<li id="scan-(\d+)".*?class="tag">([^<]+)<', page, re.DOTALL)
    return {tag: number for number, tag in found}


def numbers_in(page: str, what: str) -> set[int]:
    """The numbers of the receipts or counts to which a page leads."""
    return {int(number) for number in re.findall(rf'href="/{what}/(\d+)"', page)}


def lines_of(page: str, word: str) -> list[str]:
    """The tags on a list of issue, return or transfer: each has a form that removes it."""
    forms = re.findall(rf'action="/{word}/remove" method="post">(.*?)</form>', page, re.DOTALL)
    return [match[1] for form in forms if (match := re.search(r'name="tag" value="([^"]+)"', form))]


def seen_in(page: str) -> list[str]:
    """The tags that a count's page shows as found, in the order of tags."""
    group = re.search(r'aria-labelledby="group-found">.*?</section>', page, re.DOTALL)
    return sorted(re.findall(r'href="/assets/([^"]+)"', group[0])) if group else []
