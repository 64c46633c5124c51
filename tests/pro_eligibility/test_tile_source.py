"""The tile source `tests-adresses`."""

import json

import pytest

from pro_eligibility.tile_source import TESTED_PLACES, all_places
from tests.pro_eligibility.factories import (
    AddressRowFactory,
    AssessmentFactory,
    EligibilityTestFactory,
)

pytestmark = pytest.mark.django_db


def test_each_place_is_one_feature_with_the_tests_it_is_in():
    one = AssessmentFactory().row
    two = AssessmentFactory(row__label=one.label).row

    [feature] = all_places()

    properties = dict(feature.properties)
    tests = json.loads(properties.pop("tests"))
    assert properties == {
        "adresse": one.label,
        "eligibility": "reseau_existant_tres_proche",
        "eligible": True,
    }
    assert {(test["id"], test["name"]) for test in tests} == {
        (str(row.test.pk), row.test.name) for row in (one, two)
    }


def test_the_last_word_on_a_place_counts():
    row = AssessmentFactory().row
    AssessmentFactory(row=row, type="trop_eloigne", eligible=False, distance=None)

    [feature] = all_places()

    assert (feature.properties["eligibility"], feature.properties["eligible"]) == (
        "trop_eloigne",
        False,
    )


def test_what_is_to_be_reviewed_is_not_on_the_map():
    AssessmentFactory(row__score=59)

    assert list(all_places()) == []


def test_deleted_tests_are_not_on_the_map():
    """D-2.13"""
    AssessmentFactory().row.test.delete_softly()

    assert list(all_places()) == []


def test_more_places_than_are_read_at_once_are_all_on_the_map(monkeypatch):
    """More than the database sends at once, too: 100."""
    monkeypatch.setattr("pro_eligibility.tile_source.ROWS_AT_ONCE", 60)
    test = EligibilityTestFactory()
    for number in range(150):
        AssessmentFactory(row__test=test, row__x=700_000.0 + number)

    assert len(list(all_places())) == 150


def test_rows_without_a_place_are_not_on_the_map():
    AddressRowFactory(not_found=True)

    assert list(all_places()) == []


def test_it_is_for_administrators_and_keeps_no_former_tiles():
    assert TESTED_PLACES.private
    assert not TESTED_PLACES.keeps_former
    assert TESTED_PLACES.may_be_empty
