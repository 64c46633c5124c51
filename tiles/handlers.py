"""The job `build_tiles`: from a source to the tiles that are served."""

from collections.abc import Callable

from pydantic import BaseModel, Field, field_validator

from jobs.running import RunningJob
from tiles.archive import opened
from tiles.models import Tileset, TilesetPointer
from tiles.scratch import scratch_folder
from tiles.sources import TileSource, tile_sources
from tiles.tippecanoe import run_tippecanoe


class BuildTiles(BaseModel):
    """Which source to build."""

    name: str = Field(description="The id of a tile source.", examples=["communes"])

    @field_validator("name")
    @classmethod
    def is_known(cls, name: str) -> str:
        if name not in tile_sources:
            raise ValueError(f"not a tile source; there are {', '.join(tile_sources.names())}")
        return name


class TilesBuilt(BaseModel):
    """What was read and made."""

    features: int
    tiles: int
    bytes: int
    min_zoom: int
    max_zoom: int


def build_tiles(job: RunningJob) -> TilesBuilt:
    """Serve new tiles of the source; whatever fails, the old ones stay."""
    # Every process imports this file; the libraries of geometry, only one that builds.
    from tiles.ndjson import write_features

    source = tile_sources[job.data.name]
    version = TilesetPointer.take_version(source.id)
    with scratch_folder() as folder:
        features, archive = folder / "features.ndjson", folder / "tiles.pmtiles"
        count = write_features(source, features, reading(job))
        if not count:
            return serve_nothing(job, source, version)
        run_tippecanoe(source, features, archive, making(job))
        job.progress(100, 100, "storing tiles")
        with opened(archive) as made:
            tileset = Tileset.publish(
                source.id, version, made, features=count, keep_former=source.keeps_former
            )
    job.logger.info("%s is served: %s tiles of %s features", tileset, tileset.tiles, count)
    return TilesBuilt.model_validate(tileset, from_attributes=True)


def serve_nothing(job: RunningJob, source: TileSource, version: int) -> TilesBuilt:
    """The end of the build of a source that may be empty, and is."""
    Tileset.withdraw(source.id, version)
    job.logger.info("%s is empty: nothing of it is served any more", source.id)
    return TilesBuilt(features=0, tiles=0, bytes=0, min_zoom=0, max_zoom=0)


def reading(job: RunningJob) -> Callable[[int], None]:
    """Shows how many features are read; how many there are is not known."""
    return lambda count: job.progress(0, 100, f"{count:,} features read")


def making(job: RunningJob) -> Callable[[float], None]:
    """Shows how far tippecanoe is, by its own account."""
    return lambda percentage: job.progress(percentage, 100, "making tiles")
