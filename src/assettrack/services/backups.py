"""Backups: made while others work, and good only once they were restored, verified and replayed.

A backup is called good by what is read back from a copy of its file, never by what was meant to be written. Must never
change the station's database, but for the one entry that says that a backup was made.
"""

import msgspec

from assettrack.domain import backup_deeds, errors, station_errors
from assettrack.domain.backup_deeds import BackupFacts
from assettrack.domain.deeds import Station
from assettrack.domain.findings import NotAllowed
from assettrack.domain.manifests import FORMAT, Manifest, NotAManifest, read_manifest, signed_manifest
from assettrack.domain.signed_notes import Signer, VerifierKey
from assettrack.domain.timestamps import utc_text
from assettrack.services import verification
from assettrack.services.backup_ports import BackupFiles, FileDigest, Scratch
from assettrack.services.ports import Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff
from assettrack.services.verification import Progress


class Backup(msgspec.Struct, frozen=True):
    """A backup that was made: size and root (base64) of its log, its file's hash, and the entry that tells of it."""

    file: str
    manifest: str
    entries: int
    root: str
    sha256: str
    verified: bool
    seq: int


def make(
    workplace: Workplace, files: BackupFiles, name: str, *, force: bool = False, progress: Progress | None = None
) -> Backup:
    """Make a backup, restore it into a scratch copy, verify that whole, sign its manifest, and record it.

    With ``force`` a backup of that name is replaced.

    Raises:
        errors.FileExists, errors.FileUnwritable, errors.ValueUnusable: it can't be made there.
        station_errors.KeyUnusable: the station's key, which signs the manifest, is not there.
        station_errors.BackupDamaged: what was read back is not good; nothing is left of it.
        station_errors.BackupNotLogged: the backup is made and good, but its entry could not be written.
    """
    signoff(workplace)  # who can't be named later is told now
    with workplace.store.read() as snapshot:
        station = snapshot.station()
    signer = signer_of(files, station)
    with files.drafting(name, force=force) as draft:
        draft.fill()
        with files.scratch(beside=False) as scratch:
            digest = scratch.take(draft.draft)
            manifest = _manifest(workplace, scratch, digest, schema=files.schema)
            _require_good(workplace, scratch, manifest, name, progress)
        draft.place(signed_manifest(manifest, signer))
        seq = _record(workplace, manifest, draft.file)
        return Backup(
            draft.file, draft.manifest, manifest.entries, manifest.root, manifest.sha256, verified=True, seq=seq
        )


