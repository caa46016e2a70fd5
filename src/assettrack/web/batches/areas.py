"""The pages of batches, in the order in which their routes are tried."""

from assettrack.web.batches import intake_pages, missing_types, next_free_slots, pages, upload_pages

BATCHES_AREAS = (upload_pages.routes, intake_pages.routes, missing_types.routes, next_free_slots.routes, pages.routes)
