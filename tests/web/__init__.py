"""Tests of the browser station."""
