"""Tests of what a station keeps beside its database."""
