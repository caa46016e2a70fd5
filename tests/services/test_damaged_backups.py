"""Damaged and foreign backups: 500 of them, and every one is refused before the station's database is touched."""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.manifests import Manifest, read_manifest, signed_manifest
from assettrack.lasting_files import Digest, copy_hashed
from assettrack.services import backups
from assettrack.station.keys import verify_signature
from assettrack.store import backups as store_backups
from tests.conftest import Figure, soak_n
from tests.services.vault import Vault
from tests.store.stations import STATION, made_up_signer

Spoil = Callable[[random.Random, Path, list[Path]], None]
"""Spoils a backup that may be changed at will; there are other good backups of the same station to take from."""

REFUSED = (
    station_errors.BackupDamaged,
    errors.FileUnreadable,
    errors.DeedRefused,
    station_errors.DatabaseVersionDiffers,
)


def manifest_of(backup: Path) -> Path:
    """Where a backup's manifest lies."""
    return backup.with_name(f"{backup.name}.manifest")


def flipped(chance: random.Random, path: Path) -> None:
    """Change one bit, or some bytes, of a file."""
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 1, 1, 16])):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    if content == path.read_bytes():
        content[0] ^= 1
    path.write_bytes(content)


def cut(chance: random.Random, path: Path) -> None:
    """Take the end off a file; sometimes so that whole pages stay."""
    size = path.stat().st_size
    left = chance.choice([0, chance.randrange(size), size - 1, (size - 1) // 4096 * 4096])
    path.write_bytes(path.read_bytes()[: min(left, size - 1)])


def grown(chance: random.Random, path: Path) -> None:
    """Add something to a file."""
    path.write_bytes(path.read_bytes() + chance.choice([b"\0", b"\n", bytes(4096), path.read_bytes()]))


def exchanged(chance: random.Random, backup: Path, others: list[Path]) -> None:
    """Put the manifest, or the file, of another good backup of the same station in the place of its own."""
    other = chance.choice(others)
    if chance.random() < 0.5:
        shutil.copy(manifest_of(other), manifest_of(backup))
    else:
        shutil.copy(other, backup)


def resigned(chance: random.Random, backup: Path, _others: list[Path]) -> None:
    """State something else in the manifest, and sign that with a key, of another station or under this one's name."""
    manifest = read_manifest(manifest_of(backup).read_bytes(), verify_signature)
    signer = made_up_signer(chance.choice([STATION, "assettrack-another"]), seed=2)
    changes: dict[str, object] = {"station": signer.name, "public_key": signer.public_key.hex()}
    if chance.random() < 0.5:
        changes["entries"] = manifest.entries - 1
    forged: Manifest = msgspec.structs.replace(manifest, **changes)
    manifest_of(backup).write_text(signed_manifest(forged, signer))


def signed_by_the_station(chance: random.Random, backup: Path, _others: list[Path]) -> None:
    """State something else in the manifest, signed with the station's own key: the file still tells otherwise."""
    manifest = read_manifest(manifest_of(backup).read_bytes(), verify_signature)
    change: dict[str, object] = chance.choice(
        [{"sha256": "ab" * 32}, {"size": manifest.size + 1}, {"schema": 99}, {"entries": 1}]
    )
    forged: Manifest = msgspec.structs.replace(manifest, **change)
    manifest_of(backup).write_text(signed_manifest(forged, made_up_signer()))


def of_another_station(chance: random.Random, backup: Path, others: list[Path]) -> None:
    """Put a good backup of another station there, whole or in part; it may even go by the same name."""
    other = others[0].parent.parent / f"{chance.choice(['stranger', 'impostor'])}/shelf/a"
    for source, target in ((other, backup), (manifest_of(other), manifest_of(backup))):
        if chance.random() < 0.7:
            shutil.copy(source, target)
    if backup.read_bytes() == other.read_bytes():
        shutil.copy(manifest_of(other), manifest_of(backup))
    elif manifest_of(backup).read_bytes() != manifest_of(other).read_bytes():
        shutil.copy(other, backup)


def missing(chance: random.Random, backup: Path, _others: list[Path]) -> None:
    """Lose the file or the manifest, or have a folder in its place."""
    path = chance.choice([backup, manifest_of(backup)])
    path.unlink()
    if chance.random() < 0.3:
        path.mkdir()


WAYS: dict[str, tuple[int, Spoil]] = {
    "file, bits flipped": (100, lambda chance, backup, _: flipped(chance, backup)),
    "file, cut off": (80, lambda chance, backup, _: cut(chance, backup)),
    "file, grown": (20, lambda chance, backup, _: grown(chance, backup)),
    "manifest, bits flipped": (100, lambda chance, backup, _: flipped(chance, manifest_of(backup))),
    "manifest, cut off": (50, lambda chance, backup, _: cut(chance, manifest_of(backup))),
    "manifest, grown": (20, lambda chance, backup, _: grown(chance, manifest_of(backup))),
    "exchanged": (30, exchanged),
    "signed by another key": (30, resigned),
    "signed by the station, and untrue": (20, signed_by_the_station),
    "of another station": (30, of_another_station),
    "missing": (20, missing),
}
"""How a backup is spoiled, and how often."""


class Trial:
    """A station, its good backups, and one of them spoiled again and again."""

    def __init__(self, folder: Path) -> None:
        self.vault = Vault(folder)
        self.vault.desk_with_assets()
        self.good = []
        for name in ("a", "b", "c"):
            self.good.append(Path(self.vault.back_up(name).file))
            self.vault.register()
        self.vault.store.close()
        for name, station in (("stranger", "assettrack-another"), ("impostor", STATION)):
            other = Vault(folder / name, made_up_signer(station, seed=2))
            other.desk_with_assets()
            other.back_up("a")
            other.store.close()
        self.before = self.live()
        self.names = self.vault.beside()

    def live(self) -> bytes:
        """The bytes of the station's database."""
        return self.vault.live.read_bytes()

    def spoiled(self, chance: random.Random, spoil: Spoil) -> str:
        """Spoil a copy of a backup; it must be refused and nothing touched. Return how it was refused."""
        original, *others = chance.sample(self.good, len(self.good))
        backup = self.vault.shelf / "spoiled"
        for path in (backup, manifest_of(backup)):
            shutil.rmtree(path, ignore_errors=True)
            path.unlink(missing_ok=True)
        shutil.copy(original, backup)
        shutil.copy(manifest_of(original), manifest_of(backup))
        spoil(chance, backup, others)
        with pytest.raises(REFUSED) as refused:
            self.vault.restore(self.vault.order("spoiled"))
        self.vault.store.close()
        assert self.live() == self.before
        assert self.vault.beside() == self.names
        return type(refused.value).__name__


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    """Set up the station."""
    made = Trial(tmp_path)
    yield made
    made.vault.store.close()


def try_all(trial: Trial, times: int, seed: int) -> Counter[str]:
    """Spoil backups in every way, so many times as often as is usual; return how they were refused."""
    chance, outcomes = random.Random(seed), Counter[str]()
    for count, spoil in WAYS.values():
        for _ in range(count * times):
            outcomes[trial.spoiled(chance, spoil)] += 1
    return outcomes


def test_spoiled_backups_are_refused_before_anything_is_touched(trial: Trial, figure: Figure) -> None:
    """500 spoiled backups: not one is restored, and not a byte of the database changes."""
    outcomes = try_all(trial, 1, seed=1)
    figure(f"spoiled backups refused, the database untouched: {outcomes.total()}, {dict(outcomes)}")
    assert outcomes.total() == 500
    assert outcomes.keys() == {kind.__name__ for kind in REFUSED}


@pytest.mark.soak
def test_many_spoiled_backups_are_refused(trial: Trial, figure: Figure) -> None:
    """As above, 10,000 or as many as are asked for."""
    outcomes = try_all(trial, max(1, soak_n(10_000) // 500), seed=2)
    figure(f"spoiled backups refused, the database untouched: {outcomes.total()}, {dict(outcomes)}")


def test_the_good_ones_are_restored(trial: Trial) -> None:
    """The same trial restores each of the backups when it is not spoiled."""
    for name in ("c", "b", "a"):
        size = backups.check(trial.vault.workplace, trial.vault.files, str(trial.vault.shelf / name)).entries
        done = trial.vault.restore(trial.vault.order(name))
        assert (done.entries, done.seq) == (size, size + 1)
        trial.vault.require_good()


def test_a_hash_that_is_not_compared_is_noticed(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a planted bug, by which any bytes pass for those of the manifest, the trial fails."""

    def blind(source: Path, target: Path) -> Digest:
        size = copy_hashed(source, target).size
        stated = read_manifest(manifest_of(source).read_bytes(), verify_signature)
        return Digest(stated.sha256, size)

    def version_changed(_chance: random.Random, backup: Path, _others: list[Path]) -> None:
        content = bytearray(backup.read_bytes())
        content[96:100] = b"\x01\x02\x03\x04"  # which SQLite wrote it: nobody reads that
        backup.write_bytes(content)

    trial.spoiled(random.Random(1), version_changed)
    monkeypatch.setattr(store_backups, "copy_hashed", blind)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        trial.spoiled(random.Random(1), version_changed)
