"""The pages of corrections, in the order in which their routes are tried."""

from assettrack.web.corrections import pages

CORRECTIONS_AREAS = (pages.routes,)
