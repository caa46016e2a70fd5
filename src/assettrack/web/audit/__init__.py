"""The audit log: looked through, verified, exported, and asked whether a receipt is part of it."""
