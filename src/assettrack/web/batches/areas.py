"""The pages of batches, in the order in which their routes are tried."""

from assettrack.web.batches import intake_pages, pages, upload_pages

BATCHES_AREAS = (upload_pages.routes, intake_pages.routes, pages.routes)
