"""The grammar of scans: what cards say holds until it is replaced, and what could mean two things is held."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain import cards
from assettrack.domain.card_catalogue import CardCatalogue, CodeSaid, named_by
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.raw_scans import CODE_128, RawScan
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.scan_grammar import Reading
from assettrack.domain.scanner_clock import Doubt, Timing
from tests.domain.trial_scans import (
    BEGIN,
    CATALOGUE,
    END,
    MARK,
    UNDO,
    case,
    codes,
    end,
    event,
    every,
    holder,
    read,
    rows,
    slot,
    stored,
)

SCAN = event("SCAN")
EAN_13 = 0x0B
CODE_39 = 0x01


def test_context_sticks_until_a_card_of_its_kind_replaces_it() -> None:
    """An event and a badge hold for all assets after them, until another event or badge comes."""
    meanings = read([BEGIN, event("ISSUE"), holder(7), "A1", "A2", holder(8), "A3", event("UPDATE"), case("OUT"), "A4"])
    assert rows(meanings) == [
        ("ISSUE", "A1", "Ada Lovelace", "OUT"),
        ("ISSUE", "A2", "Ada Lovelace", "OUT"),
        ("ISSUE", "A3", "Grace Hopper", "OUT"),
        ("UPDATE", "A4", "", "OUT"),
    ]
    assert codes(meanings) == {}
    assert {each.operator for each in meanings if each.row} == {"Kim"}


@pytest.mark.parametrize("label", [slot("CASE-01", 3), "CASE-01 SLOT-03", "case-01/slot 3"])
def test_a_slots_label_is_for_the_one_asset_after_it(label: str) -> None:
    """A slot's card, or its label in plain letters, places the next asset; the one after that has no slot."""
    meanings = read([BEGIN, SCAN, label, "A1", "A2"])
    assert rows(meanings) == [("SCAN", "A1", "", "CASE-01 slot 3")]
    assert codes(meanings) == {5: ["slot_for_two"]}


def test_nothing_is_guessed_before_its_card() -> None:
    """An asset before the card that it needs is held, and says which card that is."""
    assert codes(read(["A1"])) == {1: ["operator_not_said"]}
    assert codes(read([BEGIN, "A1"])) == {2: ["event_not_said"]}
    assert codes(read([BEGIN, event("ISSUE"), "A1"])) == {3: ["person_not_said"]}
    assert codes(read([BEGIN, event("TRANSFER"), "A1"])) == {3: ["person_not_said"]}
    assert codes(read([BEGIN, event("RETURN"), "A1"])) == {3: ["place_not_said"]}
    assert codes(read([BEGIN, event("RETIRE"), "A1"])) == {3: ["reason_not_said"]}
    assert codes(read([BEGIN, SCAN, case("CASE-01"), "A1"])) == {4: ["place_not_said"]}
    assert rows(read([BEGIN, SCAN, "A1"])) == [("SCAN", "A1", "", "")]


def test_answers_go_for_what_no_card_says() -> None:
    """An operator, event, person or reason said at the desk is taken where no card says one, and nowhere else."""
    said = Answers(operator="Lee", event_type="ISSUE", holder="Mary Jackson")
    meanings = read(["A1", BEGIN, holder(7), "A2", event("SCAN"), "A3"], said)
    assert [(each.row.event_type, each.row.issued_to_name, each.operator) for each in meanings if each.row] == [
        ("ISSUE", "Mary Jackson", "Lee"),
        ("ISSUE", "Ada Lovelace", "Kim"),
        ("SCAN", "", "Kim"),
    ]
    retired = read([BEGIN, event("RETIRE"), "A1"], Answers(reason="broken hinge"))
    assert [each.row.notes for each in retired if each.row] == ["broken hinge"]


