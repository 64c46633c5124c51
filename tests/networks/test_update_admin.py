"""Geometry updates in the admin: asked for, withdrawn, applied."""

import json

import pytest
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from networks.models import GeometryUpdate, HeatNetwork
from tests.factories import UserFactory
from tests.networks.factories import (
    DevelopmentPerimeterFactory,
    GeometryUpdateFactory,
    HeatNetworkFactory,
    line,
)
from tests.networks.files import DATA, LINE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_installed")]

PAGE = "/admin/networks/geometryupdate/"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client() -> Client:
    return signed_in(UserFactory(staff=True, is_superuser=True))


@pytest.fixture
def viewer() -> Client:
    user = UserFactory(staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_geometryupdate"))
    return signed_in(user)


def ask(client, **form):
    given = {"kind": "heat-networks", "action": "create", "attributes": "{}", **form}
    return client.post(f"{PAGE}add/", given, follow=True)


def messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def errors(response) -> list[str]:
    return list(response.context["adminform"].form.non_field_errors())


def withdraw(client, *updates):
    form = {"action": "withdraw", "_selected_action": [update.pk for update in updates]}
    return client.post(PAGE, form, follow=True)


def test_updates_that_wait_and_that_were_applied_are_listed_in_few_queries(
    client, django_assert_max_num_queries
):
    GeometryUpdateFactory.create_batch(20, requested_by=UserFactory())

    with django_assert_max_num_queries(8) as queries:
        response = client.get(PAGE)

    assert len(response.context["cl"].result_list) == 20
    assert not [query["sql"] for query in queries if 'geometry" FROM' in query["sql"]]


def test_those_that_wait_can_be_listed_alone(client):
    GeometryUpdateFactory(attributes={"sncu": "0301C"})
    client.post(f"{PAGE}apply/")
    waiting = GeometryUpdateFactory()

    response = client.get(PAGE, {"applied_at__isempty": "1"})

    assert list(response.context["cl"].result_list) == [waiting]


def test_an_update_is_asked_for_with_pasted_geojson(client):
    ask(client, attributes='{"sncu": "0301C"}', geometry_text=json.dumps(LINE))

    update = GeometryUpdate.objects.get()
    assert update.attributes == {"sncu": "0301C"}
    assert update.geometry.geom_type == "MultiLineString"
    assert update.requested_by.is_superuser


def test_an_update_is_asked_for_with_a_file(client):
    perimeter = DevelopmentPerimeterFactory()
    content = (DATA / "communes-idf-2154.zip").read_bytes()

    ask(
        client,
        kind="development-perimeters",
        action="change",
        target=perimeter.pk,
        geometry_file=SimpleUploadedFile("area.zip", content),
    )

    update = GeometryUpdate.objects.get()
    assert (update.action, update.target) == ("change", perimeter.pk)
    assert update.geometry.geom_type == "MultiPolygon"


def test_a_deletion_is_asked_for_without_a_geometry(client):
    heat = HeatNetworkFactory()

    ask(client, action="delete", target=heat.pk)

    assert GeometryUpdate.objects.get().action == "delete"
    assert HeatNetwork.objects.exists()


def test_asking_again_replaces_what_waits(client):
    heat = HeatNetworkFactory()
    ask(client, action="change", target=heat.pk, geometry_text=json.dumps(LINE))

    response = ask(client, action="delete", target=heat.pk)

    assert response.status_code == 200
    assert GeometryUpdate.objects.get().action == "delete"


def test_the_form_says_what_is_wrong(client):
    response = ask(client, action="change", target=7, geometry_text=json.dumps(LINE))

    assert errors(response) == ["There is no 7 among heat-networks; give its id_fcu."]
    assert not GeometryUpdate.objects.exists()


@pytest.mark.parametrize(
    ("action", "geometry", "said"),
    [
        ("change", json.dumps(LINE), "Give the id_fcu of what is changed."),
        ("change", "", "Give the id_fcu of what is changed."),
        ("delete", "", "Give the id_fcu of what is deleted."),
    ],
)
def test_the_form_says_once_that_the_number_is_missing(client, action, geometry, said):
    response = ask(client, action=action, geometry_text=geometry)

    assert response.context["adminform"].form.errors == {"target": [said]}
    assert not GeometryUpdate.objects.exists()


def test_a_file_and_a_text_are_one_too_many(client):
    file = SimpleUploadedFile("line.geojson", json.dumps(LINE).encode())

    response = ask(client, geometry_text=json.dumps(LINE), geometry_file=file)

    assert errors(response) == ["Give the geometry as a file or as text, not both."]


def test_a_broken_file_is_refused_by_name_and_not_by_folder(client):
    file = SimpleUploadedFile("area.zip", b"not a zip")

    response = ask(client, geometry_file=file)

    assert errors(response) == ["area.zip: it is not a readable zip (File is not a zip file)."]


def test_an_update_that_waits_is_withdrawn(client):
    update = GeometryUpdateFactory()

    response = withdraw(client, update)

    assert messages(response) == ["create heat-networks was withdrawn."]
    assert not GeometryUpdate.objects.exists()
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.action_flag) == (str(update.pk), DELETION)


def test_an_applied_update_is_not_withdrawn(client):
    GeometryUpdateFactory()
    client.post(f"{PAGE}apply/")
    update = GeometryUpdate.objects.get()

    response = withdraw(client, update)

    assert messages(response)[-1] == (
        f"Update create heat-networks {update.target} was applied or withdrawn meanwhile; "
        "to undo what it did, ask for another one."
    )
    assert GeometryUpdate.objects.exists()
    assert not LogEntry.objects.filter(action_flag=DELETION).exists()


def test_the_button_applies_all_that_waits_and_is_recorded(client):
    GeometryUpdateFactory()

    response = client.post(f"{PAGE}apply/", follow=True)

    assert messages(response) == ["1 created, 0 updated, 0 deleted; 4 jobs follow."]
    assert HeatNetwork.objects.get().geometry == line()
    entry = LogEntry.objects.get()
    assert entry.object_id == str(GeometryUpdate.objects.get().pk)
    assert (entry.action_flag, entry.change_message) == (CHANGE, "Applied.")


def test_without_any_that_waits_the_button_says_so(client):
    assert messages(client.post(f"{PAGE}apply/", follow=True)) == ["No update waits."]


def test_what_cannot_be_applied_is_said(client):
    HeatNetworkFactory(sncu="9901C")
    update = GeometryUpdateFactory()

    response = client.post(f"{PAGE}apply/", follow=True)

    assert messages(response)[0].startswith(f"Update {update.pk} (create heat-networks) cannot be")
    assert not LogEntry.objects.exists()


def test_nothing_is_applied_by_looking(client):
    assert client.get(f"{PAGE}apply/").status_code == 405


def test_who_may_only_look_is_offered_nothing(viewer):
    page = viewer.get(PAGE).content.decode()

    assert "Apply all pending updates" not in page
    assert "withdraw" not in page


def test_who_may_only_look_changes_nothing(viewer):
    update = GeometryUpdateFactory()

    assert viewer.post(f"{PAGE}apply/").status_code == 403
    assert viewer.get(f"{PAGE}add/").status_code == 403
    withdraw(viewer, update)

    assert GeometryUpdate.objects.get().applied_at is None


def test_an_update_can_be_looked_at_and_not_be_changed(client):
    update = GeometryUpdateFactory()
    page = f"{PAGE}{update.pk}/change/"

    assert client.get(page).status_code == 200
    assert client.post(page, {"kind": "cold-networks"}).status_code == 403
