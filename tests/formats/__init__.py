"""Tests of reading and writing files of text."""
