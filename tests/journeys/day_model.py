"""A plain model of a day at the station: where each asset is, what happened to it, and which batches there are.

Kept by those who work, from what they meant to do and were told was done; held against what the station says of itself.
Must never ask the station.
"""

import threading
from collections.abc import Mapping

Places = Mapping[str, str]
"""Where assets are, by tag: ``CASE-01/7``, ``with Jane Smith``, or ``nowhere`` where it is not known yet."""

NOWHERE = "nowhere"


class DayModel:
    """What was done this day."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}
        self.events: dict[str, list[str]] = {}
        self.batches: dict[int, int] = {}
        self.receipts: dict[int, int] = {}
        self._turn = threading.Lock()

    def where(self, tags: list[str]) -> dict[str, str]:
        """Where assets are."""
        with self._turn:
            return {tag: self.places.get(tag, NOWHERE) for tag in tags}

    def done(self, event: str, after: Places, batch: int | None = None) -> None:
        """Note a deed that was done, as a batch where it is one."""
        with self._turn:
            self.places |= after
            for tag in after:
                self.events.setdefault(tag, []).append(event)
            if batch is not None:
                assert batch not in self.batches, "two deeds were answered with one batch"
                self.batches[batch] = len(after)

    def issued_receipt(self, number: int, batch: int) -> None:
        """Note a receipt of a batch."""
        with self._turn:
            assert number not in self.receipts, "two receipts have one number"
            self.receipts[number] = batch

    def held(self) -> dict[str, list[str]]:
        """Who has what, by name."""
        found: dict[str, list[str]] = {}
        for tag, place in sorted(self.places.items()):
            if place.startswith("with "):
                found.setdefault(place.removeprefix("with "), []).append(tag)
        return found

    def slots(self) -> dict[str, str]:
        """What is in which slot."""
        return {place: tag for tag, place in self.places.items() if "/" in place}


def place_of(asset: Mapping[str, object]) -> str:
    """Where an asset is by what the programming interface says of it."""
    if asset["case_name"] is not None:
        return f"{asset['case_name']}/{asset['slot_position']}"
    return f"with {asset['holder']}" if asset["holder"] is not None else "loose"
