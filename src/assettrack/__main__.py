"""Lets `python -m assettrack` do what the command `assettrack` does."""

import sys

from assettrack.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
