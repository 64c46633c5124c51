"""Asking for geometry updates, in whatever form the geometry comes."""

import json

import pytest
from shapely.geometry import MultiPolygon, Point, box

from networks.errors import CannotRequest, CannotWithdraw, UnreadableFile
from networks.models import GeometryUpdate
from networks.requests import request_update, withdraw_update
from networks.updates import apply_updates
from tests.factories import UserFactory
from tests.networks.factories import (
    DevelopmentPerimeterFactory,
    GeometryUpdateFactory,
    HeatNetworkFactory,
    X,
    Y,
    line,
    square,
)
from tests.networks.files import DATA, LINE, SQUARE, feature, geojson, geopackage

pytestmark = pytest.mark.django_db

IN_METRES = {"type": "LineString", "coordinates": [[X, Y], [X + 1_000, Y]]}


@pytest.fixture
def heat():
    return HeatNetworkFactory()


@pytest.fixture
def perimeter():
    return DevelopmentPerimeterFactory()


def change(heat, geometry) -> GeometryUpdate:
    return request_update("heat-networks", "change", target=heat.pk, geometry=geometry)


def new_area(perimeter, geometry) -> GeometryUpdate:
    return request_update(
        "development-perimeters", "change", target=perimeter.pk, geometry=geometry
    )


def refusal(*args, **options) -> str:
    with pytest.raises(CannotRequest) as refused:
        request_update(*args, **options)
    assert not GeometryUpdate.objects.exists()
    return str(refused.value)


def test_degrees_are_converted(heat):
    update = change(heat, LINE)

    assert update.geometry.bounds[:2] == pytest.approx((700_000, 6_600_000), abs=0.01)


def test_metres_are_kept(heat):
    assert change(heat, IN_METRES).geometry == line()


def test_text_is_read_like_what_it_says(heat):
    assert change(heat, json.dumps(IN_METRES)).geometry == line()


def test_a_named_coordinate_system_is_believed(heat):
    mercator = {
        "type": "LineString",
        "coordinates": [[333_958.47, 5_860_000], [345_000, 5_860_000]],
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}},
    }

    assert change(heat, mercator).geometry.bounds[0] == pytest.approx(700_000, abs=0.01)


@pytest.mark.parametrize("metres", [True, False])
def test_a_geojson_file_is_read_in_degrees_or_metres(tmp_path, heat, metres):
    file = geojson(tmp_path, feature(IN_METRES if metres else LINE, {}))

    assert change(heat, file).geometry.bounds[:2] == pytest.approx((X, Y), abs=0.01)


def test_a_file_of_another_format_says_itself_what_it_is_in(tmp_path, perimeter):
    file = geopackage(tmp_path / "area.gpkg", box(3.0, 46.5, 3.1, 46.6), crs="EPSG:4326")

    assert new_area(perimeter, file).geometry.bounds[0] == pytest.approx(X, abs=0.01)


def test_single_geometries_become_multiple(heat):
    assert change(heat, IN_METRES).geometry.geom_type == "MultiLineString"


def test_features_of_a_collection_are_merged(perimeter):
    squares = [box(X, Y, X + 10, Y + 10), box(X + 5, Y, X + 15, Y + 10)]
    features = [feature(square.__geo_interface__, {}) for square in squares]

    update = new_area(perimeter, {"type": "FeatureCollection", "features": features})

    assert update.geometry.equals(MultiPolygon([box(X, Y, X + 15, Y + 10)]))


def test_heights_are_dropped(heat):
    high = {"type": "LineString", "coordinates": [[X, Y, 12.0], [X + 1_000, Y, 13.0]]}

    assert change(heat, high).geometry == line()


def test_an_invalid_area_is_repaired(perimeter):
    ring = [[X, Y], [X + 10, Y + 10], [X + 10, Y], [X, Y + 10], [X, Y]]

    update = new_area(perimeter, {"type": "Polygon", "coordinates": [ring]})

    assert update.geometry.is_valid
    assert update.geometry.area == pytest.approx(50)


def test_one_dimension_is_kept(heat):
    mix = {
        "type": "GeometryCollection",
        "geometries": [IN_METRES, Point(X, Y).__geo_interface__, square().__geo_interface__],
    }

    assert change(heat, mix).geometry == line()


@pytest.mark.parametrize(
    ("kind", "geometry", "reason"),
    [
        (
            "heat-networks",
            SQUARE,
            "it is made of Polygon; expected LineString or MultiLineString",
        ),
        (
            "networks-under-construction",
            {"type": "GeometryCollection", "geometries": [LINE, SQUARE]},
            "it mixes lines and areas; give the one or the other",
        ),
        (
            "heat-networks",
            {"type": "LineString", "coordinates": [[46.5, 3.0], [46.6, 3.0]]},
            "it is not in metropolitan France; "
            "are latitude and longitude swapped, or the coordinate system wrong?",
        ),
        (
            "heat-networks",
            {"type": "FeatureCollection", "features": []},
            "it is made of nothing; expected LineString or MultiLineString",
        ),
    ],
)
def test_a_geometry_that_does_not_fit_is_refused(kind, geometry, reason):
    said = refusal(kind, "create", geometry=geometry, attributes={})

    end = "" if reason.endswith("?") else "."
    assert said == f"The geometry does not fit {kind}: {reason}{end}"


