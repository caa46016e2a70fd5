"""The PDF of a receipt as others see it: what stands on it and where, the code, the attachments, the bytes."""

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from assettrack.domain.receipt_proofs import PayloadDamaged, encode_payload
from assettrack.domain.receipts import (
    LINE_NOT_ASKED,
    LINE_OPEN,
    Acknowledgement,
    LineEvent,
    Receipt,
    ReceiptTextInvalid,
    text_of,
)
from assettrack.paper.receipt_pdf import is_as_printed, read_receipt_pdf, receipt_pdf
from tests.domain.trial_receipts import (
    TEXT,
    judge,
    long_proof,
    payload,
    receipt_body,
    receipts,
    trial_lines,
    trial_proof,
    trial_receipt,
)
from tests.paper import printed

MM = 72 / 25.4
ROOT = Path(__file__).parents[2]

MANY = replace(trial_receipt(trial_lines(60)), notes=("entry 102 was corrected by entry 140", "a second note"))
LONG_NAME = "Maximilian-Alexander von Habsburg-Lothringen, Oberstleutnant, " * 3
AWKWARD = replace(
    trial_receipt(
        [
            replace(
                line,
                asset_tag="W" * 30 if line.item == 1 else line.asset_tag,
                serial_number="0123456789" * 8,
                model="model " * (900 if line.item == 2 else 1) + "x",
                moved_to=LONG_NAME.strip(),
                corrected_by=4_000_000_000,
                condition="the lid is scratched and two keys are missing",
            )
            for line in trial_lines(4)
        ]
    ),
    holder=LONG_NAME.strip(),
    organisation="x" * 200,
    notes=("wide " * 200 + "note",),
)


def pdf_of(receipt: Receipt) -> bytes:
    """Return the PDF of a receipt with the payload of its proof."""
    text = text_of(receipt)
    return receipt_pdf(text, encode_payload(long_proof(receipt_body(text, 1), 20)))


def words_of(data: bytes) -> str:
    """Return all text of all pages on one line, single spaces between the words."""
    return " ".join(" ".join(printed.pages_of(data)).split())


# -- what stands on it -------------------------------------------------------------------------------------------------


def test_every_fact_is_printed() -> None:
    """All that the text says of the receipt and of each line can be read on the pages."""
    words = words_of(pdf_of(MANY))

    header = [
        "Handover receipt", "No. 7", "Holder Ada Example", "Station station.example/hq", "Holder number 3",
        "2026-11-21 10:00:00 CET (Europe/Berlin)", "Organisation Ad Hoc", "Issued by gcurl", "Due back 2026-12-24",
        "Batch 12", "Note: entry 102 was corrected by entry 140", "Note: a second note", "60 assets in all",
        "The log had 200 entries before this receipt was issued", "assettrack receipt verify FILE --key VKEY",
    ]  # fmt: skip
    assert [fact for fact in header if fact not in words] == []
    for line in MANY.lines:
        facts = f"{line.item} {line.asset_tag}", line.serial_number, line.moved_from, f"ISSUE · entry {line.entry_seq}"
        assert [fact for fact in facts if fact not in words] == []
    assert words.count("laptop") == words.count("Example Nine 14") == 60


@pytest.mark.parametrize("event", get_args(LineEvent))
def test_every_event_is_printed(event: LineEvent) -> None:
    """Whatever can happen to the asset of a line has its word before the entry; of what is only held there is none."""
    words = words_of(pdf_of(trial_receipt([replace(trial_lines(1)[0], event=event)])))
    expected = "LAP-00001 entry 101" if event == "held" else f"LAP-00001 {event} · entry 101"
    assert expected in words


def test_each_page_says_which_it_is() -> None:
    """Every page has its number and the number of pages, the receipt it belongs to, and the head of the table."""
    pages = printed.pages_of(pdf_of(MANY))

    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"page {number} of {len(pages)}" in page
        assert "Handover receipt 7 of station.example/hq · Ada Example · text " in page
        assert ("Serial number" in page) == any(line.asset_tag in page for line in MANY.lines)
    tags = [line.asset_tag for line in MANY.lines]
    assert [word for page in pages for word in page.split() if word.startswith("LAP-")] == tags


