"""`make demo`: a walk through the program, on a scratch station in a temporary folder.

Owns the story: which commands are run, in which order, and what is said between them. Every command
is run for real by a shell, as a reader would run it, and its output is shown as it came; where one
does not end as the story says, the walk ends there. Must never touch the user's own station.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
PROGRAM = Path(sys.executable).parent / "assettrack"
DATABASE = "store-room.db"
COLUMNS_MAX = 100
INDENT = "    "

_CODE = re.compile(r"--confirm ([0-9A-Z]{4}-[0-9A-Z]{4})")


class OtherEnding(Exception):
    """Something did not end as the story says."""


class Screen:
    """What the reader sees: sentences at the margin, commands and their output indented."""

    def __init__(self) -> None:
        self.columns = min(COLUMNS_MAX, shutil.get_terminal_size((COLUMNS_MAX, 24)).columns)
        self.styled = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        self._chapters = 0

    def chapter(self, title: str) -> None:
        """Begin the next chapter."""
        self._chapters += 1
        line = f"{self._chapters}. {title} "
        print(f"\n{self._bold(line)}{'-' * (self.columns - len(line))}\n")

    def say(self, text: str) -> None:
        """Say something between commands."""
        print(textwrap.fill(" ".join(text.split()), self.columns, break_on_hyphens=False), end="\n\n")

    def command(self, line: str) -> None:
        """Show a command before it is run."""
        print(self._bold(f"{INDENT}$ {line}"), flush=True)

    def output(self, text: str) -> None:
        """Show what a command wrote, as it came."""
        print(textwrap.indent(f"{text}\n" if text else "", INDENT))

    def _bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.styled else text


class ScratchStation:
    """A station in a folder of its own, and a shell there: nothing of the user's is read or written."""

    def __init__(self, folder: Path, screen: Screen) -> None:
        self.folder = folder
        self._screen = screen
        self._variables = {
            "ASSETTRACK_DB": str(folder / DATABASE),
            "ASSETTRACK_OPERATOR": "mara",
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        foreign = ("ASSETTRACK_", "XDG_", "PYTHON")
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        self._environment |= self._variables
        self._environment["PATH"] = f"{PROGRAM.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        self._environment["COLUMNS"] = str(screen.columns - len(INDENT))
        self._environment["PYTHONIOENCODING"] = f"{sys.stdout.encoding}:backslashreplace"
        if screen.styled:
            self._environment["FORCE_COLOR"] = "1"

    def run(self, line: str, exit_code: int = 0) -> str:
        """Show a command line, run it, show what it wrote and return that.

        Raises:
            OtherEnding: it exited with another code.
        """
        self._screen.command(line)
        ended = subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        written = ended.stdout.decode(sys.stdout.encoding, "backslashreplace").rstrip("\n")
        self._screen.output(f"{written}\n[exit code {ended.returncode}]" if ended.returncode else written)
        if ended.returncode != exit_code:
            raise OtherEnding(f"{line} exited with {ended.returncode}, and not with {exit_code}")
        return written

    def preview(self, batch: str) -> str:
        """Preview a batch and return the confirm code that its page shows.

        Raises:
            OtherEnding: it shows none.
        """
        return self.confirm_code(f"assettrack preview {batch}")

    def confirm_code(self, line: str) -> str:
        """Run a command that previews and return the confirm code that its page shows.

        Raises:
            OtherEnding: it shows none.
        """
        found = _CODE.search(self.run(line))
        if found is None:
            raise OtherEnding(f"{line} showed no confirm code")
        return found[1]

    def write_entrance(self) -> Path:
        """Write a file by which a shell can go on with this station, and return its path.

        The shell gets a function, not our variables: whatever else it runs is not led here.
        """
        settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in self._variables.items())
        function = f'assettrack() {{ {settings} command {shlex.quote(str(PROGRAM))} "$@"; }}\n'
        entrance = self.folder / "enter.sh"
        entrance.write_text(f"{function}cd {shlex.quote(str(self.folder))}\n", "utf-8")
        return entrance


def main() -> int:
    """Walk through the program and return the exit code."""
    if not PROGRAM.exists():
        print(f"There is no program {PROGRAM}. Start the walk with: make demo", file=sys.stderr)
        return 1
    screen = Screen()
    folder = Path(tempfile.mkdtemp(prefix="assettrack-demo-"))
    shutil.copytree(EXAMPLES, folder, dirs_exist_ok=True)
    station = ScratchStation(folder, screen)
    screen.say(
        """This is a walk through AssetTrack, on a station made up for it. Each command is run for real; what stands
        under it is what it wrote. The story: a store room keeps laptops and cameras in two cases, one to a slot."""
    )
    try:
        for tell in (_prepare, _mistakes, _good_batch, _stale, _look, _verify, _again, _tamper, _roll_back, _scanner):
            tell(station, screen)
    except OtherEnding as ending:
        print(f"The walk ends here, and should not: {ending}. Its files are in {folder}.", file=sys.stderr)
        return 1
    _farewell(station, screen)
    return 0


def _prepare(station: ScratchStation, screen: Screen) -> None:
    screen.chapter("A station, two cases, one holder")
    screen.say("A station is a database file, and a key that signs its log. Slots exist before anything is in them.")
    station.run("assettrack init --timezone UTC")
    station.run("assettrack case init --from cases.txt")
    station.run('assettrack holder add "Noor Haddad"')


def _mistakes(station: ScratchStation, screen: Screen) -> None:
    screen.chapter("A batch full of mistakes")
    screen.say(
        """A preview says everything that is wrong, at once. Problems are seen from the file alone; refusals come
        from the present state. Nothing is guessed, mended or skipped, and a preview can't save."""
    )
    station.run("assettrack preview mistakes.csv", exit_code=3)


