"""Leads the conversation with one scanner, over any line.

Owns when something is sent, how long an answer is waited for, and what is asked again. It knows no port and no clock
but those handed in. It must never clear on its own account, never read scans while the scanner would erase them by
being read, and never send a second thing to a device that turned out to be no scanner.

Waits and retries are those of CS1504 Data Communication Protocol §7. An answer is waited for while nothing comes,
never for a total: ten thousand scans take minutes at 9600 baud.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeVar

import msgspec

from assettrack.domain.errors import AssetTrackError
from assettrack.domain.scanner_errors import (
    ScannerAnswerDamaged,
    ScannerChanged,
    ScannerCommandRefused,
    ScannerForeign,
    ScannerReappearing,
    ScannerSettingRefused,
    ScannerSettingUnsafe,
    ScannerSilent,
    ScannerUnplugged,
)
from assettrack.scanner import protocol, replies
from assettrack.scanner.device_times import DeviceTime
from assettrack.scanner.frames import ASKED, OK, REPLY_BYTES_MAX, STX, Command, Progress, ReplyReader
from assettrack.scanner.line import Line, Times
from assettrack.scanner.parameters import CHECKED, STOPPING, Danger, Settings, settings_of
from assettrack.scanner.replies import Interrogation, Upload, require_whole

Said = TypeVar("Said")
OnBytes = Callable[[int], None]
"""Is told how many bytes of an upload have come so far."""

WHY_NOT_READ = {
    Danger.AUTO_CLEAR: "the scanner is set to erase them by being read (auto clear)",
    Danger.AUTO_CLEAR_UNKNOWN: "the scanner does not say whether it erases them by being read (auto clear)",
    Danger.STAMPS_UNKNOWN: "the scanner does not say whether it keeps times with them",
}

PIECE_BYTES = 4096
INTERROGATION_BYTES = 23


class Patience(msgspec.Struct, frozen=True):
    """How long and how often, in seconds and times."""

    answer: float = 2.0
    """Without a byte, until an answer is given up."""
    first_answers: float = 0.5
    """As ``answer``, for the first two interrogations: a scanner that sleeps swallows the first."""
    silence: float = 0.1
    """Without a byte, until nothing more is taken to come; characters of a message are less than 0.02 apart."""
    settling: float = 30.0
    """At most, until an unknown device that never falls silent is no longer listened to."""
    between_interrogations: float = 0.2
    between_commands: float = 0.005
    interrogations: int = 6
    tries: int = 5
    reappearing: float = 5.0
    reappearances: int = 3


class ClockMeasure(msgspec.Struct, frozen=True):
    """What the scanner's clock told, and this computer's time in the middle of the question, in UTC."""

    device: DeviceTime
    midpoint: datetime
    took_seconds: float
    """How long it took from the question to the answer."""

    def offset(self, zone: tzinfo) -> timedelta | None:
        """Return what has to be added to the scanner's times to get local time here; None where it told no time."""
        if self.device.at is None:
            return None
        return self.midpoint.astimezone(zone).replace(tzinfo=None) - self.device.at


