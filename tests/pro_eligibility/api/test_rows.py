"""GET /api/eligibility-tests/{id}/rows/ and rows/{number}/"""

from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from pro_eligibility.models import EligibilityTest, Reason, State
from tests.pro_eligibility.api.conftest import is_problem, path_of
from tests.pro_eligibility.factories import AddressRowFactory, AssessmentFactory

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def rows(draft: EligibilityTest) -> EligibilityTest:
    """Alice's: ok and eligible, to review and not eligible, not found, duplicate of the first."""
    first = AssessmentFactory(row__test=draft, row__number=1, transition="rapprochement").row
    AssessmentFactory(
        row__test=draft, row__number=2, row__score=40, type="trop_eloigne", eligible=False
    )
    AddressRowFactory(test=draft, number=3, not_found=True, score=None, label="", facts={})
    AddressRowFactory(
        test=draft, number=4, state=State.DUPLICATE, reason=Reason.DUPLICATE, duplicate_of=first,
        facts={"row": 1}, x=None, y=None, label="", score=None, query="1 RUE de la Paix",
    )  # fmt: skip
    return draft


def numbers(client: APIClient, test: EligibilityTest, **parameters: Any) -> list[int]:
    shown = client.get(path_of(test, "rows/"), parameters).json()["rows"]
    return [row["number"] for row in shown]


def test_a_row_is_shown_with_these_fields_in_this_order(
    alice: APIClient, draft: EligibilityTest
) -> None:
    AssessmentFactory(row__test=draft, row__number=1, row__x=700_000, row__y=6_600_000)

    (row,) = alice.get(path_of(draft, "rows/")).json()["rows"]

    del row["result"]
    assert list(row.items()) == [
        ("number", 1),
        ("cells", ["1 rue de la Paix 03000 Moulins"]),
        ("query", "1 rue de la Paix 03000 Moulins"),
        ("outcome", "ok"),
        ("reason", "Located by the geocoder with a score of 90 %."),
        ("duplicate_of", None),
        ("label", "1 Rue de la Paix 03000 Moulins"),
        ("score", 90),
        ("citycode", ""),
        ("longitude", pytest.approx(3.0)),
        ("latitude", pytest.approx(46.5)),
    ]


def test_a_result_is_shown_with_these_fields(alice: APIClient, draft: EligibilityTest) -> None:
    AssessmentFactory(
        row__test=draft, row__number=1, calculated_at=NOON, taux_enrr=50.5, contenu_co2_acv=0.1,
        commune="Moulins",
    )  # fmt: skip

    result = alice.get(path_of(draft, "rows/1/")).json()["result"]

    assert result == {
        "calculated_at": "2026-03-01T12:00:00Z",
        "transition": "initial",
        "data_version": "made-up",
        "rules_version": 1,
        "type": "reseau_existant_tres_proche",
        "eligible": True,
        "distance": 50,
        "network_kind": "heat_network",
        "id_fcu": 1,
        "sncu": "0301C",
        "network_name": "Réseau du Centre",
        "taux_enrr": 50.5,
        "contenu_co2_acv": 0.1,
        "commune_insee": "",
        "commune": "Moulins",
        "departement": "",
        "region": "",
    }


def test_rows_are_in_the_order_of_the_file(alice: APIClient, draft: EligibilityTest) -> None:
    for number in (3, 1, 2):
        AddressRowFactory(test=draft, number=number)

    assert numbers(alice, draft) == [1, 2, 3]


def test_rows_of_other_tests_are_not_shown(alice: APIClient, draft: EligibilityTest) -> None:
    AddressRowFactory()

    assert numbers(alice, draft) == []


def test_a_duplicate_shows_the_result_of_the_row_it_repeats(
    alice: APIClient, rows: EligibilityTest
) -> None:
    row = alice.get(path_of(rows, "rows/4/")).json()

    assert (row["outcome"], row["duplicate_of"]) == ("duplicate", 1)
    assert row["reason"] == "The same place as row 1, whose result it shares."
    assert row["label"] == "1 Rue de la Paix 03000 Moulins"
    assert row["result"]["type"] == "reseau_existant_tres_proche"


def test_a_row_without_a_place_has_no_coordinates(alice: APIClient, rows: EligibilityTest) -> None:
    row = alice.get(path_of(rows, "rows/3/")).json()

    assert (row["longitude"], row["latitude"], row["result"]) == (None, None, None)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"outcome": "ok"}, [1]),
        ({"outcome": "to_review"}, [2]),
        ({"outcome": "not_found,duplicate"}, [3, 4]),
        ({"outcome": ["ok", "duplicate"]}, [1, 4]),
        ({"type": "reseau_existant_tres_proche"}, [1, 4]),
        ({"type": "trop_eloigne,reseau_existant_tres_proche"}, [1, 2, 4]),
        ({"eligible": "true"}, [1, 4]),
        ({"eligible": "false"}, [2]),
        ({"changed": "true"}, [1, 4]),
        ({"changed": "false"}, [2]),
        ({"q": "2 rue"}, [2]),
        ({"q": "1 Rue de la PAIX"}, [1, 4]),
        ({"eligible": "true", "outcome": "duplicate"}, [4]),
        ({"limit": "2", "offset": "1"}, [2, 3]),
    ],
)
def test_filters_select_rows(
    parameters: dict[str, Any], expected: list[int], alice: APIClient, rows: EligibilityTest
) -> None:
    assert numbers(alice, rows, **parameters) == expected


