"""Reasons that a worker wrote, in the language of the reader."""

import pytest
from django.utils import translation

from airtable_sync.admin.reasons import worded
from airtable_sync.errors import NotInThisColumn
from airtable_sync.values import ATTACHMENTS, FLAG, NUMBER, TEXT, WHOLE

WRITTEN = {
    "the number is missing": "il manque le numéro",
    "2 records have the number 7": "2 enregistrements ont le numéro 7",
    "its number was 7 at the last sync": "son numéro était 7 à la dernière synchronisation",
    "'a is no number' is no number": "'a is no number' n’est pas un nombre",
    "567 cannot be taken: Ensure this value is less than or equal to 100": "567 ne peut pas être "
    "repris\u00a0: Ensure this value is less than or equal to 100",
    "'0301C' is that of Réseau (0301C) already": "'0301C' est déjà celui de Réseau (0301C)",
    "something of another release": "something of another release",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_reason_is_said_in_french(written):
    with translation.override("fr"):
        assert worded(written) == WRITTEN[written]


@pytest.mark.parametrize("written", WRITTEN)
def test_in_english_it_stays_as_it_was_written(written):
    assert worded(written) == written


@pytest.mark.parametrize("value", [TEXT, NUMBER, WHOLE, FLAG, ATTACHMENTS])
def test_what_any_value_says_is_known_here(value):
    with pytest.raises(NotInThisColumn) as refused:
        value.normal({"error": "#ERROR!"})

    with translation.override("fr"):
        assert worded(str(refused.value)) != str(refused.value)
