"""The errors of a scanner on a cable: finding it, speaking with it, clearing it. A part of the catalogue.

The families and what every sentence says stand in `domain.errors`. Whatever a scanner said that could not be used
stays with the error as ``raw``, so that it can be put aside and looked at; it is never shown as it came.
"""

from collections.abc import Sequence

from assettrack.domain.errors import FileProblemError, RefusedError, WaitError
from assettrack.domain.wording import counted

_KEPT = "No scan was erased, and nothing was saved."

STATUS_MEANINGS = {
    0x05: "it does not know this command",
    0x07: "the command reached it damaged",
    0x08: "it received a character wrongly",
    0x09: "it had a fault of its own",
}
"""What the single byte of an error reply means (CS1504 Data Communication Protocol §8.3.2)."""


# -- finding and opening -------------------------------------------------------------------------------------------


class ScannerNotFound(RefusedError):
    """No port of this computer leads to a scanner of the maker we know."""

    code = "scanner_not_found"

    def __init__(self) -> None:
        super().__init__(
            f"No Opticon scanner was found on a serial port. {_KEPT} Check the cable, that the scanner is in its "
            "USB-VCP mode, and on Windows that its driver is installed; or name the port with --port."
        )


class ScannersSeveral(RefusedError):
    """More than one scanner is connected, and none of them was named."""

    code = "scanners_several"

    def __init__(self, ports: Sequence[str]) -> None:
        self.ports = tuple(ports)
        super().__init__(
            f"{len(ports)} scanners are connected, at {', '.join(ports)}. {_KEPT} Name the one you mean with --port."
        )


class ScannerModeUnusable(RefusedError):
    """A scanner is connected in a mode in which it can't be asked for its scans one by one and in order."""

    code = "scanner_mode_unusable"

    def __init__(self, mode: str) -> None:
        self.mode = mode
        super().__init__(
            f"The scanner is connected as {mode}, and can't be asked for its scans in this way. {_KEPT} "
            "Set it to OPN-2001 compatible mode (USB-VCP), then try again."
        )


class PortMissing(RefusedError):
    """The port that was named is not there, or not any more."""

    code = "port_missing"

    def __init__(self, port: str) -> None:
        self.port = port
        super().__init__(f"There is no port {port}. {_KEPT} Check the cable and the name, then try again.")


class PortForbidden(RefusedError):
    """This user may not open the port."""

    code = "port_forbidden"

    def __init__(self, port: str) -> None:
        self.port = port
        super().__init__(
            f"You may not open the port {port}. {_KEPT} Install the udev rule of the how-to for scanners, or have an "
            "admin add you to the group that owns the port (dialout on most systems), then sign in anew."
        )


class PortBusy(WaitError):
    """Another program has the port open."""

    code = "port_busy"

    def __init__(self, port: str) -> None:
        self.port = port
        super().__init__(f"Another program has the port {port} open. {_KEPT} Wait until it is done, or end it.")


class PortUnusable(RefusedError):
    """The system can't open the port, for a reason of its own."""

    code = "port_unusable"

    def __init__(self, port: str, reason: str) -> None:
        self.port = port
        super().__init__(f"The port {port} can't be opened: {reason}. {_KEPT} Check the cable and the driver.")


# -- speaking ------------------------------------------------------------------------------------------------------


class ScannerUnplugged(RefusedError):
    """The port vanished or failed while we spoke with the scanner."""

    code = "scanner_unplugged"

    def __init__(self, port: str) -> None:
        self.port = port
        super().__init__(f"The scanner at {port} was unplugged. {_KEPT} Check the cable, then start again.")


class ScannerSilent(RefusedError):
    """Nothing was answered, however often we asked."""

    code = "scanner_silent"

    def __init__(self, asked: str, raw: bytes = b"") -> None:
        self.raw = raw
        super().__init__(
            f"The scanner did not answer when asked to {asked}. {_KEPT} Check that it is charged and in OPN-2001 "
            "compatible mode (USB-VCP), then try again."
        )


class ScannerForeign(RefusedError):
    """What answers on this port is no scanner of the family we know."""

    code = "scanner_foreign"

    def __init__(self, port: str, said: str, raw: bytes) -> None:
        self.port = port
        self.raw = raw
        super().__init__(
            f"What is connected at {port} is not an OPN-200x scanner: {said}. {_KEPT} Name another port with --port."
        )


