"""Names within two letters of each other, against the plain definition of the distance."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.near_names import LETTERS_MAX, NearNames, letters_between

# Few letters make collisions, repeats and shifts common; one is outside the ASCII letters.
names = st.text("abé ", max_size=12)


def defined_distance(one: str, other: str) -> int:
    """Return the Levenshtein distance by its full table: put in, take out, replace."""
    row = list(range(len(other) + 1))
    for taken, left in enumerate(one, 1):
        above = row
        row = [taken]
        for at, right in enumerate(other):
            row.append(min(row[-1] + 1, above[at + 1] + 1, above[at] + (left != right)))
    return row[-1]


def defined_near(name: str, known: set[str]) -> list[str]:
    """Return what the rule says: distance 1 or 2, and less than half of the longer name."""
    found = [(defined_distance(name, other), other) for other in known]
    return [
        other for distance, other in sorted(found) if 0 < distance <= 2 and distance < max(len(name), len(other)) / 2
    ]


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [
        ("jane smith", "jane smyth", True),
        ("jane smith", "jane smit", True),
        ("jane smith", "janne smithe", True),
        ("jane smith", "jnae smith", True),
        ("jane smith", "xjane smit", True),
        ("jane smith", "jane smith", False),
        ("jane smith", "june smyfh", False),
        ("jane smith", "ane smithes", False),
        ("al", "bo", False),
        ("al", "ali", True),
        ("ann", "bob", False),
        ("ann", "an", True),
        ("anna", "anno", True),
        ("anna", "hanno", True),
        ("anna", "otna", False),
        ("", "a", False),
    ],
)
def test_near(one: str, other: str, *, is_near: bool) -> None:
    """Near is at most two letters away, less than half of the longer name, and not the same; both ways round."""
    assert NearNames([other]).near(one) == [other] * is_near
    assert NearNames([one]).near(other) == [one] * is_near


def test_nearest_first_then_by_the_alphabet() -> None:
    """The names come nearest first, those equally near by the alphabet, each once."""
    known = ["marten", "marvin", "martins", "martin", "morton", "martia", "martia"]

    assert NearNames(known).near("martin") == ["marten", "martia", "martins", "marvin", "morton"]


@given(st.sets(names), names)
def test_finds_what_the_definition_says(known: set[str], name: str) -> None:
    """Exactly the names that the full table calls near are found, and in order."""
    assert NearNames(known).near(name) == defined_near(name, known)


@given(st.lists(names), st.lists(names), names)
def test_added_names_are_found(known: list[str], added: list[str], name: str) -> None:
    """Names made known later, between questions, are found like the first ones."""
    near_names = NearNames(known)
    near_names.near(name)

    for later in added:
        near_names.add(later)

    assert near_names.near(name) == defined_near(name, {*known, *added})


def test_a_name_added_between_two_questions_is_found() -> None:
    """A name of a length that was already asked about is found as soon as it is known."""
    near_names = NearNames(["marvin"])

    assert near_names.near("martin") == ["marvin"]
    near_names.add("marlin")
    assert near_names.near("martin") == ["marlin", "marvin"]


@given(st.data())
def test_finds_every_slip(data: st.DataObject) -> None:
    """Whatever two letters are put in, taken out or replaced, the known name is found again."""
    known = data.draw(st.text("abcdé", min_size=5, max_size=30))
    name = known
    for _slip in range(2):
        at = data.draw(st.integers(0, len(name)))
        name = name[:at] + data.draw(st.text("abxy", max_size=1)) + name[at + data.draw(st.integers(0, 1)) :]

    assert NearNames([known]).near(name) == defined_near(name, {known})


@given(names, names)
def test_distance(one: str, other: str) -> None:
    """The distance is that of the full table up to the limit, and above the limit where that is."""
    distance = defined_distance(one, other)
    found = letters_between(one, other, LETTERS_MAX)

    assert found == distance if distance <= LETTERS_MAX else found > LETTERS_MAX


def test_many_names() -> None:
    """Among many names that share beginnings and ends, exactly the near ones are found."""
    chance = random.Random(2004)
    parts = ["an", "ber", "car", "dou", "el", "fin", "ga", "har", "in", "jo", "ka", "lo", "mar", "ne"]
    known = {f"{''.join(chance.choices(parts, k=2))} {''.join(chance.choices(parts, k=3))}" for _ in range(1500)}

    near_names = NearNames(known)
    for name in chance.sample(sorted(known), 5):
        slipped = name[:3] + "x" + name[4:]
        assert near_names.near(slipped) == defined_near(slipped, known)
