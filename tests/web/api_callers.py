"""Programs that call the station: each with the token of somebody who has an account.

Owns the short way to ask and to send in a test of the programming interface.
"""

from typing import Any

import httpx2 as httpx
import msgspec

from assettrack.services import accounts
from assettrack.web.app import create_app
from assettrack.web.memory import Memory
from tests.web.visitors import OpenStation

HEADER = "asset_tag,timestamp,event_type,operator_id,issued_to_name,case_number,slot_number,equipment_type"
CSV = {"content-type": "text/csv"}


class Caller:
    """A program that acts for somebody; the account is made where there is none of that name."""

    def __init__(self, station: OpenStation, name: str = "ann", role: str = "admin") -> None:
        if accounts.named(station.workplace(), name) is None:
            station.account(name, role)
        made = accounts.make_token(station.workplace(), name=name, label="a program", chance=station.web.chance)
        self._station = station
        self.token = made.text

    def ask(self, path: str) -> dict[str, Any]:
        """Ask for something that is there."""
        return told(self.request("GET", path), 200)

    def send(self, path: str, *, key: str | None = None, status: int = 200, **fields: object) -> dict[str, Any]:
        """Send fields as JSON."""
        return told(self.request("POST", path, key=key, json=fields), status)

    def upload(self, path: str, content: bytes, *, key: str | None = None, status: int = 200) -> dict[str, Any]:
        """Send a batch file."""
        return told(self.request("POST", path, key=key, content=content, headers=CSV), status)

    def refuse(self, path: str, *, status: int, key: str | None = None, **fields: object) -> str:
        """Send fields that must be refused, with nothing saved; return the code."""
        error = self.send(path, key=key, status=status, **fields)["error"]
        assert error.keys() == {"code", "message", "saved"}
        assert error["saved"] is False
        return str(error["code"])

    def request(
        self, method: str, path: str, *, key: str | None = None, headers: dict[str, str] | None = None, **asked: object
    ) -> httpx.Response:
        """Send a request as it is, with the token; without a cookie, an origin or a form's token."""
        all_headers = {"authorization": f"Bearer {self.token}", **(headers or {})}
        if key is not None:
            all_headers["idempotency-key"] = key
        return self._station.visitor().ask(method, path, headers=all_headers, **asked)


def told(answer: httpx.Response, status: int) -> dict[str, Any]:
    """Return what an answer says, which must have this status and be JSON."""
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/json"
    found = answer.json()
    assert isinstance(found, dict)
    return found


def batch(*rows: str) -> bytes:
    """Return a batch file of these rows under the usual header."""
    return "".join(f"{line}\n" for line in (HEADER, *rows)).encode()


def scan(tag: str, slot: int, case: str = "CASE-01", at: str = "2026-06-01T09:30:00Z") -> str:
    """Return the row of a scan that creates an asset in a slot."""
    return f"{tag},{at},SCAN,ben,,{case},{slot},laptop"


def stocked(station: OpenStation) -> Caller:
    """Prepare a case of four slots with LT-1 and LT-2 in it, and Jane Smith to give them to."""
    station.case("CASE-01", 4)
    ann = Caller(station)
    ann.send("/api/holders", name="Jane Smith")
    ann.upload("/api/commit?yes=true", batch(scan("LT-1", 1), scan("LT-2", 2)))
    return ann


def restart(station: OpenStation) -> None:
    """End the server and start it anew: what it had in memory is gone, the database and the desk are as they were."""
    station.web = msgspec.structs.replace(station.web, memory=Memory())
    station.app = create_app(station.web)
