"""What the keys of answers about acceptances mean, in JSON."""

from types import MappingProxyType

ACCEPTANCE_MEANINGS = MappingProxyType(
    {
        "acceptance record: seq": "number of the entry that says so",
        "acceptance record: holder": "the holder",
        "acceptance open: open[].holder": "to whom something was given, or from whom it was taken",
        "acceptance open: open[].deed": "ISSUE, TRANSFER or RETURN: by what",
        "acceptance open: open[].acceptors": "who has to accept it; nobody is named by a RETURN: an operator does",
        "acceptance open: open[].acceptors[]": "name of a holder",
        "acceptance open: open[].added": "where the rest was accepted before: the assets that corrections added since",
        "acceptance open: open[].added[]": "tag of an asset",
        "correct: handovers": "what it does to acceptances, by batch and holder",
        "correct: handovers[].batch_id": "the batch of the handover",
        "correct: handovers[].holder": "with whom something was exchanged",
        "correct: handovers[].asked": "whether it would be open to be accepted; else nobody would be asked any more",
    }
)
"""By `command: path`."""
