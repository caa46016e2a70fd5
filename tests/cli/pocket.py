"""An emulated pocket scanner at the desk: its memory in a file, what is scanned with it, and what its file says.

Owns the short way to scan and to look. It must never hold a test.
"""

import json
from collections.abc import Sequence
from typing import Any

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind
from tests.cli.conftest import Answer, Desk
from tests.domain.trial_scans import event, slot

BEGIN = cards.written(Card(CardKind.BEGIN, "KIM"))
LAPTOP = ("--default", "equipment_type=laptop")
TWO_LAPTOPS = (BEGIN, event("SCAN"), slot("CASE-01", 1), "LT-1", slot("CASE-01", 2), "LT-2")
TOLD = "EMULATED: this scanner is made of software"


class Pocket:
    """The scanner, and the desk at which it is connected."""

    def __init__(self, desk: Desk, scans: Sequence[str] = TWO_LAPTOPS) -> None:
        self.desk = desk
        self.path = desk.folder / "pocket.json"
        self.scan(*scans)

    def scan(self, *texts: str) -> None:
        """Scan codes."""
        words = [word for text in texts for word in ("--scan", text)]
        assert self.desk.type("scanner", "emulate", str(self.path), *words).exit_code == 0

    def words(self, command: str, *options: str) -> list[str]:
        """Return a command about this scanner as it is typed."""
        return ["scanner", command, "--emulate", str(self.path), *options]

    def type(self, command: str, *options: str) -> Answer:
        """Type a command about this scanner, which says that it is emulated."""
        answer = self.desk.type(*self.words(command, *options))
        assert answer.err.startswith(TOLD)
        return answer

    def ask(self, command: str, *options: str, exit_code: int = 0) -> dict[str, Any]:
        """Ask about this scanner with --json; whoever reads stderr is told that it is emulated, and nothing else."""
        answer = self.type(command, "--json", *options)
        assert answer.exit_code == exit_code, answer
        assert answer.err.strip() == f"{TOLD}; its memory is {self.path}."
        found = json.loads(answer.out)
        assert isinstance(found, dict)
        return found

    @property
    def memory(self) -> dict[str, Any]:
        """What its file says."""
        found = json.loads(self.path.read_text("utf-8"))
        assert isinstance(found, dict)
        return found

    def change(self, **values: object) -> None:
        """Change what its file says."""
        self.path.write_text(json.dumps(self.memory | values), "utf-8")

    def set(self, number: str, value: str) -> None:
        """Set a parameter, both in hexadecimal."""
        self.change(parameters=self.memory["parameters"] | {number: value})

    def held(self) -> list[str]:
        """Return the texts that it holds."""
        return [scan["text"] for scan in self.memory["scans"]]

    def pull(self, *options: str) -> str:
        """Pull what it holds, and return the name under which it is kept."""
        return str(self.ask("pull", "--preview", *LAPTOP, *options)["download"])
