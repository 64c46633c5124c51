"""The jobs that follow when a file was loaded, or what follows from communes was computed."""

import pytest
from django.core.management import call_command

from jobs.models import Job
from networks.crossing import compute_crossings
from networks.kinds import COMMUNES, KINDS
from networks.loading import load
from networks.models import HeatNetwork
from tests.networks.conftest import rechecked, said
from tests.networks.factories import (
    CommuneFactory,
    DevelopmentPerimeterFactory,
    HeatNetworkFactory,
    NetworkUnderConstructionFactory,
    X,
    Y,
    line,
    square,
)
from tests.networks.files import LINE, SQUARE, commune, feature, geojson, network

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_installed")]

HEAT = "reseaux-de-chaleur"
SYNC, UPDATE = "sync_geometries_to_airtable", "sync_metadata_from_airtable"
TILES, RECHECK = "build_tiles", "pro_eligibility_test_notify_changes"
# Where LINE of the files begins; where the rows of the factories are, 100 km to the east.
NEAR = (X + 50, Y + 50)
EAST = X + 100_000
FAR_EAST = (EAST + 15_000, Y + 15_000)


def loaded(tmp_path, *features, kind="heat-networks") -> list[Job]:
    """What follows when a file of these is loaded."""
    return load(geojson(tmp_path, *features), KINDS[kind]).jobs


@pytest.mark.parametrize(
    ("kind", "row", "source"),
    [
        ("heat-networks", network(), HEAT),
        ("networks-under-construction", feature(LINE, {"id_fcu": 1}), "reseaux-en-construction"),
    ],
)
def test_airtable_then_tiles_then_addresses_follow(tmp_path, kind, row, source):
    jobs = loaded(tmp_path, row, kind=kind)

    assert said(jobs) == [(SYNC, source), (UPDATE, source), (TILES, source), (RECHECK, "")]


def test_cold_networks_need_no_recheck_of_addresses(tmp_path):
    source = "reseaux-de-froid"

    jobs = loaded(tmp_path, network(id="0301F"), kind="cold-networks")

    assert said(jobs) == [(SYNC, source), (UPDATE, source), (TILES, source)]


def test_perimeters_are_not_in_airtable(tmp_path):
    jobs = loaded(tmp_path, feature(SQUARE, {"id_fcu": 1}), kind="development-perimeters")

    assert said(jobs) == [(TILES, "perimetres-de-developpement-prioritaire"), (RECHECK, "")]


def test_nothing_follows_communes(tmp_path):
    load(geojson(tmp_path, commune()), COMMUNES)

    assert not Job.objects.exists()


def test_nothing_follows_a_load_that_changed_nothing(tmp_path):
    loaded(tmp_path, network())
    Job.objects.all().delete()

    assert loaded(tmp_path, network()) == []
    assert not Job.objects.exists()


def test_nothing_follows_rows_that_are_left_out(tmp_path):
    assert loaded(tmp_path, network(id="wrong")) == []


def test_a_type_that_no_app_runs_is_left_out(installed, tmp_path):
    installed(RECHECK)

    assert said(loaded(tmp_path, network())) == [(RECHECK, "")]


def test_a_crash_while_jobs_are_enqueued_leaves_nothing_loaded(tmp_path, monkeypatch):
    def crash(*args, **options):
        raise ConnectionError("the server went away")

    monkeypatch.setattr("networks.loading.enqueue_following", crash)
    with pytest.raises(ConnectionError):
        loaded(tmp_path, network())

    assert not HeatNetwork.objects.exists()


@pytest.mark.parametrize(
    "changed", [{"ouvert_aux_raccordements": False}, {"nom": "Autre nom"}, {"taux_enrr": 12.5}]
)
def test_d_3_13_addresses_are_rechecked_where_anything_but_the_geometry_changed(tmp_path, changed):
    loaded(tmp_path, network())

    assert rechecked(loaded(tmp_path, network(**changed)), *NEAR)


def test_d_3_13_addresses_are_rechecked_where_a_perimeter_is_given_to_another_network(tmp_path):
    kind = "development-perimeters"
    loaded(tmp_path, feature(SQUARE, {"id_fcu": 1, "sncu": "0301C"}), kind=kind)

    jobs = loaded(tmp_path, feature(SQUARE, {"id_fcu": 1, "sncu": "0302C"}), kind=kind)

    assert rechecked(jobs, *NEAR)


def test_what_is_unchanged_is_not_rechecked_with_the_rest(tmp_path):
    far = network({"type": "LineString", "coordinates": [[4.3, 46.5], [4.3, 46.6]]}, id="0302C")
    first = loaded(tmp_path, network(), far)

    second = loaded(tmp_path, network(nom="Autre nom"), far)

    there = HeatNetwork.objects.get(sncu="0302C").geometry.centroid
    assert [rechecked(jobs, there.x, there.y) for jobs in (first, second)] == [True, False]
    assert rechecked(second, *NEAR)


