"""Taking in a file in the browser."""

import errno
import io
import re

import httpx2 as httpx
import msgspec
import pytest

from assettrack.domain.column_mapping import mapping_of
from assettrack.services import assets, audit
from assettrack.station.mappings import MappingFile
from assettrack.station.uploads import Uploads
from tests.web.visitors import OpenStation, Visitor

HEADER = b"asset_tag,timestamp,event_type,operator_id,issued_to_name,case_number,slot_number,equipment_type\n"
ROWS = b"LT-1,2026-06-30T10:00:00Z,SCAN,mara,,CASE-01,1,laptop\nLT-2,2026-06-30T10:01:00Z,SCAN,mara,,CASE-01,2,\n"


def test_a_file_is_shown_taken_otherwise_and_committed_once(station: OpenStation) -> None:
    """What is missing is said; with a default it is whole, and committing twice gives one batch."""
    station.case("CASE-01", 4)
    ben = station.visitor("ben")
    ben.get("/intake/upload")
    sent = ben.upload("/intake/upload", "..\\folder/scans<b>.csv", HEADER + ROWS)
    ben.follow(sent)
    assert "scans<b>.csv" in ben.words
    assert "folder" not in ben.words
    assert "needs an equipment_type" in ben.words
    assert "Commit" not in ben.words.split("Take in another file")[0].split("Nothing is saved yet.")[1]
    ben.follow(ben.post(f"{sent.headers['location']}/options", {"equipment_type": "laptop"}))
    assert "Commit 2 scans" in ben.words
    action = re.search(r'action="(/intake/files/[0-9a-f]+/commit)"', ben.page)
    confirm = re.search(r'name="confirm" value="([^"]+)"', ben.page)
    assert action is not None
    assert confirm is not None
    first = ben.post(action[1], {"confirm": confirm[1]})
    size = audit.log_size(station.workplace())
    assert ben.post(action[1], {"confirm": confirm[1]}).headers["location"] == first.headers["location"]
    assert audit.log_size(station.workplace()) == size
    assert assets.asset(station.workplace(), "LT-2").where == "in CASE-01 slot 2"
    ben.get("/intake/upload")
    again = ben.follow(ben.upload("/intake/upload", "again.csv", HEADER + ROWS))
    assert again.headers["location"] == first.headers["location"]  # every row is known by itself, whatever the name


def test_whatever_is_sent_gets_an_answer(station: OpenStation) -> None:
    """An image, nothing, a NUL, another encoding: each is said to be no batch, and nothing is saved."""
    ben = station.visitor("ben")
    size = audit.log_size(station.workplace())
    for content in (b"", b"\x89PNG\r\n\x1a\n\x00", b"\xff\xfe", b"a,b\n", "é".encode("latin-1") * 40):
        ben.get("/intake/upload")
        ben.follow(ben.upload("/intake/upload", "x.csv", content))
        assert "There is a problem" in ben.words
    assert audit.log_size(station.workplace()) == size