def test_the_hash_is_printed() -> None:
    """The SHA-256 of the text can be read on the last page, and its beginning on every page."""
    from hashlib import sha256

    data = pdf_of(trial_receipt())
    expected = sha256(TEXT.encode()).hexdigest()

    assert expected in words_of(data).replace(" ", "")
    assert all(expected[:16] in page for page in printed.pages_of(data))


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        (None, "Acknowledgement OPEN: nobody has accepted responsibility yet"),
        (Acknowledgement("Bob", "paper", "u", "l"), "Acknowledgement accepted by Bob, signed on paper, l"),
        (Acknowledgement("Bob", "typed", "u", "l"), "Acknowledgement accepted by Bob, by typing their name, l"),
        (Acknowledgement("Bob", "screen", "u", "l"), "Acknowledgement accepted by Bob, signed on a screen, l"),
    ],
)
def test_the_acknowledgement_is_printed(accepted: Acknowledgement | None, expected: str) -> None:
    """A receipt says who accepted it, how and when, or that it is open."""
    assert expected in words_of(pdf_of(replace(trial_receipt(), acknowledgement=accepted)))


def test_both_sign() -> None:
    """Giver and receiver each have a place for name, signature and date, and read for how many assets they sign."""
    words = words_of(pdf_of(trial_receipt()))
    assert "Given by" in words
    assert "Received by" in words
    assert "Given and received as listed above: 2 assets." in words
    assert all(words.count(what) == 2 for what in ("Name", "Signature", "Date"))

    words = words_of(pdf_of(trial_receipt(trial_lines(1), "hand_receipt")))
    assert "Hand receipt No. 7 All that this holder has in custody" in words
    assert "The holder has what is listed above, 1 asset, and answers for it until it is given back." in words


VOID = replace(
    trial_lines(1)[0],
    corrected_by=140,
    condition="lid scratched",
    void="should have been Bob Brown, by correction entry 140",
)


def test_what_is_void_is_struck_out_and_not_signed_for() -> None:
    """The line says who should have been named, is not counted, and there is no place to sign for it."""
    data = pdf_of(trial_receipt([VOID]))
    words = words_of(data)

    assert "VOID: should have been Bob Brown, by correction entry 140" in words
    assert "0 assets in all, beside 1 void line" in words
    assert "Every line above is void" in words
    assert not [what for what in ("Signature", "Given by", "Received by", "answers for them") if what in words]
    struck = [
        "LAP-00001",
        "SN00007919",
        "laptop",
        "Example Nine 14",
        "1",
        "lid scratched",
        "CASE-01 slot 2",
        "Ada Example",
    ]
    rules = [tuple(map(float, rule)) for rule in re.findall(rb"n ([0-9.]+) [0-9.]+ m ([0-9.]+) [0-9.]+ l S", data)]
    assert len([left for left, right in rules if right - left < 100]) == len(struck)


def test_beside_void_lines_the_others_are_signed_for() -> None:
    """What stands is counted and signed for; what is struck out is said to be apart."""
    words = words_of(pdf_of(trial_receipt([*trial_lines(1), replace(VOID, item=2, asset_tag="LAP-00002")])))

    assert "1 asset in all, beside 1 void line" in words
    assert "Given and received as listed above, struck-out lines apart: 1 asset." in words
    assert words.count("Signature") == 2


def test_a_line_that_a_correction_added_is_not_of_the_acknowledgement() -> None:
    """Who accepted the rest is said without it; the line says that it is open, or who accepted it how and when."""
    there, other, third = trial_lines(3)
    lines = [there, replace(other, acceptance=LINE_OPEN), replace(third, acceptance="typed, by Ann Poe, today")]
    by_ada = Acknowledgement("Ada Example", "paper", "2026-11-20T09:00:00.000000Z", "2026-11-20 10:00:00 CET")
    words = words_of(pdf_of(replace(trial_receipt(lines), acknowledgement=by_ada)))

    assert "not of items 2, 3, added by a later correction" in words
    assert words.count("OPEN: nobody has accepted it yet") == 1
    assert words.count("accepted by Ann Poe, today, by typing their name") == 1
    unasked = [there, replace(other, acceptance=LINE_NOT_ASKED)]
    words = words_of(pdf_of(replace(trial_receipt(unasked), acknowledgement=by_ada)))
    assert "not of item 2, added by a later correction" in words
    assert "no acceptance was asked for" in words
    assert "OPEN" not in words
    assert "accepted: not asked" not in words
    assert "not of item" not in words_of(pdf_of(replace(trial_receipt([there]), acknowledgement=by_ada)))


