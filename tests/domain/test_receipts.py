"""The text of receipts: one for each, readable line by line, and read again whatever stands in it."""

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from assettrack.domain.receipts import (
    LINE_OPEN,
    NUMBER_MAX,
    Acknowledgement,
    Receipt,
    ReceiptTextInvalid,
    escaped,
    parse_text,
    text_of,
    text_sha256,
)
from tests.domain.trial_receipts import NASTY, receipts, trial_lines, trial_receipt

PLAIN = """\
AssetTrack custody receipt, text version 1

kind: handover
receipt number: 7
station: station.example/hq
zone: Europe/Berlin
issued at: 2026-11-21T09:00:00.000000Z
issued at, local time: 2026-11-21 10:00:00 CET
issued by: gcurl
batch: 12
holder: Ada Example
holder number: 3
organisation: Ad Hoc
due date: 2026-12-24
entries in the log before: 200
acknowledgement: open
assets: 2
lines: 2

item: 1
event: ISSUE
asset tag: LAP-00001
equipment type: laptop
serial number: SN00007919
manufacturer: Example
model: Nine 14
quantity: 1
from: CASE-01 slot 2
to: Ada Example
entry: 101

item: 2
event: ISSUE
asset tag: LAP-00002
equipment type: laptop
serial number: SN00015838
manufacturer: Example
model: Nine 14
quantity: 1
from: CASE-01 slot 3
to: Ada Example
entry: 102
"""


def test_the_text_is_this_byte_for_byte() -> None:
    """Each fact stands on its line as its key and value, in this order; what does not apply is left out."""
    assert text_of(trial_receipt()) == PLAIN
    assert text_sha256(PLAIN) == sha256(PLAIN.encode()).hexdigest()


def test_what_else_a_text_can_say() -> None:
    """An acknowledgement, notes, a correction, a condition and a line that is held have their own places."""
    line = replace(trial_lines(1)[0], event="held", condition="lid scratched", corrected_by=140)
    accepted = Acknowledgement("Ada Example", "paper", "2026-11-21T09:05:00.000000Z", "2026-11-21 10:05:00 CET")
    notes = ("entry 101 was corrected by entry 140", "second")
    receipt = replace(trial_receipt([line], "hand_receipt"), acknowledgement=accepted, notes=notes)

    _title, header, block = text_of(receipt).split("\n\n")

    assert header.split("\n")[9:] == [
        "organisation: Ad Hoc",
        "entries in the log before: 200",
        "acknowledgement: paper",
        "accepted by: Ada Example",
        "accepted at: 2026-11-21T09:05:00.000000Z",
        "accepted at, local time: 2026-11-21 10:05:00 CET",
        "note: entry 101 was corrected by entry 140",
        "note: second",
        "assets: 1",
        "lines: 1",
    ]
    assert block.split("\n")[1:] == [
        "event: held",
        "asset tag: LAP-00001",
        "equipment type: laptop",
        "serial number: SN00007919",
        "manufacturer: Example",
        "model: Nine 14",
        "quantity: 1",
        "condition: lid scratched",
        "from: CASE-01 slot 2",
        "to: Ada Example",
        "entry: 101",
        "corrected by entry: 140",
        "",
    ]


def test_a_line_says_where_the_acknowledgement_does_not_go_for_it() -> None:
    """At its end; it is counted, and is read back."""
    there, added = trial_lines(2)
    receipt = trial_receipt([there, replace(added, acceptance=LINE_OPEN)])

    assert receipt.assets == len(receipt.standing) == 2
    assert text_of(receipt).endswith("\nentry: 102\nacceptance: open\n")
    assert parse_text(text_of(receipt)) == receipt


