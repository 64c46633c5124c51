"""What a column holds, by its name: whole words, so that “type” is no y and “plateforme” no lat."""

import re
from typing import Literal

from pro_eligibility.uploads.words import folded_name

Role = Literal["address", "number", "kind", "street", "postcode", "city", "x", "y", "xy"]

X_WORDS = {"lon", "lng", "long", "longitude", "longitudes", "x", "easting"}
Y_WORDS = {"lat", "latitude", "latitudes", "y", "northing"}
XY_WORDS = {
    "coordonnees",
    "coordonnee",
    "coordinates",
    "gps",
    "geolocalisation",
    "latlon",
    "latlng",
}
XY_NAME = re.compile(r"geo ?point.*|geo ?loc|position|point gps")
ADDRESS_WORDS = {"adresse", "adresses", "address", "addresses", "adr", "addr"}
ADDRESS_NAME = re.compile(r"localisation|location|lieu|emplacement|situation")
# An address of another sort, or a part that the geocoder does not know.
NOT_PLACES = {"mail", "email", "courriel", "ip", "mac", "web", "internet", "url"} | {
    "complement", "id", "identifiant", "code", "type",
}  # fmt: skip
NUMBER_NAME = re.compile(
    r"(?:numero|num|no|n|street number)(?: (?:de |dans )?(?:la )?(?:voie|rue))?"
)
KIND_NAME = re.compile(r"(?:type|nature) (?:de )?(?:la )?voie")
STREET_NAME = re.compile(r"(?:(?:nom|libelle|lib) (?:de )?(?:la )?)?(?:rue|voie)|street(?: name)?")
POSTCODE_NAME = re.compile(
    r"cp|(?:.* )?(?:code ?postal|codes postaux|postal code|post ?code|zip ?code|zip)(?: .*)?|cp .*"
)
CITY_WORDS = {"ville", "villes", "commune", "communes", "city", "town", "localite", "municipalite"}
# What says that a column is about a city, without being its name.
NOT_CITIES = {"code", "insee", "id", "departement", "region"}

# What stands beside them in names: words that link, and words that places are not called by.
LINKS = {"a", "au", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les"}
OTHER_WORDS = {
    "bien", "client", "code", "complete", "coord", "cp", "decimal", "degres", "emplacement", "geo",
    "insee", "lambert", "lib", "libelle", "lieu", "livraison", "loc", "localisation", "location",
    "n", "nature", "no", "nom", "num", "numero", "point", "position", "postal", "postale",
    "postcode", "rue", "site", "situation", "street", "type", "voie", "wgs", "wgs84", "zip",
    "2d", "84", "93", "2154", "4326",
}  # fmt: skip
NAME_WORDS = X_WORDS | Y_WORDS | XY_WORDS | ADDRESS_WORDS | CITY_WORDS | OTHER_WORDS


def role_of(name: str) -> Role | None:
    folded = folded_name(name)
    words = set(folded.split())
    if role := coordinate_role(folded, words):
        return role
    if POSTCODE_NAME.fullmatch(folded):
        return "postcode"
    if STREET_NAME.fullmatch(folded):
        return "street"
    if KIND_NAME.fullmatch(folded):
        return "kind"
    if NUMBER_NAME.fullmatch(folded):
        return "number"
    if (words & ADDRESS_WORDS and not words & NOT_PLACES) or ADDRESS_NAME.fullmatch(folded):
        return "address"
    if words & CITY_WORDS and not words & NOT_CITIES:
        return "city"
    return None


def is_plain(name: str) -> bool:
    """Whether most of its words are those of names: “ville du site”, not “Ville de Paris”."""
    words = [word for word in folded_name(name).split() if word not in LINKS]
    return 2 * sum(word in NAME_WORDS for word in words) > len(words)


def coordinate_role(folded: str, words: set[str]) -> Role | None:
    is_x, is_y = bool(words & X_WORDS), bool(words & Y_WORDS)
    if (is_x and is_y) or (words & XY_WORDS and not (is_x or is_y)) or XY_NAME.fullmatch(folded):
        return "xy"
    if is_x:
        return "x"
    return "y" if is_y else None
