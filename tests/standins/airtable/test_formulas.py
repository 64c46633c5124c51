"""`filterByFormula` (point 5)."""

import pytest

from tests.standins.airtable.world import HEAT, fields_of


@pytest.fixture
def found(table, ask):
    """The keys of the networks that a formula lets through."""
    table.add({"id_fcu": 1, "Gestionnaire": "Énergie d'ici", "has_PDP": True, "Taux EnR&R": 0.6})
    table.add({"id_fcu": 2, "Gestionnaire": 'dit "Deux"', "Taux EnR&R": 0.5})
    table.add({"id_fcu": 3, "informations": "a\\b"})

    def found(formula):
        answer = ask("GET", HEAT, params={"filterByFormula": formula})
        return [fields["id_fcu"] for fields in fields_of(answer)]

    return found


@pytest.mark.parametrize(
    ("formula", "keys"),
    [
        ("{id_fcu}=2", [2]),
        ("id_fcu = 2", [2]),
        ("({id_fcu}) = (2)", [2]),
        ("2={id_fcu}", [2]),
        ("{id_fcu}!=2", [1, 3]),
        ("{id_fcu}>=2", [2, 3]),
        ("{id_fcu}<2", [1]),
        ("{Taux EnR&R}>0.5", [1]),
        ("{Taux EnR&R}<=0.5", [2]),
        (r"{Gestionnaire}='Énergie d\'ici'", [1]),
        ('{Gestionnaire}="Énergie d\'ici"', [1]),
        (r'{Gestionnaire}="dit \"Deux\""', [2]),
        (r"{informations}='a\\b'", [3]),
        ("{Gestionnaire}=''", [3]),
        ("{Gestionnaire}=BLANK()", [3]),
        ("{Taux EnR&R}=0", [3]),
        ("{has_PDP}", [1]),
        ("{has_PDP}=TRUE()", [1]),
        ("NOT({has_PDP})", [2, 3]),
        ("{has_PDP}=FALSE()", [2, 3]),
        ("AND({id_fcu}>1, {id_fcu}<3)", [2]),
        ("or({id_fcu}=1, NOT({id_fcu}!=3))", [1, 3]),
        ("{Gestionnaire}>1", []),
    ],
)
def test_a_formula_lets_records_through(found, formula, keys):
    assert found(formula) == keys


def test_a_record_may_be_asked_for_by_its_id(table, found):
    assert found(f"RECORD_ID()='{table.records[1]['id']}'") == [2]


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("{Nom}=1", "Unknown field names: nom"),
        ("{id_fcu}=", "It ends too early."),
        ("{id_fcu}=1 2", "2 is not expected."),
        ("=1", "= is not expected."),
        ("AND({id_fcu}=1", "It ends too early."),
        ("AND({id_fcu}=1 {id_fcu}=2)", ", is missing."),
        ("{id_fcu}%2", "Please check your formula text."),
        ("SEARCH('a', {Gestionnaire})", "SEARCH with 2 arguments is not known."),
    ],
)
def test_a_formula_that_is_not_understood_is_refused(ask, formula, reason):
    answer = ask("GET", HEAT, params={"filterByFormula": formula})

    assert answer.status_code == 422
    assert answer.json() == {
        "error": {
            "type": "INVALID_FILTER_BY_FORMULA",
            "message": f"The formula for filtering records is invalid: {reason}",
        }
    }
