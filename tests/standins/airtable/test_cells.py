"""What each type of field takes, as it is and with `typecast` (points 13, 14)."""

import pytest

from tests.standins.airtable.world import HEAT, invalid_value

FILE = {"url": "https://example.org/plan.pdf"}
TEXTS = ["Gestionnaire", "informations", "site", "contact"]
NUMBERS = ["id_fcu", "Taux EnR&R", "prix"]


@pytest.fixture
def write(ask):
    """The cell that a value becomes, or the refusal."""

    def write(name, value, **options):
        answer = ask("POST", HEAT, json={"fields": {name: value}} | options)
        if answer.status_code == 200:
            return answer.json()["fields"].get(name)
        assert answer.status_code == 422
        return answer.json()

    return write


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "é\nx") for name in TEXTS),
        *((name, value) for name in NUMBERS for value in (0, -3, 0.25)),
        ("has_PDP", True),
        ("date_trace", "2026-02-28"),
        ("énergie", "gaz"),
        ("communes", ["Lomme", "Lille"]),
    ],
)
def test_a_value_of_the_right_type_is_kept(write, name, value):
    assert write(name, value) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, value) for name in TEXTS for value in (1, True, ["a"], {})),
        *((name, value) for name in NUMBERS for value in ("1", True, [1], {"error": "#ERROR!"})),
        *(("has_PDP", value) for value in (1, "true", [])),
        *(("date_trace", value) for value in ("2026-02-30", "20260228", "28/02/2026", 2026)),
        ("date_trace", "2026-02-28T00:00:00Z"),
        *(("vu_le", value) for value in ("today", "20260228T101112", 5)),
        *(("énergie", value) for value in (1, ["gaz"])),
        *(("communes", value) for value in ("Lille", [1])),
        *(("fichiers", value) for value in (FILE["url"], FILE, [FILE["url"]], [{}])),
        ("fichiers", [{"url": "plan.pdf"}]),
        ("fichiers", [FILE | {"filename": 1}]),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_by_the_name_of_its_field(table, write, name, value):
    assert write(name, value) == invalid_value(name)
    assert table.records == []


def test_a_whole_number_comes_back_without_a_point(write):
    assert repr(write("prix", 12.0)) == "12"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-02-28T10:11:12.500Z", "2026-02-28T10:11:12.500Z"),
        ("2026-02-28T10:11:12+02:00", "2026-02-28T08:11:12.000Z"),
        ("2026-02-28T10:11", "2026-02-28T10:11:00.000Z"),
        ("2026-02-28", "2026-02-28T00:00:00.000Z"),
    ],
)
def test_a_time_is_answered_in_utc(write, written, read):
    assert write("vu_le", written) == read


@pytest.mark.parametrize("typecast", [False, True])
@pytest.mark.parametrize("value", [1, None])
def test_a_computed_field_is_not_written(table, write, value, typecast):
    assert write("calcul", value, typecast=typecast) == {
        "error": {
            "type": "INVALID_VALUE_FOR_COLUMN",
            "message": 'Field "calcul" cannot accept a value because the field is computed',
        }
    }
    assert table.records == []


@pytest.mark.parametrize(
    ("name", "value"), [("énergie", "fioul"), ("communes", ["Lille", "fioul"])]
)
def test_an_option_that_does_not_exist_is_refused(table, write, name, value):
    assert write(name, value) == {
        "error": {
            "type": "INVALID_MULTIPLE_CHOICE_OPTIONS",
            "message": 'Insufficient permissions to create new select option ""fioul""',
        }
    }
    assert table.records == []


@pytest.mark.parametrize(
    ("name", "value", "cell"),
    [
        ("Gestionnaire", 7, "7"),
        ("Gestionnaire", True, "true"),
        ("Gestionnaire", ["a", 1], "a, 1"),
        ("id_fcu", "12", 12),
        ("prix", "1 234,5", 1234.5),
        ("Taux EnR&R", "62,5 %", 0.625),
        ("has_PDP", "true", True),
        ("has_PDP", "no", None),
        ("has_PDP", 1, True),
        ("date_trace", "2026-02-28T23:00:00Z", "2026-02-28"),
        ("date_trace", "28/02/2026", "2026-02-28"),
        ("énergie", "fioul", "fioul"),
        ("énergie", 4, "4"),
        ("communes", "Lille, Loos", ["Lille", "Loos"]),
        ("communes", ["Loos"], ["Loos"]),
    ],
)
def test_a_value_may_be_converted(write, name, value, cell):
    assert write(name, value, typecast=True) == cell


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id_fcu", "twelve"),
        ("id_fcu", "nan"),
        ("has_PDP", "perhaps"),
        ("date_trace", "30/02/2026"),
        ("vu_le", "soon"),
        ("communes", 5),
        ("Gestionnaire", {}),
    ],
)
def test_what_cannot_be_converted_is_refused(write, name, value):
    assert write(name, value, typecast=True) == invalid_value(name)


def test_a_new_option_exists_from_then_on(table, write):
    write("énergie", "fioul", typecast=True)

    assert write("énergie", "fioul") == "fioul"
    assert [choice["name"] for choice in table.described()["fields"][10]["options"]["choices"]] == [
        "bois",
        "gaz",
        "fioul",
    ]


def test_a_batch_that_is_refused_leaves_no_new_option(table, ask):
    records = [{"fields": {"énergie": "fioul"}}, {"fields": {"id_fcu": "x"}}]

    ask("POST", HEAT, json={"records": records, "typecast": True})

    assert table.field("énergie").choices == ["bois", "gaz"]
