"""Tests of `assettrack.cli.show`."""
