"""Tests that walk through the program as an operator does."""
