"""Damage that was done to the database is met before anything is signed over it, or said for what it is."""

import re
from collections.abc import Callable

import apsw
import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.checkpoints import Checkpoint, sign_checkpoint, stated_root
from assettrack.domain.holders import NAME_LENGTH_MAX
from assettrack.domain.near_names import NearNames
from assettrack.domain.plans import Options
from assettrack.services import audit, holders, slots, verification
from tests.services.desk import Desk
from tests.store.stations import its_signer

SCAN = "A1,2026-06-30T08:00:00Z,SCAN,gcurl,,,,laptop,\n"


def tamper(desk: Desk, *statements: str) -> None:
    """Change the file behind the program's back, its triggers put back afterwards."""
    desk.store.close()
    connection = apsw.Connection(str(desk.store.path))
    triggers = list(connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _, sql in triggers:
        connection.execute(sql)
    connection.close()


def header_and(row: str) -> str:
    """A batch of one row."""
    return (
        f"asset_tag,timestamp,event_type,operator_id,issued_to_name,case_number,slot_number,equipment_type,notes\n{row}"
    )


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE audit_subtrees SET hash = zeroblob(32) WHERE number = 0",
        "UPDATE audit_log SET leaf = zeroblob(32) WHERE seq = 258",
        "UPDATE checkpoints SET note = 'not a note' WHERE size = 258",
        "DELETE FROM checkpoints WHERE size = 258",
    ],
)
def test_a_log_is_not_continued_from_hashes_that_were_not_signed(bare: Desk, damage: str) -> None:
    """A commit over a damaged hash or checkpoint is refused before it signs a root that no log has."""
    slots.initialise_cases(bare.workplace, [(f"CASE-{number}", 1) for number in range(257)])
    assert bare.log_size == 258
    tamper(bare, damage)

    with pytest.raises(station_errors.DatabaseDamaged, match="can't be continued"):
        bare.commit(header_and(SCAN))

    assert bare.log_size == 258
    assert not verification.verify(bare.workplace).ok


def test_a_checkpoint_of_nothing_is_not_good(desk: Desk) -> None:
    """A signed statement of an empty log is no station's, and hides no bad one beside it."""
    signer = its_signer(audit.latest_checkpoint(desk.workplace).split("\n")[0])
    nothing = sign_checkpoint(Checkpoint(signer.name, 0, bytes(32)), signer)
    wrong = sign_checkpoint(Checkpoint(signer.name, desk.log_size, bytes(32)), signer)

    for notes, log_ok, first_bad_seq in (([nothing], True, None), ([nothing, wrong], False, 1)):
        found = verification.verify(desk.workplace, notes)
        assert (found.ok, found.log_ok, found.first_bad_seq) == (False, log_ok, first_bad_seq)
        assert "empty log" in found.message


def test_a_note_that_states_no_root_states_none() -> None:
    """What is no checkpoint has no root."""
    assert stated_root("three\nlines\nonly\n") is None


@pytest.mark.parametrize("table", ["batches", "checkpoints"])
def test_a_batch_whose_record_is_gone_is_damage(desk: Desk, table: str) -> None:
    """A retry that finds its rows but not its batch says that the database is damaged, not that all is well."""
    desk.commit(header_and(SCAN))
    tamper(desk, f"DELETE FROM {table}")

    with pytest.raises(station_errors.DatabaseDamaged):
        desk.commit(header_and(SCAN))


def test_reading_that_breaks_off_names_the_entry(desk: Desk) -> None:
    """Where an entry's text can't be read, verifying names that entry and does not fail itself."""
    desk.commit(header_and(SCAN))
    size = desk.log_size
    tamper(desk, f"UPDATE audit_log SET body = CAST(x'ff00fe' AS TEXT) WHERE seq = {size}")

    found = verification.verify(desk.workplace)

    assert (found.ok, found.first_bad_seq) == (False, size)


