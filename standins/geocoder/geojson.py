"""The answer to a single question, as GeoJSON."""

from typing import Any

from standins.geocoder.index import Found


def collection(query: str, found: Found | None) -> dict[str, Any]:
    features = [feature(found)] if found else []
    return {"type": "FeatureCollection", "features": features, "query": query}


def feature(found: Found) -> dict[str, Any]:
    place = found.place
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [place.longitude, place.latitude]},
        "properties": {
            "id": place.id,
            "type": place.type,
            "label": place.label,
            "name": place.name,
            "postcode": place.postcode,
            "city": place.city,
            "citycode": place.citycode,
            "context": place.context,
            "score": found.score,
        },
    }
