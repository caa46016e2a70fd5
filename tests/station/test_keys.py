"""The station's key file: made once, private, lasting, and refused when it is not what it must be."""

import errno
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from assettrack.domain.checkpoints import Checkpoint, read_note, sign_checkpoint
from assettrack.domain.signed_notes import Signer
from assettrack.domain.station_errors import FolderUnusable, KeyUnusable
from assettrack.station.keys import KeyExists, KeyFile, verify_signature

MESSAGE = b"hq\n42\n"

posix = pytest.mark.skipif(os.name != "posix", reason="modes say who may read only on POSIX systems")


@pytest.fixture
def key_file(tmp_path: Path) -> KeyFile:
    """Return where a station's key is to be, two folders deep and not there yet."""
    return KeyFile(tmp_path / "assettrack" / "keys", "hq")


def mode(path: Path) -> int:
    """Return who may do what with a file or folder."""
    return stat.S_IMODE(path.stat().st_mode)


def names_in(folder: Path) -> list[str]:
    """Return everything in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


def put(key_file: KeyFile, content: bytes) -> None:
    """Put a private file in the key's place."""
    key_file.directory.mkdir(parents=True, exist_ok=True)
    key_file.path.write_bytes(content)
    key_file.path.chmod(0o600)


def test_signs_with_the_key_that_was_made(key_file: KeyFile) -> None:
    """The public key that making returns verifies what the key read again signs."""
    public_key = key_file.create()
    signer = key_file.signer()

    assert (signer.name, signer.public_key) == ("hq", public_key)
    Ed25519PublicKey.from_public_bytes(public_key).verify(signer.sign(MESSAGE), MESSAGE)


def test_signs_checkpoints(key_file: KeyFile) -> None:
    """The station's key and the check of signatures fit the checkpoints."""
    public_key = key_file.create()
    signer: Signer = key_file.signer()
    checkpoint = Checkpoint("hq", 42, bytes(32))

    note = sign_checkpoint(checkpoint, signer)

    assert read_note(note, origin="hq", public_key=public_key, verify=verify_signature) == checkpoint


def test_file_is_pem(key_file: KeyFile) -> None:
    """The file is PKCS #8 in PEM, as other tools read it, in <directory>/<station>.key."""
    public_key = key_file.create()

    content = (key_file.directory / "hq.key").read_bytes()

    assert content.startswith(b"-----BEGIN PRIVATE KEY-----\n")
    private_key = load_pem_private_key(content, password=None)
    assert private_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw) == public_key


@posix
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_owner_can_read(key_file: KeyFile, umask: int) -> None:
    """The file has mode 0600 and each folder made for it 0700, whatever the user's habits are."""
    before = os.umask(umask)
    try:
        key_file.create()
    finally:
        os.umask(before)

    assert mode(key_file.path) == 0o600
    assert mode(key_file.directory) == mode(key_file.directory.parent) == 0o700


def test_existing_key_is_never_replaced(key_file: KeyFile) -> None:
    """Making a key where one is refuses, and leaves the key and nothing else in the folder."""
    key_file.create()
    before = key_file.path.read_bytes()

    with pytest.raises(KeyExists, match="it was left as it is"):
        key_file.create()

    assert key_file.path.read_bytes() == before
    assert names_in(key_file.directory) == ["hq.key"]


def test_only_one_of_many_makes_the_key(key_file: KeyFile) -> None:
    """When many make the key at once, one does, all others are refused, and its key is the one that stays."""

    def create(_turn: int) -> bytes | None:
        try:
            return key_file.create()
        except KeyExists:
            return None

    with ThreadPoolExecutor(8) as pool:
        made = [public_key for public_key in pool.map(create, range(24)) if public_key is not None]

    assert made == [key_file.signer().public_key]
    assert names_in(key_file.directory) == ["hq.key"]


def test_two_stations_share_a_folder(key_file: KeyFile) -> None:
    """Each station has a key of its own."""
    other = KeyFile(key_file.directory, "hq-2")

    assert key_file.create() != other.create()
    assert names_in(key_file.directory) == ["hq-2.key", "hq.key"]


