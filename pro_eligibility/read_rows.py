"""The rows of an uploaded file become rows of the database: as many as there are, all or none."""

from django.db import connection
from django.db.models.functions import Now
from psycopg.types.json import Jsonb

from pro_eligibility import sql
from pro_eligibility.models import EligibilityTest
from pro_eligibility.uploads.rows import ParsedRow, parsed_rows


def read_rows(test: EligibilityTest) -> None:
    """Unless it was done before, by a run that was interrupted later."""
    with test.changing() as test:
        if test.read_at:
            return
        count = copy_rows(test)
        with connection.cursor() as cursor:
            cursor.execute(sql.BY_INDEX)
            cursor.execute(sql.MARK_DUPLICATES, {"test": test.pk})
        test.read_at, test.row_count = Now(), count
        test.save(update_fields=["read_at", "row_count"])


def copy_rows(test: EligibilityTest) -> int:
    # Read before: the connection takes no other statement during a COPY.
    rows, number = parsed_rows(bytes(test.upload.content), test.layout), 0
    with connection.cursor() as cursor, cursor.copy(sql.COPY_ROWS) as copy:
        for row in rows:
            copy.write_row(columns(test, row))
            number = row.number
    return number


def columns(test: EligibilityTest, row: ParsedRow) -> tuple[object, ...]:
    """The values of sql.COPY_ROWS."""
    return (
        test.pk,
        row.number,
        Jsonb(row.cells),
        row.query,
        row.query_key,
        str(row.state),
        str(row.reason),
        Jsonb(row.facts),
        row.x,
        row.y,
        "",
        "",
    )
