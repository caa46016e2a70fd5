"""Drawing a page: the templates, the words in them, and how times and numbers are shown.

Owns what every template may use. Everything is escaped, and what can't be seen is shown: a barcode is hostile text.
"""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

import jinja2
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from assettrack import __version__
from assettrack.domain.timestamps import local_text
from assettrack.web.holders.paths import holder_path
from assettrack.web.once import form_name
from assettrack.web.outside_text import finalized, sentence
from assettrack.web.page_sentences import on_page
from assettrack.web.permissions import Permission
from assettrack.web.static_files import static_path
from assettrack.web.station import Visit
from assettrack.web.texts import worded

_READERS = (Permission.ADMIN, Permission.AUDIT)
"""Who is told to do what others are told to have done."""


def render(visit: Visit, template: str, facts: Mapping[str, object], *, status: int = 200) -> HTMLResponse:
    """Return a page, or a part of one."""
    station = visit.station
    zone = station.workplace.zone(station.timezone)

    @cache  # a page says the same on each of its lines
    def plain(key: str) -> Markup:
        return sentence(worded(station.texts, key, {}))

    def text(key: str, **places: object) -> Markup:
        return sentence(worded(station.texts, key, places)) if places else plain(key)

    @cache  # what one file told was often seen within one second
    def moment(utc: str | None) -> Markup:
        """Show a time in the station's zone; the machine-readable one stands beside it."""
        if not utc:
            return Markup("")
        return Markup(f'<time datetime="{escape(utc[:19])}Z">{escape(local_text(utc, zone)[:19])}</time>')  # noqa: S704 - of escaped texts

    def say(said: object, where: str = "") -> Markup:
        """Show a sentence of the catalogue as pages say it, ``where`` something else can be done than elsewhere."""
        forms = [where, *(needed for needed in _READERS if visit.may(needed))]
        return sentence(on_page(str(said), station.texts, zone, forms=forms))

    now = station.workplace.now()
    given: dict[str, Any] = {
        "visit": visit,
        "theme": visit.theme,
        "station": station,
        "t": text,
        "moment": moment,
        "say": say,
        "static": static_path,
        "form_name": partial(form_name, visit),
        "now": local_text(f"{now.isoformat()[:19]}", zone)[:16],
        "version": __version__,
        **facts,
    }
    return HTMLResponse(templates().get_template(template).render(given), status)


@cache
def templates() -> jinja2.Environment:
    """Return the templates of all pages, each of which is compiled once in a process."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("assettrack.web", "templates"),
        autoescape=True,
        finalize=finalized,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["holder_path"] = holder_path
    environment.filters["number"] = lambda value: f"{value:,}"
    return environment
