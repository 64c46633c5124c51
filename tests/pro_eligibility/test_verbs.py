"""What people can do with a test: start, cancel, delete, purge, read otherwise."""

import pytest
from django.db import connection

from jobs.models import Job
from pro_eligibility.errors import AlreadyRead, AlreadyRunning, Discarded, NotRunning, Purged
from pro_eligibility.models import AddressRow, Assessment, EligibilityTest, Upload
from pro_eligibility.uploads.errors import LayoutRefused, UploadRefused
from tests.factories import UserFactory
from tests.pro_eligibility.factories import (
    AddressRowFactory,
    AssessmentFactory,
    EligibilityTestFactory,
)

pytestmark = pytest.mark.django_db


def end_job(test, status, **fields):
    Job.objects.filter(pk=test.job_id).update(status=status, finished_at=test.created_at, **fields)
    test.refresh_from_db()


def test_a_refused_file_leaves_nothing_behind(owner):
    with pytest.raises(UploadRefused):
        EligibilityTest.objects.upload(owner, filename="a.csv", content=b"")

    assert not EligibilityTest.objects.exists()
    assert not Upload.objects.exists()


def test_an_upload_is_a_draft_that_remembers_the_file(upload):
    test = upload("adresse", "1 rue de la Paix")

    assert (test.stage, test.row_count, test.columns) == ("draft", 1, ["adresse"])
    assert bytes(test.upload.content) == b"adresse\n1 rue de la Paix"


def test_the_name_is_that_of_the_file_unless_one_is_given(upload):
    assert upload("adresse", "1 rue de la Paix").name == "a.csv"
    assert upload("adresse", "1 rue de la Paix", name="Mairie").name == "Mairie"


def test_a_start_enqueues_a_job_that_belongs_to_the_owner():
    test = EligibilityTestFactory()

    job = test.start()

    assert (job.type, job.data, job.entity_id) == (
        "pro_eligibility_test",
        {"test_id": str(test.pk)},
        test.pk,
    )
    assert job.user_id == test.user_id
    assert test.stage == "waiting"


def test_a_test_that_runs_cannot_be_started_again():
    test = EligibilityTestFactory()
    test.start()

    with pytest.raises(AlreadyRunning, match="is running: wait until it ends, or cancel it"):
        test.start()

    assert Job.objects.count() == 1


def test_a_start_that_read_the_test_before_another_began_is_refused_too():
    test = EligibilityTestFactory()
    stale = EligibilityTest.objects.get()
    test.start()

    with pytest.raises(AlreadyRunning):
        stale.start()


def test_a_failed_test_can_be_started_again():
    test = EligibilityTestFactory()
    test.start()
    end_job(test, "error", error={"kind": "exception", "message": "no", "traceback": ""})
    assert test.stage == "failed"

    test.start()

    assert Job.objects.count() == 2


def test_a_cancelled_test_has_failed_and_says_so():
    test = EligibilityTestFactory()
    test.start()

    test.cancel()

    test.refresh_from_db()
    assert (test.stage, test.job.error["kind"]) == ("failed", "cancelled")


@pytest.mark.parametrize("started", [False, True])
def test_what_does_not_run_cannot_be_cancelled(started):
    test = EligibilityTestFactory()
    if started:
        test.start()
        end_job(test, "finished")

    with pytest.raises(NotRunning, match="is not running, so there is nothing to cancel"):
        test.cancel()


def test_a_deleted_test_is_out_of_sight_its_job_ended_and_its_rows_kept():
    test = AddressRowFactory().test
    job = test.start()

    test.delete_softly()

    assert not EligibilityTest.objects.visible_to(test.user).exists()
    assert Job.objects.get(pk=job.pk).error["kind"] == "cancelled"
    assert AddressRow.objects.count() == 1


def test_a_test_whose_job_ends_at_that_moment_is_deleted_all_the_same(monkeypatch):
    test = EligibilityTestFactory()
    test.start()
    end_job(test, "finished")
    monkeypatch.setattr(EligibilityTest, "is_active", True)

    test.delete_softly()

    assert not EligibilityTest.objects.present().exists()


def test_a_deleted_test_leaves_the_map():
    """D-2.13"""
    EligibilityTestFactory().delete_softly()

    assert Job.objects.get(type="build_tiles").data == {"name": "tests-adresses"}


def test_a_deleted_test_cannot_be_started():
    test = EligibilityTestFactory()
    test.delete_softly()

    with pytest.raises(Discarded):
        test.start()


def test_a_purge_removes_addresses_results_and_file_of_this_test_alone():
    kept = AssessmentFactory().row
    test = AssessmentFactory(row__number=7).row.test
    AddressRowFactory(test=test, state="duplicate", duplicate_of=test.rows.get(), number=8)

    test.purge()

    assert list(AddressRow.objects.all()) == [kept]
    assert Assessment.objects.count() == Upload.objects.count() == 1
    assert (test.stage, test.columns) == ("purged", [])


def test_a_purge_leaves_the_references_of_the_database_whole():
    AssessmentFactory().row.test.purge()

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_purged_test_cannot_be_started():
    test = EligibilityTestFactory()
    test.purge()

    with pytest.raises(Purged, match="were removed; upload the file again"):
        test.start()


def test_a_deleted_test_can_still_be_purged():
    test = AddressRowFactory().test
    test.delete_softly()

    test.purge()

    assert not AddressRow.objects.exists()


def test_a_file_can_be_read_otherwise_before_the_start(upload):
    test = upload("nom;adresse", "a;1 rue de la Paix", "b;2 rue de la Paix")

    test.set_layout(test.layout.model_copy(update={"header_line": None}))

    assert test.row_count == 3
    assert test.layout.header_line is None


def test_a_layout_that_cannot_be_is_refused_and_not_kept(upload):
    test = upload("nom;adresse", "a;1 rue de la Paix")

    with pytest.raises(LayoutRefused) as refused:
        test.set_layout(test.layout.model_copy(update={"address_columns": [7]}))

    test.refresh_from_db()
    assert list(refused.value.fields) == ["address_columns"]
    assert test.layout.address_columns == [1]


def test_a_layout_stays_once_the_rows_were_read(upload, geocoder, run):
    test = upload("adresse", "1 rue de la Paix")
    run(test)

    with pytest.raises(AlreadyRead, match="upload it again to read it otherwise"):
        test.set_layout(test.layout)


def test_users_see_their_own_tests_and_administrators_all():
    mine, _other = EligibilityTestFactory.create_batch(2)

    assert list(EligibilityTest.objects.visible_to(mine.user)) == [mine]
    assert EligibilityTest.objects.visible_to(UserFactory(staff=True)).count() == 2
