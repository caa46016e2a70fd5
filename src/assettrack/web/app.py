"""The application: the areas of the station put together, behind the guard.

Must stay small: a route lives with its area.
"""

from functools import cache
from importlib import resources
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles

from assettrack import __version__
from assettrack.web import failures, static_files
from assettrack.web.accounts.areas import ACCOUNTS_AREAS
from assettrack.web.api.areas import API_AREAS
from assettrack.web.assets.areas import ASSETS_AREAS
from assettrack.web.audit.areas import AUDIT_AREAS
from assettrack.web.batches.areas import BATCHES_AREAS
from assettrack.web.corrections.areas import CORRECTIONS_AREAS
from assettrack.web.counts.areas import COUNTS_AREAS
from assettrack.web.custody.areas import CUSTODY_AREAS
from assettrack.web.guard import Guard
from assettrack.web.holders.areas import HOLDERS_AREAS
from assettrack.web.home.areas import HOME_AREAS
from assettrack.web.reports.areas import REPORTS_AREAS
from assettrack.web.scanner.areas import SCANNER_AREAS
from assettrack.web.station import StationWeb

AREAS = (
    *ACCOUNTS_AREAS,
    *HOME_AREAS,
    *BATCHES_AREAS,
    *SCANNER_AREAS,
    *CUSTODY_AREAS,
    *ASSETS_AREAS,
    *CORRECTIONS_AREAS,
    *HOLDERS_AREAS,
    *COUNTS_AREAS,
    *REPORTS_AREAS,
    *AUDIT_AREAS,
    *API_AREAS,
)
"""The routes of each area, in the order in which they are tried."""

UPLOAD_PATHS = ("/intake/upload", "/audit/receipt", "/api/preview", "/api/commit")
"""Where a whole batch file, or a receipt's, may be sent."""


def create_app(station: StationWeb) -> FastAPI:
    """Return the application for one station."""
    app = FastAPI(
        routes=[*_routes()],
        title="AssetTrack",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        middleware=[Middleware(Guard, origins=station.origins, upload_paths=UPLOAD_PATHS)],
    )
    app.state.station = station
    with resources.as_file(static_files.source()) as folder:
        app.mount(static_files.static_folder(), StaticFiles(directory=Path(folder)), name="static")
    failures.install(app)
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Put the areas together, once for all applications of this process.

    FastAPI works out what every route takes when the first request comes, and that takes longer than the request.
    """
    together = APIRouter()
    for routes in AREAS:
        together.include_router(routes.router)
    return tuple(together.routes)
