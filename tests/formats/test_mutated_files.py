"""Files that were changed at random: always an answer, problems or scans, never another exception, in bounded time."""

import io
import random
from collections.abc import Callable
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest

from assettrack.domain.column_mapping import mapping_of
from assettrack.domain.dump_reading import Surroundings, scans_of
from assettrack.domain.dumped_scans import DUMP_PROFILES, Dump
from assettrack.domain.findings import Finding
from assettrack.domain.pulled_batch import PulledBatch
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scans import COLUMNS
from assettrack.formats import batch_files
from assettrack.formats.batch_rows import batch_bytes
from assettrack.formats.scan_csv import ScanTable
from assettrack.formats.scanner_dump import Asked
from assettrack.formats.spreadsheet import read_mapped
from tests.conftest import Figure, soak_n
from tests.domain.trial_scans import CATALOGUE
from tests.formats.dump_samples import BEGIN, EVENT, FORMS, LINES, Line, written
from tests.formats.test_spreadsheet import workbook

IN_THE_SUITE = 2_000
IN_A_SOAK = 100_000
ZONE = Surroundings(ZoneInfo("Europe/Berlin"))
ANSWERS = Answers(operator="mara", event_type="SCAN")
CARDS = [Line(text, LINES[0].at) for text in (BEGIN, EVENT, "CASE-01 SLOT-07", "]C1 8004")]
BATCH = batch_bytes([["LT-1", "2026-03-17T08:15:02Z", "SCAN", "mara", *[""] * 10]])
FILES = [written(form, [*CARDS, *LINES]) for form in FORMS.values()] + [BATCH]
MARKS = [mark.encode() for mark in (",", ";", "\t", '"', '""', "\r\n", "\n", "\r", " ", "-", "+", ":", "/", "0", "99")]
BYTES = [b"\x00", b"\x1d", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3\xa9", b"\xff", b"\xe2\x80\xa8"]
WORDS = [b"AM", b"AT ", b"Code 39", b"2026-02-30", b"issue", b"SLOT-999999", b"Real Time Clock (RTC) Disabled"]
PIECES = [*MARKS, *BYTES, *WORDS, b"Version=1.0\tGenerator=x\tGeneratorVersion=y\n"]


def flipped(raw: bytearray, chance: random.Random) -> None:
    """Flip some bits."""
    for _ in range(chance.randint(1, 4)):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)


def cut(raw: bytearray, chance: random.Random) -> None:
    """Leave some bytes out."""
    start = chance.randrange(len(raw))
    del raw[start : start + chance.randint(1, 20)]


def pieced(raw: bytearray, chance: random.Random) -> None:
    """Put in what means something to one form or the other."""
    place = chance.randrange(len(raw) + 1)
    raw[place:place] = chance.choice(PIECES) * chance.choice([1, 1, 1, 2, 50])


def replaced(raw: bytearray, chance: random.Random) -> None:
    """Put something that means something in the place of other bytes."""
    place = chance.randrange(len(raw))
    piece = chance.choice(PIECES)
    raw[place : place + len(piece)] = piece


def joined(raw: bytearray, chance: random.Random) -> None:
    """Put a part of another file behind, or before."""
    other = chance.choice(FILES)
    part = other[chance.randrange(len(other)) :]
    raw[:] = raw + part if chance.random() < 0.5 else part + raw


def digits_changed(raw: bytearray, chance: random.Random) -> None:
    """Make other digits of some digits."""
    places = [place for place, byte in enumerate(raw) if 0x30 <= byte <= 0x39]
    for place in chance.sample(places, min(len(places), 6)):
        raw[place] = chance.choice(b"0123456789")


CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flipped,
    cut,
    pieced,
    replaced,
    joined,
    digits_changed,
)


def mutated(chance: random.Random) -> bytes:
    """A file, changed in up to three ways; one change alone often leaves a file of the same form."""
    changed = bytearray(chance.choice(FILES))
    for change in chance.choices(CHANGES, k=chance.choice([1, 1, 1, 2, 3])):
        if changed:
            change(changed, chance)
    return bytes(changed)


def answered(data: bytes, chance: random.Random) -> str:
    """Take a file in as far as it goes without a station; return what it turned out to be."""
    asked = Asked(
        profile=chance.choice(DUMP_PROFILES) if chance.random() < 0.1 else "",
        order=chance.choice([None, None, None, None, "dmy", "mdy", "ymd"]),
    )
    found = batch_files.read(data, asked)
    if isinstance(found, ScanTable):
        assert found.problems or next(found.rows(), None) is not None
        return "problems" if found.problems else "batch"
    assert isinstance(found, Dump)
    batch = PulledBatch(scans_of(found, ZONE, ANSWERS), CATALOGUE, ANSWERS)
    rows = list(batch.rows())
    assert all(each.message for each in [*batch.problems, *batch.notices])
    assert len(rows) <= len(found.scans)
    assert len(found.scans) <= data.count(b"\n") + data.count(b"\r") + 1
    assert all(len(row) == len(COLUMNS) for row in rows)
    return found.profile