def test_a_begin_card_forgets_everything_and_an_end_card_too() -> None:
    """After a begin or an end card no event, person or place is known."""
    assert codes(read([BEGIN, SCAN, END, "A1"])) == {4: ["operator_not_said"]}
    again = read([BEGIN, event("ISSUE"), holder(7), "A1", BEGIN, "A2"])
    assert codes(again) == {5: ["end_missing"], 6: ["event_not_said"]}
    assert codes(read([BEGIN, SCAN, END, BEGIN, SCAN, "A1"])) == {}


def test_an_end_cards_count_is_held_against_what_was_scanned() -> None:
    """Repeats and what was taken back do not count; a count that differs is held, until it was looked at."""
    whole = [BEGIN, SCAN, "A1", "A2", UNDO, "A3"]
    assert codes(read([*whole, end(2)])) == {5: ["undone"]}
    assert codes(read([*whole, end(3)])) == {5: ["undone"], 7: ["end_count_wrong"]}
    assert codes(read([*whole, end(3)], Answers(taken=(7,))))[7] == ["taken_so"]


def test_an_end_card_counts_assets_and_not_their_scans() -> None:
    """An asset scanned twice, a minute apart, hides none that is missing: it is one, and both numbers are said."""
    twice = [BEGIN, SCAN, "A1", "A1"]
    held = read([*twice, end(2)], apart=60)
    assert codes(held) == {5: ["end_count_wrong"]}
    assert "1 asset in 2 scans" in held[4].findings[0].message
    assert codes(read([*twice, end(2)], Answers(taken=(5,)), apart=60)) == {5: ["taken_so"]}
    assert codes(read([*twice, end(1)], apart=60)) == {}
    assert codes(read([*twice, "A2", "A1", end(2)], apart=60)) == {}
    missed = read([BEGIN, SCAN, "A1", "A2", end(3)])
    assert "2 assets." in missed[4].findings[0].message


def test_an_end_card_read_twice_at_once_is_one() -> None:
    """As any other card: what the first one counted is right; later, or with another number, it counts anew."""
    whole = [BEGIN, SCAN, "A1", end(1)]
    assert codes(read([*whole, end(1), end(1)], apart=2)) == {5: ["read_twice"], 6: ["read_twice"]}
    assert codes(read([*whole, end(1)], times=[Timing(None, Doubt.NO_STAMP)] * 5)) == {5: ["read_twice_untimed"]}
    assert codes(read([BEGIN, SCAN, "A1", end(2), end(2)], apart=2)) == {4: ["end_count_wrong"], 5: ["read_twice"]}
    assert codes(read([*whole, end(1)], apart=11)) == {5: ["end_count_wrong"]}
    assert codes(read([*whole, end(2)], apart=2)) == {5: ["end_count_wrong"]}


def test_a_label_read_twice_at_once_is_one_scan() -> None:
    """The same tag within ten seconds with nothing between is a repeat, later it is a scan of its own."""
    assert codes(read([BEGIN, SCAN, "A1", "A1", "A1"], apart=5)) == {4: ["read_twice"], 5: ["read_twice"]}
    assert len(rows(read([BEGIN, SCAN, "A1", "A1"], apart=11))) == 2
    assert len(rows(read([BEGIN, SCAN, "A1", "A2", "A1"], apart=1))) == 3
    assert len(rows(read([BEGIN, SCAN, slot("CASE-01", 1), "A1", "A1"], apart=10))) == 1
    unknown = [Timing(None, Doubt.NO_STAMP)] * 4
    assert len(rows(read([BEGIN, SCAN, "A1", "A1"], times=unknown))) == 1


def test_two_cards_in_a_row_are_noted_and_the_last_holds() -> None:
    """Of two badges without an asset between them the second holds, and the first is not forgotten in silence."""
    meanings = read([BEGIN, event("ISSUE"), holder(7), holder(8), "A1"])
    assert rows(meanings) == [("ISSUE", "A1", "Grace Hopper", "OUT")]
    assert codes(meanings) == {4: ["card_replaced"]}


