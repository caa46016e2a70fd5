"""A JSON request that says a field twice is refused: nobody knows which of the two is meant."""

import pytest

from assettrack.services import audit
from assettrack.web.api.repeated_fields import repeated_field
from tests.web.api_callers import Caller
from tests.web.visitors import OpenStation

JSON = {"content-type": "application/json"}


def test_a_deed_that_says_a_name_twice_is_refused(station: OpenStation) -> None:
    """Neither of the two people is registered, and the sentence names the field."""
    ann = Caller(station)
    before = audit.log_size(station.workplace())
    answer = ann.request("POST", "/api/holders", content=b'{"name": "Ann A", "name": "Bea B"}', headers=JSON)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["saved"]) == (422, "request_invalid", False)
    assert "'name' more than once" in error["message"]
    assert audit.log_size(station.workplace()) == before


@pytest.mark.parametrize(
    ("kind", "body", "found"),
    [
        ("application/json", b'{"a": 1, "b": 2}', None),
        ("application/json", b'{"a": {"b": 1}, "c": {"b": 2}}', None),
        ("application/json", b'[{"a": 1}, {"b": {"c": 1, "d": 2, "c": 3}}]', "'c'"),
        ("Application/JSON; charset=utf-8", b'{"a": 1, "\\u0061": 2}', "'a'"),
        ("application/problem+json", b'{"a": 1, "a": 1}', "'a'"),
        ("text/csv", b'{"a": 1, "a": 1}', None),
        ("application/json", b'{"a": 1, "a"', None),
        ("application/json", b"\xff\xfe\xff", None),
        ("application/json", b"[" * 100_000, None),
        ("application/json", b'{"\\u202e": 1, "\\u202e": 2}', r"'\u202e'"),
    ],
)
def test_a_field_is_repeated_within_one_object(kind: str, body: bytes, found: str | None) -> None:
    """However deep the object lies and however the name is written; what is no JSON is not judged."""
    assert repeated_field(kind, body) == found
