"""The tables as a page, for people who watch: what a sync changed is seen by a reload."""

from html import escape
from typing import Any

from standins.airtable.base import BASE_NAME, Base
from standins.airtable.counters import Counters
from standins.airtable.fields import NUMBERS, Field
from standins.airtable.table import Table
from standins.airtable.text import text_of

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ margin: 1.5rem; font: 14px/1.4 system-ui, sans-serif; color: #1b1b1b; }}
h1 {{ font-size: 1.3rem; }}
h2 {{ font-size: 1.05rem; margin: 1.5rem 0 .4rem; }}
p {{ margin: .3rem 0; color: #555; }}
.scroll {{ max-height: 70vh; overflow: auto; border: 1px solid #ccc; }}
table {{ border-collapse: separate; border-spacing: 0; }}
th, td {{ padding: .25rem .6rem; border: 0 solid #ddd; border-width: 0 1px 1px 0; text-align: left;
  vertical-align: top; max-width: 22rem; overflow-wrap: break-word; }}
th {{ position: sticky; top: 0; background: #eef1f6; white-space: nowrap; z-index: 1; }}
tr > :first-child {{ position: sticky; left: 0; background: #eef1f6; }}
th:first-child {{ z-index: 2; }}
.number {{ text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>Reload to see what has changed. {counted}</p>
{tables}
</body>
</html>
"""
COUNTED = "Requests: {} reads, {} writes, {} refused."
TABLE = """<h2>{name} ({count})</h2>
<div class="scroll"><table>
<thead><tr>{head}</tr></thead>
<tbody>
{rows}
</tbody>
</table></div>
<p>{unused}</p>
"""


def page_of(base: Base, counters: Counters) -> str:
    with base.lock:
        tables = "".join(table_of(table) for table in base.tables)
    counted = COUNTED.format(counters.reads, counters.writes, counters.refusals)
    title = escape(f"{BASE_NAME} of Airtable")
    return PAGE.format(title=title, counted=counted, tables=tables)


def table_of(table: Table) -> str:
    """Columns that are empty everywhere are only named."""
    records = [record["fields"] for record in table.records]
    filled = {name for record in records for name in record}
    shown = [field for field in table.fields if field.name in filled]
    unused = [escape(field.name) for field in table.fields if field.name not in filled]
    return TABLE.format(
        name=escape(table.name),
        count=len(records),
        head="".join(f"<th>{escape(field.name)}</th>" for field in shown),
        rows="\n".join(row_of(record, shown) for record in records),
        unused=f"Empty columns: {', '.join(unused)}." if unused else "",
    )


def row_of(record: dict[str, Any], fields: list[Field]) -> str:
    cells = []
    for field in fields:
        text = escape(text_of(record.get(field.name, "")))
        cells.append(
            f'<td class="number">{text}</td>' if field.type in NUMBERS else f"<td>{text}</td>"
        )
    return f"<tr>{''.join(cells)}</tr>"
