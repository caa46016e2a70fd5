"""The pages of pocket scanners, in the order in which their routes are tried."""

from assettrack.web.scanner import browser_pages, download_pages, pages

SCANNER_AREAS = (pages.routes, download_pages.routes, browser_pages.routes)
