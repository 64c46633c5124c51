"""What is declared of each table, beside the columns that the original had."""

import pytest

from airtable_sync.checks import check_columns
from airtable_sync.errors import UnknownTable
from airtable_sync.table import Owner, TableSync
from airtable_sync.tables import TABLES
from airtable_sync.values import ATTACHMENTS, DAY, FLAG, JOINED, NUMBER, TEXT, WHOLE
from networks.models import ColdNetwork, HeatNetwork, NetworkUnderConstruction
from tests.airtable_sync.syncing import COLD, FUTURE, HEAT

EACH = pytest.mark.parametrize("table", TABLES.all(), ids=TABLES.names())
OURS, AIRTABLES = Owner.OURS, Owner.AIRTABLE


def columns(name: str, owner: Owner) -> list[str]:
    return [column.name for column in TABLES[name].owned_by(owner)]


@pytest.mark.parametrize(
    ("name", "title", "model"),
    [
        ("reseaux-de-chaleur", "FCU - Réseaux de chaleur", HeatNetwork),
        ("reseaux-de-froid", "FCU - Réseaux de froid", ColdNetwork),
        ("reseaux-en-construction", "FCU - Futurs réseaux de chaleur", NetworkUnderConstruction),
    ],
)
def test_a_table_pairs_a_model_with_one_of_airtable(name, title, model):
    assert (TABLES[name].title, TABLES[name].model) == (title, model)


def test_there_are_three():
    assert TABLES.names() == [HEAT, COLD, FUTURE]


def test_another_one_is_refused_by_name():
    with pytest.raises(UnknownTable) as unknown:
        TABLES["rivieres"]

    assert str(unknown.value) == (
        "No table 'rivieres' is synced; there are reseaux-de-chaleur, reseaux-de-froid, "
        "reseaux-en-construction."
    )


@pytest.mark.parametrize(("name", "count"), [(HEAT, 70), (COLD, 24), (FUTURE, 5)])
def test_metadata_have_all_the_columns_of_the_original(name, count):
    # It took has_PDP for metadata too, though it sent it to Airtable.
    of_the_original = set(columns(name, AIRTABLES)) | ({"has_PDP"} & set(columns(name, OURS)))

    assert len(of_the_original) == count


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            HEAT,
            [
                "communes",
                "departement",
                "region",
                "has_trace",
                "date_actualisation_trace",
                "has_PDP",
                "date_actualisation_pdp",
            ],
        ),
        (COLD, ["communes", "departement", "region", "has_trace", "date_actualisation_trace"]),
        (FUTURE, ["communes", "departement", "region", "is_zone", "date_actualisation_trace"]),
    ],
)
def test_what_follows_from_geometries_is_ours(name, expected):
    assert columns(name, OURS) == expected


@pytest.mark.parametrize(
    ("name", "column", "field", "value"),
    [
        (HEAT, "Identifiant reseau", "sncu", TEXT),
        (HEAT, "nom_reseau", "name", TEXT),
        (HEAT, "Gestionnaire", "manager", TEXT),
        (HEAT, "MO", "owner", TEXT),
        (HEAT, "informationsComplementaires", "further_information", TEXT),
        (HEAT, "fichiers", "files", ATTACHMENTS),
        (HEAT, "Moyenne-annee-DPE", "moyenne_annee_dpe", TEXT),
        (HEAT, "ouvert_aux_raccordements", "open_to_connections", FLAG),
        (HEAT, "reseaux classes", "is_classified", FLAG),
        (HEAT, "reseaux_techniques", "is_technical", FLAG),
        (HEAT, "Taux EnR&R", "taux_enrr", NUMBER),
        (HEAT, "contenu CO2", "contenu_co2", NUMBER),
        (HEAT, "contenu CO2 ACV", "contenu_co2_acv", NUMBER),
        (HEAT, "PM_L", "pm_l", NUMBER),
        (HEAT, "PV%", "pv_percent", NUMBER),
        (HEAT, "Rend%", "rend_percent", NUMBER),
        (HEAT, "Dev_reseau%", "dev_reseau_percent", NUMBER),
        (HEAT, "annee_creation", "annee_creation", WHOLE),
        (HEAT, "nb_pdl", "nb_pdl", WHOLE),
        (HEAT, "eau_surchauffee", "eau_surchauffee", TEXT),
        (HEAT, "livraisons_residentiel_MWh", "livraisons_residentiel_mwh", NUMBER),
        (HEAT, "production_totale_MWh", "production_totale_mwh", NUMBER),
        (HEAT, "prod_MWh_GPL", "prod_mwh_gpl", NUMBER),
        (HEAT, "prod_MWh_chaleur_industiel", "prod_mwh_chaleur_industrielle", NUMBER),
        (HEAT, "puissance_MW_autres_ENR", "puissance_mw_autres_enr", NUMBER),
        (HEAT, "communes", "communes", JOINED),
        (HEAT, "date_actualisation_pdp", "pdp_changed_at", DAY),
        (COLD, "Identifiant reseau", "sncu", TEXT),
        (COLD, "livraisons_totale_MWh", "livraisons_totale_mwh", NUMBER),
        (COLD, "reseaux classes", "is_classified", FLAG),
        (FUTURE, "gestionnaire", "manager", TEXT),
        (FUTURE, "mise_en_service", "commissioning", TEXT),
        (FUTURE, "is_zone", "is_zone", FLAG),
    ],
)
def test_a_column_goes_with_a_field(name, column, field, value):
    declared = TABLES[name].by_name[column]

    assert (declared.field, declared.value) == (field, value)


@pytest.mark.parametrize("before", ["prod_MWh_", "puissance_MW_"])
def test_heat_is_told_by_17_energies(before):
    assert sum(name.startswith(before) for name in columns(HEAT, AIRTABLES)) == 17


@pytest.mark.parametrize("name", [HEAT, COLD])
def test_what_is_delivered_is_told_by_6_kinds_of_customer(name):
    assert sum(column.startswith("livraisons_") for column in columns(name, AIRTABLES)) == 6


@EACH
def test_each_column_has_one_owner_and_each_field_one_column(table: TableSync):
    names = [column.name for column in table.columns]
    fields = [column.field for column in table.columns]

    assert len(names) == len(set(names))
    assert len(fields) == len(set(fields))
    assert "id_fcu" not in names


def test_each_column_has_a_field():
    assert list(check_columns()) == []


@EACH
def test_a_field_takes_what_its_column_has_when_it_is_blank(table: TableSync):
    for column in table.owned_by(AIRTABLES):
        field = table.field(column)
        blank = column.value.value(column.value.normal(None))
        # A network in service has a number, always.
        if column.name != "Identifiant reseau":
            field.clean(blank, None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            HEAT,
            {
                "Identifiant reseau",
                "nom_reseau",
                "ouvert_aux_raccordements",
                "Taux EnR&R",
                "contenu CO2 ACV",
            },
        ),
        # No address is connected to one.
        (COLD, set()),
        (FUTURE, {"nom_reseau", "ouvert_aux_raccordements"}),
    ],
)
def test_what_the_answers_to_addresses_hold_matters_to_them(name, expected):
    assert {column.name for column in TABLES[name].columns if column.matters} == expected
