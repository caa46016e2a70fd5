"""Holders: whose name is whose, and who is registered.

Owns how names of people are compared (DESIGN §2): after NFC, collapsed spaces and
case-folding; the first spelling is kept. Must never hold contact data.
"""

import unicodedata
from collections.abc import Iterable

import msgspec

from assettrack.domain.findings import NotAllowed
from assettrack.domain.near_names import NearNames
from assettrack.domain.wording import quoted

AD_HOC_ID = 1
AD_HOC = "Ad Hoc"
"""The organisation of holders of whom nothing else is said; every station has it from the start."""

NAME_LENGTH_MAX = 200
NAME_RULE = f"a name has 1 to {NAME_LENGTH_MAX} printable letters"


class Holder(msgspec.Struct, frozen=True):
    """A registered holder: number and name, in the first spelling; organisation 1 is Ad Hoc.

    ``identifier`` is what an employer or school calls the holder, such as a staff number. Nothing is issued to
    who is not ``active``.
    """

    holder_id: int
    name: str
    organisation_id: int = AD_HOC_ID
    identifier: str | None = None
    active: bool = True


def normal_name(text: str) -> str:
    """Return a name in NFC with its spaces collapsed, as it is kept and shown."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_name(name: str) -> bool:
    """Tell whether a name in its normal form can be registered: 1 to 200 printable letters."""
    return 0 < len(name) <= NAME_LENGTH_MAX and name.isprintable()


def why_no_name(name: str) -> str:
    """Say what keeps a text in its normal form from being a name; the first letter that is not allowed is named."""
    strange = next((letter for letter in name if not letter.isprintable()), None)
    return NAME_RULE if strange is None else f"the letter U+{ord(strange):04X} is not allowed; {NAME_RULE}"


def name_key(name: str) -> str:
    """Return what two spellings of one name have in common."""
    return unicodedata.normalize("NFC", normal_name(name).casefold())


class HolderRegister:
    """The holders that are known while something is decided.

    With ``accepts_new_holders`` an unknown name is registered when something is issued to it;
    ``new_holders`` are those, in order, with the numbers that follow the last one given. ``is_complete``
    says that all registered holders are here, not only those that something names.
    """

    def __init__(self, known: Iterable[Holder] = (), *, last_id: int = 0) -> None:
        self.accepts_new_holders = False
        self.is_complete = False
        self.new_holders: list[Holder] = []
        self.last_id = last_id
        self._holders: dict[str, Holder] = {}
        self._numbers: dict[int, Holder] = {}
        self._spellings: dict[str, Holder | None] = {}
        self._hints: dict[str, str] = {}
        self._near: dict[str, NearNames] | None = None
        for holder in known:
            self.add(holder)

    @property
    def all(self) -> list[Holder]:
        """All holders that are known here."""
        return list(self._holders.values())

    def add(self, holder: Holder) -> None:
        """Add a holder who is registered."""
        key = name_key(holder.name)
        self._holders[key] = holder
        self._numbers[holder.holder_id] = holder
        self._spellings.clear()
        if self._near is not None:
            self._index(key)
        self.last_id = max(self.last_id, holder.holder_id)

    def named(self, name: str) -> Holder | None:
        """Return the holder whom ``name`` means in any spelling, or None."""
        if name not in self._spellings:
            self._spellings[name] = self._holders.get(name_key(name))
        return self._spellings[name]

    def number_of(self, name: str) -> int:
        """Return the number of the registered holder of this name, 0 where what is being decided registers it."""
        holder = self.named(name)
        assert holder is not None, "whoever is given something is registered"
        is_new = self.new_holders and holder.holder_id >= self.new_holders[0].holder_id
        return 0 if is_new else holder.holder_id

    def numbered(self, holder_id: int) -> Holder | None:
        """Return the holder who has this number, or None."""
        return self._numbers.get(holder_id)

    def accountable(self, name: str) -> Holder:
        """Return the holder to whom something is given, registering a new holder where that is accepted.

        Raises:
            NotAllowed: the holder is not active, or nobody of that name is registered; the sentence then offers
                names that are almost the same.
        """
        holder = self.named(name)
        if holder is not None:
            if not holder.active:
                raise NotAllowed("holder_inactive", "issued_to_name", name=holder.name)
            return holder
        if not self.accepts_new_holders:
            raise NotAllowed("unknown_holder", "issued_to_name", name=name, near=self.hint(name))
        return self.register(name)

    def hint(self, name: str) -> str:
        """Return half a sentence with names that may have been meant; the same name is looked up once."""
        if name not in self._hints:
            near = self.near(name)
            self._hints[name] = f" Known and written almost like it: {', '.join(near[:3])}." if near else ""
        return self._hints[name]

    def register(self, name: str, organisation_id: int = AD_HOC_ID, identifier: str | None = None) -> Holder:
        """Register a name that nobody has yet.

        Raises:
            NotAllowed: somebody has it, or it can't be a name.
        """
        if not is_name(name):
            raise NotAllowed("holder_name_invalid", "issued_to_name", name=quoted(name, 40), rule=NAME_RULE)
        if (holder := self.named(name)) is not None:
            raise NotAllowed("holder_exists", "name", name=holder.name)
        new_holder = Holder(self.last_id + 1, name, organisation_id, identifier)
        self.add(new_holder)
        self.new_holders.append(new_holder)
        return new_holder

    def replace(self, before: Holder, after: Holder) -> None:
        """Put what is known of a holder now in the place of what was known before; the number is the same."""
        del self._holders[name_key(before.name)]
        self._near = None
        self._hints.clear()
        self.add(after)

    def near(self, name: str) -> list[str]:
        """Return the registered names within two letters of ``name``, nearest first, itself left out.

        Case does not count. Digits must be the same: Holder 17 and Holder 18 are no slip of the pen.
        """
        if self._near is None:
            self._near = {}
            for key in self._holders:
                self._index(key)
        key = name_key(name)
        like = self._near.get(_digits(key))
        return [] if like is None else [self._holders[found].name for found in like.near(key)]

    def _index(self, key: str) -> None:
        assert self._near is not None
        self._near.setdefault(_digits(key), NearNames()).add(key)


def near_among(name: str, names: Iterable[str]) -> list[str]:
    """Return those of ``names`` that are almost ``name``, by the rules of `HolderRegister.near`, nearest first."""
    key = name_key(name)
    spellings = {name_key(known): known for known in names}
    like = NearNames(known for known in spellings if _digits(known) == _digits(key))
    return [spellings[found] for found in like.near(key)]


def _digits(name: str) -> str:
    return "".join(letter for letter in name if letter.isdigit())
