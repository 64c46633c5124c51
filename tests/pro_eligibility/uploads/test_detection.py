"""How a file seems to be laid out; all made up."""

import pytest

from pro_eligibility.uploads.errors import UploadRefused
from tests.pro_eligibility.uploads.files import ADDRESSES, STREETS, detected

SWAPPED = (
    "The columns of latitude and longitude are swapped, to judge by their values; "
    "they are read the right way round."
)
LAMBERT = "The coordinates are metres in Lambert-93 (EPSG:2154)."


def test_titles_above_the_header_are_left_out_and_quoted():
    found = detected("Liste des adresses;;", "Mairie, 2026;;", "", "id;adresse;lot", *table(";"))

    assert (found.layout.header_line, found.columns) == (2, ["id", "adresse", "lot"])
    assert found.row_count == 3
    assert found.notes == [
        "2 lines above the names of the columns are left out: “Liste des adresses” “Mairie, 2026”."
    ]


def test_the_separator_line_of_excel_is_a_title():
    found = detected("sep=;", "id;adresse;lot", *table(";"))

    assert (found.layout.delimiter, found.layout.header_line) == (";", 1)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_each_delimiter_is_recognised(delimiter):
    found = detected(delimiter.join(["id", "adresse", "lot"]), *table(delimiter))

    assert (found.layout.delimiter, found.layout.address_columns) == (delimiter, [1])


def test_names_that_say_nothing_are_a_header_above_numbers():
    found = detected("Réf;Bien", *[f"{n};{address}" for n, address in enumerate(ADDRESSES)])

    assert (found.layout.header_line, found.layout.address_columns) == (0, [1])


def test_a_first_line_that_is_an_address_is_no_header():
    found = detected("rue de la Mairie 95200 Sarcelles", *ADDRESSES)

    assert (found.layout.header_line, found.columns, found.row_count) == (None, ["A"], 4)


@pytest.mark.parametrize(
    "places",
    [
        ["Ville de Paris"],
        ["Gare de Lyon", "Tour Eiffel Champ de Mars", "Hôtel de Ville Lyon"],
        ["Collège Pie X"],
    ],
)
def test_places_in_the_first_lines_are_rows(places):
    found = detected(*places, *ADDRESSES * 5)

    assert (found.layout.header_line, found.notes) == (None, [])
    assert found.row_count == len(places) + 15


@pytest.mark.parametrize("header", ["Ville", "Nom de la voie", "adresse du bien", "Localisation"])
def test_a_name_of_several_words_is_a_header(header):
    found = detected(header, *ADDRESSES)

    assert (found.layout.header_line, found.columns, found.notes) == (0, [header], [])


@pytest.mark.parametrize("header", ["Chambord", "Adresse Mairie Lyon"])
def test_a_first_line_that_may_be_a_place_is_noted(header):
    found = detected(header, *ADDRESSES)

    assert found.columns == [header]
    assert found.notes == [f"The first line is taken for the names of the columns: “{header}”."]


def test_a_line_below_titles_that_may_be_a_row_is_noted_with_them():
    found = detected("Liste;", "Réf;Bien", *[f"{n};{line}" for n, line in enumerate(ADDRESSES)])

    assert found.notes == [
        "1 line above the names of the columns is left out: “Liste”.",
        "Line 2 is taken for the names of the columns: “Réf” “Bien”.",
    ]


def test_commas_under_the_one_name_of_a_file_are_no_delimiters():
    found = detected("adresse", *[f"{street}, 95200 Sarcelles" for street in STREETS])

    assert (found.layout.delimiter, found.columns, found.row_count) == (None, ["adresse"], 3)


@pytest.mark.parametrize(
    ("header", "row", "columns"),
    [
        ("lot;adresse;cp;ville", "1;3 rue Hoche;95200;Sarcelles", [1, 2, 3]),
        ("ville;code postal;adresse", "Sarcelles;95200;3 rue Hoche", [2, 1, 0]),
        ("n°;voie;codePostal;commune", "3;rue Hoche;95200;Sarcelles", [0, 1, 2, 3]),
        ("numero;type de voie;nom_voie;code_postal", "3;rue;Hoche;95200", [0, 1, 2, 3]),
        ("n;rue;cp", "1;3 rue Hoche;95200", [1, 2]),
        ("adresse;cp;ville", "3 rue Hoche 95200 Sarcelles;95200;Sarcelles", [0]),
        ("adresse mail;adresse du bien", "a@b.fr;3 rue Hoche 95200 Sarcelles", [1]),
        ("adresse du gérant;adresse du site", "voir siège;3 rue Hoche 95200 Sarcelles", [1]),
        ("adresse;code commune", "3 rue Hoche;95585", [0]),
    ],
)
def test_the_columns_of_an_address_are_joined_unless_one_has_it_whole(header, row, columns):
    assert detected(header, row, row).layout.address_columns == columns


