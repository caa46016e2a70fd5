"""A request that comes twice: one deed, the same answer, and the truth where the station stopped in between."""

import threading
from typing import Any

import pytest

from assettrack.domain import station_errors
from assettrack.services import audit, holders, slots
from assettrack.web.api import batches
from tests.web.api_callers import CSV, Caller, batch, restart, scan, stocked
from tests.web.visitors import OpenStation

KEY = "6f1c2a9e-0d7b"


def size(station: OpenStation) -> int:
    """Return how many entries the log has."""
    return audit.log_size(station.workplace())


def lose_answers(station: OpenStation) -> None:
    """Let the power go after each deed, before its answer is kept."""
    station.web.desk.keep_answer = lambda *_: None  # type: ignore[method-assign]  # the power goes here


def come_back(station: OpenStation) -> None:
    """Start the station anew after the power went."""
    del station.web.desk.keep_answer
    restart(station)


def test_the_same_request_is_answered_the_same_and_done_once(station: OpenStation) -> None:
    """The second answer is the first, byte for byte, and says that it is; the log does not grow, now or later."""
    ann = Caller(station)
    first = ann.request("POST", "/api/holders", key=KEY, json={"name": "Jane Smith"})
    grown = size(station)
    for _ in range(2):
        again = ann.request("POST", "/api/holders", key=KEY, json={"name": "Jane Smith"})
        assert (again.status_code, again.content) == (200, first.content)
        assert again.headers["idempotency-replayed"] == "true"
        restart(station)
    assert "idempotency-replayed" not in first.headers
    assert size(station) == grown


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/holders", b'{"name":"Omar Diaz"}'),
        ("/api/holders?", b' {"name":"Jane Smith"}'),
        ("/api/cases", b'{"name":"Jane Smith"}'),
    ],
)
def test_a_key_is_good_for_one_request_alone(station: OpenStation, path: str, body: bytes) -> None:
    """With another body, or at another address, it is refused, and nothing is done."""
    ann = Caller(station)
    ann.request(
        "POST", "/api/holders", key=KEY, content=b'{"name":"Jane Smith"}', headers={"content-type": "application/json"}
    )
    grown = size(station)
    answer = ann.request("POST", path, key=KEY, content=body, headers={"content-type": "application/json"})
    if path == "/api/cases":
        assert answer.json()["error"]["code"] == "request_invalid"  # it is no case, whatever its key
    else:
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "idempotency_key_in_use")
    assert size(station) == grown


def test_the_address_belongs_to_the_request(station: OpenStation) -> None:
    """The same file with other options is another request."""
    station.case("CASE-01", 4)
    ann = Caller(station)
    ann.upload("/api/commit?yes=true", batch(scan("LT-1", 1)), key=KEY)
    refused = ann.upload("/api/commit?yes=true&only_new=true", batch(scan("LT-1", 1)), key=KEY, status=422)
    assert refused["error"]["code"] == "idempotency_key_in_use"


def test_keys_belong_to_their_account(station: OpenStation) -> None:
    """Somebody else's key of the same text is another key."""
    ann, ben = Caller(station), Caller(station, "ben", "operator")
    ann.send("/api/holders", key=KEY, name="Jane Smith")
    assert ben.send("/api/holders", key=KEY, name="Omar Diaz")["holder_id"] == 2