def _good_batch(station: ScratchStation, screen: Screen) -> None:
    screen.chapter("A good batch: previewed, confirmed, committed")
    screen.say("The scans of a day: eight new assets, three of them issued, one back in the afternoon.")
    code = station.preview("delivery.csv --new-holders")
    screen.say("The code stands for exactly these changes. With it, one transaction saves all of them, or none.")
    station.run(f"assettrack commit delivery.csv --new-holders --confirm {code}")
    screen.say("Somebody puts a copy of the database aside. It will be needed at the end.")
    station.run(f"cp {DATABASE} this-afternoon.db")


def _stale(station: ScratchStation, screen: Screen) -> None:
    screen.chapter("What was previewed is what is committed, or nothing is")
    screen.say("In the evening Mara previews two scans. Before she confirms, Jonas moves one of the two assets.")
    code = station.preview("evening.csv")
    station.run("assettrack commit colleague.csv --yes --operator jonas")
    screen.say("The commit would now do something else than the page said. It stops, and names the row.")
    station.run(f"assettrack commit evening.csv --confirm {code}", exit_code=4)
    screen.say("She previews again, sees where LT-0003 really is, and confirms that.")
    code = station.preview("evening.csv")
    station.run(f"assettrack commit evening.csv --confirm {code}")


def _look(station: ScratchStation, screen: Screen) -> None:
    screen.chapter("Where everything is, and how it got there")
    station.run("assettrack case show CASE-01")
    station.run("assettrack asset history LT-0003")


def _verify(station: ScratchStation, screen: Screen) -> None:
    screen.chapter("The log is verified")
    screen.say(
        """All hashes are made again and all signatures checked, every entry is decided again by the same rules, and
        the outcome is compared with the tables. Then a checkpoint is taken. It belongs elsewhere: on paper, on
        another machine."""
    )
    station.run("assettrack audit verify")
    station.run("assettrack audit checkpoint > checkpoint.txt && cat checkpoint.txt")


def _again(station: ScratchStation, screen: Screen) -> None:
    screen.chapter("The same file again")
    screen.say("Scanners are not always cleared, and answers get lost. No row is ever recorded twice.")
    station.run("assettrack commit delivery.csv --new-holders --yes")


def _tamper(station: ScratchStation, screen: Screen) -> None:
    screen.chapter("Somebody changes history")
    screen.say("In a copy, by a few bytes of the file, LT-0004 was issued to somebody else.")
    station.run(f"""LC_ALL=C sed 's/_name":"Tomas Brandt/_name":"Lotte Nagel!/' {DATABASE} > tampered.db""")
    if (station.folder / "tampered.db").read_bytes() == (station.folder / DATABASE).read_bytes():
        raise OtherEnding("the bytes to be changed are not in the file")
    station.run("assettrack audit verify --db tampered.db", exit_code=5)


def _roll_back(station: ScratchStation, screen: Screen) -> None:
    screen.chapter("Somebody puts an old copy back")
    screen.say(
        """Nothing in the copy of this afternoon is forged, so by itself it is good. Only a checkpoint that was kept
        elsewhere shows that something is missing."""
    )
    station.run("assettrack audit verify --db this-afternoon.db")
    station.run("assettrack audit verify --db this-afternoon.db --checkpoint checkpoint.txt", exit_code=5)


def _scanner(station: ScratchStation, screen: Screen) -> None:
    screen.chapter("A pocket scanner, emulated")
    screen.say(
        """Two more laptops arrive. Mara scans with a pocket scanner: her card, the card of the event, and before each
        laptop the label of its slot. Here the scanner is made of software, and says so; a real one is used without
        --emulate."""
    )
    station.run('assettrack scanner emulate pocket.json --scan "AT BMARAU" --scan "AT ESCANC"')
    station.run('assettrack scanner emulate pocket.json --scan "AT S011CASEZD02G" --scan LT-0007')
    station.run('assettrack scanner emulate pocket.json --scan "AT S012CASEZD029" --scan LT-0008')
    screen.say("Pulling erases nothing. What was pulled is kept before anything is done with it.")
    pull = "assettrack scanner pull --emulate pocket.json --default equipment_type=laptop"
    code = station.confirm_code(f"{pull} --preview")
    screen.say("Only what is proven to be committed is cleared from the scanner, and the log says so.")
    station.run(f"{pull} \\\n{INDENT}    --confirm {code} --clear")
    station.run("assettrack scanner downloads")


def _farewell(station: ScratchStation, screen: Screen) -> None:
    screen.chapter("Go on from here")
    screen.say("All files of this walk are in one folder, which you may delete when you are done:")
    print(f"{INDENT}{station.folder}\n")
    screen.say("To go on with this station in your shell:")
    tries = (
        (f". {shlex.quote(str(station.write_entrance()))}", ""),
        ("assettrack slot move LT-0005 CASE-02 7", "# a typed deed"),
        ("assettrack slot move LT-0006 CASE-02 7", "# a hard stop: who is there"),
        ("assettrack commit next-day.csv --new-holders", "# shows the preview and asks"),
        ("assettrack asset list --status IN_CUSTODY", "# who has what"),
        ("assettrack audit prove 15", "# an entry, proved to whoever has the public key"),
        ("assettrack doctor", "# is the station fit for work?"),
    )
    for command, what in tries:
        print(f"{INDENT}{command:<46}{what}".rstrip())
    print()
    screen.say("Then read docs/tutorial.md. README.md says what is promised, and how to check each promise.")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (BrokenPipeError, KeyboardInterrupt):  # the reader has seen enough
        os._exit(1)  # no farewell from Python to a reader who is gone
