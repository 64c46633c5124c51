"""Which place the stand-in takes an address for."""

import pytest

from tests.standins.addresses import (
    DUKAS,
    DUKAS_LABEL,
    GAMBETTA,
    GAMBETTA_LABEL,
    NONSENSE,
    gas_addresses,
    index,
)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (DUKAS, DUKAS_LABEL),
        ("15, allée Paul-Dukas 95200 Sarcelles", DUKAS_LABEL),
        ("15 all paul dukas sarcelles", DUKAS_LABEL),
        ("Résidence du Parc, 15 allée Paul Dukas, Sarcelles", DUKAS_LABEL),
        (GAMBETTA, GAMBETTA_LABEL),
        ("75 bis rue Gambetta Villiers-le-Bel", GAMBETTA_LABEL),
        ("18 r de la gerbe d’or vaureal", "18 Rue de la Gerbe d’Or 95490 Vauréal"),
        ("4 PLACE DES 9 ARPENTS VILLIERS LE BEL", "4 Place des 9 Arpents 95400 Villiers-le-Bel"),
        ("69-73 r de l'assomption 75016 PARIS", "69 Rue de l’Assomption 75016 Paris"),
        ("allee paul dukas sarcelles", "Allée Paul Dukas 95200 Sarcelles"),
        ("Sarcelles", "Sarcelles"),
    ],
)
def test_an_address_is_known_however_it_is_written(text, label):
    found = index().search(text)

    # The register of condominiums writes its streets without typographic apostrophes.
    assert found.place.label.replace("'", "’") == label


def test_a_number_that_is_not_known_gives_the_street_with_a_lower_score():
    known, unknown = index().search(DUKAS), index().search(DUKAS.replace("15", "999"))

    assert (unknown.place.label, unknown.place.type) == (
        "Allée Paul Dukas 95200 Sarcelles",
        "street",
    )
    assert 0 < unknown.score < known.score <= 1


def test_what_shares_no_words_is_not_found():
    assert index().search(NONSENSE) is None


def test_nonsense_that_names_a_town_is_found_with_a_low_score():
    found = index().search(f"{NONSENSE} Sarcelles")

    assert found.place.label == "Sarcelles"
    assert found.score < 0.5


def test_nearly_all_gas_addresses_get_the_label_of_the_national_base():
    """427 of 434; the others are wrong matches of the base itself, with scores under 0.5."""
    wrong = [
        float(row["expected_score"])
        for row in gas_addresses()
        if (found := index().search(f"{row['address']} {row['commune']}")) is None
        or found.place.label != row["expected_label"]
    ]

    assert len(gas_addresses()) == 434
    assert len(wrong) == 7
    assert max(wrong) < 0.5


def test_the_nearest_address_to_a_point_is_found():
    found = index().reverse(2.372514, 48.974443)

    assert (found.place.label, found.score, found.distance) == (DUKAS_LABEL, 1.0, 0)


def test_the_score_falls_with_the_distance():
    found = index().reverse(2.372514, 48.974443 + 5 / 111_320)

    assert (found.distance, found.score) == (5, 0.99)


def test_nothing_is_found_farther_away_than_500_metres():
    assert index().reverse(2.0, 48.2) is None
