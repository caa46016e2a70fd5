"""The document of the programming interface, the page that shows it, and requests of all kinds made up from it."""

import re
import shlex
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assettrack.domain import desk_errors
from assettrack.services import verification
from assettrack.web.access import NEEDS, GuardedRoute
from assettrack.web.guard import API
from assettrack.web.permissions import ROLES
from assettrack.web.reports.kinds import REPORTS
from tests.architecture import ROOT
from tests.web.api_callers import Caller, stocked
from tests.web.test_permissions import every_route, routes_of
from tests.web.visitors import ORIGIN, OpenStation, open_station

ADDRESS_LETTERS_MAX = 60_000
"""Longer addresses no client sends."""

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def document(station: OpenStation) -> dict[str, Any]:
    """Return the document as a viewer's program gets it."""
    return Caller(station, "vic", "viewer").ask("/api/openapi.json")


def test_the_document_names_every_operation_and_what_it_needs(station: OpenStation) -> None:
    """Nothing of the interface is left out, and nothing else is in it."""
    found = document(station)
    said = {
        (method.upper(), path, operation["x-needs"])
        for path, methods in found["paths"].items()
        for method, operation in methods.items()
    }
    assert said == {
        (method, route.path.replace(":path", ""), (route.openapi_extra or {})[NEEDS])
        for route in every_route(station.app.routes)
        if isinstance(route, GuardedRoute) and route.path.startswith(API)
        for method in route.methods or ()
    }
    assert found["security"] == [{"token": []}]
    assert found["servers"] == [{"url": ORIGIN}]


def test_answers_are_what_the_document_says(station: OpenStation) -> None:
    """Every operation that looks answers with what its schema asks for, on a station that has some of everything."""
    ann = stocked(station)
    ann.send("/api/issue", asset_tags=["LT-1"], to="Jane Smith", due="2026-12-24", yes=True)
    ann.send("/api/receipts", batch_id=2)
    schema = schemathesis.openapi.from_dict(document(station))
    filled = {
        "asset_tag": "LT-1",
        "case_name": "CASE-01",
        "name": "Jane Smith",
        "batch_id": 2,
        "receipt_id": 1,
        "seq": 3,
    }
    asked = 0
    for operation in (each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)):
        if operation.method == "get":
            for report in REPORTS if "{report}" in operation.path else ("",):
                places: dict[str, Any] = {**filled, "report": report}
                answer = ann.request("GET", operation.path.format(**places))
                assert answer.status_code == 200, operation.path
                case = operation.Case(method="GET", path_parameters=places)
                case.validate_response(answer, checks=CHECKS)
                asked += 1
    assert asked > len(REPORTS) + 15


def test_every_request_refuses_what_it_does_not_know(station: OpenStation) -> None:
    """Each body is bounded in what it may hold: no further fields, and every text and list with its greatest length."""
    schemas = document(station)["components"]["schemas"]
    sent = {name: schema for name, schema in schemas.items() if name.endswith("Sent")}
    assert len(sent) >= 7
    for name, schema in sent.items():
        assert schema["additionalProperties"] is False, name
        for field, each in schema["properties"].items():
            kinds = each.get("anyOf", [each])
            for kind in (*kinds, *(kind["items"] for kind in kinds if "items" in kind)):
                bound = {"string": "maxLength", "array": "maxItems", "integer": "maximum"}.get(kind.get("type"))
                assert bound is None or bound in kind or bound in each or "enum" in kind, (name, field)


def test_the_page_shows_every_operation_with_an_example(station: OpenStation) -> None:
    """Each has its place, its fields and a command line; whoever may look may read it."""
    vic = station.visitor("vic", "viewer")
    assert vic.get("/developers").status_code == 200
    for path, methods in document(station)["paths"].items():
        assert f"<code>{path}</code>" in vic.page
        for operation in methods.values():
            assert operation["summary"] in vic.words
    for needed in ("Idempotency-Key", "asset_tags", "integer 1…500", "required", "STORAGE | IN_CUSTODY | RETIRED"):
        assert needed in vic.words


