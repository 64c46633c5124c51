"""The eleven columns of the original service."""

import pytest
from rest_framework.test import APIClient

from pro_eligibility.models import EligibilityTest
from tests.pro_eligibility.exports.conftest import Make, get, read_csv, read_xlsx
from tests.pro_eligibility.factories import AssessmentFactory

TITLES = [
    "Adresse",
    "Adresse testée",
    "Indice de fiabilité",
    "raccordable à un réseau existant",
    "Distance",
    "PDP",
    "raccordable à un réseau en construction",
    "Identifiant du réseau",
    "Taux EnR&R",
    "Contenu CO2 ACV g/kWh",
    "réseau non localisé sur la commune",
]


def test_it_has_the_eleven_columns(alice: APIClient, every: EligibilityTest) -> None:
    assert read_xlsx(alice, every, "summary.xlsx")[0] == TITLES
    assert read_csv(alice, every, "summary.csv")[0] == TITLES


@pytest.mark.parametrize("language", ["fr", "en"])
def test_they_are_french_for_everybody(
    language: str, alice: APIClient, every: EligibilityTest
) -> None:
    response = get(alice, every, "summary.csv", **{"Accept-Language": language})

    assert response.getvalue().decode("utf-8-sig").startswith(";".join(TITLES))


def test_every_cell_is_a_text(alice: APIClient, every: EligibilityTest) -> None:
    assert read_xlsx(alice, every, "summary.xlsx")[1] == [
        "1 rue de la Paix 03000 Moulins", "1 Rue de la Paix 03000 Moulins", "90",
        "Oui", "50", "Non", "Non", "0301C", "50,5", "123", "Non",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("type", "existing", "pdp", "future", "not_located"),
    [
        ("dans_pdp_reseau_existant", "Oui", "Oui", "Non", "Non"),
        ("dans_pdp_reseau_futur", "Non", "Oui", "Oui", "Non"),
        ("reseau_existant_tres_proche", "Oui", "Non", "Non", "Non"),
        ("reseau_futur_tres_proche", "Non", "Non", "Oui", "Non"),
        ("dans_zone_reseau_futur", "Non", "Non", "Oui", "Non"),
        ("reseau_existant_proche", "Oui", "Non", "Non", "Non"),
        ("reseau_futur_proche", "Non", "Non", "Oui", "Non"),
        ("reseau_existant_loin", "Non", "Non", "Non", "Non"),
        ("reseau_futur_loin", "Non", "Non", "Non", "Non"),
        ("dans_ville_reseau_existant_sans_trace", "A confirmer", "Non", "Non", "Oui"),
        ("trop_eloigne", "Non", "Non", "Non", "Non"),
    ],
)
def test_each_type_has_its_answers(
    type: str, existing: str, pdp: str, future: str, not_located: str, alice: APIClient, make: Make
) -> None:
    test = make(["a"])
    AssessmentFactory(row=test.rows.get(), type=type)

    line = read_csv(alice, test, "summary.csv")[1]

    assert (line[3], line[5], line[6], line[10]) == (existing, pdp, future, not_located)


def test_a_row_without_a_result_has_blanks(alice: APIClient, every: EligibilityTest) -> None:
    assert read_csv(alice, every, "summary.csv")[3][1:] == [""] * 10


def test_a_duplicate_has_the_result_of_the_row_it_repeats(
    alice: APIClient, every: EligibilityTest
) -> None:
    lines = read_csv(alice, every, "summary.csv")

    assert lines[4][1:] == lines[1][1:]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [({"x_column": 0, "y_column": 1}, "46.5, 3"), ({"xy_column": 2}, "3 46.5")],
)
def test_of_coordinates_the_address_is_what_was_written(
    columns: dict[str, int], expected: str, alice: APIClient, make: Make
) -> None:
    test = make(["3", "46.5", "3 46.5"], layout_data={"mode": "coordinates"} | columns)

    assert read_csv(alice, test, "summary.csv")[1][0] == expected


@pytest.mark.parametrize(
    ("cells", "expected"), [(["", ""], ""), ([" ", ""], ""), (["3", ""], "3"), (["", "46"], "46")]
)
def test_coordinates_that_are_missing_leave_no_comma(
    cells: list[str], expected: str, alice: APIClient, make: Make
) -> None:
    layout = {"mode": "coordinates", "x_column": 0, "y_column": 1}

    assert read_csv(alice, make(cells, layout_data=layout), "summary.csv")[1][0] == expected


def test_the_workbook_has_a_legend_in_french(alice: APIClient, every: EligibilityTest) -> None:
    legend = read_xlsx(alice, every, "summary.xlsx", sheet=1)

    assert [line[0] for line in legend[-11:]] == TITLES
    assert legend[-11][1] == "L'adresse de votre fichier, ou ses coordonnées."
