"""Tests of the rules, with values alone."""
