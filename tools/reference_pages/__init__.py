"""The pages of the reference, each made from the program itself. Nothing here reads or writes `docs/`."""
