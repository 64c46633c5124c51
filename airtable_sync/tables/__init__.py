"""The tables that are kept in step."""

from airtable_sync.table import TableSyncs
from airtable_sync.tables.cold import COLD_NETWORKS
from airtable_sync.tables.construction import NETWORKS_UNDER_CONSTRUCTION
from airtable_sync.tables.heat import HEAT_NETWORKS

TABLES = TableSyncs(HEAT_NETWORKS, COLD_NETWORKS, NETWORKS_UNDER_CONSTRUCTION)