def test_a_slot_without_its_asset_stops_the_batch() -> None:
    """A slot's label after which no asset came is held, whatever comes instead; read twice it is noted."""
    for after in (slot("CASE-01", 2), case("CASE-02"), BEGIN, END):
        assert codes(read([BEGIN, SCAN, slot("CASE-01", 1), after]))[3] == ["slot_without_asset"]
    assert codes(read([BEGIN, SCAN, slot("CASE-01", 1)])) == {3: ["slot_without_asset"]}
    assert codes(read([BEGIN, SCAN, slot("CASE-01", 1)], Answers(taken=(3,)))) == {3: ["taken_so"]}
    twice = read([BEGIN, SCAN, slot("CASE-01", 1), slot("CASE-01", 1), "A1"])
    assert codes(twice) == {4: ["card_replaced"]}
    assert rows(twice) == [("SCAN", "A1", "", "CASE-01 slot 1")]


def test_undo_takes_back_the_asset_before_it() -> None:
    """The asset just scanned is taken back, and its slot waits for another; without one there is nothing to undo."""
    meanings = read([BEGIN, SCAN, slot("CASE-01", 1), "A1", UNDO, "A2"])
    assert rows(meanings) == [("SCAN", "A2", "", "CASE-01 slot 1")]
    assert [each.said for each in meanings] == ["card", "card", "card", "undone", "undo", "row"]
    assert codes(read([BEGIN, SCAN, slot("CASE-01", 1), "A1", UNDO, END])) == {5: ["undone"]}
    assert codes(read([UNDO])) == {1: ["undo_of_nothing"]}
    assert codes(read([UNDO, UNDO, BEGIN])) == {1: ["undo_of_nothing"], 2: ["undo_of_nothing"]}
    assert rows(read([BEGIN, SCAN, "A1", "A2", UNDO, UNDO], apart=20)) == []
    assert codes(read([BEGIN, "A1", UNDO, SCAN])) == {3: ["undone"]}


def test_an_undo_that_could_mean_something_else_is_held() -> None:
    """After another card, after a repeat, or read twice at once, it is not clear what an undo card takes back."""
    assert codes(read([BEGIN, SCAN, "A1", holder(7), UNDO])) == {5: ["undo_unclear"]}
    assert codes(read([BEGIN, SCAN, "A1", "A1", UNDO], apart=1))[5] == ["undo_unclear"]
    assert codes(read([BEGIN, SCAN, "A1", "A2", UNDO, UNDO], apart=2))[6] == ["undo_twice"]
    assert rows(read([BEGIN, SCAN, "A1", "A2", UNDO, UNDO], Answers(taken=(6,)), apart=2)) == []
    assert rows(read([BEGIN, SCAN, "A1", "A2", UNDO, UNDO], Answers(left_out=(LeftOut(6, "once"),)), apart=2)) == [
        ("SCAN", "A1", "", ""),
    ]
    assert codes(read([BEGIN, SCAN, "A1", holder(7), "A2", UNDO, UNDO], apart=20))[7] == ["undo_unclear"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BEGIN[:-1] + "?", "card_broken"),
        (event("DANCE"), "card_broken"),
        (holder(99), "person_unknown_here"),
        (case("CASE-77"), "case_unknown_here"),
        (slot("CASE-02", 5), "slot_unknown_here"),
        (slot("CASE-77", 1), "slot_unknown_here"),
        ("CASE-02 SLOT-0", "slot_unknown_here"),
        ("LT-9", "case_and_asset"),
        ("<script>", "not_understood"),
        ("\x1b[2J", "not_understood"),
    ],
)
def test_what_is_not_known_is_held(text: str, code: str) -> None:
    """A broken card, a name that the station does not have, and a text that is nothing are held, each with its word."""
    assert codes(read([BEGIN, SCAN, text])) == {3: [code]}