def check(
    workplace: Workplace,
    files: BackupFiles,
    name: str,
    *,
    key: VerifierKey | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Return the manifest of a backup, once it is known to be good: signed, unchanged, verified, replayed.

    ``key`` is the station's public key known from elsewhere; without it the one that the manifest names is taken. No
    database of a station is needed, and none is touched.

    Raises:
        station_errors.BackupDamaged, errors.FileUnreadable: it is not good, or no backup.
        station_errors.DatabaseVersionDiffers: it is of another version.
    """
    manifest = manifest_of(workplace, files, name, key=key)
    with files.scratch(beside=False) as scratch:
        take(workplace, scratch, name, manifest, progress=progress)
    return manifest


def manifest_of(
    workplace: Workplace, files: BackupFiles, name: str, *, key: VerifierKey | None = None, own: Station | None = None
) -> Manifest:
    """Return the manifest of a backup, once it is known whose key signed it; its file is not read yet.

    Raises:
        errors.FileUnreadable: there is no backup, or no manifest.
        station_errors.BackupDamaged: the manifest is none, or is not signed by the key that is known.
        station_errors.DatabaseVersionDiffers: a newer program made it.
        NotAllowed: it is of another station than ``own``.
    """
    try:
        manifest = read_manifest(files.manifest_of(name), workplace.verify)
    except NotAManifest as error:
        raise station_errors.BackupDamaged(name, f"of its manifest: {error.reason}") from error
    if key is not None and manifest.key != key:
        raise station_errors.BackupDamaged(
            name, f"it is signed by {manifest.vkey}, which is not the key that was named"
        )
    if own is not None and (manifest.station, manifest.public_key) != (own.station, own.public_key):
        raise NotAllowed("backup_foreign", None, file=name, theirs=manifest.station, ours=own.station)
    if manifest.schema > files.schema:
        raise station_errors.DatabaseVersionDiffers(name, manifest.schema, files.schema)
    return manifest


def take(
    workplace: Workplace, scratch: Scratch, name: str, manifest: Manifest, *, progress: Progress | None = None
) -> None:
    """Copy the file of a backup into the scratch, and make sure that it is good and what the manifest states.

    A backup that an older version of the program made is brought up to date first.

    Raises:
        station_errors.BackupDamaged: it is not.
    """
    digest = scratch.take(name)
    if digest.size != manifest.size:
        raise station_errors.BackupDamaged(name, f"it has {digest.size} bytes, and its manifest states {manifest.size}")
    if digest.sha256 != manifest.sha256:
        raise station_errors.BackupDamaged(name, "its bytes are not those that its manifest states the hash of")
    try:
        scratch.bring_up_to_date()
    except errors.AssetTrackError as error:
        raise station_errors.BackupDamaged(name, f"its database can't be read ({error.code})") from error
    _require_good(workplace, scratch, manifest, name, progress)


def signer_of(files: BackupFiles, station: Station) -> Signer:
    """Return the key of a station, once it is sure that it is the one the station was set up with.

    Raises:
        station_errors.KeyUnusable: it is not there, or is another.
    """
    signer = files.signer(station.station)
    if signer.public_key.hex() != station.public_key:
        raise station_errors.KeyUnusable(
            f"of station {station.station}", "it is not the key this database was set up with"
        )
    return signer


def _manifest(workplace: Workplace, scratch: Scratch, digest: FileDigest, *, schema: int) -> Manifest:
    """Return the manifest for what is in the scratch."""
    with scratch.store.read() as snapshot:
        station, size = snapshot.station(), snapshot.log_size
        note = snapshot.checkpoint_at_least(size)
    if note is None:
        raise station_errors.DatabaseDamaged("the log has no checkpoint that covers it")
    return Manifest(
        format=FORMAT,
        station=station.station,
        public_key=station.public_key,
        entries=size,
        root=note.split("\n")[2],
        checkpoint=note,
        sha256=digest.sha256,
        size=digest.size,
        schema=schema,
        version=workplace.version,
        made_at=utc_text(workplace.now()),
    )


def _require_good(
    workplace: Workplace, scratch: Scratch, manifest: Manifest, name: str, progress: Progress | None
) -> None:
    """Verify the scratch whole, and make sure that it holds what the manifest states."""
    apart = msgspec.structs.replace(workplace, store=scratch.store)
    found = verification.verify(apart, [manifest.checkpoint], progress)
    if not found.ok:
        raise station_errors.BackupDamaged(name, found.message.rstrip("."))
    with scratch.store.read() as snapshot:
        station = snapshot.station()
    states = (manifest.station, manifest.public_key, manifest.entries, manifest.root)
    if (station.station, station.public_key, found.entries, found.root) != states:
        raise station_errors.BackupDamaged(name, "its database is not the one that its manifest states")


def _record(workplace: Workplace, manifest: Manifest, file: str) -> int:
    """Record a backup that was made; return its entry's number."""
    own_name = file.replace("\\", "/").rpartition("/")[2]
    shown = own_name if own_name.isprintable() else ascii(own_name)[1:-1]
    made = BackupFacts(manifest.entries, manifest.root, manifest.sha256, shown)
    try:
        with refusal_raised(), workplace.store.write() as transaction:
            seq = transaction.log_size + 1
            transaction.save(backup_deeds.record_backup(made, seq, signoff(workplace)))
    except errors.AssetTrackError as error:
        raise station_errors.BackupNotLogged(file, error) from error
    return seq
