"""Which addresses are nearest to places."""

from pro_eligibility.geocoding.client import Answer, Place
from standins.geocoder import GeocoderStandin
from tests.standins.addresses import DUKAS_LABEL, index

HERE = Place(4, 2.37252, 48.97445)
NOWHERE = Place(3, 2.0, 48.2)


def test_a_place_is_answered_with_the_nearest_address(geocoder):
    (answer,) = geocoder.reverse([HERE])

    assert (answer.id, answer.found, answer.label) == (4, True, DUKAS_LABEL)
    assert (answer.score, answer.citycode) == (100, "95585")


def test_a_place_keeps_its_coordinates(geocoder):
    (answer,) = geocoder.reverse([HERE])

    assert (answer.longitude, answer.latitude) == (2.37252, 48.97445)


def test_a_place_far_from_any_address_is_not_found(geocoder):
    nowhere, here = geocoder.reverse([NOWHERE, HERE])

    assert nowhere == Answer(3, False)
    assert here.label == DUKAS_LABEL


def test_a_bare_addok_is_understood(geocoder_at):
    with GeocoderStandin(index(), bare=True) as addok:
        nowhere, here = geocoder_at(addok.url).reverse([NOWHERE, HERE])

    assert (nowhere.found, here.found, here.label) == (False, True, DUKAS_LABEL)


def test_one_call_is_one_request(standin, geocoder):
    geocoder.reverse([HERE, NOWHERE])

    assert (standin.counters.requests, standin.counters.rows) == (1, 2)