def test_an_unknown_operator_is_held() -> None:
    """A begin card of an account that is not here is held; one in letters is the operator's own name."""
    catalogue = msgspec.structs.replace(CATALOGUE, operators={})
    found = Reading(catalogue, Answers()).read(stored([BEGIN]), every(1, 1))
    assert codes(found) == {1: ["operator_unknown_here"]}
    named = read(["AT BKIM0"[:-1] + "0"])  # a wrong check character
    assert codes(named) == {1: ["card_broken"]}


def begun(word: str, catalogue: CardCatalogue, answers: Answers | None = None) -> tuple[dict[int, list[str]], str]:
    """Return what is said of a begin card, and who scanned the asset after it, blank where it is no row."""
    texts = [cards.written(Card(CardKind.BEGIN, word, mark=MARK if word == "1" else "")), SCAN, "A1"]
    found = Reading(catalogue, answers or Answers()).read(stored(texts), every(30, 3))
    return codes(found), found[2].operator


def test_where_there_are_accounts_the_operator_is_one() -> None:
    """Among accounts a begin card in letters is held unless it is an account's name; without accounts any name goes."""
    station = msgspec.structs.replace(CATALOGUE, accounts_only=True, spelled={"kim": 1})
    assert begun("ZOE", station)[0] == {1: ["operator_unknown_here", "scans_wait"]}
    assert begun("KIM", station) == ({}, "Kim")
    assert begun("1", station) == ({}, "Kim")
    assert begun("ZOE", CATALOGUE) == ({}, "ZOE")
    assert begun("9" * 16, CATALOGUE)[0][1] == ["operator_unknown_here", "scans_wait"]


@pytest.mark.parametrize("word", ["1", "KIM"])
def test_a_deactivated_account_is_asked_about(word: str) -> None:
    """Scans of who left may have been made before, or by whoever has the card now: that is looked at, never guessed."""
    station = msgspec.structs.replace(
        CATALOGUE, accounts_only=True, spelled={"kim": 1}, deactivated=frozenset({1})
    )  # fmt: skip
    assert begun(word, station)[0] == {1: ["operator_deactivated"]}
    assert begun(word, station, Answers(taken=(1,))) == ({1: ["taken_so"]}, "Kim")


def test_every_fact_about_accounts_makes_another_catalogue() -> None:
    """Catalogues that read a begin card differently have different versions."""
    facts: tuple[dict[str, object], ...] = (
        {"accounts_only": True}, {"spelled": {"kim": 1}}, {"deactivated": frozenset({1})},
    )  # fmt: skip
    versions = {msgspec.structs.replace(CATALOGUE, **each).version for each in ({}, *facts)}
    assert len(versions) == 1 + len(facts)


@pytest.mark.parametrize("payload", ["NX", "B", "HADA", "U1"])
def test_a_card_with_an_odd_word_is_held(payload: str) -> None:
    """A card whose check character fits and whose word its kind can't have is held as broken."""
    text = f"{cards.PREFIX}{payload}{cards.check_character(payload)}"
    assert codes(read([BEGIN, SCAN, "A1", text]))[4] == ["card_broken"]


def test_taking_what_nothing_is_asked_about_is_held() -> None:
    """An answer to no question is a mistake: perhaps another scan was meant."""
    texts = [BEGIN, SCAN, "A1", end(2)]
    assert codes(read(texts, Answers(taken=(4,)))) == {4: ["taken_so"]}
    assert codes(read(texts, Answers(taken=(3, 4)))) == {3: ["take_unasked"], 4: ["taken_so"]}
    slots = [BEGIN, SCAN, slot("CASE-01", 1), slot("CASE-01", 2), "A1"]
    assert codes(read(slots, Answers(taken=(3,)))) == {3: ["taken_so"]}


def test_an_end_card_may_say_its_number_with_zeros() -> None:
    """A number of assets is a number, however many zeros it begins with."""
    assert codes(read([BEGIN, SCAN, "A1", cards.written(Card(CardKind.END, "01"))])) == {}