class Link:
    """One session with the scanner on a line. `interrogate` comes first."""

    def __init__(self, line: Line, times: Times, patience: Patience | None = None) -> None:
        self.line = line
        self.times = times
        self.patience = patience or Patience()
        self._known: Interrogation | None = None

    @property
    def known(self) -> Interrogation:
        """The scanner of this session, as it was first interrogated."""
        assert self._known is not None, "interrogate comes first"
        return self._known

    # -- who is there ----------------------------------------------------------------------------------------------

    def interrogate(self) -> Interrogation:
        """Ask until somebody answers, and return who it is.

        Raises:
            ScannerSilent: nobody answered; ScannerForeign: it is no scanner of ours, and was sent nothing more.
            ScannerReappearing: find the port anew in five seconds; ScannerChanged: it is another one than before.
            ScannerAnswerDamaged, ScannerCommandRefused: it never answered well; ScannerUnplugged.
        """
        self.settle()
        last: AssetTrackError = ScannerSilent(ASKED[Command.INTERROGATE])
        for number in range(self.patience.interrogations):
            if number:
                self.times.sleep(self.patience.between_interrogations)
            try:
                found = self._interrogate_once(first=number < 2)  # noqa: PLR2004 - the first two
            except (ScannerSilent, ScannerAnswerDamaged, ScannerCommandRefused) as error:
                last = error
                continue
            if number:
                self.settle()  # the answer to an earlier question may still come
            return self._accepted(found)
        raise last

    def _interrogate_once(self, *, first: bool) -> Interrogation:
        wait = self.patience.first_answers if first else self.patience.answer
        reader = self._listened(Command.INTERROGATE, protocol.INTERROGATE, wait)
        if reader.progress is not Progress.NOT_OURS:
            return replies.read_interrogation(self._whole(Command.INTERROGATE, reader))
        heard = reader.came + self.settle()
        found = _interrogation_within(heard)
        if found is None:
            raise ScannerForeign(self.line.name, _likeness(heard), heard[:PIECE_BYTES])
        return found

    def _accepted(self, found: Interrogation) -> Interrogation:
        if found.reappearing:
            raise ScannerReappearing(self.patience.reappearing, found.raw)
        if self._known is None:
            self._known = found
        elif self._known.serial_field != found.serial_field:
            raise ScannerChanged(self._known.serial, found.serial, found.raw)
        return found

    # -- reading ---------------------------------------------------------------------------------------------------

    def settings(self) -> Settings:
        """Return the settings that decide whether scans can be read safely, and how.

        Raises:
            ScannerSilent, ScannerAnswerDamaged, ScannerCommandRefused, ScannerChanged, ScannerUnplugged.
        """
        return settings_of(self.read_parameters(*CHECKED))

    def read_parameters(self, *numbers: int) -> dict[int, bytes]:
        """Return the values of these parameters; those that the scanner does not know are missing.

        One is asked for at a time: that is how it was seen to work on an OPN-2001.

        Raises:
            ScannerSilent, ScannerAnswerDamaged, ScannerCommandRefused, ScannerChanged, ScannerUnplugged.
        """
        return {number: value for number in numbers for value in self._parameter(number)}

    def _parameter(self, number: int) -> tuple[bytes, ...]:
        def once() -> tuple[bytes, ...]:
            raw = self.ask_once(Command.READ_PARAMETERS, protocol.read_parameters([number]))
            told = replies.read_parameters(raw)
            if number not in told.values and number not in told.unknown:
                raise replies.damaged(Command.READ_PARAMETERS, f"it does not tell parameter {number:02X}", raw)
            return (told.values[number],) if number in told.values else ()

        return self._retried(once)

    def upload(self, settings: Settings, *, on_bytes: OnBytes | None = None) -> Upload:
        """Return everything the scanner holds. It erases nothing, so it is asked again where an answer is damaged.

        Raises:
            ScannerSettingUnsafe: the scanner would erase by being read, or its records could be read wrongly.
            ScannerChanged: another scanner answered.
            ScannerSilent, ScannerAnswerDamaged, ScannerCommandRefused, ScannerUnplugged.
        """
        require_readable(settings)
        known = self.known

        def once() -> Upload:
            raw = self.ask_once(Command.UPLOAD, protocol.UPLOAD, on_bytes)
            latest = self.times.now().year + 1
            found = replies.read_upload(raw, with_stamps=settings.stamps is True, latest_year=latest)
            if found.serial_field != known.serial_field:
                raise ScannerChanged(known.serial, found.serial, raw)
            return found

        return self._retried(once)

    def read_clock(self) -> ClockMeasure:
        """Return the scanner's time beside this computer's.

        Raises:
            ScannerSilent, ScannerAnswerDamaged, ScannerCommandRefused, ScannerChanged, ScannerUnplugged.
        """

        def once() -> ClockMeasure:
            wall, before = self.times.now(), self.times.monotonic()
            raw = self.ask_once(Command.GET_TIME, protocol.GET_TIME)
            took = self.times.monotonic() - before
            told = replies.read_clock(Command.GET_TIME, raw, latest_year=wall.year + 1).time
            assert told is not None, "only a set time can be refused"
            return ClockMeasure(told, wall.astimezone(UTC) + timedelta(seconds=took / 2), took)

        return self._retried(once)

    # -- changing --------------------------------------------------------------------------------------------------

    def write_parameters(self, values: Mapping[int, bytes]) -> None:
        """Set parameters one by one, and read each back.

        Raises:
            ScannerSettingRefused: one was not taken; those before it were.
            ScannerSilent, ScannerAnswerDamaged, ScannerCommandRefused, ScannerChanged, ScannerUnplugged.
        """
        for number, value in values.items():
            self._write_parameter(number, value)

    def _write_parameter(self, number: int, value: bytes) -> None:
        def once() -> dict[int, int]:
            raw = self.ask_once(Command.WRITE_PARAMETERS, protocol.write_parameters({number: value}))
            return replies.read_taken(raw).results

        result = self._retried(once).get(number)
        setting = f"the value {value.hex().upper()} for parameter {number:02X}"
        if result is None:
            raise ScannerSettingRefused(setting, "it answered for another parameter")
        if result == 0 and value != b"\0":
            raise ScannerSettingRefused(setting, "it refused it")
        found = self._parameter(number)
        if found != (value,):
            said = found[0].hex().upper() if found else "nothing"
            raise ScannerSettingRefused(setting, f"read back, it tells {said}")

    def set_clock(self, zone: tzinfo) -> ClockMeasure:
        """Set the scanner's clock to local time here, and return what it then tells. Read the scans before.

        Raises:
            ScannerSettingRefused: the scanner did not take it.
            ScannerSilent, ScannerAnswerDamaged, ScannerCommandRefused, ScannerChanged, ScannerUnplugged.
        """

        def once() -> bool:
            now = self.times.now()
            self.times.sleep(1 - now.microsecond / 1_000_000)  # the scanner knows whole seconds: set it at one
            local = (now + timedelta(seconds=1)).astimezone(zone).replace(microsecond=0, tzinfo=None)
            raw = self.ask_once(Command.SET_TIME, protocol.set_time(local))
            echoed = replies.read_clock(Command.SET_TIME, raw).time
            return echoed is not None and echoed.at == local

        if not self._retried(once):
            raise ScannerSettingRefused("the time", "it did not repeat it")
        return self.read_clock()

    def power_down(self) -> None:
        """End the session. A scanner may vanish without an answer, so whatever comes or does not is fine."""
        try:
            self._listened(Command.POWER_DOWN, protocol.POWER_DOWN, self.patience.first_answers)
        except ScannerUnplugged:
            return

    def close(self) -> None:
        """Close the line."""
        self.line.close()

    # -- one question ----------------------------------------------------------------------------------------------

    def settle(self) -> bytes:
        """Read until nothing comes any more, and return the last of it: of something that was cut off, say.

        From who has not said yet that it is a scanner, it is listened to for a while only.
        """
        last, size = b"", 0
        until = self.times.monotonic() + self.patience.settling
        while piece := self.line.read(PIECE_BYTES, self.patience.silence):
            last, size = (last + piece)[-PIECE_BYTES:], size + len(piece)
            if size > REPLY_BYTES_MAX or (self._known is None and self.times.monotonic() >= until):
                break
        return last

    def _retried(self, once: Callable[[], Said]) -> Said:
        """Ask until the answer is good. Only for what does no harm when it is done twice."""
        last: AssetTrackError | None = None
        for _ in range(self.patience.tries):
            if isinstance(last, ScannerSilent):
                self.interrogate()  # a session that ended by itself hears nothing else
            try:
                return once()
            except (ScannerSilent, ScannerAnswerDamaged, ScannerCommandRefused, ScannerChanged) as error:
                last = error
        assert last is not None, "it is asked at least once"
        raise last

    def ask_once(self, command: Command, message: bytes, on_bytes: OnBytes | None = None) -> bytes:
        """Send a command and return its reply, which is whole and has its checksum right."""
        assert self._known is not None, "interrogate comes first"
        return self._whole(command, self._listened(command, message, self.patience.answer, on_bytes))

    def _whole(self, command: Command, reader: ReplyReader) -> bytes:
        """Return the reply that was heard; before it is refused, the line is silent again.

        Raises:
            ScannerSilent, ScannerAnswerDamaged, ScannerCommandRefused.
        """
        if not reader.size:
            raise ScannerSilent(ASKED[command])
        raw = reader.reply or reader.came
        try:
            require_whole(command, raw)
        except (ScannerAnswerDamaged, ScannerCommandRefused):
            self.settle()
            raise
        return raw

    def _listened(
        self, command: Command, message: bytes, idle_seconds: float, on_bytes: OnBytes | None = None
    ) -> ReplyReader:
        """Send a command and read until its reply is there, can't be one, or nothing comes."""
        self.line.flush_input()
        self.times.sleep(self.patience.between_commands)
        self.line.write(message)
        reader = ReplyReader(command)
        while piece := self.line.read(PIECE_BYTES, idle_seconds):
            progress = reader.feed(piece)
            if on_bytes is not None:
                on_bytes(reader.size)
            if progress is Progress.REFUSED:
                idle_seconds = self.patience.silence  # an error status stands alone: see whether it does
            elif progress is not Progress.MORE:
                break
        return reader


