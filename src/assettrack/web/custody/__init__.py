"""Issue, return and transfer, and the receipts of them."""
