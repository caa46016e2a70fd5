"""Looking by program: the same answers as those of the command line, a page at a time."""

from pathlib import Path

import pytest

from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.timestamps import utc_text
from assettrack.domain.typed_rows import TypedBatch, issues
from assettrack.services import acceptances, audit, corrections, intake, settings
from assettrack.services.acceptances import SaidAcceptance
from tests.cli.conftest import Desk
from tests.web.api_callers import Caller, batch, scan, stocked
from tests.web.visitors import OpenStation


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return somebody at the command line of the station that is served."""
    return Desk(tmp_path, capsys, monkeypatch)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/api/assets/lt-1", "asset show LT-1"),
        ("/api/assets/LT-1/history", "asset history LT-1"),
        ("/api/cases/case-01", "case show CASE-01"),
        ("/api/holders/jane%20SMITH", "holder show jane-smith"),
        ("/api/audit/checkpoint", "audit checkpoint"),
        ("/api/audit/key", "audit key"),
        ("/api/audit/entries/3/proof", "audit prove 3"),
        ("/api/receipts/1", "receipt show 1"),
    ],
)
def test_one_thing_is_told_as_the_command_line_tells_it(
    station: OpenStation, desk: Desk, path: str, words: str
) -> None:
    """A program reads one form of answer, wherever it asks."""
    ann = stocked(station)
    ann.send("/api/issue", asset_tags=["LT-1"], to="Jane Smith", due="2026-12-24", yes=True)
    ann.send("/api/receipts", batch_id=2)
    assert ann.ask(path) == desk.ask(*(word.replace("jane-smith", "Jane Smith") for word in words.split()))


@pytest.mark.parametrize(
    "name",
    [
        *("custody", "overdue", "holders", "organisations", "cases", "types", "unslotted", "problems", "intervals"),
        *("accountability", "activity"),
    ],
)
def test_a_report_is_told_as_the_command_line_tells_it(station: OpenStation, desk: Desk, name: str) -> None:
    """Each report that is listed has the figures and rows of the command line's; only the moment differs."""
    ann = stocked(station)
    ann.send("/api/issue", asset_tags=["LT-1"], to="Jane Smith", accepted="typed", yes=True)
    assert name in {each["name"] for each in ann.ask("/api/reports")["reports"]}
    mine, theirs = ann.ask(f"/api/reports/{name}"), desk.ask("report", name)
    for answer in (mine, theirs):
        del answer["made_at"], answer["subtitle"]
    assert mine == theirs


def test_a_report_is_narrowed_by_what_it_takes_and_by_nothing_else(station: OpenStation) -> None:
    """A filter that a report does not know is refused, not passed over."""
    ann = stocked(station)
    ann.send("/api/issue", asset_tags=["LT-1"], to="Jane Smith", accepted="typed", yes=True)
    assert ann.ask("/api/reports/custody?holder=jane%20smith&details=true")["rows"][0]["asset_tag"] == "LT-1"
    assert ann.request("GET", "/api/reports/cases?holder=Jane%20Smith").status_code == 422
    assert ann.request("GET", "/api/reports/custody?holder=Nobody").status_code == 404
    assert ann.request("GET", "/api/reports/custody?organisation=Nobody").status_code == 409
    assert ann.request("GET", "/api/reports/activity?since=yesterday").status_code == 422
    assert ann.request("GET", "/api/reports/activity?kind=BREAKFAST").status_code == 422
    assert ann.request("GET", "/api/reports/none-such").status_code == 404
    asked = ann.ask("/api/reports/accountability?since=2026-06-15&everything=true")
    assert {row["asset_tag"] for row in asked["rows"]} == {"LT-1", "LT-2"}
    assert {row["asset_tag"] for row in asked["unresolved"]} == {"LT-2"}  # it was seen on the 1st of June


def test_assets_are_filtered(station: OpenStation) -> None:
    """Each filter leaves what it names; together they leave what all of them name."""
    ann = stocked(station)
    ann.send("/api/issue", asset_tags=["LT-1"], to="Jane Smith", accepted="typed", yes=True)
    for query, expected in (
        ("", ["LT-1", "LT-2"]),
        ("status=IN_CUSTODY", ["LT-1"]),
        ("case=case-01", ["LT-2"]),
        ("holder_id=1", ["LT-1"]),
        ("slotted=false", ["LT-1"]),
        ("text=lt-2", ["LT-2"]),
        ("type=laptop&status=RETIRED", []),
    ):
        page = ann.ask(f"/api/assets?{query}")
        assert ([each["asset_tag"] for each in page["assets"]], page["total"]) == (expected, len(expected)), query
    assert ann.request("GET", "/api/assets?case=CASE-99").status_code == 404
    assert ann.request("GET", "/api/assets?status=LOST").status_code == 422
    assert ann.request("GET", "/api/assets?colour=red").status_code == 422


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [("assets", "assets", "asset_tag"), ("cases", "cases", "case_name"), ("holders", "holders", "name")],
)
def test_pages_follow_each_other(station: OpenStation, path: str, kind: str, name: str) -> None:
    """Following next_after gives each thing once, and ends."""
    ann = stocked(station)
    station.case("CASE-02", 1)
    ann.send("/api/holders", name="Omar Diaz")
    first = ann.ask(f"/api/{path}?limit=1")
    second = ann.ask(f"/api/{path}?limit=1&after={first['next_after']}")
    seen = [each[name] for page in (first, second) for each in page[kind]]
    assert seen == [each[name] for each in ann.ask(f"/api/{path}")[kind]]
    assert (len(seen), second["next_after"]) == (2, None)


