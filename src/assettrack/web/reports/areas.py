"""The pages of reports, in the order in which their routes are tried."""

from assettrack.web.reports import pages

REPORTS_AREAS = (pages.routes,)