def test_one_asset_in_two_lines_is_one() -> None:
    """What was given and taken back by one batch stands in two lines, and is one asset."""
    there = trial_lines(1)[0]
    words = words_of(pdf_of(trial_receipt([there, replace(there, item=2, event="RETURN")])))

    assert "1 asset in 2 lines in all" in words
    assert "Given and received as listed above: 1 asset in 2 lines." in words


def test_a_hand_receipt_of_nothing() -> None:
    """Who has nothing can sign for that."""
    assert "0 assets in all" in words_of(pdf_of(trial_receipt([], "hand_receipt")))


def test_a_line_says_what_became_of_it() -> None:
    """A corrected line names both entries, a held one its entry only, and a condition that is known is printed."""
    corrected = replace(trial_lines(1)[0], corrected_by=140, condition="lid scratched")
    words = words_of(pdf_of(trial_receipt([corrected])))
    assert "ISSUE · entry 101" in words
    assert "corrected by entry 140" in words
    assert "lid scratched" in words

    words = words_of(pdf_of(trial_receipt([replace(corrected, event="held")], "hand_receipt")))
    assert "entry 101" in words
    assert "· entry 101" not in words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Zoë Łukasz Nguyễn Thị Ánh", "Zoë Łukasz Nguyễn Thị Ánh"),
        ("Κωνσταντίνος Олександр Ґонта", "Κωνσταντίνος Олександр Ґонта"),
        ("王小明 Li", "\\u{738B}\\u{5C0F}\\u{660E} Li"),
        ("محمد", "\\u{645}\\u{62D}\\u{645}\\u{62F}"),
        ("שרה", "\\u{5E9}\\u{5E8}\\u{5D4}"),
        ("Дмитро\u0301", "Дмитро\\u{301}"),
        ("👩 a\u202eb\\c", "\\u{1F469} a\\u{202E}b\\\\c"),
    ],
)
def test_names_of_all_scripts(name: str, expected: str) -> None:
    """Latin, Greek and Cyrillic letters are printed; any other is printed as its Unicode number, and it is said so."""
    pages = printed.pages_of(pdf_of(replace(trial_receipt(), holder=name)))

    assert f"Holder\n{expected}\n" in pages[0] or f"\n{expected}\n" in pages[0]
    assert ("stands for a letter, by its Unicode number" in pages[0]) == (name != expected)


# -- where it stands ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("receipt", [MANY, AWKWARD, trial_receipt()])
def test_nothing_is_cut_off_or_overlaps(receipt: Receipt) -> None:
    """Every text lies on an A4 sheet and, 18 mm shorter, on a Letter sheet, and none lies over another."""
    data = pdf_of(receipt)

    assert printed.size_of(data) == {(595, 842)}
    for page in printed.boxes_of(data):
        for box in page:
            assert 14 * MM < box.left < box.right < 199 * MM
            assert 18.5 * MM < box.bottom < box.top < 278.5 * MM
        for number, one in enumerate(page):
            for other in page[number + 1 :]:
                across = min(one.right, other.right) - max(one.left, other.left)
                along = min(one.top, other.top) - max(one.bottom, other.bottom)
                assert across < 0.5 or along < 0.5, (one, other)


def test_long_texts_wrap_and_tall_rows_go_on() -> None:
    """Whatever is long is printed to its end; a row taller than a page goes on on the next."""
    data = pdf_of(AWKWARD)
    words = words_of(data)

    assert min(words.count("Habsburg"), words.count("Lothringen"), words.count("Oberstleutnant")) >= 3 * 5
    assert words.count("wide") == 200
    assert words.count("model") == 900 + 3
    assert words.replace(" ", "").count("0123456789" * 2) > 0
    assert len(printed.pages_of(data)) > 3


