"""Tests of what must hold for every input."""