@posix
def test_content_lasts_before_the_name_does(key_file: KeyFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a power cut must not lose is synced in order: new folders, content, then the name in the folder."""
    deeds: list[str] = []
    fsync, link = os.fsync, os.link

    def noting_fsync(handle: int) -> None:
        synced = os.fstat(handle)
        deeds.append("folder" if stat.S_ISDIR(synced.st_mode) else "content" if synced.st_size else "empty file")
        fsync(handle)

    def noting_link(source: Path, target: Path) -> None:
        deeds.append("name")
        link(source, target)

    monkeypatch.setattr(os, "fsync", noting_fsync)
    monkeypatch.setattr(os, "link", noting_link)
    key_file.create()

    assert deeds == ["folder", "folder", "content", "name", "folder"]


@posix
@pytest.mark.parametrize(
    ("call", "error", "reason"),
    [
        ("fsync", errno.ENOSPC, "No space left"),
        ("link", errno.ENOSPC, "No space left"),
        ("link", errno.EPERM, "can't keep a private file"),
    ],
)
def test_failed_making_leaves_nothing(
    key_file: KeyFile, monkeypatch: pytest.MonkeyPatch, call: str, error: int, reason: str
) -> None:
    """When the system fails while the key is written, no key and no half of one is left, and it is said why."""
    key_file.directory.mkdir(parents=True)

    def fail(*_arguments: object) -> None:
        raise OSError(error, os.strerror(error))

    with monkeypatch.context() as patched:
        patched.setattr(os, call, fail)
        with pytest.raises(KeyUnusable, match=reason):
            key_file.create()

    assert names_in(key_file.directory) == []
    key_file.create()


def test_folder_that_is_none(key_file: KeyFile) -> None:
    """A file where the folder must be is said, and left."""
    key_file.directory.parent.mkdir()
    key_file.directory.write_text("a file")

    with pytest.raises(FolderUnusable, match=r"keys can't be used: "):
        key_file.create()

    assert key_file.directory.read_text() == "a file"


@posix
@pytest.mark.parametrize("bit", [0o040, 0o020, 0o010, 0o004, 0o002, 0o001])
def test_key_that_others_can_use_is_refused(key_file: KeyFile, bit: int) -> None:
    """A key which anyone but its owner may read, write or run is not used."""
    key_file.create()
    key_file.path.chmod(0o600 | bit)

    with pytest.raises(KeyUnusable, match=rf"others can read or write it \(mode {0o600 | bit:04o}\)"):
        key_file.signer()


def test_missing_key_is_said(key_file: KeyFile) -> None:
    """Without the file there is no signer, and its place is named."""
    with pytest.raises(KeyUnusable, match=r"hq\.key can't be used: there is no such file"):
        key_file.signer()


def test_folder_in_place_of_the_key(key_file: KeyFile) -> None:
    """A folder with the key's name is neither read nor replaced."""
    key_file.path.mkdir(parents=True)

    with pytest.raises(KeyUnusable, match="the system says"):
        key_file.signer()
    with pytest.raises(KeyExists):
        key_file.create()


def ed25519_pem() -> bytes:
    """Return a good key."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a private key in PEM, or is damaged"),
        (b"hello\n", "not a private key in PEM, or is damaged"),
        (b"\x00" * 1_000_000, "not a private key in PEM, or is damaged"),
        (ed25519_pem()[:-40], "not a private key in PEM, or is damaged"),
        (
            Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            "not a private key in PEM, or is damaged",
        ),
        (
            Ed25519PrivateKey.generate().private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
            ),
            "locked with a passphrase",
        ),
        (
            generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            "of another kind than Ed25519",
        ),
    ],
    ids=["empty", "text", "zeros", "cut", "public", "passphrase", "curve"],
)
def test_file_that_is_no_key_is_refused(key_file: KeyFile, content: bytes, reason: str) -> None:
    """What is not an Ed25519 private key without a passphrase is refused, with the reason."""
    put(key_file, content)

    with pytest.raises(KeyUnusable, match=reason):
        key_file.signer()


def test_key_made_elsewhere_is_used(key_file: KeyFile) -> None:
    """A key put in place by hand, from a backup say, is as good as one made here."""
    content = ed25519_pem()
    put(key_file, content)

    public_key = load_pem_private_key(content, password=None).public_key()

    assert key_file.signer().public_key == public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)


@pytest.mark.parametrize("station", ["", ".hidden", "a/b", "..", "a b", "a+b", "ä", "a\n", "x" * 65])
def test_station_must_be_a_file_name(tmp_path: Path, station: str) -> None:
    """A station whose name can't be a file name, or leads elsewhere, is refused."""
    with pytest.raises(ValueError, match="can't name a station"):
        KeyFile(tmp_path, station)


def test_signature_of_anything_else_does_not_verify(key_file: KeyFile) -> None:
    """A changed message, signature or key, or one of another length, does not verify and raises nothing."""
    public_key = key_file.create()
    signature = key_file.signer().sign(MESSAGE)
    other_key = KeyFile(key_file.directory, "other").create()

    assert verify_signature(public_key, MESSAGE, signature)
    assert not verify_signature(public_key, MESSAGE + b"x", signature)
    assert not verify_signature(other_key, MESSAGE, signature)
    assert not verify_signature(public_key[:-1], MESSAGE, signature)
    assert not verify_signature(b"", MESSAGE, signature)
    for at, byte in enumerate(signature):
        changed = signature[:at] + bytes([byte ^ 1]) + signature[at + 1 :]
        assert not verify_signature(public_key, MESSAGE, changed)
    assert not verify_signature(public_key, MESSAGE, signature[:-1])


def test_private_key_is_not_shown(key_file: KeyFile) -> None:
    """Nothing of the private key is in the text of a signer, as a log or traceback would show it."""
    key_file.create()

    assert "private" not in repr(key_file.signer()).lower()


def test_importing_costs_nothing() -> None:
    """The library of the cryptography is not loaded before a key is used."""
    program = "import sys, assettrack.station.keys; sys.exit('cryptography' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
