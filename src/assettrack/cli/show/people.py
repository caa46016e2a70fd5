"""Holders on the screen: a line for each, and the page of one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo

from assettrack.cli.show.columns import in_columns
from assettrack.cli.show.words import counted
from assettrack.domain.holders import AD_HOC_ID, Holder
from assettrack.domain.timestamps import local_text
from assettrack.services.acceptances import OpenAcceptance
from assettrack.services.holders import HolderPage, organisation_of


def holder_lines(holders: Sequence[Holder], organisations: Mapping[int, str]) -> Iterator[str]:
    """Yield a line for each holder, under headings; columns that would say nothing of anybody are left out."""
    columns: list[tuple[str, Callable[[Holder], str]]] = [
        ("number", lambda holder: str(holder.holder_id)),
        ("holder", lambda holder: holder.name),
    ]
    if any(holder.organisation_id != AD_HOC_ID for holder in holders):
        columns.append(("organisation", lambda holder: organisation_of(holder, organisations)))
    if any(holder.identifier for holder in holders):
        columns.append(("identifier", lambda holder: holder.identifier or ""))
    if not all(holder.active for holder in holders):
        columns.append(("", lambda holder: "" if holder.active else "inactive"))
    headings = [heading for heading, _ in columns]
    return in_columns(headings, ([shown(holder) for _, shown in columns] for holder in holders), numbers=1)


def holder_page(page: HolderPage, zone: tzinfo) -> Iterator[str]:
    """Yield all that is known of a holder but contact data; times are shown in the station's zone."""
    holder = page.holder
    yield f"{holder.name}: holder {holder.holder_id}{'' if holder.active else ', inactive'}"
    yield f"  organisation    {page.organisation}"
    if holder.identifier is not None:
        yield f"  identifier      {holder.identifier}"
    yield f"  contact data    {'kept; holder contact shows it' if page.has_contact else 'none'}"
    yield f"{counted(len(page.assets), 'asset')} in custody"
    if page.assets:
        rows = ((tag, asset.equipment_type, asset.due_on or "") for tag, asset in page.assets)
        yield from (f"  {line}" for line in in_columns(("asset", "type", "due"), rows))
    for each in page.open_acceptances:
        yield f"Not accepted yet: batch {each.batch_id}, recorded {_moment(each, zone, page.timezone)}"


def open_lines(found: Iterable[OpenAcceptance], zone: tzinfo, zone_name: str) -> Iterator[str]:
    """Yield a line for each batch and holder that waits for an acceptance, under a line of headings."""
    rows = ((str(each.batch_id), _moment(each, zone, zone_name), _whose(each)) for each in found)
    return in_columns(("batch", "recorded", "holder"), rows, numbers=1)


def _whose(found: OpenAcceptance) -> str:
    return f"{found.holder} ({', '.join(found.added)}, by a later correction)" if found.added else found.holder


def _moment(found: OpenAcceptance, zone: tzinfo, zone_name: str) -> str:
    return f"{local_text(found.recorded_at, zone)} ({zone_name})"
