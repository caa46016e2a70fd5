"""The pages of custody, in the order in which their routes are tried."""

from assettrack.web.custody import pages, receipt_pages

CUSTODY_AREAS = (pages.routes, receipt_pages.routes)