def test_an_example_of_the_page_works(station: OpenStation) -> None:
    """The commands that it shows are well formed: sent as they are, they do what they say."""
    ann = stocked(station)
    vic = station.visitor("vic", "viewer")
    vic.get("/developers")
    commands = [words_of(found) for found in re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", vic.page, re.DOTALL)]
    by_path = {words[-1].removeprefix(ORIGIN): words for words in commands}
    assert len(commands) == sum(path.startswith(API) for _, path, _ in routes_of(station.app))
    assert ann.request("GET", next(path for path in by_path if path.startswith("/api/assets?"))).status_code == 200
    holders = next(words for words in commands if words[-1] == f"{ORIGIN}/api/holders" and "-d" in words)
    headers = dict(words.split(": ", 1) for words in holders if ": " in words and not words.startswith("{"))
    body = holders[holders.index("-d") + 1]
    del headers["Authorization"]
    answer = ann.request("POST", "/api/holders", headers=headers, content=body.encode())
    assert answer.status_code == 409  # Jane Smith is registered already
    assert answer.json()["error"]["code"] == "holder_exists"


def words_of(shown: str) -> list[str]:
    """Return the words of a command line as a page shows it."""
    return shlex.split(unescape(shown))


def test_the_how_to_names_operations_that_exist(station: OpenStation) -> None:
    """Every address and every code of the interface that the page tells is one that the station knows."""
    text = (ROOT / "docs/how-to/programming-interface.md").read_text("utf-8")
    known = [re.sub(r"\{\w+\}", "[^/]+", path) for path in document(station)["paths"]]
    named = set(re.findall(r"/api/[\w./{}-]+", text))
    assert len(named) > 7
    assert {path for path in named if not any(re.fullmatch(each, path) for each in known)} == set()
    assert {desk_errors.AnswerLost.code, desk_errors.KeyInUse.code} <= set(re.findall(r"`(\w+)`", text))


# -- requests of all kinds -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def busy_station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStation]:
    """Return one station for all made-up requests, with something in it that they may meet."""
    folder: Path = tmp_path_factory.mktemp("made-up")
    with open_station(folder) as opened:
        ann = stocked(opened)
        opened.case("0", 3)
        ann.send("/api/holders", name="0")
        ann.send("/api/issue", asset_tags=["LT-1"], to="Jane Smith", yes=True)
        yield opened


@pytest.fixture(scope="module")
def requests_of_all_kinds(busy_station: OpenStation) -> list[SearchStrategy[Case[Any]]]:
    """Return what makes requests up, right and wrong ones for each operation; that takes longer than to send them."""
    schema = schemathesis.openapi.from_dict(document(busy_station))
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert len(operations) == sum(path.startswith(API) for _, path, _ in routes_of(busy_station.app))
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    return [operation.as_strategy(generation_mode=mode) for operation in operations for mode in modes]


@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_request_breaks_the_station(
    busy_station: OpenStation, requests_of_all_kinds: list[SearchStrategy[Case[Any]]], role: str
) -> None:
    """Whatever is made up from the document, right or wrong: an answer that it describes, never 500, and a sound log.

    A few requests of each kind; for more, give another seed: ``--hypothesis-seed=N``.
    """
    caller = Caller(busy_station, f"the {role}", role)
    for strategy in requests_of_all_kinds:

        @settings(
            max_examples=3 if role == "admin" else 1,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def meets(case: Case[Any]) -> None:
            case.validate_response(sent(busy_station, case, caller.token), checks=CHECKS)

        meets()
    assert verification.verify(busy_station.workplace(), []).ok


def sent(station: OpenStation, case: Case[Any], token: str) -> Any:  # noqa: ANN401 - Schemathesis takes what the client gives
    """Send a made-up request with a token, and return the answer."""
    said = case.as_transport_kwargs(base_url=ORIGIN, headers={"authorization": f"Bearer {token}"})
    known = {name: value for name, value in said.items() if name not in {"timeout", "verify", "allow_redirects"}}
    prepared = requests.Request(**known).prepare()
    assume(len(prepared.url or "") < ADDRESS_LETTERS_MAX)
    headers = {name: value for name, value in prepared.headers.items() if name.lower() != "content-length"}
    return station.visitor().ask(prepared.method or "", prepared.url or "", headers=headers, content=prepared.body)
