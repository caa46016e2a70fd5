"""The tests of AssetTrack; the folders mirror src/assettrack."""
