"""Counts, from their first scan to their end."""
