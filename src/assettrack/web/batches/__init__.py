"""Batches of scans, taken in one by one or as a file, and what became of them."""
