from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TilesConfig(AppConfig):
    """Tiles, their sources and the job that builds them."""

    name = "tiles"

    def ready(self) -> None:
        from jobs.registry import job_types
        from tiles import checks  # noqa: F401  registers them
        from tiles.handlers import BuildTiles, TilesBuilt, build_tiles
        from tiles.network_sources import SOURCES
        from tiles.sources import tile_sources

        for source in SOURCES:
            tile_sources.register(source)
        job_types.register(
            "build_tiles",
            build_tiles,
            payload=BuildTiles,
            result=TilesBuilt,
            timeout=timedelta(hours=2),
            label=_("Build tiles"),
        )
