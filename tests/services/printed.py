"""What stands in the codes of cards that a station prints for its own holders and accounts, and what is none of them.

Owns the short way to have such a card in a test: it is what the label service prints. It must never hold a test.
"""

import msgspec

from assettrack.domain import cards
from assettrack.services import label_lists
from assettrack.services.ports import Workplace


def badge(workplace: Workplace, name: str = "Jane Smith") -> str:
    """Return the text of a holder's badge."""
    (label,) = label_lists.of_holders(workplace, [name])
    return label.text


def begin_card(workplace: Workplace, name: str) -> str:
    """Return the text of the card with which an account begins."""
    _, [round_of_cards] = label_lists.rounds_of_cards(workplace, [name])
    return round_of_cards[0].text


def elsewhere(text: str) -> str:
    """Return the card of the same number that another station printed."""
    given = cards.read(text)
    return cards.written(msgspec.structs.replace(given, mark="QXQ" if given.mark != "QXQ" else "QXR"))


def misread(text: str) -> str:
    """Return what a scanner makes of a card whose last letter it read wrongly."""
    return text[:-1] + ("Y" if text[-1] == "Z" else "Z")
