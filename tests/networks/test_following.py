"""The jobs that follow when updates are applied."""

import pytest

from jobs.models import Job
from networks.requests import request_update
from networks.updates import apply_updates
from tests.networks.conftest import rechecked, said
from tests.networks.factories import (
    ColdNetworkFactory,
    CommuneFactory,
    DevelopmentPerimeterFactory,
    HeatNetworkFactory,
    NetworkUnderConstructionFactory,
    X,
    Y,
    line,
    square,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_installed")]

MAKES = {
    "heat-networks": HeatNetworkFactory,
    "cold-networks": ColdNetworkFactory,
    "networks-under-construction": NetworkUnderConstructionFactory,
    "development-perimeters": DevelopmentPerimeterFactory,
}
SYNC, UPDATE = "sync_geometries_to_airtable", "sync_metadata_from_airtable"
TILES, RECHECK = "build_tiles", "pro_eligibility_test_notify_changes"


def delete_one_of(*kinds) -> list[Job]:
    """What follows when one of each kind is deleted."""
    for kind in kinds:
        request_update(kind, "delete", target=MAKES[kind]().pk)
    return apply_updates().jobs


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("heat-networks", "reseaux-de-chaleur"),
        ("networks-under-construction", "reseaux-en-construction"),
    ],
)
def test_airtable_then_tiles_then_addresses_follow(kind, source):
    jobs = delete_one_of(kind)

    assert said(jobs) == [(SYNC, source), (UPDATE, source), (TILES, source), (RECHECK, "")]


def test_cold_networks_need_no_recheck_of_addresses():
    source = "reseaux-de-froid"

    assert said(delete_one_of("cold-networks")) == [
        (SYNC, source),
        (UPDATE, source),
        (TILES, source),
    ]


def test_perimeters_are_not_in_airtable():
    assert said(delete_one_of("development-perimeters")) == [
        (TILES, "perimetres-de-developpement-prioritaire"),
        (RECHECK, ""),
    ]


def test_addresses_are_rechecked_once_and_last_whatever_was_changed():
    types = [job.type for job in delete_one_of(*MAKES)]

    assert types == [*[SYNC, UPDATE, TILES] * 3, TILES, RECHECK]


def test_where_no_app_runs_any_the_updates_are_applied_all_the_same(installed):
    installed()

    assert delete_one_of("heat-networks") == []


@pytest.mark.parametrize("type", [SYNC, UPDATE, TILES])
def test_d_5_3_jobs_of_one_source_do_not_pile_up(type):
    for _ in range(3):
        delete_one_of("heat-networks")

    waiting = Job.objects.filter(type=type)
    assert [job.unique_key for job in waiting] == [f"{type}:reseaux-de-chaleur"]


def test_d_5_2_addresses_near_the_old_geometry_are_rechecked_too():
    heat = HeatNetworkFactory(geometry=line())
    request_update("heat-networks", "change", target=heat.pk, geometry=line(X + 50_000))

    jobs = apply_updates().jobs

    assert rechecked(jobs, X + 500, Y + 900)
    assert rechecked(jobs, X + 50_500, Y + 900)
    assert not rechecked(jobs, X + 25_000, Y)


def test_d_5_2_addresses_near_what_is_deleted_are_rechecked():
    assert rechecked(delete_one_of("heat-networks"), X + 500, Y + 900)


def test_addresses_near_what_is_created_are_rechecked():
    request_update("heat-networks", "create", geometry=line(), attributes={"sncu": "0301C"})

    assert rechecked(apply_updates().jobs, X + 500, Y - 900)


@pytest.fixture
def commune():
    """Far from every line."""
    return CommuneFactory(insee="03001", geometry=square(X + 100_000, side=10_000))


def test_a_trace_that_appears_matters_to_the_communes_it_was_said_to_be_in(commune):
    heat = HeatNetworkFactory(without_trace=True, communes_insee=["03001"])
    request_update("heat-networks", "change", target=heat.pk, geometry=line())

    jobs = apply_updates().jobs

    assert rechecked(jobs, X + 105_000, Y + 5_000)
    assert rechecked(jobs, X + 500, Y)


