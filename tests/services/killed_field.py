"""A day in the field on which the program is killed: amid the conversation, beside a file, in a transaction.

Owns the steps at which it can be killed, what an operator does then (start again), and what has to hold whenever it
was.
Everything but the scanner's hardware, the clock and the kill is real.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from assettrack.domain import download_errors
from assettrack.domain.downloads import Download
from assettrack.domain.errors import AssetTrackError
from assettrack.domain.scan_answers import Answers
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulated_line import HostKilled
from assettrack.scanner.emulator import REAPPEAR_SECONDS
from assettrack.scanner.pocket import PocketScanner, read_scans
from assettrack.services import assets, kept_downloads, leaving_out, scanner_clearing
from assettrack.services.downloads import Downloads
from assettrack.station.spool import SpoolFolder
from assettrack.store.snapshots import SqliteTransaction
from assettrack.store.sqlite import SqliteStore
from tests.services.field import LAPTOP, Field, desk_of
from tests.store.stations import its_signer

ANSWERS = Answers(operator="Kim", event_type="SCAN", untimed_at_download=True, clock_undisturbed=True, same_scans=True)
"""What the operator says about scans outside of cards, so that no day ends with a question."""

TRIES = 12
Step = Callable[[], None]
Flow = Callable[["KilledField", PocketScanner], None]


class KillableSpool(SpoolFolder):
    """A spool beside whose work the program can be killed."""

    def __init__(self, folder: Path, step: Step) -> None:
        super().__init__(folder)
        self._step = step

    def keep(self, download: Download) -> Download:
        """Keep a download; the program may be killed before and after."""
        self._step()
        kept = super().keep(download)
        self._step()
        return kept

    def begin_clear(self, download: Download) -> None:
        """Keep that a clear is begun; the program may be killed before and after."""
        self._step()
        super().begin_clear(download)
        self._step()


class KillableStore(SqliteStore):
    """A store in whose transactions the program can be killed."""

    step: Step

    @contextmanager
    def write(self) -> Iterator[SqliteTransaction]:
        """Open a transaction; the program may be killed before it, at its end and after its commit."""
        self.step()
        with super().write() as transaction:
            yield transaction
            self.step()
        self.step()


class KilledField(Field):
    """A day in the field, and a program that is killed and started again."""

    def __init__(self, folder: Path, scans: Sequence[str], *faults: Fault) -> None:
        super().__init__(folder, scans, *faults)
        self.made = list(scans)
        self.desk.store.close()

    def start(self, flow: Flow) -> None:
        """Start the program once: it ends well, with an error that the operator is told, or it is killed."""
        if not self.is_connected:
            self.bus.plug(self.scanner)
        scanner: PocketScanner | None = None
        self.store = self.opened()
        try:
            scanner = self.connected()
            flow(self, scanner)
        finally:
            if scanner is not None:
                scanner.link.close()
            self.store.close()

    def opened(self) -> KillableStore:
        """Open the database anew."""
        store = KillableStore(self.folder / "assettrack.db", its_signer)
        store.step = self.step
        return store

    def step(self) -> None:
        """Count a step, at which the program may be killed."""
        self.bus.steps += 1
        if self.bus.steps == self.bus.killed_at:
            raise HostKilled

    @property
    def is_connected(self) -> bool:
        """Whether the cable is in; a scanner that comes back by itself is waited for."""
        if not self.bus.names():
            self.bus.times.sleep(REAPPEAR_SECONDS)
        return bool(self.bus.names())

    def answers(self) -> Answers:
        """What the operator says, as the field is now."""
        return ANSWERS

    @property
    def pulls(self) -> Downloads:
        """What is pulled, by the program that runs."""
        return Downloads(self.at_work(self.store), self.killable_spool, read_scans)

    @property
    def killable_spool(self) -> KillableSpool:
        """The spool of the program that runs."""
        return KillableSpool(self.spool.folder, self.step)

    def day(self, flow: Flow, killed_at: int) -> bool:
        """Run until the scanner is clear, killed once at a step; look at everything each time it ended somehow.

        Return whether the day was long enough to be killed at that step.
        """
        self.bus.steps, self.bus.killed_at = 0, killed_at
        was_killed = False
        for _ in range(TRIES):
            try:
                self.start(flow)
            except HostKilled:
                was_killed = True
            except download_errors.ScannerEmpty:
                break
            except AssetTrackError:
                self.bus.times.sleep(6)
            self.require_all_there()
        else:
            raise AssertionError("the day does not end")
        self.require_all_there()
        self.require_each_once()
        return was_killed

    def held(self) -> list[str]:
        """What the scanner holds."""
        return [record[1:-4].decode("latin-1") for record in self.scanner.records]

    def require_all_there(self) -> None:
        """Whatever was scanned is in the scanner or in the spool, and what the scanner has not is in the database."""
        everything = [*self.made, *(text for text in self.held() if text not in self.made)]
        self.made = everything
        held, kept = self.held(), set[str]()
        for download in self.spool.downloads():
            kept |= {scan.text for scan in read_scans(download.reply, with_stamps=download.with_stamps)}
        store = SqliteStore(self.folder / "assettrack.db", its_signer)
        try:
            known = {tag for tag, _ in assets.all_assets(self.at_work(store))}
        finally:
            store.close()
        for text in everything:
            assert text in held or text in kept, f"{text} is nowhere"
            if text.startswith("LT-"):
                assert text in held or text in known, f"{text} was cleared before it was committed"

    def require_each_once(self) -> None:
        """Every asset that was scanned is recorded by exactly one row."""
        store = SqliteStore(self.folder / "assettrack.db", its_signer)
        try:
            workplace = self.at_work(store)
            for tag in {text for text in self.made if text.startswith("LT-")}:
                rows = [body for body in assets.history(workplace, tag).bodies if b'"event_type":"SCAN"' in body]
                assert len(rows) == 1, f"{tag} is recorded {len(rows)} times"
        finally:
            store.close()


class EqualRounds(KilledField):
    """Days with a scanner that keeps no times, with which one and the same round is scanned whenever it is empty.

    Each round is told from the others by what was kept when it was made, never by what it says.
    """

    def __init__(self, folder: Path, scans: Sequence[str], *faults: Fault) -> None:
        super().__init__(folder, scans, Fault("no-stamps"), *faults)
        self.kept_then = [0]

    def answers(self) -> Answers:
        """What is so: the scans that are held are recorded, or were made since what is recorded."""
        is_new = len(self.kept_then) > max(1, self._times_recorded())
        return msgspec.structs.replace(ANSWERS, same_scans=not is_new, scanned_anew=is_new)

    def rounds(self, flow: Flow, killed_at: int, chance: random.Random, *, most: int = 3) -> bool:
        """Scan so many rounds, and run the program until the scanner is clear of each, killed once at a step.

        Whoever starts it does the whole way or clears at once, and scans on as soon as the scanner is empty, whatever
        became of the program. Return whether it was long enough to be killed at that step.
        """
        self.bus.steps, self.bus.killed_at = 0, killed_at
        was_killed = False
        for _ in range(TRIES * most):
            try:
                self.start(chance.choice((flow, cleared_at_once)))
            except HostKilled:
                was_killed = True
            except AssetTrackError:
                self.bus.times.sleep(6)
            self.require_all_there()
            if self.scanner.records:
                continue
            if len(self.kept_then) == most:
                break
            self.bus.times.sleep(2)
            self.kept_then.append(len(self.spool.downloads()))
            self.scan(*self.made)
        else:
            raise AssertionError("the days do not end")
        if flow is as_it_should_be:
            recorded = self._times_recorded()
            assert recorded == most, f"{most} rounds are recorded {recorded} times"
        return was_killed

    def require_all_there(self) -> None:
        """Each round that the scanner has no more was kept between its making and the next, and dealt with."""
        kept = self.spool.downloads()
        ends = [*self.kept_then[1:], len(kept)]
        with closing(SqliteStore(self.folder / "assettrack.db", its_signer)) as store:
            told = kept_downloads.kept_downloads(self.at_work(store), desk_of(self), len(kept))[0]
        state = {each.download.name: each.state for each in told}
        for number, (first, end) in enumerate(zip(self.kept_then, ends, strict=True), 1):
            if number == len(ends) and self.scanner.records:
                break
            states = {state[each.name] for each in kept[first:end]}
            assert states, f"round {number} is nowhere"
            assert states != {"open"}, f"round {number} was cleared before it was dealt with"

    def _times_recorded(self) -> int:
        tag = next(text for text in self.made if text.startswith("LT-"))
        with closing(SqliteStore(self.folder / "assettrack.db", its_signer)) as store:
            workplace = self.at_work(store)
            if tag not in {known for known, _ in assets.all_assets(workplace)}:
                return 0
            return sum(b'"event_type":"SCAN"' in body for body in assets.history(workplace, tag).bodies)


def as_it_should_be(field: KilledField, scanner: PocketScanner) -> None:
    """Pull, preview, commit, clear: the whole way."""
    download = field.pulls.pull(scanner).download
    said = field.answers()
    _, plan = field.pulls.preview(download, said, LAPTOP)
    jumps = [each.message.split()[1].strip(":") for each in plan.problems if each.code == "context_jump"]
    answers = msgspec.structs.replace(said, taken=tuple(map(int, jumps)))  # the cards hold all day
    _, plan = field.pulls.preview(download, answers, LAPTOP)
    if not plan.already_committed:
        assert plan.confirm_code is not None, [*plan.problems, *plan.refusals]
        field.pulls.commit_download(download, answers, LAPTOP, confirm=plan.confirm_code)
    cleared_at_once(field, scanner)


def cleared_at_once(field: KilledField, scanner: PocketScanner) -> None:
    """Clear the scanner, by a connection to the database that is opened for it; nothing is pulled before."""
    field.store.close()
    field.store = field.opened()
    fresh = field.at_work(field.store)
    scanner_clearing.clear(fresh, field.pulls, scanner, field.killable_spool, field.answers())


def left_out_instead(field: KilledField, scanner: PocketScanner) -> None:
    """Pull, leave out whole, clear."""
    download = field.pulls.pull(scanner).download
    leaving_out.leave_out(field.at_work(field.store), field.pulls, download, "a trial")
    cleared_at_once(field, scanner)


def cleared_before_commit(field: KilledField, scanner: PocketScanner) -> None:
    """The planted bug: the scanner is cleared as soon as its scans are kept."""
    download = field.pulls.pull(scanner).download
    scanner.clear(download.reply)
    field.pulls.commit_download(download, ANSWERS, LAPTOP, confirm=None)


def cleared_before_kept(field: KilledField, scanner: PocketScanner) -> None:
    """The planted bug of other programs: the scanner is cleared before its scans are on the disk."""
    reply = scanner.upload()
    scanner.clear(reply)
    field.pulls.pull(scanner)
