"""The station in a real browser: Chromium, driven by the keyboard, with the network closed but for the station."""
