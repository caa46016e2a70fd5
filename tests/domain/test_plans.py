"""Plans: what the confirm code is made from and what not, how it is written and read, and which rows moved."""

import base64

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain import plans
from assettrack.domain.findings import finding
from assettrack.domain.inventory import Inventory
from assettrack.domain.plans import (
    DEFAULT_COLUMNS,
    Change,
    Options,
    Plan,
    moved_rows,
    people_moved,
    read_code,
    written_code,
)
from assettrack.domain.scans import BLOCK_ROWS, Scan
from assettrack.domain.tags import OUT
from tests.domain.trial_room import EMPTY, LAPTOP, decided, judged, room, scan

CODE = r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"
RFC_4648, CROCKFORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

ROWS = [scan("SCAN", "NEW", EMPTY, equipment_type="laptop"), scan("UPDATE", "SLOTTED", model="XPS")]


def code(rows: list[Scan] = ROWS, options: Options | None = None, inventory: Inventory | None = None) -> str | None:
    """The confirm code of a plan for these rows."""
    numbered = [msgspec.structs.replace(row, row_number=number) for number, row in enumerate(rows, 1)]
    return decided(numbered, inventory, options).confirm_code


@given(st.binary(min_size=5, max_size=32))
def test_a_code_is_forty_bits_in_crockfords_letters(digest: bytes) -> None:
    """A code is the base 32 of the digest's first five bytes, in Crockford's alphabet, with a dash in the middle."""
    letters = base64.b32encode(digest[:5]).decode().translate(str.maketrans(RFC_4648, CROCKFORD))
    assert written_code(digest) == f"{letters[:4]}-{letters[4:]}"


@given(st.binary(min_size=5, max_size=5))
def test_a_code_can_be_typed_as_people_type(digest: bytes) -> None:
    """Case, dashes and spaces don't matter, and O, I and L are taken for the digits they look like."""
    shown = written_code(digest)
    spaced = " ".join(shown.replace("-", ""))
    for typed in (shown, shown.lower(), shown.replace("-", ""), spaced, shown.replace("0", "O").replace("1", "l")):
        assert read_code(typed) == shown
    assert read_code(shown.replace("1", "i").replace("0", "o")) == shown


@pytest.mark.parametrize("text", ["", "K7QF-2M9", "K7QF-2M9XX", "K7QF-2M9U", "K7QF_2M9X", "K7QF-2M9é", "confirm"])
def test_what_is_no_code(text: str) -> None:
    """Anything but eight letters of the alphabet is no code; U is not in it."""
    assert read_code(text) is None


def test_the_same_plan_has_the_same_code() -> None:
    """Deciding the same rows on the same state gives the same code."""
    assert code() == code()


@pytest.mark.parametrize(
    "other",
    [
        {"event": "SCAN", "operator_id": "mjones"},
        {"event": "SCAN", "notes": "dented"},
        {"event": "SCAN", "at": "2026-02-02T11:00:01Z"},
        {"event": "SCAN", "issued_to_name": "Bob Lee"},
        {"event": "SCAN", "model": "Latitude"},
        {"event": "UPDATE"},
    ],
)
def test_the_code_depends_on_every_row(other: dict[str, str]) -> None:
    """Rows that change nothing, but say something else, have another code: the log would keep something else."""
    assert code([scan("SCAN", "FREE")]) != code([scan(other.pop("event"), "FREE", **other)])


def test_the_code_depends_on_the_order_and_number_of_rows() -> None:
    """A row more, a row less, or the rows in another order: another code."""
    assert len({code(), code(ROWS[::-1]), code(ROWS[:1]), code([*ROWS, scan("SCAN", "FREE")])}) == 4


@pytest.mark.parametrize(
    "options",
    [
        Options(defaults={"building_room": "B9"}),
        Options(new_holders=True),
        Options(only_new=True),
        Options(late_reason="forgotten"),
        Options(late_reason="forgotten again"),
        Options(defaults={"building_room": "B9", "model": "XPS"}),
    ],
)
def test_the_code_depends_on_the_options(options: Options) -> None:
    """Every option is part of what is confirmed, whether it changed anything or not."""
    sightings = [scan("SCAN", "FREE")]
    others = (None, Options(only_new=True, new_holders=True), Options(late_reason="lost"))
    assert len({code(sightings, options), *(code(sightings, other) for other in others)}) == 4


def test_the_order_in_which_defaults_are_given_does_not_matter() -> None:
    """Options that mean the same give the same code."""
    one, other = {"model": "XPS", "building_room": "B9"}, {"building_room": "B9", "model": "XPS"}
    assert code(options=Options(defaults=one)) == code(options=Options(defaults=other))


def test_the_code_depends_on_what_the_rows_will_change() -> None:
    """The same rows on an asset that is now otherwise have another code, before and after both counting."""
    moved, described = room(), room()
    decided([scan("UPDATE", "SLOTTED", OUT)], moved)
    decided([scan("UPDATE", "SLOTTED", model="XPS")], described)
    assert len({code(), code(inventory=moved), code(inventory=described)}) == 3


def test_the_code_depends_on_nothing_else() -> None:
    """Changes of other assets, the log's length, times of latest entries, notices and holders' numbers don't count."""
    elsewhere = room()
    decided([scan("RETIRE", "OTHER"), scan("UPDATE", "HELD", model="XPS")], elsewhere)
    elsewhere.latest["SLOTTED"] = "2026-02-02T10:30:00.000000Z"
    elsewhere.holders.register("Zoe Quill")
    elsewhere.recorded = {b"another row": 17}
    assert code(inventory=elsewhere) == code()
    shared_serial = room()
    shared_serial.add_serial("S", "OTHER")
    rows = [scan("SCAN", "NEW", serial_number="S", equipment_type="laptop")]
    assert code(rows, inventory=shared_serial) == code(rows)


