"""GS1 and UII codes at the desk: which asset they mean, and what is held because that is not clear."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from assettrack.domain import station_deeds
from assettrack.domain.asset_codes import GS1_SYMBOLOGIES
from assettrack.domain.card_catalogue import CodeSaid
from assettrack.domain.plans import Options
from assettrack.domain.queued_scans import Held, Repeated, RowMeant
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.typed_rows import TypedRow
from assettrack.domain.wedge import LENGTH_MAX, Typed, read_typed
from assettrack.services import counts, custody, custody_drafts, handover_scans, settings
from assettrack.services.code_reading import asset_in_code, codes_said
from assettrack.services.count_scans import Where
from assettrack.services.count_scans import take as take_counted
from assettrack.services.counts import AskedScope
from assettrack.services.custody import TypedCommand
from assettrack.services.custody_drafts import AtDesk
from tests.services.test_queues import Taker
from tests.web.visitors import open_station

UII = "[)>\x1e06\x1d18SA33091234567\x1e\x04"
"""By construct 1: D, the CAGE code A3309, the serial number 1234567."""

LONG_UII = "[)>\x1e06\x1d17VA3309\x1d1PPN/PART-NUMBER-OF-MANY-LETTERS\x1dS1234567\x1e\x04"
"""By construct 2, too long for a tag and with a letter that no tag has."""

GTIN = "00614141123452"
NO_GS1 = "it is not what GS1 numbers are; is a separator (GS) lost, or a part of it?"
NOT_KNOWN = "no asset has recorded as its serial number and no tag can be"


@pytest.fixture
def ben(tmp_path: Path) -> Iterator[Taker]:
    """Return somebody at a new station who takes assets in."""
    with open_station(tmp_path) as station:
        taker = Taker(station)
        taker.sets("SCAN", equipment_type="laptop")
        yield taker


def register(ben: Taker, **serial_numbers: str) -> None:
    """Register assets with their serial numbers; an underscore stands for the dash of a tag."""
    rows = [
        TypedRow("SCAN", tag.replace("_", "-"), equipment_type="laptop", serial_number=serial)
        for tag, serial in serial_numbers.items()
    ]
    custody.commit(ben.at, TypedCommand([], lambda _: rows), Options(), confirm=None)


def tag_of(ben: Taker, typed: str) -> str:
    """Scan a code that means an asset, and return its tag."""
    (line,) = ben.scan(typed)
    assert isinstance(line.scan.meant, RowMeant), line.scan.meant
    return line.scan.meant.row.asset_tag


def said(ben: Taker, typed: str) -> tuple[str, str]:
    """Scan a code that is held; return the reason, and what the page says."""
    (line,) = ben.scan(typed)
    assert isinstance(line.scan.meant, Held), line.scan.meant
    (found,) = line.problems
    return line.scan.meant.reason, found.message


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("]C180040614141ASSET-0042", "0614141ASSET-0042"),
        ("]d28004asset-0042\r\n", "ASSET-0042"),
        ("]Q38004" + "X" * 30, "X" * 30),
        ("]e08003" + GTIN + "SER9", GTIN + "SER9"),
        (UII, "DA33091234567"),
        ("]d1" + UII + "\r\n", "DA33091234567"),
    ],
)
def test_a_number_that_can_be_a_tag_is_one(ben: Taker, typed: str, tag: str) -> None:
    """A GIAI, a GRAI with its serial number and a UII are unique in the world; in capitals, within 30 letters."""
    assert tag_of(ben, typed) == tag
    ben.commit()
    assert tag_of(ben, typed) == tag


@pytest.mark.parametrize(("value", "sent"), station_deeds.SEPARATORS.items())
def test_what_stands_for_the_separator_is_as_the_rule_says(ben: Taker, value: str, sent: str) -> None:
    """The letter that readers send in its place parts the numbers once the rule says so, and none does before that."""
    typed = f"]C180040614141ASSET-0042{sent}10LOT7"
    if value != "gs":
        assert said(ben, typed)[0] == "code_unreadable"
        settings.set_rule(ben.station.workplace(), "separator", value)
    assert tag_of(ben, typed) == "0614141ASSET-0042"
    assert tag_of(ben, "]C180040614141ASSET-0043\x1d10LOT7") == "0614141ASSET-0043"


def test_the_same_asset_by_its_label_and_by_its_code_is_one(ben: Taker) -> None:
    """The second scan repeats the first."""
    first, second = ben.scan("ASSET-0042", "]C18004ASSET-0042")
    assert isinstance(first.scan.meant, RowMeant)
    row = msgspec.structs.replace(first.scan.meant.row, from_state=("place",))  # nobody said the slot a second time
    assert second.scan.meant == Repeated(first.scan.number, row)


def test_a_recorded_number_means_the_asset_that_has_it(ben: Taker) -> None:
    """What is recorded as the whole number counts before a new tag would, and what is too long for a tag is found."""
    register(ben, LT_1="DA33091234567", LT_2="0614141/asset/42", LT_3="DA3309PN/PART-NUMBER-OF-MANY-LETTERS1234567")
    assert tag_of(ben, UII) == "LT-1"
    assert tag_of(ben, "]C180040614141/asset/42") == "LT-2"
    assert tag_of(ben, LONG_UII) == "LT-3"


def test_a_serial_number_alone_means_the_one_asset_that_has_it(ben: Taker) -> None:
    """Where the code can be no tag: a GTIN with a serial number, and a UII too long for one."""
    register(ben, LT_1="SER9", LT_2="SER99", LT_3="1234567")
    assert tag_of(ben, f"]C101{GTIN}21SER9") == "LT-1"
    assert tag_of(ben, f"]d221SER99\x1d01{GTIN}") == "LT-2"
    assert tag_of(ben, LONG_UII) == "LT-3"


def test_two_assets_of_a_serial_number_are_not_chosen_between(ben: Taker) -> None:
    """Both are named, and nothing is added."""
    register(ben, LT_1="SER9", LT_2="SER9")
    reason, words = said(ben, f"]C101{GTIN}21SER9")
    assert reason == "code_ambiguous"
    assert f"GTIN {GTIN} with serial number SER9, which may be asset LT-1 or asset LT-2" in words


def test_a_tag_and_another_assets_serial_number_are_not_chosen_between(ben: Taker) -> None:
    """The number is on two assets: on one as its tag."""
    register(ben, ASSET_42="", LT_1="ASSET-42")
    reason, words = said(ben, "]C18004ASSET-42")
    assert reason == "code_ambiguous"
    assert "may be asset ASSET-42 or asset LT-1" in words


def test_an_asset_whose_own_serial_number_is_its_tag_is_one(ben: Taker) -> None:
    """Found twice, it is the same."""
    register(ben, ASSET_42="ASSET-42")
    assert tag_of(ben, "]C18004ASSET-42") == "ASSET-42"


def test_a_new_tag_and_a_serial_number_that_is_known_are_not_chosen_between(ben: Taker) -> None:
    """A serial number is unique only with its maker: another maker's asset may have it, and this one be new."""
    register(ben, LT_1="1234567")
    reason, words = said(ben, UII)
    assert reason == "code_ambiguous"
    assert "UII DA33091234567, which may be asset LT-1 or a new asset DA33091234567" in words


