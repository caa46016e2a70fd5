"""A scanner on a cable of another computer: what it answered to a browser, byte for byte, read by the same parsers.

Owns what a browser may ask a scanner, and the checks of what it brings back: a browser is a pipe and is believed
nothing. It must never be what a scanner is cleared by: nothing of it can erase.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from assettrack.domain.downloads import ScannerIdentity, ScannerSettings
from assettrack.domain.raw_scans import ClockReading
from assettrack.domain.scanner_errors import ScannerChanged, ScannerReappearing
from assettrack.domain.timestamps import utc_text
from assettrack.scanner import protocol, replies
from assettrack.scanner.frames import Command
from assettrack.scanner.link import OnBytes, require_readable
from assettrack.scanner.parameters import CHECKED, Settings, settings_of
from assettrack.scanner.pocket import identity_of, iso_of, settings_told
from assettrack.scanner.replies import Interrogation

QUESTIONS: tuple[bytes, ...] = (
    protocol.INTERROGATE,
    *(protocol.read_parameters([number]) for number in CHECKED),
    protocol.GET_TIME,
)
"""What is asked first, in this order; what is answered decides whether the scans may be read."""

READ = protocol.UPLOAD
"""What is asked last. There is no other question that a browser is given."""

REAPPEAR_SECONDS = 5.0


class HeardScanner:
    """A scanner by its answers; fits the `ReadableScanner` of the services.

    ``said`` are the answers to `QUESTIONS`, and to `READ` if that was asked. ``clock_at`` is the station's time in the
    middle of the question for the time, ``spread`` how many seconds lay between question and answer.

    Raises:
        ScannerAnswerDamaged, ScannerCommandRefused: an answer is missing, or none that is whole.
        ScannerReappearing: it changes its mode just now.
        ScannerSettingUnsafe: it would erase its scans by being read, or they could be read wrongly.
    """

    def __init__(self, said: Sequence[bytes], clock_at: datetime, spread: float) -> None:
        answers = [*said, *[b""] * (len(QUESTIONS) + 1 - len(said))]
        self._known = _interrogation(answers[0])
        self._checked = _settings(answers[1 : 1 + len(CHECKED)])
        require_readable(self._checked)
        told = replies.read_clock(Command.GET_TIME, answers[len(QUESTIONS) - 1], latest_year=clock_at.year + 1).time
        assert told is not None, "only a set time can be refused"
        self._clock = ClockReading(iso_of(told), utc_text(clock_at.astimezone(UTC)), round(spread, 3))
        self._upload = answers[len(QUESTIONS)]

    @property
    def identity(self) -> ScannerIdentity:
        """Which scanner it is."""
        return identity_of(self._known)

    @property
    def settings(self) -> ScannerSettings:
        """How it is set, as far as it matters for scans."""
        return settings_told(self._checked)

    def clock(self) -> ClockReading:
        """Return what its clock showed."""
        return self._clock

    def upload(self, _progress: OnBytes | None = None) -> bytes:
        """Return everything it held, as it answered.

        Raises:
            ScannerAnswerDamaged, ScannerCommandRefused: it is not whole; ScannerChanged: it is another scanner's.
        """
        with_stamps = self._checked.stamps is True
        found = replies.read_upload(self._upload, with_stamps=with_stamps)
        if found.serial_field != self._known.serial_field:
            raise ScannerChanged(self._known.serial, found.serial, found.raw)
        return found.raw


def _interrogation(raw: bytes) -> Interrogation:
    found = replies.read_interrogation(raw)
    if found.reappearing:
        raise ScannerReappearing(REAPPEAR_SECONDS, raw)
    return found


def _settings(answers: Sequence[bytes]) -> Settings:
    values: dict[int, bytes] = {}
    for number, raw in zip(CHECKED, answers, strict=True):
        told = replies.read_parameters(raw)
        if number not in told.values and number not in told.unknown:
            raise replies.damaged(Command.READ_PARAMETERS, f"it does not tell parameter {number:02X}", raw)
        if number in told.values:
            values[number] = told.values[number]
    return settings_of(values)
