"""New assets of which nobody said what they are: the one stop that is answered once, for all of them.

Owns how it is known among what stops a scan, for queues and downloads alike.
"""

from collections.abc import Iterable

from assettrack.domain.findings import Finding

MISSING = "equipment_type_missing"
"""The code under which the catalogue says that a new asset has no type."""


def lacks_type(stops: Iterable[Finding]) -> bool:
    """Tell whether a scan is stopped because it is of a new asset, and nobody said what it is."""
    return any(found.code == MISSING for found in stops)


def lacks_type_alone(stops: Iterable[Finding]) -> bool:
    """Tell whether a scan is stopped by that, and by nothing else."""
    return {found.code for found in stops} == {MISSING}