@pytest.mark.parametrize("text", ["", "POINT (1 2)", "{}", "[]", "null", '{"type": "Line"}'])
def test_what_is_no_geojson_is_refused(heat, text):
    said = refusal("heat-networks", "change", target=heat.pk, geometry=text)

    assert said.startswith("The geometry is not readable GeoJSON (")
    assert said.endswith("); give a geometry, a Feature or a FeatureCollection.")


def test_an_unreadable_file_is_refused(heat):
    with pytest.raises(UnreadableFile):
        change(heat, DATA / "communes-truncated.zip")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (
            {"kind": "rivers", "action": "create"},
            "'rivers' is no kind; there are heat-networks, cold-networks, "
            "networks-under-construction, development-perimeters.",
        ),
        (
            {"kind": "heat-networks", "action": "extend"},
            "'extend' is no action; there are create, change, delete.",
        ),
        (
            {"kind": "heat-networks", "action": "change", "target": 7, "geometry": LINE},
            "There is no 7 among heat-networks; give its id_fcu.",
        ),
        (
            {"kind": "heat-networks", "action": "delete"},
            "Give the id_fcu of what is deleted.",
        ),
        (
            {"kind": "heat-networks", "action": "change", "target": 7},
            "To change one of heat-networks, give its new geometry.",
        ),
        (
            {"kind": "heat-networks", "action": "delete", "target": 7, "geometry": LINE},
            "What is deleted needs no geometry; leave it out.",
        ),
        (
            {"kind": "heat-networks", "action": "delete", "target": 7, "attributes": {"a": 1}},
            "Attributes are for what is created; those of what is there come with load_networks.",
        ),
        (
            {"kind": "heat-networks", "action": "create", "attributes": {"sncu": "0301F"}},
            "heat-networks: sncu: '0301F' is not the SNCU number of a heat network, such as 9209C.",
        ),
        (
            {"kind": "heat-networks", "action": "create"},
            "heat-networks: sncu: This field cannot be blank.",
        ),
        (
            {"kind": "development-perimeters", "action": "create"},
            "development-perimeters: no geometry, or one that cannot be decoded.",
        ),
        (
            {"kind": "development-perimeters", "action": "create", "attributes": {"color": 1}},
            "development-perimeters have no color; attributes are communes_insee, "
            "heat_network_ids, id_fcu, name, sncu, under_construction_ids.",
        ),
    ],
)
def test_what_could_never_be_applied_is_refused(asked, reason):
    assert refusal(**asked) == reason


def test_who_asked_is_known(heat):
    person = UserFactory()

    update = request_update("heat-networks", "delete", target=heat.pk, by=person)

    assert GeometryUpdate.objects.get() == update
    assert GeometryUpdate.objects.get().requested_by == person


def test_attributes_may_have_the_names_they_have_in_files():
    update = request_update(
        "heat-networks", "create", attributes={"Identifiant reseau": "0301C", "nom": "Centre"}
    )

    assert update.attributes == {"sncu": "0301C", "name": "Centre"}


def test_asking_again_replaces_what_waits(heat):
    change(heat, LINE)

    request_update("heat-networks", "delete", target=heat.pk)

    update = GeometryUpdate.objects.get()
    assert (update.action, update.geometry) == ("delete", None)


def test_asking_again_leaves_what_was_applied(heat, installed):
    installed()
    change(heat, LINE)
    apply_updates()

    change(heat, IN_METRES)

    assert GeometryUpdate.objects.count() == 2


def test_the_same_number_of_another_kind_is_another_target(heat):
    perimeter = DevelopmentPerimeterFactory(id_fcu=heat.pk)
    request_update("heat-networks", "delete", target=heat.pk)

    request_update("development-perimeters", "delete", target=perimeter.pk)

    assert GeometryUpdate.objects.count() == 2


def test_nothing_is_changed_by_asking(heat):
    change(heat, LINE)

    heat.refresh_from_db()
    assert heat.geometry == line()


def test_an_update_that_waits_can_be_withdrawn(heat):
    withdraw_update(change(heat, LINE))

    assert not GeometryUpdate.objects.exists()


def test_an_applied_update_cannot(installed):
    installed()
    GeometryUpdateFactory()
    (update,) = apply_updates().updates

    with pytest.raises(CannotWithdraw) as refused:
        withdraw_update(update)

    assert str(refused.value) == (
        f"Update create heat-networks {update.target} was applied or withdrawn meanwhile; "
        "to undo what it did, ask for another one."
    )
