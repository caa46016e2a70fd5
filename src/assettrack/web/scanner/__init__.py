"""Pocket scanners at the station: their downloads, read, checked, committed and cleared."""
