"""The desk's file on a real disk: whose it is, what may be changed in it, what is kept there, what is forgotten.

Queues of scans: `test_desk_queues`. Failed sign-ins: `test_desk_failures`.
"""

import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from assettrack.domain import desk_errors, station_errors
from assettrack.domain.desk_rows import Draft, KeptAnswer, SessionRow
from assettrack.store.connection import Connection, DatabaseSettings
from assettrack.store.desk import StationDesk
from assettrack.store.desk_drafts import DeskDrafts
from assettrack.store.desk_file import DeskFile
from tests.faults.failing_statements import Call, Fault, Trouble, failing_call

STATION = "assettrack-test0001"
GUARD_SECONDS = 30
"""After so long a test that would hang fails instead."""


def at(minute: int) -> str:
    """Return a moment as the desk keeps it."""
    return f"2026-03-02T09:{minute:02d}:00.000000Z"


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Ask a file something, past the desk."""
    with closing(apsw.Connection(str(path))) as connection:
        return connection.execute(sql).fetchall()


def everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that is in a file, by table."""
    schema = ask(path, "SELECT type, name, sql FROM sqlite_schema ORDER BY name")
    tables = [str(name) for kind, name, _ in schema if kind == "table"]
    return {"": schema, **{name: ask(path, f"SELECT * FROM {name}") for name in tables}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Say where the desk's file is to be."""
    return tmp_path / "home" / "station.db.desk"


@pytest.fixture
def file(path: Path) -> Iterator[DeskFile]:
    """Make the made-up station's desk."""
    file = DeskFile(path)
    file.set_up(STATION)
    yield file
    file.close()


@pytest.fixture
def desk(file: DeskFile) -> StationDesk:
    """Return what is kept in it."""
    return StationDesk(file)


def test_only_its_owner_can_read_it(desk: StationDesk, path: Path) -> None:
    """The file holds a secret of 32 bytes that nobody else's desk has; neither it nor its folder is for others."""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with closing(StationDesk(DeskFile(path.with_name("other.desk")))) as other:
        other.set_up(STATION)
        assert (len(desk.secret()), len(other.secret())) == (32, 32)
        assert desk.secret() != other.secret()


def test_setting_up_again_leaves_it_as_it_is(desk: StationDesk, path: Path) -> None:
    """A desk that is there keeps its secret and whatever else was remembered."""
    desk.keep_preference(1, "theme", "dark")
    before = everything(path)
    desk.set_up(STATION)
    assert everything(path) == before


def test_a_file_that_was_left_empty_becomes_the_desk(path: Path) -> None:
    """Whoever is killed between making the file and filling it hinders nobody."""
    path.parent.mkdir()
    path.touch()
    with closing(StationDesk(DeskFile(path))) as desk:
        desk.set_up(STATION)
        assert desk.open_queues() == []


def test_the_desk_of_another_station_is_refused(file: DeskFile, path: Path) -> None:
    """Its station is named, and nothing of it is changed."""
    before = everything(path)
    with pytest.raises(
        station_errors.DeskForeign, match=f"the desk of station {STATION}, .* station assettrack-test0002"
    ):
        file.set_up("assettrack-test0002")
    assert everything(path) == before


def test_the_desk_of_a_newer_version_is_refused(file: DeskFile, path: Path) -> None:
    """What this version can't know it does not touch."""
    ask(path, "PRAGMA user_version = 4")
    before = everything(path)
    with pytest.raises(station_errors.DatabaseVersionDiffers):
        file.set_up(STATION)
    assert everything(path) == before


def test_a_file_of_another_program_is_refused(path: Path) -> None:
    """A database that somebody else made gets no table of ours; a file that is none is not written over."""
    path.parent.mkdir()
    ask(path, "CREATE TABLE bookmarks(address TEXT)")
    before = everything(path)
    with pytest.raises(station_errors.DatabaseForeign, match="belongs to another program"):
        DeskFile(path).set_up(STATION)
    assert everything(path) == before
    path.write_text("no database at all, but long enough to have the header of one. " * 20, encoding="utf-8")
    content = path.read_bytes()
    with pytest.raises(station_errors.DatabaseForeign, match="another kind of file"):
        DeskFile(path).set_up(STATION)
    assert path.read_bytes() == content


def change_and_do(connection: Connection, sql: str) -> None:
    """Change what may be changed, and then do something more."""
    connection.rows("INSERT INTO desk_codes VALUES (1, 1)")
    connection.rows(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO assets VALUES ('A-2')",
        "UPDATE assets SET asset_tag = 'A-2'",
        "DELETE FROM assets",
        "CREATE TABLE desk_more(word TEXT)",
        "DROP TABLE desk_codes",
        "ATTACH ':memory:' AS other",
        "SAVEPOINT mine",
        "COMMIT",
        "PRAGMA user_version = 7",
    ],
)
def test_only_the_rows_of_the_desk_can_be_changed(file: DeskFile, path: Path, sql: str) -> None:
    """No other table, no schema, no setting and no transaction of one's own; what went before it is undone too."""
    ask(path, "CREATE TABLE assets(asset_tag TEXT)")
    ask(path, "INSERT INTO assets VALUES ('A-1')")
    before = everything(path)
    with pytest.raises(station_errors.StateImpossible), file.changing() as connection:
        change_and_do(connection, sql)
    assert everything(path) == before
    assert ask(path, "PRAGMA user_version") == [(3,)]