def test_what_is_void_is_said_and_not_counted() -> None:
    """A void line ends with why it is; assets are counted once each, and in the lines that stand alone."""
    there, back, wrong = trial_lines(3)
    back = replace(back, event="RETURN", asset_tag=there.asset_tag)
    wrong = replace(wrong, corrected_by=140, void="should have been Bob Brown, by correction entry 140")
    receipt = trial_receipt([there, back, wrong])

    assert (receipt.assets, receipt.standing) == (1, (there, back))
    assert "\nassets: 1\nlines: 3\n" in text_of(receipt)
    end = "corrected by entry: 140\nvoid: should have been Bob Brown, by correction entry 140\n"
    assert text_of(receipt).endswith(f"\nentry: 103\n{end}")
    assert parse_text(text_of(receipt)) == receipt


@given(receipts)
def test_every_receipt_is_read_again(receipt: Receipt) -> None:
    """Whatever stands in a receipt, its text is read as this very receipt."""
    assert parse_text(text_of(receipt)) == receipt


def test_a_backslash_stands_twice_and_is_read_as_one() -> None:
    """Else it would begin the number of a letter."""
    text = changed("organisation: Ad Hoc", "organisation: Ad\\\\Hoc")
    read = parse_text(text)
    assert "'Ad\\\\Hoc'" in repr(read)
    assert text_of(read) == text


@given(receipts)
def test_nothing_in_a_text_is_hidden(receipt: Receipt) -> None:
    """Whatever stands in a receipt, its text is UTF-8 and has no line end but LF, no control and no unusual space."""
    text = text_of(receipt)

    text.encode()
    assert text.splitlines() == text.split("\n")[:-1]
    assert not set(text) & (set(NASTY) - {"\n"})
    assert all(line == line.strip() for line in text.split("\n"))


@given(st.data())
def test_no_other_text_is_read(data: st.DataObject) -> None:
    """A text with a piece taken out, put in or doubled is refused, or it is exactly the text of another receipt."""
    text = PLAIN
    for _change in range(data.draw(st.integers(1, 3))):
        first, end = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
        piece = data.draw(
            st.sampled_from([text[first:end], text[first : first + 1], "\n", "\n\n", " ", ": ", "0", "\\"])
        )
        text = text[:first] + piece * data.draw(st.integers(0, 2)) + text[end:]
    try:
        receipt = parse_text(text)
    except ReceiptTextInvalid:
        return
    assert text_of(receipt) == text