class ScannerReappearing(WaitError):
    """The scanner changes into its compatible mode and comes back, maybe as another port."""

    code = "scanner_reappearing"

    def __init__(self, seconds: float, raw: bytes = b"") -> None:
        self.seconds = seconds
        self.raw = raw
        super().__init__(
            f"The scanner is changing into OPN-2001 compatible mode. {_KEPT} Wait {seconds:g} seconds, then try again."
        )


class ScannerAnswerDamaged(FileProblemError):
    """An answer of the scanner is not whole, or not of the shape that answers to this command have."""

    code = "scanner_answer_damaged"

    def __init__(self, asked: str, reason: str, raw: bytes) -> None:
        self.reason = reason
        self.raw = raw
        super().__init__(
            f"The answer of the scanner, asked to {asked}, can't be used: {reason}. {_KEPT} Check the cable, then "
            "try again."
        )


class ScannerCommandRefused(RefusedError):
    """The scanner answered that it did not do what it was asked to do."""

    code = "scanner_command_refused"

    def __init__(self, asked: str, status: int) -> None:
        self.status = status
        self.raw = bytes([status])
        meaning = STATUS_MEANINGS.get(status, "it gave no reason that we know")
        super().__init__(f"The scanner did not {asked}: {meaning}. {_KEPT} Try again.")


class ScannerChanged(RefusedError):
    """An answer came from another scanner than the one that we began with."""

    code = "scanner_changed"

    def __init__(self, expected: str, found: str, raw: bytes = b"") -> None:
        self.raw = raw
        super().__init__(
            f"Scanner {found} answered in place of scanner {expected}. {_KEPT} Check that only one is on this cable, "
            "then start again."
        )


# -- settings ------------------------------------------------------------------------------------------------------


class ScannerSettingUnsafe(RefusedError):
    """With the settings as they are, reading could lose scans."""

    code = "scanner_setting_unsafe"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The scans were not read: {reason}. {_KEPT} Set it right with: assettrack scanner configure, then try "
            "again."
        )


class ScannerSettingRefused(RefusedError):
    """A setting was not taken, or is not what it was set to when read back."""

    code = "scanner_setting_refused"

    def __init__(self, setting: str, reason: str) -> None:
        super().__init__(
            f"The scanner did not take {setting}: {reason}. {_KEPT} Look at it with: assettrack scanner info, then try "
            "again."
        )


class ScannerSettingLeft(RefusedError):
    """The scanner holds scans, and a setting is made only while it holds none: it was left as it was.

    ``can_be_read`` tells whether the scans can be pulled as it is, ``others_set`` whether all else is set right.
    """

    code = "scanner_setting_left"

    def __init__(
        self, serial: str, left: Sequence[str], scans: int, *, can_be_read: bool = True, others_set: bool = True
    ) -> None:
        others = "Its other settings are set right. " if others_set else ""
        do = "Start with: assettrack scanner pull."
        if not can_be_read:
            do = (
                "It does not say how they are kept, so that they can't be pulled. Make a file of them with its maker's "
                "program, and start with that: assettrack preview FILE."
            )
        super().__init__(
            f"Scanner {serial} was not set to {' and to '.join(left)}: it holds {counted(scans, 'scan')}, and that is "
            f"set only while it holds none. {others}{_KEPT} Once its scans are committed and it is cleared, set it "
            f"right again. {do}"
        )


# -- clearing ------------------------------------------------------------------------------------------------------


class ScannerClearRefused(RefusedError):
    """The scanner does not hold exactly what was stored, so clearing it would lose scans.

    ``is_empty`` says that it holds nothing at all.
    """

    code = "scanner_clear_refused"

    def __init__(self, reason: str, *, is_empty: bool = False) -> None:
        super().__init__(f"The scanner was not cleared: {reason}. {_KEPT} Start again with: assettrack scanner pull.")
        self.is_empty = is_empty


class ScannerNotCleared(RefusedError):
    """The scanner was told to clear its memory, and still holds the scans."""

    code = "scanner_not_cleared"

    def __init__(self) -> None:
        super().__init__(
            f"The scanner was told to clear its memory, and still holds its scans. {_KEPT} Try again; the scans that "
            "were stored before are known, and are not taken twice."
        )


class ScannerClearUncertain(RefusedError):
    """The scanner was told to clear its memory, and was not heard of again."""

    code = "scanner_clear_uncertain"
    saved = None

    def __init__(self) -> None:
        super().__init__(
            "The scanner was told to clear its memory and did not answer any more: either all of its scans were "
            "cleared, or nothing was changed. They were stored before, and are not lost. Check the cable, then read "
            "the scanner again: what it still holds is not taken twice."
        )