def test_what_nobody_recorded_and_no_tag_can_be_is_held(ben: Taker) -> None:
    """It is said what the code says; a serial number alone never becomes a tag, nor what begins like a recorded one."""
    register(ben, LT_1="SER9-AND-MORE")
    assert said(ben, f"]C101{GTIN}21SER9")[0] == "code_not_known"
    assert said(ben, "]C18004" + "X" * 29 + "/")[0] == "code_not_known"
    assert said(ben, "]C18004OUT")[0] == "code_not_known"
    assert "The code says UII DA3309PN/PART-NUMBER-OF-MANY-LETTERS1234567." in said(ben, LONG_UII)[1]


def test_what_is_about_something_else_names_no_asset(ben: Taker) -> None:
    """A shipment, and a kind of goods."""
    reason, words = said(ben, "]C100106141411234567897")
    assert reason == "code_names_no_asset"
    assert "The code says (00)106141411234567897, which names no asset." in words
    assert said(ben, f"]C101{GTIN}")[0] == "code_names_no_asset"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("[)>0618SA33091234567", "the separators between its parts are lost"),
        ("]C1LT-0042", "it is not what GS1 numbers are"),
        (f"]C101{GTIN}|21SER9", "it has '|', which no GS1 number has"),
        ("]c18004ASSET-42", "Caps Lock"),
    ],
)
def test_what_can_not_be_read_is_held_with_its_reason(ben: Taker, typed: str, words: str) -> None:
    """It is never taken for a tag."""
    reason, message = said(ben, typed)
    assert (reason, words in message) == ("code_unreadable", True)


