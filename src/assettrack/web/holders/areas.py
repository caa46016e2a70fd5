"""The pages of holders and organisations, in the order in which their routes are tried."""

from assettrack.web.holders import organisation_pages, pages

HOLDERS_AREAS = (pages.routes, organisation_pages.routes)