def require_readable(settings: Settings) -> None:
    """Make sure that reading a scanner, as it is set, neither erases nor misreads its scans.

    Raises:
        ScannerSettingUnsafe: it would, or could.
    """
    for danger in settings.dangers:
        if danger in STOPPING:
            raise ScannerSettingUnsafe(WHY_NOT_READ[danger])


def connect(open_line: Callable[[], Line], times: Times, patience: Patience | None = None) -> Link:
    """Return a link to a scanner that has said who it is; ``open_line`` finds and opens the port, each time anew.

    A scanner that changes its mode first is waited for, three times at most.

    Raises:
        what ``open_line`` and `Link.interrogate` raise. No line stays open then.
    """
    patience = patience or Patience()
    waited = 0
    while True:
        line: Line | None = None
        try:
            line = open_line()
            link = Link(line, times, patience)
            link.interrogate()
        except AssetTrackError as error:
            if line is not None:
                line.close()
            comes_back = isinstance(error, ScannerReappearing) or (waited and line is None)
            if not comes_back or waited == patience.reappearances:
                raise
            waited += 1
            times.sleep(patience.reappearing)
        else:
            return link


def _interrogation_within(heard: bytes) -> Interrogation | None:
    """Return the answer to interrogate that stands at the end of what was heard, behind something stale, if it does."""
    last = heard[-INTERROGATION_BYTES:]
    if last[:2] != bytes([OK, STX]):
        return None
    try:
        return replies.read_interrogation(last)
    except (ScannerAnswerDamaged, ScannerCommandRefused):
        return None


def _likeness(heard: bytes) -> str:
    """Return what the answer of something foreign looks like, in words."""
    if heard.startswith(protocol.INTERROGATE):
        return "it repeats what it is sent, as a modem does"
    if heard.lstrip()[:1] == b"$":
        return "it tells positions, as a satellite receiver does"
    return "its answer is none that these scanners give"