def test_a_network_created_without_trace_matters_to_its_communes(commune):
    request_update(
        "heat-networks", "create", attributes={"sncu": "0301C", "communes_insee": ["03001"]}
    )

    assert rechecked(apply_updates().jobs, X + 105_000, Y + 5_000)


def test_a_network_deleted_without_trace_matters_to_its_communes(commune):
    heat = HeatNetworkFactory(without_trace=True, communes_insee=["03001"])
    request_update("heat-networks", "delete", target=heat.pk)

    assert rechecked(apply_updates().jobs, X + 105_000, Y + 5_000)


def test_a_network_with_a_trace_does_not_matter_to_all_of_its_communes():
    CommuneFactory(insee="03001", geometry=square(side=50_000))
    heat = HeatNetworkFactory(communes_insee=["03001"])
    request_update("heat-networks", "delete", target=heat.pk)

    assert not rechecked(apply_updates().jobs, X + 40_000, Y + 40_000)


LARGE = square(side=20_000)
# Within the perimeter, far from the network in its corner.
FAR = (X + 15_000, Y + 15_000)
LINKS = [
    ("heat-networks", lambda row: {"sncu": row.sncu}),
    ("heat-networks", lambda row: {"heat_network_ids": [row.pk]}),
    ("networks-under-construction", lambda row: {"under_construction_ids": [row.pk]}),
]


@pytest.mark.parametrize(("kind", "link"), LINKS)
@pytest.mark.parametrize(("action", "geometry"), [("delete", None), ("change", line(length=500))])
def test_all_of_a_perimeter_is_rechecked_when_a_network_it_names_is_not_as_it_was(
    kind, link, action, geometry
):
    row = MAKES[kind]()
    DevelopmentPerimeterFactory(geometry=LARGE, **link(row))
    request_update(kind, action, target=row.pk, geometry=geometry)

    assert rechecked(apply_updates().jobs, *FAR)


@pytest.mark.parametrize(
    ("kind", "named", "created"),
    [
        ("heat-networks", {"sncu": "0301C"}, {"attributes": {"sncu": "0301C"}}),
        (
            "heat-networks",
            {"heat_network_ids": [700]},
            {"attributes": {"sncu": "0301C"}, "target": 700, "geometry": line()},
        ),
        (
            "networks-under-construction",
            {"under_construction_ids": [700]},
            {"target": 700, "geometry": line()},
        ),
    ],
)
def test_all_of_a_perimeter_is_rechecked_when_a_network_it_names_is_created(kind, named, created):
    DevelopmentPerimeterFactory(geometry=LARGE, **named)
    request_update(kind, "create", **created)

    assert rechecked(apply_updates().jobs, *FAR)


def test_a_network_without_trace_matters_to_all_of_its_perimeter():
    heat = HeatNetworkFactory(sncu="0301C", without_trace=True)
    DevelopmentPerimeterFactory(geometry=LARGE, sncu="0301C")
    request_update("heat-networks", "delete", target=heat.pk)

    assert rechecked(apply_updates().jobs, *FAR)


def test_a_perimeter_that_names_other_networks_is_left_in_peace():
    heat = HeatNetworkFactory(sncu="0301C")
    DevelopmentPerimeterFactory(
        geometry=LARGE, sncu="0302C", heat_network_ids=[heat.pk + 1],
        under_construction_ids=[heat.pk],
    )  # fmt: skip
    DevelopmentPerimeterFactory(geometry=LARGE)
    request_update("heat-networks", "delete", target=heat.pk)

    assert not rechecked(apply_updates().jobs, *FAR)


def test_a_project_is_not_taken_for_the_heat_network_of_the_same_number():
    project = NetworkUnderConstructionFactory()
    DevelopmentPerimeterFactory(geometry=LARGE, heat_network_ids=[project.pk])
    request_update("networks-under-construction", "delete", target=project.pk)

    assert not rechecked(apply_updates().jobs, *FAR)