def tried(count: int, seed: int) -> dict[str, int]:
    """Take in so many changed files; return how many turned out to be what."""
    chance = random.Random(seed)
    outcomes: dict[str, int] = {}
    for number in range(count):
        data = mutated(chance)
        try:
            outcome = answered(data, chance)
        except Exception as error:
            error.add_note(f"file {number} of seed {seed}: {data!r}")
            raise
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes


def test_changed_files_get_an_answer() -> None:
    """2,000 changed files: each has problems or scans; both occur, and so does every form."""
    outcomes = tried(IN_THE_SUITE, seed=5)
    assert sum(outcomes.values()) == IN_THE_SUITE
    assert outcomes.keys() >= {"problems", "batch", *DUMP_PROFILES}


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_a_hundred_thousand_changed_files_get_an_answer(figure: Figure) -> None:
    """The same, of many more."""
    count = soak_n(IN_A_SOAK)
    outcomes = tried(count, seed=random.SystemRandom().randrange(2**32))
    figure(f"{count:,} changed files: {dict(sorted(outcomes.items()))}")


WORKBOOK = workbook([["Asset Tag", "Serial", "Model"], ["LT-1", 12.0, "x"], ["LT-2", True, 1.5], ["", "", ""]])
TAGS = mapping_of({"asset_tag": "Asset Tag", "model": "Model"}, {"event_type": "SCAN", "operator_id": "mara"})
XML_PIECES = [
    b"<",
    b">",
    b"</c>",
    b"<c/>",
    b' r="A1"',
    b' r="ZZ9999"',
    b' r="-1"',
    b' t="s"',
    b"99999999",
    b"-1",
    b"&#0;",
]
XML_PIECES += [b' t="e"', b"<v>1e999</v>", b"<v/>", b"sheet1", b'"', b"&lt;", b"<!--", b"\xff", b"\x00", b' s="77"']


def mutated_workbook(chance: random.Random) -> bytes:
    """A workbook of which one part was changed, or its archive."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(WORKBOOK)) as old, ZipFile(target, "w") as made:
        unlucky = chance.choice([*old.namelist(), *["xl/worksheets/sheet1.xml"] * 10])
        for part in old.namelist():
            content = bytearray(old.read(part))
            if part == unlucky:
                for _ in range(chance.randint(1, 3)):
                    place = chance.randrange(len(content) + 1)
                    width = chance.choice([0, 0, 1, 5])
                    content[place : place + width] = chance.choice(XML_PIECES)
            made.writestr(part, bytes(content))
    raw = bytearray(target.getvalue())
    if chance.random() < 0.2:
        flipped(raw, chance)
    return bytes(raw)


def tried_workbooks(count: int, seed: int) -> dict[str, int]:
    """Read so many changed workbooks; return how many were tables and how many had problems."""
    chance = random.Random(seed)
    outcomes = {"table": 0, "problems": 0}
    for _ in range(count):
        made = read_mapped(mutated_workbook(chance), TAGS, "old-list", at="2026-02-17T09:00")
        assert all(isinstance(row, Finding) or len(row) == len(COLUMNS) for row in made.rows())
        assert all(each.message for each in [*made.problems, *made.notices])
        outcomes["problems" if made.problems else "table"] += 1
    return outcomes


def test_changed_workbooks_get_an_answer() -> None:
    """200 changed workbooks: each is a table or has problems, and both occur."""
    assert all(tried_workbooks(200, seed=5).values())


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_many_changed_workbooks_get_an_answer(figure: Figure) -> None:
    """The same, of a tenth of as many as of other files: each takes as long as ten of them."""
    count = soak_n(IN_A_SOAK) // 10
    outcomes = tried_workbooks(count, seed=random.SystemRandom().randrange(2**32))
    figure(f"{count:,} changed workbooks: {outcomes}")


@pytest.mark.parametrize(
    "data",
    [
        b"A" * 4000 + b",",
        (b"A1, " * 900) + b"Code 39",
        b'"' * 4000,
        b'","' * 1300,
        (b" " * 3900) + b"1",
        (b"A1 SLOT" * 500) + b"1",
        b"2026-02-02 10:00:00\tissue\t" * 100,
        (b"0" * 40 + b",") * 90,
        b"\n".join([b"A1, Code 39"] * 20_000),
        b"1" * 200_000,
    ],
)
@pytest.mark.timeout(60)
def test_lines_that_nearly_fit_come_to_an_end(data: bytes) -> None:
    """No expression goes over a long line again and again: that would take hours."""
    for profile in ("", *DUMP_PROFILES):
        assert batch_files.read(data, Asked(profile)) is not None
