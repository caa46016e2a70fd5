"""Contact data: beside the log, readable in one way, and gone for good when it is erased."""

import json
import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256

import apsw
import msgspec
import pytest

from assettrack.domain import errors
from assettrack.domain.holders import Holder
from assettrack.services import contacts, holders, verification
from assettrack.store.connection import DatabaseSettings
from assettrack.store.sqlite import SqliteStore
from tests.architecture import read
from tests.services.desk import Desk
from tests.services.insider import Insider
from tests.store.stations import its_signer

TEXT = "jane@example.org, +49 30 901820"


def in_the_files(desk: Desk, *texts: str) -> list[str]:
    """Which of the texts stand anywhere in the files of the database."""
    content = b"".join(file.read_bytes() for file in sorted(desk.folder.glob("assettrack.db*")))
    return [text for text in texts if text.encode() in content]


@contextmanager
def somebody_reading(desk: Desk) -> Iterator[None]:
    """Another process that has begun to read and does not end."""
    with closing(apsw.Connection(str(desk.store.path))) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM holders").fetchall()
        yield
        reader.execute("ROLLBACK")


@pytest.fixture
def impatient(desk: Desk) -> Desk:
    """The desk with a store that waits for nobody."""
    desk.store.close()
    desk.store = SqliteStore(desk.store.path, its_signer, DatabaseSettings(busy_seconds=0))
    desk.workplace = desk.manned_by("gcurl")
    return desk


def test_contact_data_is_kept_beside_the_log(desk: Desk) -> None:
    """It can be read back; the log has the SHA-256 of salt and text, and the text nowhere."""
    done = contacts.write(desk.workplace, "jane smith", TEXT)
    assert (done.holder, done.changed, done.is_gone) == (Holder(1, "Jane Smith"), True, True)
    assert contacts.contact_of(desk.workplace, "Jane Smith") == (Holder(1, "Jane Smith"), TEXT)
    assert contacts.contact_of(desk.workplace, "Bob Lee") == (Holder(2, "Bob Lee"), None)
    entry = json.loads(desk.entries()[-1])
    digest = sha256(b"salt of 16 bytes" + TEXT.encode()).hexdigest()
    assert (entry["event_type"], entry["holder_id"], entry["contact_sha256"]) == ("CONTACT", 1, digest)
    assert not any(b"jane@" in body for body in desk.entries())
    assert verification.verify(desk.workplace).ok


def test_the_same_again_is_no_deed(desk: Desk) -> None:
    """Writing what is there already changes nothing, and nothing is logged."""
    contacts.write(desk.workplace, "Jane Smith", TEXT)
    with desk.unchanged():
        done = contacts.write(desk.workplace, "Jane Smith", TEXT)
    assert (done.changed, done.is_gone) == (False, True)


def test_what_is_erased_is_nowhere_in_the_files(desk: Desk) -> None:
    """While the station is open and after it was closed, neither text nor salt stands in database or journal."""
    salt = b"\x01another salt\xff\xfe\xfd"
    workplace = msgspec.structs.replace(desk.workplace, salt=lambda: salt)
    contacts.write(workplace, "Jane Smith", TEXT)
    contacts.write(desk.workplace, "Bob Lee", "bob@example.org")
    assert in_the_files(desk, TEXT, "bob@example.org") == [TEXT, "bob@example.org"]
    assert contacts.erase(desk.workplace, "Jane Smith").is_gone
    assert in_the_files(desk, TEXT, "jane@", "901820", "bob@example.org") == ["bob@example.org"]
    assert salt not in b"".join(file.read_bytes() for file in desk.folder.glob("assettrack.db*"))
    desk.store.close()
    assert in_the_files(desk, TEXT, "jane@", "901820") == []
    assert contacts.contact_of(desk.workplace, "Jane Smith")[1] is None
    assert verification.verify(desk.workplace).ok


def test_what_is_replaced_is_gone_too(desk: Desk) -> None:
    """New contact data leaves nothing of the old."""
    contacts.write(desk.workplace, "Jane Smith", TEXT)
    assert contacts.write(desk.workplace, "Jane Smith", "j.smith@example.net").is_gone
    assert in_the_files(desk, "jane@", "901820", "j.smith@example.net") == ["j.smith@example.net"]


