"""A station served by the program itself, which is killed (SIGKILL) in the middle of its work and started again.

Owns the process: where it is reached, when it dies, and that there is one kill at a time. What is sent to it and what
must be true afterwards is `day_people` and `day_work`. Must never be asked to end in an orderly way before the last.
"""

import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from assettrack import bootstrap
from assettrack.services import accounts, holders, slots
from assettrack.settings import Settings
from tests import ready_program
from tests.web.visitors import cheap_passwords

PASSWORD = "correct horse battery"
SECONDS_MAX = 60
LOOK_SECONDS = 0.01
PROGRAM = ("assettrack",)

Answer = TypeVar("Answer")


class Lost(Exception):
    """No answer came: the server of this generation died before it had said all."""

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.generation = generation


class Moment(NamedTuple):
    """When the server is killed.

    ``seconds`` after a request is sent; or at a durable ``step`` of its work, as `doomed_server` says it; or, where
    neither is said, as soon as the answer is there.
    """

    seconds: float | None = None
    step: str = ""


class People(NamedTuple):
    """Who can sign in at the station, by role, and who can be given something."""

    operators: tuple[str, ...]
    auditor: str
    holders: tuple[str, ...]


class ServedStation:
    """A station on a database in a folder of its own, and the one server that serves it."""

    def __init__(self, folder: Path, program: tuple[str, ...] = PROGRAM) -> None:
        self.folder = folder
        self.generation = 0
        self.tokens: dict[str, str] = {}
        self._command = [*program, "serve", "--port", "0"]
        self.environment = {name: os.environ[name] for name in ready_program.ENVIRONMENT_KEPT if name in os.environ}
        self.environment |= {
            "HOME": str(folder), "ASSETTRACK_DB": str(folder / "station.db"), "ASSETTRACK_OPERATOR": "mara",
            "XDG_DATA_HOME": str(folder / "data"), "XDG_CACHE_HOME": str(folder / "cache"),
        }  # fmt: skip
        self._origin: str | None = None
        self._server: ready_program.ReadyProcess | None = None
        self._changed = threading.Condition()
        self._one_kill = threading.Lock()

    def set_up(self, people: People, cases: list[tuple[str, int]]) -> None:
        """Make the station with its cases, its holders, and an account and a token for each who works there."""
        data = self.folder / "data" / "assettrack"
        settings = Settings(
            self.folder / "station.db", data / "keys", self.folder / "cache" / "assettrack" / "plans", "mara"
        )
        bootstrap.set_up_station(settings, "UTC")
        workplace, passwords = bootstrap.open_workplace(settings), cheap_passwords()
        slots.initialise_cases(workplace, cases)
        for name in people.holders:
            holders.register(workplace, name)
        roles = dict.fromkeys(people.operators, "operator") | {people.auditor: "auditor"}
        for name, role in {"root": "admin", **roles}.items():
            accounts.register(workplace, name, role=role)
            accounts.set_password(workplace, passwords, name=name, password=PASSWORD)
            self.tokens[name] = accounts.make_token(workplace, name=name, label="day", chance=os.urandom).text
        workplace.store.close()  # type: ignore[attr-defined]  # the port need not be closed, the file should be

    # -- the server ---------------------------------------------------------------------------------------------------

    @property
    def log(self) -> str:
        """All that the servers have said."""
        return "".join(each.read_text("utf-8") for each in sorted(self.folder.glob("server-*.log")))

    def start(self) -> None:
        """Start a server on the database and wait until it says where it is."""
        log = self.folder / f"server-{self.generation:04}.log"
        with log.open("wb") as stream:
            self._server = ready_program.start(self._command, self.environment, stderr=stream.fileno())
        last = time.monotonic() + SECONDS_MAX
        while "Ctrl+C" not in (said := log.read_text("utf-8")):
            assert self._server.poll() is None, said
            assert time.monotonic() < last, said
            time.sleep(LOOK_SECONDS)
        found = re.search(r"station is at (\S+)", said)
        assert found is not None, said
        with self._changed:
            self._origin, self.generation = found[1], self.generation + 1
            self._changed.notify_all()

    def kill(self) -> None:
        """Kill the server at once, if it is not dead yet. What is sent to it from then on is lost."""
        assert self._server is not None, "it was not started"
        self._server.kill()
        self._server.wait(SECONDS_MAX)

    def origin(self) -> tuple[str, int]:
        """Wait until a server is there; return where it is, and the how manieth it is."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._origin is not None, SECONDS_MAX), "no server is there"
            assert self._origin is not None, "it was waited for"
            return self._origin, self.generation

    def wait_after(self, generation: int) -> None:
        """Wait until another server than the one that died is there."""
        with self._changed:
            came = self._changed.wait_for(lambda: self.generation > generation and self._origin, SECONDS_MAX)
        assert came, f"server {generation} gave no answer and nobody had killed it:\n{self.log}"

    def killed_during(self, send: Callable[[], Answer], moment: Moment) -> Answer | None:
        """Send a request and kill the server at a moment of it; start another. Return the answer, if one came."""
        with self._one_kill:
            doom = self.folder / "doom"
            timer = None
            if moment.step:
                doom.write_text(moment.step, "utf-8")
            if moment.seconds is not None:
                timer = threading.Timer(moment.seconds, self.kill)
                timer.start()
            try:
                answer: Answer | None = send()
            except Lost:
                answer = None
            if timer is not None:
                timer.join()
            self.kill()
            doom.unlink(missing_ok=True)
            self.start()
        return answer

    def tell(self, *words: str) -> str:
        """Run a command at the station, beside the server; it must end well."""
        done = ready_program.run(["assettrack", *words], self.environment, SECONDS_MAX)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
