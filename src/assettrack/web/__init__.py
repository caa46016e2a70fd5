"""The browser station: routes that parse, call one service and show what it says."""
