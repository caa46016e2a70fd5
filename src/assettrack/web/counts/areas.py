"""The pages of counts, in the order in which their routes are tried."""

from assettrack.web.counts import ending_pages, live_pages, pages

COUNTS_AREAS = (pages.routes, live_pages.routes, ending_pages.routes)
