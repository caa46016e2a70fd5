"""The forms of the queue's pages, as they were drawn for a scan. Must never hold a test."""

import re

from tests.web.visitors import Visitor


def drawn_for(visitor: Visitor, number: object) -> dict[str, str]:
    """Return what the forms of the page say of a scan: its queue, its number and its mark."""
    forms = re.findall(r"<form.*?</form>", visitor.page, re.DOTALL)
    for form in forms:
        fields = dict(re.findall(r'type="hidden" name="(queue_id|number|mark|back)" value="([^"]*)"', form))
        if fields.get("number") == str(number) or f'action="/intake/scans/{number}"' in form:
            return {"number": str(number), **fields}
    raise AssertionError((number, visitor.words))


def to_bring_back(visitor: Visitor) -> dict[str, str]:
    """Return what the form says that brings back what was removed last."""
    form = re.search(r'action="/intake/bring-back".*?</form>', visitor.page, re.DOTALL)
    assert form is not None, visitor.words
    return dict(re.findall(r'type="hidden" name="(queue_id|removed_at)" value="([^"]*)"', form[0]))
