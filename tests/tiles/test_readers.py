"""Readers see the whole old or the whole new tileset, whatever the builds do."""

import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event

import pytest
from django.db import connection, connections
from django.test import Client

from tests.tiles.conftest import point
from tests.tiles.failures import empty, killed, refused, too_large, unreadable
from tiles.errors import Overtaken, TilesError
from tiles.models import Tile, TilesetPointer

pytestmark = pytest.mark.django_db(transaction=True)

BUILDS = 20
FAILING = {3: empty, 7: unreadable, 11: refused, 15: killed, 19: too_large}
SNAPSHOT = """
SELECT tile.z, tile.x, tile.y, tile.data
FROM tileset_pointers pointer JOIN tiles tile USING (tileset_id)
WHERE pointer.source = 'points'
"""


class Marked:
    """A source whose features carry the number of the build that reads them."""

    build = 0

    def features(self):
        return [point(number, mark=f"mark-{self.build}-") for number in range(100)]


class Reader:
    """Asks for every tile over and over, one by one and all at once."""

    def __init__(self, addresses):
        self.addresses = addresses
        self.passes = 0
        self.marks = []  # in the order seen
        self.wrong = []

    def read_until(self, done: Event) -> None:
        client = Client()
        try:
            while not done.is_set():
                self.read_one_by_one(client)
                self.read_all_at_once()
                self.passes += 1
        finally:
            connections.close_all()

    def read_one_by_one(self, client: Client) -> None:
        description = client.get("/tiles/points.json")
        if description.status_code != 200:
            self.wrong.append(description)
        for z, x, y in self.addresses:
            response = client.get(f"/tiles/points/{z}/{x}/{y}.pbf")
            if response.status_code != 200:
                self.wrong.append((z, x, y, response.status_code))
            else:
                self.note({(z, x, y): response.content})

    def read_all_at_once(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(SNAPSHOT)
            tiles = {(z, x, y): bytes(data) for z, x, y, data in cursor.fetchall()}
        if set(tiles) != self.addresses:
            self.wrong.append(set(tiles) ^ self.addresses)
        self.note(tiles)

    def note(self, tiles: dict[tuple[int, int, int], bytes]) -> None:
        marks = {mark for data in tiles.values() for mark in marks_in(data)}
        if len(marks) != 1:
            self.wrong.append(marks)
        self.marks += [mark for mark in marks if mark not in self.marks[-1:]]


def marks_in(tile: bytes) -> set[int]:
    return {int(mark) for mark in re.findall(rb"mark-(\d+)-", gzip.decompress(tile))}


def test_a_reader_sees_only_whole_versions_while_builds_succeed_and_fail(
    build, register, settings, tmp_path
):
    source = Marked()
    register(features=source.features, options=("-r1",))
    build("points")
    addresses = set(Tile.objects.values_list("z", "x", "y"))
    reader, done, failed = Reader(addresses), Event(), []

    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(reader.read_until, done)
        try:
            for source.build in range(1, BUILDS + 1):
                register(features=source.features, options=("-r1",))
                settings.TIPPECANOE = ""
                if way := FAILING.get(source.build):
                    way(register=register, settings=settings, folder=tmp_path)
                try:
                    build("points")
                except TilesError:
                    failed.append(source.build)
        finally:
            done.set()
        reading.result(timeout=30)

    assert failed == list(FAILING)
    assert reader.wrong == []
    assert reader.passes > 3
    # Each as long as it was served, never again after the next, and never one that failed.
    assert reader.marks == sorted(set(reader.marks) - set(FAILING))
    assert len(reader.marks) > 3


def test_builds_of_one_source_at_the_same_time_do_not_mix(build, register):
    source = Marked()
    register(features=source.features, options=("-r1",))

    def one(number: int) -> None:
        try:
            with suppress(Overtaken):
                build("points")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(one, range(4)))

    served = TilesetPointer.objects.get(pk="points").tileset
    assert served.version == 4
    assert Tile.objects.filter(tileset=served).count() == served.tiles
    assert set(Tile.objects.values_list("tileset__source", flat=True)) == {"points"}