@pytest.mark.parametrize("typed", ["8004ASSET-0042", "]C08004ASSET-0042", "]A08004ASSET-0042", "]X08004ASSET-0042"])
def test_a_plain_scan_is_a_tag_whatever_it_looks_like(ben: Taker, typed: str) -> None:
    """Nothing says that it is GS1, so it is not."""
    assert tag_of(ben, typed) == "8004ASSET-0042"


def test_control_characters_get_through_to_codes_alone(ben: Taker) -> None:
    """In any other scan they are what they were: unreadable; so is a code that is longer than any."""
    assert said(ben, "LT\x1d-4")[0] == said(ben, "LT/4")[0] == said(ben, "L'T")[0] == "scan_unreadable"
    assert said(ben, "8004ASSET\x1d10X")[0] == "scan_unreadable"
    assert said(ben, "]C1" + "8004ASSET" + "\x1d10X" * LENGTH_MAX)[0] == "scan_unreadable"
    assert read_typed(f"]d1{UII}\r\n") == Typed(UII, "]d1")


def test_a_stored_symbology_says_the_same_as_a_prefix(ben: Taker) -> None:
    """Scans of a pocket scanner have a byte with them and no prefix."""
    with ben.at.store.read() as snapshot:
        for symbology in GS1_SYMBOLOGIES:
            found = asset_in_code(snapshot, Typed("8004ASSET-0042"), ben.at.read_gs1, symbology=symbology)
            assert found == "ASSET-0042"
        assert asset_in_code(snapshot, Typed("8004ASSET-0042"), ben.at.read_gs1, symbology=0x03) is None


def test_stored_scans_stand_for_what_their_codes_say(ben: Taker) -> None:
    """Each text with its tag or why it has none, as half a sentence; ordinary codes are not among them."""
    register(ben, LT_1="SER9", LT_2="TWICE", LT_3="TWICE")
    texts = {
        f"01{GTIN}21SER9": CodeSaid("LT-1"),
        UII: CodeSaid("DA33091234567"),
        "00106141411234567897": CodeSaid(unclear="a code that says (00)106141411234567897, which names no asset"),
        "LT-1": CodeSaid(unclear=f"a code that can't be read: {NO_GS1}"),
        f"01{GTIN}21X": CodeSaid(unclear=f"a code that says GTIN {GTIN} with serial number X, which {NOT_KNOWN}"),
        f"01{GTIN}21TWICE": CodeSaid(
            unclear=f"a code that says GTIN {GTIN} with serial number TWICE, which may be asset LT-2 or asset LT-3"
        ),
    }
    scans = [RawScan(number, text, 0x0F) for number, text in enumerate(texts, 1)]
    plain = [RawScan(90, "LT-3", 0x03), RawScan(91, "AT U", 0x03)]
    with ben.at.store.read() as snapshot:
        assert codes_said(snapshot, [*scans, *plain], ben.at.read_gs1) == texts
        both = codes_said(snapshot, [RawScan(1, "8004A", 0x0F), RawScan(2, "8004A", 0x03)], ben.at.read_gs1)
        same = codes_said(snapshot, [RawScan(1, "8004A", 0x0F), RawScan(2, "8004A", 0x32)], ben.at.read_gs1)
    assert both == {"8004A": CodeSaid(unclear="a GS1 code in one scan, and none in another")}
    assert same == {"8004A": CodeSaid("A")}


def test_a_hand_over_takes_codes_too(ben: Taker) -> None:
    """What means an asset is added, what is held is said."""
    register(ben, LT_1="SER9")
    at = AtDesk(ben.at, ben.desk, ben.account)
    assert handover_scans.take(at, "ISSUE", f"]C101{GTIN}21SER9").added == ("LT-1",)
    handover_scans.take(at, "ISSUE", "]C100106141411234567897")
    draft = custody_drafts.current(at, "ISSUE").draft
    assert draft.tags == ["LT-1"]
    assert [unseen.held.reason for unseen in draft.unseen] == ["code_names_no_asset"]


def test_a_count_takes_codes_too(ben: Taker) -> None:
    """What means an asset is seen, what is held is said."""
    register(ben, LT_1="SER9")
    begun = counts.start(ben.at, AskedScope())
    taken = take_counted(ben.at, begun.count_id, f"]C101{GTIN}21SER9\n]C100106141411234567897", Where())
    seen, held = taken.outcomes
    assert seen.line is not None
    assert seen.line.asset_tag == "LT-1"
    assert held.held is not None
    assert held.held.code == "code_names_no_asset"
