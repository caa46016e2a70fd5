"""Errors as programs are told them: one shape, and never more certain than it is of what was saved."""

from pathlib import Path

import msgspec

from assettrack.domain import desk_errors, station_errors
from assettrack.services.ports import Workplace
from assettrack.web import api_errors
from assettrack.web.api_errors import told
from tests.web.visitors import OpenStation, Visitor


def broken(workplace: Workplace) -> Workplace:
    """Return a workplace whose store is gone."""
    return msgspec.structs.replace(workplace, store=None)


def test_an_error_is_told_with_what_is_known_of_what_was_saved() -> None:
    """Nothing, or that nobody knows: as the error itself says."""
    for error, saved in (
        (desk_errors.KeyInUse("it is"), False),
        (desk_errors.AnswerLost(7), None),
        (station_errors.CommitUncertain("disk full"), None),
    ):
        assert msgspec.to_builtins(told(error)) == {"code": error.code, "message": str(error), "saved": saved}


def test_of_what_was_not_expected_nobody_says_that_nothing_was_saved(station: OpenStation) -> None:
    """The sentence sends whoever reads it to look, and so does the answer."""
    program = Visitor(OpenStation(broken(station.web.workplace), station.web, station.folder, station.loop))
    answer = program.ask("GET", "/api/audit/entries", headers={"authorization": f"Bearer at_{'x' * 43}"})
    assert answer.status_code == 500
    error = answer.json()["error"]
    assert (error["code"], error["saved"]) == ("unexpected", None)
    assert "Look at the audit page whether anything was saved" in error["message"]


def test_the_shape_is_made_in_one_place() -> None:
    """Nothing else of the station's pages and interface puts such an object together."""
    web = Path(api_errors.__file__).parent
    assert [path.name for path in web.rglob("*.py") if '"saved":' in path.read_text("utf-8")] == []
