"""What is said of a hand-over by those who accept it: how, what each of them typed and drew, and on what page.

Owns the words for that, and what it is worth beside what was said before: a signature is for the list, the due date,
the notes and the name that stood there when it was made, and it is lost with any of them. What is kept of it is the
draft's (`domain.custody_drafts`).
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Literal

import msgspec

from assettrack.domain import errors
from assettrack.domain.findings import Finding, finding
from assettrack.domain.holders import is_name, name_key, why_no_name
from assettrack.domain.plans import Acceptance, AcceptedHow
from assettrack.domain.signatures import Drawing, strokes_sha256
from assettrack.domain.wording import quoted

LostBecause = Literal["list", "giver", "terms", "way", "name", "typed", "typed_giver", "typed_terms"]
"""What changed after it was signed: the list, from whom something on it comes, due date or notes, the way that was
chosen, or the name of who accepts; or after a name was typed."""


class LostSignature(msgspec.Struct, frozen=True):
    """A signature that was drawn, or a name that was typed, and counts no more: whose, and why."""

    name: str
    because: LostBecause


class SaidSigner(msgspec.Struct, frozen=True):
    """What a page says of one person who accepts: the list that it showed (by its mark), what was typed and drawn.

    ``kept_typed`` and ``kept_strokes`` (a hash) are what stood there when the page was drawn; a page that does not tell
    which name did says None.
    """

    name: str
    shown: str
    typed: str = ""
    strokes: str = ""
    kept_typed: str | None = None
    kept_strokes: str = ""

    @property
    def acceptor(self) -> str:
        """What all spellings of the name have in common under which it is accepted."""
        return name_key(self.typed or self.name)

    @property
    def drew_before(self) -> bool:
        """Whether what is drawn stood there when the page was drawn."""
        return self.kept_strokes == strokes_sha256(self.strokes)

    def require_name(self) -> None:
        """Make sure that somebody can be named as was typed, or that nothing was.

        Raises:
            errors.ValueUnusable: it is no name.
        """
        if self.typed and not is_name(self.typed):
            raise errors.ValueUnusable("The typed name", self.typed, why_no_name(self.typed))


class SaidSigning(msgspec.Struct, frozen=True):
    """What a page says of accepting; ``terms`` stands for the due date and the notes with which it was drawn.

    ``how`` is None where no way is chosen, and with ``not_yet`` where that was.
    """

    how: AcceptedHow | None
    due_on: str
    notes: str
    terms: str
    signers: Sequence[SaidSigner]
    not_yet: bool = False


class Weighed(msgspec.Struct, frozen=True):
    """What counts of what a page says: the names and the drawings, by person; and what is lost."""

    names: dict[str, str]
    strokes: dict[str, str]
    lost: tuple[LostSignature, ...]


class KeptSigning(msgspec.Struct, frozen=True):
    """What is kept of accepting so far: how, the names and drawings by person, and the mark of their terms.

    It can always be told as far as it goes; what it lacks is a finding, and only a commit asks for all of it.
    """

    how: AcceptedHow | None
    names: Mapping[str, str]
    strokes: Mapping[str, str]
    terms: str

    def accepted(self, signers: Sequence[str]) -> Acceptance | None:
        """Return how it is accepted by these people as far as it is said, None where no way is chosen."""
        if self.how is None:
            return None
        drawn = {drawing.name: strokes_sha256(drawing.strokes) for drawing in self.drawings(signers)}
        return Acceptance(self.how, self._other(signers[0]) if len(signers) == 1 else None, drawn)

    def drawings(self, signers: Sequence[str]) -> tuple[Drawing, ...]:
        """Return what these people drew, each under the name of who did, where it is accepted by drawing."""
        drew = [name for name in signers if self.how == "screen" and self.strokes.get(name)]
        return tuple(Drawing(self._other(name) or name, self.strokes[name]) for name in drew)

    def lacking(self, signers: Sequence[str]) -> list[Finding]:
        """Return what is missing of each of these people, where a way is chosen; without it nothing is committed."""
        return [found for name in signers for found in self._lacking_of(name, signers)]

    def unsaid(self, signers: Sequence[str]) -> set[str]:
        """Return of whom something is missing, by the names under which they would accept it."""
        alone = len(signers) == 1
        lacking = [name for name in signers if self._lacking_of(name, signers)]
        return {(self._other(name) if alone else None) or name for name in lacking}

    def _lacking_of(self, name: str, signers: Sequence[str]) -> list[Finding]:
        """Return what is missing of one of these people."""
        found = []
        other = self._other(name)
        if self.how == "typed" and not self.names.get(name):
            found.append(finding("name_not_typed", name=name))
        if self.how == "screen" and not self.strokes.get(name):
            found.append(finding("signature_missing", name=other or name))
        if self.how is not None and other is not None and len(signers) > 1:
            found.append(finding("accepted_for_another", name=name, other=quoted(other)))
        return found

    def _other(self, name: str) -> str | None:
        """Return who accepts in the place of whoever usually would, or None."""
        typed = self.names.get(name, "")
        return typed if typed and name_key(typed) != name_key(name) else None

    def weighed(self, said: SaidSigning, lists: Mapping[str, str], terms: str) -> Weighed:
        """Return what counts of what a page says; ``lists`` and ``terms`` are the marks of what it would be for.

        Raises:
            errors.ValueUnusable: nobody can be named as somebody typed.
        """
        names: dict[str, str] = {}
        drawn: dict[str, str] = {}
        lost: list[LostSignature] = []
        for each in said.signers:
            if lists.get(each.name) != each.shown:
                lost += [LostSignature(each.name, "list")] if each.strokes else []
                continue
            each.require_name()
            if each.typed and said.how == "typed" and self._is_typed_for_others(each, said.terms, terms):
                lost.append(LostSignature(each.name, "typed_terms"))
            elif each.typed:
                names[each.name] = each.typed
            because = self._why_lost(each, said, terms) if each.strokes else None
            if because is not None:
                lost.append(LostSignature(each.name, because))
            elif each.strokes:
                drawn[each.name] = each.strokes
        return Weighed(names, drawn, tuple(lost))

    def _why_lost(self, each: SaidSigner, said: SaidSigning, terms: str) -> LostBecause | None:
        """Return why what was drawn does not count, or None where it does.

        Drawn before is on the page as it was drawn, with what stood there then, or as it is kept by now.
        """
        if said.how != "screen":
            return "way"
        is_kept = self.strokes.get(each.name) == each.strokes
        if (each.drew_before and said.terms != terms) or (is_kept and self.terms != terms):
            return "terms"
        stood = each.kept_typed
        by_page = each.drew_before and stood is not None and name_key(stood or each.name) != each.acceptor
        if by_page or (is_kept and name_key(self.names.get(each.name) or each.name) != each.acceptor):
            return "name"
        return None

    def _is_typed_for_others(self, said: SaidSigner, shown: str, terms: str) -> bool:
        """Tell whether a name was typed before, and with other terms than are said now.

        The page says which name stood there when it was drawn, and nothing once the name was taken out there.
        """
        if said.kept_typed is not None:
            return said.kept_typed == said.typed and shown != terms
        return self.how == "typed" and self.names.get(said.name) == said.typed and self.terms != terms


def terms_mark(due_on: str, notes: str) -> str:
    """Return what stands for a due date and notes; a due date that is blank is none."""
    return sha256(msgspec.json.encode([due_on, notes])).hexdigest()