def test_the_log_is_read_a_page_at_a_time(station: OpenStation) -> None:
    """Entries come as they are stored, from a number on, and the answer says where to go on."""
    ann = stocked(station)
    size = audit.log_size(station.workplace())
    page = ann.ask(f"/api/audit/entries?first=2&limit={size - 2}")
    assert [entry["seq"] for entry in page["entries"]] == list(range(2, size))
    assert page["next_first"] == size
    assert ann.ask(f"/api/audit/entries?first={size}")["next_first"] is None
    assert ann.ask(f"/api/audit/entries?first={2**53}") == {"entries": [], "next_first": None}
    assert ann.request("GET", "/api/audit/entries?limit=1001").status_code == 422
    assert ann.request("GET", "/api/audit/entries?first=0").status_code == 422


def test_a_batch_tells_what_it_states_of_itself(station: OpenStation) -> None:
    """Its facts, its entries in the log, and whom it gave something."""
    ann = stocked(station)
    done = ann.send("/api/issue", asset_tags=["LT-1"], to="Jane Smith", accepted="typed", yes=True)
    found = ann.ask("/api/batches/2")
    assert {name: found[name] for name in ("batch_id", "first_seq", "last_seq", "checkpoint")} == {
        name: done[name] for name in ("batch_id", "first_seq", "last_seq", "checkpoint")
    }
    assert (found["rows"], found["committed_by"], found["source_name"]) == (1, "ann", "typed")
    jane = {"holder_id": 1, "holder": "Jane Smith", "accepted_seq": done["first_seq"], "added": []}
    assert found["handovers"] == [jane]


def test_a_batch_tells_what_a_correction_added_after_it_was_accepted(station: OpenStation) -> None:
    """By holder, until that is accepted too; nothing where the station asks nobody."""
    ann = stocked(station)
    ann.send("/api/holders", name="Omar Diaz")
    rows = [*issues(["LT-1"], "Jane Smith"), *issues(["LT-2"], "Omar Diaz")]
    given = TypedBatch(rows, "ann", now=utc_text(station.tick()))
    options, workplace = Options(accepted=Acceptance("paper")), station.workplace()
    last = intake.commit(workplace, given, "typed", options, confirm=None).last_seq

    def added() -> dict[str, list[str]]:
        return {each["holder"]: each["added"] for each in ann.ask("/api/batches/2")["handovers"]}

    assert added() == {"Jane Smith": [], "Omar Diaz": []}
    corrections.correct(workplace, last, {"issued_to_name": "Jane Smith"}, "wrong person", confirm=None)
    assert added() == {"Jane Smith": ["LT-2"], "Omar Diaz": []}
    settings.set_rule(workplace, "acceptance", "off")
    assert added() == {"Jane Smith": [], "Omar Diaz": []}
    settings.set_rule(workplace, "acceptance", "recorded")
    acceptances.record(workplace, 2, "Jane Smith", SaidAcceptance("paper"))
    assert added() == {"Jane Smith": [], "Omar Diaz": []}


def test_the_station_tells_for_whom_a_token_acts(station: OpenStation) -> None:
    """A program can make sure that it speaks with the right station, as the right person."""
    found = Caller(station, "vic", "viewer").ask("/api/station")
    assert found["account"] == {"name": "vic", "role": "viewer"}
    assert found["station"] == station.web.name
    assert found["entries"] == audit.log_size(station.workplace())


def test_what_is_not_there_is_said_not_to_be(station: OpenStation) -> None:
    """A name that nothing has, or that nothing can have, is 404 with the error object; a number out of bounds 422."""
    ann = Caller(station)
    for path in (
        "assets/NONE",
        "assets/%00",
        "cases/NONE",
        "cases/x%20y%7F",
        "holders/a%2Fb",
        "batches/9",
        "receipts/9",
    ):
        answer = ann.request("GET", f"/api/{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path
    for path in ("batches/0", "batches/x", f"batches/{2**53 + 1}", "audit/entries/0/proof", "holders/%00"):
        assert ann.request("GET", f"/api/{path}").status_code == 422, path
    answer = ann.request("GET", "/api/none-such")
    assert (answer.status_code, answer.json()["error"]["saved"]) == (404, False)


def test_a_page_is_no_larger_than_it_may_be(station: OpenStation) -> None:
    """A list can't be asked for whole by a great limit."""
    ann = stocked(station)
    ann.upload("/api/commit?yes=true", batch(scan("LT-3", 3)))
    for path in ("assets", "cases", "holders"):
        assert ann.request("GET", f"/api/{path}?limit=1001").status_code == 422
        assert ann.request("GET", f"/api/{path}?limit=0").status_code == 422
