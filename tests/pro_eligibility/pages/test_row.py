"""The page of a row: its cells, what was asked and found, and its history."""

import re

import pytest
from django.utils import timezone

from pro_eligibility.models import Assessment, EligibilityTest
from tests.pro_eligibility.factories import AddressRowFactory, AssessmentFactory
from tests.pro_eligibility.pages.results_world import (
    HOSTILE,
    address,
    administrator,
    html,
    owner,
    scripts,
    stranger,
    test,
    text,
    written_into,
)

__all__ = ["administrator", "owner", "stranger", "test"]

pytestmark = pytest.mark.django_db


def history(page: str) -> list[list[str]]:
    [body] = re.findall(r"<tbody>(.*?)</tbody>", page, re.S)
    return [
        [text(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)
    ]


def facts(page: str) -> dict[str, str]:
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page, re.S)
    return {text(name): text(value) for name, value in found}


def test_the_cells_are_shown_under_the_names_of_their_columns(owner, test):
    EligibilityTest.objects.update(columns=["name", "street"])
    test.rows.filter(number=1).update(cells=["School", "1 rue de la Paix", "more"])

    shown = facts(html(owner, test, "rows/1/"))

    assert shown["name"] == "School"
    assert shown["street"] == "1 rue de la Paix"
    assert shown["Column 3"] == "more"


def test_it_is_shown_what_was_asked_and_what_was_found(owner, test):
    test.rows.filter(number=1).update(x=700_000, y=6_600_000.25)

    shown = facts(html(owner, test, "rows/1/"))

    assert shown["What was asked"] == "1 rue de la Paix 03000 Moulins"
    assert shown["Address found"] == "1 Rue de la Paix 03000 Moulins"
    assert shown["Score"] == "90 %"
    assert shown["Latitude, longitude"] == "46.500002, 3.000000"
    assert shown["Lambert-93 (x, y)"] == "700000.0, 6600000.2"


def test_coordinates_of_the_file_are_what_was_asked(owner, test):
    AddressRowFactory(test=test, number=6, query="", score=None, reason="given")

    assert facts(html(owner, test, "rows/6/"))["What was asked"] == "the coordinates of the file"


def test_of_a_row_without_a_place_nothing_was_asked(owner, test):
    page = html(owner, test, "rows/5/")

    assert facts(page)["What was asked"] == "nothing"
    assert "There is no address in the row." in page
    assert "Nothing has been said of this row: it has no place." in page


def test_the_outcome_comes_with_the_sentence_why(owner, test):
    page = text(html(owner, test, "rows/2/"))

    assert "to review The geocoder is unsure: 40 % where 60 % is asked." in page


def test_the_history_is_told_from_the_newest_on(owner, test):
    row = test.rows.get(number=1)
    AssessmentFactory(
        row=row, transition="changement_reseau", distance=12, network_name="Autre", sncu="0302C",
        taux_enrr=71.25, contenu_co2_acv=0.1234, data_version="v43",
    )  # fmt: skip
    Assessment.objects.update(
        calculated_at=timezone.make_aware(timezone.datetime(2026, 3, 4, 15, 6))
    )

    newest, oldest = history(html(owner, test, "rows/1/"))

    assert newest == [
        "4 March 2026, 15:06",
        "another network",
        "eligible very close to an existing network",
        "12 m",
        "Autre 0302C",
        "71.3 %",
        "123 g/kWh",
        "v43",
    ]
    assert oldest[1:] == [
        "first result",
        "eligible very close to an existing network",
        "50 m",
        "Réseau du Centre 0301C",
        "",
        "",
        "made-up",
    ]


def test_a_duplicate_shows_the_history_of_the_row_it_shares_and_leads_to_it(owner, test):
    page = html(owner, test, "rows/4/")

    assert f'<a href="{address(test, "rows/1/")}">See row 1</a>' in page
    assert len(history(page)) == 1
    assert facts(page)["Address found"] == "1 Rue de la Paix 03000 Moulins"


def test_it_leads_back_to_the_rows_it_was_reached_from(owner, test):
    page = html(owner, test, "rows/1/?outcome=ok&type=nonsense&after=0")

    assert f'<a href="{address(test)}?outcome=ok#rows"><bdi>Schools</bdi></a>' in page


@pytest.mark.parametrize(
    ("row", "beside"),
    [
        ("1/", [("next", "2/")]),
        ("3/", [("prev", "2/"), ("next", "4/")]),
        ("5/", [("prev", "4/")]),
        ("3/?eligible=true", [("prev", "1/?eligible=true"), ("next", "4/?eligible=true")]),
        ("4/?eligible=true&after=2", [("prev", "1/?eligible=true&amp;after=2")]),
    ],
)
def test_it_leads_to_the_rows_beside_it(owner, test, row, beside):
    page = html(owner, test, f"rows/{row}")

    links = re.findall(r'<a rel="(\w+)" href="(.*?)">', page)
    assert links == [(rel, address(test, f"rows/{other}")) for rel, other in beside]


def test_a_cell_written_from_right_to_left_turns_only_itself_round(owner, test):
    assert "<dd><bdi>1 rue de la Paix 03000 Moulins</bdi></dd>" in html(owner, test, "rows/1/")


def test_an_administrator_sees_a_row_of_somebody_else(administrator, test):
    assert administrator.get(address(test, "rows/1/")).status_code == 200


def test_a_row_of_somebody_else_is_not_found(stranger, test):
    assert stranger.get(address(test, "rows/1/")).status_code == 404


def test_a_visitor_is_asked_to_log_in(client, test):
    response = client.get(address(test, "rows/1/"))

    assert response.url == f"/login/?next={address(test, 'rows/1/')}"


def test_a_row_of_a_deleted_test_is_not_found(owner, test):
    EligibilityTest.objects.update(deleted_at=timezone.now())

    assert owner.get(address(test, "rows/1/")).status_code == 404


@pytest.mark.parametrize("number", [0, 99, 10**12])
def test_a_number_without_a_row_is_not_found(owner, test, number):
    assert owner.get(address(test, f"rows/{number}/")).status_code == 404


def test_what_is_in_a_row_is_text_and_not_markup(owner, test):
    EligibilityTest.objects.update(columns=[HOSTILE], name=HOSTILE)
    row = AddressRowFactory(test=test, number=6, query=HOSTILE, label=HOSTILE, cells=[HOSTILE])
    AssessmentFactory(row=row, network_name=HOSTILE)

    page = html(owner, test, "rows/6/")

    assert "<script>alert" not in page
    assert facts(page)[HOSTILE] == HOSTILE


def test_no_script_or_style_is_in_the_page(owner, test):
    page = html(owner, test, "rows/1/")

    assert scripts(page) == written_into(page) == []


def test_a_long_history_costs_no_more_queries(owner, test, django_assert_num_queries):
    AssessmentFactory.create_batch(20, row=test.rows.get(number=1))

    # The session, the user, the test, the row, its history, the rows beside it.
    with django_assert_num_queries(7):
        owner.get(address(test, "rows/1/"))