def test_who_reads_can_change_nothing(file: DeskFile, path: Path) -> None:
    """A connection that is lent for reading does not even write the desk's own tables."""
    before = everything(path)
    with pytest.raises(station_errors.StateImpossible), file.reading() as connection:
        connection.rows("INSERT INTO desk_codes VALUES (1, 1)")
    assert everything(path) == before


def test_a_connection_belongs_to_one_thread(file: DeskFile) -> None:
    """Two threads that read at once have one each; a thread gets its own again."""
    both = threading.Barrier(2, timeout=GUARD_SECONDS)

    def read() -> bool:
        with file.reading() as connection:
            both.wait()
            lent.append(connection)
        with file.reading() as again:
            return again is connection

    lent: list[object] = []
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(read) for _ in range(2)]
        assert [each.result() for each in asked] == [True, True]
    assert lent[0] is not lent[1]


@pytest.mark.parametrize("trouble", [Trouble.IO, Trouble.FULL])
def test_after_a_failure_of_the_disk_the_connection_is_not_used_again(
    path: Path, file: DeskFile, trouble: Trouble
) -> None:
    """It is closed, the caller is told, and the next change of that thread is saved through a new one."""
    wal = [each for each in path.parent.iterdir() if each.name.endswith("-wal")]
    assert wal == []  # the first write to a file is then the one of the change below

    def work(fault: Fault) -> None:
        failing = DeskFile(path, DatabaseSettings(vfs=fault.vfs))
        with failing.changing() as first:
            pass
        with pytest.raises(desk_errors.DeskNotKept):
            StationDesk(failing).keep_preference(1, "theme", "dark")
        with pytest.raises(apsw.ConnectionClosedError):
            _ = first.in_transaction
        StationDesk(failing).keep_preference(1, "language", "en")
        with failing.changing() as second:
            assert second is not first
        failing.close()

    with failing_call(1, trouble, calls={Call.WRITE}) as fault:
        work(fault)
    assert (fault.fired, fault.error) == (True, None)
    assert StationDesk(file).preference(1, "language") == "en"


def change_and_refuse(connection: Connection) -> None:
    """Change something, and refuse then."""
    connection.rows("INSERT INTO desk_codes VALUES (1, 1)")
    raise desk_errors.QueueClosed


def test_a_refusal_undoes_the_change_and_keeps_the_connection(file: DeskFile, desk: StationDesk) -> None:
    """Only the disk can spoil a connection; a block that ends in a refusal is just not saved."""
    with file.changing() as first:
        pass
    with pytest.raises(desk_errors.QueueClosed), file.changing() as connection:
        change_and_refuse(connection)
    with file.changing() as second:
        assert second is first
    assert desk.last_code(1) == 0


