"""What a key may do, and what is in its base."""

import pytest

from airtable_sync.client import Table
from tests.airtable_sync.client.world import TABLE

pytestmark = pytest.mark.django_db


def test_whose_key_it_is_and_for_what(standin, airtable):
    standin.scopes = {"schema.bases:read"}

    who = airtable.whoami()

    assert who["id"].startswith("usr")
    assert who["scopes"] == ["schema.bases:read"]


@pytest.mark.parametrize("level", ["read", "edit", "create"])
def test_what_the_key_may_do_with_the_base(standin, airtable, level):
    standin.grant(level)

    assert airtable.permission() == level


def test_a_base_that_the_key_is_not_for_has_no_permission(standin, airtable):
    standin.grant(None)

    assert airtable.permission() is None


def test_the_tables_with_their_fields(airtable):
    assert airtable.schema() == [
        Table(
            TABLE,
            [("id_fcu", "number"), ("nom_reseau", "singleLineText"), ("has_trace", "checkbox")],
        )
    ]


def test_what_was_changed_meanwhile_is_seen(standin, airtable):
    airtable.schema()
    airtable.permission()
    standin.table(TABLE).rename_field("nom_reseau", "Nom")
    standin.grant("read")

    ((_, fields),) = airtable.schema()

    assert [field.name for field in fields] == ["id_fcu", "Nom", "has_trace"]
    assert airtable.permission() == "read"
