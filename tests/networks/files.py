"""Files of geometries, real and made up."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from django.conf import settings
from shapely.geometry.base import BaseGeometry

DATA = Path(settings.BASE_DIR, "data")
# Near the point where Lambert-93 begins to count: 3° east, 46.5° north.
RING = [[3.0, 46.5], [3.1, 46.5], [3.1, 46.6], [3.0, 46.6], [3.0, 46.5]]
SQUARE = {"type": "Polygon", "coordinates": [RING]}
LINE = {"type": "LineString", "coordinates": [[3.0, 46.5], [3.0, 46.6]]}


def commune(geometry: Any = SQUARE, **properties: Any) -> dict[str, Any]:
    return feature(geometry, {"code": "03001", "nom": "Bourg", **properties})


def network(geometry: Any = LINE, **properties: Any) -> dict[str, Any]:
    return feature(geometry, {"id": "0301C", **properties})


def feature(geometry: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def geojson(folder: Path, *features: dict[str, Any]) -> Path:
    file = folder / "made-up.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return file


def geopackage(file: Path, *geometries: BaseGeometry, crs: str, **options: Any) -> Path:
    """With columns `code` and `nom` that hold the same in each row."""
    pyogrio.raw.write(
        file,
        geometry=shapely.to_wkb(np.array(geometries, dtype=object)),
        field_data=[
            np.array([value] * len(geometries), dtype=object) for value in ("03001", "Bourg")
        ],
        fields=["code", "nom"],
        geometry_type="Polygon",
        crs=crs,
        **options,
    )
    return file