def test_closing_closes_what_every_thread_opened(desk: StationDesk, path: Path) -> None:
    """Nothing is left beside the file then; a desk that was closed opens anew where it is asked something."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(desk.keep_preference, 1, "theme", "dark").result()
        desk.close()
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert desk.preference(1, "theme") == "dark"


def test_a_code_of_a_second_factor_is_accepted_once(desk: StationDesk) -> None:
    """Neither the step that was accepted nor an earlier one is accepted again; every account has its own."""
    assert desk.last_code(1) == 0
    assert desk.keep_code(1, 100)
    assert not desk.keep_code(1, 100)
    assert not desk.keep_code(1, 99)
    assert desk.last_code(1) == 100
    assert desk.keep_code(2, 100)
    assert desk.keep_code(1, 101)
    assert desk.last_code(1) == 101


def session(number: int, account_id: int, seen_at: str) -> SessionRow:
    """Return a session that began with the hour."""
    return SessionRow(bytes([number]) * 32, account_id, "ben", at(0), seen_at, locked=False, address="192.0.2.1")


def test_sessions_are_kept_and_ended(desk: StationDesk) -> None:
    """The one seen last stands first; each is kept once, and one may be spared."""
    one, two, others = session(1, 1, at(1)), session(2, 1, at(2)), session(3, 2, at(3))
    for each in (one, two, others):
        desk.keep_session(each)
    assert desk.sessions_of(1) == [two, one]
    assert desk.end_sessions_of(1, but=two.session_sha256) == 1
    assert (desk.session(one.session_sha256), desk.session(two.session_sha256)) == (None, two)
    assert desk.end_session(two.session_sha256)
    assert not desk.end_session(two.session_sha256)
    assert (desk.sessions_of(1), desk.sessions_of(2)) == ([], [others])
    assert desk.end_sessions_of(2) == 1


def test_a_session_is_changed_only_by_what_is_kept_of_it(desk: StationDesk) -> None:
    """It is seen ever later, and only while it is open; locked and opened in turn; once ended it is never back."""
    one = session(1, 1, at(1))
    name = one.session_sha256
    desk.keep_session(one)
    assert [desk.see_session(name, at(minute)) for minute in (3, 2, 3)] == [True, False, False]
    assert not desk.unlock_session(name, at(4))
    assert [desk.lock_session(name, seen) for seen in (at(2), at(3), at(3), None)] == [False, True, False, False]
    assert not desk.see_session(name, at(4))
    locked = SessionRow(name, 1, "ben", at(0), at(3), locked=True, address="192.0.2.1")
    assert desk.session(name) == locked
    assert [desk.unlock_session(name, at(2)) for _ in range(2)] == [True, False]
    assert desk.session(name) == session(1, 1, at(2))
    assert desk.lock_session(name)
    assert desk.end_session(name)
    changed = [desk.see_session(name, at(5)), desk.lock_session(name), desk.unlock_session(name, at(5))]
    assert changed == [False, False, False]
    assert desk.session(name) is None


def test_only_the_latest_one_time_link_is_good(desk: StationDesk) -> None:
    """A new link takes the place of all earlier ones; once ended, none is left."""
    desk.keep_setup_link(b"a" * 32, at(1))
    desk.keep_setup_link(b"b" * 32, at(2))
    assert (desk.setup_link_made_at(b"a" * 32), desk.setup_link_made_at(b"b" * 32)) == (None, at(2))
    desk.end_setup_links()
    assert desk.setup_link_made_at(b"b" * 32) is None


@pytest.fixture
def drafts(file: DeskFile) -> DeskDrafts:
    """Return the part of the desk that keeps drafts, answers and preferences, by itself."""
    return DeskDrafts(file)


def test_a_draft_is_its_owners_and_ends_with_its_first_answer(drafts: DeskDrafts) -> None:
    """It is replaced while nothing came of it, by its owner alone, who alone finds it."""
    drafts.keep_draft(Draft("d", 1, at(1), "issue", "{}"))
    drafts.keep_draft(Draft("d", 2, at(2), "return", "[]"))
    assert drafts.draft("d", 2) is None
    assert drafts.draft("d", 1) == Draft("d", 1, at(1), "issue", "{}")
    drafts.keep_draft(Draft("d", 1, at(3), "issue", "[1]"))
    drafts.answer_draft("d", "/batches/1")
    drafts.answer_draft("d", "/batches/2")
    drafts.keep_draft(Draft("d", 1, at(4), "issue", "[2]"))
    assert drafts.draft("d", 1) == Draft("d", 1, at(3), "issue", "[1]", "/batches/1")


def test_a_request_under_one_key_begins_once(drafts: DeskDrafts) -> None:
    """Whoever asks again gets what is kept, at work or answered; what did nothing is forgotten and may begin anew."""
    assert drafts.begin_answer(1, "k", b"a" * 32, at(1), 5) is None
    assert drafts.begin_answer(1, "k", b"b" * 32, at(2), 6) == KeptAnswer(b"a" * 32, 5, None, None)
    assert drafts.begin_answer(2, "k", b"c" * 32, at(2), 6) is None
    drafts.keep_answer(1, "k", 201, "{}")
    assert drafts.begin_answer(1, "k", b"a" * 32, at(3), 7) == KeptAnswer(b"a" * 32, 5, 201, "{}")
    drafts.forget_answer(1, "k")
    assert drafts.begin_answer(1, "k", b"a" * 32, at(4), 8) is None
    assert drafts.begin_answer(2, "k", b"c" * 32, at(4), 8) == KeptAnswer(b"c" * 32, 6, None, None)


def test_a_preference_is_ones_own(drafts: DeskDrafts) -> None:
    """The last word counts, and only for who said it."""
    drafts.keep_preference(1, "theme", "dark")
    drafts.keep_preference(1, "theme", "light")
    assert (drafts.preference(1, "theme"), drafts.preference(2, "theme")) == ("light", None)


def test_sweeping_forgets_what_is_old_and_nothing_else(desk: StationDesk, path: Path) -> None:
    """Sessions, drafts and answers from before the moment go; what is of it or later stays, and so do scans."""
    for minute in (1, 2, 3):
        desk.keep_session(session(minute, 1, at(minute)))
        desk.keep_draft(Draft(f"d{minute}", 1, at(minute), "issue", "{}"))
        desk.begin_answer(1, f"k{minute}", bytes(32), at(minute), 1)
    queue = desk.open_queue(1, "ben", at(1)).queue_id
    desk.add_scans(queue, [(at(1), "A", "{}")])
    desk.keep_preference(1, "theme", "dark")
    desk.keep_code(1, 100)
    desk.begin_try(["name ben"], at(1), lambda _, failed: (failed, 0))
    desk.keep_setup_link(b"a" * 32, at(1))
    before = everything(path)
    desk.sweep(at(2))
    after = everything(path)
    assert [each.seen_at for each in desk.sessions_of(1)] == [at(3), at(2)]
    assert [desk.draft(f"d{minute}", 1) is None for minute in (1, 2, 3)] == [True, False, False]
    assert [key for (key,) in ask(path, "SELECT key FROM desk_answers ORDER BY key")] == ["k2", "k3"]
    swept = {name for name in before if after[name] != before[name]}
    assert swept == {"desk_sessions", "desk_drafts", "desk_answers"}


def test_of_which_kinds_drafts_became_something_is_found(drafts: DeskDrafts) -> None:
    """By what they became; what became of nothing or of something else is not among them."""
    for name, kind, answer in (("a", "ISSUE", "7"), ("b", "correction", "7"), ("c", "RETURN", "8"), ("d", "x", "")):
        drafts.keep_draft(Draft(name, 1, at(1), kind, "{}"))
        if answer:
            drafts.answer_draft(name, answer)
    assert sorted(drafts.kinds_answered("7")) == ["ISSUE", "correction"]
    assert drafts.kinds_answered("9") == []
