"""AssetTrack: offline-first, scanner-first inventory and custody that can't lie."""

__version__ = "0.1.0"
