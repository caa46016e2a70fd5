"""The pages of accounts, in the order in which their routes are tried."""

from assettrack.web.accounts import account_pages, one_time_pages, people_pages, session_pages, theme_pages

ACCOUNTS_AREAS = (
    session_pages.routes,
    people_pages.routes,
    account_pages.routes,
    theme_pages.routes,
    one_time_pages.routes,
)
