"""What the cards and codes among some scans stand for at the station now.

Owns the look-up. Reads the present state, and changes nothing.
"""

from collections.abc import Sequence

from assettrack.domain.asset_codes import Gs1Reader
from assettrack.domain.card_catalogue import CardCatalogue, marked, named_by
from assettrack.domain.cards import CardKind
from assettrack.domain.facts import Account
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.tags import NotATag, parse_asset_tag
from assettrack.services.card_marks import marks_of_accounts, marks_of_holders
from assettrack.services.case_forms import looking_like_cases
from assettrack.services.code_reading import codes_said
from assettrack.services.ports import Snapshot


def catalogue_of(snapshot: Snapshot, scans: Sequence[RawScan], read_gs1: Gs1Reader) -> CardCatalogue:
    """Return what the cards and codes among scans stand for; what is not in it, the station does not know."""
    named = named_by(scans)
    spelled = {key: found for key in named.spelled if (found := snapshot.accounts.named(key)) is not None}
    numbered = (snapshot.fact(Account, number) for number in named.accounts)
    accounts = {each.account_id: each for each in (*numbered, *spelled.values()) if each is not None}
    found_holders = ((number, snapshot.holder(number)) for number in named.holders)
    holders = {number: found.name for number, found in found_holders if found is not None}
    of_accounts = marks_of_accounts(snapshot, named.accounts & accounts.keys())
    sizes = {name: len(snapshot.slots_of(name)) for name in named.cases}
    like_cases, case_forms = map(frozenset, looking_like_cases(snapshot, named.cases))
    return CardCatalogue(
        operators={number: found.name for number, found in accounts.items()},
        deactivated=frozenset(number for number, found in accounts.items() if not found.active),
        accounts_only=snapshot.last(Account) is not None,
        spelled={key: found.account_id for key, found in spelled.items()},
        holders=holders,
        marks={
            **{marked(CardKind.BEGIN, number): mark for number, mark in of_accounts.items()},
            **{marked(CardKind.HOLDER, number): mark for number, mark in marks_of_holders(snapshot, holders).items()},
        },
        cases={name: size for name, size in sizes.items() if size},
        cases_and_assets=frozenset(name for name, size in sizes.items() if size and _is_asset(snapshot, name)),
        like_cases=like_cases,
        case_forms=case_forms,
        codes=codes_said(snapshot, scans, read_gs1),
    )


def _is_asset(snapshot: Snapshot, name: str) -> bool:
    try:
        return snapshot.asset(parse_asset_tag(name)) is not None
    except NotATag:
        return False
