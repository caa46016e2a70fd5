"""Assets and the cases they are kept in, and the labels for both."""