def changed(old: str, new: str) -> str:
    """Return the plain text with one piece of it exchanged, which must be there once."""
    assert PLAIN.count(old) == 1
    return PLAIN.replace(old, new)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "first line"),
        ("AssetTrack custody receipt, text version 2" + PLAIN[42:], "first line"),
        (PLAIN.replace("\n", "\r\n"), "first line"),
        ("\ufeff" + PLAIN, "first line"),
        ("AssetTrack custody receipt, text version 1\n", "the rest is missing"),
        (changed("batch: 12\n", "batch: 12\nbatch: 13\n"), "Line "),
        (changed("batch: 12", "batch: 012"), "batch is no number"),
        (changed("batch: 12", "batch: -1"), "batch is no number"),
        (changed("batch: 12", "batch: twelve"), "batch is no number"),
        (changed("batch: 12", "batch: ١٢"), "batch is no number"),
        (changed("batch: 12", "batch: 9999999999999999999"), "range"),
        (changed("kind: handover", "kind: present"), "kind"),
        (changed("kind: handover\n", ""), "kind"),
        (changed("kind: handover\nreceipt number: 7\n", "receipt number: 7\nkind: handover\n"), "Line 3"),
        (changed("acknowledgement: open\n", ""), "how"),
        (changed("organisation: Ad Hoc", "organisation: "), "Line 13"),
        (changed("organisation: Ad Hoc", "organisation: Ad\\u{20}Hoc"), "Line 13"),
        (changed("organisation: Ad Hoc", "organisation: Ad\\Hoc"), "backslash"),
        (changed("organisation: Ad Hoc", "organisation: Ad\\u{110000}Hoc"), "backslash"),
        (changed("organisation: Ad Hoc", "organisation: Ad\u2028Hoc"), "Line 13"),
        (changed("organisation: Ad Hoc", "organisation: Ad Hoc "), "Line 13"),
        (changed("organisation: Ad Hoc", "organisation:Ad Hoc"), "states nothing"),
        (changed("organisation: Ad Hoc", "organisation: Ad Hoc\ncolour: red"), "Line 14"),
        (changed("item: 2\n", "item: 3\n"), "numbered"),
        (changed("item: 2\n", "item: 2\nquantity: 2\n"), "Line "),
        (PLAIN.replace("quantity: 1", "quantity: 2"), "quantity"),
        (PLAIN[: PLAIN.index("\nitem: 2")], "has 1 line, but says that it has 2"),
        (changed("lines: 2", "lines: 02"), "says that it has 02"),
        (changed("lines: 2\n", ""), "says that it has none"),
        (changed("assets: 2\n", ""), "Line 17"),
        (changed("assets: 2", "assets: 1"), "Line 17"),
        (PLAIN.rstrip("\n"), "Line 43"),
        (PLAIN + "\n", "states nothing"),
        (PLAIN + "entry: 102\n", "Line 43"),
    ],
)
def test_a_text_that_is_none_is_refused(text: str, reason: str) -> None:
    """A text that is not written as a receipt's is refused, and it is said why."""
    with pytest.raises(ReceiptTextInvalid) as refusal:
        parse_text(text)
    assert reason in refusal.value.reason


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Zoë Ἀριστοτέλης Дмитро 王小明 محمد 👩 Nguyễn", "Zoë Ἀριστοτέλης Дмитро 王小明 محمد 👩 Nguyễn"),
        ("a b", "a b"),
        (" a  b ", "\\u{20}a  b\\u{20}"),
        ("\\u{41}", "\\\\u{41}"),
        ("a\u202eb\u200dc", "a\\u{202E}b\\u{200D}c"),
        ("a\nb\tc\u2029", "a\\u{A}b\\u{9}c\\u{2029}"),
        ("\ud83d", "\\u{D83D}"),
        ("\ue000\U000f0000\ufe0f", "\\u{E000}\\u{F0000}\\u{FE0F}"),
        ("\u0378 \U0001fae9", "\u0378 \U0001fae9"),
    ],
)
def test_what_is_escaped(value: str, expected: str) -> None:
    """Backslashes and what can't be seen are escaped; letters are not, be they assigned yet or not."""
    assert escaped(value) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": trial_lines(3)[1:]},
        {"lines": trial_lines(2)[::-1]},
        {"due_date": ""},
        {"notes": ("one", "")},
        {"receipt_id": -1},
        {"holder_id": NUMBER_MAX + 1},
        {"batch_id": -1},
        {"log_size": -1},
        {"lines": (replace(trial_lines(1)[0], entry_seq=NUMBER_MAX + 1),)},
        {"lines": (replace(trial_lines(1)[0], corrected_by=-1),)},
    ],
)
def test_impossible_receipts_are_not_made(changes: dict[str, Any]) -> None:
    """A receipt whose lines are not counted from 1, or with an impossible number, a blank due date or note, is none."""
    with pytest.raises(ValueError, match=r"receipt|due date"):
        replace(trial_receipt(), **changes)


def test_a_receipt_can_be_empty() -> None:
    """Who has nothing in custody has a hand receipt without lines."""
    empty = trial_receipt([], "hand_receipt")

    assert text_of(empty).endswith("\nlines: 0\n")
    assert parse_text(text_of(empty)) == empty


def test_an_acknowledgement_may_not_be_asked_for() -> None:
    """That none is asked for is another thing than that one is open; what was acknowledged was asked for."""
    unasked = replace(trial_receipt(), acknowledgement=None, asked=False)
    assert "\nacknowledgement: not asked\n" in text_of(unasked)
    assert parse_text(text_of(unasked)) == unasked
    accepted = Acknowledgement("Jane Smith", "paper", "2026-02-02T13:00:00.000000Z", "2026-02-02 14:00:00+01:00")
    with pytest.raises(ValueError, match="was asked for"):
        replace(trial_receipt(), acknowledgement=accepted, asked=False)
