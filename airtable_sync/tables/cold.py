"""The table of the cold networks: 24 columns of metadata."""

from airtable_sync.table import TableSync, all_theirs, ours, theirs
from airtable_sync.tables.heat import DELIVERIES
from airtable_sync.values import ATTACHMENTS, DAY, FLAG, JOINED, NUMBER, TEXT, WHOLE
from networks.kinds import COLD_NETWORKS as KIND

FIGURES = {
    "Taux EnR&R": "taux_enrr",
    "contenu CO2": "contenu_co2",
    "contenu CO2 ACV": "contenu_co2_acv",
    "Rend%": "rend_percent",
    "longueur_reseau": "longueur_reseau",
    "production_totale_MWh": "production_totale_mwh",
    "puissance_totale_MW": "puissance_totale_mw",
}

# No address is connected to one, so none of it matters to any.
COLD_NETWORKS = TableSync(
    name="reseaux-de-froid",
    title="FCU - Réseaux de froid",
    kind=KIND,
    columns=(
        ours("communes", "communes", JOINED),
        ours("departement", "departement", TEXT),
        ours("region", "region", TEXT),
        ours("has_trace", "has_trace", FLAG),
        ours("date_actualisation_trace", "geometry_changed_at", DAY),
        theirs("Identifiant reseau", "sncu", TEXT),
        theirs("nom_reseau", "name", TEXT),
        theirs("Gestionnaire", "manager", TEXT),
        theirs("MO", "owner", TEXT),
        theirs("website_gestionnaire", "manager_website", TEXT),
        theirs("informationsComplementaires", "further_information", TEXT),
        theirs("fichiers", "files", ATTACHMENTS),
        theirs("Moyenne-annee-DPE", "moyenne_annee_dpe", TEXT),
        theirs("reseaux classes", "is_classified", FLAG),
        theirs("annee_creation", "annee_creation", WHOLE),
        theirs("nb_pdl", "nb_pdl", WHOLE),
        *all_theirs(NUMBER, FIGURES),
        *all_theirs(NUMBER, DELIVERIES),
    ),
)
