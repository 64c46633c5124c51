"""The table of the networks under construction: 5 columns of metadata."""

from airtable_sync.table import TableSync, ours, theirs
from airtable_sync.values import DAY, FLAG, JOINED, TEXT
from networks.kinds import NETWORKS_UNDER_CONSTRUCTION as KIND

NETWORKS_UNDER_CONSTRUCTION = TableSync(
    name="reseaux-en-construction",
    title="FCU - Futurs réseaux de chaleur",
    kind=KIND,
    columns=(
        ours("communes", "communes", JOINED),
        ours("departement", "departement", TEXT),
        ours("region", "region", TEXT),
        ours("is_zone", "is_zone", FLAG),
        ours("date_actualisation_trace", "geometry_changed_at", DAY),
        theirs("nom_reseau", "name", TEXT, matters=True),
        theirs("ouvert_aux_raccordements", "open_to_connections", FLAG, matters=True),
        theirs("gestionnaire", "manager", TEXT),
        theirs("MO", "owner", TEXT),
        theirs("mise_en_service", "commissioning", TEXT),
    ),
)
