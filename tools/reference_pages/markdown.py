"""Pieces of Markdown: headings, tables, blocks of text."""

import re
from collections.abc import Iterable, Sequence
from types import NoneType
from typing import Literal, get_args, get_origin

import msgspec

NOTE = "<!-- Made from the program by `make docs`. Change the program, not this page. -->"


def page(title: str, *parts: str) -> str:
    """Return a whole page: its title, then its parts with an empty line between them."""
    return "\n\n".join((NOTE, f"# {title}", *parts)) + "\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def block(text: str, language: str = "text") -> str:
    """Return text to be shown as it is."""
    return f"```{language}\n{text.strip()}\n```"


def code(text: str) -> str:
    """Return text to be shown as it is, inside a sentence."""
    return f"`{text}`"


def sentence(docstring: str | None) -> str:
    """Return what a docstring says first, on one line, with its double back quotes made single."""
    first = (docstring or "").strip().partition("\n\n")[0]
    return re.sub(r"``(.+?)``", r"`\1`", " ".join(first.split()))


def body(docstring: str | None) -> str:
    """Return all a docstring says, as paragraphs, with its double back quotes made single."""
    paragraphs = (docstring or "").strip().split("\n\n")
    return "\n\n".join(re.sub(r"``(.+?)``", r"`\1`", " ".join(text.split())) for text in paragraphs)


def type_words(kind: object) -> str:
    """Return what a value of an annotated type is in JSON, in words."""
    words: dict[object, str] = {str: "text", int: "integer", bool: "true or false", NoneType: "null"}
    if kind in words:
        return words[kind]
    if get_origin(kind) is Literal:
        return "text"
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind.__name__.lower()
    origin = get_origin(kind)
    if origin is dict:
        return "object"
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return "list"
    parts = dict.fromkeys(map(type_words, get_args(kind)))
    assert parts, f"there are no words for {kind}"
    return " or ".join(sorted(parts, key=lambda part: part == "null"))
