"""The statements that move many rows at once; everything else speaks through the ORM."""

# read_rows: the rows of a file, as they are in it.
COPY_ROWS = """
COPY eligibility_test_rows
    (test_id, number, cells, query, query_key, state, reason, facts, x, y, label, citycode)
FROM STDIN
"""

# read_rows: of the rows about one place the first is asked about; the others share its result.
MARK_DUPLICATES = """
UPDATE eligibility_test_rows
SET state = 'duplicate', reason = 'duplicate', duplicate_of_id = found.first,
    facts = jsonb_build_object('row', found.first_number)
FROM (
    SELECT id, first_value(id) OVER place AS first, first_value(number) OVER place AS first_number
    FROM eligibility_test_rows
    WHERE test_id = %(test)s AND state = 'waiting'
    WINDOW place AS (PARTITION BY query_key, x, y ORDER BY number)
) AS found
WHERE eligibility_test_rows.id = found.id AND found.id <> found.first
"""

# read_rows: before MARK_DUPLICATES. Where the table was analyzed while it was empty, the planner
# takes the rows that were just copied for one, and would read all of them for each.
BY_INDEX = "SET LOCAL enable_seqscan = off"

# geocode: before REUSE, which has several indexes to choose from, and no reason without this.
ANALYZE = "ANALYZE eligibility_test_rows"

# geocode: what was located a short while ago, in any test, is not asked about again. Row by row
# through the index of known addresses: the rows were copied a moment ago, and with statistics of
# before that, a join of all with all looks cheap to the planner.
REUSE = """
UPDATE eligibility_test_rows
SET state = 'located', reason = 'located', facts = known.facts, x = known.x, y = known.y,
    label = known.label, score = known.score, citycode = known.citycode,
    geocoded_at = known.geocoded_at
FROM (
    SELECT asked.id AS asked_id, last.*
    FROM eligibility_test_rows AS asked
    CROSS JOIN LATERAL (
        SELECT facts, x, y, label, score, citycode, geocoded_at
        FROM eligibility_test_rows AS located
        WHERE located.query_key = asked.query_key AND located.query_key <> ''
            AND located.state = 'located' AND located.geocoded_at > now() - %(reuse)s
        ORDER BY located.geocoded_at DESC
        LIMIT 1
    ) AS last
    WHERE asked.test_id = %(test)s AND asked.state = 'waiting'
) AS known
WHERE eligibility_test_rows.id = known.asked_id
"""

# geocode: the answers to one request; a row that is not waiting any more is left alone.
KEEP_ANSWERS = """
UPDATE eligibility_test_rows
SET state = answer.state, reason = answer.reason, facts = answer.facts, x = answer.x,
    y = answer.y, label = answer.label, score = answer.score, citycode = answer.citycode,
    geocoded_at = now()
FROM unnest(
    %s::bigint[], %s::text[], %s::text[], %s::jsonb[], %s::float8[], %s::float8[],
    %s::text[], %s::smallint[], %s::text[]
) AS answer (id, state, reason, facts, x, y, label, score, citycode)
WHERE eligibility_test_rows.id = answer.id AND eligibility_test_rows.state = 'waiting'
"""

# assess: entries of the history, each of which becomes the last of its row.
ADD_ASSESSMENTS = """
WITH added AS (
    INSERT INTO eligibility_assessments
        (row_id, job_id, data_version, rules_version, transition, type, eligible, distance,
         network_kind, id_fcu, sncu, network_name, taux_enrr, contenu_co2_acv, commune_insee,
         commune, departement, region)
    SELECT row_id, %s::uuid, %s, %s, transition, type, eligible, distance, network_kind, id_fcu,
        sncu, network_name, taux_enrr, contenu_co2_acv, commune_insee, commune, departement, region
    FROM unnest(
        %s::bigint[], %s::text[], %s::text[], %s::bool[], %s::int[], %s::text[], %s::int[],
        %s::text[], %s::text[], %s::float8[], %s::float8[], %s::text[], %s::text[], %s::text[],
        %s::text[]
    ) AS entry (row_id, transition, type, eligible, distance, network_kind, id_fcu, sncu,
        network_name, taux_enrr, contenu_co2_acv, commune_insee, commune, departement, region)
    RETURNING id, row_id
)
UPDATE eligibility_test_rows SET assessment_id = added.id
FROM added WHERE eligibility_test_rows.id = added.row_id AND eligibility_test_rows.test_id = %s
"""

# recheck: the tests that have an address in one of the boxes (Lambert-93, metres). Test by test,
# through the index of places, so that it costs no more than the tests there are.
TESTS_IN_BOXES = """
SELECT id FROM eligibility_tests
WHERE deleted_at IS NULL AND EXISTS (
    SELECT FROM unnest(%s::float8[], %s::float8[], %s::float8[], %s::float8[])
        AS box (west, south, east, north)
    JOIN eligibility_test_rows ON test_id = eligibility_tests.id AND state = 'located'
        AND x BETWEEN west AND east AND y BETWEEN south AND north
)
ORDER BY id
"""

# recheck: the rows of a test that are in one of the boxes.
ROWS_IN_BOXES = """
SELECT eligibility_test_rows.id
FROM unnest(%s::float8[], %s::float8[], %s::float8[], %s::float8[])
    AS box (west, south, east, north)
JOIN eligibility_test_rows ON state = 'located' AND x BETWEEN west AND east
    AND y BETWEEN south AND north
WHERE test_id = %s
"""

# tile_source: each place that is sure enough for its test, with what was last said of it.
TESTED_PLACES = """
SELECT min(place.id), place.x, place.y, min(place.label),
    (array_agg(assessment.type ORDER BY assessment.id DESC))[1],
    (array_agg(assessment.eligible ORDER BY assessment.id DESC))[1],
    jsonb_agg(DISTINCT jsonb_build_object('id', test.id, 'name', test.name))
FROM eligibility_test_rows AS place
JOIN eligibility_tests AS test ON test.id = place.test_id
JOIN eligibility_assessments AS assessment ON assessment.id = place.assessment_id
WHERE place.state = 'located' AND test.deleted_at IS NULL
    AND (place.score IS NULL OR place.score >= test.score_threshold)
GROUP BY place.x, place.y
"""

# EligibilityTest.purge: all that is known of its addresses, in the order of the references.
PURGE = (
    "DELETE FROM eligibility_assessments USING eligibility_test_rows"
    " WHERE eligibility_assessments.row_id = eligibility_test_rows.id AND test_id = %s",
    "DELETE FROM eligibility_test_rows WHERE test_id = %s",
    "DELETE FROM eligibility_test_uploads WHERE test_id = %s",
)
