"""What an account may do: each role gives permissions, each route needs one.

Owns the one table of roles. Nothing is allowed that no route declares.
"""

import enum
from types import MappingProxyType


class Permission(enum.StrEnum):
    """What a route needs of whoever calls it."""

    PUBLIC = "public"
    """Nothing: signing in, and what the pages are drawn with."""

    SIGNED_IN = "signed in"
    """A session, be it locked or its password due to be changed: unlocking, signing out, one's own password."""

    VIEW = "view"
    """To look."""

    OPERATE = "operate"
    """To change what is recorded of assets, holders and counts: to scan, commit, issue, return, count and correct."""

    AUDIT = "audit"
    """To verify the log and take it away."""

    ADMIN = "admin"
    """To change who may do what, how the station works, its cases, buildings and rooms."""


ROLES = MappingProxyType(
    {
        "viewer": frozenset({Permission.VIEW}),
        "auditor": frozenset({Permission.VIEW, Permission.AUDIT}),
        "operator": frozenset({Permission.VIEW, Permission.OPERATE}),
        "admin": frozenset({Permission.VIEW, Permission.OPERATE, Permission.AUDIT, Permission.ADMIN}),
    }
)
"""What each role of `domain.accounts` may do."""


def allows(role: str, needed: Permission) -> bool:
    """Tell whether a role gives a permission; a role that is not in the table gives none."""
    return needed in {Permission.PUBLIC, Permission.SIGNED_IN} or needed in ROLES.get(role, frozenset())
