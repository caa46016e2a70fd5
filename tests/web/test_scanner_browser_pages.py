"""A scanner read through a browser: a pipe, and what it brings is believed only as far as it is whole."""

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assettrack.domain.timestamps import utc_text
from assettrack.scanner import protocol
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.frames import Command
from assettrack.scanner.heard import QUESTIONS, READ
from assettrack.services import audit
from assettrack.station.spool import SpoolFolder
from tests.web.scanning import Cable, commit, ended, served
from tests.web.visitors import NOW, OpenStation, Visitor

CHECK, KEEP = "/scanner/browser-check", "/scanner/browser-download"
ASKED_AT = utc_text(NOW - timedelta(milliseconds=1500))
"""When the scanner was asked, as the station says at the check."""


@pytest.fixture
def cable() -> Cable:
    """Return a cable with a scanner that was used this morning."""
    made = Cable()
    made.plug()
    return made


@pytest.fixture
def station(tmp_path: Path, cable: Cable) -> Iterator[OpenStation]:
    """Return a station with a case."""
    with served(tmp_path, cable) as opened:
        opened.case("CASE-01", 4)
        yield opened


class Bare(NamedTuple):
    """A station where nothing was read yet, an operator at it, and the answers of a scanner."""

    station: OpenStation
    visitor: Visitor
    whole: list[bytes]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bare]:
    """Return one station for everything that is refused."""
    cable = Cable()
    cable.plug()
    with served(tmp_path_factory.mktemp("bare"), cable) as opened:
        yield Bare(opened, arrived(opened), asked(cable))


def asked(cable: Cable, questions: Sequence[bytes] = (*QUESTIONS, READ)) -> list[bytes]:
    """Ask the scanner as a browser does, and return its answers as they came."""
    line, answers = cable.bus.open_line(None), []
    for question in questions:
        line.write(question)
        answer = b""
        while piece := line.read(4096, 1):
            answer += piece
        answers.append(answer)
    line.close()
    return answers


def sent(answers: Sequence[bytes], age: str = "1500", spread: str = "40") -> dict[str, object]:
    """Return the form that a browser sends."""
    said = [base64.urlsafe_b64encode(answer).decode().rstrip("=") for answer in answers]
    return {"said": said, "clock_age": age, "clock_spread": spread, "clock_at": ASKED_AT}


def kept(station: OpenStation) -> int:
    """How many downloads are kept."""
    folder = station.folder / "station.db.scans"
    return len(list(folder.iterdir())) if folder.exists() else 0


def arrived(station: OpenStation) -> Visitor:
    """Return an operator on the page of the scanner."""
    visitor = station.visitor("ben")
    visitor.get("/scanner")
    return visitor


def test_what_a_browser_read_is_the_download_that_a_cable_gives(station: OpenStation, cable: Cable) -> None:
    """The same bytes are the same scans; they are committed as any, and the scanner is cleared at the station."""
    ben = arrived(station)
    assert ben.post(CHECK, sent(asked(cable, QUESTIONS))).status_code == 204
    assert kept(station) == 0
    path = ben.post(KEEP, sent(asked(cable))).headers["location"]
    ben.get(path)
    assert "into CASE-01 slot 1" in ben.words
    ben.get("/scanner")
    assert ended(ben, ben.post("/scanner/read")).url.path == path  # known as read before
    assert kept(station) == 1
    ben.follow(commit(ben, path))
    ended(ben, ben.post(f"{path}/clear"))
    assert cable.scanner.records == []


def test_a_browser_is_given_no_question_that_erases() -> None:
    """Neither clear nor the factory's settings nor any writing of a parameter is among what the page hands out."""
    given_out = {Command(question[0]) for question in (*QUESTIONS, READ)}
    assert given_out == {Command.INTERROGATE, Command.READ_PARAMETERS, Command.GET_TIME, Command.UPLOAD}


def test_the_page_hands_out_just_these_questions(station: OpenStation) -> None:
    """What the script sends comes from the page, and the page from the protocol."""
    ben = arrived(station)
    assert f'data-questions="{" ".join(each.hex() for each in QUESTIONS)}"' in ben.page
    assert f'data-last="{READ.hex()}"' in ben.page
    assert protocol.CLEAR.hex() not in ben.page


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("auto-clear"), "erase them by being read"),
        (Fault("bad-checksum"), "its checksum does not fit"),
        (Fault("stops"), "it ends too early"),
        (Fault("other-serial"), "answered in place of"),
        (Fault("error-09"), "had a fault"),
        (Fault("too-short"), "too short to hold a time"),
        (Fault("empty"), "holds no scans"),
    ],
)
def test_what_is_not_whole_or_not_safe_is_refused(
    station: OpenStation, cable: Cable, fault: Fault, said: str
) -> None:  # fmt: skip
    """It is said why, in the page's words, and nothing is kept of it."""
    cable.scanner.arm(fault)
    ben, size = arrived(station), audit.log_size(station.workplace())
    assert ben.post(KEEP, sent(asked(cable))).status_code in {409, 422}
    assert said in ben.words
    assert "assettrack " not in ben.words
    assert (kept(station), audit.log_size(station.workplace())) == (0, size)


def test_an_unsafe_scanner_is_refused_before_it_is_read(station: OpenStation, cable: Cable) -> None:
    """The check says so after the first questions, and sends the browser no further."""
    cable.scanner.arm(Fault("auto-clear"))
    ben = arrived(station)
    assert ben.post(CHECK, sent(asked(cable, QUESTIONS))).status_code == 409
    assert ben.post(KEEP, sent(asked(cable, QUESTIONS))).status_code == 409
    assert "erase them by being read" in ben.words
    assert len(cable.scanner.records) == 7