@given(receipts)
@settings(max_examples=25)
def test_any_receipt_can_be_printed_and_read(receipt: Receipt) -> None:
    """Whatever stands in a receipt, it can be printed, and its PDF gives text and payload back."""
    text = text_of(receipt)
    code = encode_payload(long_proof(receipt_body(text, 1), 3))

    assert read_receipt_pdf(receipt_pdf(text, code)) == (text, code)


# -- the code ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dpi", [150, 170, 200, 300])
def test_the_code_is_read_from_the_page(dpi: int) -> None:
    """The code of a receipt among a million entries is read from the picture of the last page, and is genuine."""
    data = pdf_of(MANY)
    text, code = read_receipt_pdf(data)

    assert printed.codes_of(data, dpi) == [code]
    assert judge(text, printed.codes_of(data, dpi)[0]).genuine


@pytest.mark.parametrize("letters", [700, 1600])
def test_a_long_code_is_read_from_the_page(letters: int) -> None:
    """The largest codes, less redundant where they must be, are read from the page too."""
    code = encode_payload(long_proof(receipt_body(TEXT, 1, operator="x" * letters), 20))

    assert printed.codes_of(receipt_pdf(TEXT, code), 200) == [code]


# -- always the same ---------------------------------------------------------------------------------------------------

PRINT = """
import sys
from assettrack.paper.receipt_pdf import receipt_pdf
text, code = sys.stdin.buffer.read().decode().split("\\0")
sys.stdout.buffer.write(receipt_pdf(text, code))
"""


def test_the_same_bytes_everywhere() -> None:
    """Time zone, locale, hash seed, home folder and what was printed before make no difference to any byte."""
    given_here = f"{TEXT}\0{payload()}".encode()
    settings_of = [
        {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1", "HOME": str(ROOT)},
        {"TZ": "America/St_Johns", "LC_ALL": "de_DE.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "4242"},
    ]
    found = [
        subprocess.run(
            [sys.executable, "-c", PRINT],
            input=given_here,
            env={name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ} | environment,
            capture_output=True,
            check=True,
        ).stdout
        for environment in settings_of
    ]
    pdf_of(MANY)
    found += [receipt_pdf(TEXT, payload()), receipt_pdf(TEXT, payload())]

    assert all(one == other for one, other in pairwise(found))
    assert found[0].startswith(b"%PDF-")
    assert b"/Filter" not in found[0]  # how well something is compressed differs between machines


def test_a_changed_page_is_noticed() -> None:
    """A PDF whose pages were changed, the attachments left alone, is not what is printed from them."""
    data = receipt_pdf(TEXT, payload())
    changed = data.replace(b"(LAP-00002)", b"(LAP-00003)")

    assert changed != data
    assert read_receipt_pdf(changed) == (TEXT, payload())
    assert is_as_printed(data, TEXT, payload())
    assert not is_as_printed(changed, TEXT, payload())
    assert not is_as_printed(data, "", "")


def test_only_what_belongs_together_is_printed() -> None:
    """No paper is made of a text that is none, a payload that is none, or a payload of another text or entry."""
    other = text_of(replace(trial_receipt(), receipt_id=8))

    with pytest.raises(ReceiptTextInvalid):
        receipt_pdf(f"{TEXT}\n", payload())
    with pytest.raises(PayloadDamaged):
        receipt_pdf(TEXT, payload()[:-1])
    with pytest.raises(ValueError, match="another receipt"):
        receipt_pdf(other, payload())
    with pytest.raises(ValueError, match="another receipt"):
        receipt_pdf(TEXT, encode_payload(trial_proof(receipt_body(TEXT, 1, event_type="BATCH"), 1, 1)))


def test_what_is_attached() -> None:
    """Any PDF program finds text and payload attached, and what the file is."""
    data = receipt_pdf(TEXT, payload())

    assert printed.attachments_of(data) == {"receipt.txt": TEXT.encode(), "proof.txt": payload().encode()}
    assert printed.tag_of(data, "Title").startswith("Handover receipt 7 of station.example/hq · Ada Example")
    assert printed.tag_of(data, "Creator") == "AssetTrack"