@pytest.mark.parametrize("key", ["", "x" * 65, "a\tb", "caf\u00e9"])
def test_a_key_is_printable_and_short(station: OpenStation, key: str) -> None:
    """1 to 64 printable letters of ASCII, or the request is not taken."""
    ann = Caller(station)
    grown = size(station)
    headers = [("authorization", f"Bearer {ann.token}"), ("idempotency-key", key.encode("latin-1"))]
    answer = station.visitor().ask("POST", "/api/holders", headers=headers, json={"name": "Jane Smith"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "request_invalid")
    assert size(station) == grown
    ann.send("/api/holders", key="x" * 64, name="Jane Smith")


def test_what_was_refused_frees_its_key(station: OpenStation) -> None:
    """Nothing was saved, so the key can be used for the request that is put right."""
    ann = stocked(station)
    assert ann.refuse("/api/holders", key=KEY, name="Jane Smith", status=409) == "holder_exists"
    assert ann.send("/api/holders", key=KEY, name="Omar Diaz")["name"] == "Omar Diaz"


def test_a_preview_keeps_nothing(station: OpenStation) -> None:
    """It is worked out anew each time, so its key is free for the commit."""
    ann = stocked(station)
    fields: dict[str, Any] = {"asset_tags": ["LT-1"], "to": "Jane Smith"}
    code = ann.send("/api/issue", key=KEY, preview=True, **fields)["confirm"]
    assert ann.send("/api/issue", key=KEY, confirm=code, **fields)["committed"] == 1


def test_while_it_is_worked_on_it_is_not_begun_again(station: OpenStation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of two at once is told to ask again, and then gets the answer of the first; another one is refused."""
    ann = Caller(station)
    begun, may_end, initialise = threading.Event(), threading.Event(), slots.initialise_cases

    def slow(*asked: object) -> object:
        begun.set()
        assert may_end.wait(30)
        return initialise(*asked)  # type: ignore[arg-type]  # handed on as they are

    monkeypatch.setattr(slots, "initialise_cases", slow)
    answers: list[dict[str, Any]] = []
    first = threading.Thread(target=lambda: answers.append(ann.send("/api/cases", key=KEY, case_name="C", slots=1)))
    first.start()
    assert begun.wait(30)
    meanwhile = ann.refuse("/api/cases", key=KEY, case_name="C", slots=1, status=409)
    other = ann.refuse("/api/cases", key=KEY, case_name="D", slots=1, status=422)
    may_end.set()
    first.join(30)
    assert {meanwhile, other} == {"idempotency_key_in_use"}
    assert ann.send("/api/cases", key=KEY, case_name="C", slots=1) == answers[0]


def test_a_deed_that_may_be_saved_is_not_done_again(station: OpenStation) -> None:
    """Where the power went before the answer was kept, and the log has grown, it is said from where to look."""
    ann = Caller(station)
    before = size(station)
    lose_answers(station)
    ann.send("/api/holders", key=KEY, name="Jane Smith")
    come_back(station)
    for _ in range(2):
        error = ann.send("/api/holders", key=KEY, name="Jane Smith", status=409)["error"]
        assert (error["code"], error["saved"]) == ("answer_lost", None)
        assert f"from entry {before + 1} on" in error["message"]
    assert size(station) == before + 1


def test_a_deed_that_was_not_saved_is_done_now(station: OpenStation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the power went before the deed and the log has not grown, the key is as good as new."""
    ann = Caller(station)
    with monkeypatch.context() as broken:
        broken.setattr(holders, "register", _dies)
        assert ann.request("POST", "/api/holders", key=KEY, json={"name": "Jane Smith"}).status_code == 500
    restart(station)
    assert ann.send("/api/holders", key=KEY, name="Jane Smith")["holder_id"] == 1
    assert ann.request("POST", "/api/holders", key=KEY, json={"name": "Jane Smith"}).headers["idempotency-replayed"]


@pytest.mark.parametrize("is_saved", [True, False])
def test_an_uncertain_commit_keeps_its_key(
    station: OpenStation, monkeypatch: pytest.MonkeyPatch, *, is_saved: bool
) -> None:
    """The disk failed in the moment of saving: sent again, it is done only where the log shows that it was not."""
    ann = Caller(station)
    register = holders.register

    def uncertain(*asked: object, **named: object) -> object:
        if is_saved:
            register(*asked, **named)  # type: ignore[arg-type]  # handed on as they are
        raise station_errors.CommitUncertain("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(holders, "register", uncertain)
        error = ann.send("/api/holders", key=KEY, name="Jane Smith", status=500)["error"]
    assert (error["code"], error["saved"]) == ("commit_uncertain", None)
    again = ann.request("POST", "/api/holders", key=KEY, json={"name": "Jane Smith"})
    if is_saved:
        assert (again.status_code, again.json()["error"]["code"]) == (409, "answer_lost")
    else:
        assert again.json()["name"] == "Jane Smith"
    assert len(holders.all_holders(station.workplace())) == 1


def test_a_file_tells_itself_that_it_is_committed(station: OpenStation) -> None:
    """Its rows are known again, so the lost answer is found, however much the log has grown since."""
    station.case("CASE-01", 4)
    ann = Caller(station)
    rows = batch(scan("LT-1", 1), scan("LT-2", 2))
    lose_answers(station)
    first = ann.upload("/api/commit?yes=true", rows, key=KEY)
    come_back(station)
    ann.send("/api/holders", name="Jane Smith")
    again = ann.upload("/api/commit?yes=true", rows, key=KEY)
    assert again == {**first, "committed": 0, "already_committed": True}


def test_a_file_that_was_not_committed_is_committed_now(station: OpenStation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log grew by others' deeds alone: the rows tell that they are new."""
    station.case("CASE-01", 4)
    ann = Caller(station)
    with monkeypatch.context() as broken:
        broken.setattr(batches, "commit_batch", _dies)
        answer = ann.request("POST", "/api/commit?yes=true", key=KEY, content=batch(scan("LT-1", 1)), headers=CSV)
        assert answer.status_code == 500
    ann.send("/api/holders", name="Jane Smith")
    assert ann.upload("/api/commit?yes=true", batch(scan("LT-1", 1)), key=KEY)["committed"] == 1


@pytest.mark.parametrize(
    ("path", "fields", "is_known"),
    [
        ("issue", {"to": "Jane Smith", "at": "2026-07-01T11:00Z"}, True),
        ("issue", {"to": "Jane Smith"}, False),
        ("retire", {"reason": "broken", "at": "2026-07-01T11:00Z"}, True),
        ("return", {"unslotted": True, "at": "2026-07-01T11:00Z"}, True),
        ("return", {"case_name": "CASE-01", "slot_position": 4, "at": "2026-07-01T11:00Z"}, True),
        ("return", {"at": "2026-07-01T11:00Z"}, False),
    ],
)
def test_typed_rows_with_a_time_tell_themselves(
    station: OpenStation, path: str, fields: dict[str, Any], *, is_known: bool
) -> None:
    """Said with its time, a deed is known by its rows; without, or where the rows hang on the state, it is not."""
    ann = stocked(station)
    if path == "return":
        ann.send("/api/issue", asset_tags=["LT-1"], to="Jane Smith", at="2026-07-01T10:00Z", yes=True)
    lose_answers(station)
    first = ann.send(f"/api/{path}", key=KEY, asset_tags=["LT-1"], yes=True, **fields)
    come_back(station)
    if is_known:
        again = ann.send(f"/api/{path}", key=KEY, asset_tags=["LT-1"], yes=True, **fields)
        assert again == {**first, "committed": 0, "already_committed": True}
    else:
        lost = ann.send(f"/api/{path}", key=KEY, asset_tags=["LT-1"], yes=True, status=409, **fields)
        assert lost["error"]["code"] == "answer_lost"
        assert f"from entry {first['first_seq']} on" in lost["error"]["message"]


def test_a_deed_is_answered_even_where_the_answer_can_not_be_kept(station: OpenStation) -> None:
    """What was saved is said to be saved, though the desk's disk is full."""
    ann = Caller(station)
    station.web.desk.keep_answer = _full  # type: ignore[method-assign,assignment]  # the disk is full here
    assert ann.send("/api/holders", key=KEY, name="Jane Smith")["holder_id"] == 1


def test_a_refusal_is_told_even_where_its_key_can_not_be_freed(station: OpenStation) -> None:
    """The desk's disk is no reason to hide what was refused."""
    ann = stocked(station)
    station.web.desk.forget_answer = _full  # type: ignore[method-assign,assignment]  # the disk is full here
    assert ann.refuse("/api/holders", key=KEY, name="Jane Smith", status=409) == "holder_exists"


def _dies(*_: object, **__: object) -> None:
    raise RuntimeError("the power goes here")


def _full(*_: object) -> None:
    raise station_errors.StorageFailed("database or disk is full")