def test_codes_of_other_kinds_are_held() -> None:
    """A trade good's code is no asset's unless somebody says so, and a card is always Code 128."""
    good = RawScan(3, "4006381333931", EAN_13)
    forged = RawScan(3, SCAN, CODE_39)
    start = stored([BEGIN, SCAN])
    assert codes(Reading(CATALOGUE, Answers()).read([*start, good], every(30, 3))) == {3: ["product_code"]}
    taken = Reading(CATALOGUE, Answers(taken=(3,))).read([*start, good], every(30, 3))
    assert rows(taken) == [("SCAN", "4006381333931", "", "")]
    assert codes(Reading(CATALOGUE, Answers()).read([*start, forged], every(30, 3))) == {3: ["card_of_other_code"]}


def test_gs1_codes_mean_what_the_catalogue_says() -> None:
    """A code that stands for an asset is that asset; one that does not is held with the reason."""
    said = {"8004X": CodeSaid("LT-1"), "00Y": CodeSaid(unclear="a pallet")}
    catalogue = CardCatalogue(operators={1: "Kim"}, marks={"B1": MARK}, codes=said)
    found = Reading(catalogue, Answers()).read(stored([BEGIN, SCAN, "8004X", "00Y"]), every(30, 4))
    assert rows(found) == [("SCAN", "LT-1", "", "")]
    assert codes(found) == {4: ["code_unclear"]}


def test_a_scan_left_out_counts_for_nothing() -> None:
    """What was left out at the desk is as if it had never been scanned, and is said with its reason."""
    meanings = read([BEGIN, SCAN, "A9", "A1"], Answers(left_out=(LeftOut(3, "misread"),)))
    assert rows(meanings) == [("SCAN", "A1", "", "")]
    assert codes(meanings) == {3: ["left_out"]}
    assert meanings[2].said == "left out"


@pytest.mark.parametrize("badge", [holder(99), holder(7)[:-1] + "?"])
def test_a_card_left_out_ends_what_was_said_before(badge: str) -> None:
    """After a badge or begin card that is left out, nobody of before is taken for who was meant."""
    texts = [BEGIN, event("ISSUE"), holder(7), "A1", badge, "A2"]
    left = (LeftOut(5, "not ours"),)
    assert codes(read(texts, Answers(left_out=left)))[6] in (["person_not_said"], ["operator_not_said"])
    said = Answers(left_out=left, holder="Mary Jackson", operator="Lee", event_type="ISSUE")
    assert [row[2] for row in rows(read(texts, said))] == ["Ada Lovelace", "Mary Jackson"]
    begun = [BEGIN, SCAN, "A1", cards.written(Card(CardKind.BEGIN, "77")), "A2"]
    assert codes(read(begun, Answers(left_out=(LeftOut(4, "unknown"),))))[5] == ["operator_not_said"]
    events = [BEGIN, SCAN, "A1", event("RETIRE"), "A2"]
    assert codes(read(events, Answers(left_out=(LeftOut(4, "no"),))))[5] == ["event_not_said"]


SLOTS = st.lists(st.integers(1, 20), min_size=1, max_size=8, unique=True)


@given(positions=SLOTS, doubled=st.sets(st.integers(0, 7)))
def test_slot_after_slot_is_read_as_it_was_scanned(positions: list[int], doubled: set[int]) -> None:
    """Whatever slots are filled in whatever order, and labels read twice at once: each asset is in its slot."""
    texts = [BEGIN, SCAN]
    for index, position in enumerate(positions):
        texts += [slot("CASE-01", position), f"T-{position}"] + [f"T-{position}"] * (index in doubled)
    meanings = read([*texts, end(len(positions))], apart=2)
    assert rows(meanings) == [("SCAN", f"T-{each}", "", f"CASE-01 slot {each}") for each in positions]
    assert not any(each.said == "held" for each in meanings)


