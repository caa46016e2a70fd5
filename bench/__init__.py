"""Measurements that anyone can repeat: `make bench` prints them, and says how each was taken."""
