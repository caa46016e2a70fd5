"""An emulated scanner on a pseudo terminal, so that everything from the opening of a port on is real.

Usable in a thread (`EmulatedPort`) and as a process of its own: ``python -m assettrack.scanner.emulated_port`` says
the name of its port and then does what it is told, a line each. Only systems with pseudo terminals have it.
"""

import argparse
import json
import os
import pty
import select
import sys
import threading
import tty
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Self, TextIO

from assettrack.scanner.device import SystemTimes
from assettrack.scanner.emulated_faults import KINDS, Fault
from assettrack.scanner.emulator import REAPPEAR_SECONDS, EmulatedScanner, Fate
from assettrack.scanner.line import Times
from assettrack.scanner.symbologies import CODE_128

PIECE_BYTES = 4096
WAIT_SECONDS = 0.01
STOP_SECONDS_MAX = 5.0


class EmulatedPort:
    """A scanner behind a port that other programs can open. ``lock`` is held while the scanner is at work.

    A context manager: it runs in a thread of its own inside the ``with``.
    """

    def __init__(self, scanner: EmulatedScanner, reappear_seconds: float = REAPPEAR_SECONDS) -> None:
        self.scanner = scanner
        self.lock = threading.Lock()
        self._reappear_seconds = reappear_seconds
        self._plug_at: float | None = None
        self._ends: tuple[int, int] | None = None
        self._name = ""
        self._waiting = deque[bytes]()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.serve, name="emulated scanner", daemon=True)
        self.plug()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def name(self) -> str:
        """The port to open, the last one while the scanner is unplugged."""
        return self._name

    @property
    def plugged(self) -> bool:
        """Whether there is a port now."""
        return self._ends is not None

    def scan(self, text: str | bytes, symbology: int = CODE_128) -> bool:
        """Read a code, as `EmulatedScanner.scan`."""
        with self.lock:
            return self.scanner.scan(text, symbology)

    def plug(self) -> None:
        """Connect the scanner, to a port with a new name. The far end stays open, so that a reader may come and go."""
        with self.lock:
            self._plugged()

    def unplug(self) -> None:
        """Pull the cable."""
        with self.lock:
            self._unplugged()
        self._stop.wait(2 * WAIT_SECONDS)  # the system hangs up only when our own thread waits on it no more

    def stop(self) -> None:
        """End the thread and close the port."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS_MAX)
        self.unplug()

    def serve(self) -> None:
        """Answer until it is stopped."""
        while not self._stop.is_set():
            with self.lock:
                near = self._ends[0] if self._ends else None
                wants_to_send = [near] if near is not None and self._waiting else []
            readable, writable = self._ready(near, wants_to_send)
            with self.lock:
                self._turn(read=readable, write=writable)

    def _ready(self, near: int | None, wants_to_send: list[int]) -> tuple[bool, bool]:
        """Wait a moment, and return whether the port can be read and written."""
        if near is None:
            self._stop.wait(WAIT_SECONDS)
            return False, False
        try:
            readable, writable, _ = select.select([near], wants_to_send, [], WAIT_SECONDS)
        except (OSError, ValueError):  # it was unplugged just now
            return False, False
        return bool(readable), bool(writable)

    def _turn(self, *, read: bool, write: bool) -> None:
        """Do what is to be done now; the lock is held."""
        if self._ends is None:
            if self._plug_at is not None and self.scanner.times.monotonic() >= self._plug_at:
                self._plugged()
            return
        with suppress(OSError):  # a far end that was closed is an unplugged cable of the other side
            if read:
                self._waiting += self.scanner.receive(os.read(self._ends[0], PIECE_BYTES))
            self._waiting += self.scanner.idle()
            if write:
                self._sent(self._ends[0])
        if not self._waiting and self.scanner.fate is not Fate.STAYS:
            self._vanished()

    def _sent(self, near: int) -> None:
        """Send one piece, as far as the port takes it."""
        piece = self._waiting.popleft()
        done = os.write(near, piece)
        if done < len(piece):
            self._waiting.appendleft(piece[done:])

    def _vanished(self) -> None:
        """Let the cable take what was sent, then vanish, for ever or for a few seconds."""
        if self.scanner.fate is Fate.REAPPEARS:
            self._plug_at = self.scanner.times.monotonic() + self._reappear_seconds
        self._stop.wait(5 * WAIT_SECONDS)
        self._unplugged()

    def _plugged(self) -> None:
        if self._ends is not None:
            return
        self._ends = pty.openpty()
        self._plug_at = None
        tty.setraw(self._ends[1])
        os.set_blocking(self._ends[0], False)
        self._name = os.ttyname(self._ends[1])

    def _unplugged(self) -> None:
        if self._ends is not None:
            for end in self._ends:
                os.close(end)
            self._ends = None
        self._waiting.clear()
        self.scanner.unplugged()


def fault_of(text: str) -> Fault:
    """Return the fault that ``NAME`` or ``NAME:STEP`` or ``NAME:STEP:VALUE`` names.

    Raises:
        ValueError: there is no such fault, or a number is none.
    """
    name, _, numbers = text.partition(":")
    if name not in KINDS:
        raise ValueError(f"there is no fault {name}; there are {', '.join(KINDS)}")
    step, _, value = numbers.partition(":")
    return Fault(name, step=int(step or "1"), value=int(value or "0"))


def told(port: EmulatedPort, line: str) -> str:
    """Do what a line says, and return what came of it.

    ``scan TEXT``, ``clear TEXT``, ``fault NAME:STEP``, ``unplug``, ``plug``, ``state``.
    """
    word, _, rest = line.strip().partition(" ")
    if word == "scan":
        return "stored" if port.scan(rest) else "not stored"
    if word == "plug":
        port.plug()
        return f"port {port.name}"
    if word == "unplug":
        port.unplug()
        return "unplugged"
    with port.lock:
        if word == "clear":
            return "deleted" if port.scanner.press_clear(rest) else "not deleted"
        if word == "fault":
            port.scanner.arm(fault_of(rest))
            return "armed"
        records = [record.hex() for record in port.scanner.records]
        return json.dumps({"port": port.name, "records": records, "heard": [int(one) for one in port.scanner.heard]})


def main(arguments: Sequence[str] | None = None, came: TextIO | None = None, said: TextIO | None = None) -> None:
    """Run one emulated scanner, told what to do by lines."""
    came, said = came or sys.stdin, said or sys.stdout
    parser = argparse.ArgumentParser(description="An OPN-200x made of software, on a pseudo terminal.")
    parser.add_argument("--scan", action="append", default=[], metavar="TEXT", help="a code it holds; may come again")
    parser.add_argument("--fault", action="append", default=[], type=fault_of, metavar="NAME[:STEP[:VALUE]]")
    options = parser.parse_args(arguments)
    times: Times = SystemTimes()
    scanner = EmulatedScanner(times, faults=options.fault)
    for text in options.scan:
        scanner.scan(text)
    with EmulatedPort(scanner) as port:
        said.write(f"port {port.name}\n")
        said.flush()
        for line in came:
            if line.strip() == "quit":
                break
            said.write(told(port, line) + "\n")
            said.flush()


if __name__ == "__main__":
    main()
