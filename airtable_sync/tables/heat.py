"""The table of the heat networks: 69 columns of metadata, and what follows from geometries."""

from airtable_sync.table import TableSync, all_theirs, ours, theirs
from airtable_sync.values import ATTACHMENTS, DAY, FLAG, JOINED, NUMBER, TEXT, WHOLE
from networks.kinds import ENERGIES
from networks.kinds import HEAT_NETWORKS as KIND

DELIVERIES = {
    f"livraisons_{to}_MWh": f"livraisons_{to}_mwh"
    for to in ("agriculture", "autre", "industrie", "residentiel", "tertiaire", "totale")
}
FIGURES = {
    "contenu CO2": "contenu_co2",
    "PM": "pm",
    "PM_L": "pm_l",
    "PM_T": "pm_t",
    "PV%": "pv_percent",
    "PF%": "pf_percent",
    "Rend%": "rend_percent",
    "Dev_reseau%": "dev_reseau_percent",
    "longueur_reseau": "longueur_reseau",
}

HEAT_NETWORKS = TableSync(
    name="reseaux-de-chaleur",
    title="FCU - Réseaux de chaleur",
    kind=KIND,
    columns=(
        ours("communes", "communes", JOINED),
        ours("departement", "departement", TEXT),
        ours("region", "region", TEXT),
        ours("has_trace", "has_trace", FLAG),
        ours("date_actualisation_trace", "geometry_changed_at", DAY),
        # The original let it flow both ways; it follows from the perimeters.
        ours("has_PDP", "has_pdp", FLAG),
        ours("date_actualisation_pdp", "pdp_changed_at", DAY),
        theirs("Identifiant reseau", "sncu", TEXT, matters=True),
        theirs("nom_reseau", "name", TEXT, matters=True),
        theirs("ouvert_aux_raccordements", "open_to_connections", FLAG, matters=True),
        theirs("Taux EnR&R", "taux_enrr", NUMBER, matters=True),
        theirs("contenu CO2 ACV", "contenu_co2_acv", NUMBER, matters=True),
        theirs("Gestionnaire", "manager", TEXT),
        theirs("MO", "owner", TEXT),
        theirs("website_gestionnaire", "manager_website", TEXT),
        theirs("informationsComplementaires", "further_information", TEXT),
        theirs("fichiers", "files", ATTACHMENTS),
        theirs("Moyenne-annee-DPE", "moyenne_annee_dpe", TEXT),
        theirs("reseaux classes", "is_classified", FLAG),
        theirs("reseaux_techniques", "is_technical", FLAG),
        theirs("annee_creation", "annee_creation", WHOLE),
        theirs("nb_pdl", "nb_pdl", WHOLE),
        *all_theirs(TEXT, {name: name for name in ("eau_chaude", "eau_surchauffee", "vapeur")}),
        *all_theirs(NUMBER, FIGURES),
        *all_theirs(NUMBER, DELIVERIES),
        theirs("production_totale_MWh", "production_totale_mwh", NUMBER),
        *all_theirs(NUMBER, {f"prod_MWh_{a}": f"prod_mwh_{b}" for a, b in ENERGIES.items()}),
        theirs("puissance_totale_MW", "puissance_totale_mw", NUMBER),
        *all_theirs(
            NUMBER, {f"puissance_MW_{a}": f"puissance_mw_{b}" for a, b in ENERGIES.items()}
        ),
    ),
)
