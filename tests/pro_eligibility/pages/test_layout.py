"""The page where it is seen, tried and corrected how a file is read."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from xlsxwriter import Workbook

from pro_eligibility.geocoding.errors import GeocoderMisconfigured
from pro_eligibility.models import AddressRow, Assessment, EligibilityTest, Reason, State
from pro_eligibility.pages import tried
from tests.networks.factories import X, Y
from tests.pro_eligibility.factories import EligibilityTestFactory
from tests.pro_eligibility.pages.conftest import said, text, url

pytestmark = pytest.mark.django_db

TWO_COLUMNS = b"Export de mai\nrue;ville\n1 rue de la Paix;Moulins\n;\n;Moulins\n"
AS_SHOWN = {
    "encoding": "utf-8",
    "delimiter": "semicolon",
    "header_line": "2",
    "mode": "address",
    "address_1": "0",
    "address_2": "1",
    "xy_order": "yx",
    "crs": "EPSG:4326",
}
PLACES = b"lat,lon\n48.85661,2.35222\n48.85661,x\n"


@pytest.fixture
def two_columns(alice: Any) -> EligibilityTest:
    """Made up: a title, the names of two columns, and two rows."""
    layout = {"delimiter": ";", "header_line": 1, "address_columns": [0]}
    return EligibilityTestFactory(
        name="Paris", user=alice, layout_data=layout, columns=["rue", "ville"], content=TWO_COLUMNS
    )


@pytest.fixture
def places(alice: Any) -> EligibilityTest:
    layout = {"delimiter": ",", "mode": "coordinates", "x_column": 1, "y_column": 0}
    return EligibilityTestFactory(
        user=alice, layout_data=layout, columns=["lat", "lon"], content=PLACES
    )


def press(page: Client, test: EligibilityTest, action: str, **fields: Any) -> Any:
    return page.post(url(test, "layout/"), AS_SHOWN | fields | {"action": action}, follow=True)


def seen(response: Any) -> list[tuple[str, str]]:
    """What will be asked about each row, or why it is invalid."""
    return [(line.asked, line.problem) for line in response.context["sample"].lines]


def errors(response: Any) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


def chosen(response: Any, field: str) -> str | None:
    return response.context["form"][field].value()


def test_it_shows_what_was_detected(page, two_columns):
    EligibilityTest.objects.update(notes=["1 line above the names of the columns is left out."])

    shown = page.get(url(two_columns, "layout/"))

    assert "1 line above the names of the columns is left out." in text(shown)
    assert chosen(shown, "delimiter") == "semicolon"
    assert chosen(shown, "header_line") == 2
    assert chosen(shown, "address_1") == 0


def test_it_shows_the_rows_and_what_will_be_asked_about_them(page, two_columns):
    shown = page.get(url(two_columns, "layout/"))

    assert seen(shown) == [
        ("1 rue de la Paix", ""),
        ("", "There is no address in the row."),
    ]
    assert shown.context["sample"].columns == ["rue", "ville"]
    assert shown.context["sample"].titles == [["Export de mai"]]


def test_no_more_than_ten_rows_are_shown(page, alice):
    lines = "".join(f"{n} rue de la Paix\n" for n in range(30))
    test = EligibilityTestFactory(user=alice, content=b"adresse\n" + lines.encode())

    shown = page.get(url(test, "layout/"))

    assert len(seen(shown)) == 10
    assert "The first 10 of 30 rows" in text(shown)


def test_coordinates_are_shown_as_they_are_understood(page, places):
    assert seen(page.get(url(places, "layout/"))) == [
        ("48.85661, 2.35222", ""),
        ("", "“x” is not a coordinate."),
    ]


def test_a_preview_shows_another_layout_and_saves_nothing(page, two_columns):
    shown = press(page, two_columns, "preview")

    two_columns.refresh_from_db()
    assert seen(shown) == [("1 rue de la Paix Moulins", ""), ("Moulins", "")]
    assert two_columns.layout.address_columns == [0]


def test_the_columns_are_joined_in_the_order_in_which_they_were_chosen(page, two_columns):
    shown = press(page, two_columns, "preview", address_1="1", address_2="0")

    assert seen(shown)[0] == ("Moulins 1 rue de la Paix", "")


def test_the_columns_that_are_used_are_marked(page, two_columns):
    shown = press(page, two_columns, "preview", address_1="1", address_2="").content.decode()

    assert '<th scope="col"><bdi>rue</bdi></th>' in shown
    assert '<th scope="col" class="used"><bdi>ville</bdi> <span class="badge">used' in shown
    assert '<td class="used"><bdi>Moulins</bdi></td>' in shown


def test_the_columns_of_the_coordinates_are_marked(page, places):
    assert page.get(url(places, "layout/")).context["sample"].used == {0, 1}


def test_it_is_said_that_the_start_is_final(page, two_columns):
    shown = text(page.get(url(two_columns, "layout/")))

    assert "Once the test has started, how the file is read cannot be changed." in shown


def test_the_columns_to_choose_from_follow_the_preview(page, two_columns):
    shown = press(page, two_columns, "preview", header_line="", address_2="")

    choices = shown.context["form"].fields["address_1"].widget.choices
    assert choices == [("", "–"), (0, "1. A"), (1, "2. B")]


def test_without_a_line_of_names_the_first_line_is_a_row(page, two_columns):
    shown = press(page, two_columns, "preview", header_line="", address_2="")

    assert seen(shown)[0] == ("Export de mai", "")


def test_one_column_with_both_coordinates_is_understood(page, alice):
    test = EligibilityTestFactory(user=alice, content=b"lieu\n48.85661; 2.35222\n")
    both = {"delimiter": "none", "header_line": "1", "mode": "coordinates", "xy_column": "0"}

    assert seen(press(page, test, "preview", **both)) == [("48.85661, 2.35222", "")]


def test_a_sheet_of_a_workbook_is_chosen_by_its_name(page, alice):
    file = BytesIO()
    with Workbook(file) as workbook:
        for name in ["Lisez-moi", "Adresses"]:
            workbook.add_worksheet(name).write_column(0, 0, ["adresse", f"1 rue de {name}"])
    layout = {"format": "workbook", "sheet": "Lisez-moi", "address_columns": [0]}
    test = EligibilityTestFactory(user=alice, layout_data=layout, content=file.getvalue())

    shown = press(page, test, "preview", sheet="Adresses", header_line="1", address_2="")

    assert seen(shown) == [("1 rue de Adresses", "")]


def test_a_layout_without_a_column_is_refused_beside_the_first(page, two_columns):
    refused = press(page, two_columns, "preview", address_1="", address_2="")

    assert refused.status_code == 400
    assert list(errors(refused)) == ["address_1"]


def test_a_column_that_the_file_has_not_is_refused_and_the_others_are_offered(page, two_columns):
    refused = press(page, two_columns, "start", delimiter="none", address_1="1", address_2="")

    choices = refused.context["form"].fields["address_1"].widget.choices
    assert list(errors(refused)) == ["address_1"]
    assert choices == [("", "–"), (0, "1. rue;ville")]


def test_an_encoding_that_does_not_fit_is_refused_by_its_field(page, alice):
    test = EligibilityTestFactory(user=alice, content="adresse\n1 allée\n".encode("windows-1252"))

    refused = press(page, test, "preview", delimiter="none", header_line="1", address_2="")

    assert errors(refused) == {
        "encoding": ["The file cannot be decoded as utf-8; choose another encoding."]
    }


@pytest.mark.parametrize(
    ("field", "given", "reason"),
    [
        ("encoding", "ascii", "Select a valid choice. ascii is not one of the available choices."),
        ("delimiter", "dot", "Select a valid choice. dot is not one of the available choices."),
        ("mode", "", "This field is required."),
        ("header_line", "0", "Ensure this value is greater than or equal to 1."),
        ("header_line", "9" * 30, "Ensure this value is less than or equal to 200000."),
        ("address_1", "first", "Enter a whole number."),
    ],
)
def test_what_is_no_choice_is_refused_by_its_field(page, two_columns, field, given, reason):
    assert errors(press(page, two_columns, "preview", **{field: given})) == {field: [reason]}


def test_a_refused_layout_starts_nothing(page, two_columns):
    press(page, two_columns, "start", address_1="", address_2="")

    two_columns.refresh_from_db()
    assert two_columns.stage == "draft"


def test_the_test_starts_with_the_layout_that_was_chosen(page, two_columns):
    started = press(page, two_columns, "start")

    two_columns.refresh_from_db()
    assert two_columns.stage == "waiting"
    assert two_columns.layout.address_columns == [0, 1]
    assert said(started) == ["The test was started."]
    assert started.request["PATH_INFO"] == url(two_columns)


def test_coordinates_start_as_they_were_chosen(page, places):
    both = {"delimiter": "comma", "header_line": "1", "mode": "coordinates"}

    press(page, places, "start", **both, y_column="0", x_column="1")

    places.refresh_from_db()
    assert places.stage == "waiting"
    assert (places.layout.y_column, places.layout.x_column) == (0, 1)
    assert places.layout.address_columns == []


def test_the_layout_of_a_running_test_stays(page, running):
    refused = page.get(url(running, "layout/"), follow=True)

    assert said(refused) == ["“Paris” is running: wait until it ends, or cancel it."]


def test_rows_are_tried_under_the_layout_that_was_chosen(page, two_columns, monkeypatch):
    found = AddressRow(
        number=1,
        query="1 rue de la Paix Moulins",
        label="1 Rue de la Paix 03000 Moulins",
        state=State.LOCATED,
        reason=Reason.LOCATED,
        facts={"score": 93},
        score=93,
        x=X,
        y=Y,
        assessment=Assessment(type="reseau_existant_proche", eligible=True, distance=150),
    )
    asked = []
    monkeypatch.setattr(tried, "try_rows", lambda test: asked.append(test.layout) or [found])

    shown = text(press(page, two_columns, "try"))

    two_columns.refresh_from_db()
    assert asked[0].address_columns == [0, 1]
    assert two_columns.layout.address_columns == [0]
    assert (
        "1 1 rue de la Paix Moulins 1 Rue de la Paix 03000 Moulins"
        " Located by the geocoder with a score of 93 %."
        " 93 % eligible close to an existing network 150 m"
    ) in shown


def test_a_geocoder_that_is_away_breaks_nothing(page, two_columns, monkeypatch):
    def away(test):
        raise GeocoderMisconfigured("http://127.0.0.1:1", "nothing listens there")

    monkeypatch.setattr(tried, "try_rows", away)

    shown = press(page, two_columns, "try")

    assert shown.status_code == 200
    assert "The geocoder does not answer, so no row could be tried." in text(shown)
    assert seen(shown)


def test_a_long_cell_is_cut_short(page, alice):
    test = EligibilityTestFactory(user=alice, content=b"adresse\n" + b"x" * 30_000 + b"\n")

    [line] = page.get(url(test, "layout/")).context["sample"].lines

    assert line.cells == ["x" * 199 + "…"]


def test_a_cell_is_text_and_not_markup(page, alice):
    test = EligibilityTestFactory(user=alice, content=b"adresse\n<script>alert(1)</script>\n")

    assert "<script>alert" not in page.get(url(test, "layout/")).content.decode()
