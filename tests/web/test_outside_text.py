"""Text from outside turns round none of the station's own words, on whatever page it stands."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from assettrack.services import holders
from assettrack.web.outside_text import finalized, sentence, shown
from tests.web import handing_over
from tests.web.test_intake_pages import at_the_desk, scan
from tests.web.visitors import OpenStation, Visitor, open_station

HOSTILE = "LT\u202e1-DER\u2066"
SEEN = "LT⟨U+202E⟩1-DER⟨U+2066⟩"
DANA = "דנה כהן"


@pytest.mark.parametrize(
    ("text", "on_page"),
    [
        ("LT-1", "LT-1"), ("a\u202eb", "a⟨U+202E⟩b"),
        ("\x00\x1b[2J", "⟨U+0000⟩⟨U+001B⟩[2J"), ("\U000e0041", "⟨U+E0041⟩"),
        ("two\nlines\tand\xa0more", "two\nlines\tand\xa0more"), (f"{DANA} 👍", f"{DANA} 👍"),
    ],
)  # fmt: skip
def test_letters_that_can_not_be_seen_are_shown_by_their_numbers(text: str, on_page: str) -> None:
    """Those that can be seen stay as they are, and so do the ends of lines that a page shows."""
    assert shown(text) == on_page


def test_what_is_written_from_right_to_left_is_isolated_in_a_sentence() -> None:
    """Else a number or a point beside it would change sides; what is no text goes on as it is."""
    assert sentence(f"{DANA} 1 <b>, LT-1.") == f"\u2068{DANA}\u2069 1 &lt;b&gt;, LT-1."
    assert finalized(7) == 7


@pytest.fixture(scope="module")
def mara(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OpenStation, Visitor]]:
    """Return an admin at a station with somebody to give things to."""
    folder: Path = tmp_path_factory.mktemp("station")
    with open_station(folder) as station:
        holders.register(station.workplace(), "Jane Smith")
        yield station, station.visitor("mara", "admin")


@pytest.mark.parametrize(
    "path",
    [
        "/assets?text={}", "/assets/search?text={}", "/holders?text={}", "/issue?find={}", "/issue?holder={}",
        "/return?find={}", "/audit?asset={}", "/reports/custody?holder={}", "/cases/{}", "/assets/{}", "/receipts/{}",
        "/reports/{}", "/counts/new?room={}", "/labels?cases={}",
    ],
)  # fmt: skip
def test_no_page_repeats_what_turns_words_round(mara: tuple[OpenStation, Visitor], path: str) -> None:
    """In no field, title or sentence."""
    answer = mara[1].get(path.format(quote(HOSTILE)))
    if path == "/issue?holder={}":
        mara[1].follow(answer)
    assert not set("\u202e\u2066") & set(mara[1].page)


def test_a_hostile_scan_is_shown_as_what_it_is(station: OpenStation) -> None:
    """In the queue, where it is checked, and where it is changed."""
    ben = at_the_desk(station)
    scan(ben, HOSTILE)
    for path in ("/intake", "/intake/check", "/intake/scans/1"):
        ben.get(path)
        assert SEEN in ben.words
        assert "\u202e" not in ben.page


def test_who_accepts_by_a_typed_name_is_named_as_people_are(station: OpenStation) -> None:
    """No letter of it may be one that can't be seen, and none of it is cut off."""
    handing_over.stocked(station)
    ben = handing_over.at_the_desk(station)
    handing_over.listed(ben, "issue", "LT-1", holder=handing_over.JANE)
    for typed in ("Jane\u202e Smith", "J" * 201):
        form = {"how": "typed", "signer.0": "Jane Smith", "name.0": typed}
        ben.get("/issue/acceptance")
        answer = ben.post("/issue/acceptance", form)
        assert answer.status_code == 422
        assert "a name has 1 to 200 printable letters" in ben.words
        assert "\u202e" not in ben.page


def test_a_name_written_from_right_to_left_stands_apart_in_a_pages_sentence(station: OpenStation) -> None:
    """What is said after it is read after it."""
    holders.register(station.workplace(), DANA)
    ben = at_the_desk(station)
    ben.follow(ben.post("/intake/context", {"event_type": "ISSUE", "holder": DANA}))
    assert f"for \u2068{DANA}\u2069" in ben.words