@pytest.mark.parametrize(
    ("history", "changed"),
    [
        (["initial"], "false"),
        (["initial", "none"], "false"),
        (["initial", "rapprochement"], "true"),
        (["initial", "rapprochement", "none"], "true"),
        (["initial", "rapprochement", "eloignement"], "true"),
    ],
)
def test_a_row_has_changed_if_its_situation_ever_did(
    history: list[str], changed: str, alice: APIClient, draft: EligibilityTest
) -> None:
    row = AddressRowFactory(test=draft, number=1)
    for transition in history:
        AssessmentFactory(row=row, transition=transition)
    AddressRowFactory(
        test=draft, number=2, state=State.DUPLICATE, reason=Reason.DUPLICATE, duplicate_of=row,
        facts={"row": 1}, x=None, y=None,
    )  # fmt: skip
    AddressRowFactory(test=draft, number=3, waiting=True)

    found = {answer: numbers(alice, draft, changed=answer) for answer in ("true", "false")}

    assert found == {"true": [], "false": []} | {changed: [1, 2]}


def test_the_total_counts_what_the_filters_select(alice: APIClient, rows: EligibilityTest) -> None:
    shown = alice.get(path_of(rows, "rows/"), {"eligible": "true", "limit": "1"}).json()

    assert shown["pagination"] == {"total": 2, "offset": 0, "limit": 1, "hasNext": True}


@pytest.mark.parametrize(
    ("name", "given", "problem"),
    [
        (
            "outcome",
            "ok,good",
            "Given 'ok,good'; it takes one or more of "
            "ok, to_review, not_found, duplicate, invalid, waiting.",
        ),
        ("eligible", "oui", "Given 'oui'; it takes true or false."),
        ("limit", "101", "Given '101'; it takes a whole number from 1 to 100."),
        (
            "address",
            "x",
            "Unknown parameter; this takes changed, eligible, limit, offset, outcome, q, type.",
        ),
    ],
)
def test_a_wrong_parameter_is_named_with_what_it_takes(
    name: str, given: str, problem: str, alice: APIClient, draft: EligibilityTest
) -> None:
    response = alice.get(path_of(draft, "rows/"), {name: given})

    assert is_problem(response, 400)
    assert response.json()["errors"] == {name: [problem]}


def test_a_page_has_a_hundred_rows_at_most_and_no_history(
    alice: APIClient, rows: EligibilityTest
) -> None:
    """D-3.14"""
    assert alice.get(path_of(rows, "rows/"), {"limit": "1000"}).status_code == 400
    assert all("history" not in row for row in alice.get(path_of(rows, "rows/")).json()["rows"])


def test_a_page_takes_few_queries_whatever_its_length(
    alice: APIClient, draft: EligibilityTest, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        first = AssessmentFactory(row__test=draft).row
        AddressRowFactory(
            test=draft, state=State.DUPLICATE, reason=Reason.DUPLICATE, facts={"row": 1},
            duplicate_of=first,
        )  # fmt: skip

    with django_assert_max_num_queries(3):
        assert len(numbers(alice, draft)) == 40


def test_a_row_has_its_whole_history_the_newest_first(
    alice: APIClient, draft: EligibilityTest
) -> None:
    row = AddressRowFactory(test=draft, number=1)
    AssessmentFactory(row=row, distance=50)
    AssessmentFactory(row=row, distance=150, transition="eloignement")

    shown = alice.get(path_of(draft, "rows/1/")).json()

    assert [(entry["transition"], entry["distance"]) for entry in shown["history"]] == [
        ("eloignement", 150), ("initial", 50),
    ]  # fmt: skip
    assert shown["result"] == shown["history"][0]


def test_a_duplicate_has_the_history_of_the_row_it_repeats(
    alice: APIClient, rows: EligibilityTest
) -> None:
    shown = alice.get(path_of(rows, "rows/4/")).json()

    assert [entry["transition"] for entry in shown["history"]] == ["rapprochement"]


@pytest.mark.parametrize("number", ["0", "9", "99999999999999999999", "-1", "x"])
def test_a_row_that_does_not_exist_is_not_found(
    number: str, alice: APIClient, rows: EligibilityTest
) -> None:
    assert is_problem(alice.get(path_of(rows, f"rows/{number}/")), 404)
