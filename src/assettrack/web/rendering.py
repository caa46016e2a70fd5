"""Drawing a page: the templates, the words in them, and how times and numbers are shown.

Owns what every template may use. Everything is escaped: a barcode is hostile text.
"""

from collections.abc import Mapping
from functools import cache, partial
from hashlib import sha256
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup
from starlette.responses import HTMLResponse

from assettrack import __version__
from assettrack.domain.timestamps import local_text
from assettrack.web.once import form_name
from assettrack.web.station import Visit


class TextMissing(KeyError):
    """A template asks for a text that is in no file of texts."""


def render(visit: Visit, template: str, facts: Mapping[str, object], *, status: int = 200) -> HTMLResponse:
    """Return a page, or a part of one."""
    station = visit.station
    zone = station.workplace.zone(station.timezone)

    def text(key: str, **places: object) -> str:
        found = station.texts.get(key)
        if found is None:
            raise TextMissing(key)
        return found.format_map(places) if places else found

    def moment(utc: str | None) -> Markup:
        """Show a time in the station's zone; the machine-readable one stands beside it."""
        if not utc:
            return Markup("")
        return Markup('<time datetime="{}">{}</time>').format(f"{utc[:19]}Z", local_text(utc, zone)[:19])

    now = station.workplace.now()
    given: dict[str, Any] = {
        "visit": visit,
        "station": station,
        "t": text,
        "moment": moment,
        "static": static_path,
        "form_name": partial(form_name, visit),
        "now": local_text(f"{now.isoformat()[:19]}", zone)[:16],
        "version": __version__,
        **facts,
    }
    return HTMLResponse(_environment().get_template(template).render(given), status)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("assettrack.web", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["number"] = lambda value: f"{value:,}"
    return environment


@cache
def static_path(name: str) -> str:
    """Return where a file of the pages' own is fetched; it names the content, so that it may be kept for good."""
    content = (resources.files("assettrack.web") / "static" / name).read_bytes()
    return f"/static/{name}?{sha256(content).hexdigest()[:12]}"
