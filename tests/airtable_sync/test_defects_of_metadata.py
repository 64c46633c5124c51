"""The defects D-4.6 to D-4.10 of the original, each shown to be absent."""

from typing import Any
from unittest.mock import ANY

import pytest

from airtable_sync.tables import TABLES
from jobs.models import Job
from networks.models import HeatNetwork
from tests.airtable_sync.syncing import COLD, FUTURE, HEAT, cells, change, lines, pull, push
from tests.airtable_sync.worlds import heat_on_both_sides
from tests.networks.conftest import rechecked
from tests.networks.factories import (
    ColdNetworkFactory,
    DevelopmentPerimeterFactory,
    HeatNetworkFactory,
    NetworkUnderConstructionFactory,
    X,
    Y,
    square,
)

pytestmark = pytest.mark.django_db

FILE = {"filename": "plan.pdf", "url": "https://example.fr/plan.pdf", "type": "application/pdf"}


@pytest.fixture
def heat(standin) -> HeatNetwork:
    return heat_on_both_sides()


# D-4.6: everything was rewritten each time, and a bad value rejected all or nothing at random.


def test_d_4_6_a_bad_value_is_reported_and_the_others_are_taken(standin, heat):
    change(standin, heat.pk, {"Gestionnaire": "Engie", "nb_pdl": "quarante"})

    done = pull()

    heat.refresh_from_db()
    assert (done.problems, done.changed) == (1, 1)
    assert (heat.manager, heat.nb_pdl) == ("Engie", None)


def test_d_4_6_a_blank_that_was_never_filled_in_there_overwrites_nothing(standin):
    heat = HeatNetworkFactory(sncu="0301C", nb_pdl=40)
    record = {"id_fcu": heat.pk, "Identifiant reseau": "0301C", "Gestionnaire": "Engie"}
    standin.table(TABLES[HEAT].title).add(record)

    done = pull()

    heat.refresh_from_db()
    assert (heat.nb_pdl, heat.name, heat.manager) == (40, "Réseau du Centre", "Engie")
    assert lines(done.plan_id)[0] == (
        "conflict",
        heat.pk,
        {
            "nom_reseau": ["Réseau du Centre", None],
            "Taux EnR&R": [50.5, None],
            "nb_pdl": [40, None],
        },
    )


def test_d_4_6_neither_does_one_that_both_sides_once_had(standin, heat):
    # The figure came here since, from a file say.
    HeatNetwork.objects.update(nb_pdl=40)

    done = pull()

    heat.refresh_from_db()
    assert heat.nb_pdl == 40
    assert lines(done.plan_id) == [("conflict", heat.pk, {"nb_pdl": [40, None]})]


def test_d_4_6_each_change_is_kept_with_its_before_and_after(standin, heat):
    change(standin, heat.pk, {"Gestionnaire": "Engie"})

    done = pull()

    assert lines(done.plan_id) == [("change", heat.pk, {"Gestionnaire": ["Chaleur SA", "Engie"]})]


# D-4.7: blank and duplicate numbers were skipped without a word, or the last one won.


def test_d_4_7_records_without_a_number_or_with_the_same_one_are_reported(standin, heat):
    table = standin.table(TABLES[HEAT].title)
    table.add({"nom_reseau": "Sans numéro"})
    table.add({"id_fcu": heat.pk, "Gestionnaire": "Engie"})

    done = pull()

    heat.refresh_from_db()
    assert (done.problems, heat.manager) == (3, "Chaleur SA")
    assert [(key, cells) for _, key, cells in lines(done.plan_id)] == [
        (None, {"id_fcu": [None, "the number is missing"]}),
        (heat.pk, {"id_fcu": [heat.pk, f"2 records have the number {heat.pk}"]}),
        (heat.pk, {"id_fcu": [heat.pk, f"2 records have the number {heat.pk}"]}),
    ]


def test_d_4_7_null_as_a_text_is_an_empty_number_and_other_texts_are_none(standin, heat):
    change(standin, heat.pk, {"nb_pdl": "NULL", "PM": "n. c."})

    done = pull()

    assert lines(done.plan_id) == [("problem", heat.pk, {"PM": ["n. c.", ANY]})]


# D-4.8: has_PDP flowed both ways.


