"""Replies that were changed at random, alone and in whole conversations: always an answer of ours, never a clear."""

import random
from collections.abc import Callable
from contextlib import suppress

import pytest

from assettrack.domain.errors import AssetTrackError
from assettrack.domain.scanner_errors import ScannerAnswerDamaged, ScannerCommandRefused
from assettrack.scanner import protocol
from assettrack.scanner.clearing import Stored, clear
from assettrack.scanner.emulated_line import EmulatedBus
from assettrack.scanner.emulator import EmulatedScanner, Unit
from assettrack.scanner.frames import Command, Progress, ReplyReader, checksum
from tests.conftest import Figure, soak_n
from tests.scanner.conversations import CLEAR_FRAME, CODES, pulled
from tests.scanner.vectors import REPLIES

IN_THE_SUITE = 2_000
IN_A_SOAK = 100_000

ANOTHER = Unit(serial_field=bytes.fromhex("0000000000424242"))
"""Another scanner than that of the known replies, for one of those, put in the place of an upload, is not damage."""


def flipped(raw: bytearray, chance: random.Random) -> None:
    """Flip some bits."""
    for _ in range(chance.randint(1, 4)):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)


def cut(raw: bytearray, chance: random.Random) -> None:
    """Leave some bytes out."""
    start = chance.randrange(len(raw))
    del raw[start : start + chance.randint(1, 6)]


def swelled(raw: bytearray, chance: random.Random) -> None:
    """Put some bytes in."""
    place = chance.randrange(len(raw) + 1)
    raw[place:place] = chance.randbytes(chance.randint(1, 6))


def repeated(raw: bytearray, chance: random.Random) -> None:
    """Say a part twice."""
    start = chance.randrange(len(raw))
    raw[start:start] = raw[start : start + chance.randint(1, 20)]


def replaced(raw: bytearray, chance: random.Random) -> None:
    """Say something else."""
    raw[:] = chance.choice(REPLIES).raw if chance.random() < 0.5 else chance.randbytes(chance.randint(1, 40))


def length_set(raw: bytearray, chance: random.Random) -> None:
    """Set a byte to a number that lengths and ends have."""
    raw[chance.randrange(len(raw))] = chance.choice([0, 1, 2, 4, 5, 250, 251, 255])


CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flipped,
    cut,
    swelled,
    repeated,
    replaced,
    length_set,
)


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """The reply, changed in up to three ways; half of the time with a checksum that fits."""
    changed = bytearray(raw)
    for change in chance.sample(CHANGES, chance.randint(1, 3)):
        if changed:
            change(changed, chance)
    if len(changed) > 2 and chance.random() < 0.5:
        changed[-2:] = checksum(bytes(changed[:-2]))
    return bytes(changed)


def read_mutated(count: int, seed: int) -> dict[str, int]:
    """Read so many changed replies and count what came of them; anything but an answer of ours is raised."""
    chance = random.Random(seed)
    seen = {"read": 0, "refused": 0}
    for _ in range(count):
        vector = chance.choice(REPLIES)
        raw = mutated(vector.raw, chance)
        command = vector.command if chance.random() < 0.8 else chance.choice(list(Command))
        try:
            protocol.read_reply(command, raw, with_stamps=chance.random() < 0.7)
        except (ScannerAnswerDamaged, ScannerCommandRefused) as error:
            seen["refused"] += error.raw == raw
        else:
            seen["read"] += 1
        assert ReplyReader(command).feed(raw) in Progress
    assert sum(seen.values()) == count, f"seed {seed}: a refusal lost its bytes"
    return seen


class Lying(EmulatedScanner):
    """A scanner some of whose answers are changed on the way."""

    chance = random.Random(0)
    share = 0.3
    lies = 0

    def receive(self, data: bytes) -> list[bytes]:
        """Answer, and change the answer sometimes."""
        whole = b"".join(super().receive(data))
        if not whole or self.chance.random() > self.share:
            return [whole] if whole else []
        self.lies += 1
        changed = mutated(whole, self.chance)
        middle = self.chance.randrange(len(changed) + 1)
        return [piece for piece in (changed[:middle], changed[middle:]) if piece]


def talked(seed: int) -> tuple[int, bool]:
    """Pull from a lying scanner, then try to clear it by what was read; return its lies, and whether it was cleared."""
    bus = EmulatedBus()
    scanner = Lying(bus.times, ANOTHER)
    scanner.chance = random.Random(seed)
    for code in CODES:
        scanner.scan(code)
    bus.plug(scanner)
    held = list(scanner.records)
    true = b"".join(EmulatedScanner.receive(scanner, protocol.UPLOAD))
    scanner.heard.clear()
    try:
        link, upload = pulled(bus)
    except AssetTrackError:
        assert scanner.records == held, f"seed {seed}"
        assert CLEAR_FRAME not in bus.sent, f"seed {seed}"
        return scanner.lies, False
    assert CLEAR_FRAME not in bus.sent, f"seed {seed}"
    with suppress(AssetTrackError):
        clear(link, link.settings(), Stored.read_back(upload.raw))
    assert scanner.records == held or upload.raw == true, f"seed {seed}: cleared of what was not read"
    return scanner.lies, not scanner.records


def test_changed_replies_are_read_or_refused(figure: Figure) -> None:
    """Each has an answer: a value, or a refusal that keeps the bytes."""
    seen = read_mutated(IN_THE_SUITE, seed=1)
    assert seen["refused"] > IN_THE_SUITE / 2
    assert seen["read"] > 0
    figure(f"replies changed at random: {IN_THE_SUITE} read, {seen['refused']} refused")


def test_conversations_with_changed_replies_lose_nothing(figure: Figure) -> None:
    """A pull ends in scans or in an error of the catalogue; only what was truly read is ever cleared."""
    ended = [talked(seed) for seed in range(500)]
    lies = sum(count for count, _ in ended)
    assert lies > 500
    assert 0 < sum(cleared for _, cleared in ended) < len(ended)
    figure(f"conversations with {lies} replies changed at random: {len(ended)}")


@pytest.mark.soak
def test_many_changed_replies_are_read_or_refused(figure: Figure) -> None:
    """As above, as many as are asked for, or 100,000."""
    count = soak_n(IN_A_SOAK)
    seen = read_mutated(count, seed=2)
    figure(f"replies changed at random: {count} read, {seen['refused']} refused")


@pytest.mark.soak
def test_many_conversations_lose_nothing(figure: Figure) -> None:
    """As above, until as many replies were changed as are asked for, or 100,000."""
    lies, seed = 0, 1_000_000
    while lies < soak_n(IN_A_SOAK):
        lies += talked(seed)[0]
        seed += 1
    figure(f"conversations with {lies} replies changed at random: {seed - 1_000_000}")
