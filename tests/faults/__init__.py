"""Tests with failing operations and power cuts."""
