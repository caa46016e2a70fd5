"""The application: the areas of the station put together, behind the guard.

Must stay small: a route lives with its area.
"""

from importlib import resources
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from assettrack import __version__
from assettrack.web import (
    account_pages,
    asset_pages,
    audit_pages,
    batch_pages,
    case_pages,
    correction_pages,
    count_ending_pages,
    count_live_pages,
    count_pages,
    custody_pages,
    failures,
    holder_pages,
    home_pages,
    intake_pages,
    label_pages,
    one_time_pages,
    organisation_pages,
    people_pages,
    receipt_check_pages,
    receipt_pages,
    report_pages,
    scanner_browser_pages,
    scanner_download_pages,
    scanner_pages,
    session_pages,
    settings_pages,
    static_files,
    theme_pages,
    upload_pages,
    verification_pages,
)
from assettrack.web.api.areas import API_AREAS
from assettrack.web.guard import Guard
from assettrack.web.station import StationWeb

AREAS = (
    session_pages.routes,
    home_pages.routes,
    upload_pages.routes,
    intake_pages.routes,
    scanner_pages.routes,
    scanner_download_pages.routes,
    scanner_browser_pages.routes,
    batch_pages.routes,
    custody_pages.routes,
    receipt_pages.routes,
    case_pages.routes,
    asset_pages.routes,
    label_pages.routes,
    correction_pages.routes,
    holder_pages.routes,
    organisation_pages.routes,
    count_pages.routes,
    count_live_pages.routes,
    count_ending_pages.routes,
    report_pages.routes,
    audit_pages.routes,
    verification_pages.routes,
    receipt_check_pages.routes,
    people_pages.routes,
    account_pages.routes,
    theme_pages.routes,
    one_time_pages.routes,
    settings_pages.routes,
    *API_AREAS,
)
"""The routes of each area, in the order in which they are tried."""

UPLOAD_PATHS = ("/intake/upload", "/audit/receipt", "/api/preview", "/api/commit")
"""Where a whole batch file, or a receipt's, may be sent."""


def create_app(station: StationWeb) -> FastAPI:
    """Return the application for one station."""
    app = FastAPI(
        title="AssetTrack",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        middleware=[Middleware(Guard, origins=station.origins, upload_paths=UPLOAD_PATHS)],
    )
    app.state.station = station
    for routes in AREAS:
        app.include_router(routes.router)
    with resources.as_file(static_files.source()) as folder:
        app.mount(static_files.static_folder(), StaticFiles(directory=Path(folder)), name="static")
    failures.install(app)
    return app
