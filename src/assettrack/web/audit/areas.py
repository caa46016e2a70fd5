"""The pages of the audit log, in the order in which their routes are tried."""

from assettrack.web.audit import pages, receipt_check_pages, verification_pages

AUDIT_AREAS = (pages.routes, verification_pages.routes, receipt_check_pages.routes)
