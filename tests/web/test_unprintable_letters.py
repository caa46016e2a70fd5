"""What a person types in a form and the log keeps has only letters that can be printed, as what a file brings."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import msgspec
import pytest

from tests.web.handing_over import JANE, STROKES, at_the_desk, checked, issued, listed, size, stocked
from tests.web.test_signed_terms import accept, accepting
from tests.web.visitors import ORIGIN, OpenStation, Visitor

UNPRINTABLE = ("a\x00b", "a\x07b", "a\x1b[31mb", "a\u202eb", "a\u2028\u200bb")

Way = Callable[[OpenStation], Callable[[str], int]]
"""Makes the station ready, and returns what types a text in a field of a form; that returns the answer's status."""


def _listed(station: OpenStation, word: str) -> Visitor:
    stocked(station)
    if word != "issue":
        issued(station, "LT-1")
    desk = at_the_desk(station, f"/{word}")
    listed(desk, word, "LT-1", holder="" if word == "return" else JANE if word == "issue" else "Ben Okri")
    return desk


def _accepting(word: str, **fields: str) -> Way:
    def ready(station: OpenStation) -> Callable[[str], int]:
        desk = _listed(station, word)

        def post(text: str) -> int:
            said = {name.replace("_0", ".0"): text if value == "?" else value for name, value in fields.items()}
            return accept(desk, {**accepting(desk, word), **said}, word)

        return post

    return ready


def _posting(role: str, see: str, path: str, said: Mapping[str, str]) -> Way:
    def ready(station: OpenStation) -> Callable[[str], int]:
        stocked(station)
        issued(station, "LT-2")
        visitor = station.visitor("ann", role)
        visitor.get(see)

        def post(text: str) -> int:
            fields = {name: text if value == "?" else value for name, value in said.items()}
            return visitor.post(path, fields).status_code

        return post

    return ready


HOLDER = {"name": JANE, "organisation": "Ad Hoc", "identifier": "", "reason": ""}
FIELDS = {
    "notes of an issue": _accepting("issue", how="paper", notes="?"),
    "notes of a transfer": _accepting("transfer", how="paper", notes="?"),
    "notes of a return": _accepting("return", how="paper", notes="?"),
    "typed name": _accepting("issue", how="typed", name_0="?"),
    "deputy's name": _accepting("issue", how="screen", name_0="?", strokes_0=STROKES),
    "reason of a change": _posting(
        "operator", "/holders/Jane%20Smith", "/holder/1/change", {**HOLDER, "identifier": "7", "reason": "?"}
    ),
    "identifier": _posting("operator", "/holders/Jane%20Smith", "/holder/1/change", {**HOLDER, "identifier": "?"}),
    "reason to deactivate": _posting(
        "operator", "/holders/Jane%20Smith", "/holder/1/active", {"active": "0", "with_assets": "1", "reason": "?"}
    ),
    "contact data": _posting("operator", "/holders/Jane%20Smith", "/holder/1/contact", {"contact": "?"}),
    "reason to empty a slot": _posting(
        "admin", "/cases/CASE-01?slot=1", "/cases/CASE-01/vacate", {"slot": "1", "tag": "LT-1", "reason": "?"}
    ),
    "building": _posting("admin", "/organisations", "/organisations/buildings", {"building": "?"}),
}


@pytest.mark.parametrize("field", FIELDS)
def test_a_text_with_unprintable_letters_is_refused(station: OpenStation, field: str) -> None:
    """Whoever prints the log later must not be shown otherwise than it is; nothing of it is saved."""
    post = FIELDS[field](station)
    before = size(station)
    for text in UNPRINTABLE:
        answer = post(text)
        assert 400 <= answer < 500, (text, answer)
        assert size(station) == before, text
    with station.workplace().store.read() as snapshot:
        bodies = b"".join(record.body for record, _ in snapshot.records())
    for text in UNPRINTABLE:
        assert msgspec.json.encode(text)[1:-1] not in bodies, text


def test_notes_are_kept_as_intake_keeps_them(station: OpenStation) -> None:
    """In NFC, with their spaces collapsed: what is signed for is what is kept."""
    ben = _listed(station, "issue")
    form = checked(ben, "issue", {"how": "paper", "notes": "  lid   scratched e\u0301 "})
    assert "lid scratched \u00e9" in ben.words
    before = size(station)
    ben.follow(ben.post("/issue/commit", form))
    assert size(station) > before


@pytest.mark.parametrize("seconds", [1, 601])
def test_a_form_in_letters_that_can_not_be_read_is_refused(station: OpenStation, seconds: int) -> None:
    """No browser makes such a one: its kind of letters can't be read by rule, also while the station is locked."""
    browser = station.visitor("ben")
    browser.get("/intake")
    station.now += timedelta(seconds=seconds)
    sent = b'--X\r\nContent-Disposition: form-data; name="typed"\r\n\r\nLT-1\r\n--X--\r\n'
    headers = {"origin": ORIGIN, "content-type": "multipart/form-data; boundary=X; charset=undefined"}
    assert browser.ask("POST", "/intake/scans", content=sent, headers=headers).status_code == 400
