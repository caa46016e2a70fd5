"""The pages of assets and cases, in the order in which their routes are tried."""

from assettrack.web.assets import asset_pages, case_pages, label_pages

ASSETS_AREAS = (case_pages.routes, asset_pages.routes, label_pages.routes)
