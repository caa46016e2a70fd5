"""What a finding means for a batch."""

import enum


class Kind(enum.StrEnum):
    """What a finding means for the batch."""

    PROBLEM = "problem"
    REFUSAL = "refusal"
    NOTICE = "notice"
