"""Applying what waits: all of it, or nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from jobs.models import Job
from networks.errors import CannotApply
from networks.models import DevelopmentPerimeter, GeometryUpdate, HeatNetwork
from networks.requests import request_update
from networks.updates import Applied, apply_updates
from tests.factories import UserFactory
from tests.networks.factories import (
    ColdNetworkFactory,
    CommuneFactory,
    DevelopmentPerimeterFactory,
    GeometryUpdateFactory,
    HeatNetworkFactory,
    X,
    line,
    square,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_installed")]

ELSEWHERE = line(X + 5_000)


@pytest.fixture
def heat():
    return HeatNetworkFactory(sncu="0301C")


def change(heat, geometry=ELSEWHERE):
    return request_update("heat-networks", "change", target=heat.pk, geometry=geometry)


def test_what_is_asked_for_is_created_with_its_attributes():
    CommuneFactory(insee="03001", name="Bourg")
    request_update(
        "heat-networks", "create", geometry=line(), attributes={"sncu": "0302C", "nom": "Neuf"}
    )

    done = apply_updates()

    created = HeatNetwork.objects.get()
    assert (done.created, done.updated, done.deleted) == (1, 0, 0)
    assert (created.sncu, created.name, created.geometry) == ("0302C", "Neuf", line())
    assert (created.communes, created.length_m) == (["Bourg"], 1_000)
    assert created.geometry_changed_at is not None


def test_what_is_created_may_be_given_a_number():
    number = HeatNetworkFactory().pk + 100
    request_update("heat-networks", "create", target=number, attributes={"sncu": "0302C"})

    apply_updates()

    assert HeatNetwork.objects.get(sncu="0302C").id_fcu == number
    assert HeatNetworkFactory().id_fcu == number + 1


def test_a_changed_geometry_changes_what_follows_from_it(heat):
    CommuneFactory(insee="03001", name="Bourg")
    change(heat, line(length=500))

    done = apply_updates()

    heat.refresh_from_db()
    assert (done.created, done.updated, done.deleted) == (0, 1, 0)
    assert (heat.geometry, heat.length_m) == (line(length=500), 500)
    assert heat.communes_insee == ["03001"]
    assert heat.geometry_changed_at is not None


def test_a_change_of_geometry_leaves_everything_else(heat):
    change(heat)
    HeatNetwork.objects.update(name="Renommé depuis")

    apply_updates()

    heat.refresh_from_db()
    assert heat.name == "Renommé depuis"


def test_what_is_deleted_is_gone(heat):
    request_update("heat-networks", "delete", target=heat.pk)

    done = apply_updates()

    assert (done.created, done.updated, done.deleted) == (0, 0, 1)
    assert not HeatNetwork.objects.exists()


def test_an_applied_update_remembers_what_was_there(heat):
    change(heat)

    apply_updates()

    update = GeometryUpdate.objects.get()
    assert update.former_geometry == line()
    assert update.applied_at is not None


def test_an_applied_creation_names_what_it_created():
    GeometryUpdateFactory()

    apply_updates()

    assert GeometryUpdate.objects.get().target == HeatNetwork.objects.get().pk


def test_an_applied_update_is_not_applied_again(heat):
    change(heat)
    apply_updates()

    assert apply_updates() == Applied()


def test_nothing_follows_from_nothing():
    assert apply_updates() == Applied()
    assert not Job.objects.exists()


def test_one_kind_can_be_applied_alone(heat):
    change(heat)
    cold = ColdNetworkFactory()
    request_update("cold-networks", "delete", target=cold.pk)

    done = apply_updates("cold-networks")

    assert (done.updated, done.deleted) == (0, 1)
    assert GeometryUpdate.objects.get(applied_at=None).kind == "heat-networks"


@pytest.fixture
def bad(heat):
    """An update that cannot be applied any more, behind one that could."""
    change(heat)
    perimeter = DevelopmentPerimeterFactory()
    update = request_update("development-perimeters", "delete", target=perimeter.pk)
    DevelopmentPerimeter.objects.all().delete()
    return update


def test_an_update_whose_target_is_gone_is_named(bad):
    with pytest.raises(CannotApply) as refused:
        apply_updates()

    assert str(refused.value) == (
        f"Update {bad.pk} (delete development-perimeters {bad.target}) cannot be applied, "
        f"so none was: there is no {bad.target} among development-perimeters any more. "
        "Withdraw it, or correct what it says; then apply the updates again."
    )


def test_one_bad_update_keeps_all_others_waiting(bad, heat):
    with pytest.raises(CannotApply):
        apply_updates()

    heat.refresh_from_db()
    assert heat.geometry == line()
    assert GeometryUpdate.objects.filter(applied_at=None).count() == 2
    assert not Job.objects.exists()


@pytest.mark.parametrize("second", ["0301C", "0302C"])
def test_a_number_that_exists_already_is_named(heat, second):
    for _ in range(2 if second == "0302C" else 1):
        update = GeometryUpdateFactory(attributes={"sncu": second})

    with pytest.raises(CannotApply) as refused:
        apply_updates()

    assert str(refused.value) == (
        f"Update {update.pk} (create heat-networks) cannot be applied, so none was: "
        "Heat network with this SNCU number already exists. "
        "Withdraw it, or correct what it says; then apply the updates again."
    )
    assert HeatNetwork.objects.get() == heat


def test_attributes_that_do_not_fit_are_named():
    update = GeometryUpdateFactory(attributes={"sncu": "nombre"})

    with pytest.raises(CannotApply, match=f"Update {update.pk} .* sncu: 'nombre' is not the SNCU"):
        apply_updates()


def test_d_5_1_a_crash_while_jobs_are_enqueued_leaves_nothing_applied(heat, monkeypatch):
    change(heat)

    def crash(*args, **options):
        raise ConnectionError("the server went away")

    monkeypatch.setattr("networks.updates.enqueue_following", crash)
    with pytest.raises(ConnectionError):
        apply_updates()

    heat.refresh_from_db()
    assert heat.geometry == line()
    assert GeometryUpdate.objects.get().applied_at is None


def test_d_5_4_numbers_come_from_the_database_and_are_never_those_of_the_deleted(heat):
    request_update("heat-networks", "delete", target=heat.pk)
    apply_updates()
    GeometryUpdateFactory()

    apply_updates()

    assert HeatNetwork.objects.get().pk > heat.pk


@pytest.mark.django_db(transaction=True)
def test_two_applies_at_once_do_each_update_once(heat):
    change(heat)
    for number in range(5):
        GeometryUpdateFactory(attributes={"sncu": f"990{number}C"})

    def apply(_):
        try:
            return apply_updates()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(apply, range(2)))

    assert sum(one.created for one in done) == 5
    assert sum(one.updated for one in done) == 1
    assert HeatNetwork.objects.count() == 6


def test_the_command_says_what_it_did(heat, installed, capsys):
    installed("build_tiles")
    change(heat)

    call_command("apply_updates")

    job = Job.objects.get()
    assert capsys.readouterr().out == (
        f"0 created, 1 updated, 0 deleted.\nbuild_tiles reseaux-de-chaleur: job {job.pk}\n"
    )


def test_the_command_applies_one_kind(heat):
    change(heat)

    call_command("apply_updates", kind="cold-networks")

    assert GeometryUpdate.objects.get().applied_at is None


def test_the_command_says_why_nothing_was_applied(bad):
    with pytest.raises(CommandError, match=f"Update {bad.pk} "):
        call_command("apply_updates")


def test_who_applies_owns_the_jobs(heat):
    change(heat)
    person = UserFactory()

    jobs = apply_updates(by=person).jobs

    assert {job.user_id for job in jobs} == {person.pk}


def test_a_zone_may_become_a_trace():
    request_update(
        "networks-under-construction", "create", geometry=square(), attributes={"nom": "Demain"}
    )
    (update,) = apply_updates().updates
    request_update("networks-under-construction", "change", target=update.target, geometry=line())

    apply_updates()

    last = GeometryUpdate.objects.latest("pk")
    assert last.former_geometry.equals(square())
