"""What an operator does: each function is one deed in one transaction, or one look at the state."""
