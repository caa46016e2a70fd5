"""Accounts of the people at the station: signing in, their own page, and all of them."""
