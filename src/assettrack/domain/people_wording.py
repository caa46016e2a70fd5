"""What entries about people, places of work, acceptances, accounts and the door are about, in a line."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from assettrack.domain.entries.accounts import (
    AccountChangeEntry,
    AccountEntry,
    AccountFacts,
    ApiTokenEntry,
    ApiTokenRevokedEntry,
    CredentialEntry,
    SecondFactorEntry,
    SecurityEntry,
)
from assettrack.domain.entries.base import Entry
from assettrack.domain.entries.custody import AcceptanceEntry
from assettrack.domain.entries.people import (
    BuildingEntry,
    BuildingUseEntry,
    ContactEntry,
    HolderChangeEntry,
    HolderFacts,
    OrganisationEntry,
    RoomEntry,
)
from assettrack.domain.wording import counted


def _holder_change(entry: HolderChangeEntry) -> str:
    """Return what a change of a holder was, in a line."""
    parts = [
        f"{name}: {before} to {after}"
        for name, before, after in zip(
            ("name", "organisation", "identifier", "active"), _shown(entry.before), _shown(entry.after), strict=True
        )
        if before != after
    ]
    if entry.with_assets:
        parts.append(f"with {counted(entry.with_assets, 'asset')}")
    remark = f" ({entry.reason})" if entry.reason else ""
    return f"holder {entry.holder_id}: {', '.join(parts)}{remark}"


def _shown(facts: HolderFacts) -> tuple[str, str, str, str]:
    return facts.name, str(facts.organisation_id), facts.identifier or "none", "yes" if facts.active else "no"


PEOPLE_SAYINGS: Mapping[type[Entry], Callable[[Any], str]] = MappingProxyType(
    {
        HolderChangeEntry: _holder_change,
        ContactEntry: lambda e: (
            f"contact data of holder {e.holder_id} {'erased' if e.contact_sha256 is None else 'written'}: {e.name}"
        ),
        OrganisationEntry: lambda e: f"organisation {e.organisation_id}: {e.name}",
        BuildingEntry: lambda e: f"building {e.building}",
        RoomEntry: lambda e: f"room {e.room} in building {e.building}",
        BuildingUseEntry: lambda e: f"{e.organisation} {'may' if e.allowed else 'may no longer'} use {e.building}",
        AcceptanceEntry: lambda e: f"batch {e.batch_id} with {e.name} accepted by {e.accepted_by} ({e.how})",
    }
)
"""What entries about people, places of work and acceptances are about, in a line."""


def _account_change(entry: AccountChangeEntry) -> str:
    """Return what a change of an account was, in a line."""
    parts = [
        f"{name}: {before} to {after}"
        for name, before, after in zip(
            ("role", "active"), _account_shown(entry.before), _account_shown(entry.after), strict=True
        )
        if before != after
    ]
    return f"account {entry.account_id}, {entry.name}: {', '.join(parts)} ({entry.reason})"


def _credential(entry: CredentialEntry) -> str:
    became = "taken away" if entry.credential_sha256 is None else "set"
    return f"{'one-time ' if entry.one_time else ''}password of account {entry.account_id} {became}: {entry.name}"


def _second_factor(entry: SecondFactorEntry) -> str:
    became = "off" if entry.secret_sha256 is None else "on"
    why = f" ({entry.reason})" if entry.reason else ""
    return f"second factor of account {entry.account_id} turned {became}: {entry.name}{why}"


def _security(entry: SecurityEntry) -> str:
    """Return what happened at the door, in a line."""
    who = f": account {entry.account_id}, {entry.name}" if entry.account_id is not None else ""
    where = f" from {entry.address}" if entry.address else ""
    detail = f" ({entry.detail})" if entry.detail else ""
    often = f", {counted(entry.times, 'time')} in a row" if entry.times > 1 else ""
    return f"{entry.event.replace('_', ' ')}{who}{where}{detail}{often}"


def _account_shown(facts: AccountFacts) -> tuple[str, str]:
    return facts.role, "yes" if facts.active else "no"


ACCOUNT_SAYINGS: Mapping[type[Entry], Callable[[Any], str]] = MappingProxyType(
    {
        AccountEntry: lambda e: f"account {e.account_id}, {e.role}: {e.name}",
        AccountChangeEntry: _account_change,
        CredentialEntry: _credential,
        SecondFactorEntry: _second_factor,
        ApiTokenEntry: lambda e: f"token {e.token_id} of account {e.account_id}, {e.name}: {e.label}",
        ApiTokenRevokedEntry: lambda e: f"token {e.token_id} of account {e.account_id}, {e.name}, revoked: {e.label}",
        SecurityEntry: _security,
    }
)
"""What entries about accounts and the door are about, in a line."""
