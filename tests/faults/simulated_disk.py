"""A disk in memory that loses its power, and the SQLite file system (VFS) that stands on it.

Owns the model of what a power cut leaves behind. It must never be kinder than a real disk, and never harsher than one
that keeps the promises SQLite builds on: a finished sync is honest, and bytes outside a write are not damaged by it
(SQLite's "powersafe overwrite", which its own unix VFS claims as well).

* Content: each 512-byte sector written since the file's last sync holds, on its own, any version it has had since then
  (the synced one included), or random bytes where it was written. The file's length is any length it has had since;
  a truncation survives or not with the length.
* Names: a file created or unlinked since its directory's last sync may be there, or not.
* Directories are synced exactly where SQLite's unix VFS syncs them: after `xDelete` with its directory flag, and after
  the first sync of a journal or WAL that was opened with SQLITE_OPEN_CREATE (os_unix.c, UNIXFILE_DIRSYNC). The
  database file itself gets no such sync.

A VFS written in Python has no shared memory: WAL needs `locking_mode=EXCLUSIVE`, set before the first read.
"""

# ruff: noqa: N802 - SQLite names the methods of a VFS (xRead, xWrite, ...)

import contextlib
import enum
import itertools
import posixpath
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import apsw

SECTOR_BYTES = 512
"""What a disk writes whole or not at all."""

_NEW_JOURNAL = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL | apsw.SQLITE_OPEN_WAL

_Version = TypeVar("_Version", int, bytes)
_vfs_numbers = itertools.count(1)


class PowerCut(apsw.IOError):
    """The disk has no power: nothing can be read or written until what is left of it is mounted."""


class Action(enum.Enum):
    """What can happen to a disk; after each of these the power can be cut."""

    CREATE = "create"
    WRITE = "write"
    TRUNCATE = "truncate"
    SYNC = "sync"
    UNLINK = "unlink"
    SYNC_DIRECTORY = "sync directory"


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a disk's history. `offset` is in bytes, and the new length for TRUNCATE."""

    action: Action
    name: str
    file_number: int = -1
    offset: int = 0
    data: bytes = b""

    def __str__(self) -> str:
        if self.action is Action.WRITE:
            return f"write {self.name} {len(self.data)} bytes at {self.offset}"
        if self.action is Action.TRUNCATE:
            return f"truncate {self.name} to {self.offset} bytes"
        return f"{self.action.value} {self.name}"


@dataclass(slots=True, eq=False)
class _File:
    """What is read now (`live`), what a power cut surely leaves (`durable`), what happened in between, who locks it."""

    number: int
    live: bytearray = field(default_factory=bytearray)
    durable: bytearray = field(default_factory=bytearray)
    unsynced: list[Operation] = field(default_factory=list)
    locks: "dict[SimulatedFile, int]" = field(default_factory=dict)

    def change(self, operation: Operation) -> None:
        _apply(self.live, operation)
        self.unsynced.append(operation)

    def sync(self) -> None:
        for operation in self.unsynced:
            _apply(self.durable, operation)
        self.unsynced.clear()


def _apply(content: bytearray, operation: Operation) -> range:
    """Do a WRITE or TRUNCATE to `content`; answer which bytes now read otherwise (zeros behind the end aside)."""
    start, length = operation.offset, len(content)
    if operation.action is Action.TRUNCATE:
        del content[start:]
        content.extend(bytes(max(0, start - length)))
        return range(start, length)
    end = start + len(operation.data)
    content.extend(bytes(max(0, end - length)))
    content[start:end] = operation.data
    return range(start, end)


def _sector(content: bytearray, number: int) -> bytes:
    return bytes(content[number * SECTOR_BYTES : (number + 1) * SECTOR_BYTES]).ljust(SECTOR_BYTES, b"\0")


@dataclass(frozen=True, slots=True)
class _Touch:
    """One change of one sector since the last sync: at which step, what it made of the sector, which bytes it set."""

    step: int
    content: bytes
    part: range
    is_truncation: bool = field(kw_only=True)


