"""What the station shows first, and how it is set up."""
