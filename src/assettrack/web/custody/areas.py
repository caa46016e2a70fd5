"""The pages of custody, in the order in which their routes are tried."""

from assettrack.web.custody import list_pages, pages, receipt_pages

CUSTODY_AREAS = (pages.routes, list_pages.routes, receipt_pages.routes)