class _Fate:
    """How one power cut treats what was not synced: a temper drawn once, then a lot for each name, sector and length.

    Without tempers all cuts would be equally bad, and "only one sector is missing" would never be tried.
    """

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(seed)
        self._kept = self._chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        self._garbage = self._chance.choice((0.0, 0.0, 0.05, 0.3))

    def entry(self, entries: list[_File | None]) -> _File | None:
        """Choose what a name means after the cut, of all it has meant since its directory was synced."""
        return self._chance.choice(entries)

    def content(self, file: _File) -> bytes:
        """Choose what is left of a file."""
        working, lengths = bytearray(file.durable), [len(file.durable)]
        touched: dict[int, list[_Touch]] = {}
        for step, operation in enumerate(file.unsynced, start=1):
            changed = _apply(working, operation)
            lengths.append(len(working))
            for number in range(changed.start // SECTOR_BYTES, -(-changed.stop // SECTOR_BYTES) if changed else 0):
                first = number * SECTOR_BYTES
                part = range(max(changed.start - first, 0), min(changed.stop - first, SECTOR_BYTES))
                is_truncation = operation.action is Action.TRUNCATE
                touch = _Touch(step, _sector(working, number), part, is_truncation=is_truncation)
                touched.setdefault(number, []).append(touch)
        reached = self._version(range(len(lengths)))
        left = file.durable.ljust(max(lengths) + SECTOR_BYTES, b"\0")
        for number, touches in touched.items():
            first = number * SECTOR_BYTES
            left[first : first + SECTOR_BYTES] = self._sector(_sector(file.durable, number), touches, reached)
        return bytes(left[: lengths[reached]])

    def _sector(self, durable: bytes, touches: Sequence[_Touch], reached: int) -> bytes:
        """Choose what is left of a sector. `reached` is the step whose length survives.

        A truncation is a matter of length alone: with it goes all older content, without it nothing newer is there,
        because what is written afterwards goes to blocks that only it would have freed or allotted.
        """
        versions, written = [durable], list[range]()
        for touch in touches:
            if touch.is_truncation:
                if touch.step > reached:
                    break
                versions, written = [touch.content], []
            else:
                versions.append(touch.content)
                written.append(touch.part)
        if self._chance.random() >= self._garbage:
            return self._version(versions)
        left = bytearray(versions[-1])
        for part in written:
            left[part.start : part.stop] = self._chance.randbytes(len(part))
        return bytes(left)

    def _version(self, versions: Sequence[_Version]) -> _Version:
        if len(versions) == 1 or self._chance.random() < self._kept:
            return versions[-1]
        return self._chance.choice(versions[:-1])


class SimulatedDisk:
    """Files by name, and the numbered history of every change to them.

    `contents` is there from the start and durable. With `cut_after=k` the power goes right before operation k + 1,
    which raises PowerCut like everything after it. Replaying `history` on another disk with the same contents gives
    the same disk, so one run is enough to cut the power at every point of it.
    """

    def __init__(self, contents: Mapping[str, bytes] | None = None, *, cut_after: int | None = None) -> None:
        self.history: list[Operation] = []
        self.is_off = False
        self._cut_after = cut_after
        self._files: list[_File] = []
        self._entries: dict[str, list[_File | None]] = {}  # what each name has meant since its directory was synced
        for name, content in sorted((contents or {}).items()):
            self._entries[name] = [self._new_file(content)]

    def perform(self, operation: Operation) -> None:
        """Do one numbered operation. Raises PowerCut when the power is off, or goes off before it."""
        if self._cut_after is not None and len(self.history) >= self._cut_after:
            self.power_off()
        self.require_power()
        self.history.append(operation)
        match operation.action:
            case Action.CREATE:
                self._entries.setdefault(operation.name, [None]).append(self._new_file(b""))
            case Action.UNLINK:
                self._entries[operation.name].append(None)
            case Action.SYNC_DIRECTORY:
                self._sync_directory(operation.name)
            case Action.SYNC:
                self._files[operation.file_number].sync()
            case Action.WRITE | Action.TRUNCATE:
                self._files[operation.file_number].change(operation)

    def find(self, name: str) -> _File | None:
        """Return the file of that name, as a running program sees it. Raises PowerCut when the power is off."""
        self.require_power()
        return self._entries.get(name, [None])[-1]

    def power_off(self) -> None:
        """Cut the power now, for good."""
        self.is_off = True

    def require_power(self) -> None:
        """Raise PowerCut when the power is off."""
        if self.is_off:
            raise PowerCut(f"the power was cut after operation {len(self.history)}")

    def contents(self) -> dict[str, bytes]:
        """Return every file as a running program sees it: what is left when nothing is lost."""
        return {name: bytes(held[-1].live) for name, held in self._entries.items() if held[-1] is not None}

    def survivor(self, seed: int) -> dict[str, bytes]:
        """Return the files that a power cut at this moment leaves. The same history and seed give the same answer."""
        fate = _Fate(f"{seed} {len(self.history)}")
        chosen = ((name, fate.entry(entries)) for name, entries in sorted(self._entries.items()))
        return {name: fate.content(file) for name, file in chosen if file is not None}

    def _new_file(self, content: bytes) -> _File:
        file = _File(len(self._files), bytearray(content), bytearray(content))
        self._files.append(file)
        return file

    def _sync_directory(self, directory: str) -> None:
        for name, entries in self._entries.items():
            if posixpath.dirname(name) == directory:
                del entries[:-1]


class SimulatedFile(apsw.VFSFile):
    """An open file of a simulated disk. It never calls the real file system its base class is made for."""

    def __init__(self, disk: SimulatedDisk, name: str | None, flags: int) -> None:
        # The base class's __init__ would open a file of a real VFS; every method of it is replaced here instead.
        self._disk = disk
        self._name = name or ""
        self._sync_directory_too = bool(flags & apsw.SQLITE_OPEN_CREATE and flags & _NEW_JOURNAL)
        self._is_temporary = name is None
        self._file = _File(-1) if name is None else self._find(name, flags)

    def _find(self, name: str, flags: int) -> _File:
        file = self._disk.find(name)
        if file is not None and not (flags & apsw.SQLITE_OPEN_CREATE and flags & apsw.SQLITE_OPEN_EXCLUSIVE):
            return file
        if file is not None or not flags & apsw.SQLITE_OPEN_CREATE:
            raise apsw.CantOpenError(name)
        self._disk.perform(Operation(Action.CREATE, name))
        return self._find(name, flags & ~apsw.SQLITE_OPEN_EXCLUSIVE)

    def _change(self, action: Action, offset: int = 0, data: bytes = b"") -> None:
        operation = Operation(action, self._name, self._file.number, offset, data)
        if not self._is_temporary:
            self._disk.perform(operation)
            return
        self._disk.require_power()
        if action is not Action.SYNC:
            _apply(self._file.live, operation)

    def xRead(self, amount: int, offset: int) -> bytes:
        """Read what a running program sees, less at the end of the file."""
        self._disk.require_power()
        return bytes(self._file.live[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        """Write, until the next sync only into what a cut may take."""
        self._change(Action.WRITE, offset, data)

    def xTruncate(self, newsize: int) -> None:
        """Set the length."""
        self._change(Action.TRUNCATE, newsize)

    def xSync(self, flags: int) -> None:  # noqa: ARG002 - a full sync is no stronger here than a normal one
        """Make the file's content durable, and for a new journal the names of its directory."""
        self._change(Action.SYNC)
        if self._sync_directory_too:
            self._disk.perform(Operation(Action.SYNC_DIRECTORY, posixpath.dirname(self._name)))
            self._sync_directory_too = False

    def xFileSize(self) -> int:
        """Return the length in bytes."""
        self._disk.require_power()
        return len(self._file.live)

    def xLock(self, level: int) -> None:
        """Take a lock as SQLite's rules have it: one RESERVED, no new reader while a writer waits, none beside it."""
        self._disk.require_power()
        mine = self._file.locks.get(self, apsw.SQLITE_LOCK_NONE)
        others = (held for file, held in self._file.locks.items() if file is not self)
        theirs = max(others, default=apsw.SQLITE_LOCK_NONE)
        if level <= mine:
            return
        if theirs >= (apsw.SQLITE_LOCK_PENDING if level == apsw.SQLITE_LOCK_SHARED else apsw.SQLITE_LOCK_RESERVED):
            raise apsw.BusyError("another connection holds the lock")
        if level == apsw.SQLITE_LOCK_EXCLUSIVE and theirs > apsw.SQLITE_LOCK_NONE:
            self._file.locks[self] = apsw.SQLITE_LOCK_PENDING
            raise apsw.BusyError("waiting for another connection to stop reading")
        self._file.locks[self] = level

    def xUnlock(self, level: int) -> None:
        """Go down to a lower lock; works without power, like letting go of anything."""
        self._file.locks[self] = min(level, self._file.locks.get(self, level))

    def xCheckReservedLock(self) -> bool:
        """Tell whether anyone is about to write."""
        return any(held > apsw.SQLITE_LOCK_SHARED for held in self._file.locks.values())

    def xClose(self) -> None:
        """Let go of the file; works without power."""
        self._file.locks.pop(self, None)

    def xFileControl(self, op: int, ptr: int) -> bool:  # noqa: ARG002 - the base class names its parameters
        """Understand no request: SQLite then does its default."""
        return False

    def xDeviceCharacteristics(self) -> int:
        """Claim what SQLite's unix VFS claims, so that the same code paths run."""
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE

    def xSectorSize(self) -> int:
        """Return what SQLite's unix VFS returns, in bytes."""
        return 4096


class SimulatedVFS(apsw.VFS):
    """A registered file system on one simulated disk; clock, sleep and randomness are the default VFS's."""

    def __init__(self, name: str, disk: SimulatedDisk) -> None:
        super().__init__(name, "")
        self._disk = disk

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> SimulatedFile:
        """Open or create a file; without a name a temporary one, which no cut can leave behind."""
        self._disk.require_power()
        flags[1] = flags[0]
        return SimulatedFile(self._disk, name.filename() if isinstance(name, apsw.URIFilename) else name, flags[0])

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001 - SQLite's signature
        """Unlink a file, durably only with `syncdir`."""
        if self._disk.find(filename) is None:
            raise apsw.exception_for(apsw.SQLITE_IOERR_DELETE_NOENT)
        self._disk.perform(Operation(Action.UNLINK, filename))
        if syncdir:
            self._disk.perform(Operation(Action.SYNC_DIRECTORY, posixpath.dirname(filename)))

    def xAccess(self, pathname: str, flags: int) -> bool:
        """Tell whether a file can be used; like SQLite's unix VFS, an empty one does not count as existing."""
        file = self._disk.find(pathname)
        return file is not None and (flags != apsw.SQLITE_ACCESS_EXISTS or len(file.live) > 0)

    def xFullPathname(self, name: str) -> str:
        """Return the name itself, below the root."""
        return posixpath.join("/", name)


@contextlib.contextmanager
def mounted(disk: SimulatedDisk) -> Iterator[str]:
    """Register a VFS for `disk` and give its name. At the end the power goes off and what is still open is dropped."""
    name = f"simulated-disk-{next(_vfs_numbers)}"
    vfs = SimulatedVFS(name, disk)
    try:
        yield name
    finally:
        disk.power_off()
        for connection in apsw.connections():
            if connection.open_vfs == name:
                with contextlib.suppress(apsw.Error):  # closing would like to tidy up, which needs power
                    connection.close(force=True)
        vfs.unregister()
