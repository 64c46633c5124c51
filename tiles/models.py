"""Tiles live in the database: the disks of those who use this are neither shared nor kept."""

from collections.abc import Iterable
from typing import Self

from django.db import connection, models, transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Now

from tiles.address import TileAddress
from tiles.archive import Archive, Gzipped
from tiles.errors import Overtaken

COPY = "COPY tiles (tileset_id, z, x, y, data) FROM STDIN (FORMAT BINARY)"
COPY_TYPES = ["int8", "int2", "int4", "int4", "bytea"]


class Tileset(models.Model):
    """All tiles of one build of one source; the one that is served, or the one before."""

    source = models.CharField(max_length=100)
    version = models.IntegerField()
    built_at = models.DateTimeField(db_default=Now())
    features = models.BigIntegerField()
    tiles = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    min_zoom = models.SmallIntegerField()
    max_zoom = models.SmallIntegerField()
    bounds = models.JSONField()  # west, south, east, north
    vector_layers = models.JSONField()

    class Meta:
        db_table = "tilesets"
        permissions = [("restore_tileset", "Can put back a tileset")]
        constraints = [
            models.UniqueConstraint(fields=["source", "version"], name="tilesets_one_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.source} version {self.version}"

    @classmethod
    @transaction.atomic
    def publish(
        cls,
        source: str,
        version: int,
        archive: Archive,
        *,
        features: int,
        keep_former: bool = True,
    ) -> "Tileset":
        """Keep these tiles and serve them from now on; keep those served so far, to put back.

        Raises Overtaken if a build begun later is served already.
        """
        pointer = TilesetPointer.locked_for(source, version)
        former = pointer.tileset if keep_former else None
        tileset = cls.objects.create(
            source=source,
            version=version,
            features=features,
            min_zoom=archive.min_zoom,
            max_zoom=archive.max_zoom,
            bounds=archive.bounds,
            vector_layers=archive.vector_layers,
        )
        tileset._keep(archive.tiles())
        pointer.switch(tileset)
        kept = [tileset.pk, former.pk if former else tileset.pk]
        cls.objects.filter(source=source).exclude(pk__in=kept).delete()
        return tileset

    @classmethod
    @transaction.atomic
    def withdraw(cls, source: str, version: int) -> None:
        """Serve nothing of this source any more, and keep no tiles of it.

        Raises Overtaken if a build begun later is served already.
        """
        pointer = TilesetPointer.locked_for(source, version)
        pointer.withdrawn_version = version
        pointer.switch(None)
        cls.objects.filter(source=source).delete()

    @property
    def is_served(self) -> bool:
        return hasattr(self, "pointer")

    @transaction.atomic
    def restore(self) -> None:
        """Serve these tiles again."""
        TilesetPointer.locked(self.source).switch(self)

    def _keep(self, tiles: Iterable[tuple[TileAddress, Gzipped]]) -> None:
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            copy.set_types(COPY_TYPES)
            for address, data in tiles:
                copy.write_row((self.pk, *address, data))
                self.tiles += 1
                self.bytes += len(data)
        self.save(update_fields=["tiles", "bytes"])


class Tile(models.Model):
    """One square of a tileset, as gzipped Mapbox Vector Tile."""

    pk = models.CompositePrimaryKey("tileset", "z", "x", "y")
    tileset = models.ForeignKey(Tileset, models.CASCADE, db_index=False, related_name="+")
    z = models.SmallIntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    # Its storage is set to EXTERNAL by a migration: compressing it again would be in vain.
    data = models.BinaryField()

    class Meta:
        db_table = "tiles"

    def __str__(self) -> str:
        return f"{self.z}/{self.x}/{self.y}"


class PointerQuerySet(models.QuerySet["TilesetPointer"]):
    def built(self) -> Self:
        """Those of sources that have been built, with their tilesets."""
        return self.filter(tileset__isnull=False).select_related("tileset")

    def with_tile(self, address: TileAddress) -> Self:
        """Each with `data`: the tile at this address of the tileset it points to, or None.

        In the same statement, so that tile and tileset are of one version.
        """
        tile = Tile.objects.filter(tileset=OuterRef("tileset"), **address._asdict())
        return self.annotate(data=Subquery(tile.values("data")))


class TilesetPointer(models.Model):
    """Which tileset of a source is served: the one thing that a build changes for readers."""

    source = models.CharField(max_length=100, primary_key=True)
    tileset = models.OneToOneField(Tileset, models.PROTECT, null=True, related_name="pointer")
    switched_at = models.DateTimeField(null=True)
    # Of the builds begun so far: the later a build reads its source, the higher its version.
    last_version = models.IntegerField(default=0)
    # Of the last build that found nothing to serve; what was read before that is out of date.
    withdrawn_version = models.IntegerField(default=0)

    objects: models.Manager["TilesetPointer"] = PointerQuerySet.as_manager()

    class Meta:
        db_table = "tileset_pointers"

    def __str__(self) -> str:
        return f"{self.source} → {self.tileset_id}"

    @classmethod
    def locked(cls, source: str) -> "TilesetPointer":
        """The pointer of this source, which nobody else changes before the transaction ends."""
        cls.objects.get_or_create(source=source)
        # Without its tileset: after a wait for the lock, a join would give what it was before.
        return cls.objects.select_for_update().get(pk=source)

    @classmethod
    def locked_for(cls, source: str, version: int) -> "TilesetPointer":
        """The same, for the build of this version; Overtaken if it comes too late."""
        pointer = cls.locked(source)
        served = pointer.tileset.version if pointer.tileset else pointer.withdrawn_version
        if served > version:
            raise Overtaken(source, version, served)
        return pointer

    @classmethod
    @transaction.atomic
    def take_version(cls, source: str) -> int:
        """The version of a build that begins now."""
        pointer = cls.locked(source)
        pointer.last_version += 1
        pointer.save(update_fields=["last_version"])
        return pointer.last_version

    def switch(self, tileset: Tileset | None) -> None:
        self.tileset = tileset
        self.switched_at = Now()
        self.save(update_fields=["tileset", "switched_at", "withdrawn_version"])
