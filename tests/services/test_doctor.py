"""Tests of `assettrack.services.doctor`."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import msgspec
import pytest

from assettrack.domain import station_errors
from assettrack.services import doctor, holders
from assettrack.services.doctor import Check
from tests.services.desk import Desk, row


def test_an_error_is_a_failed_check_that_says_whether_it_is_damage() -> None:
    """A damaged file is a matter of integrity, a missing one is not; the sentence is the error's for who looks."""
    missing, damaged = station_errors.DatabaseMissing("x.db"), station_errors.DatabaseDamaged("page 3 is broken")
    assert doctor.failed("database", missing) == Check("database", ok=False, message=missing.as_seen)
    assert doctor.failed("database", damaged) == Check("database", ok=False, message=damaged.as_seen, integrity=True)


def test_a_library_with_the_bug_is_not_ok() -> None:
    """The database library is judged by whether its write-ahead log is safe."""
    assert doctor.about_engine("3.54.1", safe=True).ok
    old = doctor.about_engine("3.40.1", safe=False)
    assert not old.ok
    assert "3.40.1" in old.message


def test_settings_must_be_what_was_wanted() -> None:
    """Each setting that was read back otherwise is named with both values."""
    assert doctor.about_pragmas([("synchronous", 2, 2)]).ok
    wrong = doctor.about_pragmas([("foreign_keys", 1, 1), ("synchronous", 2, 1), ("journal_mode", "wal", "delete")])
    assert not wrong.ok
    assert "synchronous is 1 and should be 2; journal_mode is 'delete' and should be 'wal'" in wrong.message
    assert "foreign_keys" not in wrong.message


def test_faults_of_the_schema_are_damage() -> None:
    """A schema that differs is a matter of integrity, and every fault is said."""
    assert doctor.about_schema(1, []).ok
    bad = doctor.about_schema(1, ["The trigger a is missing.", "The table b was changed."])
    assert (bad.ok, bad.integrity) == (False, True)
    assert "The trigger a is missing. The table b was changed." in bad.message


@pytest.mark.parametrize(
    ("free", "database", "ok"),
    [
        (200_000_000, 0, True),
        (199_999_999, 0, False),
        (300_000_000, 100_000_000, True),
        (299_999_999, 100_000_000, False),
    ],
)
def test_free_space_is_at_least_a_floor_and_three_times_the_database(free: int, database: int, *, ok: bool) -> None:
    """Below 200 MB, or below three times the database, there is too little space."""
    assert doctor.about_space("/data", free, database).ok is ok


def test_key_and_plans_are_ok_without_a_reason() -> None:
    """A reason why not is handed on; without one all is well."""
    assert doctor.about_key("a.key", None).ok
    assert doctor.about_key("a.key", "It is gone.") == Check("key", ok=False, message="It is gone.")
    assert doctor.about_plans("plans", None).ok
    refused = doctor.about_plans("plans", "Permission denied")
    assert not refused.ok
    assert "Permission denied" in refused.message


@pytest.mark.parametrize(
    ("now", "latest", "ok"),
    [
        (datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01T00:00:00.000000Z", True),
        (datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01T00:00:00.000001Z", False),
        (datetime(2024, 12, 31, tzinfo=UTC), "2024-01-01T00:00:00.000000Z", False),
        (datetime(2025, 1, 1, tzinfo=UTC), "2024-01-01T00:00:00.000000Z", True),
        (datetime(2099, 12, 31, tzinfo=UTC), "2024-01-01T00:00:00.000000Z", True),
        (datetime(2100, 1, 1, tzinfo=UTC), "2024-01-01T00:00:00.000000Z", False),
    ],
)
def test_the_clock_is_sane_and_not_behind_the_log(now: datetime, latest: str, *, ok: bool) -> None:
    """The year is 2025 to 2099, and the moment not before the latest entry."""
    assert doctor.judge_clock(now, now.isoformat(timespec="microseconds").replace("+00:00", "Z"), latest).ok is ok


def judged_at(desk: Desk, moment: datetime) -> Check:
    """Judge the clock while it stands at a moment."""
    return doctor.about_clock(msgspec.structs.replace(desk.workplace, now=lambda: moment))


def test_the_clock_is_held_against_the_latest_deed(desk: Desk) -> None:
    """When rows are the latest entries their batch says when, else the latest entry itself does."""
    deeds: list[Callable[[], object]] = [
        lambda: desk.commit(row("LT-1")),
        lambda: holders.register(desk.workplace, "Zoe Young"),
    ]
    for deed in deeds:
        desk.clock += timedelta(hours=1)
        deed()
        assert judged_at(desk, desk.clock).ok
        assert not judged_at(desk, desk.clock - timedelta(minutes=1)).ok


def tampered(desk: Desk, *statements: str) -> Check:
    """Change the file behind the program's back, then judge the clock."""
    desk.commit(row("LT-1"))
    connection = apsw.Connection(str(desk.store.path))
    for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return doctor.about_clock(desk.workplace)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET body = '{' || body",
        "DELETE FROM batches",
        "DELETE FROM audit_log WHERE seq = (SELECT first_seq FROM batches)",
    ],
)
def test_a_log_that_does_not_say_when_is_damage(desk: Desk, statement: str) -> None:
    """An entry that can't be read, belongs to no batch or is gone is a matter of integrity."""
    check = tampered(desk, "PRAGMA foreign_keys = OFF", statement)
    assert (check.ok, check.integrity) == (False, True)
    assert "audit verify" in check.message


def test_without_a_database_the_clock_is_not_judged(tmp_path: Path) -> None:
    """What keeps the log from being read is the check's message."""
    check = doctor.about_clock(Desk(tmp_path, set_up=False).workplace)
    assert (check.ok, check.integrity) == (False, False)
    assert "There is no AssetTrack database" in check.message
