"""The areas of the programming interface, in the order in which their routes are tried."""

from assettrack.web.api import audit, batches, corrections, deeds, document, reading, registering, reports

API_AREAS = (
    reading.routes,
    reports.routes,
    audit.routes,
    batches.routes,
    deeds.routes,
    corrections.routes,
    registering.routes,
    document.routes,
)
