"""Who may call what: every route, method and role, with everything that may be wrong about a request.

The expected answers come from what each route declares and from the table of roles; no route is named here.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from assettrack.services import accounts
from assettrack.web.access import NEEDS, GuardedRoute, Routes
from assettrack.web.guard import API
from assettrack.web.permissions import ROLES, Permission, allows
from assettrack.web.static_files import static_folder, static_path
from tests.web.visitors import ORIGIN, OpenStation, Visitor, open_station

FILLED = {"batch_id": "1", "number": "1", "case_name": "CASE-01", "asset_tag": "LT-1", "name": "ben", "seq": "1"}
REFUSED = {303, 401, 403}


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStation]:
    """Return one station for the whole matrix, with somebody of each role."""
    folder: Path = tmp_path_factory.mktemp("matrix")
    with open_station(folder) as opened:
        for role in sorted(ROLES):
            opened.account(f"the {role}", role)
        yield opened


def routes_of(app: FastAPI) -> list[tuple[str, str, Permission]]:
    """Return method, address and need of every route, with something for each place in the address."""
    found = []
    for route in every_route(app.routes):
        if isinstance(route, GuardedRoute):
            path = route.path
            for name in route.param_convertors:
                path = path.replace("{" + name + "}", FILLED.get(name, "1"))
            needed = Permission((route.openapi_extra or {})[NEEDS])
            found += [(method, path, needed) for method in sorted(route.methods or ())]
    return found


def every_route(routes: Iterable[object]) -> Iterator[object]:
    """Yield all routes, those of areas that were put together too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is None:
            yield route
        else:
            yield from every_route(inner.routes)


def test_every_address_is_guarded(station: OpenStation) -> None:
    """Nothing but the pages' own files is reached without a declared need."""
    bare = [route for route in every_route(station.app.routes) if not isinstance(route, GuardedRoute)]
    assert [getattr(route, "path", route) for route in bare] == [static_folder()]
    assert len(routes_of(station.app)) > 20


def test_a_route_without_a_need_can_not_be_made() -> None:
    """Forgetting to say what a route needs is an error when the program starts."""
    routes = Routes()
    with pytest.raises(KeyError):
        routes.router.get("/open")(lambda: "everybody")


def test_no_role_does_more_than_it_may(station: OpenStation) -> None:
    """A role that lacks what a route needs is refused there; one that has it is never refused for that."""
    wrong = []
    for role in sorted(ROLES):
        visitor = signed_in(station, role)
        for method, path, needed in routes_of(station.app):
            if needed in {Permission.PUBLIC, Permission.SIGNED_IN} or path.startswith(API):
                continue
            status = request(visitor, method, path)
            if (status == 403) == allows(role, needed) or status >= 500:
                wrong.append((role, method, path, needed, status))
    assert wrong == []


def test_without_a_session_nothing_is_reached(station: OpenStation) -> None:
    """Nobody, and whoever comes with a session that ended, is sent to sign in; a program is told to bring a token."""
    stranger, ended = station.visitor(), signed_in(station, "admin")
    token = ended.form_token
    ended.post("/sign-out")
    wrong = []
    for visitor in (stranger, ended):
        for method, path, needed in routes_of(station.app):
            if needed is Permission.PUBLIC:
                continue
            answer = visitor.ask(method, path, data={"form_token": token} if method == "POST" else None, headers=here())
            expected = 401 if path.startswith(API) else 303
            if answer.status_code != expected or (expected == 303 and "/sign-in" not in answer.headers["location"]):
                wrong.append((method, path, answer.status_code))
    assert wrong == []


def test_a_form_from_elsewhere_or_without_its_token_does_nothing(station: OpenStation) -> None:
    """Wrong Origin, another site, no origin at all, no token: each is refused for every deed, whoever sends it."""
    admin = signed_in(station, "admin")
    token = admin.form_token
    forged: tuple[tuple[dict[str, str], dict[str, str]], ...] = (
        ({"origin": "https://evil.example"}, {"form_token": token}),
        ({"origin": "null"}, {"form_token": token}),
        ({"origin": ORIGIN, "sec-fetch-site": "cross-site"}, {"form_token": token}),
        ({}, {"form_token": token}),
        ({"origin": ORIGIN}, {}),
        ({"origin": ORIGIN}, {"form_token": "0" * 64}),
    )
    wrong = []
    for method, path, needed in routes_of(station.app):
        if method != "POST" or path.startswith(API) or needed is Permission.PUBLIC:
            continue
        for headers, fields in forged:
            status = admin.ask(method, path, data=fields, headers=headers).status_code
            if status != 403:
                wrong.append((path, headers, status))
    assert wrong == []


def test_another_host_name_reaches_nothing(station: OpenStation) -> None:
    """A name that the station is not known by (DNS rebinding) gets nothing, not even the pages' own files."""
    admin = signed_in(station, "admin")
    for method, path, _ in [*routes_of(station.app), ("GET", static_path("station.css"), Permission.PUBLIC)]:
        for host in ("evil.example", "127.0.0.1:1", "127.0.0.1:8642.evil.example", ""):
            assert admin.ask(method, path, headers={**here(), "host": host}).status_code == 421, (path, host)


def test_looking_changes_nothing(station: OpenStation) -> None:
    """No GET adds an entry to the log, but for the one that records a refusal."""
    admin = signed_in(station, "admin")
    with station.workplace().store.read() as snapshot:
        before = snapshot.log_size
    for method, path, _ in routes_of(station.app):
        if method == "GET":
            admin.ask(method, path)
    with station.workplace().store.read() as snapshot:
        assert snapshot.log_size == before


def test_other_methods_are_refused(station: OpenStation) -> None:
    """Nothing is put, deleted or traced."""
    admin = signed_in(station, "admin")
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"):
        assert {admin.ask(method, path, headers=here()).status_code for _, path, _ in routes_of(station.app)} == {405}


def test_the_answers_carry_what_keeps_a_browser_safe(station: OpenStation) -> None:
    """No page runs what is not the station's own, is framed, or is kept by a cache."""
    admin = signed_in(station, "admin")
    for path in ("/", "/sign-in", "/nowhere", static_path("station.css")):
        headers = admin.ask("GET", path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert ("no-store" in headers["cache-control"]) == (not path.startswith("/static"))


def signed_in(station: OpenStation, role: str) -> Visitor:
    """Sign somebody of a role in."""
    name = f"the {role}"
    assert accounts.named(station.workplace(), name) is not None
    return station.visitor(name, role)


def request(visitor: Visitor, method: str, path: str) -> int:
    """Send a request with everything right but what it asks for, and return its status."""
    if method == "GET":
        return visitor.ask(method, path).status_code
    return visitor.ask(method, path, data={"form_token": visitor.form_token}, headers=here()).status_code


def here() -> dict[str, str]:
    """Return what a browser says of a form of the station's own page."""
    return {"origin": ORIGIN, "sec-fetch-site": "same-origin"}


@pytest.mark.parametrize("number", ["9" * 23, "-1", "0", "1e3", "٣", "%00"])
def test_no_number_of_an_address_breaks_a_page(station: OpenStation, number: str) -> None:
    """A number that is none, or larger than the database counts, is told to be that."""
    admin = signed_in(station, "admin")
    for route in every_route(station.app.routes):
        if isinstance(route, GuardedRoute) and route.param_convertors:
            path = route.path
            for name in route.param_convertors:
                path = re.sub(r"\{" + name + r"(:path)?\}", number, path)
            for method in route.methods or ():
                assert request(admin, method, path) < 500, (method, path)
