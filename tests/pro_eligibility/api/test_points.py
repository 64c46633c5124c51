"""GET /api/eligibility-tests/{id}/points/"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from pro_eligibility.models import EligibilityTest
from tests.pro_eligibility.api.conftest import is_problem, path_of
from tests.pro_eligibility.factories import AddressRowFactory, AssessmentFactory


def numbers(client: APIClient, test: EligibilityTest, **parameters: Any) -> list[int]:
    shown = client.get(path_of(test, "points/"), parameters).json()["features"]
    return [feature["properties"]["number"] for feature in shown]


def test_a_located_row_is_a_point(alice: APIClient, draft: EligibilityTest) -> None:
    AssessmentFactory(row__test=draft, row__number=1, row__x=700_000, row__y=6_600_000)

    assert alice.get(path_of(draft, "points/")).json() == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {
                    "type": "Point",
                    "coordinates": [pytest.approx(3.0), pytest.approx(46.5)],
                },
                "properties": {
                    "number": 1,
                    "label": "1 Rue de la Paix 03000 Moulins",
                    "outcome": "ok",
                    "type": "reseau_existant_tres_proche",
                    "eligible": True,
                },
            }
        ],
        "truncated": False,
    }


def test_a_row_that_is_not_assessed_yet_has_a_place(
    alice: APIClient, draft: EligibilityTest
) -> None:
    AddressRowFactory(test=draft)

    (feature,) = alice.get(path_of(draft, "points/")).json()["features"]

    assert (feature["properties"]["type"], feature["properties"]["eligible"]) == (None, None)


def test_rows_without_a_place_are_left_out(alice: APIClient, draft: EligibilityTest) -> None:
    AddressRowFactory(test=draft, number=1, waiting=True)
    AddressRowFactory(test=draft, number=2)

    assert numbers(alice, draft) == [2]


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ("2.9,46.4,3.1,46.6", [1]),
        ("3.2,46.4,3.4,46.6", [2]),
        ("0,40,0.1,40.1", []),
        ("-180,-90,180,90", [1, 2]),
        ("100,-80,120,-70", []),
        ("3,46.5,3,46.5", []),
    ],
)
def test_a_box_selects(
    box: str, expected: list[int], alice: APIClient, draft: EligibilityTest
) -> None:
    AddressRowFactory(test=draft, number=1, x=700_000, y=6_600_000)
    AddressRowFactory(test=draft, number=2, x=720_000, y=6_600_000)

    assert numbers(alice, draft, bbox=box) == expected


def test_filters_select(alice: APIClient, draft: EligibilityTest) -> None:
    AssessmentFactory(row__test=draft, row__number=1)
    AssessmentFactory(row__test=draft, row__number=2, eligible=False)

    assert numbers(alice, draft, eligible="false") == [2]


def test_it_says_when_there_are_more(alice: APIClient, draft: EligibilityTest) -> None:
    """D-3.14"""
    AddressRowFactory.create_batch(3, test=draft)

    two = alice.get(path_of(draft, "points/"), {"limit": 2}).json()
    three = alice.get(path_of(draft, "points/"), {"limit": 3}).json()

    assert (len(two["features"]), two["truncated"]) == (2, True)
    assert (len(three["features"]), three["truncated"]) == (3, False)


@pytest.mark.parametrize(
    "box",
    [
        "1,2,3",
        "a,b,c,d",
        "3,46,2,47",
        "nan,1,2,3",
        "0,0,0,91",
        "1_0,2,30,40",
        "٣,2,30,40",
        "1,2,3,4,5",
    ],
)
def test_a_wrong_box_is_refused(box: str, alice: APIClient, draft: EligibilityTest) -> None:
    response = alice.get(path_of(draft, "points/"), {"bbox": box})

    assert is_problem(response, 400)
    assert response.json()["errors"] == {
        "bbox": [f"Given {box!r}; it takes west,south,east,north in degrees."]
    }


def test_more_than_five_thousand_are_never_given(alice: APIClient, draft: EligibilityTest) -> None:
    """D-3.14"""
    assert is_problem(alice.get(path_of(draft, "points/"), {"limit": 5001}), 400)


def test_it_takes_two_queries(
    alice: APIClient, draft: EligibilityTest, django_assert_max_num_queries: Any
) -> None:
    AssessmentFactory.create_batch(10, row__test=draft)

    with django_assert_max_num_queries(2):
        assert len(numbers(alice, draft)) == 10