@pytest.mark.parametrize("name", ["type", "city", "estimation", "plateforme", "quality", "next"])
def test_a_name_that_contains_a_coordinate_is_none(name):
    found = detected(f"id;{name};adresse", *[f"1;48.85;{address}" for address in ADDRESSES])

    assert (found.layout.mode, found.layout.address_columns) == ("address", [2])


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("lon,lat", "2.35,48.85", {"x_column": 0, "y_column": 1, "crs": "EPSG:4326"}),
        ("x;y", "2,35;48,85", {"x_column": 0, "y_column": 1, "crs": "EPSG:4326"}),
        ("x;y", "652000,5;6867129", {"x_column": 0, "y_column": 1, "crs": "EPSG:2154"}),
        ("coord_y;coord_x", "6 867 129;652 000,5", {"x_column": 1, "y_column": 0}),
        ("id;GPS", "1;48.85, 2.35", {"xy_column": 1, "xy_order": "yx"}),
        ("id;lat_lon", "1;48,85 2,35", {"xy_column": 1, "xy_order": "yx"}),
        ("id;coordonnées", "1;2.35,48.85", {"xy_column": 1, "xy_order": "xy"}),
        ("id;geo_point_2d", "1;(48.85,2.35)", {"xy_column": 1, "xy_order": "yx"}),
    ],
)
def test_coordinates_are_recognised(header, row, expected):
    layout = detected(header, row, row).layout

    assert layout.mode == "coordinates"
    assert expected.items() <= layout.model_dump().items()


def test_coordinates_without_a_header_are_recognised_by_their_values():
    layout = detected("1;48.8512;2.3512", "2;48.8513;2.3513").layout

    assert (layout.header_line, layout.x_column, layout.y_column) == (None, 2, 1)


def test_a_column_that_only_later_rows_have_counts_without_a_header():
    found = detected(*["1;2"] * 200, *["1;2;3 rue Hoche 95200 Sarcelles"] * 300)

    assert (found.columns, found.layout.address_columns) == (["A", "B", "C"], [2])


def test_whole_numbers_without_a_name_are_no_coordinates():
    with pytest.raises(UploadRefused) as refused:
        detected("lot;age;enfants", "1;48;2", "2;45;3")

    assert refused.value.kind == "no_address_or_coordinates"


def test_latitude_and_longitude_that_are_swapped_are_noted():
    """D-3.10"""
    found = detected("latitude;longitude", "2.35;48.85", "2.36;48.86")

    assert (found.layout.x_column, found.layout.y_column) == (0, 1)
    assert found.notes == [SWAPPED]


def test_swapped_metres_are_noted_too():
    found = detected("x;y", "6867129;652000", "6867130;652001")

    assert (found.layout.x_column, found.layout.y_column) == (1, 0)
    assert found.notes == [SWAPPED, LAMBERT]


def test_coordinates_of_another_land_are_coordinates_still():
    layout = detected("latitude;longitude", "-21.1;55.5", "-21.2;55.6").layout

    assert (layout.mode, layout.x_column, layout.y_column) == ("coordinates", 1, 0)


def test_coordinates_win_over_addresses_if_nearly_all_rows_have_them():
    found = detected("adresse;lat;lon", *[f"{line};48.85;2.35" for line in ADDRESSES])

    assert found.layout.mode == "coordinates"
    assert found.notes == ["The coordinates are used, not the addresses."]


def test_addresses_win_over_coordinates_that_some_rows_lack():
    rows = [f"{line};48.85;2.35" for line in ADDRESSES]

    found = detected("adresse;lat;lon", *rows, f"{ADDRESSES[0]};;")

    assert found.layout.address_columns == [0]
    assert found.notes == [
        "The addresses are used: only 75 % of the rows have coordinates in France."
    ]


def test_totals_below_the_rows_are_noted():
    found = detected("id;adresse;lot", *table(";"), "Total;;3", "TOTAL GENERAL : 3;;")

    assert found.row_count == 5
    assert found.notes == ["2 rows look like totals and will not be looked for."]


def table(delimiter):
    return [delimiter.join([str(n), address, "7"]) for n, address in enumerate(ADDRESSES, 1)]