def test_no_piece_is_left_however_the_pages_are_filled(bare: Desk) -> None:
    """Many contacts of all lengths, written and erased in any order, move between pages: no piece of any is left."""
    draw = random.Random(4)
    names = [f"Holder {letter}" for letter in "ABCDEFGHIJKL"]
    for name in names:
        holders.register(bare.workplace, name)
    kept: dict[str, str] = {}
    gone: list[str] = []
    for number in range(60):
        name = draw.choice(names)
        if name in kept and draw.random() < 0.5:
            assert contacts.erase(bare.workplace, name).is_gone
            gone.append(kept.pop(name))
        else:
            text = f"<{number:03}" + "".join(draw.choices("abcdefgh", k=draw.choice((20, 300, 1500, 4000))))
            gone += [kept[name]] if name in kept else []
            kept[name] = text
            assert contacts.write(bare.workplace, name, text).is_gone
        pieces = [piece for text in gone for piece in (text[:12], text[-14:], text[len(text) // 2 :][:14])]
        assert in_the_files(bare, *pieces) == [], number
    assert len(gone) > 20
    assert {name: contacts.contact_of(bare.workplace, name)[1] for name in kept} == kept
    assert verification.verify(bare.workplace).ok


def test_while_somebody_reads_it_is_said_that_traces_are_left(impatient: Desk) -> None:
    """It is erased for everybody who asks; its bytes go with the next close, and the answer does not pretend."""
    contacts.write(impatient.workplace, "Jane Smith", TEXT)
    with somebody_reading(impatient):
        assert not contacts.write(impatient.workplace, "Jane Smith", "new").is_gone
        assert not contacts.erase(impatient.workplace, "Jane Smith").is_gone
        assert contacts.contact_of(impatient.workplace, "Jane Smith")[1] is None
        assert in_the_files(impatient, TEXT) == [TEXT]
    impatient.store.close()
    assert in_the_files(impatient, TEXT) == []


def test_nothing_to_erase(desk: Desk) -> None:
    """Erasing what is not there is refused, before anything was written and after it was erased."""
    for _ in range(2):
        with desk.unchanged(), pytest.raises(errors.DeedRefused) as caught:
            contacts.erase(desk.workplace, "Jane Smith")
        assert caught.value.code == "contact_missing"
        contacts.write(desk.workplace, "Jane Smith", TEXT)
        contacts.erase(desk.workplace, "Jane Smith")


def test_contact_data_is_of_somebody(desk: Desk) -> None:
    """Nobody of that name: nothing is written, read or erased."""
    with desk.unchanged():
        with pytest.raises(errors.NotFound):
            contacts.write(desk.workplace, "Eve", TEXT)
        with pytest.raises(errors.NotFound):
            contacts.contact_of(desk.workplace, "Eve")
        with pytest.raises(errors.NotFound):
            contacts.erase(desk.workplace, "Eve")


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE contacts SET contact = 'eve@example.org' WHERE holder_id = 1",
        "UPDATE contacts SET salt = randomblob(16) WHERE holder_id = 1",
        "INSERT INTO contacts VALUES (2, randomblob(16), 'eve@example.org')",
        "UPDATE contacts SET holder_id = 2",
        "UPDATE contact_hashes SET contact_sha256 = NULL",
        "UPDATE contact_hashes SET contact_sha256 = randomblob(32)",
        "DELETE FROM contact_hashes",
    ],
)
def test_forged_contact_data_is_named(desk: Desk, forgery: str) -> None:
    """A row that is not what the log has the hash of is found, and so is a hash that is not the log's."""
    contacts.write(desk.workplace, "Jane Smith", TEXT)
    with closing(Insider(desk, [])) as insider:
        insider.do(forgery)
        assert "Table contact" in insider.must_be_caught(None)


def test_erased_data_that_comes_back_is_named(desk: Desk) -> None:
    """Data that was erased and is there again, out of a backup say, is found."""
    contacts.write(desk.workplace, "Jane Smith", TEXT)
    contacts.erase(desk.workplace, "Jane Smith")
    with closing(Insider(desk, [])) as insider:
        insider.do("INSERT INTO contacts VALUES (1, ?, ?)", (b"salt of 16 bytes", TEXT))
        assert "Table contacts" in insider.must_be_caught(None)


def test_missing_contact_data_is_no_fault(desk: Desk) -> None:
    """Whoever erases it with another program leaves the log good; it can still be erased by the book."""
    contacts.write(desk.workplace, "Jane Smith", TEXT)
    with closing(Insider(desk, [])) as insider:
        insider.do("DELETE FROM contacts")
        assert insider.verify().ok
    contacts.erase(desk.workplace, "Jane Smith")
    assert verification.verify(desk.workplace).ok


def test_contact_data_has_one_way_out() -> None:
    """Outside the store no module but its own, and the verifying of what is kept, asks for contact data."""
    asking = {
        source.path.removeprefix("src/assettrack/")
        for source in read("src")
        for _, name, is_method in source.calls()
        if name == "contacts" and is_method and source.layer != "store"
    }
    assert asking == {"services/contacts.py", "services/verification_of_kept.py"}
