"""Exit codes that no error of the catalogue carries (DESIGN §10); the others stand on the errors themselves."""

DONE = 0
UNEXPECTED = 1
USAGE = 2
INTERRUPTED = 130
"""128 and the number of the interrupt signal, as shells have it."""
