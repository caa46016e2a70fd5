"""Run as a program on a bare machine: `python first_day.py PROGRAM FOLDER`. Makes a station, serves it, visits it once.

Owns what `test_bundle.py` does with a program that was just installed. It needs the standard library alone, and writes
what it saw to stdout as JSON: whether the network is closed, what the commands said, and the page that was served.
"""

import errno
import fcntl
import json
import os
import re
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

ELSEWHERE = ("192.0.2.1", 9)
"""An address for documents (RFC 5737) that nobody has."""

GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 0x1
"""SIOCGIFFLAGS, SIOCSIFFLAGS and IFF_UP of Linux (netdevice(7))."""

SECONDS_MAX = 60


def open_loopback() -> None:
    """Switch on the one interface that a new network namespace has; where it is on, nothing is touched."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = fcntl.ioctl(any_socket, GET_FLAGS, struct.pack("16sh14x", b"lo", 0))
        flags: int = struct.unpack("16sh14x", asked)[1]
        if not flags & UP:
            fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", flags | UP))


def is_closed() -> bool:
    """Tell whether no way leads out of this machine."""
    try:
        with socket.create_connection(ELSEWHERE, timeout=2):
            return False
    except OSError as error:
        return error.errno == errno.ENETUNREACH


def said(program: str, *words: str) -> str:
    """What a command writes; it must end well."""
    ended = subprocess.run(
        [program, *words], capture_output=True, text=True, timeout=SECONDS_MAX, check=False, stdin=subprocess.DEVNULL
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout + ended.stderr


def page_at(address: str) -> "tuple[int, str]":
    """The status and the text of a page; a server that does not listen yet is given the time to."""
    last = time.monotonic() + SECONDS_MAX
    while True:
        try:
            with build_opener(ProxyHandler({})).open(address, timeout=SECONDS_MAX) as answer:
                return answer.status, answer.read().decode()
        except URLError:
            if time.monotonic() > last:
                raise
            time.sleep(0.1)


def visited(program: str) -> "tuple[str, int, str]":
    """What `serve` says first, and the page to sign in by: its status and its text."""
    with subprocess.Popen(
        [program, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        assert server.stdout is not None
        told = ""
        for line in server.stdout:
            told += line
            if line.startswith("End it"):
                break
        address = re.search(r"The station is at (\S+)", told)
        assert address is not None, told
        try:
            return told, *page_at(f"{address[1]}/sign-in")
        finally:
            server.terminate()


def main() -> None:
    """Walk through the day and tell of it."""
    program, folder = sys.argv[1:]
    Path(folder).mkdir()
    os.environ["HOME"] = folder
    os.chdir(folder)
    open_loopback()
    version, made = said(program, "--version"), said(program, "init", "--timezone", "UTC")
    told, status, page = visited(program)
    seen = {"closed": is_closed(), "version": version, "init": made, "serve": told, "status": status, "page": page}
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main()
