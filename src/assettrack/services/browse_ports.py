"""What looking around needs of the database, as a Protocol beside `ports`."""

from collections.abc import Sequence
from typing import Protocol

from assettrack.domain.browsing import AssetFilter, ListedAsset, Occupant
from assettrack.domain.holders import Holder


class BrowseSource(Protocol):
    """The present state as somebody looks around in it."""

    def assets(self, wanted: AssetFilter, after: str, limit: int) -> Sequence[ListedAsset]:
        """Return the first assets of a filter after a tag, by tag."""

    def count(self, wanted: AssetFilter) -> int:
        """Return how many assets a filter has."""

    def status_counts(self) -> dict[str, int]:
        """Return how many assets have each status."""

    def equipment_types(self) -> Sequence[str]:
        """Return all equipment types, in order."""

    def occupants(self, case_name: str) -> Sequence[Occupant]:
        """Return the slots of a case with what is in them; nothing for an unknown case."""

    def tags_by_serial(self, beginning: str, limit: int) -> Sequence[str]:
        """Return the assets whose serial number begins like this."""

    def cases_from(self, beginning: str, limit: int) -> Sequence[str]:
        """Return the cases whose name begins like this."""

    def holders_with(self, part: str, limit: int) -> Sequence[Holder]:
        """Return the holders whose name has this part, both in the form that all spellings have in common."""