@pytest.mark.parametrize(
    "wrong",
    [
        {"clock_at": ""}, {"clock_at": utc_text(NOW - timedelta(seconds=3601))}, {"clock_at": "2026-02-04"},
        {"clock_at": utc_text(NOW + timedelta(seconds=1))}, {"clock_at": ASKED_AT.replace("2", "٢")},
        {"clock_at": "9999-99-99T99:99:99.999999Z"}, {"clock_spread": "٣"}, {"clock_spread": "60001"}, {"said": []},
        {"said": ["AQI"] * 6}, {"said": ["AQI"] * 9}, {"said": ["*"] * 7}, {"said": ["A"] * 7},
        {"said": "A" * 900_000},
    ],
)  # fmt: skip
def test_a_form_that_no_browser_of_ours_sends_is_refused(
    station: OpenStation, cable: Cable, wrong: dict[str, object]
) -> None:  # fmt: skip
    """Times that can't have passed, too few answers or too many, letters that are no bytes: nothing is kept."""
    ben = arrived(station)
    assert ben.post(KEEP, sent(asked(cable)) | wrong).status_code == 422
    assert kept(station) == 0


@pytest.mark.parametrize("age", ["-1", "3600001", "1e3", ""])
def test_an_age_of_the_clocks_reading_that_cannot_be_is_refused(
    station: OpenStation, cable: Cable, age: str
) -> None:  # fmt: skip
    """At the check the browser says how long ago it asked; what says nothing of the kind is not taken."""
    ben = arrived(station)
    refused = ben.post(CHECK, sent(asked(cable, QUESTIONS), age))
    assert (refused.status_code, "Clock-At" in refused.headers) == (422, False)


def test_a_number_of_a_form_may_begin_with_zeros(station: OpenStation, cable: Cable) -> None:
    """A time that passed and the number of a scan are the numbers that they say, as in any other form."""
    ben = arrived(station)
    assert ben.post(CHECK, sent(asked(cable, QUESTIONS), "00000001500", "0000000040")).status_code == 204
    path = ben.post(KEEP, sent(asked(cable))).headers["location"]
    ben.get(path)
    said = {"number": f"{'0' * 20}4", "deed": "leave-out", "reason": "on the table"}
    ben.follow(ben.post(f"{path}/answer", said))
    assert "left out: on the table" in ben.words


def test_the_check_says_when_the_scanner_was_asked(station: OpenStation, cable: Cable) -> None:
    """By the station's own clock, less the time that passed in the browser."""
    ben = arrived(station)
    first = station.now
    told = ben.post(CHECK, sent(asked(cable, QUESTIONS), "1500")).headers["Clock-At"]
    assert utc_text(first) < utc_text(datetime.fromisoformat(told) + timedelta(seconds=1.5)) <= utc_text(station.now)


def test_what_a_browser_sends_again_later_has_the_times_that_it_had(station: OpenStation, cable: Cable) -> None:
    """A page that is loaded again sends its form again, minutes later: the same scans, made when they were made."""
    ben = arrived(station)
    form = sent(asked(cable))
    station.now += timedelta(minutes=4)
    path = ben.post(KEEP, form).headers["location"]
    download = SpoolFolder(station.folder / "station.db.scans").named(path.rsplit("/", 1)[1])
    assert download is not None
    assert download.clock.host_utc == ASKED_AT


def test_what_a_browser_sends_again_after_the_clear_is_no_new_download(station: OpenStation, cable: Cable) -> None:
    """The same reading is the same download, though nothing of it is on the scanner any more."""
    ben = arrived(station)
    form = sent(asked(cable))
    path = ben.post(KEEP, form).headers["location"]
    ben.get(path)
    ben.follow(commit(ben, path))
    ended(ben, ben.post(f"{path}/clear"))
    assert cable.scanner.records == []
    station.now += timedelta(minutes=4)
    ben.get("/scanner")
    assert ben.post(KEEP, form).headers["location"] == f"{path}?again=1"
    assert kept(station) == 1


def test_more_than_any_scanner_holds_is_not_taken(station: OpenStation, cable: Cable) -> None:
    """The station takes a megabyte at most, whoever sends it."""
    ben = arrived(station)
    assert ben.post(KEEP, sent([*asked(cable, QUESTIONS), bytes(800_000)])).status_code == 413
    assert kept(station) == 0


Flip = tuple[int, int, int]


RAW = st.lists(st.binary(max_size=60), min_size=7, max_size=8)
FLIPS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 10**6), st.integers(0, 7)), min_size=1, max_size=3, unique=True
)


@settings(max_examples=200, deadline=None)
@given(raw=RAW, flips=FLIPS, is_mutated=st.booleans())
def test_garbage_gets_an_answer_and_nothing_is_kept(
    bare: Bare, raw: list[bytes], flips: list[Flip], *, is_mutated: bool
) -> None:
    """Random bytes, and whole answers with bits turned over: refused with a sentence, never a download or a crash."""
    answers = [bytearray(each) for each in (bare.whole if is_mutated else raw)]
    if is_mutated:
        for which, place, bit in flips:
            answers[which][place % len(answers[which])] ^= 1 << bit
    if list(map(bytes, answers)) == bare.whole:
        return  # a bit that was turned over twice
    status = bare.visitor.post(KEEP, sent(list(map(bytes, answers)))).status_code
    assert status in {409, 422, 503}, (status, answers)
    assert kept(bare.station) == 0
