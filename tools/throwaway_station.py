"""A station that is thrown away, with a week of plainly fictional work in it: what `screenshots.py` takes pictures of.

Owns the data, which goes on from `examples/`, and the process that serves it. Must never touch a real station.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
PROGRAM = Path(__file__).with_name("fixed_clock.py")

TABLETS, TABLETS_COUNT = "CASE-03", 14
"""The case of some made-up tablets, and how many there are."""

TABLET_ROW = "TAB-{tag:04},2025-10-07T07:{slot:02}:00Z,SCAN,mara,CASE-03,{slot},tablet,SN-T{serial},Examplar,Slate 9"
HEADER = (
    "asset_tag,timestamp,event_type,operator_id,case_number,slot_number,equipment_type,serial_number,manufacturer,model"
)


class ThrowawayStation:
    """A station in a folder of its own: the program, with a clock that is set by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._clock = folder / "clock.txt"
        foreign = ("ASSETTRACK_", "XDG_", "PYTHON")
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        self._environment |= {
            "ASSETTRACK_DB": str(folder / "store-room.db"), "ASSETTRACK_OPERATOR": "mara", "HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "data"), "XDG_CACHE_HOME": str(folder / "cache"),
        }  # fmt: skip

    def set_clock(self, moment: str) -> None:
        """Let it be this moment, in ISO 8601 with its offset."""
        self._clock.write_text(moment, "utf-8")

    def tell(self, *words: str) -> str:
        """Run a command; it must end well."""
        return subprocess.run(
            [sys.executable, str(PROGRAM), str(self._clock), *words],
            cwd=self.folder, env=self._environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=True,
        ).stdout  # fmt: skip

    def write(self, name: str, text: str) -> str:
        """Write a file into the folder; return its name."""
        (self.folder / name).write_text(text, "utf-8")
        return name

    @contextmanager
    def served(self) -> Iterator[str]:
        """Serve the station; yield the link of the first start."""
        command = [sys.executable, str(PROGRAM), str(self._clock), "serve", "--port", "0"]
        with subprocess.Popen(command, env=self._environment, stderr=subprocess.PIPE, text=True) as server:
            try:
                said = ""
                while "Ctrl+C" not in said:
                    line = server.stderr.readline() if server.stderr else ""
                    if not line:
                        raise RuntimeError(f"The station does not start: {said}")
                    said += line
                yield re.findall(r"\S+/setup\S+", said)[0]
            finally:
                server.terminate()


def furnish(station: ThrowawayStation) -> None:
    """Let the week before have happened: deliveries, issues, a correction, a backup."""
    station.set_clock("2025-10-06T15:50:00+00:00")
    shutil.copytree(EXAMPLES, station.folder, dirs_exist_ok=True)
    station.tell("init", "--timezone", "Europe/Berlin")
    station.tell("case", "init", "--from", "cases.txt")
    station.tell("case", "init", TABLETS, "--slots", "20")
    station.tell("commit", "delivery.csv", "--new-holders", "--due", "2025-10-10", "--accepted", "paper", "--yes")
    numbers = range(1, TABLETS_COUNT + 1)
    rows = [TABLET_ROW.format(tag=200 + each, slot=each, serial=8800 + each) for each in numbers]
    station.set_clock("2025-10-07T08:00:00+00:00")
    station.tell("commit", station.write("tablets.csv", "\n".join([HEADER, *rows, ""])), "--yes")
    station.tell("organisation", "add", "Night Observatory")
    for name, organisation in (
        ("Lotte Nagel", "Night Observatory"),
        ("Ines Okafor", "Night Observatory"),
        ("Milan Dvorak", ""),
    ):
        station.tell("holder", "add", name, *(["--organisation", organisation] if organisation else []))
    for day, name, tags in (
        ("08", "Lotte Nagel", ("TAB-0203", "TAB-0204", "TAB-0205")), ("09", "Milan Dvorak", ("TAB-0207",)),
        ("10", "Ines Okafor", ("TAB-0209", "TAB-0210")),
    ):  # fmt: skip
        station.set_clock(f"2025-10-{day}T09:30:00+00:00")
        station.tell("issue", *tags, "--to", name, "--due", "2025-11-14", "--accepted", "paper", "--yes")
    station.set_clock("2025-10-10T10:05:00+00:00")
    seq = re.findall(r"(\d+)\s+\S+\s+ISSUE", station.tell("asset", "history", "TAB-0207"))[-1]
    words = ("--set", "issued_to_name=Ines Okafor", "--reason", "the wrong line of the list", "--yes")
    station.tell("correct", seq, *words)
    station.set_clock("2025-10-12T16:00:00+00:00")
    station.tell("backup", "store-room.backup")
