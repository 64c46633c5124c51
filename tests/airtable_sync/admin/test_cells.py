"""How a cell of Airtable is shown."""

import pytest
from django.utils.safestring import SafeString
from django.utils.translation import override

from airtable_sync.admin.cells import LONGEST, shown

FILES = [{"id": "att1", "filename": "plan.pdf"}, {"id": "att2", "filename": "map.png"}]
EMPTY = '<em class="sync-empty">empty</em>'


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, EMPTY),
        ("", EMPTY),
        ([], EMPTY),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (12.5, "12.5"),
        ("Réseau\ndu Centre", "Réseau\ndu Centre"),
        (["Paris", "Lyon"], "Paris, Lyon"),
        ([None, 3], "empty, 3"),
        (FILES, "plan.pdf, map.png"),
        ({"error": "#ERROR!"}, "#ERROR!"),
        ({"specialValue": "NaN"}, "NaN"),
        ({"name": "été"}, '{"name": "été"}'),
    ],
)
def test_a_cell_reads_as_people_say_it(cell, expected):
    assert shown(cell) == expected


def test_a_number_is_written_as_the_reader_writes_it():
    with override("fr"):
        assert shown(12.5) == "12,5"


def test_a_long_text_is_cut_and_its_title_has_the_whole():
    text = "é" * LONGEST

    assert shown(text) == text
    assert shown(f"{text}!") == f'<span title="{text}!">{text}…</span>'


def test_markup_in_a_cell_is_only_text():
    markup = "<script>" * LONGEST

    assert not isinstance(shown("<script>"), SafeString)
    assert "<script>" not in shown(markup)
