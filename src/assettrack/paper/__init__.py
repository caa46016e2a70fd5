"""Paper: what is printed and signed. Everything heavy is imported only where something is printed or read."""
