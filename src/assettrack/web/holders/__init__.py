"""Holders and the organisations and rooms they belong to."""
