"""Plans that are kept nowhere: what is looked at without a code being shown. Must never know anything."""

from collections.abc import Iterable

from assettrack.domain.plans import Options, ShownPlan


class NoShelf:
    """Keeps no plan: what is shown while scanning can't be confirmed."""

    def keep(self, code: str, source_sha256: str, options: Options, blocks: Iterable[bytes]) -> None:
        """Keep nothing."""

    def find(self, code: str) -> ShownPlan | None:  # noqa: ARG002 - the shelf's signature
        """Know nothing."""
        return None

    def of(self, account_id: int) -> "NoShelf":  # noqa: ARG002 - the shelf's signature
        """Keep nothing of anybody."""
        return self
