"""The command `assettrack` for a shell: the ready program does it with this process's own streams and surroundings.

Run by `ready_program.in_shell` as `python -I -S ready_command.py NUMBER WORDS...`, with the number of the open socket
to the ready program. Must import next to nothing: it is to cost less than the program's own start.
"""

import json
import os
import socket
import sys
from collections.abc import Mapping, Sequence

DIGITS = 10
"""So many bytes tell a number of a process, and how it ended."""


def ask(
    program: socket.socket, module: Sequence[str], environment: Mapping[str, str], streams: Sequence[int]
) -> socket.socket:
    """Ask the ready program for ``python -m`` of a module and its words; return what tells of its process.

    ``streams`` are the numbers of the files for stdin, stdout and stderr.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(program, [b"!"], [theirs.fileno(), *streams])
    order = {"module": list(module), "environment": dict(environment), "folder": os.getcwd()}  # noqa: PTH109 - pathlib is slow to import
    ours.sendall(json.dumps(order).encode() + b"\n")
    return ours


def number(link: socket.socket, flags: int = socket.MSG_WAITALL) -> int:
    """Return the next number that is told of a process: first its own, then how it ended, as `subprocess` says it."""
    return int(link.recv(DIGITS, flags))


def main() -> int:
    """Have a command done, and return how it ended."""
    with socket.socket(fileno=int(sys.argv[1])) as program:
        link = ask(program, ["assettrack", *sys.argv[2:]], os.environ, (0, 1, 2))
    with link:
        number(link)
        return number(link)


if __name__ == "__main__":
    sys.exit(main())
