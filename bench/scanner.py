"""What a pull of a full scanner costs: the work of the protocol alone, and a whole pull over a pseudo terminal.

CPU seconds of this process. The emulated scanner is a process of its own, so that its work is not counted.
"""

import argparse
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack

from assettrack.scanner.device import SystemTimes, open_line
from assettrack.scanner.emulated_line import EmulatedTimes
from assettrack.scanner.emulator import EmulatedScanner, Unit
from assettrack.scanner.frames import Command, Progress, ReplyReader
from assettrack.scanner.link import connect
from assettrack.scanner.protocol import UPLOAD
from assettrack.scanner.replies import read_upload


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    reply = _reply(arguments.records)
    print(f"An upload of {arguments.records:,} records, {len(reply):,} bytes; medians of {arguments.rounds} rounds")
    for piece in (4096, 64, 1):
        cost = statistics.median(_protocol(reply, piece, arguments.records) for _ in range(arguments.rounds))
        each = cost / arguments.records * 1e6
        print(f"protocol work in pieces of {piece:>4} bytes: {cost:.3f} CPU s, {each:.1f} us a record")
    cpu, wall = _pulled(arguments.records)
    print(f"a whole pull over a pseudo terminal, once: {cpu:.3f} CPU s, {wall:.1f} s of wall time")


def _reply(records: int) -> bytes:
    """Return what a scanner with so many scans of eleven characters answers."""
    scanner = EmulatedScanner(EmulatedTimes(), Unit(capacity=records))
    for number in range(records):
        scanner.scan(f"LT-{number:08}")
    return b"".join(scanner.receive(UPLOAD))


def _protocol(reply: bytes, piece: int, records: int) -> float:
    """Find the end of the reply in pieces, then read it; return the CPU seconds."""
    begun = time.process_time()
    reader = ReplyReader(Command.UPLOAD)
    for start in range(0, len(reply), piece):
        reader.feed(reply[start : start + piece])
    upload = read_upload(reader.reply, with_stamps=True)
    cost = time.process_time() - begun
    if reader.progress is not Progress.COMPLETE or len(upload.records) != records:
        raise RuntimeError("the upload was not read whole")
    return cost


def _pulled(records: int) -> tuple[float, float]:
    """Pull from a scanner in another process; return the CPU seconds of this one, and those that passed."""
    command = [sys.executable, "-m", "assettrack.scanner.emulated_port", "--fault", f"ten-thousand:1:{records}"]
    with ExitStack() as stack:
        process = stack.enter_context(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        assert process.stdin is not None
        assert process.stdout is not None
        stack.callback(process.stdin.close)
        name = process.stdout.readline().split()[1]
        cpu, wall = time.process_time(), time.monotonic()
        link = connect(lambda: open_line(name), SystemTimes())
        found = len(link.upload(link.settings()).records)
        link.close()
        if found < min(records, Unit().capacity):
            raise RuntimeError(f"{found} records came")
        return time.process_time() - cpu, time.monotonic() - wall


if __name__ == "__main__":
    main()
