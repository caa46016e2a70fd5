"""The pages of batches, in the order in which their routes are tried."""

from assettrack.web.batches import intake_pages, missing_types, pages, upload_pages

BATCHES_AREAS = (upload_pages.routes, intake_pages.routes, missing_types.routes, pages.routes)
