"""The buttons over the list: a dry run or a sync of one table in one direction."""

import pytest
from django.test import Client

from airtable_sync.payload import SyncTable
from jobs.models import Job
from tests.admin.conftest import said
from tests.airtable_sync.admin.conftest import LIST, page

TO_AIRTABLE = f"{LIST}sync/to_airtable/reseaux-de-chaleur/"
FROM_AIRTABLE = f"{LIST}sync/from_airtable/reseaux-de-froid/"
DRY_RUN = {"dry_run": "yes"}
THEN = "Its plan appears here once the job has made it; reload this page to see it."


def test_a_dry_run_is_enqueued_and_its_job_named(operator):
    response = operator.post(TO_AIRTABLE, DRY_RUN, follow=True)

    job = Job.objects.get()
    assert job.type == "sync_geometries_to_airtable"
    assert SyncTable(**job.data) == SyncTable(name="reseaux-de-chaleur", dry_run=True)
    assert job.user_id == operator.user.pk
    assert said(response) == [
        f"Job {job.pk} was enqueued: a dry run of reseaux-de-chaleur to Airtable. {THEN}"
    ]
    assert f'<a href="/admin/jobs/job/{job.pk}/change/">' in page(response)


def test_a_sync_is_enqueued_and_its_job_named(operator):
    response = operator.post(FROM_AIRTABLE, follow=True)

    job = Job.objects.get()
    assert job.type == "sync_metadata_from_airtable"
    assert SyncTable(**job.data) == SyncTable(name="reseaux-de-froid")
    assert said(response) == [
        f"Job {job.pk} was enqueued: a sync of reseaux-de-froid from Airtable. {THEN}"
    ]


def test_pressing_again_names_the_job_that_waits_already(operator):
    operator.post(TO_AIRTABLE)

    response = operator.post(TO_AIRTABLE, follow=True)

    assert str(Job.objects.get().pk) in said(response)[-1]


@pytest.mark.parametrize(
    ("verb", "dry_run", "sync"), [("add", 302, 403), ("apply", 403, 302), ("undo", 403, 403)]
)
def test_only_who_may_do_it_does_it(sign_in, verb, dry_run, sync):
    client = sign_in("view", verb)

    assert client.post(TO_AIRTABLE, DRY_RUN).status_code == dry_run
    assert client.post(TO_AIRTABLE).status_code == sync


def test_nothing_is_enqueued_by_looking(operator):
    assert operator.get(TO_AIRTABLE).status_code == 405
    assert not Job.objects.exists()


def test_nothing_is_enqueued_for_a_page_of_somebody_else(operator):
    client = Client(enforce_csrf_checks=True)
    client.force_login(operator.user)

    assert client.post(TO_AIRTABLE).status_code == 403
    assert not Job.objects.exists()


@pytest.mark.parametrize("what", ["to_airtable/reseaux-de-gaz", "sideways/reseaux-de-chaleur"])
def test_what_is_not_synced_is_not_found(operator, what):
    assert operator.post(f"{LIST}sync/{what}/").status_code == 404


@pytest.mark.usefixtures("not_configured")
def test_where_airtable_is_not_configured_nothing_is_enqueued(operator):
    response = operator.post(TO_AIRTABLE, follow=True)

    assert said(response) == [
        "Airtable is not configured: AIRTABLE_BASE not set. Set AIRTABLE_API_KEY to a personal "
        "access token and AIRTABLE_BASE to the id of the base, which begins with app; then run "
        "`manage.py airtable_check`."
    ]
    assert not Job.objects.exists()