def test_a_file_that_finds_no_room_is_told(station: OpenStation, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it comes in, and while it is kept: the disk is full, nothing was saved, and no part of it is left."""
    ben = station.visitor("ben")
    size = audit.log_size(station.workplace())
    large = b"x" * (2 * 1024 * 1024)

    class FullDisk(io.BytesIO):
        def write(self, _content: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    for place in ("tempfile.TemporaryFile", "assettrack.lasting_files._fill"):
        ben.get("/intake/upload")
        with monkeypatch.context() as patched:
            patched.setattr(place, full_disk if place.endswith("_fill") else lambda **_: FullDisk())
            assert ben.upload("/intake/upload", "x.csv", large).status_code == 500
        assert "the disk is full" in ben.words
        assert "Nothing was saved" in ben.words
    assert list((station.folder / "station.db.uploads").iterdir()) == []
    assert audit.log_size(station.workplace()) == size


def full_disk(*_asked: object) -> None:
    """Find no room."""
    raise OSError(errno.ENOSPC, "No space left on device")


def test_nobody_sees_what_another_has_sent(station: OpenStation) -> None:
    """A file that was sent belongs to whoever sent it."""
    station.case("CASE-01", 4)
    ben = station.visitor("ben")
    ben.get("/intake/upload")
    where = ben.upload("/intake/upload", "x.csv", HEADER + ROWS).headers["location"]
    eve = station.visitor("eve")
    assert eve.get(where).status_code == 409
    assert "LT-1" not in eve.page


SCANNED = b"LT-1,697227,10:00:00,03/02/2026\r\nLT-2,697227,10:00:05,03/02/2026\r\n"


def test_a_scanners_file_is_known_asked_about_and_committed(station: OpenStation) -> None:
    """Its form is told; the order of its dates, who scanned and for what is asked on the page, and answered there."""
    ben = station.visitor("ben")
    ben.get("/intake/upload")
    sent = ben.upload("/intake/upload", "SCANNED.TXT", SCANNED)
    ben.follow(sent)
    assert "can be read as day/month/year or month/day/year" in ben.words
    assert '<details class="no-print" open>' in ben.page
    where = f"{sent.headers['location']}/options"
    said = {"order": "dmy", "equipment_type": "laptop", "shows": ["operator", "event_type"]}
    ben.follow(ben.post(where, said))
    assert "nobody is known to have scanned it" in ben.words
    ben.follow(ben.post(where, {**said, "operator": "mara", "event_type": "SCAN"}))
    assert "Read as opn-batch-plain" in ben.words
    action = re.search(r'action="(/intake/files/[0-9a-f]+/commit)"', ben.page)
    confirm = re.search(r'name="confirm" value="([^"]+)"', ben.page)
    assert action is not None
    assert confirm is not None
    ben.post(action[1], {"confirm": confirm[1]})
    assert assets.asset(station.workplace(), "LT-2").where == "in storage, in no slot"


def test_a_file_that_was_appended_to_is_asked_about_and_answered_on_the_page(station: OpenStation) -> None:
    """As the same scans only the new one is left; with nothing left the page leads to the batch."""
    ben = station.visitor("ben")
    said = {"equipment_type": "laptop", "operator": "mara", "event_type": "SCAN", "at": "2026-02-16T09:00"}
    said_later = {**said, "at": "2026-02-17T09:00", "shows": ["operator", "event_type", "same_scans"]}
    ben.get("/intake/upload")
    sent = ben.upload("/intake/upload", "list.txt", b"LT-1\nLT-2\n")
    ben.follow(sent)
    ben.follow(ben.post(f"{sent.headers['location']}/options", {**said, "shows": ["operator", "event_type"]}))
    first = _committed(ben)
    ben.follow(first)
    for lines, is_left in ((b"LT-1\nLT-2\nLT-3\n", True), (b"LT-1\n\nLT-2\n", False)):
        ben.get("/intake/upload")
        sent = ben.upload("/intake/upload", "list.txt", lines)
        ben.follow(sent)
        where = f"{sent.headers['location']}/options"
        ben.follow(ben.post(where, said_later))
        assert "2 scans of what was committed before, as batch 1" in ben.words
        assert 'name="same_scans"' in ben.page
        answered = ben.follow(ben.post(where, {**said_later, "same_scans": "1"}))
        if is_left:
            assert "Commit 1 scan" in ben.words
            ben.follow(_committed(ben))
        else:
            assert answered.headers["location"] == first.headers["location"]


def _committed(ben: Visitor) -> httpx.Response:
    """Commit what is shown."""
    action = re.search(r'action="(/intake/files/[0-9a-f]+/commit)"', ben.page)
    confirm = re.search(r'name="confirm" value="([^"]+)"', ben.page)
    assert action is not None
    assert confirm is not None
    return ben.post(action[1], {"confirm": confirm[1]})


def test_what_is_said_of_a_file_must_be_possible(station: OpenStation) -> None:
    """A form, an order or a time that there is not is refused, and the file stays as it was."""
    ben = station.visitor("ben")
    ben.get("/intake/upload")
    sent = ben.upload("/intake/upload", "SCANNED.TXT", SCANNED)
    ben.follow(sent)
    for said in ({"profile": "novel"}, {"order": "mmd"}, {"order": "dmy", "at": "now"}):
        assert ben.post(f"{sent.headers['location']}/options", said).status_code == 422
    assert ben.get(sent.headers["location"]).status_code == 200


def test_a_table_is_read_by_a_mapping_that_is_kept(station: OpenStation) -> None:
    """Mappings are chosen on the page; one that is gone is told."""
    kept = MappingFile(station.folder / "station.db.mappings.toml")
    kept.keep("old-list", mapping_of({"asset_tag": "Tag"}, {"event_type": "SCAN", "operator_id": "mara"}))
    ben = station.visitor("ben")
    ben.get("/intake/upload")
    sent = ben.upload("/intake/upload", "old.csv", b"Tag,Colour\nLT-1,red\n")
    ben.follow(sent)
    assert '<option value="old-list">' in ben.page
    where = f"{sent.headers['location']}/options"
    said = {"mapping": "old-list", "at": "2026-02-17T09:00", "equipment_type": "laptop"}
    ben.follow(ben.post(where, said))
    assert "asset_tag from 'Tag'" in ben.words
    assert "Commit 1 scan" in ben.words
    first = _committed(ben)
    ben.follow(first)
    where = sent_by(ben, b"Tag,Colour\nLT-1,red\nLT-2,red\n")
    again = {**said, "at": "2026-02-17T10:00", "shows": ["same_scans"]}
    ben.follow(ben.post(f"{where}/options", again))
    assert "1 row of what was committed before, as batch 1, such as row 1," in ben.words
    assert '<details class="no-print" open>' in ben.page
    where = f"{where}/options"
    ben.follow(ben.post(where, {**again, "same_scans": "1"}))
    assert "Commit 1 scan" in ben.words
    assert ben.post(where, {**said, "mapping": "older"}).status_code == 404
    kept.remove("old-list")
    assert ben.post(where, said).status_code == 404


WHOLE = ROWS.replace(b",2,\n", b",2,laptop\n")


SHOWN_ANEW = 2
"""The file is looked for once to be committed, and once more to be shown as it is by then."""


def confirm_of(visitor: Visitor) -> dict[str, str]:
    """Return what the form sends that commits the file which is shown."""
    found = re.search(r'name="confirm" value="([^"]+)"', visitor.page)
    assert found is not None, visitor.words
    return {"confirm": found[1]}


def sent_by(visitor: Visitor, content: bytes) -> str:
    """Send a file, and look at its page; return its path."""
    visitor.get("/intake/upload")
    answer = visitor.upload("/intake/upload", "x.csv", content)
    visitor.follow(answer)
    return str(answer.headers["location"])


def test_a_file_that_two_people_sent_is_not_taken_away_from_the_second(station: OpenStation) -> None:
    """Once the first has committed it, the second is led to that very batch, and nothing is committed twice."""
    station.case("CASE-01", 4)
    ben, amy = station.visitor("ben"), station.visitor("amy")
    there, hers = sent_by(ben, HEADER + WHOLE), sent_by(amy, HEADER + WHOLE)
    confirm = confirm_of(amy)
    answer = ben.post(f"{there}/commit", confirm_of(ben)).headers["location"]
    size = audit.log_size(station.workplace())
    assert amy.get(hers).headers["location"] == answer
    assert amy.post(f"{hers}/commit", confirm).headers["location"] == answer
    assert audit.log_size(station.workplace()) == size


def test_a_file_that_one_sent_twice_is_known_as_committed(station: OpenStation) -> None:
    """Both pages show the same file: once one is committed, whatever is asked of the other leads to that batch."""
    station.case("CASE-01", 4)
    ben = station.visitor("ben")
    there, again = sent_by(ben, HEADER + WHOLE), sent_by(ben, HEADER + WHOLE)
    confirm = confirm_of(ben)
    answer = ben.post(f"{there}/commit", confirm).headers["location"]
    ben.get("/intake/upload")
    assert ben.get(again).headers["location"] == answer
    assert ben.post(f"{again}/commit", confirm).headers["location"] == answer
    assert ben.post(f"{again}/options").headers["location"] == answer


def test_a_file_that_one_took_otherwise_is_not_what_was_checked_here(station: OpenStation) -> None:
    """Of the same file other options were committed elsewhere, and it is not kept any more: that is no success."""
    station.case("CASE-01", 4)
    ben = station.visitor("ben")
    there, again = sent_by(ben, HEADER + WHOLE), sent_by(ben, HEADER + WHOLE)
    taken = ben.post(f"{again}/options", {"equipment_type": "tablet", "how": "paper"})
    ben.follow(taken)
    otherwise, path = confirm_of(ben), taken.headers["location"]
    ben.get(there)
    answer = ben.post(f"{there}/commit", confirm_of(ben)).headers["location"]
    told = ben.post(f"{path}/commit", otherwise)
    assert (told.status_code, told.headers.get("location")) == (409, None)
    assert "and not as you checked it here" in ben.words
    assert f'href="{answer}"' in ben.page


@pytest.mark.parametrize(
    ("taken", "beside", "said"),
    [
        ({"equipment_type": "phone"}, b"", "equipment type is phone, not laptop"),
        (
            {"equipment_type": "laptop"},
            b"LT-3,2026-06-30T10:02:00Z,SCAN,mara,,CASE-01,3,\n",
            "its rows are others, or do something else there",
        ),
    ],
)
def test_a_file_that_another_took_otherwise_meanwhile_is_not_what_was_checked_here(
    station: OpenStation, taken: dict[str, str], beside: bytes, said: str
) -> None:
    """With another type, or in a file of more rows: the page says so, by whom, and what differs, however often."""
    station.case("CASE-01", 4)
    ben, amy = station.visitor("ben"), station.visitor("amy")
    bare = HEADER + ROWS.replace(b"laptop", b"")
    ben.get("/intake/upload")
    there = ben.upload("/intake/upload", "x.csv", bare, {"equipment_type": "laptop"})
    ben.follow(there)
    confirm = confirm_of(ben)
    amy.get("/intake/upload")
    hers = amy.upload("/intake/upload", "x.csv", bare + beside, taken)
    amy.follow(hers)
    answer = amy.post(f"{hers.headers['location']}/commit", confirm_of(amy)).headers["location"]
    size = audit.log_size(station.workplace())
    for _ in range(2):
        told = ben.post(f"{there.headers['location']}/commit", confirm)
        assert (told.status_code, told.headers.get("location")) == (409, None)
        assert "committed already by amy, as batch 1, and not as you checked it here" in ben.words
        assert said in ben.words
        assert "Nothing was saved." in ben.words
        assert f'href="{answer}"' in ben.page
    assert audit.log_size(station.workplace()) == size


def test_a_file_that_another_took_while_the_commit_failed_is_not_answered_as_done(
    station: OpenStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A code that fits nothing stops; before the page is shown anew the file is committed: the code still fits not."""
    station.case("CASE-01", 4)
    ben, amy = station.visitor("ben"), station.visitor("amy")
    there, hers = sent_by(ben, HEADER + WHOLE), sent_by(amy, HEADER + WHOLE)
    confirm, find, asked = confirm_of(amy), Uploads.find, []

    def found(uploads: Uploads, name: str) -> bytes | None:
        asked.append(name)
        if len(asked) == SHOWN_ANEW:
            assert amy.post(f"{hers}/commit", confirm).status_code == 303
        return find(uploads, name)

    with monkeypatch.context() as patched:
        patched.setattr(Uploads, "find", found)
        assert ben.post(f"{there}/commit", {"confirm": "ZZZZ-ZZZZ"}).status_code == 409
    assert len(asked) > SHOWN_ANEW
    assert "committed already by amy, as batch 1, and not as you checked it here" in ben.words


def test_a_file_of_which_only_the_rest_was_taken_is_answered_again(station: OpenStation) -> None:
    """Some of its rows are in an older batch: what was confirmed is the batch of the rest."""
    station.case("CASE-01", 4)
    amy, ben = station.visitor("amy"), station.visitor("ben")
    first, rest = WHOLE.splitlines(keepends=True)
    amy.post(f"{sent_by(amy, HEADER + first)}/commit", confirm_of(amy))
    ben.get("/intake/upload")
    there, again = (
        ben.upload("/intake/upload", "x.csv", HEADER + first + rest, {"only_new": "1"}).headers["location"]
        for _ in range(2)
    )
    ben.get(there)
    confirm = confirm_of(ben)
    other = station.visitor("eve")
    other.get("/intake/upload")
    hers = other.upload("/intake/upload", "x.csv", HEADER + first + rest, {"only_new": "1"}).headers["location"]
    other.get(hers)
    assert other.post(f"{hers}/commit", confirm_of(other)).headers["location"] == "/batches/2"
    for each in (there, again):
        assert ben.post(f"{each}/commit", confirm).headers["location"] == "/batches/2"


def test_what_waited_for_too_long_is_said_to_be_gone(station: OpenStation) -> None:
    """It became no batch, so it is to be sent again."""
    ben = station.visitor("ben")
    there = sent_by(ben, HEADER + ROWS)
    for each in (station.folder / "station.db.uploads").iterdir():
        each.unlink()
    assert ben.get(there).status_code == 409
    assert "not kept any more" in ben.words


def test_more_than_an_account_may_have_is_refused(station: OpenStation) -> None:
    """It is said how much that is; nothing of the file is left, and somebody else has room of their own."""
    web = msgspec.structs.replace(station.web, uploads=Uploads(station.folder / "station.db.uploads", 3 * 2**20))
    small = OpenStation(station.web.workplace, web, station.folder, station.loop)
    ben, amy = small.visitor("ben"), small.visitor("amy")
    for letter in (b"a", b"b"):
        sent_by(ben, letter * 2**20)
    ben.get("/intake/upload")
    assert ben.upload("/intake/upload", "x.csv", b"c" * (2**20 + 1)).status_code == 409
    assert "more than 3 MiB" in ben.words
    assert len(list((station.folder / "station.db.uploads").iterdir())) == 2
    sent_by(amy, b"c" * (2**20 + 1))
    sent_by(ben, b"c" * 2**20)


def test_a_file_with_a_name_of_thousands_of_letters_is_refused_for_that(station: OpenStation) -> None:
    """The sentence says what may be wrong with it and what to do; a name that is merely long is taken."""
    ben = station.visitor("ben")
    ben.get("/intake/upload")
    assert ben.upload("/intake/upload", f"{'A' * 250}.csv", HEADER).status_code == 303
    answer = ben.upload("/intake/upload", f"{'A' * 5000}.csv", HEADER)
    assert answer.status_code == 400
    assert "its name has more than about 4,000 letters" in ben.words
    assert "Give it a shorter name" in ben.words
    assert "Nothing was saved." in ben.words