@given(positions=SLOTS, lost=st.integers(2, 17))
def test_a_scan_that_is_missing_is_never_missed(positions: list[int], lost: int) -> None:
    """If a slot's label or an asset was not read, no row is made that would not have been: the place is held."""
    texts = [BEGIN, SCAN]
    for position in positions:
        texts += [slot("CASE-01", position), f"T-{position}"]
    lost = 2 + (lost - 2) % (2 * len(positions))
    meant = set(rows(read(texts)))
    meanings = read([*texts[:lost], *texts[lost + 1 :]])
    held = [each for each in meanings if each.said == "held"]
    without_place = [row for row in rows(meanings) if not row[3]]
    assert set(rows(meanings)) - set(without_place) <= meant
    assert held or without_place


TEXTS = st.sampled_from(
    [
        BEGIN,
        END,
        UNDO,
        SCAN,
        event("ISSUE"),
        event("RETURN"),
        holder(7),
        case("CASE-01"),
        slot("CASE-01", 1),
        "A1",
        "A2",
        "?",
    ],
)


@given(texts=st.lists(TEXTS, max_size=25), apart=st.sampled_from([1.0, 30.0, 20000.0]))
def test_whatever_is_scanned_each_scan_has_one_meaning(texts: list[str], apart: float) -> None:
    """Any scans in any order are read, each as one thing, the same every time, and what is held makes no row."""
    meanings = read(texts, apart=apart)
    assert [each.scan.text for each in meanings] == texts
    assert meanings == read(texts, apart=apart)
    for each in meanings:
        assert (each.row is not None) == (each.said == "row")
        assert (each.said == "held") == any(said.kind == "problem" for said in each.findings)


@given(texts=st.lists(TEXTS, max_size=25))
def test_taking_back_leaves_nothing(texts: list[str]) -> None:
    """An asset and an undo card right after it leave the reading as it was without the two."""
    plain = [row[:2] for row in rows(read([BEGIN, SCAN, *texts]))]
    undone = [row[:2] for row in rows(read([BEGIN, SCAN, "A9", UNDO, *texts]))]
    assert undone == plain


def test_versions_of_catalogues_differ_as_they_read() -> None:
    """Catalogues that could read scans differently have different versions, equal ones the same."""
    assert CATALOGUE.version == msgspec.structs.replace(CATALOGUE).version
    assert CATALOGUE.version != msgspec.structs.replace(CATALOGUE, holders={7: "Ada Lovelace"}).version
    assert len(CATALOGUE.version) == 16


def test_a_scan_without_code_128_is_a_tag_all_the_same() -> None:
    """Tags may be in any code but a trade good's."""
    found = Reading(CATALOGUE, Answers()).read(
        [*stored([BEGIN, SCAN]), RawScan(3, "LT-7", CODE_39), RawScan(4, "LT-8", CODE_128)], every(30, 4),
    )  # fmt: skip
    assert [row[1] for row in rows(found)] == ["LT-7", "LT-8"]


def test_what_scans_name_is_what_has_to_be_looked_up() -> None:
    """The numbers on cards and every text that could be a case are named; broken cards and other texts are not."""
    scans = stored([BEGIN, holder(7), slot("CASE-01", 3), case("CASE-02"), "lt-9", "<b>", BEGIN[:-1] + "?", UNDO])
    named = named_by(scans)
    assert (named.accounts, named.holders) == (frozenset({1}), frozenset({7}))
    assert named.cases == frozenset({"CASE-01", "CASE-02", "LT-9"})


def test_a_begin_card_may_name_its_operator_in_letters() -> None:
    """Where operators have no account, their name stands on the card."""
    assert [each.operator for each in read([cards.written(Card(CardKind.BEGIN, "KIM")), SCAN, "A1"])][-1] == "KIM"


def test_slots_may_be_named_with_their_case_in_plain_letters_too() -> None:
    """A case's name in plain letters says the case; an end card without a begin card ends nothing."""
    assert codes(read([BEGIN, SCAN, "case-01", "A1"])) == {4: ["place_not_said"]}
    assert codes(read([END])) == {}
