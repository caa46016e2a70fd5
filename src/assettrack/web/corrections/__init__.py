"""Corrections of what is recorded."""
