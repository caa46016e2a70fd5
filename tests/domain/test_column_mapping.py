"""Which column is which field: said by a person, refused where it can't be meant, and never guessed."""

import pytest

from assettrack.domain.column_mapping import NotAMapping, mapping_of, require_meant, require_name
from assettrack.domain.known_headings import KNOWN_HEADINGS, proposed
from assettrack.domain.scans import COLUMNS

TAG = {"asset_tag": " Asset   Tag "}


def test_a_mapping_is_kept_clean() -> None:
    """Headings and values are compared with their spaces collapsed; what each row needs and nobody said is named."""
    found = mapping_of(TAG, {"event_type": "SCAN"})
    assert found.columns == {"asset_tag": "Asset Tag"}
    assert found.missing() == ["timestamp", "operator_id"]
    assert found.missing(at="2026-02-17T09:00") == ["operator_id"]


@pytest.mark.parametrize(
    ("columns", "values", "reason"),
    [
        ({}, {}, "asset_tag"),
        ({"colour": "Colour", **TAG}, {}, "no field 'colour'"),
        (TAG, {"colour": "red"}, "no field 'colour'"),
        (TAG, {"asset_tag": "LT-1"}, "said twice"),
        ({**TAG, "model": "Asset Tag"}, {}, "both asset_tag and model"),
        ({"asset_tag": " "}, {}, "blank"),
        ({"asset_tag": "a\x1bb"}, {}, "printed"),
        (TAG, {"notes": "x" * 5000}, "too long"),
        (TAG, {"timestamp": "now"}, "--at"),
        (TAG, {"timestamp": "2026-02-30T09:00"}, "no day"),
    ],
)
def test_what_can_not_be_meant_is_refused(columns: dict[str, str], values: dict[str, str], reason: str) -> None:
    """Each with its reason; above all a time that is another each time."""
    with pytest.raises(NotAMapping) as refused:
        mapping_of(columns, values)
    assert reason in refused.value.reason


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("event_type", "FLY", "one of SCAN, ISSUE, RETURN, UPDATE, RETIRE"),
        ("event_type", "TRANSFER", "one of SCAN, ISSUE, RETURN, UPDATE, RETIRE"),
        ("operator_id", "k" * 65, "more than 64 letters"),
        ("case_number", "CASE#1", "case_number, 'CASE#1'"),
        ("slot_number", "seven", "slot_number, 'seven'"),
        ("slot_number", "501", "1 to 500"),
    ],
)
def test_a_value_that_no_row_can_have_is_refused(field: str, value: str, reason: str) -> None:
    """No row could be taken by such a mapping, so it is said when it is made, with the words that are allowed."""
    with pytest.raises(NotAMapping) as refused:
        require_meant(mapping_of(TAG, {field: value}))
    assert reason in refused.value.reason


@pytest.mark.parametrize(
    ("field", "value"),
    [("event_type", "scan"), ("operator_id", "k" * 64), ("case_number", "out"), ("slot_number", "SLOT-07")],
)
def test_a_value_that_a_row_can_have_is_taken(field: str, value: str) -> None:
    """In any case of letters, as in the cells of a batch; OUT is in no case and no slot."""
    require_meant(mapping_of(TAG, {field: value}))


@pytest.mark.parametrize("name", ["", "Old", "old list", "-a", "a" * 41, "a.b"])
def test_names_are_plain(name: str) -> None:
    """A name is what can be typed and stands in a file without quotation marks."""
    require_name("old-list-2")
    with pytest.raises(NotAMapping):
        require_name(name)


def test_headings_of_other_programs_are_known() -> None:
    """Snipe-IT's, Homebox's and Shelf's names are proposed for the field they mean; other names are not."""
    assert proposed(["Company", "Asset Tag", "Category", "Manufacturer", "Model", "Model Number", "Asset Notes"]) == {
        "asset_tag": "Asset Tag",
        "manufacturer": "Manufacturer",
        "model": "Model",
        "model_code": "Model Number",
        "equipment_type": "Category",
        "notes": "Asset Notes",
    }
    assert proposed(["HB.name", "HB.asset_id", "HB.location"]) == {"asset_tag": "HB.asset_id", "model": "HB.name"}
    shelf = ["title", "barcode_Code128", "assetModel", "cf: Serial number,type:text", "cf:brand, type:option"]
    assert proposed(shelf) == {
        "asset_tag": "barcode_Code128",
        "serial_number": "cf: Serial number,type:text",
        "manufacturer": "cf:brand, type:option",
        "model": "assetModel",
    }
    assert proposed(["Colour", "Price"]) == {}
    assert KNOWN_HEADINGS.keys() <= set(COLUMNS)