def test_addresses_near_the_old_geometry_are_rechecked_too(tmp_path):
    HeatNetworkFactory(sncu="0301C", geometry=line(EAST))

    jobs = loaded(tmp_path, network())

    assert rechecked(jobs, EAST + 500, Y + 900)
    assert rechecked(jobs, *NEAR)
    assert not rechecked(jobs, X + 50_000, Y)


def test_a_network_without_trace_matters_to_the_communes_it_leaves_and_enters(tmp_path):
    CommuneFactory(insee="03001", geometry=square(EAST, side=10_000))
    CommuneFactory(insee="03002", geometry=square(EAST + 100_000, side=10_000))
    HeatNetworkFactory(sncu="0301C", without_trace=True, communes_insee=["03001"])

    jobs = loaded(tmp_path, network(None, communes_insee="03002"))

    assert rechecked(jobs, EAST + 5_000, Y + 5_000)
    assert rechecked(jobs, EAST + 105_000, Y + 5_000)


def test_a_network_that_loses_its_trace_matters_to_its_communes(tmp_path):
    CommuneFactory(insee="03001", geometry=square(EAST, side=10_000))
    HeatNetworkFactory(sncu="0301C", geometry=line(EAST), communes_insee=["03001"])

    assert rechecked(loaded(tmp_path, network(None)), EAST + 8_000, Y + 8_000)


def test_all_of_a_perimeter_is_rechecked_when_a_network_it_numbers_is_loaded(tmp_path):
    DevelopmentPerimeterFactory(geometry=square(EAST, side=20_000), sncu="0301C")

    assert rechecked(loaded(tmp_path, network()), *FAR_EAST)


def test_all_of_a_perimeter_is_rechecked_when_a_network_of_its_ids_changes(tmp_path):
    heat = HeatNetworkFactory(sncu="0301C")
    DevelopmentPerimeterFactory(geometry=square(EAST, side=20_000), heat_network_ids=[heat.pk])

    assert rechecked(loaded(tmp_path, network(nom="Autre nom")), *FAR_EAST)


def test_all_of_a_perimeter_is_rechecked_when_a_project_of_its_ids_changes(tmp_path):
    project = NetworkUnderConstructionFactory()
    DevelopmentPerimeterFactory(
        geometry=square(EAST, side=20_000), under_construction_ids=[project.pk]
    )
    row = feature(LINE, {"id_fcu": project.pk})

    jobs = loaded(tmp_path, row, kind="networks-under-construction")

    assert rechecked(jobs, *FAR_EAST)


def test_each_batch_of_rows_counts(tmp_path, monkeypatch):
    monkeypatch.setattr("networks.reading.ROWS_AT_ONCE", 1)
    HeatNetworkFactory(sncu="0300C", geometry=line(EAST))

    jobs = loaded(tmp_path, network(None, id="0300C"), network())

    assert rechecked(jobs, EAST, Y)
    assert rechecked(jobs, *NEAR)


def test_airtable_and_tiles_follow_what_was_computed_again():
    HeatNetworkFactory()
    NetworkUnderConstructionFactory(geometry=line(EAST), length_m=1_000)
    CommuneFactory(insee="03001", name="Bourg")

    jobs = compute_crossings().jobs

    # The communes that a trace crosses decide about no address.
    assert said(jobs) == [(SYNC, HEAT), (UPDATE, HEAT), (TILES, HEAT)]


def test_nothing_follows_if_all_was_right():
    HeatNetworkFactory()
    CommuneFactory()
    compute_crossings()

    assert compute_crossings().jobs == []


def test_the_command_says_what_follows(installed, tmp_path, capsys):
    installed(TILES, RECHECK)

    call_command("load_networks", geojson(tmp_path, network()), kind="heat-networks")

    tiles, recheck = Job.objects.order_by("created_at", "pk")
    assert capsys.readouterr().out == (
        "heat-networks: 1 created, 0 updated, 0 unchanged, 0 rejected.\n"
        f"build_tiles reseaux-de-chaleur: job {tiles.pk}\n"
        f"pro_eligibility_test_notify_changes: job {recheck.pk}\n"
    )


def test_the_command_says_what_is_left_to_do_after_communes(tmp_path, capsys):
    file = geojson(tmp_path, commune())

    call_command("load_networks", file, kind="communes")
    call_command("load_networks", file, kind="communes")

    assert capsys.readouterr().out == (
        "communes: 1 created, 0 updated, 0 unchanged, 0 rejected.\n"
        "If networks were loaded before, run compute_crossings: it places them in these communes.\n"
        "communes: 0 created, 0 updated, 1 unchanged, 0 rejected.\n"
    )


def test_the_command_says_what_follows_when_crossings_changed(installed, capsys):
    installed(TILES)
    HeatNetworkFactory()
    CommuneFactory()

    call_command("compute_crossings")

    job = Job.objects.get()
    assert capsys.readouterr().out == (
        f"1 networks and perimeters changed.\nbuild_tiles {HEAT}: job {job.pk}\n"
    )
