"""What is printed, read again with the tools of others."""