@pytest.mark.parametrize("name", ["\u200b", "Jane\u200bX", "J" * (NAME_LENGTH_MAX + 1), "\u00ad"])
def test_a_batch_registers_no_name_that_a_typed_deed_refuses(desk: Desk, name: str) -> None:
    """Names are judged by one rule: unprintable or endless ones are refused by both ways in."""
    batch = header_and(SCAN + f"A1,2026-06-30T08:01:00Z,ISSUE,gcurl,{name},OUT,OUT,,\n")

    plan = desk.preview(batch, Options(new_holders=True))

    assert [refusal.code for refusal in plan.refusals] == ["holder_name_invalid"]
    with pytest.raises(errors.ValueUnusable, match="letters"):
        holders.register(desk.workplace, name)


def test_thousands_of_names_with_much_in_common_cost_no_time(desk: Desk) -> None:
    """Names that share rank and unit are not compared each with each: the comparisons are counted, not timed."""
    rows = [
        f"T{number},2026-06-30T08:00:00Z,SCAN,gcurl,,,,laptop,\nT{number},2026-06-30T08:01:00Z,ISSUE,gcurl,"
        f"SGT {letters(number)} (Dept),OUT,OUT,,\n"
        for number in range(2000)
    ]
    compared = counted(lambda: desk.preview(header_and("".join(rows)), Options(new_holders=True)))

    assert compared < 2000 * 250  # each with each would be two millions


def letters(number: int) -> str:
    """Four letters that differ for each number, all of them from the first few numbers on."""
    scattered = number * 7919 % 26**4  # 7919 has no factor in common with 26, so no two numbers meet
    return "".join(chr(ord("A") + scattered // 26**place % 26) for place in range(4))


def counted(work: Callable[[], object]) -> int:
    """How many pairs of names were compared letter by letter during the work."""
    pairs = 0
    candidates = NearNames._candidates  # noqa: SLF001 - what is compared shows nowhere else

    def counting(self: NearNames, name: str) -> set[str]:
        nonlocal pairs
        found = candidates(self, name)
        pairs += len(found)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(NearNames, "_candidates", counting)
        work()
    return pairs


def test_rows_hang_only_on_slots_that_a_bad_row_leaves_open(desk: Desk) -> None:
    """A bad RETIRE or a bad sighting takes no slot, so a later row of that slot gets its own refusal at once."""
    desk.commit(header_and("S1,2026-06-30T08:00:00Z,SCAN,gcurl,,CASE-01,1,laptop,\n"))

    plan = desk.preview(
        header_and(
            "QQ,2026-06-30T09:00:00Z,RETIRE,gcurl,,CASE-01,9,,gone\n"
            "W1,2026-06-30T09:00:00Z,SCAN,gcurl,,CASE-01,9,laptop,\n"
            "S1,2026-06-30,SCAN,gcurl,,CASE-01,2,,\n"
            "W2,2026-06-30T09:00:00Z,SCAN,gcurl,,CASE-01,2,laptop,\n"
        )
    )

    assert [(refusal.row_number, refusal.code) for refusal in plan.refusals] == [
        (1, "unknown_asset"),
        (2, "unknown_slot"),
    ]
    assert [change.row_number for change in plan.changes] == [4]
    assert not [notice for notice in plan.notices if re.search("hangs", notice.message)]


def test_custody_that_nobody_gave_is_damage(desk: Desk) -> None:
    """Where it is not known by which entry a holder has an asset, a batch about it says so, and nothing is saved."""
    desk.commit(header_and(SCAN + "A1,2026-06-30T08:01:00Z,ISSUE,gcurl,Jane Smith,OUT,OUT,,\n"))
    tamper(desk, "UPDATE assets SET custody_seq = NULL WHERE asset_tag = 'A1'")
    size = desk.log_size

    for event in ("RETURN,gcurl,,OUT,OUT,,", "RETIRE,gcurl,,,,,worn", "SCAN,gcurl,,,,,"):
        with pytest.raises(station_errors.DatabaseDamaged, match="by which entry asset A1"):
            desk.commit(header_and(f"A1,2026-06-30T09:00:00Z,{event}\n"))

    assert desk.log_size == size
    assert not verification.verify(desk.workplace).ok
