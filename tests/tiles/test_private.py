"""Tiles of a private source are for administrators."""

import pytest
from django.test import Client

from tests.factories import UserFactory
from tests.tiles.factories import TilesetFactory

pytestmark = pytest.mark.django_db

PATHS = ["/tiles/points.json", "/tiles/points/1/0/0.pbf"]


@pytest.fixture(autouse=True)
def private(register):
    register(private=True)
    TilesetFactory(source="points")


def signed_in(**who) -> Client:
    client = Client()
    client.force_login(UserFactory(**who))
    return client


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_is_asked_to_sign_in(client, path):
    response = client.get(path)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Basic realm="api"'
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", PATHS)
def test_other_users_are_refused(path):
    assert signed_in().get(path).status_code == 403


@pytest.mark.parametrize("path", PATHS)
def test_administrators_see_them_and_no_cache_keeps_them(path):
    response = signed_in(staff=True).get(path)

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-cache"
    assert "Access-Control-Allow-Origin" not in response


def test_an_administrator_who_has_the_tile_is_told_so():
    client = signed_in(staff=True)
    etag = client.get(PATHS[1])["ETag"]

    assert client.get(PATHS[1], headers={"If-None-Match": etag}).status_code == 304


def test_a_stranger_does_not_learn_whether_they_have_the_right_tile(client):
    etag = signed_in(staff=True).get(PATHS[1])["ETag"]

    assert client.get(PATHS[1], headers={"If-None-Match": etag}).status_code == 401
