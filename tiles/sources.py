"""What tiles can be built from, filled by each app in AppConfig.ready()."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from tiles.errors import AlreadyRegistered, UnknownSource

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


class Feature(NamedTuple):
    """Something on a map; `id` stays its own from build to build, `geometry` is in WGS 84."""

    id: int
    geometry: "BaseGeometry"
    properties: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class TileSource:
    """A map layer to build.

    `features` is called at each build and streams what is on the map; `options` are tippecanoe's.
    Tiles are cached for two hours (`short`) or a day (`long`); those of a private source are shown
    to administrators only, and not cached. One that `may_be_empty` serves nothing when it is. Where
    `keeps_former` is false, the tiles served before go when new ones come: nothing that was removed
    stays anywhere.
    """

    id: str
    label: str
    features: Callable[[], Iterable[Feature]]
    # The name of the layer inside the tiles, as front-ends know it.
    layer: str = "layer"
    min_zoom: int = 5
    max_zoom: int = 14
    options: tuple[str, ...] = ()
    cache: Literal["short", "long"] = "long"
    private: bool = False
    may_be_empty: bool = False
    keeps_former: bool = True
    attribution: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.min_zoom <= self.max_zoom <= 22:
            raise ValueError(
                f"{self.id}: zooms are {self.min_zoom} to {self.max_zoom}; give 0 to 22, in order."
            )


class TileSources:
    """The registry: a mapping from id to TileSource that refuses an id twice."""

    def __init__(self) -> None:
        self._sources: dict[str, TileSource] = {}

    def register(self, source: TileSource) -> TileSource:
        if other := self._sources.get(source.id):
            raise AlreadyRegistered(source.id, source.label, other.label)
        self._sources[source.id] = source
        return source

    def __getitem__(self, id: str) -> TileSource:
        try:
            return self._sources[id]
        except KeyError:
            raise UnknownSource(id, self._sources) from None

    def __contains__(self, id: object) -> bool:
        return id in self._sources

    def __iter__(self) -> Iterator[TileSource]:
        return iter(sorted(self._sources.values(), key=lambda source: source.id))

    def names(self) -> list[str]:
        return sorted(self._sources)


tile_sources = TileSources()
