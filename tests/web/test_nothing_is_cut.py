"""What is typed, pasted or scanned is taken whole or refused with the reason; no field cuts it off unseen."""

import re
from pathlib import Path

import pytest

import assettrack.web
from assettrack.services import audit, holders
from tests.web.test_texts import templates
from tests.web.visitors import OpenStation


def test_no_field_cuts_off_what_is_put_into_it() -> None:
    """A browser cuts at maxlength, and says nothing: forty letters of a case became a case of thirty."""
    assert [name for name, text in templates().items() if "maxlength" in text.lower()] == []


def test_what_is_chosen_in_a_list_is_sent_as_it_is() -> None:
    """Without a value a browser sends the text with its blanks run together, and `KIT  A` became `KIT A`."""
    assert [name for name, text in templates().items() if re.search(r"<option(?![^>]*\bvalue=)", text)] == []
    script = (Path(assettrack.web.__file__).parent / "static" / "choosing.js").read_text("utf-8")
    assert "new Option(value, value)" in script


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("/cases", {"name": "C" * 40, "count": "4"}, "40 characters long, 30 are allowed"),
        ("/holders", {"name": "J" * 201}, "1 to 200 printable letters"),
        ("/holder/1/change", {"name": "Jane Smith", "identifier": "7" * 201}, "1 to 200 printable letters"),
        ("/organisations", {"organisation": "O" * 201}, "1 to 200 printable letters"),
        ("/people", {"name": "p" * 65, "role": "viewer"}, "1 to 64"),
    ],
)  # fmt: skip
def test_what_is_too_long_is_refused_with_the_reason(
    station: OpenStation, path: str, form: dict[str, str], said: str
) -> None:
    """And nothing is kept of it."""
    station.case("CASE-01", 4)
    holders.register(station.workplace(), "Jane Smith")
    mara = station.visitor("mara", "admin")
    mara.get("/")
    size = audit.log_size(station.workplace())
    answer = mara.post(path, form)
    assert answer.status_code == 422, (answer.status_code, mara.words)
    assert said in mara.words
    assert audit.log_size(station.workplace()) == size
