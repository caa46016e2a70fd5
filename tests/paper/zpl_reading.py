"""What a printer takes from ZPL II: a small reader of the commands that labels use, after the programming guide.

Owns nothing of ours. Everything that it does not know fails.
"""

import re
from dataclasses import dataclass, field

_COMMAND = re.compile(r"\^(XA|XZ|CI|PW|LL|LH|FO|FT|FB|FH|FD|FS|BY|BC|BQ|BX|A0)([^^~]*)", re.DOTALL)
_NUMBERED = re.compile(r"_([0-9A-F]{2})")
_SETS = {">:": "B", ">;": "C", ">5": "C", ">6": "B"}


@dataclass
class Field:
    """A field: the commands that came before its data, with what they say, and the data as the printer has them."""

    said: dict[str, str] = field(default_factory=dict)
    data: str = ""

    @property
    def place(self) -> tuple[int, int]:
        """Where it is, in dots."""
        across, down = self.said["FO" if "FO" in self.said else "FT"].split(",")
        return int(across), int(down)

    @property
    def kind(self) -> str:
        """What it is: the command of a code, or of a font."""
        return next(name for name in ("BC", "BQ", "BX", "A0") if name in self.said)

    @property
    def text(self) -> str:
        """What is printed, or what a reader of the code gets."""
        if self.kind == "BQ":
            assert self.data.startswith("MA,")
            return self.data[3:]
        return text_of_bars(self.data) if self.kind == "BC" else self.data


@dataclass
class Format:
    """A label: its size in dots, and its fields."""

    wide: int
    high: int
    fields: list[Field]


def read_zpl(data: bytes) -> list[Format]:
    """Return the labels in a file. A tilde or a command that is not known fails."""
    text = data.decode()
    assert "~" not in text
    assert _COMMAND.sub("", text) == ""
    formats: list[Format] = []
    current = Field()
    is_open = False
    for found in _COMMAND.finditer(text):
        name, said = found[1], found[2].removesuffix("\n")
        if name == "XA":
            assert not is_open
            is_open = True
            formats.append(Format(0, 0, []))
        elif name == "XZ":
            assert is_open
            is_open = False
        elif name == "CI":
            assert said == "28"
        elif name in {"PW", "LL"}:
            setattr(formats[-1], "wide" if name == "PW" else "high", int(said))
        elif name == "FD":
            assert "FH" in current.said
            assert "_" not in _NUMBERED.sub("", said)
            current.data = _NUMBERED.sub(lambda number: chr(int(number[1], 16)), said)
        elif name == "FS":
            formats[-1].fields.append(current)
            current = Field()
        else:
            current.said[name] = said
    assert not is_open
    return formats


def text_of_bars(data: str) -> str:
    """Return what bars hold, as the printer takes it: a set is said at the start and at each change."""
    assert data[:2] in {">:", ">;"}
    text, current = "", ""
    for change, part in re.findall(r"(>.)([^>]*)", data):
        assert _SETS[change] != current
        current = _SETS[change]
        assert current == "B" or (part.isdecimal() and len(part) % 2 == 0)
        text += part
    return text