def test_the_code_stays_when_only_the_way_of_writing_changed() -> None:
    """A file saved again with other spaces, case or time zone names the same rows, so its code is the same."""
    one = judged("asset_tag,timestamp,event_type,operator_id\nFREE,2026-02-02T11:00Z,SCAN,gcurl\n")
    other = judged("event_type;asset_tag;operator_id;timestamp\nscan; free ;gcurl;2026-02-02 12:00:00+01:00\n")
    assert decided(one.rows).confirm_code == decided(other.rows).confirm_code


def test_only_a_clean_plan_has_a_code() -> None:
    """With a problem or a refusal there is nothing to confirm; notices don't matter."""
    plan = decided([scan("SCAN", "HELD")])
    assert plan.notices
    assert plan.confirm_code is not None
    assert decided([scan("ISSUE", "HELD", OUT)]).confirm_code is None
    assert Plan(Options(), problems=[finding("row_blank", 1)]).confirm_code is None


def test_long_plans_are_encoded_in_blocks() -> None:
    """Each line of the blocks is one change, in order, and the last row counts for the code as the first does."""
    row = scan("SCAN", "FREE")
    numbered = [msgspec.structs.replace(row, row_number=number) for number in range(1, BLOCK_ROWS + 3)]
    plan = decided(numbered)
    lines = [line for block in plan.blocks for line in block.splitlines()]
    assert [block.count(b"\n") for block in plan.blocks] == [BLOCK_ROWS, 2]
    assert [msgspec.json.decode(line, type=Change) for line in lines] == plan.changes
    codes = {plan.confirm_code or ""}
    for position in (0, BLOCK_ROWS - 1, BLOCK_ROWS, BLOCK_ROWS + 1):
        another = msgspec.structs.replace(numbered[position], identity=b"x" * 32)
        codes.add(decided([*numbered[:position], another, *numbered[position + 1 :]]).confirm_code or "")
    assert len(codes) == 5


def test_plans_too_large_to_keep_encoded_have_the_same_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the encoded changes are kept or made again each time says nothing about what is confirmed."""
    expected = code()
    monkeypatch.setattr(plans, "KEPT_ROWS_MAX", len(ROWS) - 1)
    plan = decided(ROWS)
    assert list(plan.blocks) == list(plan.blocks)
    assert code() == expected


def test_no_default_for_serial_numbers() -> None:
    """Every descriptive field but the serial number, which never repeats, may be given a default."""
    assert set(DEFAULT_COLUMNS) == {"building_room", "equipment_type", "manufacturer", "model", "model_code"}


def line(row_number: int, model: str) -> bytes:
    """The change line of a row."""
    after = msgspec.structs.replace(LAPTOP, model=model)
    return msgspec.json.encode(Change(row_number, "FREE", "UPDATE", LAPTOP, after))


@given(st.dictionaries(st.integers(1, 20), st.sampled_from("ab")), st.dictionaries(st.integers(1, 20), st.just("a")))
def test_the_rows_that_moved_are_those_that_differ(shown: dict[int, str], now: dict[int, str]) -> None:
    """A row moved when its change is another than was shown, or when only one of the two plans has it."""
    expected = sorted(row for row in {*shown, *now} if shown.get(row) != now.get(row))
    assert moved_rows((line(*item) for item in shown.items()), (line(*item) for item in now.items())) == expected


def given_to(row_number: int, name: str | None, holder_id: int | None) -> bytes:
    """The change line of a row that gives an asset to somebody, or to nobody."""
    after = msgspec.structs.replace(LAPTOP, holder=name)
    return msgspec.json.encode(Change(row_number, "FREE", "ISSUE", LAPTOP, after, holder_id=holder_id))


@pytest.mark.parametrize(
    ("shown", "now", "said"),
    [
        (("Ada", 1), ("Ada", 2), ["Ada was holder 1 when it was shown, and is holder 2 now."]),
        (("Ada", 0), ("Ada", 2), ["Ada was to be registered when it was shown, and is holder 2 now."]),
        (("Ada", 1), ("Ada", 0), ["Ada was holder 1 when it was shown, and is to be registered now."]),
        (("Ada", 1), ("Bo", 2), []),
        (("Ada", 1), ("Bo", 1), ["Holder 1 was called Ada when it was shown, and is called Bo now."]),
        (("Ada", 0), ("Bo", 0), []),
        (("Ada", 1), ("Ada", 1), []),
        (("Ada", None), ("Ada", 1), []),
        (("Ada", 1), ("Ada", None), []),
    ],
)
def test_a_name_that_means_another_person_is_told(
    shown: tuple[str, int | None], now: tuple[str, int | None], said: list[str]
) -> None:
    """Of a row that moved; one that was not shown, or did not move, says nothing, and a name is told once."""
    before = [given_to(1, *shown), given_to(2, *shown), given_to(4, "Cy", 1)]
    after = [given_to(1, *now), given_to(2, *now), given_to(3, "Dee", 9), given_to(4, "Cy", 2)]
    assert people_moved(before, after, {1, 2, 3}) == said


def test_few_of_the_names_that_mean_others_are_told() -> None:
    """The rows are named all the same."""
    before, after = ([given_to(n, f"Ada {n}", n + more) for n in range(1, 6)] for more in (0, 10))
    assert len(people_moved(before, after, range(1, 6))) == plans.PEOPLE_NAMED
