"""Every word of the pages stands in the files of texts, and nothing else does."""

import re
from importlib import resources
from pathlib import Path

import pytest

from assettrack.web.page_sentences import TABLE
from assettrack.web.texts import TextMissing, english, worded

TEMPLATES = Path(str(resources.files("assettrack.web") / "templates"))
WEB = TEMPLATES.parent
_KEY = re.compile(r"\bt\(\s*'([a-z_]+(?:\.[A-Za-z_]+)+)'")
_BEGINNING = re.compile(r"\bt\(\s*'([a-z_]+\.)'\s*~")
_IN_CODE = re.compile(r"texts(?:\[|, )\"([a-z_]+\.[a-z_]+)\"")


_MANY = re.compile(r"\{count\}(?: [a-z]+)? (?!is\b|was\b|has\b)[a-z]+s\b")
MANY_ALONE = {"reports.first"}
"""It is said where there are more lines than are shown."""


def base(key: str) -> str:
    """Return the key by which a page asks for a text that has several forms."""
    of_one = key.removesuffix(".one").removesuffix(".other")
    return of_one if f"{of_one}.one" in english() else key


def templates() -> dict[str, str]:
    """Return all templates by their names."""
    return {str(path.relative_to(TEMPLATES)): path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}


def test_every_text_that_is_asked_for_is_there() -> None:
    """A page never breaks for want of a word."""
    asked = {key for text in templates().values() for key in _KEY.findall(text)}
    assert asked - english().keys() - {base(key) for key in english()} == set()


def test_every_text_is_used() -> None:
    """No word is left behind when its page goes."""
    sources = [*templates().values(), *(path.read_text("utf-8") for path in WEB.rglob("*.py"))]
    used = {key for text in sources for key in (*_KEY.findall(text), *_IN_CODE.findall(text))}
    begun = (*{key for text in sources for key in _BEGINNING.findall(text)}, TABLE)  # put together in code
    found = {key for key in english() if not used & {key, base(key)} and not key.startswith(begun)}
    assert found == set()


def test_a_text_that_counts_has_a_form_for_one_and_one_for_many() -> None:
    """Nothing is said of "1 rows": what would be wrong of one thing is never the only form."""
    for key, text in english().items():
        if base(key) != key:
            assert {f"{base(key)}.one", f"{base(key)}.other"} <= english().keys(), key
        elif key not in MANY_ALONE:
            assert not _MANY.search(text), (key, text)


def test_the_form_is_chosen_by_the_count() -> None:
    """By the rule of English: one, and all else; large numbers have commas."""
    texts = {"queue.one": "{count} scan of {name}", "queue.other": "{count} scans of {name}", "plain": "{count}"}
    said = [worded(texts, "queue", {"count": count, "name": "Jane"}) for count in (0, 1, 2, 1200)]
    assert said == ["0 scans of Jane", "1 scan of Jane", "2 scans of Jane", "1,200 scans of Jane"]
    assert worded(texts, "plain", {"count": 1200}) == "1,200"
    with pytest.raises(TextMissing):
        worded(texts, "queue", {})


def test_templates_hold_no_words_of_their_own() -> None:
    """What is to be translated is all in one place."""
    found = {}
    for name, text in templates().items():
        bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<!doctype[^>]*>", "", text, flags=re.DOTALL)
        bare = re.sub(r"<[^>]*>", "", bare)
        words = re.findall(r"[^\W\d_]{2,}", bare)
        if words:
            found[name] = words
    assert found == {}


def test_templates_run_nothing_inline() -> None:
    """The content policy forbids it, and a page that relied on it would break unseen."""
    for name, text in templates().items():
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), name
        assert not re.search(r"\son[a-z]+\s*=", text), name
        assert not re.search(r"\sstyle\s*=", text), name
        assert "|safe" not in text, name


def test_every_form_that_does_something_carries_its_token() -> None:
    """A form without the session's token could only be refused; a page of many forms draws it once."""
    public = {"setup.html", "sign_in.html"}
    token = '{% include "token.html" %}'
    for name, text in templates().items():
        if name in public:
            continue
        drawn_once = "{{ token }}" if f"{{% set token %}}{token}{{% endset %}}" in text else token
        for form in re.findall(r"<form\b[^>]*method=\"post\"[^>]*>.*?</form>", text, flags=re.DOTALL):
            assert token in form or drawn_once in form, (name, form[:80])


def test_the_pages_fetch_nothing_from_elsewhere() -> None:
    """No address of another host stands in what is shipped, but in licences and in names of formats."""
    for path in [*TEMPLATES.rglob("*.html"), *(WEB / "static").glob("*.js"), *(WEB / "static").glob("*.css")]:
        if ".min." in path.name:
            continue
        assert "//" not in re.sub(
            r"^\s*//.*$|http://www.w3.org/[0-9]+/svg", "", path.read_text("utf-8"), flags=re.MULTILINE
        ), path
