"""What a person reads: pages made of lines and of Rich's renderables. Must never decide, save or open anything."""
