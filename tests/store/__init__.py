"""Tests of the database and its transactions."""
