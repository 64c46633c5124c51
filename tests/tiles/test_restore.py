"""Putting back the version before."""

import gzip

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.factories import UserFactory
from tests.tiles.factories import NORTH_WEST, MadeUpArchive, TilesetFactory, packed
from tiles.models import Tileset, TilesetPointer

pytestmark = pytest.mark.django_db

TILE = "/tiles/communes/1/0/0.pbf"


@pytest.fixture
def former():
    return TilesetFactory()


@pytest.fixture
def latter(former):
    archive = MadeUpArchive()
    archive.content[NORTH_WEST] = packed(b"wrong")
    return TilesetFactory(archive=archive)


def test_the_version_before_is_served_again(client, former, latter):
    assert gzip.decompress(client.get(TILE).content) == b"wrong"

    former.restore()

    assert gzip.decompress(client.get(TILE).content) == b"nw"


def test_it_is_said_to_be_served_since_then(former, latter):
    before = TilesetPointer.objects.get().switched_at

    former.restore()

    # In one transaction the clock of the database stands still.
    assert TilesetPointer.objects.get().switched_at >= before


def test_a_build_after_it_has_a_version_of_its_own_and_keeps_what_was_put_back(former, latter):
    former.restore()

    newest = TilesetFactory()

    assert newest.version == 3
    assert [tileset.version for tileset in Tileset.objects.order_by("version")] == [1, 3]


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(UserFactory(staff=True, is_superuser=True))
    return client


def put_back(client, *tilesets):
    form = {"action": "put_back", "_selected_action": [tileset.pk for tileset in tilesets]}
    return client.post("/admin/tiles/tileset/", form, follow=True)


def test_an_operator_puts_it_back_in_the_admin(operator, former, latter):
    response = put_back(operator, former)

    assert [str(message) for message in response.context["messages"]] == [
        "communes version 1 is served again."
    ]
    assert TilesetPointer.objects.get().tileset == former


def test_what_is_served_already_is_left_as_it_is(operator, former, latter):
    response = put_back(operator, latter)

    assert [str(message) for message in response.context["messages"]] == [
        "communes version 2 is served already."
    ]


def test_a_viewer_without_the_permission_is_not_offered_it(former, latter):
    viewer = UserFactory(staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename="view_tileset"))
    client = Client()
    client.force_login(viewer)

    page = client.get("/admin/tiles/tileset/")
    put_back(client, former)

    assert "put_back" not in page.content.decode()
    assert TilesetPointer.objects.get().tileset == latter


def test_the_list_shows_which_is_served_in_few_queries(
    operator, former, latter, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):
        response = operator.get("/admin/tiles/tileset/")

    served = {tileset.version: tileset.is_served for tileset in response.context["cl"].result_list}
    assert served == {1: False, 2: True}


def test_a_tileset_can_be_looked_at_and_not_be_changed(operator, former):
    page = f"/admin/tiles/tileset/{former.pk}/change/"

    assert operator.get(page).status_code == 200
    assert operator.post(page, {"version": 7}).status_code == 403
