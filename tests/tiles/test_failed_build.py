"""A build that fails changes nothing for readers, and says why."""

import os

import pytest

from tests.tiles import failures
from tests.tiles.factories import MadeUpArchive, TilesetFactory, tiles_of
from tests.tiles.failures import FAILURES
from tiles.errors import DiskFull, TilesError
from tiles.models import Tile, Tileset, TilesetPointer
from tiles.scratch import scratch_folder

pytestmark = pytest.mark.django_db


@pytest.fixture
def fail(register, settings, tmp_path, monkeypatch):
    """Let the builds of `points` fail in this way."""
    register()
    return lambda way: way(
        register=register, settings=settings, folder=tmp_path, monkeypatch=monkeypatch
    )


def error_of(build) -> str:
    with pytest.raises(TilesError) as failed:
        build("points")
    return str(failed.value)


@pytest.mark.parametrize("way", FAILURES)
def test_a_failed_build_leaves_the_old_tiles_served(build, fail, way):
    build("points")
    before = TilesetPointer.objects.get(pk="points")
    tiles = tiles_of(before.tileset)
    fail(way)

    error_of(build)

    after = TilesetPointer.objects.get(pk="points")
    assert (after.tileset, after.switched_at) == (before.tileset, before.switched_at)
    assert tiles_of(after.tileset) == tiles
    assert Tileset.objects.count() == 1
    assert Tile.objects.count() == len(tiles)


@pytest.mark.parametrize(("way", "message"), FAILURES.items())
def test_a_failed_build_says_why(build, fail, way, message):
    fail(way)

    assert error_of(build).startswith(message)


def test_the_first_build_that_fails_leaves_nothing(build, fail):
    fail(failures.refused)

    error_of(build)

    assert not Tileset.objects.exists()
    assert not TilesetPointer.objects.built().exists()


def test_a_full_disk_is_named_with_its_folder_and_its_free_space(build, fail, tmp_path):
    fail(failures.no_space)

    with pytest.raises(DiskFull) as full:
        build("points")

    said = str(full.value)
    assert said.startswith(f"No room for the tiles in {tmp_path.parent} (")
    assert said.endswith(
        " bytes free): [Errno 28] No space left on device. "
        "Free some space, or set TMPDIR to a larger folder."
    )


def test_a_disk_that_fills_while_tippecanoe_writes_is_named_too(build, fail):
    fail(failures.too_large)

    with pytest.raises(DiskFull, match="tippecanoe was killed by SIGXFSZ"):
        build("points")


def test_what_tippecanoe_said_is_repeated(build, fail):
    fail(failures.refused)

    assert "unrecognized option '--no-such-option'" in error_of(build)


@pytest.mark.parametrize("way", [way for way in FAILURES if way is not failures.no_space])
def test_a_failed_build_leaves_no_temporary_files(build, fail, tmp_path, monkeypatch, way):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    fail(way)

    error_of(build)

    assert list(scratch.iterdir()) == []


def test_tiles_that_cannot_all_be_stored_are_not_stored_at_all():
    class Torn(MadeUpArchive):
        def tiles(self):
            yield from super().tiles()
            raise OSError("the archive ends too early")

    served = TilesetFactory()

    with pytest.raises(OSError, match="the archive ends too early"):
        TilesetFactory(archive=Torn())

    assert TilesetPointer.objects.get().tileset == served
    assert set(Tile.objects.values_list("tileset", flat=True)) == {served.pk}


def test_what_a_killed_build_left_on_the_disk_goes_with_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left, recent = tmp_path / "tiles-build-left", tmp_path / "tiles-build-recent"
    for folder in (left, recent):
        folder.mkdir()
        (folder / "features.ndjson").write_text("{}")
    os.utime(left, times=(0, 0))

    with scratch_folder():
        pass

    assert not left.exists()
    assert recent.exists()
