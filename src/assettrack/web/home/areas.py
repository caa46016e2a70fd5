"""The pages of what is shown first, in the order in which their routes are tried."""

from assettrack.web.home import pages, settings_pages

HOME_AREAS = (pages.routes, settings_pages.routes)
