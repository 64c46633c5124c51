"""A PostgreSQL with PostGIS, thrown away at the end, that is asked as the original asks."""

import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import shapely
from psycopg import sql
from psycopg.pq import Ping

from bench.eligibility.world import World
from config.postgres import Server, ensure_running

DEBIAN = Path("/usr/lib/postgresql")
POINT = "ST_SetSRID(ST_MakePoint(%(x)s, %(y)s), 2154)"
HERE = f"WITH here AS (SELECT {POINT} AS point)"
# As the original asks: each answer is waited for before the next question.
QUESTIONS = [
    # The perimeter around, and its networks: of heat, a line to come, a zone to come.
    f"{HERE} SELECT sncu, ids FROM perimeters, here WHERE ST_Intersects(geom, point) LIMIT 1",
    f"{HERE} SELECT id, ST_Distance(geom, point) FROM heat, here WHERE sncu = %(sncu)s"
    " ORDER BY geom <-> point LIMIT 1",
    *[
        f"{HERE} SELECT id, ST_Distance(geom, point) FROM future, here"
        f" WHERE id = ANY(%(ids)s) AND is_zone = {is_zone} ORDER BY geom <-> point LIMIT 1"
        for is_zone in (False, True)
    ],
    # The nearest of each kind.
    f"{HERE} SELECT id, round(ST_Distance(geom, point)) FROM heat, here"
    " WHERE is_open ORDER BY geom <-> point LIMIT 1",
    *[
        f"{HERE} SELECT id, round(ST_Distance(geom, point)) FROM future, here"
        f" WHERE is_open AND is_zone = {is_zone} ORDER BY geom <-> point LIMIT 1"
        for is_zone in (False, True)
    ],
    # The town, its network without trace, and where it is.
    f"{HERE} SELECT insee FROM communes, here WHERE ST_Contains(geom, point) LIMIT 1",
    "SELECT id FROM heat WHERE geom IS NULL AND is_open AND %(insee)s = ANY(communes) LIMIT 1",
    f"{HERE} SELECT insee FROM communes, here ORDER BY geom <-> point LIMIT 1",
]


def programs() -> Path | None:
    """The folder of a PostgreSQL that has PostGIS: that of PG_BINDIR, or Debian's newest."""
    chosen = os.environ.get("PG_BINDIR")
    folders = [Path(chosen)] if chosen else sorted(DEBIAN.glob("*/bin"), reverse=True)
    return next((folder for folder in folders if has_postgis(folder)), None)


def has_postgis(folder: Path) -> bool:
    # Debian keeps /usr/lib/postgresql/15/bin and /usr/share/postgresql/15 apart.
    version, root = folder.parent, folder.parents[3] if len(folder.parents) > 3 else folder
    control = root / "share" / "postgresql" / version.name / "extension" / "postgis.control"
    return control.is_file()


@contextmanager
def loaded(world: World, programs: Path) -> Iterator["Database"]:
    os.environ["PG_BINDIR"] = str(programs)
    with tempfile.TemporaryDirectory(prefix="postgis-") as folder:
        Path(folder).chmod(0o755)  # for the account that PostgreSQL runs under
        # Its watcher stops it once nobody is connected.
        server = Server(Path(folder, ".local"), idle_seconds=1, fsync=False)
        with psycopg.connect(ensure_running(server, "bench"), autocommit=True) as connection:
            load(connection, world)
            yield Database(connection)
        wait_until_stopped(server)


def wait_until_stopped(server: Server) -> None:
    give_up = time.monotonic() + 60
    while server.ping() is not Ping.NO_RESPONSE and time.monotonic() < give_up:
        time.sleep(0.2)


def load(connection: psycopg.Connection[Any], world: World) -> None:
    connection.execute("CREATE EXTENSION postgis")
    fill(
        connection,
        "heat",
        "sncu text, communes text[]",
        [(row.id_fcu, row.geometry, row.sncu, row.communes_insee) for row in world.heat],
    )
    fill(
        connection,
        "future",
        "is_zone bool",
        [(row.id_fcu, row.geometry, row.is_zone) for row in world.future],
    )
    fill(
        connection,
        "perimeters",
        "sncu text, ids int[]",
        [
            (row.id_fcu, row.geometry, row.sncu, row.under_construction_ids)
            for row in world.perimeters
        ],
    )
    fill(
        connection,
        "communes",
        "insee text",
        [(number, row.geometry, row.insee) for number, row in enumerate(world.communes)],
    )


def fill(
    connection: psycopg.Connection[Any], table: str, columns: str, rows: Iterable[tuple[Any, ...]]
) -> None:
    name = sql.Identifier(table)
    connection.execute(
        sql.SQL("CREATE TABLE {} (id int PRIMARY KEY, geom geometry, {})").format(
            name, sql.SQL(columns)
        )
    )
    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
        for id, geometry, *values in rows:
            ewkb = shapely.to_wkb(shapely.set_srid(geometry, 2154), hex=True, include_srid=True)
            copy.write_row((id, ewkb, *values))
    connection.execute(
        sql.SQL("ALTER TABLE {} ADD COLUMN is_open bool NOT NULL DEFAULT true").format(name)
    )
    connection.execute(sql.SQL("CREATE INDEX ON {} USING gist (geom)").format(name))
    connection.execute(sql.SQL("ANALYZE {}").format(name))


class Database:
    """Like the original's, with a GiST index on each geometry."""

    name = "PostGIS"

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def ask(self, point: Any) -> None:
        x, y = (float(metres) for metres in point)
        values: dict[str, Any] = {"x": x, "y": y, "sncu": "", "ids": [], "insee": ""}
        for question in QUESTIONS:
            answer = self._connection.execute(question, values).fetchone()
            if answer and "SELECT insee" in question:
                values["insee"] = answer[0]
            if answer and "FROM perimeters" in question:
                values |= {"sncu": answer[0], "ids": answer[1]}
