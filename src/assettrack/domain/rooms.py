"""Rooms and buildings: the names a station manages, and which organisation may use which building.

Owns how such names are compared: as names of people are. A station that manages no room takes any
text for one; nothing here ever refuses a batch, it only lets a notice be made.
"""

from collections.abc import Iterable

from assettrack.domain.holders import name_key


class Rooms:
    """The managed rooms by name, with the key of each one's building, and who may use which building.

    A building's own name is good for a room too. ``uses`` holds organisation and building key of each use allowed.
    """

    def __init__(
        self, buildings: Iterable[str] = (), rooms: Iterable[tuple[str, str]] = (), uses: Iterable[tuple[int, str]] = ()
    ) -> None:
        self._building_of = {key: key for key in buildings}
        self._building_of.update(rooms)
        self._uses = frozenset(uses)
        self._restricted = frozenset(building for _, building in self._uses)

    @property
    def managed(self) -> bool:
        """Whether the station manages rooms at all."""
        return bool(self._building_of)

    def knows(self, building_room: str) -> bool:
        """Tell whether a text names a managed room or building, or whether none is managed."""
        return not self._building_of or name_key(building_room) in self._building_of

    def may_use(self, organisation_id: int, building_room: str) -> bool:
        """Tell whether an organisation may use the building in which a room is; one that nobody was given is free."""
        building = self._building_of.get(name_key(building_room))
        return building not in self._restricted or (organisation_id, building) in self._uses
