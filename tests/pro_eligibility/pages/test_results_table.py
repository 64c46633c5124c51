"""The table of the rows: what it says of each, what it can be asked for, how it is paged."""

import re

import pytest

from tests.pro_eligibility.factories import AddressRowFactory, AssessmentFactory
from tests.pro_eligibility.pages.results_world import (
    HOSTILE,
    address,
    html,
    line,
    owner,
    rows,
    test,
)

__all__ = ["owner", "test"]

pytestmark = pytest.mark.django_db


def links(page: str) -> dict[str, str]:
    """The other pages of the table, by the texts of their links."""
    [nav] = re.findall(r'<nav class="row" aria-label="Pages">(.*?)</nav>', page, re.S)
    found = re.findall(r'<a href="\?(.*?)#rows"[^>]*>(.*?)</a>', nav)
    return {text: query.replace("&amp;", "&") for query, text in found}


def selected(page: str) -> list[str]:
    return [value for value in re.findall(r'<option value="([^"]*)" selected>', page) if value]


def test_a_row_says_what_was_found_and_why_it_is_what_it_is(owner, test):
    assert line(html(owner, test), 1) == [
        "1",
        "1 rue de la Paix 03000 Moulins",
        "1 Rue de la Paix 03000 Moulins",
        "90 %",
        "ok",
        "eligible very close to an existing network",
        "50 m",
        "Réseau du Centre 0301C",
    ]


def test_a_row_to_review_says_which_score_is_asked(owner, test):
    [_, _, _, score, outcome, *_] = line(html(owner, test), 2)

    assert score == "40 %"
    assert outcome == "to review The geocoder is unsure: 40 % where 60 % is asked."


def test_a_row_that_was_not_found_has_no_result(owner, test):
    assert line(html(owner, test), 3)[2:] == [
        "", "", "not found The geocoder found no such address.", "", "", "",
    ]  # fmt: skip


def test_a_duplicate_shows_the_result_it_shares(owner, test):
    [_, _, found, score, outcome, eligibility, *_] = line(html(owner, test), 4)

    assert (found, score) == ("1 Rue de la Paix 03000 Moulins", "90 %")
    assert outcome == "duplicate The same place as row 1, whose result it shares."
    assert eligibility == "eligible very close to an existing network"


def test_a_row_of_coordinates_is_shown_by_its_cells(owner, test):
    AddressRowFactory(test=test, number=6, query="", cells=["", "48.85", "2.35"])

    assert line(html(owner, test), 6)[1] == "48.85 · 2.35"


def test_each_row_leads_to_its_history(owner, test):
    assert f'<a href="{address(test, "rows/3/")}" aria-label="Row 3: history">' in html(owner, test)


def test_the_history_knows_which_rows_it_was_reached_from(owner, test):
    page = html(owner, test, "?outcome=ok,invalid&type=nonsense&after=3")

    asked = "?outcome=ok,invalid&amp;after=3"
    assert f'<a href="{address(test, "rows/5/")}{asked}" aria-label="Row 5: history">' in page


def test_a_long_address_is_cut_short(owner, test):
    AddressRowFactory(test=test, number=6, query="", cells=["x" * 30_000])

    assert line(html(owner, test), 6)[1] == "x" * 199 + "…"


def test_an_address_written_from_right_to_left_turns_only_itself_round(owner, test):
    assert "<bdi>3 rue de la Paix 03000 Moulins</bdi></td>" in html(owner, test)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("outcome=to_review", [2]),
        ("outcome=not_found,invalid", [3, 5]),
        ("type=trop_eloigne", [2]),
        ("type=reseau_existant_tres_proche,reseau_existant_proche", [1, 4]),
        ("eligible=true", [1, 4]),
        ("eligible=false", [2]),
        ("q=2 RUE", [2]),
        ("outcome=ok&eligible=false", []),
        ("outcome=&type=&eligible=&changed=&q=", [1, 2, 3, 4, 5]),
        ("outcome=nonsense&eligible=true", [1, 4]),
    ],
)
def test_the_table_shows_what_is_asked_for(owner, test, asked, found):
    assert rows(html(owner, test, f"?{asked}")) == found


def test_the_table_shows_the_rows_that_changed(owner, test):
    AssessmentFactory(row=test.rows.get(number=2), transition="nouveau_reseau_existant")

    assert rows(html(owner, test, "?changed=true")) == [2]


def test_what_is_asked_for_stays_in_the_form(owner, test):
    page = html(owner, test, "?outcome=ok&type=trop_eloigne&eligible=false&changed=false&q=Paix")

    assert selected(page) == ["ok", "trop_eloigne", "false", "false"]
    assert 'name="q" maxlength="200" value="Paix"' in page


def test_all_types_of_a_group_are_one_choice(owner, test):
    types = "dans_pdp_reseau_existant,reseau_existant_tres_proche,reseau_existant_proche"

    page = html(owner, test, f"?type={types}")

    assert selected(page) == [types]


def test_it_is_said_that_no_row_is_like_what_is_asked_for(owner, test):
    assert "No row is like this." in html(owner, test, "?q=nowhere")


@pytest.fixture
def many(test):
    for number in range(6, 126):
        AddressRowFactory(test=test, number=number)


def test_fifty_rows_are_on_a_page(owner, test, many):
    page = html(owner, test)

    assert rows(page) == [*range(1, 51)]
    assert links(page) == {"Next page": "after=50"}


def test_the_next_page_goes_on_where_this_one_ends(owner, test, many):
    page = html(owner, test, "?after=50")

    assert rows(page) == [*range(51, 101)]
    assert links(page) == {"First page": "", "Previous page": "before=51", "Next page": "after=100"}


def test_the_last_page_has_no_next(owner, test, many):
    page = html(owner, test, "?after=100")

    assert rows(page) == [*range(101, 126)]
    assert links(page) == {"First page": "", "Previous page": "before=101"}


def test_the_previous_page_ends_where_this_one_begins(owner, test, many):
    page = html(owner, test, "?before=101")

    assert rows(page) == [*range(51, 101)]
    assert links(page)["Previous page"] == "before=51"


def test_the_page_before_the_second_is_the_first(owner, test, many):
    page = html(owner, test, "?before=51")

    assert rows(page) == [*range(1, 51)]
    assert links(page) == {"Next page": "after=50"}


def test_the_other_pages_keep_what_is_asked_for(owner, test, many):
    page = html(owner, test, "?outcome=ok&q=Paix&after=0")

    assert links(page) == {"Next page": "outcome=ok&q=Paix&after=54"}


@pytest.mark.parametrize("after", ["x", "-1", "1" * 5_000, "²"])
def test_a_place_that_is_none_is_the_first_page(owner, test, after):
    assert rows(html(owner, test, f"?after={after}")) == [1, 2, 3, 4, 5]


def test_an_address_is_text_and_not_markup(owner, test):
    row = AddressRowFactory(test=test, number=6, query=HOSTILE, label=HOSTILE)
    AssessmentFactory(row=row, network_name=HOSTILE)

    page = html(owner, test)

    assert "<script>alert" not in page
    assert line(page, 6)[1] == HOSTILE


def test_what_is_searched_for_is_text_and_not_markup(owner, test):
    page = owner.get(address(test), {"q": HOSTILE}).content.decode()

    assert "<script>alert" not in page