@pytest.mark.parametrize("order", [(push, pull), (pull, push)])
def test_d_4_8_the_order_of_the_two_syncs_does_not_matter(standin, heat, order):
    DevelopmentPerimeterFactory(sncu="0301C")
    HeatNetwork.objects.update(has_pdp=True)

    for sync in order:
        sync()

    heat.refresh_from_db()
    assert heat.has_pdp
    assert cells(standin)[heat.pk]["has_PDP"]


def test_d_4_8_a_box_that_somebody_ticked_is_put_back_as_perimeters_have_it(standin, heat):
    change(standin, heat.pk, {"has_PDP": True})

    pull()
    push()

    heat.refresh_from_db()
    assert not heat.has_pdp
    assert "has_PDP" not in cells(standin)[heat.pk]


# D-4.9: addresses of attachments were stored, and expired.


def test_d_4_9_a_file_is_stored_without_its_address(standin, heat):
    change(standin, heat.pk, {"fichiers": [FILE]})

    done = pull()

    heat.refresh_from_db()
    kept = {"id": ANY, "filename": "plan.pdf", "size": 1_000, "type": "application/pdf"}
    assert heat.files == [kept]
    assert lines(done.plan_id) == [("change", heat.pk, {"fichiers": [[], [kept]]})]


def test_d_4_9_another_address_is_no_change(standin, heat):
    change(standin, heat.pk, {"fichiers": [FILE]})
    pull()
    table = standin.table(TABLES[HEAT].title)
    addresses = [table.records[0]["fields"]["fichiers"][0]["url"] for _ in range(2)]
    assert addresses[0] != addresses[1]

    done = pull()

    assert (done.changed, lines(done.plan_id)) == (0, [])


# D-4.10: metadata that changed led to no recheck of the addresses.


def followed() -> list[str]:
    return [job.type for job in Job.objects.order_by("pk")]


MATTERS: list[tuple[str, dict[str, Any]]] = [
    (HEAT, {"ouvert_aux_raccordements": False}),
    (HEAT, {"Identifiant reseau": "0302C"}),
    (HEAT, {"Taux EnR&R": 80}),
    (FUTURE, {"ouvert_aux_raccordements": False}),
]


@pytest.mark.parametrize(("name", "fields"), MATTERS)
def test_d_4_10_tiles_and_addresses_follow_what_matters_to_them(standin, name, fields):
    make = {HEAT: HeatNetworkFactory, FUTURE: NetworkUnderConstructionFactory}[name]
    number = make(sncu="0301C").pk if name == HEAT else make().pk
    push(name)
    change(standin, number, fields, name)

    pull(name)

    tiles, recheck = Job.objects.order_by("pk")
    assert (tiles.type, tiles.data) == ("build_tiles", {"name": name})
    assert recheck.type == "pro_eligibility_test_notify_changes"
    assert recheck.blocked_by == tiles.pk
    assert rechecked([recheck], X + 500, Y + 500)


@pytest.mark.parametrize(
    ("name", "fields"),
    [(HEAT, {"MO": "Ville de Moulins"}), (COLD, {"nom_reseau": "Froid de Moulins"})],
)
def test_d_4_10_tiles_alone_follow_what_does_not(standin, name, fields):
    number = {HEAT: HeatNetworkFactory, COLD: ColdNetworkFactory}[name]().pk
    push(name)
    change(standin, number, fields, name)

    pull(name)

    assert followed() == ["build_tiles"]


def test_d_4_10_nothing_follows_where_nothing_changed(standin, heat):
    pull()

    assert followed() == []


def test_d_4_10_a_new_number_leads_to_the_perimeters_of_the_old_and_of_the_new_one(standin):
    heat = HeatNetworkFactory(sncu="0301C")
    for sncu, x in (("0301C", X + 50_000), ("0302C", X + 100_000)):
        DevelopmentPerimeterFactory(sncu=sncu, geometry=square(x))
    push()
    change(standin, heat.pk, {"Identifiant reseau": "0302C"})

    pull()

    jobs = Job.objects.all()
    assert rechecked(jobs, X + 50_500, Y + 500)
    assert rechecked(jobs, X + 100_500, Y + 500)


def test_d_4_10_has_pdp_follows_a_new_number_here_and_then_in_airtable(standin, heat):
    DevelopmentPerimeterFactory(sncu="0302C")
    change(standin, heat.pk, {"Identifiant reseau": "0302C"})

    pull()

    heat.refresh_from_db()
    assert heat.has_pdp
    assert followed()[2:] == ["sync_geometries_to_airtable"]
    push()
    assert cells(standin)[heat.pk]["has_PDP"]
