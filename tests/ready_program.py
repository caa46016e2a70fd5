"""Processes of the program that need not start from nothing: each is forked from one that has imported all of it.

An interpreter that imports the station works longer for that than most tests let it serve, and some tests start it a
dozen times. What comes of it is a process like any other, with its own number, files, sockets and surroundings; it
dies by SIGKILL as it would. That the program starts from nothing is proved elsewhere: by the first day in the browser,
the bundle, the walk and the documents.

Owns both ends: `start` for the tests, and what `python -m tests.ready_program` does. Must never keep anything of one
process for the next.
"""

import atexit
import gc
import json
import os
import runpy
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryFile
from threading import Lock
from types import SimpleNamespace, TracebackType
from typing import IO, NoReturn, Self

from tests import ready_command
from tests.ready_command import DIGITS, ask, number

ENVIRONMENT_KEPT = ("PATH", "PYTHONPATH", "LANG", "SYSTEMROOT", "PYTHONDONTWRITEBYTECODE")
STREAMS = 3
LOOK_SECONDS = 0.01
SECONDS_MAX = 60

ROOT = Path(__file__).parents[1]

_turn = Lock()


class ReadyProcess:
    """A process that was forked for a test; it can be asked and ended as one of `subprocess.Popen`."""

    def __init__(self, link: socket.socket, stderr: IO[str] | None) -> None:
        self._link = link
        self._turn = Lock()
        self.stderr = stderr
        self.returncode: int | None = None
        self.pid = number(link)

    def poll(self) -> int | None:
        """Return how it ended, as `subprocess` says it, or None while it lives."""
        with self._turn:
            if self.returncode is None:
                with suppress(BlockingIOError):
                    self.returncode = number(self._link, socket.MSG_DONTWAIT)
                    self._link.close()
            return self.returncode

    def wait(self, timeout: float) -> int:
        """Wait so many seconds for its end, and return how it ended.

        Raises:
            subprocess.TimeoutExpired: it lives on.
        """
        last = time.monotonic() + timeout
        while (ended := self.poll()) is None:
            if time.monotonic() > last:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(LOOK_SECONDS)
        return ended

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it lives."""
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.wait(SECONDS_MAX)
        if self.stderr is not None:
            self.stderr.close()


def start(
    module: Sequence[str], environment: Mapping[str, str], stdout: int | None = None, stderr: int | None = None
) -> ReadyProcess:
    """Start ``python -m`` of a module and its words, which finds nothing to read.

    Where it writes is a file, as its number. What has none: stdout is dropped, stderr can be read from the process.
    """
    reading, writing = os.pipe() if stderr is None else (None, stderr)
    with Path(os.devnull).open("r+b") as nothing, _turn:
        out = nothing.fileno() if stdout is None else stdout
        link = ask(_program(), module, environment, (nothing.fileno(), out, writing))
    if reading is None:
        return ReadyProcess(link, None)
    os.close(writing)
    return ReadyProcess(link, os.fdopen(reading, encoding="utf-8"))


def run(module: Sequence[str], environment: Mapping[str, str], timeout: float) -> "subprocess.CompletedProcess[str]":
    """Run ``python -m`` of a module and its words to the end, which must come in so many seconds; return what it said.

    Raises:
        subprocess.TimeoutExpired: it lives on.
    """
    with TemporaryFile("w+", encoding="utf-8") as stdout, TemporaryFile("w+", encoding="utf-8") as stderr:
        ended = start(module, environment, stdout.fileno(), stderr.fileno()).wait(timeout)
        stdout.seek(0)
        stderr.seek(0)
        return subprocess.CompletedProcess([*module], ended, stdout.read(), stderr.read())


def said_by_server(server: "ReadyProcess | subprocess.Popen[str]") -> str:
    """Return what a server has said once it says that it serves, which is how it is ended."""
    assert server.stderr is not None
    said = ""
    while "Ctrl+C" not in said:
        line = server.stderr.readline()
        assert line, said
        said += line
    return said


def in_shell(folder: Path) -> int:
    """Put the command `assettrack` into a folder, for a shell that has it on its path and inherits this open file."""
    with _turn:
        program = _program().fileno()
    command = folder / "assettrack"
    words = (sys.executable, "-I", "-S", str(Path(ready_command.__file__)), str(program))
    command.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', "utf-8")
    command.chmod(0o755)
    return program


@cache
def _program() -> socket.socket:
    """Start the one process of this run that has imported all; it ends with us."""
    ours, theirs = socket.socketpair()
    environment = {name: os.environ[name] for name in ENVIRONMENT_KEPT if name in os.environ}
    with theirs:
        command = [sys.executable, "-m", "tests.ready_program", str(theirs.fileno())]
        process = subprocess.Popen(
            command,
            env=environment,
            pass_fds=[theirs.fileno()],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.DEVNULL,
        )

    def end() -> None:
        ours.close()
        process.wait(SECONDS_MAX)

    atexit.register(end)
    return ours


# -- the process itself -----------------------------------------------------------------------------------------------


def _import_all() -> None:
    """Import every module of the program, and what they take only when they are used.

    Of what can't be imported those processes complain that need it.
    """
    modules = [each.name for each in walk_packages(import_module("assettrack").__path__, "assettrack.")]
    for name in (*modules, "asyncio", "uvicorn.lifespan.off", "uvicorn.loops.auto", "uvicorn.protocols.http.h11_impl"):
        if not name.endswith("__main__"):
            with suppress(Exception):
                import_module(name)
    with suppress(Exception):
        _prepare_pages()


def _prepare_pages() -> None:
    """Compile the templates and work out the routes, which every server would do anew for its first visitors."""
    rendering = import_module("assettrack.web.rendering")
    for name in rendering.templates().list_templates():
        rendering.templates().get_template(name)
    application = import_module("assettrack.web.app").create_app(SimpleNamespace(origins=frozenset()))
    asked = {"type": "http", "method": "GET", "path": "/nothing", "root_path": "", "headers": []}
    for route in application.routes:
        route.matches(asked)


def _serve(orders: socket.socket) -> None:
    """Fork for each order, until nobody is there to give one."""
    links: dict[int, socket.socket] = {}

    def take_leave(*_signal: object) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                with links.pop(ended[0]) as link, suppress(OSError):  # whoever asked may be gone
                    link.sendall(b"%*d" % (DIGITS, os.waitstatus_to_exitcode(ended[1])))

    signal.signal(signal.SIGCHLD, take_leave)
    while True:
        said, given, _flags, _address = socket.recv_fds(orders, 1, STREAMS + 1)
        if not said:
            return
        link, streams = socket.socket(fileno=given[0]), given[1:]
        with link.makefile("r", encoding="utf-8") as asked:
            order = json.loads(asked.readline())
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        if not (process := os.fork()):
            for each in (orders, link, *links.values()):
                each.close()
            _take(streams)
            _become(order["module"], order["environment"], order["folder"])
        links[process] = link
        link.sendall(b"%*d" % (DIGITS, process))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        for stream in streams:
            os.close(stream)


def _take(streams: Sequence[int]) -> None:
    """Take these files for stdin, stdout and stderr, and signals as they come."""
    for own, stream in enumerate(streams):
        os.dup2(stream, own)
        os.close(stream)
    sys.stdin, sys.stdout = os.fdopen(0, closefd=False), os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, errors="backslashreplace", closefd=False)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def _become(words: Sequence[str], environment: Mapping[str, str], folder: str) -> NoReturn:
    """Do what `python -m` with these words does in these surroundings, and end."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    sys.argv = list(words)
    code: object = 0
    try:
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = ended.code
    except BaseException as error:  # noqa: BLE001 - the last word of an interpreter
        code = 1
        sys.excepthook(type(error), error, error.__traceback__)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(code or 0))  # type: ignore[call-overload]  # our programs end with numbers; freeing all would cost most


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as given:
        _import_all()
        gc.collect()
        gc.freeze()
        _serve(given)
